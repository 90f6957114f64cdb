"""What the derived types of a library are: components, type-bound procedures and where a type comes from."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import Expression
from f2pypy.model.arguments import Callback
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
    callback: Callback | None = None


@dataclass(frozen=True)
class Binding:
    """A type-bound name: one procedure, or several for a generic.

    `procedures` are names of module procedures, or of bindings for a generic. `passed` is the position of the object
    among the arguments, None with ``nopass``. An `abstract` one is deferred, a `hidden` one private.
    """

    name: str
    procedures: tuple[str, ...]
    passed: int | None
    span: Span = field(compare=False)
    generic: bool = False
    abstract: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class DerivedType:
    """A derived type; `components` are its own, without those of its `parent`.

    `constructors` are the functions of the interface that has its name. A `finalized` type has FINAL procedures.
    `interoperable` is ``bind(c)``. A `hidden` type is private in its module.
    """

    name: TypeName
    parent: TypeName | None
    components: tuple[Component, ...]
    span: Span = field(compare=False)
    bindings: tuple[Binding, ...] = ()
    constructors: tuple[str, ...] = ()
    abstract: bool = False
    finalized: bool = False
    interoperable: bool = False
    sequence: bool = False
    hidden: bool = False
