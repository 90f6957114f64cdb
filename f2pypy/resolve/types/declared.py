"""From a type as written to a type with its size decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Span
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.nodes import (
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Unary,
    Unread,
)
from f2pypy.model import DataType, TypeName
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.types.compiler_kinds import as_compiled, default_kind, meant_kind

# Bytes of each type without a kind, and the sizes that exist; for complex the size of both parts.
DEFAULT_SIZES = {
    "integer": (Kind.INTEGER, 4),
    "byte": (Kind.INTEGER, 1),
    "real": (Kind.REAL, 4),
    "double precision": (Kind.REAL, 8),
    "complex": (Kind.COMPLEX, 8),
    "double complex": (Kind.COMPLEX, 16),
    "logical": (Kind.LOGICAL, 4),
    "character": (Kind.CHARACTER, 1),
}
SIZES = {
    Kind.INTEGER: frozenset({1, 2, 4, 8, 16}),
    Kind.REAL: frozenset({4, 8, 10, 12, 16}),
    Kind.COMPLEX: frozenset({8, 16, 20, 24, 32}),
    Kind.LOGICAL: frozenset({1, 2, 4, 8, 16}),
    Kind.CHARACTER: frozenset({1}),
}
# What kind maps multiply the bytes of integers without a sign by, and negate: no compiler has such kinds.
UNSIGNED = 256


# The types of addresses in iso_c_binding.
ADDRESS_TYPES = frozenset({"c_ptr", "c_funptr"})


def decide_type(
    spec: syntax.TypeSpec,
    constants: Mapping[str, Expression],
    *,
    entity_length: syntax.Text | None = None,
    default_integer: int = 4,
    types: Mapping[str, TypeName] | None = None,
) -> DataType:
    """Return the type that `spec` means, with the entity's own ``*n`` where it has one.

    `default_integer` is the size of a plain integer or logical: 8 for libraries with 64-bit integers. `types` are the
    derived types that are seen. Raises DeclarationError for a kind that isn't constant or doesn't exist.
    """
    address = constants.get(spec.derived.lower()) if spec.name == "type" else None
    if address is None and spec.derived.lower() in ADDRESS_TYPES:
        # a signature file says nothing of iso_c_binding
        key = name_in_map(Kind.INTEGER.value, spec.derived)
        address = constants.get(key, Integer(8, constant=spec.derived.lower()))
    if isinstance(address, Integer):
        # type(c_ptr) and type(c_funptr): to Python an address is a number
        size, name = address.value, address.constant
        return DataType(Kind.INTEGER, size, unsigned=True, address=True, constant=name)
    if spec.name in ("type", "class", "procedure"):
        return derived_type(spec, types or {})
    kind, size = DEFAULT_SIZES[spec.name]
    if kind is Kind.CHARACTER:
        return decide_character(spec, constants, entity_length)
    parts = 2 if kind is Kind.COMPLEX else 1
    selector = entity_length if entity_length is not None else spec.kind
    if selector is None:
        told = default_kind(spec.name, constants)
        usual = default_size(spec.name, size, default_integer)
        return DataType(kind, usual if told is None else parts * told)
    found = constant_in(selector, constants)
    given = found or constants.get(name_in_map(spec.name, selector.text))
    star = spec.star or entity_length is not None
    if not isinstance(given, Integer):
        raise DeclarationError(
            selector.span, f"the kind {selector.text!r} of {spec.name} isn't known here"
        )
    value = given.value
    unsigned = kind is Kind.INTEGER and says_unsigned(selector, value)
    if unsigned:
        value = -value // UNSIGNED if value <= -UNSIGNED else -value
    elif star and kind is Kind.COMPLEX:
        # complex*16 has two parts of 8 bytes; an odd number is no complex number's size
        value = meant_kind(kind, value // 2, constants) if value % 2 == 0 else 0
    else:
        value = meant_kind(kind, value, constants)
    if parts * value not in SIZES[kind]:
        raise DeclarationError(
            selector.span, f"there is no {spec.name} of kind {selector.text}"
        )
    return DataType(kind, parts * value, unsigned=unsigned, constant=given.constant)


def derived_type(spec: syntax.TypeSpec, types: Mapping[str, TypeName]) -> DataType:
    """Return the type of ``type(t)``, ``class(t)`` or ``procedure(t)``: without a name where `types` lacks it."""
    is_class = spec.name == "class"
    return DataType(
        Kind.DERIVED,
        0,
        derived=types.get(spec.derived.lower()),
        polymorphic=is_class,
        unlimited=is_class and spec.derived == "*",
        assumed=spec.name == "type" and spec.derived == "*",
    )


def refuse_derived(name: str, spec: syntax.TypeSpec, span: Span) -> None:
    """Raise DeclarationError for a derived, polymorphic or assumed type."""
    if spec.name == "class":
        what = f"is polymorphic: class({spec.derived})"
    elif spec.name == "type" and spec.derived == "*":
        what = "is of assumed type: type(*)"
    else:
        what = f"is of derived type {spec.derived or '*'!r}"
    raise DeclarationError(span, f"{name!r} {what}")


def name_in_map(type_: str, kind: str) -> str:
    """Return the key of a kind that a map gives for one type only; no constant of a source can have it."""
    return f"{type_}({kind.lower()})"


def says_unsigned(selector: syntax.Text, value: int) -> bool:
    """Whether a kind is one without a sign: a literal such as -4, or one that a kind map gives.

    Other negative kinds are none: selected_int_kind gives -1 where there is no integer of so many digits.
    """
    if value >= 0 or value <= -UNSIGNED:
        return value < 0
    match fortran.read_expression(selector.text):
        case Unary("-", Integer()):
            return True
        case _:
            return False


def default_size(name: str, size: int, default_integer: int) -> int:
    """Return the bytes of a type without a kind, where flags of the compiler don't say otherwise."""
    return default_integer if name in ("integer", "logical") else size


