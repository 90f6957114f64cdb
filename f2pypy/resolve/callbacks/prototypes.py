"""The prototype of a dummy procedure from what a routine says of it.

The prototype comes from an interface block, an interface that the declaration names, the calls, or else the routine to
which it is passed on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions import fortran
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Complex,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Logical,
    Name,
    Real,
    String,
    Unary,
)
from f2pypy.expressions.walk import rewrite
from f2pypy.model import DataType
from f2pypy.resolve.faults import TypeProblem
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.places import (
    Asked,
    Described,
    Place,
    Places,
    Procedures,
    Prototype,
    Question,
)
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
LOGICAL_OPERATORS = frozenset(
    {"==", "!=", "<", "<=", ">", ">=", "&&", "||", "eqv", "neqv"}
)
# The numbers of Fortran from narrow to wide: the type of a sum is the wider one of its parts, in the larger kind.
WIDTHS = {Kind.INTEGER: "integer", Kind.REAL: "real", Kind.COMPLEX: "complex"}


@dataclass(frozen=True)
class Caller:
    """A routine, or an internal procedure of it, that passes procedures on; `given` are those that it got itself."""

    unit: syntax.Procedure
    place: Place
    given: Procedures

    def gives(self, taker: syntax.Procedure, callee: str) -> Procedures:
        """Return the known procedures that its calls of `callee` pass for the dummies of `taker`."""
        found = {}
        for item in self.unit.items:
            if isinstance(item, syntax.PassedProcedure) and item.callee == callee:
                known = self.given.get(item.name)
                if known is None and item.name not in self.unit.arguments:
                    known = self.place.procedures.get(item.name)
                dummy = dummy_for(item, taker)
                if known and dummy:
                    found[dummy] = known
        return found


@dataclass(frozen=True)
class PrototypeFinder:
    """Finds the prototypes of dummy procedures in the files of a build."""

    places: Places
    default_integer: int
    diagnostics: Diagnostics

    def find(
        self, unit: syntax.Procedure, name: str, around: Place
    ) -> Prototype | None:
        """Return the prototype of a routine's dummy procedure `name`, None if nothing shows it.

        `around` is where the routine stands. Raises TypeProblem for an interface that isn't known and for a call with
        an argument of unknown type.
        """
        # A dummy procedure may be handed on as often as there are routines: no recursion.
        known = self.places.prototypes
        asked: dict[Question, Asked] = {}
        path: list[tuple[Asked, Iterator[Prototype | Asked]]] = []
        found: Prototype | Asked | None = Asked(unit, name, around, {})
        while True:
            if isinstance(found, Asked):
                question = found.question()
                if question in known:
                    found = known[question][1]
                elif question not in asked:
                    asked[question] = found
                    path.append((found, self.answers(found)))
            if isinstance(found, Prototype):
                for step, _ in path:
                    known[step.question()] = (step, found)
                return found
            if found is None:
                path.pop()
            if not path:
                return None
            found = next(path[-1][1], None)

    def answers(self, asked: Asked) -> Iterator[Prototype | Asked]:
        """Yield a dummy procedure's prototypes, or the routines to look into next."""
        unit, name, given = asked.unit, asked.name, asked.given
        place = self.places.procedure(unit, asked.around)
        said = self.described(unit, name, place)
        if said is not None:
            yield said
            return
        # internal procedures see the dummies of their host
        inner = [each for each in unit.contained if not self.redeclares(each, name)]
        scopes = [(each, self.places.procedure(each, place)) for each in inner]
        scopes.insert(0, (unit, place))
        for owner, within in scopes:
            for item in owner.items:
                if isinstance(item, syntax.CallSite) and item.name == name:
                    around_call = within
                    for items in item.blocks:
                        around_call = self.places.inside(items, (), around_call, ())
                    called = PrototypeWriter(
                        owner.items, around_call, self.default_integer
                    )
                    yield Prototype(called.read(item), around_call)
                    return
        for owner, within in scopes:
            for item in owner.items:
                if isinstance(item, syntax.PassedProcedure) and item.name == name:
                    known = given.get(item.callee, ()) or within.procedures.get(
                        item.callee, ()
                    )
                    yield from handed_on(item, known, Caller(owner, within, given))

    def redeclares(self, unit: syntax.Procedure, name: str) -> bool:
        """Whether a name means something else in an internal procedure than in its host."""
        declared = self.places.scopes.declared(unit.items).names
        return name in unit.arguments or name in declared

    def described(
        self, unit: syntax.Procedure, name: str, place: Place
    ) -> Prototype | None:
        """Return the prototype from an interface with the dummy's name, or from the one that it is declared with.

        Raises TypeProblem where that isn't known.
        """
        for item in unit.items:
            if isinstance(item, syntax.Interface):
                for body in self.places.described_by(item, place).get(name, ()):
                    return Prototype(body.unit, body.place)
        declaration = place.variable(name)
        spec = declaration.type if declaration is not None else None
        if declaration is None or spec is None or not is_interface(spec):
            return None
        for known in place.procedures.get(spec.derived, ()):
            return Prototype(known.unit, known.place)
        raise TypeProblem(
            declaration.span,
            f"the interface {spec.derived!r} of the callback {name!r} isn't known here",
        )


