"""Common blocks and Fortran modules as Python objects, whose attributes are Fortran's variables themselves.

Reading an attribute gives a live view (an array of rank 0 for a scalar); assigning converts the value and copies it
into Fortran's memory. Nothing is looked up in the library before a variable is first used.
"""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import Any, Callable, Iterable, Mapping, NoReturn, Protocol, Sequence, TypeVar
from weakref import WeakValueDictionary

from numpy import __version__ as numpy_version
from numpy import array as new_array
from numpy import asarray, dtype, full, ndarray, ndim, zeros

from f2pypy.runtime.arrays import IN, array
from f2pypy.runtime.descriptors import ArrayDescriptor, Heap, ScalarPointer, view_memory
from f2pypy.runtime.libraries import Library, MissingSymbol
from f2pypy.runtime.scalars import lone_number, whole_number
from f2pypy.runtime.texts import encoded, padded

# NumPy's letters for integers depend on the platform; documentation always shows these.
_INTEGER_LETTERS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q"}
_INTEGER_LETTERS.update({"u1": "B", "u2": "H", "u4": "I", "u8": "Q"})
# f2py ends this with a NUL until NumPy 2.5.
_NOT_ALLOCATED = ", not allocated"
if tuple(map(int, numpy_version.split(".")[:2])) < (2, 6):
    _NOT_ALLOCATED += "\0"

_Object = TypeVar("_Object", bound="_FortranObject")


class Variable:
    """A variable of type `kind` with constant `extents`, none for a scalar.

    `symbol` is the name of its storage in the library where ``bind(c)`` gives one, or the Fortran name of a variable
    that goes by another name here. `common` is the block that holds a module's variable. A `protected` one is
    read-only. Where one is `located`, the symbol is that of a function that returns its address.
    """

    __slots__ = ("common", "exact", "extents", "kind", "located", "name", "protected", "symbol")

    def __init__(
        self,
        name: str,
        kind: dtype[Any],
        extents: Sequence[int] = (),
        symbol: str = "",
        exact: bool = False,
        common: CommonBlock | None = None,
        protected: bool = False,
        located: bool = False,
    ) -> None:
        self.located = located
        self.common = common
        self.protected = protected
        self.name = name
        self.kind = kind
        self.extents = tuple(extents)
        self.symbol = symbol or name
        self.exact = exact

    @property
    def size(self) -> int:
        """The number of bytes it takes."""
        size = self.kind.itemsize
        for extent in self.extents:
            size *= extent
        return size

    def describe(self, extents: Sequence[int]) -> str:
        """Return the line of the documentation, as f2py writes it."""
        kind = self.kind
        letter = _INTEGER_LETTERS.get(kind.str[1:], kind.char)
        shape = f"array({','.join(map(str, extents))})" if extents else "scalar"
        return f"{self.name} : '{letter}'-{shape}"


class Constant(Variable):
    """A ``parameter``: `values` in the order of their storage, which no assignment changes."""

    __slots__ = ("values",)

    def __init__(self, name: str, kind: dtype[Any], values: Any, extents: Sequence[int] = ()) -> None:
        super().__init__(name, kind, extents)
        self.values = values


class ComputedConstant(Variable):
    """A ``parameter`` whose value lies in the library, at `symbol`."""

    __slots__ = ()

    def __init__(self, name: str, kind: dtype[Any], extents: Sequence[int] = (), symbol: str = "") -> None:
        super().__init__(name, kind, extents, symbol, exact=True, protected=True)


class Allocatable(Variable):
    """An ``allocatable`` array of `rank` axes, or a scalar (rank 0); `logical` tells logicals from integers.

    `kind` is ``S0`` for characters of deferred length.
    """

    __slots__ = ("logical", "rank")

    def __init__(
        self,
        name: str,
        kind: dtype[Any],
        rank: int,
        symbol: str = "",
        exact: bool = False,
        logical: bool = False,
        protected: bool = False,
    ) -> None:
        super().__init__(name, kind, (-1,) * rank, symbol, exact, protected=protected)
        self.rank = rank
        self.logical = logical

    @property
    def is_open_text(self) -> bool:
        """Whether it holds characters whose length Fortran decides while it runs."""
        return self.kind.kind == "S" and not self.kind.itemsize


class Pointer(Allocatable):
    """A ``pointer`` to an array of `rank` axes, or to a scalar (rank 0)."""

    __slots__ = ()


