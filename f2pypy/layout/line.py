"""A statement on one line: where its parts stand and where they may break, whatever the width."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias, TypeGuard

Operating: TypeAlias = ast.BinOp | ast.BoolOp | ast.Compare | ast.IfExp
Node: TypeAlias = ast.expr | ast.keyword

OPERATING = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp)

# A place of a line where it may break: in text never, in a bracket inside it, in an operation at its operators.
Piece: TypeAlias = "str | Bracket | Operating"

# The higher, the earlier an operation breaks there.
POWER, PRODUCT, SUM, SHIFT, AND, XOR, OR, COMPARISON, BOOLEAN, CONDITIONAL = range(10)
PRECEDENCE: dict[type[ast.operator], int] = {
    ast.Pow: POWER,
    ast.Mult: PRODUCT,
    ast.MatMult: PRODUCT,
    ast.Div: PRODUCT,
    ast.FloorDiv: PRODUCT,
    ast.Mod: PRODUCT,
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.LShift: SHIFT,
    ast.RShift: SHIFT,
    ast.BitAnd: AND,
    ast.BitXor: XOR,
    ast.BitOr: OR,
}


class UnknownForm(Exception):
    """A construct without a rule for breaking it."""


class Parentheses(Enum):
    """When a value that is too long gets parentheses: always, if it then fits, or never."""

    IF_BROKEN = auto()
    IF_FITTING = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair of brackets that is not empty: the columns of its text, whose it is, and whether it is grouping only."""

    start: int
    end: int
    node: ast.AST
    is_grouping: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands with the operators between them, a precedence and a text each: one fewer than operands."""

    operands: list[ast.expr]
    operators: list[tuple[int, str]]

    def part(self, first: int, last: int) -> "Operation":
        """Return the operands from `first` up to `last`, without it."""
        return Operation(self.operands[first:last], self.operators[first : last - 1])


@dataclass(frozen=True, slots=True)
class Line:
    """The text of a statement, without its indentation; columns of syntax nodes are places in it."""

    text: str

    def is_parenthesized(self, node: Node) -> bool:
        """Whether `node` has parentheses of its own, or is the only argument of a call."""
        start = node.col_offset
        return (
            start > 0 and self.text[start - 1] == "(" and self.text[end_of(node)] == ")"
        )

    def span(self, node: Node) -> tuple[int, int]:
        """Return the columns of `node` with its parentheses."""
        start, end = node.col_offset, end_of(node)
        return (start - 1, end + 1) if self.is_parenthesized(node) else (start, end)

    def flat(self, node: Node) -> str:
        """Return the text of `node` with its parentheses."""
        start, end = self.span(node)
        return self.text[start:end]

    def is_bare_tuple(self, node: ast.expr) -> TypeGuard[ast.Tuple]:
        """Whether `node` is a tuple without parentheses."""
        if not isinstance(node, ast.Tuple) or not node.elts:
            return False
        return self.span(node.elts[0])[0] == node.col_offset

    def row(self, node: Node, inline: bool = False) -> list[Piece]:
        """Return the pieces of `node`; `inline`: outside of brackets, where no operation breaks."""
        if self.is_parenthesized(node):
            start, end = self.span(node)
            return [Bracket(start, end, node, is_grouping=True)]
        return self.row_within(node, inline)

    def row_within(self, node: Node, inline: bool = False) -> list[Piece]:
        """Return the pieces of `node` without its parentheses."""
        if isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr)):
            return [self.text[node.col_offset : end_of(node)]]
        if isinstance(node, OPERATING) and not inline:
            return [node]
        row: list[Piece] = []
        position = node.col_offset
        for child in self.outer_parts(node):
            start, end = self.span(child)
            if position < start:
                row.append(self.text[position:start])
            row += self.row(child, inline)
            position = end
        if position < end_of(node):
            row.append(self.ending(node, position))
        return row

    def ending(self, node: Node, start: int) -> Piece:
        """Return the piece that `node` ends with after its outer parts: brackets, an attribute's name or a colon."""
        end = end_of(node)
        if isinstance(node, (ast.Attribute, ast.Slice)) or end - start == len("()"):
            return self.text[start:end]
        return Bracket(start, end, node)

    def outer_parts(self, node: Node) -> list[ast.expr]:
        """Return the parts of `node` that stand outside its brackets, in their order."""
        match node:
            case (
                ast.Call(func=part)
                | ast.Subscript(value=part)
                | ast.Attribute(value=part)
            ):
                return [part]
            case (
                ast.UnaryOp(operand=part)
                | ast.Starred(value=part)
                | ast.keyword(value=part)
                | ast.Lambda(body=part)
            ):
                return [part]
            case ast.BinOp(left=left, right=right):
                return [left, right]
            case ast.BoolOp(values=values):
                return values
            case ast.Compare(left=left, comparators=others):
                return [left, *others]
            case ast.IfExp(body=body, test=test, orelse=other):
                return [body, test, other]
            case ast.Slice(lower=lower, upper=upper, step=step):
                return [part for part in (lower, upper, step) if part]
            case ast.Tuple(elts=elements):
                return elements if self.is_bare_tuple(node) else []
            case ast.List() | ast.Set() | ast.Dict():
                return []
        raise UnknownForm(type(node).__name__)

    def items(self, bracket: Bracket) -> list[list[Piece]]:
        """Return the rows between the commas of `bracket`."""
        match bracket.node:
            case ast.expr() as node if bracket.is_grouping:
                return [self.row_within(node)]
            case ast.Call(args=arguments, keywords=keywords):
                return self.arguments([*arguments, *keywords])
            case ast.Subscript(slice=index):
                return [
                    self.row(part)
                    for part in (index.elts if self.is_bare_tuple(index) else [index])
                ]
            case (
                ast.List(elts=elements)
                | ast.Tuple(elts=elements)
                | ast.Set(elts=elements)
            ):
                return [self.row(element) for element in elements]
            case ast.Dict(keys=keys, values=values):
                return [
                    self.entry(key, value)
                    for key, value in zip(keys, values, strict=True)
                ]
            case ast.arguments() as parameters:
                return self.parameters(parameters)
        raise UnknownForm(type(bracket.node).__name__)

    def arguments(self, arguments: list[Node]) -> list[list[Piece]]:
        """Return the rows of a call's arguments."""
        if len(arguments) > 1:
            # A starred argument may stand between keywords.
            return [self.row(argument) for argument in sorted(arguments, key=start_of)]
        # The parentheses round an only argument are the call's, unless there are two pairs.
        start, end = self.span(arguments[0])
        doubled = self.text[start - 1] == "(" and self.text[end : end + 1] == ")"
        return [self.row(arguments[0]) if doubled else self.row_within(arguments[0])]

    def entry(self, key: ast.expr | None, value: ast.expr) -> list[Piece]:
        """Return the row of a dictionary's entry; without a key the value is itself a dictionary."""
        return (
            [*self.row(key), ": ", *self.row(value)]
            if key
            else ["**", *self.row(value)]
        )

    def parameters(self, parameters: ast.arguments) -> list[list[Piece]]:
        """Return the rows of a definition's parameters, `/` and `*` among them."""
        positional = [*parameters.posonlyargs, *parameters.args]
        required = [None] * (len(positional) - len(parameters.defaults))
        rows = [
            self.parameter(*pair)
            for pair in zip(positional, [*required, *parameters.defaults], strict=True)
        ]
        if parameters.posonlyargs:
            rows.insert(len(parameters.posonlyargs), ["/"])
        if parameters.vararg:
            rows.append(["*", *self.parameter(parameters.vararg, None)])
        elif parameters.kwonlyargs:
            rows.append(["*"])
        rows += [
            self.parameter(*pair)
            for pair in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
        ]
        if parameters.kwarg:
            rows.append(["**", *self.parameter(parameters.kwarg, None)])
        return rows

    def parameter(self, parameter: ast.arg, default: ast.expr | None) -> list[Piece]:
        """Return the row of one parameter."""
        row: list[Piece] = [parameter.arg]
        if parameter.annotation:
            row += [": ", *self.row(parameter.annotation)]
        if default:
            row += [" = " if parameter.annotation else "=", *self.row(default)]
        return row

    def operation(self, node: Operating) -> Operation:
        """Return the operation of `node`, together with the operations that are its operands."""
        operation = Operation([], [])
        position = 0
        for part in self.outer_parts(node):
            start, end = self.span(part)
            if operation.operands:
                operation.operators.append(
                    (precedence_of(node), self.text[position:start].strip())
                )
            if self.continues(part, node):
                inner = self.operation(part)
                operation.operands.extend(inner.operands)
                operation.operators.extend(inner.operators)
            else:
                operation.operands.append(part)
            position = end
        return operation

    def continues(self, part: ast.expr, node: Operating) -> TypeGuard[Operating]:
        """Whether `part` breaks in line with `node`: operators with operators, a condition after another's else."""
        if not isinstance(part, OPERATING) or self.is_parenthesized(part):
            return False
        return isinstance(part, ast.IfExp) == isinstance(node, ast.IfExp)

    def reach(self, row: list[Piece], tail: int) -> int:
        """Count the columns up to the first break of `row` if it breaks where it can."""
        columns = 0
        for piece in row:
            if isinstance(piece, Bracket):
                return columns + 1
            if not isinstance(piece, str):
                first = self.operation(piece).operands[0]
                return columns + self.reach(self.row(first), 0)
            columns += len(piece)
        return columns + tail

    def value_reach(self, node: ast.expr, tail: int) -> int:
        """Count the columns up to the first break of a value, which may get parentheses."""
        if self.is_bare_tuple(node) or self.parentheses(node) is Parentheses.IF_BROKEN:
            return len("(")
        return self.reach(self.row(node, inline=True), tail)

    def parentheses(self, node: ast.expr) -> Parentheses:
        """Tell when `node` gets parentheses as a right side, a condition or what is returned."""
        match node:
            case ast.BinOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
                return Parentheses.IF_BROKEN
            case ast.Name() | ast.Constant() | ast.JoinedStr():
                return Parentheses.IF_FITTING
            case ast.Call() | ast.Attribute() | ast.Subscript() | ast.UnaryOp():
                (root,) = self.outer_parts(node)
                return (
                    Parentheses.NEVER
                    if self.is_parenthesized(root)
                    else self.parentheses(root)
                )
        return Parentheses.NEVER

    def may_break_in_brackets(self, node: ast.expr) -> bool:
        """Whether an operation breaks well without parentheses: brackets at an end, one operator that would break."""
        counts: dict[int, int] = {}
        *_, last = self.operands(node, counts)
        if counts[max(counts)] > 1:
            return False
        first = self.first_operand(node)
        return self.ends_in_bracket(last) or (
            first is not None and self.ends_in_bracket(first)
        )

    def operands(self, node: ast.expr, counts: dict[int, int]) -> Iterator[ast.expr]:
        """Yield the operands of `node`, counting the operators between them by precedence."""
        if isinstance(node, OPERATING):
            precedence = precedence_of(node)
            counts[precedence] = (
                counts.get(precedence, 0) + len(self.outer_parts(node)) - 1
            )
        elif not isinstance(node, ast.UnaryOp):
            yield node
            return
        for part in self.outer_parts(node):
            if self.is_parenthesized(part):
                yield part
            else:
                yield from self.operands(part, counts)

    def first_operand(self, node: ast.expr) -> ast.expr | None:
        """Return the operand, down to the root of a call, that `node` starts with; None if that is an operator."""
        while not isinstance(node, ast.UnaryOp):
            parts = (
                self.outer_parts(node)
                if not isinstance(node, (ast.Name, ast.Constant, ast.JoinedStr))
                else []
            )
            if not parts:
                return node
            node = parts[0]
            if self.is_parenthesized(node):
                return node
        return None

    def ends_in_bracket(self, node: ast.expr) -> bool:
        """Whether `node` ends in brackets of its own that are not empty; those of subscripts don't count."""
        if isinstance(node, ast.Subscript):
            return False
        return self.is_parenthesized(node) or isinstance(
            self.row_within(node, inline=True)[-1], Bracket
        )


def start_of(node: Node) -> int:
    """Return the column `node` starts at."""
    return node.col_offset


def end_of(node: Node) -> int:
    """Return the column after `node`."""
    assert node.end_col_offset is not None
    return node.end_col_offset


def precedence_of(node: Operating) -> int:
    """Return the precedence of the operators of `node`."""
    match node:
        case ast.BinOp(op=operator):
            return PRECEDENCE[type(operator)]
        case ast.Compare():
            return COMPARISON
        case ast.BoolOp():
            return BOOLEAN
        case ast.IfExp():
            return CONDITIONAL
