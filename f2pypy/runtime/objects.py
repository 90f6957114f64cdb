"""Common blocks and Fortran modules as Python objects, whose attributes are Fortran's variables themselves.

Reading an attribute gives a live view (an array of rank 0 for a scalar); assigning converts the value and copies it
into Fortran's memory. Nothing is looked up in the library before a variable is first used. From then on a variable with
a fixed address is an ordinary attribute of the object, so that reading it runs no Python.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Generic, Iterable, Mapping, TypeVar

from numpy import zeros

from f2pypy.runtime.libraries import Library
from f2pypy.runtime.variables import Found, Variable

_Held = TypeVar("_Held")


class Entity(Generic[_Held]):
    """What a Fortran module has besides variables: a routine, a class for a derived type, an enumeration or a member.

    Its name is that of the attribute, or what it is `called`.
    """

    def __init__(self, value: _Held, name: str = "") -> None:
        self.value, self.name = value, name

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = self.name or name

    def __get__(self, _instance: Any, _owner: Any = None) -> _Held:
        return self.value

    def called(self, name: str) -> Entity[_Held]:
        """Have this `name`, which the class can't have as an attribute."""
        return Entity(self.value, name)

    def enter(self, module: FortranModule) -> None:
        """Become an attribute of `module`."""
        module._add(self.name, self.value)