class _Place(Protocol):
    """A variable that was found in memory."""

    def read(self) -> ndarray[Any, Any] | None:
        """Return a live view, None where there is nothing to see."""
        ...

    def write(self, owner: str, value: Any) -> None:
        """Convert `value` and store it; `owner` ("module.block") is for messages."""
        ...


class _FixedPlace:
    def __init__(self, variable: Variable, address: int, owner: Any, library: Library) -> None:
        self.variable = variable
        self.library = library
        self.memory = view_memory(address, variable.kind, variable.extents, owner=owner)

    def read(self) -> ndarray[Any, Any]:
        # A view of its own, so that nobody can change the shape of another's.
        view: ndarray[Any, Any] = self.memory.view()
        return view

    def write(self, owner: str, value: Any) -> None:
        variable = self.variable
        extents = variable.extents
        converted = _converted(value, variable, variable.kind, extents, owner)
        with self.library.turns:
            self.memory[...] = converted


class _Allocation:
    """The memory at `address`, which views of it keep: what their variable lets go of is freed with the last view."""

    def __init__(self, address: int) -> None:
        self.address = address
        self.heap: Heap | None = None

    def leave_to(self, heap: Heap) -> None:
        """Give the memory back to `heap` as soon as nobody sees it any more."""
        self.heap = heap

    def __del__(self) -> None:
        if self.heap is not None:
            self.heap.release(self.address)


class _AllocatablePlace:
    def __init__(self, variable: Allocatable, descriptor: ArrayDescriptor | ScalarPointer, library: Library) -> None:
        self.variable = variable
        self.descriptor = descriptor
        self.library = library
        self.allocations: WeakValueDictionary[int, _Allocation] = WeakValueDictionary()

    def read(self) -> ndarray[Any, Any] | None:
        with self.library.turns:
            address = self.descriptor.address
            if not address:
                return None
            allocation = self.allocations.setdefault(address, _Allocation(address))
            return self.descriptor.view(allocation)

    def write(self, owner: str, value: Any) -> None:
        """Store `value` in the array, which gets its shape; None deallocates."""
        if value is None:
            self._replace(0)
            return
        variable = self.variable
        given = asarray(value)
        fills = variable.rank and _fills(value, variable.kind)
        if fills and self.descriptor.view() is not None:
            self._fill(owner, value)
            return
        if given.ndim != variable.rank:
            raise ValueError(f"{owner}.{variable.name} has rank {variable.rank}, got an array of rank {given.ndim}")
        if not given.size:
            # As f2py: an array without elements isn't kept.
            self._replace(0)
            return
        kind = _kind_of_text(value) if variable.is_open_text else variable.kind
        converted = _converted(value, variable, kind, given.shape, owner)
        with self.library.turns:
            current = self.descriptor.view()
            if current is not None and current.shape == given.shape and self.descriptor.kind == kind:
                current[...] = converted
                return
            address = Heap(self.library.handles[0]).allocate(given.size * kind.itemsize)
            view_memory(address, kind, given.shape)[...] = converted
            self._replace(address, given.shape, kind)

    def _fill(self, owner: str, value: Any) -> None:
        """Store a scalar in every element of the array that there is."""
        with self.library.turns:
            current = self.descriptor.view()
            if current is not None:
                kind, shape = current.dtype, current.shape
                current[...] = _converted(value, self.variable, kind, shape, owner)

    def _replace(self, address: int, extents: Sequence[int] = (), kind: dtype[Any] | None = None) -> None:
        """Free what the variable has, or leave that to the last view of it, and give it `address`."""
        with self.library.turns:
            former = self.descriptor.address
            if address:
                self.descriptor.describe(address, extents, None, kind)
            else:
                self.descriptor.forget()
            if not former:
                return
            heap = Heap(self.library.handles[0])
            seen = self.allocations.pop(former, None)
            if seen is None:
                heap.release(former)
            else:
                seen.leave_to(heap)


class _PointerPlace:
    def __init__(self, variable: Pointer, descriptor: ArrayDescriptor | ScalarPointer, library: Library) -> None:
        self.variable = variable
        self.descriptor = descriptor
        self.library = library

    def read(self) -> ndarray[Any, Any] | None:
        return self.descriptor.view()

    def write(self, owner: str, value: Any) -> None:
        target = self.descriptor.view()
        if target is None:
            raise ValueError(f"{owner}.{self.variable.name} points to nothing")
        kind = self.descriptor.kind
        converted = _converted(value, self.variable, kind, target.shape, owner)
        with self.library.turns:
            target[...] = converted


