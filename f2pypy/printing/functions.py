"""Prints C functions of usercode as Python functions."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.environment import Role, Symbol
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.functions import (
    Assign,
    Choose,
    Count,
    Repeat,
    Result,
    Step,
    TypedFunction,
)
from f2pypy.expressions.nodes import Binary, Expression, Integer, Kind, Name, Unary
from f2pypy.expressions.statements import Break, Continue
from f2pypy.printing.python import Names, format_python

_ANNOTATIONS = {Kind.INTEGER: "int", Kind.REAL: "float", Kind.COMPLEX: "complex"}

# What printed expressions call: variables of these names are renamed.
_RESERVED = frozenset(
    {"abs", "bool", "complex", "element", "float", "idiv", "imod", "int", "ipow", "len"}
    | {"math", "max", "min", "nint", "ord", "range"}
)


def print_function(function: TypedFunction, names: Names = lambda name: name) -> str:
    """Return a function as a Python function of the same arguments, with annotations.

    `names` gives the Python name of each function.
    """
    printer = _Printer(function.functions, names)
    parameters = ", ".join(printer.parameter(*each) for each in function.parameters)
    result = _ANNOTATIONS[function.result]
    header = f"def {printer.name(function.name)}({parameters}) -> {result}:"
    return "\n".join((header, *printer.block(function.body, 1))) + "\n"


@dataclass(frozen=True)
class _Printer:
    functions: frozenset[str]
    names: Names
    facts: list[Expression] = field(default_factory=list)  # hold where it prints

    def name(self, name: str) -> str:
        """Return the Python name of a variable or function."""
        if name in self.functions:
            return (
                self.names(name) if callable(self.names) else self.names.get(name, name)
            )
        taken = keyword.iskeyword(name) or name in _RESERVED
        return f"{name}_" if taken else name

    def parameter(self, name: str, symbol: Symbol) -> str:
        if symbol.role is Role.ARRAY:
            return f"{self.name(name)}: NDArray[Any]"
        if symbol.role is Role.STRING:
            return f"{self.name(name)}: bytes"
        assert symbol.kind is not None
        return f"{self.name(name)}: {_ANNOTATIONS[symbol.kind]}"

    def text(self, value: Expression, *, truth: bool = False) -> str:
        return format_python(value, self.name, truth=truth, facts=self.facts)

    def block(self, steps: tuple[Step, ...], depth: int) -> Iterator[str]:
        """Yield the lines of a block, ``pass`` if it has none."""
        lines = [line for step in steps for line in self.lines(step, depth)]
        yield from lines or [f"{'    ' * depth}pass"]

    def lines(self, step: Step, depth: int) -> Iterator[str]:
        indent = "    " * depth
        match step:
            case Assign():
                yield f"{indent}{self.assignment(step)}"
            case Choose():
                yield from self.branches(step, depth, "if")
            case Count():
                yield from self.counted(step, depth)
            case Repeat():
                yield from self.loop(step, depth)
            case Result(value):
                yield f"{indent}return {self.text(value)}"
            case Break():
                yield f"{indent}break"
            case Continue():
                yield f"{indent}continue"
            case _:
                assert_never(step)

    def assignment(self, step: Assign) -> str:
        name = self.name(step.name)
        match step.value:
            case Binary("+" | "-" | "*" as operator, Name(own), operand) if (
                own == step.name
            ):
                return f"{name} {operator}= {self.text(operand)}"
            case _:
                return f"{name} = {self.text(step.value)}"

    def branches(self, step: Choose, depth: int, word: str) -> Iterator[str]:
        indent = "    " * depth
        yield f"{indent}{word} {self.text(step.test, truth=True)}:"
        yield from self.block(step.then, depth + 1)
        match step.otherwise:
            case ():
                pass
            case (Choose() as only,):
                yield from self.branches(only, depth, "elif")
            case _:
                yield f"{indent}else:"
                yield from self.block(step.otherwise, depth + 1)

    def loop(self, loop: Repeat, depth: int) -> Iterator[str]:
        """Print a loop that tests before or after each turn, or never."""
        indent = "    " * depth
        before = None if loop.last else loop.test
        test = "True" if before is None else self.text(before, truth=True)
        yield f"{indent}while {test}:"
        yield from self.block(loop.body, depth + 1)
        if loop.last and loop.test is not None:
            yield f"{indent}    if {self.text(Unary('!', loop.test), truth=True)}:"
            yield f"{indent}        break"

    def counted(self, loop: Count, depth: int) -> Iterator[str]:
        """Print a loop over a range."""
        start = "" if loop.first == Integer(0) else f"{self.text(loop.first)}, "
        stop = self.text(loop.after)
        yield f"{'    ' * depth}for {self.name(loop.name)} in range({start}{stop}):"
        self.facts.append(Binary(">=", Name(loop.name), loop.first))
        yield from self.block(loop.body, depth + 1)
        self.facts.pop()