class _FortranObject:
    """What common blocks and Fortran modules have in common: each is the object of a class that declares its contents.

    Beside the variables only names like ``__this__``, which belong to Python, and those of `callbacks` can be set.
    Pickling and copying give the object itself, by its module and name.
    """

    __slots__ = (
        "__dict__",
        "_callbacks",
        "_elsewhere",
        "_enumerators",
        "_label",
        "_left_out",
        "_library",
        "_places",
        "_quicken",
        "_routines",
        "_variables",
        "_writers",
    )
    _callbacks: frozenset[str]
    _elsewhere: dict[str, str]  # what is shown of other modules: their names for it
    _enumerators: dict[str, str]
    _label: str
    _left_out: Mapping[str, str]
    _library: Library
    _places: dict[str, Found]
    _quicken: Any  # gives machine code to a variable, where there is a compiler
    _routines: dict[str, Any]
    _variables: dict[str, Variable]
    _writers: dict[str, Callable[[Any], None]]

    def __init__(
        self, library: Library, name: str, callbacks: Iterable[str] = (), left_out: Mapping[str, str] | None = None
    ) -> None:
        keep = partial(object.__setattr__, self)
        declared = vars(type(self)).values()
        keep("_variables", {each.name: each for each in declared if isinstance(each, Variable)})
        keep("_callbacks", frozenset(callbacks))
        keep("_left_out", left_out or {})
        keep("_library", library)
        keep("_label", f"{library.module}.{name}")
        keep("_quicken", None)
        for state in ("_elsewhere", "_enumerators", "_places", "_routines", "_writers"):
            keep(state, {})

    def __init_subclass__(cls) -> None:
        cls.__doc__ = _Documentation(cls.__doc__)  # type: ignore[assignment]

    def _find(self, variable: Variable, label: str) -> Found:
        """Return where a variable lies; `label` ("module.block") is for messages."""
        raise NotImplementedError

    def _place(self, name: str) -> Found:
        place: Found | None = self._places.get(name)
        if place is None:
            # A place knows which views there are of its memory: no two threads may find two of them.
            with self._library.turns.waiting:
                place = self._places.get(name)
                if place is None:
                    place = self._find(self._variables[name], self._label)
                    self._adopt(name, place)
                    self._places[name] = place
        return place

    def _adopt(self, name: str, place: Found) -> None:
        """Let Python find the variable without asking `__getattr__`."""
        self._writers[name] = place.write
        if place.is_fixed:
            self.__dict__[name] = place.read()
        else:
            setattr(type(self), name, property(place.getter()))  # type: ignore[attr-defined]
        if self._quicken is not None:
            self._quicken(self, name, place)

    if not TYPE_CHECKING:  # what the class declares is all that there is

        def __getattr__(self, name: str) -> Any:
            if name in self._variables:
                return self._place(name).read()
            raise AttributeError(f"'fortran' object has no attribute '{name}'{self._why_missing(name)}")

        def __setattr__(self, name: str, value: Any) -> None:
            write = self._writers.get(name)
            if write is not None:
                write(value)
            elif name in self._variables:
                self._place(name).write(value)
            elif name in self._routines:
                raise AttributeError("over-writing fortran routine")
            elif name in self._enumerators:
                raise AttributeError(f"{self._label}.{name} is an enumerator's name, and can't be set")
            elif name in self._elsewhere:
                raise AttributeError(f"{self._label}.{name} is {self._elsewhere[name]}, and can't be set")
            elif name in self._callbacks or (name[:2] == name[-2:] == "__"):
                self.__dict__[name] = value
            else:
                raise AttributeError(f"{self._label} has no variable '{name}'{self._why_missing(name)}")

    def _why_missing(self, name: str) -> str:
        """Return what explains a name that isn't there: why it was left out, or a name that is like it."""
        if name.startswith("__"):
            return ""
        if name in self._left_out:
            return f": {self._left_out[name]}"
        from difflib import get_close_matches  # slow, and for messages alone

        known = [*self._variables, *self._routines, *self._callbacks, *self._enumerators, *self._elsewhere]
        exact = [each for each in known if each.lower() == name.lower()]
        near = exact or get_close_matches(name, known, 1)
        return f"; did you mean '{near[0]}'?" if near else ""

    def __delattr__(self, name: str) -> None:
        if name in self._routines:
            raise AttributeError("over-writing fortran routine")
        if name in self._variables:
            raise AttributeError(f"{self._label}.{name} is a Fortran variable")
        if name in self._enumerators:
            raise AttributeError(f"{self._label}.{name} is an enumerator's name")
        if name in self._elsewhere:
            raise AttributeError(f"{self._label}.{name} is {self._elsewhere[name]}")
        if name not in self.__dict__:
            raise AttributeError("delete non-existing fortran attribute")
        del self.__dict__[name]

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._variables, *self._elsewhere})

    def __reduce_ex__(self, _protocol: Any) -> Any:
        # As with a module of Python's, whoever reads the pickle finds the object of that process, with its values.
        from pkgutil import resolve_name  # slow

        namespace = self._library.namespace
        name = next(name for name, value in namespace.items() if value is self)
        return resolve_name, (f"{namespace['__name__']}:{name}",)

    def _documentation(self) -> str:
        lines = [variable.documentation(self._place) for variable in self._variables.values()]
        lines += [f"{name} : {text}" for name, text in (*self._enumerators.items(), *self._elsewhere.items())]
        texts = [routine.__doc__ or "" for routine in self._routines.values()]
        # An empty line follows a routine without arguments and results, which no section ends.
        texts = [f"{text}\n" if text.endswith("``.\n") else text for text in texts]
        return "".join([*(f"{line}\n" for line in lines), *texts])