def _converted(
    value: Any, variable: Variable, kind: dtype[Any], extents: Sequence[int], owner: str
) -> ndarray[Any, Any]:
    """Return `value` as an array of type `kind` and `extents`, a scalar as every element of it.

    Strings are cut or padded with blanks.

    Raises ValueError where the shapes don't go together, and what NumPy raises for what it can't convert.
    """
    if extents and _fills(value, kind):
        filled = _converted(value, variable, kind, (), owner)
        return full(tuple(extents), filled[()], kind)
    if kind.kind == "S":
        value = padded(encoded(value), kind)
    memory = array(value, kind, extents, IN, owner, f"value of {variable.name}")
    if not extents and kind.kind != "S":
        _refuse_number(value, kind, f"value of {owner}.{variable.name}")
    return memory


def _fills(value: Any, kind: dtype[Any]) -> bool:
    """Whether every element gets the value: a scalar, but no string for an array of single characters."""
    if value is None or ndim(value):
        return False
    return kind != dtype("S1") or encoded(value).itemsize == 1


def _refuse_number(value: Any, kind: dtype[Any], what: str) -> None:
    """Raise TypeError, ValueError or OverflowError for what NumPy makes a number of, and a scalar of `kind` isn't."""
    message = f"{what} can't be converted to {kind.name}"
    number = lone_number(value, message, is_complex=kind.kind == "c")
    if number is None:
        raise TypeError(f"{message} -- expected a number, got None")
    if kind.kind in "iu":
        whole_number(number, message, 8 * kind.itemsize, signed=kind.kind == "i")


def _kind_of_text(value: Any) -> dtype[Any]:
    """Return the type of characters as long as the longest of `value`."""
    if isinstance(value, (bytes, str)):
        return dtype(f"S{len(value)}")
    kind: dtype[Any] = encoded(value).dtype
    return kind


class _ConstantPlace:
    def __init__(self, constant: Constant) -> None:
        self.name = constant.name
        values = new_array(constant.values, constant.kind)
        if constant.kind.kind == "S":
            values = padded(values, constant.kind)
        self.values = values.reshape(constant.extents, order="F")
        self.values.flags.writeable = False

    def read(self) -> ndarray[Any, Any]:
        view: ndarray[Any, Any] = self.values.view()
        return view

    def write(self, owner: str, value: Any) -> NoReturn:  # noqa: ARG002
        raise AttributeError(f"{owner}.{self.name} is a parameter")


def _place_at(
    address: int, variable: Variable, library: Library, owner: Any = None, length: int | None = None
) -> _Place:
    """Return the variable at `address`, or whose descriptor lies there.

    `owner` keeps the memory alive, `length` is where the length of a character stands that isn't in its description.
    """
    if not isinstance(variable, Allocatable):
        return _FixedPlace(variable, address, owner, library)
    pointer = isinstance(variable, Pointer)
    descriptor = library.compiler.place_at(address, variable.kind, variable.rank, pointer, variable.logical, length)
    if isinstance(variable, Pointer):
        return _PointerPlace(variable, descriptor, library)
    return _AllocatablePlace(variable, descriptor, library)


class _ProtectedPlace:
    """A ``protected`` variable, or a constant: it may be looked at."""

    def __init__(self, variable: Variable, place: _Place) -> None:
        self.variable = variable
        self.place = place

    def read(self) -> ndarray[Any, Any] | None:
        view = self.place.read()
        if view is not None:
            view.flags.writeable = False
        return view

    def write(self, owner: str, value: Any) -> NoReturn:  # noqa: ARG002
        why = "is protected: only its module may change it"
        if isinstance(self.variable, ComputedConstant):
            why = "is a parameter"
        raise AttributeError(f"{owner}.{self.variable.name} {why}")


