"""What a generated module says of the variables in common blocks and Fortran modules."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Callable, NoReturn, Protocol, Sequence, TypeVar

from numpy import __version__ as numpy_version
from numpy import array as new_array
from numpy import dtype, ndarray
from numpy.typing import ArrayLike

from f2pypy.runtime.allocations import place_described
from f2pypy.runtime.descriptors import view_memory
from f2pypy.runtime.libraries import Library, MissingSymbol
from f2pypy.runtime.stored_values import refusing, value_writer
from f2pypy.runtime.texts import padded

# NumPy's letters for integers depend on the platform; documentation always shows these.
_INTEGER_LETTERS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q"}
_INTEGER_LETTERS.update({"u1": "B", "u2": "H", "u4": "I", "u8": "Q"})
# f2py ends this with a NUL until NumPy 2.5.
_NOT_ALLOCATED = ", not allocated"
if tuple(map(int, numpy_version.split(".")[:2])) < (2, 6):
    _NOT_ALLOCATED += "\0"


_AnyVariable = TypeVar("_AnyVariable", bound="Variable")


class Found(Protocol):
    """A variable that was found in memory; `is_fixed` where it has one view for ever."""

    is_fixed: bool
    write: Callable[[Any], None]

    def read(self) -> ndarray[Any, Any] | None:
        """Return a live view, None where there is nothing to see."""
        ...

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents, None where there is nothing to see."""
        ...


class FixedPlace:
    """A variable of `extents` elements whose address never changes: `view` is what everybody sees."""

    is_fixed = True

    def __init__(
        self, variable: Variable, memory: ndarray[Any, Any], write: Callable[[Any], None], is_protected: bool
    ) -> None:
        self.variable = variable
        self.memory = memory
        self.write = write
        self.view: ndarray[Any, Any] = memory.view()
        if is_protected:
            self.view.flags.writeable = False

    def read(self) -> ndarray[Any, Any]:
        """Return the live view that was made with the module: the memory stays where it is."""
        return self.view

    def extents(self) -> tuple[int, ...]:
        """Return the extents, whatever shape somebody gave the view."""
        extents: tuple[int, ...] = self.memory.shape
        return extents


class Variable:
    """A variable of type `kind` with constant `extents`, none for a scalar; an attribute of its object's class.

    Its name is the attribute's, or what it is `called`. `symbol` is the name of its storage in the library where
    ``bind(c)`` gives one, or the Fortran name of a variable that goes by another name here; where it is `exact`, no
    compiler changes it. `common` is the block that holds a module's variable. A `protected` one is read-only. Where one
    is `located`, the symbol is that of a function that returns its address.
    """

    __slots__ = ("common", "exact", "extents", "kind", "located", "name", "protected", "symbol")

    def __init__(
        self,
        kind: dtype[Any],
        extents: Sequence[int] = (),
        symbol: str = "",
        exact: bool = False,
        common: Any = None,
        protected: bool = False,
        located: bool = False,
    ) -> None:
        self.located = located
        self.common = common
        self.protected = protected
        self.name = ""
        self.kind = kind
        self.extents = tuple(extents)
        self.symbol = symbol
        self.exact = exact

    def __set_name__(self, _owner: type, name: str) -> None:
        self.called(self.name or name)

    def called(self: _AnyVariable, name: str) -> _AnyVariable:
        """Have this `name`, which the class can't have as an attribute."""
        self.name = name
        self.symbol = self.symbol or name
        return self

    def __get__(self, instance: Any, _owner: Any = None) -> ndarray[Any, Any]:
        # asked once: then the object, or its class, knows where to read
        found: Any = self if instance is None else instance._place(self.name).read()
        return found  # type: ignore[no-any-return]

    if TYPE_CHECKING:  # the object itself looks for what stores

        def __set__(self, instance: Any, value: ArrayLike) -> None: ...

    @property
    def alignment(self) -> int:
        """The bytes of which its address is a multiple in a common block."""
        return self.kind.alignment

    @property
    def size(self) -> int:
        """The number of bytes it takes."""
        size = self.kind.itemsize
        for extent in self.extents:
            size *= extent
        return size

    def find(self, library: Library, module: str, label: str) -> Found:
        """Return where the variable of `module` lies; MissingSymbol, an AttributeError, if no library has it."""
        if self.common is not None:
            shared: Found = self.common._find(self, label)
            return shared
        symbol = self.symbol if self.exact else self.spelled(library.compiler.variable, module)
        address = library.locate([symbol])
        if address is None:
            raise MissingSymbol(
                f"{label}: no variable {self.name} in {library.paths}; "
                f"tried the symbol {symbol}, as {library.compiler.name} spells it"
            )
        if self.located:
            address = ctypes.CFUNCTYPE(ctypes.c_ssize_t)(address)()
        return self.place_at(address, library, label, module)

    def spelled(self, pattern: str, module: str) -> str:
        """Return the symbol that a compiler makes of the name; Fortran's names are lower case to all of them."""
        return pattern.format(module=module.lower(), name=self.symbol.lower())

    def place_at(
        self,
        address: int,
        library: Library,
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,
    ) -> Found:
        """Return the variable at `address`; `owner` keeps the memory alive, where Python owns it."""
        memory = view_memory(address, self.kind, self.extents, owner=owner)
        write = value_writer(memory, self.kind, self.extents, library.turns, label, self.name)
        if self.protected:
            write = self.refusal(label)
        return FixedPlace(self, memory, write, self.protected)

    def refusal(self, label: str) -> Callable[[Any], NoReturn]:
        """Return a setter that raises AttributeError: the variable is protected."""
        return refusing(f"{label}.{self.name} is protected: only its module may change it")

    def describe(self, extents: Sequence[int]) -> str:
        """Return the line of the documentation, as f2py writes it."""
        kind = self.kind
        letter = _INTEGER_LETTERS.get(kind.str[1:], kind.char)
        shape = f"array({','.join(map(str, extents))})" if extents else "scalar"
        return f"{self.name} : '{letter}'-{shape}"

    def documentation(self, find: Callable[[str], Found]) -> str:  # noqa: ARG002
        """Return the line of the documentation that is right now; `find` finds variables by name."""
        return self.describe(self.extents)


