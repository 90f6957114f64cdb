"""Of which type an actual argument is, where only its expression says so."""

from __future__ import annotations

from collections.abc import Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Expression,
    Integer,
    Kind,
    Logical,
    Member,
    Name,
    Real,
    String,
    Subscript,
    Unary,
)
from f2pypy.model import DataType
from f2pypy.resolve.callbacks.components import Components
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.places import Place
from f2pypy.resolve.types.declared import ImplicitTypes, decide_type, implicit_type

# Intrinsic functions whose type doesn't depend on their argument's.
INTRINSICS = {
    "integer": (
        "int nint floor ceiling size len len_trim ichar iachar index lbound ubound ifix idint idnint max0 min0 iabs"
    ),
    "real": "real float sngl amax1 amin1 alog alog10 amod cabs",
    "double precision": (
        "dble dfloat dabs dsqrt dexp dlog dlog10 dsin dcos dtan dasin dacos datan datan2 dmax1 dmin1 dmod dsign dprod "
        "cdabs zabs dimag"
    ),
    "complex": "cmplx",
    "double complex": "dcmplx",
    "logical": "logical allocated associated present any all",
}
RESULT_TYPES = {
    name: type_ for type_, names in INTRINSICS.items() for name in names.split()
}
# The second argument of these is the kind of the result.
WITH_KIND = frozenset({"int", "nint", "floor", "ceiling", "real", "logical"})
# Of these the result has the type of the first argument.
LIKE_ARGUMENT = frozenset(
    {
        "abs", "acos", "acosh", "aint", "anint", "asin", "asinh", "atan", "atan2", "atanh", "conjg", "cos", "cosh",
        "dim", "dot_product", "exp", "gamma", "log", "log10", "matmul", "max", "maxval", "merge", "min", "minval",
        "mod", "modulo", "product", "reshape", "sign", "sin", "sinh", "spread", "sqrt", "sum", "tan", "tanh",
        "transpose",
    }
)  # fmt: skip
# Of these the result has other extents than the arguments.
OTHER_EXTENTS = frozenset(
    {
        "all", "allocated", "any", "associated", "dot_product", "lbound", "len", "matmul", "maxval", "minval",
        "present", "product", "reshape", "size", "spread", "sum", "transpose", "ubound",
    }
)  # fmt: skip
LOGICAL_OPERATORS = frozenset(
    {"==", "!=", "<", "<=", ">", ">=", "&&", "||", "eqv", "neqv"}
)
# The numbers of Fortran from narrow to wide: the type of a sum is the wider one of its parts, in the larger kind.
WIDTHS = {Kind.INTEGER: "integer", Kind.REAL: "real", Kind.COMPLEX: "complex"}