class _CommonStorage:
    """Where a common block lies; its own zeros where no library has it."""

    def __init__(self, library: Library, symbols: Sequence[str], variables: Iterable[Variable]) -> None:
        self.library = library
        self.symbols = symbols
        self.offsets: dict[str, int] = {}
        self.size = 0
        for variable in variables:
            alignment = variable.kind.alignment
            start = -(-self.size // alignment) * alignment
            self.offsets[variable.symbol] = start
            self.size = start + variable.size
        self.memory: Any = None

    @cached_property
    def address(self) -> int:
        """Where the block begins."""
        address = self.library.locate(self.symbols)
        if address is None:
            self.memory = zeros(self.size // 16 + 1, "complex128")
            address = self.memory.__array_interface__["data"][0]
        return int(address)

    def find(self, variable: Variable) -> _Place:
        """Return where the variable lies."""
        address = self.address + self.offsets[variable.symbol]
        return _place_at(address, variable, self.library, self.memory)


class _ModuleStorage:
    """Where the variables of a Fortran module lie."""

    def __init__(self, library: Library, name: str) -> None:
        self.library = library
        self.name = name

    def find(self, variable: Variable) -> _Place:
        """Return where the variable lies; MissingSymbol, an AttributeError, if no library has it."""
        if isinstance(variable, Constant):
            return _ConstantPlace(variable)
        if variable.common is not None:
            found: _Place = variable.common._storage.find(variable)
            return found
        symbol = variable.symbol
        if not variable.exact:
            symbol = self._spelled(self.library.compiler.variable, variable)
        address = self.library.locate([symbol])
        if address is None:
            raise MissingSymbol(
                f"{self.library.module}.{self.name}: no variable {variable.name} in {self.library.paths}; "
                f"tried the symbol {symbol}, as {self.library.compiler.name} spells it"
            )
        if variable.located:
            address = ctypes.CFUNCTYPE(ctypes.c_ssize_t)(address)()
        beside = self.library.compiler.length
        length = None
        if isinstance(variable, Allocatable) and variable.is_open_text and beside:
            length = self.library.locate([self._spelled(beside, variable)])
        place = _place_at(address, variable, self.library, length=length)
        return _ProtectedPlace(variable, place) if variable.protected else place

    def _spelled(self, pattern: str, variable: Variable) -> str:
        # Fortran's names are lower case to every compiler, whatever a signature file says.
        return pattern.format(module=self.name.lower(), name=variable.symbol.lower())


class _FortranObject:
    """What common blocks and Fortran modules have in common.

    Beside the variables only names like ``__this__``, which belong to Python, and those of `callbacks` can be set.
    """

    __slots__ = ("__dict__", "_callbacks", "_label", "_left_out", "_places", "_routines", "_storage", "_variables")

    def __init__(
        self,
        label: str,
        storage: _CommonStorage | _ModuleStorage,
        variables: Iterable[Variable],
        routines: Mapping[str, Callable[..., Any]],
        callbacks: Iterable[str] = (),
        left_out: Mapping[str, str] | None = None,
    ) -> None:
        keep = super().__setattr__
        keep("_callbacks", frozenset(callbacks))
        keep("_left_out", left_out or {})
        keep("_routines", dict(routines))
        keep("_variables", {variable.name: variable for variable in variables})
        keep("_places", {})
        keep("_storage", storage)
        keep("_label", label)

    def _place(self, name: str) -> _Place:
        try:
            place: _Place = self._places[name]
        except KeyError:
            # A place knows which views there are of its memory: no two threads may find two of them.
            with self._storage.library.turns:
                if name not in self._places:
                    self._places[name] = self._storage.find(self._variables[name])
                place = self._places[name]
        return place

    def __getattr__(self, name: str) -> Any:
        if name in self._variables:
            return self._place(name).read()
        if name in self._routines:
            return self._routines[name]
        raise AttributeError(f"'fortran' object has no attribute '{name}'{self._why_missing(name)}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._routines:
            raise AttributeError("over-writing fortran routine")
        if name in self._variables:
            self._place(name).write(self._label, value)
        elif name in self._callbacks or (name[:2] == name[-2:] == "__"):
            super().__setattr__(name, value)
        else:
            raise AttributeError(f"{self._label} has no variable '{name}'{self._why_missing(name)}")

    def _why_missing(self, name: str) -> str:
        """Return what explains a name that isn't there: why it was left out, or a name that is like it."""
        if name.startswith("__"):
            return ""
        if name in self._left_out:
            return f": {self._left_out[name]}"
        from difflib import get_close_matches  # slow, and for messages alone

        known = [*self._variables, *self._routines, *self._callbacks]
        exact = [each for each in known if each.lower() == name.lower()]
        near = exact or get_close_matches(name, known, 1)
        return f"; did you mean '{near[0]}'?" if near else ""

    def __delattr__(self, name: str) -> None:
        if name in self._routines:
            raise AttributeError("over-writing fortran routine")
        if name in self._variables:
            raise AttributeError(f"{self._label}.{name} is a Fortran variable")
        if name not in self.__dict__:
            raise AttributeError("delete non-existing fortran attribute")
        super().__delattr__(name)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._variables, *self._routines})

    def __call__(self, *_arguments: Any, **_keywords: Any) -> NoReturn:
        raise TypeError("this fortran object is not callable")

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError("cannot pickle 'fortran' object")

    def _documentation(self) -> str:
        lines = [self._describe(variable) for variable in self._variables.values()]
        texts = [routine.__doc__ or "" for routine in self._routines.values()]
        # An empty line follows a routine without arguments and results, which no section ends.
        texts = [f"{text}\n" if text.endswith("``.\n") else text for text in texts]
        return "".join([*(f"{line}\n" for line in lines), *texts])

    def _describe(self, variable: Variable) -> str:
        if not isinstance(variable, Allocatable):
            return variable.describe(variable.extents)
        try:
            view = self._place(variable.name).read()
        except MissingSymbol:
            view = None
        if view is None:
            return variable.describe(variable.extents) + _NOT_ALLOCATED
        return variable.describe(view.shape)


class _Documentation:
    """The docstring of a class; of its instances what they hold, in f2py's words."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __get__(self, instance: _FortranObject | None, owner: type) -> str | None:
        return self.text if instance is None else instance._documentation()


def _documented(documented: type[_Object]) -> type[_Object]:
    documented.__doc__ = _Documentation(documented.__doc__)  # type: ignore[assignment]
    return documented


@_documented
class CommonBlock(_FortranObject):
    """A common block; `variables` are in the order of their storage, each aligned as its type wants.

    `symbol` is the name that ``bind(c)`` gives it. Where no library has the block, its memory is this object's own,
    and holds zeros at first.
    """

    __slots__ = ()

    def __init__(self, library: Library, name: str, variables: Sequence[Variable], symbol: str = "") -> None:
        symbols = _common_symbols(name, symbol, library.symbol)
        storage = _CommonStorage(library, symbols, variables)
        super().__init__(f"{library.module}.{name}", storage, variables, {})

    def __repr__(self) -> str:
        storage = self._storage
        lone = storage.address and storage.memory is not None
        missing = f", in memory of its own (searched: {storage.library.paths})"
        return f"<common block {self._label}{missing if lone else ''}>"


@_documented
class FortranModule(_FortranObject):
    """A Fortran module: its public variables and routines.

    `callbacks` are those that its procedures call by name, each an `ExportedCallback`: they may be set as attributes
    here as well as of the Python module. `left_out` says of variables and routines that aren't there why.
    """

    __slots__ = ()

    def __init__(
        self,
        library: Library,
        name: str,
        variables: Sequence[Variable] = (),
        routines: Mapping[str, Any] | None = None,
        callbacks: Mapping[str, Any] | None = None,
        left_out: Mapping[str, str] | None = None,
    ) -> None:
        routines, callbacks = routines or {}, callbacks or {}
        storage = _ModuleStorage(library, name)
        label = f"{library.module}.{name}"
        super().__init__(label, storage, variables, routines, callbacks, left_out)
        for exported in callbacks.values():
            exported.owners.append(self)
        for routine_name, routine in routines.items():
            # By this name a pickled routine is found again.
            routine.rename(routine_name, f"{name}.{routine_name}")

    def __repr__(self) -> str:
        return f"<Fortran module {self._label}>"


def stored_extent(module: _FortranObject, name: str, axis: int) -> int:
    """Return the extent that a module's array has now; ValueError where it isn't allocated."""
    value = getattr(module, name)
    if value is None:
        raise ValueError(f"{name} of {module!r} isn't allocated: its extents are asked for")
    return int(value.shape[axis])


def _common_symbols(name: str, symbol: str, pattern: str | None) -> list[str]:
    if symbol:
        return [symbol]
    if name == "_BLNK_":
        return ["__BLNK__", "_BLNK__", "__BLANK__", "_BLANK_"]
    chosen = [] if pattern is None else [pattern.format(name=name)]
    # Never the bare name: in a library that lacks the block it may be a function of the C library.
    lower = name.lower()
    return [*chosen, f"{lower}_", f"{lower}__", lower.upper()]