def handed_on(
    passed: syntax.PassedProcedure, takers: Iterable[Described], caller: Caller
) -> Iterator[Asked]:
    """Yield the routines to which a dummy procedure is passed on, each with its own name for it."""
    for known in takers:
        name = dummy_for(passed, known.unit)
        if name:
            given = caller.gives(known.unit, passed.callee)
            yield Asked(known.unit, name, known.place, given)


def dummy_for(passed: syntax.PassedProcedure, unit: syntax.Procedure) -> str:
    """Return the dummy argument of `unit` that takes a procedure, "" if none does."""
    dummies = unit.arguments
    if passed.keyword:
        return passed.keyword if passed.keyword in dummies else ""
    return dummies[passed.position] if passed.position < len(dummies) else ""


def is_interface(spec: syntax.TypeSpec) -> bool:
    """Whether a declaration names an interface: ``procedure(interface)``."""
    return spec.name == "procedure" and bool(spec.derived)


def unused(declaration: Declaration, place: Place) -> Prototype:
    """Return the prototype of a dummy procedure that is never called: it has no arguments."""
    kind = "function" if declaration.type is not None else "subroutine"
    spec = declaration.type
    unit = syntax.Procedure(kind, declaration.name, (), declaration.span, type=spec)
    return Prototype(unit, place)


