"""What the derived types of a library are: components, type-bound procedures and where a type comes from."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass, field
from f2pypy.descriptions import NOTHING_SAID, Description
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression
from f2pypy.model.arguments import Callback
from f2pypy.model.generics import Specific
from f2pypy.model.procedures import Procedure
from f2pypy.model.types import DataType, TypeName


class Storage(enum.Enum):
    """How a component lies in its object: itself, or as what leads to it."""

    INLINE = "inline"
    ALLOCATABLE = "allocatable"
    POINTER = "pointer"
    PROCEDURE = "procedure"  # a procedure pointer


@dataclass(frozen=True)
class Component:
    """One component of a derived type, in the order of declaration.

    `extents` are constant, or -1 for each axis of a deferred shape; () for a scalar. `initial` are the literals of its
    default initialisation in the order of storage, () where it has none or only the library knows them, and
    `initial_text` what the source says of it. A `hidden` one is private. `refusal` says why Python can't have it: its
    place in the object is known all the same.

    Of a procedure pointer `callback` is how Fortran calls what it points to, and `pointed` how Python does: None for
    both where nobody can, or in a hidden one. `passed` is the dummy argument that gets the object, None with
    ``nopass``.
    """

    name: str
    type: DataType
    extents: tuple[int, ...]
    storage: Storage
    span: Span = field(compare=False)
    initial: tuple[Expression, ...] = ()
    initial_text: str = ""
    hidden: bool = False
    refusal: str = ""
    callback: Callback | None = field(default=None, compare=False)
    pointed: Procedure | None = field(default=None, compare=False)
    passed: str | None = None

    @property
    def initial_word(self) -> str:
        """What the source says of the default, to compare: in lower case and without blanks."""
        return self.initial_text.replace(" ", "").lower()


@dataclass(frozen=True)
class Binding:
    """A type-bound name: a procedure, or a generic name (or operator) for several.

    `procedure` is None for a generic one, whose `specifics` are names of bindings, and for a `deferred` one. `passed`
    is the dummy argument that gets the object, None with ``nopass``. A `hidden` one is private. `callback` says how
    Fortran calls it; None where Python can't override it, for the `reason`. `interface` is that of a deferred one.
    `slot` is its place in gfortran's table of the type, -1 where that isn't known.
    """

    name: str
    span: Span = field(compare=False)
    procedure: Specific | None = None
    passed: str | None = None
    specifics: tuple[str, ...] = ()
    deferred: bool = False
    hidden: bool = False
    callback: Callback | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)
    interface: Procedure | None = field(default=None, compare=False)
    slot: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class DerivedType:
    """A derived type; `components` are its own, without those of its `parent`.

    `constructors` are the functions of the interface that has its name. `finals` are its FINAL procedures.
    `interoperable` is ``bind(c)``. A `hidden` type is private in its module.
    """

    name: TypeName
    parent: TypeName | None
    components: tuple[Component, ...]
    span: Span = field(compare=False)
    bindings: tuple[Binding, ...] = ()
    constructors: tuple[Specific, ...] = ()
    abstract: bool = False
    finals: tuple[str, ...] = ()
    interoperable: bool = False
    sequence: bool = False
    hidden: bool = False
    description: Description = field(default=NOTHING_SAID, compare=False)

    @property
    def finalized(self) -> bool:
        """Whether objects are finalized by procedures of the type's own."""
        return bool(self.finals)
