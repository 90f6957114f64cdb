"""The classes that a generated module has for Fortran's derived types."""

from __future__ import annotations

import enum
from keyword import iskeyword

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.plan.methods import AnyMethod, TypeBinding
from f2pypy.plan.procedures import Parameter


class ComponentForm(enum.Enum):
    """What a component is to Python."""

    INTEGER = enum.auto()
    REAL = enum.auto()
    COMPLEX = enum.auto()
    LOGICAL = enum.auto()
    TEXT = enum.auto()
    ARRAY = enum.auto()
    NESTED = enum.auto()
    NESTED_ARRAY = enum.auto()
    ALLOCATABLE = enum.auto()
    POINTER = enum.auto()
    ALLOCATED_OBJECT = enum.auto()
    POINTED_OBJECT = enum.auto()
    ALLOCATED_OBJECTS = enum.auto()
    POINTED_OBJECTS = enum.auto()
    ALLOCATED_CLASS = enum.auto()
    POINTED_CLASS = enum.auto()
    PROCEDURE = enum.auto()
    ALLOCATED_ANY = enum.auto()
    POINTED_ANY = enum.auto()


class Holding(enum.Enum):
    """Where something lies that an object holds."""

    INSIDE = enum.auto()
    BEHIND_POINTERS = enum.auto()


@dataclass(frozen=True)
class RecordComponent:
    """One component: the attribute `attribute` for Fortran's `name`, `offset` bytes into the object.

    `element` is the struct module's letter of a number, the type of an array's elements as it is printed, the class of
    a nested object, or the interface of a procedure pointer. `initial` are the values of the default in the order of
    storage: one for a scalar or for all elements, none where there is no default. The `extents` of allocatables and
    pointers are -1; `length_at` is where the length of characters stands, -1 where it doesn't stand apart. `passed` is
    where a procedure gets the object: among the parameters of its wrapper, and among the arguments that Fortran gives a
    Python function; None with ``nopass``.
    """

    name: str
    attribute: str
    form: ComponentForm
    element: str
    offset: int
    extents: tuple[int, ...] = ()
    length: int = 0
    initial: tuple[Expression, ...] = ()
    logical: bool = False
    length_at: int = -1
    passed: tuple[int, int] | None = None

    @property
    def is_open_text(self) -> bool:
        """Whether it holds characters of deferred length, and no array of them."""
        is_deferred = self.form in (ComponentForm.ALLOCATABLE, ComponentForm.POINTER)
        return is_deferred and self.element == "bytes_type(0)" and not self.extents

    @property
    def seems_renamed(self) -> bool:
        """Whether Fortran's own name looks like a word of Python's with the underscore that attributes get."""
        return (
            self.name == self.attribute
            and self.name[-1] == "_"
            and iskeyword(self.name[:-1])
        )


@dataclass(frozen=True)
class RecordStructure:
    """The fields of the structure by which C passes an object: letters of the struct module, some after a count."""

    fields: str


@dataclass(frozen=True)
class RecordClass:
    """The class `identifier` for type `name` of Fortran module `module`, whose objects have `size` bytes.

    `base` is the class of the parent type or the runtime's. `parameters` are those of ``__init__``, with the parent's
    components first, and `itself` the name of the object there. An `abstract` type has no objects of its own. A
    `shown` class is an attribute of its module's object. `left_out` are the components without an attribute, with the
    reasons. Objects of a `managed` type hold memory or are finalized; those of an `opaque` one hold what only the
    library can copy, which can't be asked. `private` are components without an attribute that have a default, where
    the library doesn't tell it. `constructor` is the function that calls of the class try before the components, ""
    where there is none. `bindings` are those that the type has of its own. `structure` is None where no object goes by
    value. `fields` are what it would have, "" where C can't pass objects. `unknown` is what messages
    say of a default of an abstract type that nobody knows. `concealed` are the private components that extents may ask
    for. `part` is the attribute for what an object has of the
    parent type, "" where that is private or there is none.
    `procedures` says where objects hold procedure pointers, their own components or what these lead to.
    """

    identifier: str
    base: str
    module: str
    name: str
    docstring: str
    size: int
    components: tuple[RecordComponent, ...]
    parameters: tuple[Parameter, ...]
    itself: str
    abstract: bool
    shown: bool
    left_out: tuple[tuple[str, str], ...] = ()
    fields: str = ""
    structure: RecordStructure | None = None
    private: tuple[RecordComponent, ...] = ()
    concealed: tuple[RecordComponent, ...] = ()
    procedures: frozenset[Holding] = frozenset()
    managed: bool = False
    opaque: bool = False
    methods: tuple[AnyMethod, ...] = ()
    bindings: tuple[TypeBinding, ...] = ()
    unknown: str = ""
    constructor: str = ""
    part: str = ""