class _Documentation:
    """The docstring of a class; of its instances what they hold, in f2py's words."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __get__(self, instance: _FortranObject | None, owner: type) -> str | None:
        return self.text if instance is None else instance._documentation()


class CommonBlock(_FortranObject):
    """A common block; its variables are in the order of their storage, each aligned as its type wants.

    `symbol` is the name that ``bind(c)`` gives it. Where no library has the block, its memory is this object's own,
    and holds zeros at first.
    """

    __slots__ = ("_address", "_memory", "_offsets", "_symbols")
    _address: int
    _memory: Any
    _offsets: dict[str, int]
    _symbols: list[str]

    def __init__(self, library: Library, name: str, symbol: str = "") -> None:
        super().__init__(library, name)
        keep = partial(object.__setattr__, self)
        keep("_symbols", _common_symbols(name, symbol, library.symbol))
        keep("_offsets", _offsets(self._variables.values()))
        keep("_memory", None)
        keep("_address", 0)

    def __repr__(self) -> str:
        missing = f", in memory of its own (searched: {self._library.paths})"
        return f"<common block {self._label}{missing if self._found() and self._memory is not None else ''}>"

    def _find(self, variable: Variable, label: str) -> Found:
        """Return where one of the variables lies."""
        return variable.place_at(self._found() + self._offsets[variable.symbol], self._library, label, "", self._memory)

    def _found(self) -> int:
        """Return where the block begins."""
        if not self._address:
            address = self._library.locate(self._symbols)
            keep = partial(object.__setattr__, self)
            if address is None:
                memory = zeros(self._offsets[""] // 16 + 1, "complex128")
                keep("_memory", memory)
                address = memory.__array_interface__["data"][0]
            keep("_address", address)
        return self._address


class FortranModule(_FortranObject):
    """A Fortran module: its public variables and routines.

    `callbacks` are those that its procedures call by name, each an `ExportedCallback`: they may be set as attributes
    here as well as of the Python module. `left_out` says of variables and routines that aren't there why.
    """

    __slots__ = ("_name",)
    _name: str

    def __init__(
        self,
        library: Library,
        name: str,
        callbacks: Mapping[str, Any] | None = None,
        left_out: Mapping[str, str] | None = None,
    ) -> None:
        callbacks = callbacks or {}
        super().__init__(library, name, callbacks, left_out)
        object.__setattr__(self, "_name", name)
        for exported in callbacks.values():
            exported.owners.append(self)
        for entity in list(vars(type(self)).values()):
            if isinstance(entity, Entity):
                entity.enter(self)

    def _add(self, name: str, value: Any) -> None:
        """Take on a routine, a class for a derived type, an enumeration or an enumerator."""
        self.__dict__[name] = value
        if isinstance(value, type):
            value.__name__, value.__qualname__ = name, f"{self._name}.{name}"
            members: Any = getattr(value, "__members__", None)
            if members is not None:
                self._enumerators[name] = "enumeration"
                for member in members.values():
                    self._enumerators[member.name] = f"{member.value} ({name})"
                    self.__dict__[member.name] = member
        elif not hasattr(value, "__objclass__") and name not in self._enumerators:
            # By this name a pickled routine is found again.
            value.rename(name, f"{self._name}.{name}")
            self._routines[name] = value

    def __repr__(self) -> str:
        return f"<Fortran module {self._label}>"

    def _find(self, variable: Variable, label: str) -> Found:
        """Return where a variable lies; MissingSymbol, an AttributeError, if no library has it."""
        return variable.find(self._library, self._name, label)


def stored_extent(module: _FortranObject, name: str, axis: int) -> int:
    """Return the extent that a module's array has now; ValueError where it isn't allocated."""
    extents = module._place(name).extents()
    if extents is None:
        raise ValueError(f"{name} of {module!r} isn't allocated, and an extent needs its extents")
    return extents[axis]


def _offsets(variables: Iterable[Variable]) -> dict[str, int]:
    """Return where each variable of a common block begins, by its symbol, and by "" where the block ends."""
    offsets: dict[str, int] = {}
    size = 0
    for variable in variables:
        alignment = variable.alignment
        start = -(-size // alignment) * alignment
        offsets[variable.symbol] = start
        size = start + variable.size
    offsets[""] = size
    return offsets


def _common_symbols(name: str, symbol: str, pattern: str | None) -> list[str]:
    if symbol:
        return [symbol]
    if name == "_BLNK_":
        return ["__BLNK__", "_BLNK__", "__BLANK__", "_BLANK_"]
    chosen = [] if pattern is None else [pattern.format(name=name)]
    # Never the bare name: in a library that lacks the block it may be a function of the C library.
    lower = name.lower()
    return [*chosen, f"{lower}_", f"{lower}__", lower.upper()]