class Constant(Variable):
    """A ``parameter``: `values` in the order of their storage, which no assignment changes."""

    __slots__ = ("values",)

    def __init__(self, kind: dtype[Any], values: Any, extents: Sequence[int] = ()) -> None:
        super().__init__(kind, extents, protected=True)
        self.values = values

    def find(self, library: Library, module: str, label: str) -> Found:  # noqa: ARG002
        """Return the values in memory of their own."""
        values = new_array(self.values, self.kind)
        if self.kind.kind == "S":
            values = padded(values, self.kind)
        values = values.reshape(self.extents, order="F")
        values.flags.writeable = False
        return FixedPlace(self, values, refusing(f"{label}.{self.name} is a parameter"), is_protected=True)


class ComputedConstant(Variable):
    """A ``parameter`` whose value lies in the library, at `symbol`."""

    __slots__ = ()

    def __init__(self, kind: dtype[Any], extents: Sequence[int] = (), symbol: str = "") -> None:
        super().__init__(kind, extents, symbol, exact=True, protected=True)

    def refusal(self, label: str) -> Callable[[Any], NoReturn]:
        """Return a setter that raises AttributeError: a parameter is no variable."""
        return refusing(f"{label}.{self.name} is a parameter")


class Allocatable(Variable):
    """An ``allocatable`` array of `rank` axes, or a scalar (rank 0); `logical` tells logicals from integers.

    `kind` is ``S0`` for characters of deferred length.
    """

    __slots__ = ("logical", "rank")

    is_pointer = False

    def __init__(
        self,
        kind: dtype[Any],
        rank: int,
        symbol: str = "",
        exact: bool = False,
        logical: bool = False,
        protected: bool = False,
    ) -> None:
        super().__init__(kind, (-1,) * rank, symbol, exact, protected=protected)
        self.rank = rank
        self.logical = logical

    if TYPE_CHECKING:  # None where nothing is allocated, which the caller knows

        def __get__(self, instance: Any, _owner: Any = None) -> ndarray[Any, Any] | Any: ...
        def __set__(self, instance: Any, value: ArrayLike | None) -> None: ...

    @property
    def is_open_text(self) -> bool:
        """Whether it holds characters whose length Fortran decides while it runs."""
        return self.kind.kind == "S" and not self.kind.itemsize

    def place_at(
        self,
        address: int,
        library: Library,
        label: str,
        module: str = "",
        owner: Any = None,  # noqa: ARG002
    ) -> Found:
        """Return the variable whose descriptor lies at `address`."""
        beside = library.compiler.length
        length = None
        if self.is_open_text and beside:
            length = library.locate([self.spelled(beside, module)])
        place: Found = place_described(self, address, library, label, length, self.is_pointer)
        if self.protected:
            place.write = self.refusal(label)
        return place

    def documentation(self, find: Callable[[str], Found]) -> str:
        """Return the line of the documentation, with the extents that there are now."""
        extents = extents_now(self.name, find)
        if extents is None:
            return self.describe(self.extents) + _NOT_ALLOCATED
        return self.describe(extents)


class Pointer(Allocatable):
    """A ``pointer`` to an array of `rank` axes, or to a scalar (rank 0)."""

    __slots__ = ()

    is_pointer = True


def extents_now(name: str, find: Callable[[str], Found]) -> tuple[int, ...] | None:
    """Return the extents of a variable, None where there is nothing, or where the library hasn't got it."""
    try:
        return find(name).extents()
    except MissingSymbol:
        return None
