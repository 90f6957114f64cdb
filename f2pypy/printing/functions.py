"""Prints C functions of usercode as Python functions.

Only functions that compute a value from their arguments are printed: one that changes an
array, keeps state or calls what isn't known is refused.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from f2pypy.expressions.environment import Environment, Role, Symbol
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.names import resolve_names
from f2pypy.expressions.nodes import (
    Assignment,
    Binary,
    Block,
    Break,
    Continue,
    Declaration,
    Evaluate,
    Expression,
    ExpressionError,
    For,
    FunctionDefinition,
    If,
    Increment,
    Integer,
    Kind,
    Name,
    Return,
    Sequence,
    Statement,
    Unary,
    While,
)
from f2pypy.expressions.typing import typed
from f2pypy.expressions.vocabulary import kind_of_c_type
from f2pypy.expressions.walk import Node, assigned_names, children, used_names, walk
from f2pypy.printing.python import Names, PythonText, print_python

_ANNOTATIONS = {Kind.INTEGER: "int", Kind.REAL: "float", Kind.COMPLEX: "complex"}

# What printed expressions call: variables of these names are renamed.
_RESERVED = frozenset(
    {"abs", "bool", "complex", "element", "float", "idiv", "imod", "int", "ipow", "len"}
    | {"math", "max", "min", "nint", "ord", "range"}
)


def print_function(
    definition: FunctionDefinition,
    functions: Mapping[str, FunctionDefinition],
    names: Names = lambda name: name,
) -> PythonText:
    """Print a C function as a Python function of the same arguments.

    `functions` are those that it may call (itself included or not), `names` gives the
    Python name of each. The text has annotations; `uses` holds ``NDArray`` and ``Any``
    where they need them, beside what expressions use. Raises `ExpressionError` for a
    function that has effects or isn't understood.
    """
    symbols = {p.name: _parameter_symbol(p.type, p.name) for p in definition.parameters}
    for part in walk(definition):
        if isinstance(part, Declaration):
            symbols[part.name] = _local_symbol(part)
    environment = Environment(symbols, {**functions, definition.name: definition})
    result = kind_of_c_type(definition.result)
    if result not in _ANNOTATIONS:
        raise ExpressionError(f"{definition.name} returns a {definition.result}")
    printer = _Printer(definition, environment, result, names)
    body = [*printer.block(definition.body, 1)]
    parameters = ", ".join(
        printer.parameter(p.name, symbols[p.name]) for p in definition.parameters
    )
    header = (
        f"def {printer.name(definition.name)}({parameters}) -> {_ANNOTATIONS[result]}:"
    )
    return PythonText("\n".join((header, *body)) + "\n", frozenset(printer.uses))


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
class _Printer:
    definition: FunctionDefinition
    environment: Environment
    result: Kind
    names: Names
    uses: set[str] = field(default_factory=set)  # grows while printing
    facts: list[Expression] = field(default_factory=list)  # hold where it prints

    def name(self, name: str) -> str:
        """Return the Python name of a variable or function."""
        if name in self.environment.functions:
            return (
                self.names(name) if callable(self.names) else self.names.get(name, name)
            )
        taken = keyword.iskeyword(name) or name in _RESERVED
        return f"{name}_" if taken else name

    def parameter(self, name: str, symbol: Symbol) -> str:
        if symbol.role is Role.ARRAY:
            self.uses.update(("NDArray", "Any"))
            return f"{self.name(name)}: NDArray[Any]"
        if symbol.role is Role.STRING:
            return f"{self.name(name)}: bytes"
        assert symbol.kind is not None
        return f"{self.name(name)}: {_ANNOTATIONS[symbol.kind]}"

    def typed(self, expression: Expression, wanted: Kind) -> Expression:
        return typed(
            resolve_names(expression, self.environment), self.environment, wanted
        )

    def text(self, value: Expression, *, truth: bool = False) -> str:
        printed = print_python(value, self.name, truth=truth, facts=self.facts)
        self.uses.update(printed.uses)
        return printed.text

    def test(self, expression: Expression) -> str:
        return self.text(self.typed(expression, Kind.LOGICAL), truth=True)

    def block(self, block: Block, depth: int) -> Iterator[str]:
        """Yield the lines of a block, ``pass`` if it has none."""
        lines = [
            line
            for statement in block.statements
            for line in self.lines(statement, depth)
        ]
        yield from lines or [f"{'    ' * depth}pass"]

    def lines(self, statement: Statement, depth: int) -> Iterator[str]:
        indent = "    " * depth
        match statement:
            case Evaluate(expression):
                for text in self.effect(expression):
                    yield f"{indent}{text}"
            case Declaration(_, name, initial):
                if initial is not None:
                    yield f"{indent}{self.assignment(Name(name), '=', initial)}"
            case If():
                yield from self.branches(statement, depth, "if")
            case For():
                yield from self.for_loop(statement, depth)
            case While():
                yield from self.while_loop(statement, depth)
            case Return(value):
                yield f"{indent}return {self.returned(value)}"
            case Break():
                yield f"{indent}break"
            case Continue():
                yield f"{indent}continue"
            case Block(statements):
                for inner in statements:
                    yield from self.lines(inner, depth)
            case _:
                assert_never(statement)

    def returned(self, value: Expression | None) -> str:
        if value is None:
            raise ExpressionError(f"{self.definition.name} returns nothing")
        return self.text(self.typed(value, self.result))

    def effect(self, expression: Expression) -> Iterator[str]:
        """Yield the statements that an expression evaluated for its effect stands for."""
        match expression:
            case Sequence(items):
                for item in items:
                    yield from self.effect(item)
            case Assignment(target, operator, Assignment() as inner):
                yield from self.effect(inner)
                yield self.assignment(target, operator, inner.target)
            case Assignment(target, operator, value):
                yield self.assignment(target, operator, value)
            case Increment(target, step):
                yield self.assignment(target, "+=" if step > 0 else "-=", Integer(1))
            case _:
                raise ExpressionError("a statement without effect", expression.at)

    def assignment(self, target: Expression, operator: str, value: Expression) -> str:
        if not isinstance(target, Name):
            what = f"{self.definition.name} changes more than its own variables"
            raise ExpressionError(what, target.at)
        symbol = self.environment.find(target.name)
        if symbol is None or symbol.role is not Role.SCALAR or symbol.kind is None:
            raise ExpressionError(
                f"{target.name} is no variable of the function", target.at
            )
        if operator != "=":
            value = Binary(operator.removesuffix("="), target, value, target.at)
        computed = self.typed(value, symbol.kind)
        name = self.name(target.name)
        match computed:
            case Binary("+" | "-" | "*" as symbol_text, Name(own), operand) if (
                own == target.name
            ):
                return f"{name} {symbol_text}= {self.text(operand)}"
            case _:
                return f"{name} = {self.text(computed)}"

    def branches(self, statement: If, depth: int, word: str) -> Iterator[str]:
        indent = "    " * depth
        yield f"{indent}{word} {self.test(statement.test)}:"
        yield from self.block(statement.then, depth + 1)
        otherwise = statement.otherwise
        if otherwise is None or not otherwise.statements:
            return
        if len(otherwise.statements) == 1 and isinstance(otherwise.statements[0], If):
            yield from self.branches(otherwise.statements[0], depth, "elif")
            return
        yield f"{indent}else:"
        yield from self.block(otherwise, depth + 1)

    def while_loop(self, loop: While, depth: int) -> Iterator[str]:
        indent = "    " * depth
        if not loop.after:
            yield f"{indent}while {self.test(loop.test)}:"
            yield from self.block(loop.body, depth + 1)
            return
        self.refuse_continue(loop.body)
        yield f"{indent}while True:"
        yield from self.block(loop.body, depth + 1)
        yield f"{indent}    if {self.test(Unary('!', loop.test))}:"
        yield f"{indent}        break"

    def for_loop(self, loop: For, depth: int) -> Iterator[str]:
        """Print a loop that counts as one over a range, any other with ``while``."""
        indent = "    " * depth
        counted = _counted(loop, self.definition)
        if counted is not None:
            first, after = (self.typed(bound, Kind.INTEGER) for bound in counted[1:])
            start = "" if first == Integer(0) else f"{self.text(first)}, "
            yield f"{indent}for {self.name(counted[0])} in range({start}{self.text(after)}):"
            self.facts.append(Binary(">=", Name(counted[0]), first))
            yield from self.block(loop.body, depth + 1)
            self.facts.pop()
            return
        self.refuse_continue(loop.body)
        for statement in loop.initial:
            yield from self.lines(statement, depth)
        yield f"{indent}while {'True' if loop.test is None else self.test(loop.test)}:"
        step = () if loop.step is None else (Evaluate(loop.step),)
        body = replace(loop.body, statements=(*loop.body.statements, *step))
        yield from self.block(body, depth + 1)

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
