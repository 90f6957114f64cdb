"""The common blocks and Fortran modules of a generated module."""

from __future__ import annotations

from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.plan.generics import Enumeration
from f2pypy.plan.pointers import ProcedurePointer


@dataclass(frozen=True)
class Variable:
    """A variable of a common block or Fortran module; `dtype` is the type of its elements as it is printed.

    `symbol` is the name of its storage where that is another, `exact` where it is used as it stands. `common` is the
    identifier of the common block that holds a module's variable. A `protected` one is read-only. The `symbol` of a
    `located` one is that of a function that returns its address.
    """

    name: str
    dtype: str
    extents: tuple[int, ...]
    symbol: str
    exact: bool
    common: str = ""
    protected: bool = False
    located: bool = False


@dataclass(frozen=True)
class Constant:
    """A named constant of a Fortran module: its values in the order of their storage."""

    name: str
    dtype: str
    values: tuple[Expression, ...]
    extents: tuple[int, ...]


@dataclass(frozen=True)
class Allocatable:
    """An allocatable array of a Fortran module, a scalar where `rank` is 0; `protected` where it is read-only."""

    name: str
    dtype: str
    rank: int
    symbol: str
    exact: bool
    logical: bool
    protected: bool = False


@dataclass(frozen=True)
class Pointer:
    """A pointer of a Fortran module, to a scalar where `rank` is 0."""

    name: str
    dtype: str
    rank: int
    symbol: str
    exact: bool
    logical: bool


@dataclass(frozen=True)
class ComputedConstant:
    """A named constant whose value lies in the library, at `symbol`."""

    name: str
    dtype: str
    extents: tuple[int, ...]
    symbol: str


@dataclass(frozen=True)
class RecordVariable:
    """A variable of a derived type with class `record`; a `parameter` isn't changed by anybody.

    `extents` are those of an array. One in a common block has the `alignment` of its type there, or the name of
    the block's object, `common`.
    """

    name: str
    record: str
    symbol: str
    exact: bool
    protected: bool = False
    parameter: bool = False
    extents: tuple[int, ...] = ()
    common: str = ""
    alignment: int = 0


@dataclass(frozen=True)
class DeferredRecordVariable:
    """An allocatable or `pointer` of class `record` with `rank` axes; `polymorphic` ones may extend that class.

    One of any type has no class, "".
    """

    name: str
    record: str
    rank: int
    symbol: str
    exact: bool
    pointer: bool
    polymorphic: bool
    protected: bool = False


FortranVariable = Union[
    Variable,
    Constant,
    ComputedConstant,
    Allocatable,
    Pointer,
    ProcedurePointer,
    RecordVariable,
    DeferredRecordVariable,
]


@dataclass(frozen=True)
class CommonBlock:
    """The object for a common block; `identifier` and `class_name` are its names in the generated module.

    `symbol` is the name that ``bind(c)`` gives it.
    """

    identifier: str
    class_name: str
    name: str
    variables: tuple[FortranVariable, ...]
    symbol: str
    docstring: str


@dataclass(frozen=True)
class Reexport:
    """A routine, class or enumeration that the Fortran module `owner` calls `there`, shown as `name`.

    `identifier` is what it is in the generated module, `member` the enumerator where it is one.
    """

    name: str
    owner: str
    there: str
    identifier: str
    member: str = ""


@dataclass(frozen=True)
class SharedVariable:
    """The variable that the Fortran module `owner`, with this `identifier`, calls `there`, shown as `name`."""

    name: str
    owner: str
    there: str
    identifier: str


@dataclass(frozen=True)
class FortranModule:
    """The object for a Fortran module; `routines` are names with the identifiers of their functions.

    `callbacks` are those that its procedures call by name, with their variables; `left_out` has the reason for each
    variable and routine that isn't there. `types` are the classes of derived types, with their identifiers. `reexports`
    are what it shows of other modules.
    """

    identifier: str
    class_name: str
    name: str
    variables: tuple[FortranVariable, ...]
    routines: tuple[tuple[str, str], ...]
    docstring: str
    callbacks: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    enumerations: tuple[Enumeration, ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    reexports: tuple[Union[Reexport, SharedVariable], ...] = ()
