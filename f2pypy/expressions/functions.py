"""C functions of usercode with typed statements: what is left can be said in Python.

Only functions that compute a value from their arguments are taken: one that changes an array, keeps state or calls
what isn't known is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.environment import Environment, Role, Symbol
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.names import resolve_names
from f2pypy.expressions.nodes import (
    Assignment,
    Binary,
    Expression,
    ExpressionError,
    Increment,
    Integer,
    Kind,
    Name,
    Sequence,
)
from f2pypy.expressions.statements import (
    Block,
    Break,
    Continue,
    Declaration,
    Evaluate,
    For,
    FunctionDefinition,
    If,
    Return,
    Statement,
    While,
)
from f2pypy.expressions.typing import typed
from f2pypy.expressions.vocabulary import kind_of_c_type
from f2pypy.expressions.walk import Node, assigned_names, children, used_names, walk

RESULTS = frozenset({Kind.INTEGER, Kind.REAL, Kind.COMPLEX})


@dataclass(frozen=True)
class Assign:
    """A local variable gets a typed value."""

    name: str
    value: Expression


@dataclass(frozen=True)
class Choose:
    """Steps for a condition that holds, and for one that doesn't."""

    test: Expression
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]


@dataclass(frozen=True)
class Repeat:
    """Steps for as long as a condition holds: tested before each turn, or after it (`last`). None holds for ever."""

    test: Expression | None
    body: tuple[Step, ...]
    last: bool = False


@dataclass(frozen=True)
class Count:
    """Steps for each value of a variable from `first` to before `after`; its value after the loop is unused."""

    name: str
    first: Expression
    after: Expression
    body: tuple[Step, ...]


@dataclass(frozen=True)
class Result:
    """The function's value."""

    value: Expression


Step = Union[Assign, Choose, Repeat, Count, Result, Break, Continue]


@dataclass(frozen=True)
class TypedFunction:
    """A function whose statements are typed; `functions` are the names of those that it may call, and its own."""

    name: str
    parameters: tuple[tuple[str, Symbol], ...]
    result: Kind
    body: tuple[Step, ...]
    functions: frozenset[str]


def typed_function(
    definition: FunctionDefinition, functions: Mapping[str, FunctionDefinition]
) -> TypedFunction:
    """Return a C function with typed statements; `functions` are those that it may call (itself included or not).

    Raises `ExpressionError` for a function that has effects or isn't understood.
    """
    symbols = {p.name: _parameter_symbol(p.type, p.name) for p in definition.parameters}
    parameters = tuple(symbols.items())
    for part in walk(definition):
        if isinstance(part, Declaration):
            symbols[part.name] = _local_symbol(part)
    environment = Environment(symbols, {**functions, definition.name: definition})
    result = kind_of_c_type(definition.result)
    if result not in RESULTS:
        raise ExpressionError(f"{definition.name} returns a {definition.result}")
    body = tuple(_Typist(definition, environment, result).steps(definition.body))
    names = frozenset(environment.functions)
    return TypedFunction(definition.name, parameters, result, body, names)


def _parameter_symbol(type_text: str, name: str) -> Symbol:
    if type_text in ("char*", "signed char*", "unsigned char*"):
        return Symbol(Role.STRING, Kind.CHARACTER)
    kind = kind_of_c_type(type_text.removesuffix("*"))
    if kind is None:
        raise ExpressionError(f"parameter {name} is a {type_text}")
    return (
        Symbol(Role.ARRAY, kind, 1)
        if type_text.endswith("*")
        else Symbol(Role.SCALAR, kind)
    )


def _local_symbol(declaration: Declaration) -> Symbol:
    kind = kind_of_c_type(declaration.type)
    if kind is None:
        raise ExpressionError(f"variable {declaration.name} is a {declaration.type}")
    return Symbol(Role.SCALAR, kind)


