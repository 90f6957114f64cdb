"""One variable on its way to an argument: its texts read, nothing typed or inferred yet."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import Expression, Kind
from f2pypy.model import DataType
from f2pypy.resolve.arguments.intents import DIRECTIONS
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import (
    CODIMENSION,
    Declaration,
    refuse_deferred_length,
)
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.texts import (
    ReadText,
    as_shown,
    is_assumed_shape,
    lower_bound,
    read_extent,
    read_value,
)
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    decide_type,
    implicit_type,
    refuse_derived,
)


@dataclass(frozen=True)
class Draft:
    """A variable whose texts are read.

    `extents` holds None for an extent that the caller's array decides. `depends` is None where the source gives
    no explicit list; `checked` tells whether it gives a check list, which turns inference off.
    """

    declaration: Declaration
    type: DataType
    extents: tuple[ReadText | None, ...] | None
    initial: ReadText | None
    checks: tuple[ReadText, ...]
    checked: bool
    depends: tuple[str, ...] | None
    optional: bool
    assumed_shape: bool = False
    assumed_rank: bool = False
    lower: tuple[Expression, ...] = ()  # bounds in Fortran, 1 where the tuple ends
    states_direction: bool = True

    @property
    def name(self) -> str:
        """The variable's name."""
        return self.declaration.name


@dataclass(frozen=True)
class Reading:
    """What the declarations of one routine are read with.

    `implicit` types what no declaration types; `keywords` are names of the routine that C keeps for itself (``short``).
    `types` are the derived types that declarations may name.
    """

    dialect: syntax.Dialect
    constants: Mapping[str, Expression]
    implicit: ImplicitTypes
    default_integer: int
    keywords: frozenset[str] = frozenset()
    types: TypesSeen = field(default_factory=dict)


def declared_type(declaration: Declaration, reading: Reading) -> DataType:
    """Return the type of a variable; DeclarationError for one that isn't known, or that Python can't hold."""
    name, span = declaration.name, declaration.span
    if CODIMENSION in declaration.flags:
        raise DeclarationError(span, f"{name!r} is a coarray")
    spec = declaration.type or implicit_type(name, reading.implicit)
    if spec is None:
        raise DeclarationError(span, f"{name!r} has no type under implicit none")
    decided = decide_type(
        spec,
        reading.constants,
        entity_length=declaration.length,
        default_integer=reading.default_integer,
        types=reading.types,
    )
    if decided.kind is Kind.DERIVED and not is_known(decided):
        refuse_derived(name, spec, span)
    return decided


def is_known(type_: DataType) -> bool:
    """Whether the derived type of a variable is one that a module of the build defines, or any."""
    return type_.derived is not None or type_.unlimited or type_.assumed


def draft_of(declaration: Declaration, reading: Reading) -> Draft:
    """Return a variable with its type decided and its texts read.

    Raises DeclarationError for a type that Python can't pass, and for the first text that can't be read.
    """
    decided = declared_type(declaration, reading)
    refuse_deferred_length(declaration, decided)
    return read_draft(declaration, decided, reading)


def draft_of_procedure(declaration: Declaration) -> Draft:
    """Return a dummy procedure, of which a routine's declarations say no more than that it is one."""
    nothing = DataType(Kind.INTEGER, 0)
    return Draft(
        declaration,
        nothing,
        None,
        None,
        (),
        False,
        declaration.depends,
        "optional" in declaration.flags,
    )


def read_draft(declaration: Declaration, type_: DataType, reading: Reading) -> Draft:
    """Read every expression that the declaration holds; DeclarationError names the first that can't be read."""
    dialect, constants, keywords = reading.dialect, reading.constants, reading.keywords
    dimensions = declaration.dimensions
    initial = declaration.initial
    return Draft(
        declaration,
        type_,
        None
        if dimensions is None
        else tuple(
            read_extent(text, dialect, constants, keywords) for text in dimensions
        ),
        None
        if initial is None
        else as_shown(read_value(initial, type_.kind, constants, keywords)),
        tuple(
            read_value(text, Kind.LOGICAL, constants, keywords)
            for text in declaration.checks or ()
        ),
        declaration.checks is not None,
        declaration.depends,
        "optional" in declaration.flags,
        assumed_shape=any(is_assumed_shape(text.text) for text in dimensions or ()),
        assumed_rank=any(text.text.strip() == ".." for text in dimensions or ()),
        lower=tuple(lower_bound(text, constants) for text in dimensions or ())
        if dialect is syntax.Dialect.FORTRAN
        else (),
        states_direction=bool(DIRECTIONS & set(declaration.intents)),
    )