@dataclass(frozen=True)
class PrototypeWriter:
    """Writes a prototype from a call: variables keep their names and declarations."""

    items: Sequence[syntax.Item]
    place: Place
    default_integer: int

    def read(self, call: syntax.CallSite) -> syntax.Procedure:
        """Return the prototype that a call shows."""
        arguments: list[str] = []
        declared: list[syntax.Item] = []
        for text in call.arguments:
            expression = self.expression(text)
            for items in reversed(call.blocks):
                expression = self.selected(expression, items)
            name = (
                expression.name if isinstance(expression, Name) else spelled(text.text)
            )
            free = name
            while free in arguments:
                free += "_"
            arguments.append(free)
            known = self.place.variable(name)
            if isinstance(expression, Name) and known is not None:
                spec = known.type or self.type_of_variable(known.name, text)
                declared.append(redeclared(known, free, spec))
            elif free != name or not isinstance(expression, Name):
                type_ = self.type_of(expression, text)
                entity = syntax.Entity(free, text.span)
                declared.append(syntax.TypeDeclaration(type_, (), (entity,), text.span))
        function = self.place.variable(call.name)
        if call.function and function is not None and function.type is not None:
            # the type may be said in a unit around this one
            declared.append(redeclared(function, call.name, function.type))
        result = self.result(call, arguments)
        if result is not None:
            declared.append(result)
        said = self.items if result is None else untyped(self.items, call.result)
        hidden = names_in_blocks(call.blocks)
        kept = tuple(
            item
            for item in without(said, hidden)
            if not isinstance(
                item, (syntax.CallSite, syntax.PassedProcedure, syntax.Interface)
            )
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
        taken = self.place.variable(call.result)
        if taken is None or taken.dimensions is not None or call.result in arguments:
            return None
        own = self.place.variable(call.name)
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

    def selected(
        self, expression: Expression, items: Iterable[syntax.Item]
    ) -> Expression:
        """Return the expression with selectors in place of the names that an ASSOCIATE gives them."""
        selectors = {
            name: self.expression(text)
            for item in items
            if isinstance(item, syntax.Associate)
            for name, text in item.names
        }

        def select(node: Expression) -> Expression:
            match node:
                case Name(name) if name in selectors:
                    return selectors[name]
                case Call(function, arguments):
                    match selectors.get(function):
                        case Name(name) | Call(name):
                            return Call(name, arguments)
                        case _:
                            return node
                case _:
                    return node

        return rewrite(expression, select) if selectors else expression

    def type_of(self, expression: Expression, text: syntax.Text) -> syntax.TypeSpec:
        """Return the type of an actual argument; TypeProblem where only the compiler knows it."""
        found = None
        match expression:
            case Integer() | Real() | Logical() | String():
                found = type_of_literal(expression, text)
            case Name(name):
                found = self.type_of_variable(name, text)
            case Call(name, arguments):
                found = self.type_of_call(name, arguments, text)
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
            raise TypeProblem(
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

    def decided(self, spec: syntax.TypeSpec) -> DataType:
        """Return the type with its size."""
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
        """Return the declared or implicit type of a variable."""
        declaration = self.place.variable(name)
        if declaration is not None and declaration.type is not None:
            return declaration.type
        implied = implicit_type(name, self.place.implicit or ImplicitTypes())
        if implied is None:
            raise TypeProblem(text.span, f"{name!r} has no type under implicit none")
        return implied


def untyped(items: Iterable[syntax.Item], name: str) -> Iterator[syntax.Item]:
    """Yield the statements without the type that they give to `name`."""
    for item in items:
        if isinstance(item, syntax.TypeDeclaration):
            entities = tuple(e for e in item.entities if e.name != name)
            yield replace(item, entities=entities)
        else:
            yield item


def names_in_blocks(blocks: Iterable[Sequence[syntax.Item]]) -> frozenset[str]:
    """Return the names that the constructs around a call give a meaning of their own."""
    found: set[str] = set()
    for items in blocks:
        for item in items:
            match item:
                case syntax.TypeDeclaration(entities=entities):
                    found.update(entity.name for entity in entities)
                case syntax.Use(renames=renames):
                    found.update(local for local, _ in renames)
                case _:
                    pass
    return frozenset(found)


def without(
    items: Iterable[syntax.Item], names: Collection[str]
) -> Iterator[syntax.Item]:
    """Yield statements without their declarations of the names."""
    for item in items:
        match item:
            case syntax.TypeDeclaration() | syntax.AttributeStatement() if names:
                kept = tuple(e for e in item.entities if e.name not in names)
                if kept or not item.entities:
                    yield replace(item, entities=kept)
            case _:
                yield item


def redeclared(
    known: Declaration, name: str, spec: syntax.TypeSpec
) -> syntax.TypeDeclaration:
    """Return the declaration, under another name perhaps, of a name that this unit, one around it or a module has."""
    entity = syntax.Entity(name, known.span, known.dimensions, known.length)
    return syntax.TypeDeclaration(spec, (), (entity,), known.span)


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


def spelled(text: str) -> str:
    """Return a name for an argument that is an expression, as f2py makes it: ``a + 1`` is ``e_a___1_e``."""
    letters = (c if c.isascii() and c.isalnum() else "_" for c in text.lower())
    name = "e_" + "".join(letters)
    return name + ("e" if name.endswith("_") else "_e")
