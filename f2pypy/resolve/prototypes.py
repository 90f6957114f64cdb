"""The prototype of a dummy procedure from what a routine says of it: an interface block, or else its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from f2pypy import syntax
from f2pypy.expressions import fortran
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Complex,
    Expression,
    ExpressionError,
    Integer,
    Logical,
    Name,
    Real,
    String,
    Unary,
)
from f2pypy.resolve.declarations import Declaration
from f2pypy.resolve.types import TypeProblem, implicit_type

# Intrinsic functions whose type doesn't depend on their argument's.
INTRINSICS = {
    "int": "integer",
    "nint": "integer",
    "floor": "integer",
    "ceiling": "integer",
    "mod": "integer",
    "size": "integer",
    "len": "integer",
    "real": "real",
    "float": "real",
    "sngl": "real",
    "dble": "double precision",
    "cmplx": "complex",
    "dcmplx": "double complex",
}
# From narrow to wide: the type of a sum is the wider one of its parts.
WIDTHS = ("integer", "real", "double precision", "complex", "double complex")


def find_prototype(
    unit: syntax.Procedure,
    declaration: Declaration,
    names: Mapping[str, Declaration],
    implicit: syntax.Implicit | None,
) -> syntax.Procedure | None:
    """Return the prototype of a routine's dummy procedure, None where the routine doesn't tell it.

    `names` are the routine's declarations. Raises TypeProblem for a call with an argument of unknown type.
    """
    wanted = {declaration.name}
    if declaration.type is not None:
        wanted.add(declaration.type.derived)
    for item in unit.items:
        if isinstance(item, syntax.Interface):
            for body in item.items:
                if isinstance(body, syntax.Procedure) and body.name in wanted:
                    return body
    for item in unit.items:
        if isinstance(item, syntax.CallSite) and item.name == declaration.name:
            return PrototypeWriter(unit, names, implicit).read(item)
    return None


@dataclass(frozen=True)
class PrototypeWriter:
    """Writes a prototype from a call: variables keep their names and all that the routine says of them."""

    unit: syntax.Procedure
    names: Mapping[str, Declaration]
    implicit: syntax.Implicit | None

    def read(self, call: syntax.CallSite) -> syntax.Procedure:
        """Return the prototype that a call shows."""
        arguments: list[str] = []
        declared: list[syntax.Item] = []
        for text in call.arguments:
            expression = self.expression(text)
            name = (
                expression.name if isinstance(expression, Name) else spelled(text.text)
            )
            free = name
            while free in arguments:
                free += "_"
            arguments.append(free)
            if free != name or not isinstance(expression, Name):
                type_ = self.type_of(expression, text)
                entity = syntax.Entity(free, text.span)
                declared.append(syntax.TypeDeclaration(type_, (), (entity,), text.span))
        result = self.result(call, arguments)
        if result is not None:
            declared.append(result)
        kept = tuple(
            item
            for item in self.unit.items
            if not isinstance(item, (syntax.CallSite, syntax.Interface))
        )
        return syntax.Procedure(
            "function" if call.function else "subroutine",
            call.name,
            tuple(arguments),
            call.span,
            result=call.result if result is not None else None,
            items=(*kept, *declared),
        )

    def result(
        self, call: syntax.CallSite, arguments: Sequence[str]
    ) -> syntax.TypeDeclaration | None:
        """Return the variable that takes a function's value, with the function's own type where it has one.

        None where the function's name serves as well: the variable is an array, or an argument too.
        """
        taken = self.names.get(call.result)
        if taken is None or taken.dimensions is not None or call.result in arguments:
            return None
        own = self.names.get(call.name)
        type_ = own.type if own is not None and own.type is not None else taken.type
        if type_ is None:
            return None
        entity = syntax.Entity(call.result, call.span)
        return syntax.TypeDeclaration(type_, (), (entity,), call.span)

    def expression(self, text: syntax.Text) -> Expression:
        """Return an actual argument as an expression."""
        try:
            return fortran.read_expression(text.text)
        except ExpressionError as error:
            raise TypeProblem(text.span.shift(error.offset), error.message) from error

    def type_of(self, expression: Expression, text: syntax.Text) -> syntax.TypeSpec:
        """Return the type of an actual argument; TypeProblem where only the compiler knows it."""
        found = None
        match expression:
            case Integer() | Real() | Logical() | String():
                found = type_of_literal(expression, text)
            case Name(name) | Call(name) if (
                isinstance(expression, Name) or name in self.names
            ):
                found = self.type_of_variable(name, text)
            case Call(name) if name in INTRINSICS:
                found = syntax.TypeSpec(INTRINSICS[name])
            case Call(_, arguments) if arguments:
                found = self.type_of(arguments[0], text)
            case (
                Unary("!")
                | Binary(
                    operator="=="
                    | "!="
                    | "<"
                    | "<="
                    | ">"
                    | ">="
                    | "&&"
                    | "||"
                    | "eqv"
                    | "neqv"
                )
            ):
                found = syntax.TypeSpec("logical")
            case Unary(_, operand):
                found = self.type_of(operand, text)
            case Complex(one, other):
                part = wider(self.type_of(one, text), self.type_of(other, text))
                double = part is not None and part.name == "double precision"
                found = syntax.TypeSpec("double complex" if double else "complex")
            case Binary(_, one, other):
                found = wider(self.type_of(one, text), self.type_of(other, text))
            case _:
                pass
        if found is None:
            raise TypeProblem(
                text.span,
                f"the type of argument {text.text!r} in this call isn't plain: describe the callback in a "
                "'__user__' module or an interface block",
            )
        return found

    def type_of_variable(self, name: str, text: syntax.Text) -> syntax.TypeSpec:
        """Return the declared or implicit type of a variable."""
        declaration = self.names.get(name)
        if declaration is not None and declaration.type is not None:
            return declaration.type
        implied = implicit_type(name, self.implicit)
        if implied is None:
            raise TypeProblem(text.span, f"{name!r} has no type under implicit none")
        return implied


def type_of_literal(
    literal: Integer | Real | Logical | String, text: syntax.Text
) -> syntax.TypeSpec | None:
    """Return the type of a literal, None for one that is a part of `text` and has a kind."""
    match literal:
        case String(value):
            length = syntax.Text(str(len(value)), text.span)
            return syntax.TypeSpec("character", length=length)
        case Integer(kind=None) | Logical(kind=None):
            return syntax.TypeSpec(type(literal).__name__.lower())
        case Real(kind=None, single=single):
            return syntax.TypeSpec("real" if single else "double precision")
        case _:
            word, _, kind = text.text.strip("+-. ").rpartition("_")
            if not word.replace(".", "").isalnum():
                return None
            return syntax.TypeSpec(
                type(literal).__name__.lower(), kind=syntax.Text(kind, text.span)
            )


def wider(one: syntax.TypeSpec, other: syntax.TypeSpec) -> syntax.TypeSpec | None:
    """Return the type of a sum of two numbers, None where that takes knowing their kinds."""
    if one == other:
        return one
    numbers = one.name in WIDTHS and other.name in WIDTHS
    if numbers and one.kind is None and other.kind is None:
        return max(one, other, key=lambda spec: WIDTHS.index(spec.name))
    for narrow, wide in ((one, other), (other, one)):
        if narrow.name == "integer" and wide.name in WIDTHS[1:]:
            return wide
    return None


def spelled(text: str) -> str:
    """Return a name for an argument that is an expression, as f2py makes it: ``a + 1`` is ``e_a___1_e``."""
    letters = (c if c.isascii() and c.isalnum() else "_" for c in text.lower())
    name = "e_" + "".join(letters)
    return name + ("e" if name.endswith("_") else "_e")
