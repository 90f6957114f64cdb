"""A dummy argument: which way it goes, what is passed for it, and what its shape, default and checks mean.

A procedure gets its arguments from Python, a callback from Fortran. Both are read here: `Direction` says who gives the
argument, and with it who decides about what the declaration leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from f2pypy import syntax
from f2pypy.abi.conventions import AbsentValue, Compiler
from f2pypy.dataclass import dataclass
from f2pypy.expressions import fold
from f2pypy.expressions.elementwise import INDEX
from f2pypy.expressions.environment import Role
from f2pypy.expressions.f2py_texts import extent_text
from f2pypy.expressions.nodes import (
    ASKED,
    Call,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
    Stored,
)
from f2pypy.expressions.walk import called_functions, rewrite, used_names, walk
from f2pypy.model import (
    Argument,
    Bound,
    Check,
    DataType,
    Direction,
    Form,
    Intent,
    Presence,
)
from f2pypy.resolve.arguments.before_conversion import (
    UNKNOWN,
    before_conversion,
    earlier,
    read_names,
    without_own_shape,
)
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.expression_scope import ExpressionScope
from f2pypy.resolve.arguments.intents import (
    ABSENT,
    DESCRIBED,
    combine_intents,
    presence_of,
    result_name,
)
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import MAY_BE_ABSENT, READ_ONLY
from f2pypy.resolve.names.texts import ReadText


@dataclass(frozen=True)
class Owner:
    """The procedure whose dummy arguments are read, `unit`, and what they have in common.

    `scope` has all of its variables. `order` names its arguments in the order in which each becomes known.
    """

    unit: syntax.Procedure
    direction: Direction
    dialect: syntax.Dialect
    scope: ExpressionScope
    order: tuple[str, ...]
    compiler: Compiler

    @property
    def interoperable(self) -> bool:
        """Whether it has ``bind(c)``: its descriptors are the standard's, and lengths aren't hidden."""
        return self.unit.bind is not None

    @property
    def from_python(self) -> bool:
        """Whether Python gives the arguments, which it converts and checks one after the other."""
        return self.direction is Direction.TO_FORTRAN

    @cached_property
    def shapes(self) -> ExpressionScope:
        """The scope of extents and lengths: sources have Fortran's rules there, signature files C's."""
        is_source = self.dialect is syntax.Dialect.FORTRAN
        return self.scope.in_fortran() if is_source else self.scope

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each argument in the order of evaluation."""
        return {name: at for at, name in enumerate(self.order)}

    def typed(self, text: ReadText, scope: ExpressionScope, kind: Kind) -> Expression:
        """Return what a text means as a value of `kind`; DeclarationError if it means nothing."""
        where = " among the arguments that Fortran passes to the callback"
        return scope.typed(text, kind, "" if self.from_python else where)


def dummy_argument(draft: Draft, owner: Owner) -> Argument:
    """Return the argument with every expression typed; DeclarationError for the first thing that can't be decided."""
    keys, flags = keys_of_draft(draft), draft.declaration.flags
    presence = presence_of(
        keys,
        optional=draft.optional or draft.initial is not None,
        required=owner.from_python and "required" in flags,
    )
    absent = presence is Presence.OPTIONAL and may_be_absent(draft, owner)
    form = form_of(draft, owner)
    return Argument(
        draft.name,
        passed_type(draft, owner),
        bounds_of(draft, form, owner),
        combine_intents(keys),
        presence,
        default_of(draft, owner, presence),
        draft.initial.text if draft.initial is not None else "",
        checks_of(draft, owner),
        result_name(draft.name, keys),
        "hidden" if presence is Presence.HIDDEN else "",
        draft.declaration.span,
        direction=owner.direction,
        by_value=is_by_value(draft, owner, optional=absent),
        form=form,
        interoperable=owner.interoperable,
        contiguous="contiguous" in flags,
        absent_as_null=absent,
        states_direction=draft.states_direction,
        read_only=is_read_only(draft, owner),
    )