@dataclass(frozen=True)
class _Typist:
    definition: FunctionDefinition
    environment: Environment
    result: Kind

    def typed(self, expression: Expression, wanted: Kind) -> Expression:
        return typed(
            resolve_names(expression, self.environment), self.environment, wanted
        )

    def steps(self, statement: Statement) -> Iterator[Step]:
        match statement:
            case Evaluate(expression):
                yield from self.effects(expression)
            case Declaration(_, name, initial):
                if initial is not None:
                    yield self.assignment(Name(name), "=", initial)
            case If(test, then, otherwise):
                after = () if otherwise is None else tuple(self.steps(otherwise))
                test = self.typed(test, Kind.LOGICAL)
                yield Choose(test, tuple(self.steps(then)), after)
            case For():
                yield from self.for_loop(statement)
            case While(test, body, after):
                if after:
                    self.refuse_continue(body)
                condition = self.typed(test, Kind.LOGICAL)
                yield Repeat(condition, tuple(self.steps(body)), after)
            case Return(value):
                if value is None:
                    raise ExpressionError(f"{self.definition.name} returns nothing")
                yield Result(self.typed(value, self.result))
            case Break() | Continue():
                yield statement
            case Block(statements):
                for inner in statements:
                    yield from self.steps(inner)
            case _:
                assert_never(statement)

    def effects(self, expression: Expression) -> Iterator[Step]:
        """Yield the steps that an expression evaluated for its effect stands for."""
        match expression:
            case Sequence(items):
                for item in items:
                    yield from self.effects(item)
            case Assignment(target, operator, Assignment() as inner):
                yield from self.effects(inner)
                yield self.assignment(target, operator, inner.target)
            case Assignment(target, operator, value):
                yield self.assignment(target, operator, value)
            case Increment(target, step):
                yield self.assignment(target, "+=" if step > 0 else "-=", Integer(1))
            case _:
                raise ExpressionError("a statement without effect", expression.at)

    def assignment(
        self, target: Expression, operator: str, value: Expression
    ) -> Assign:
        if not isinstance(target, Name):
            what = f"{self.definition.name} changes more than its own variables"
            raise ExpressionError(what, target.at)
        symbol = self.environment.find(target.name)
        if symbol is None or symbol.role is not Role.SCALAR or symbol.kind is None:
            raise ExpressionError(
                f"{target.name} isn't a variable of the function", target.at
            )
        if operator != "=":
            value = Binary(operator.removesuffix("="), target, value, target.at)
        return Assign(target.name, self.typed(value, symbol.kind))

    def for_loop(self, loop: For) -> Iterator[Step]:
        """Yield a loop that counts as one, any other as one that tests."""
        counted = _counted(loop, self.definition)
        if counted is not None:
            first, after = (self.typed(bound, Kind.INTEGER) for bound in counted[1:])
            yield Count(counted[0], first, after, tuple(self.steps(loop.body)))
            return
        self.refuse_continue(loop.body)
        for statement in loop.initial:
            yield from self.steps(statement)
        test = None if loop.test is None else self.typed(loop.test, Kind.LOGICAL)
        step = () if loop.step is None else (Evaluate(loop.step),)
        body = replace(loop.body, statements=(*loop.body.statements, *step))
        yield Repeat(test, tuple(self.steps(body)))

    def refuse_continue(self, body: Block) -> None:
        """Raise where ``continue`` would skip what C does at the end of each turn."""
        if any(isinstance(part, Continue) for part in walk(body)):
            raise ExpressionError(
                f"{self.definition.name}: continue in a loop that doesn't count"
            )


def _counted(
    loop: For, definition: FunctionDefinition
) -> tuple[str, Expression, Expression] | None:
    """Return variable, first value and the value after the last of ``for (i = a; i < b; ++i)``.

    None for any other loop, and where the variable is needed after it: C's has run on.
    """
    started = _start(loop)
    if started is None:
        return None
    name, first = started
    match loop.test, loop.step:
        case Binary("<", Name(tested), after), Increment(Name(stepped), 1):
            pass
        case Binary("<=", Name(tested), last), Increment(Name(stepped), 1):
            after = Binary("+", last, Integer(1))
        case _:
            return None
    changed = assigned_names(loop.body)
    fixed = used_names(after) | used_names(first)
    if (
        not tested == stepped == name
        or name in changed | fixed
        or changed & used_names(after)
    ):
        return None
    everywhere = _mentions(definition, name)
    return (
        (name, first, after)
        if everywhere == _mentions_in_loops(definition, name)
        else None
    )


def _start(loop: For) -> tuple[str, Expression] | None:
    """Return the variable that a loop begins by setting, and its value."""
    match loop.initial:
        case (Evaluate(Assignment(Name(name), "=", first)),):
            return name, first
        case (Declaration(_, name, initial),) if initial is not None:
            return name, initial
        case _:
            return None


def _mentions(node: Node, name: str) -> int:
    return sum(part == Name(name) for part in walk(node))


def _mentions_in_loops(node: Node, name: str) -> int:
    """Count the mentions of `name` inside loops that begin by setting it."""
    if isinstance(node, For):
        started = _start(node)
        if started is not None and started[0] == name:
            return _mentions(node, name)
    return sum(_mentions_in_loops(child, name) for child in children(node))