@dataclass(frozen=True)
class ActualTypes:
    """Finds the types of actual arguments in a call that stands in `place`."""

    place: Place
    default_integer: int
    components: Components

    def type_of(self, expression: Expression, text: syntax.Text) -> syntax.TypeSpec:
        """Return the type of an actual argument; DeclarationError where only the compiler knows it."""
        found = None
        match expression:
            case Integer() | Real() | Logical() | String():
                found = type_of_literal(expression, text)
            case Name(name):
                found = self.type_of_variable(name, text)
            case Call(name, arguments):
                found = self.type_of_call(name, arguments, text)
            case Member():
                known = self.component(expression, text)
                found = None if known is None else known.type
            case Subscript(Member() as array):
                known = self.known_part(array, text)
                found = None if known is None else known.type
            case Unary("!"):
                found = syntax.TypeSpec("logical")
            case Binary(operator=operator) if operator in LOGICAL_OPERATORS:
                found = syntax.TypeSpec("logical")
            case Unary(_, operand):
                found = self.type_of(operand, text)
            case Complex(one, other):
                part = self.wider(self.type_of(one, text), self.type_of(other, text))
                imaginary = syntax.TypeSpec("complex")
                found = None if part is None else self.wider(part, imaginary)
            case Binary(_, one, other):
                found = self.wider(self.type_of(one, text), self.type_of(other, text))
            case _:
                pass
        if found is None:
            raise DeclarationError(
                text.span,
                f"the type of argument {text.text!r} in this call can't be determined: describe the callback in a "
                "'__user__' module or an interface block",
            )
        return found

    def type_of_call(
        self, name: str, arguments: Sequence[Expression], text: syntax.Text
    ) -> syntax.TypeSpec | None:
        """Return the type of an array's element or of a function's result, None where it isn't known."""
        if self.place.variables.get(name) is not None:
            return self.type_of_variable(name, text)
        if name in RESULT_TYPES:
            has_kind = name in WITH_KIND and len(arguments) > 1
            kind = kind_text(arguments[1], text) if has_kind else None
            if has_kind and kind is None:
                return None
            return syntax.TypeSpec(RESULT_TYPES[name], kind)
        if name in ("abs", "aimag") and arguments:
            return self.real_part(self.type_of(arguments[0], text))
        if name in LIKE_ARGUMENT and arguments:
            return self.type_of(arguments[0], text)
        return self.type_of_variable(name, text)

    def extents_of(
        self, expression: Expression, text: syntax.Text
    ) -> tuple[syntax.Text, ...]:
        """Return the extents of an expression with whole arrays, such as ``x + 1``; () for one without.

        Raises DeclarationError where only the arrays themselves have them.
        """
        parts: Sequence[Expression]
        match expression:
            case Name(name):
                known = self.place.variable(name)
                found = (known.dimensions if known else None) or ()
                if not are_known(found):
                    raise unknown_extents(text)
                return found
            case Member():
                declared = self.component(expression, text)
                return (declared.dimensions if declared else None) or ()
            case Bounds():
                raise unknown_extents(text)  # x(2:) + 1
            case Unary(_, operand):
                parts = (operand,)
            case Binary(_, one, other):
                parts = (one, other)
            case Call(name, arguments):
                is_variable = self.place.variables.get(name) is not None
                is_elemental = name in RESULT_TYPES or name in LIKE_ARGUMENT
                if is_variable and len(arguments) > 1:
                    if any(self.extents_of(each, text) for each in arguments):
                        raise unknown_extents(text)
                    return ()
                if not is_variable and (not is_elemental or name in OTHER_EXTENTS):
                    return ()
                parts = arguments
            case _:
                return ()
        return next(filter(None, (self.extents_of(each, text) for each in parts)), ())

    def component(self, part: Member, text: syntax.Text) -> Declaration | None:
        """Return the declaration of a component, None where no module shows it.

        Raises DeclarationError for one whose extents only an object has: Fortran passes the elements alone.
        """
        known = self.known_part(part, text)
        if known is None or known.type is None:
            return None
        if not are_known(known.dimensions or ()):
            raise unknown_extents(text)
        seen = self.place.types.get(known.type.derived)
        is_object = bool(known.type.derived)
        is_strange = is_object and seen != self.components.type_of(part, self.place)
        return None if is_strange else known

    def known_part(self, part: Member, text: syntax.Text) -> Declaration | None:
        """Return the declaration of a component of one object, None where no module shows it.

        Raises DeclarationError for ``several%x``, which is an array of a component of all objects.
        """
        if self.components.is_of_many(part.base, self.place):
            raise unknown_extents(text)
        return self.components.declaration(part, self.place)

    def decided(self, spec: syntax.TypeSpec) -> DataType:
        """Return the type that a declaration of the same words would have, with its size in bytes."""
        return decide_type(
            spec, self.place.constants, default_integer=self.default_integer
        )

    def real_part(self, spec: syntax.TypeSpec) -> syntax.TypeSpec:
        """Return the type of a part of a complex number, and any other type as it is."""
        decided = self.decided(spec)
        if decided.kind is not Kind.COMPLEX:
            return spec
        kind = syntax.Text(str(decided.size // 2), Span("", 1))
        return syntax.TypeSpec("real", kind)

    def wider(
        self, one: syntax.TypeSpec, other: syntax.TypeSpec
    ) -> syntax.TypeSpec | None:
        """Return the type of a sum of two numbers, None where they are no numbers."""
        if one == other:
            return one
        first, second = self.decided(one), self.decided(other)
        if first.kind not in WIDTHS or second.kind not in WIDTHS:
            return None
        order = tuple(WIDTHS)
        kind = max(first.kind, second.kind, key=order.index)
        # An integer takes the kind of what it is added to.
        sizes = [
            decided.size * (2 if kind is not decided.kind else 1)
            if kind is Kind.COMPLEX
            else decided.size
            for decided in (first, second)
            if decided.kind is not Kind.INTEGER or kind is Kind.INTEGER
        ]
        size = max(sizes) // (2 if kind is Kind.COMPLEX else 1)
        return syntax.TypeSpec(WIDTHS[kind], syntax.Text(str(size), Span("", 1)))

    def type_of_variable(self, name: str, text: syntax.Text) -> syntax.TypeSpec:
        """Return the type that a variable is declared with, or has by its first letter; DeclarationError for none."""
        declaration = self.place.variable(name)
        if declaration is not None and declaration.type is not None:
            return declaration.type
        implied = implicit_type(name, self.place.implicit or ImplicitTypes())
        if implied is None:
            raise DeclarationError(
                text.span, f"{name!r} has no type under implicit none"
            )
        return implied


def type_of_literal(
    literal: Integer | Real | Logical | String, text: syntax.Text
) -> syntax.TypeSpec | None:
    """Return the type of a literal, None for one of a kind that isn't plain."""
    match literal:
        case String(value):
            length = syntax.Text(str(len(value)), text.span)
            return syntax.TypeSpec("character", length=length)
        case Integer(kind=None) | Logical(kind=None):
            return syntax.TypeSpec(type(literal).__name__.lower())
        case Real(kind=None, single=single):
            return syntax.TypeSpec("real" if single else "double precision")
        case _:
            assert literal.kind is not None
            kind = kind_text(literal.kind, text)
            name = type(literal).__name__.lower()
            return None if kind is None else syntax.TypeSpec(name, kind)


def kind_text(kind: Expression, text: syntax.Text) -> syntax.Text | None:
    """Return a kind as it is written in `text`, None where it is no number or name."""
    match kind:
        case Integer(value):
            return syntax.Text(str(value), text.span)
        case Name(name):
            return syntax.Text(name, text.span)
        case _:
            return None


def are_known(dimensions: Sequence[syntax.Text]) -> bool:
    """Whether a declaration says how many elements an array has."""
    return not any(each.text.rstrip().endswith((":", "*", "..")) for each in dimensions)


def unknown_extents(text: syntax.Text) -> DeclarationError:
    """Return the error for an actual argument with a number of elements that the call doesn't say."""
    return DeclarationError(
        text.span,
        f"the extents of argument {text.text!r} in this call aren't known: describe the callback in a '__user__' "
        "module or an interface block",
    )
