"""What the common blocks and Fortran modules of a library hold."""

from __future__ import annotations

from functools import cached_property

from f2pypy.dataclass import dataclass, field
from f2pypy.descriptions import NOTHING_SAID, Description
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression
from f2pypy.model.arguments import Callback
from f2pypy.model.generics import Enumeration, Generic, Reexport
from f2pypy.model.procedures import Procedure
from f2pypy.model.records import DerivedType
from f2pypy.model.types import DataType


@dataclass(frozen=True)
class Variable:
    """A variable of a common block or Fortran module.

    `extents` are those of an array, -1 where an allocatable or pointer leaves them open, and () for a scalar. `values`
    are a parameter's literals in the order of their storage. `symbol` is the name of its storage as Fortran spells it,
    `exact` where it is used as it stands (``bind(c)``). `common` names the block that holds a module's variable.
    A `protected` one may be changed by its module only; `computed` is the text of a parameter's value that only the
    compiler knows. One that shares its storage by EQUIVALENCE is `shared`: it has no symbol. A `parameter` is a
    constant.
    """

    name: str
    type: DataType
    extents: tuple[int, ...]
    span: Span = field(compare=False)
    values: tuple[Expression, ...] = ()
    allocatable: bool = False
    pointer: bool = False
    symbol: str = ""
    exact: bool = False
    common: str = ""
    protected: bool = False
    computed: str = ""
    shared: bool = False
    parameter: bool = False


@dataclass(frozen=True)
class ProcedurePointer:
    """A procedure pointer of a Fortran module, a `protected` one is changed by its module only.

    `callback` is how Fortran calls what it points to, `procedure` how Python does.
    """

    name: str
    callback: Callback
    procedure: Procedure
    span: Span = field(compare=False)
    protected: bool = False


@dataclass(frozen=True)
class CommonBlock:
    """A common block (the blank one is ``_BLNK_``) and its variables in storage order.

    `symbol` is its ``bind(c)`` name.
    """

    name: str
    variables: tuple[Variable, ...]
    span: Span = field(compare=False)
    symbol: str = ""


@dataclass(frozen=True)
class FortranModule:
    """A Fortran module: its public variables, and the procedures that it shows by name or through a public generic.

    `types` are its derived types, private ones too, since components and results may be of these; each stands after
    those of the module that it needs. `generics` are its public generic names, `operators`
    those of operators and of assignment. `reexports` are the names that it shows of other modules.
    """

    name: str
    variables: tuple[Variable, ...]
    procedures: tuple[Procedure, ...]
    span: Span = field(compare=False)
    types: tuple[DerivedType, ...] = ()
    generics: tuple[Generic, ...] = ()
    enumerations: tuple[Enumeration, ...] = ()
    operators: tuple[Generic, ...] = ()
    pointers: tuple[ProcedurePointer, ...] = ()
    reexports: tuple[Reexport, ...] = ()
    description: Description = field(default=NOTHING_SAID, compare=False)

    @property
    def holds_something(self) -> bool:
        """Whether Python finds something in it."""
        callables = self.procedures or self.generics or self.reexports
        data = self.variables or self.pointers or self.enumerations
        return bool(data or callables or self.types)

    @property
    def described(self) -> frozenset[str]:
        """The names that the module's `description` may speak of: those of variables, generic names and enumerators."""
        found = {each.name for each in self.variables}
        found |= {pointer.name for pointer in self.pointers}
        found |= {generic.name for generic in self.generics}
        members = (each.members for each in self.enumerations)
        return frozenset(found | {name for each in members for name, _ in each})

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The procedures that only types and operators lead to."""
        return frozenset(p.name for p in self.procedures if p.hidden)