def decide_character(
    spec: syntax.TypeSpec,
    constants: Mapping[str, Expression],
    entity_length: syntax.Text | None,
) -> DataType:
    """Return a character type: one character without a length, else a string."""
    length = entity_length if entity_length is not None else spec.length
    if spec.kind is not None:
        check_character_kind(spec.kind, constants)
    if length is None:
        return DataType(Kind.CHARACTER, 1)
    text = length.text.strip().strip("()").strip()
    if text in ("*", ":"):
        return DataType(Kind.CHARACTER, 1, is_string=True, deferred=text == ":")
    try:
        expression = fold.fold(fortran.read_expression(length.text), constants)
    except ExpressionError as error:
        expression = Unread(error.message, error.offset)
    return DataType(Kind.CHARACTER, 1, is_string=True, length=expression)


def check_character_kind(
    selector: syntax.Text, constants: Mapping[str, Expression]
) -> None:
    """Raise DeclarationError for characters that aren't of one byte."""
    kind = constant_integer(selector, constants)
    if kind is None:
        raise DeclarationError(
            selector.span, f"the kind {selector.text!r} of character isn't known here"
        )
    if kind != 1:
        raise DeclarationError(
            selector.span,
            f"characters of kind {kind} can't be passed: only those of one byte can",
        )


def read_constant(text: syntax.Text, constants: Mapping[str, Expression]) -> Expression:
    """Return the Fortran expression with its constants folded; DeclarationError if it can't be read."""
    return fold.fold(read_text(text), constants)


def read_text(text: syntax.Text) -> Expression:
    """Return the Fortran expression; DeclarationError if it can't be read."""
    try:
        return fortran.read_expression(text.text)
    except ExpressionError as error:
        raise DeclarationError(text.span.shift(error.offset), error.message) from error


def constant_integer(
    text: syntax.Text, constants: Mapping[str, Expression]
) -> int | None:
    """Return the value of a constant integer expression, None where it isn't constant."""
    found = constant_in(text, constants)
    return found.value if found is not None else None


def constant_in(
    text: syntax.Text, constants: Mapping[str, Expression]
) -> Integer | None:
    """Return the literal that a constant integer expression stands for, None where it isn't constant."""
    folded = fold.fold(as_compiled(read_text(text), constants), constants)
    return folded if isinstance(folded, Integer) else None


@dataclass(frozen=True)
class ImplicitTypes:
    """The types of undeclared names: the first rule for a letter counts, then Fortran's default."""

    rules: tuple[tuple[syntax.TypeSpec, tuple[tuple[str, str], ...]], ...] = ()
    default: bool = True  # real, and integer from i to n; else none


def implicit_types(
    items: Iterable[syntax.Item], host: ImplicitTypes | None
) -> ImplicitTypes:
    """Return the implicit types of a unit with these items; `host` are those around it, None the default ones."""
    statements = [item for item in items if isinstance(item, syntax.Implicit)]
    if any(not statement.rules for statement in statements):
        return ImplicitTypes(default=False)
    host = host or ImplicitTypes()
    own = tuple(rule for statement in statements for rule in statement.rules)
    return ImplicitTypes((*own, *host.rules), host.default)


def implicit_type(name: str, implicit: ImplicitTypes) -> syntax.TypeSpec | None:
    """Return the type that implicit rules give to `name`; None under ``implicit none``."""
    letter = name[0].lower()
    for spec, ranges in implicit.rules:
        if any(low.lower() <= letter <= high.lower() for low, high in ranges):
            return spec
    if not implicit.default:
        return None
    return syntax.TypeSpec("integer" if letter in "ijklmn" else "real")