def keys_of_draft(draft: Draft) -> Sequence[str]:
    """Return the keys of an argument's intent; Python gives what has any type, unless Fortran allocates it."""
    keys = draft.declaration.intents
    is_given = not {"allocatable", "pointer"} & draft.declaration.flags
    if draft.type.unlimited and "out" in keys and is_given:
        return [*(key for key in keys if key not in ("in", "out")), "inout"]
    return keys


# What is passed.


def declared_form(draft: Draft) -> Form:
    """Return what Fortran receives for the argument by its declaration alone."""
    if "allocatable" in draft.declaration.flags:
        return Form.ALLOCATABLE
    if "pointer" in draft.declaration.flags:
        return Form.POINTER
    if draft.assumed_rank:
        return Form.ASSUMED_RANK
    return Form.ASSUMED_SHAPE if draft.assumed_shape else Form.ADDRESS


def form_of(draft: Draft, owner: Owner) -> Form:
    """Return what is passed for the argument.

    A bind(c) procedure gets descriptors where others get hidden lengths. What Fortran passes to a callback of a
    signature file is an address unless the file says otherwise.
    """
    form = declared_form(draft)
    if not owner.from_python and form not in (Form.ALLOCATABLE, Form.POINTER):
        said = DESCRIBED in draft.declaration.intents
        described = said or owner.dialect is syntax.Dialect.FORTRAN
        return form if described else Form.ADDRESS
    assumed = draft.type.is_string and draft.type.length is None
    if owner.interoperable and form is Form.ADDRESS and assumed:
        return Form.ASSUMED_LENGTH
    return form


def passed_type(draft: Draft, owner: Owner) -> DataType:
    """Return the type with its length typed; one character by value is a value and no string."""
    type_, length = draft.type, draft.type.length
    by_value = "value" in draft.declaration.flags
    if type_.is_string and by_value and length == Integer(1):
        return replace(type_, is_string=False, length=None)
    if length is None or isinstance(length, Integer):
        return type_
    written = draft.declaration.length_text
    span = draft.declaration.span if written is None else written.span
    value = owner.typed(ReadText(length, "", span), owner.shapes, Kind.INTEGER)
    # what is taken from a string can't give its length
    known = not owner.from_python or (
        read_names(value) <= earlier(draft.name, owner.order)
    )
    return replace(type_, length=value if known else None)


def is_by_value(draft: Draft, owner: Owner, *, optional: bool) -> bool:
    """Whether a scalar goes by value; DeclarationError for more than one character with the attribute ``value``."""
    if draft.extents is not None:
        return False
    if draft.type.unlimited and "value" in draft.declaration.flags:
        raise DeclarationError(
            draft.declaration.span, f"{draft.name!r} of class(*) is passed by value"
        )
    if combine_intents(draft.declaration.intents) & Intent.C:
        return True
    if "value" not in draft.declaration.flags:
        return False
    if not value_is_passed(draft.type, owner, optional=optional):
        return False
    if draft.type.is_string and draft.type.length != Integer(1):
        raise DeclarationError(
            draft.declaration.span,
            f"{draft.name!r}: only a single character can be passed by value",
        )
    return True


def value_is_passed(type_: DataType, owner: Owner, *, optional: bool) -> bool:
    """Whether a dummy with the attribute ``value`` goes by value; C has all characters so."""
    is_text = type_.kind is Kind.CHARACTER
    if is_text and not (owner.interoperable or owner.compiler.character_values):
        return False
    return not optional or owner.compiler.absent_value is AbsentValue.FLAG


def may_be_absent(draft: Draft, owner: Owner) -> bool:
    """Whether Fortran may be called without the argument."""
    said = ABSENT in draft.declaration.intents
    if owner.dialect is syntax.Dialect.FORTRAN:
        said = said or MAY_BE_ABSENT in draft.declaration.flags
    return owner.from_python and said and draft.initial is None


def is_read_only(draft: Draft, owner: Owner) -> bool:
    """Whether the compiler lets Fortran only read it: a signature file's ``intent(in)`` promises nothing."""
    is_source = owner.dialect is syntax.Dialect.FORTRAN
    return is_source and READ_ONLY in draft.declaration.flags


# Shapes.


def bounds_of(draft: Draft, form: Form, owner: Owner) -> tuple[Bound, ...] | None:
    """Return the extents of an array, None for a scalar.

    Fortran knows all extents of what it passes. Those that depend on what Python evaluates later are the caller's.
    """
    if draft.extents is None:
        return None
    found: list[Bound] = []
    for extent in draft.extents:
        if extent is None:
            found.append(Bound(None, open_extent(draft, form)))
            continue
        value = owner.typed(extent, owner.shapes, Kind.INTEGER)
        refuse_hidden_modules(value, extent, owner.unit)
        known = True
        if owner.from_python:
            value = fold.fold(without_own_shape(value, draft, found), {})
            known = is_known(value, draft.name, owner)
        found.append(Bound(value, shown_extent(extent, value, owner), known))
    return tuple(found)


def open_extent(draft: Draft, form: Form) -> str:
    """Return how documentation shows an extent that only the actual argument gives."""
    if draft.assumed_rank:
        return ".."
    return ":" if draft.assumed_shape and form is not Form.ADDRESS else "*"


def is_known(extent: Expression, array: str, owner: Owner) -> bool:
    """Whether an extent can be computed before the array is converted."""
    own = owner.places.get(array, len(owner.order))
    names = used_names(extent)
    return extent != UNKNOWN and all(owner.places.get(n, own) < own for n in names)


def shown_extent(extent: ReadText, value: Expression, owner: Owner) -> str:
    """Return how documentation shows an extent: in f2py's way, or as the source writes what compiled code computes."""
    if any(name.startswith(ASKED) for name in called_functions(value)):
        return extent.text
    return extent_text(in_words_of_signatures(extent.expression, owner), extent.text)


def in_words_of_signatures(expression: Expression, owner: Owner) -> Expression:
    """Return an extent as signature files say it: `len` of an array of characters is its first extent there."""
    environment = owner.shapes.environment
    if not environment.fortran:
        return expression

    def word(node: Expression) -> Expression:
        match node:
            case Call("len", (Name(name),)):
                symbol = environment.find(name)
                is_array = symbol is not None and symbol.role is Role.ARRAY
                return replace(node, function="f2py_itemsize") if is_array else node
            case _:
                return node

    return rewrite(expression, word)


def refuse_hidden_modules(
    value: Expression, extent: ReadText, unit: syntax.Procedure
) -> None:
    """Raise DeclarationError for an argument with the name of a module whose variables an extent needs."""
    for node in walk(value):
        if isinstance(node, Stored) and node.owner in unit.arguments:
            raise DeclarationError(
                extent.span,
                f"{extent.text!r} is a variable of the module {node.owner}, and an argument has that name",
            )


# What Python computes.


def default_of(draft: Draft, owner: Owner, presence: Presence) -> Expression | None:
    """Return the default, converted to the argument's kind; None where Fortran gives the argument."""
    if draft.initial is None or not owner.from_python:
        return None
    scope, converted = owner.scope, earlier(draft.name, owner.order)
    if presence is Presence.OPTIONAL:
        scope = scope.with_lacking_axes()
    if draft.extents is not None:
        scope = scope.with_index()
        converted |= {draft.name, INDEX}
    value = owner.typed(draft.initial, scope, draft.type.kind)
    return computable(value, draft.initial, scope, converted)


def checks_of(draft: Draft, owner: Owner) -> tuple[Check, ...]:
    """Return the conditions that Python checks; none of what Fortran gives."""
    if not owner.from_python:
        return ()
    return tuple(check_of(text, owner) for text in draft.checks)


def check_of(text: ReadText, owner: Owner) -> Check:
    """Return a condition that must hold; DeclarationError where it asks for what has no value yet."""
    condition = owner.typed(text, owner.scope, Kind.LOGICAL)
    condition = computable(condition, text, owner.scope, frozenset(owner.order))
    return Check(condition, text.text, text.span)


def computable(
    value: Expression, text: ReadText, scope: ExpressionScope, converted: frozenset[str]
) -> Expression:
    """Return a value that needs only `converted` arguments; DeclarationError if that is impossible."""
    try:
        return before_conversion(value, scope, converted)
    except ExpressionError as error:
        raise DeclarationError(text.span, f"{text.text!r}: {error.message}") from error
