"""Breaks the lines of Python text that are too long, in the form `ruff format` keeps.

Templates print a statement as one line, with the spaces, quotes and parentheses of the formatter's style; only where
to break is left to this module. A line within the width is never looked at twice.

The terms are those of pretty printing. A line is a row of text and brackets; a bracket is flat (`f(a, b)`) or broken:
its items stand indented, one a line and each with a comma, which also makes the formatter keep it broken at a larger
width. An expression with operators breaks before every operator of its lowest precedence, but only inside brackets; an
operand that still is too long then breaks itself. `x = a + b` gets parentheses for that. Whether something stays flat
depends on what follows on the same line: its tail, as columns up to the next place where the line may break.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

__all__ = ["layout"]

INDENT = 4

Binary: TypeAlias = ast.BinOp | ast.BoolOp | ast.Compare
Place: TypeAlias = ast.expr | ast.keyword | ast.arg

# What may break at a place of a line: text never, a bracket at its parentheses, an expression at its operators.
Piece: TypeAlias = "str | Bracket | Binary | ast.IfExp"

# The higher, the earlier a line breaks there.
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


# A string of any kind or a comment, which may hold quotes.
STRING = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#.*""",
)

# Expressions with operands outside their brackets.
COMPOUND = (
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Attribute,
    ast.Subscript,
)


class UnknownForm(Exception):
    """The line has a construct this module has no rule for."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair of brackets that is not empty: columns of its text, what it belongs to, whether it only groups."""

    start: int
    end: int
    node: ast.AST
    groups: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A statement on one line: its text (no indentation) and the width the result may have, both in characters."""

    text: str
    width: int

    # Where things are

    def is_parenthesized(self, node: Place) -> bool:
        return (
            self.text[node.col_offset - 1 : node.col_offset] == "("
            and self.text[_end(node)] == ")"
        )

    def span(self, node: Place) -> tuple[int, int]:
        """Return the columns of `node` with its own parentheses, if any."""
        start, end = node.col_offset, _end(node)
        return (
            (start - 1, end + 1)
            if start and self.is_parenthesized(node)
            else (start, end)
        )

    def is_bare_tuple(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Tuple)
            and bool(node.elts)
            and self.span(node.elts[0])[0] == node.col_offset
        )

    def is_empty(self, start: int, end: int) -> bool:
        return end - start == 2

    # From expressions to rows

    def row(self, node: Place, inline: bool) -> list[Piece]:
        """Return text and breakable pieces of an expression; `inline`: outside brackets, where no operator breaks."""
        if (
            isinstance(node, ast.expr)
            and node.col_offset
            and self.is_parenthesized(node)
        ):
            return [Bracket(node.col_offset - 1, _end(node) + 1, node, groups=True)]
        return self.row_inside(node, inline)

    def row_inside(self, node: Place, inline: bool) -> list[Piece]:
        """As `row`, of an expression whose parentheses, if any, are written by the caller."""
        match node:
            case ast.Name() | ast.Constant() | ast.JoinedStr():
                return [self.text[node.col_offset : _end(node)]]
            case ast.BinOp() | ast.BoolOp() | ast.Compare() | ast.IfExp() if not inline:
                return [node]
        row: list[Piece] = []
        position = node.col_offset
        for child in self.children(node):
            start, end = self.span(child)
            if position < start:
                row.append(self.text[position:start])
            row += self.row(child, inline)
            position = end
        end = _end(node)
        if position < end:
            row.append(self.closing_piece(node, position, end))
        return row

    def closing_piece(self, node: Place, start: int, end: int) -> Piece:
        """Return what follows the last operand of `node`: an attribute, a call's or a display's brackets."""
        if isinstance(
            node, (ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict, ast.Set)
        ):
            return (
                self.text[start:end]
                if self.is_empty(start, end)
                else Bracket(start, end, node)
            )
        return self.text[start:end]

    def children(self, node: Place) -> list[ast.expr]:
        """Return the operands of `node` that stand outside its brackets, in their order."""
        match node:
            case (
                ast.Call(func=child)
                | ast.Subscript(value=child)
                | ast.Attribute(value=child)
            ):
                return [child]
            case (
                ast.UnaryOp(operand=child)
                | ast.Starred(value=child)
                | ast.keyword(value=child)
            ):
                return [child]
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
            case ast.Tuple(elts=elements) if self.is_bare_tuple(node):
                return elements
            case ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
                return []
        raise UnknownForm(type(node).__name__)

    def items(self, bracket: Bracket) -> list[list[Piece]]:
        """Return the rows between the commas of `bracket`."""
        match bracket.node:
            case ast.expr() as node if bracket.groups:
                return [self.row_inside(node, inline=False)]
            case ast.Call(args=arguments, keywords=keywords):
                return self.arguments(sorted([*arguments, *keywords], key=_start))
            case ast.Subscript(slice=index):
                parts = (
                    index.elts
                    if isinstance(index, ast.Tuple) and self.is_bare_tuple(index)
                    else [index]
                )
                return [self.row(part, inline=False) for part in parts]
            case (
                ast.List(elts=elements)
                | ast.Tuple(elts=elements)
                | ast.Set(elts=elements)
            ):
                return [self.row(element, inline=False) for element in elements]
            case ast.Dict(keys=keys, values=values):
                return [
                    self.entry(key, value)
                    for key, value in zip(keys, values, strict=True)
                ]
            case ast.arguments() as arguments:
                return self.parameters(arguments)
        raise UnknownForm(type(bracket.node).__name__)

    def arguments(self, arguments: list[ast.expr | ast.keyword]) -> list[list[Piece]]:
        if len(arguments) != 1:
            return [self.row(argument, inline=False) for argument in arguments]
        # The parentheses round a call's only argument are the call's, unless there are two pairs.
        argument = arguments[0]
        start, end = self.span(argument)
        doubled = (
            start > 0
            and self.text[start - 1] == "("
            and self.text[end : end + 1] == ")"
        )
        return [
            self.row(argument, inline=False)
            if doubled
            else self.row_inside(argument, inline=False)
        ]

    def entry(self, key: ast.expr | None, value: ast.expr) -> list[Piece]:
        if key is None:
            return ["**", *self.row(value, inline=False)]
        return [*self.row(key, inline=False), ": ", *self.row(value, inline=False)]

    def parameters(self, arguments: ast.arguments) -> list[list[Piece]]:
        """Return the rows of a definition's parameters, `/` and `*` among them."""
        positional = [*arguments.posonlyargs, *arguments.args]
        missing: list[ast.expr | None] = [None] * (
            len(positional) - len(arguments.defaults)
        )
        defaults = missing + arguments.defaults
        rows = [
            self.parameter(*pair) for pair in zip(positional, defaults, strict=True)
        ]
        if arguments.posonlyargs:
            rows.insert(len(arguments.posonlyargs), ["/"])
        if arguments.vararg:
            rows.append(["*", *self.parameter(arguments.vararg, None)])
        elif arguments.kwonlyargs:
            rows.append(["*"])
        rows += [
            self.parameter(*pair)
            for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ]
        if arguments.kwarg:
            rows.append(["**", *self.parameter(arguments.kwarg, None)])
        return rows

    def parameter(self, parameter: ast.arg, default: ast.expr | None) -> list[Piece]:
        row: list[Piece] = [parameter.arg]
        if parameter.annotation:
            row += [": ", *self.row(parameter.annotation, inline=False)]
        if default:
            row += [
                " = " if parameter.annotation else "=",
                *self.row(default, inline=False),
            ]
        return row

    # Breaking

    def reach(self, row: list[Piece], tail: int) -> int:
        """Count the columns from the start of `row`, which breaks where it can, up to its first break."""
        columns = 0
        for piece in row:
            match piece:
                case str():
                    columns += len(piece)
                case Bracket():
                    return columns + 1
                case _:
                    operands, _ = self.operation(piece)
                    return columns + self.reach(self.row(operands[0], inline=False), 0)
        return columns + tail

    def lay_row(self, row: list[Piece], indent: int, column: int, tail: int) -> str:
        """Lay out `row` from `column` on; the lines that follow stand at `indent`."""
        tails = [tail]
        for place in range(len(row) - 1, 0, -1):
            tails.append(self.reach(row[place : place + 1], tails[-1]))
        text = ""
        for piece, tail in zip(row, reversed(tails), strict=True):
            laid = (
                piece
                if isinstance(piece, str)
                else self.lay_piece(piece, indent, column, tail)
            )
            text += laid
            column = _column_after(laid, column)
        return text

    def lay_piece(
        self, piece: Bracket | Binary | ast.IfExp, indent: int, column: int, tail: int
    ) -> str:
        if isinstance(piece, Bracket):
            if column + piece.end - piece.start + tail <= self.width:
                return self.text[piece.start : piece.end]
            return self.break_bracket(piece, indent)
        start, end = piece.col_offset, _end(piece)
        if column + end - start + tail <= self.width:
            return self.text[start:end]
        operands, operators = self.operation(piece)
        return self.break_operation(operands, operators, indent, column, tail)

    def break_bracket(self, bracket: Bracket, indent: int) -> str:
        items = self.items(bracket)
        inner = indent + INDENT
        comma = "," if _takes_comma(bracket, len(items)) else ""
        lines = [
            " " * inner + self.lay_row(item, inner, inner, len(comma)) + comma
            for item in items
        ]
        return "\n".join(
            (
                self.text[bracket.start],
                *lines,
                " " * indent + self.text[bracket.end - 1],
            )
        )

    def operation(
        self, node: Binary | ast.IfExp
    ) -> tuple[list[ast.expr], list[tuple[int, str]]]:
        """Return operands and operators (precedence, text) of nested operations not parted by parentheses."""
        operands: list[ast.expr] = []
        operators: list[tuple[int, str]] = []
        position = 0
        for child in self.children(node):
            start, end = self.span(child)
            if position:
                operators.append((_precedence(node), self.text[position:start].strip()))
            if self.continues(node, child):
                inner_operands, inner_operators = self.operation(child)  # type: ignore[arg-type]
                operands += inner_operands
                operators += inner_operators
            else:
                operands.append(child)
            position = end
        return operands, operators

    def continues(self, node: Binary | ast.IfExp, child: ast.expr) -> bool:
        """Whether `child` breaks where `node` does: an operand of an operand, the else part that is a condition."""
        if self.span(child)[0] != child.col_offset:
            return False
        if isinstance(node, ast.IfExp):
            return isinstance(child, ast.IfExp)
        return isinstance(child, Binary)

    def break_operation(
        self,
        operands: list[ast.expr],
        operators: list[tuple[int, str]],
        indent: int,
        column: int,
        tail: int,
    ) -> str:
        """Lay out a line for each part between the operators of lowest precedence, the operator first."""
        lowest = max(precedence for precedence, _ in operators)
        ends = [
            place
            for place, (precedence, _) in enumerate(operators)
            if precedence == lowest
        ]
        lines: list[str] = []
        prefix = ""
        for first, last in pairwise([-1, *ends, len(operators)]):
            parts = operands[first + 1 : last + 1]
            part_tail = tail if last == len(operators) else 0
            inner = operators[first + 1 : last]
            lines.append(
                prefix
                + self.lay_operands(
                    parts, inner, indent, column + len(prefix), part_tail
                )
            )
            prefix = operators[last][1] + " " if last < len(operators) else ""
            column = indent
        return ("\n" + " " * indent).join(lines)

    def lay_operands(
        self,
        operands: list[ast.expr],
        operators: list[tuple[int, str]],
        indent: int,
        column: int,
        tail: int,
    ) -> str:
        start, end = self.span(operands[0])[0], self.span(operands[-1])[1]
        if column + end - start + tail <= self.width:
            return self.text[start:end]
        if operators:
            return self.break_operation(operands, operators, indent, column, tail)
        return self.lay_row(self.row(operands[0], inline=False), indent, column, tail)

    # Expressions of statements, which get parentheses where that helps

    def lay_value(self, node: ast.expr, indent: int, column: int, tail: int) -> str:
        """Lay out a right side, condition or returned value, with parentheses if it breaks better so."""
        start, end = self.span(node)
        if column + end - start + tail <= self.width:
            return self.text[start:end]
        if self.is_bare_tuple(node):
            return self.parenthesize(node, indent)
        row = self.row(node, inline=True)
        kind = self.needs_parentheses(node)
        if kind is NEVER:
            return self.lay_row(row, indent, column, tail)
        if kind is IF_BROKEN and not self.may_omit_parentheses(node):
            return self.parenthesize(node, indent)
        if self.fits_outside_brackets(row, indent, column, tail):
            return self.lay_row(row, indent, column, tail)
        if kind is IF_BROKEN or (
            column < self.width and self.fits_expanded(row, indent + INDENT)
        ):
            return self.parenthesize(node, indent)
        return self.lay_row(row, indent, column, tail)

    def value_reach(self, node: ast.expr, tail: int) -> int:
        """Count the columns up to the first place where `lay_value` may break."""
        if self.is_bare_tuple(node) or self.needs_parentheses(node) is IF_BROKEN:
            return 1
        return self.reach(self.row(node, inline=True), tail)

    def fits_outside_brackets(
        self, row: list[Piece], indent: int, column: int, tail: int
    ) -> bool:
        """Whether the text of `row` between its brackets fits if every bracket is broken."""
        for piece in row:
            column += len(piece) if isinstance(piece, str) else 1
            if column > self.width:
                return False
            if isinstance(piece, Bracket):
                column = indent + 1
        return column + tail <= self.width

    def fits_expanded(self, row: list[Piece], indent: int) -> bool:
        """Whether `row` fits on lines of its own if every bracket is broken."""
        lines = (
            " " * indent + Line(self.text, -1).lay_row(row, indent, indent, 0)
        ).split("\n")
        return max(map(len, lines)) <= self.width

    def parenthesize(self, node: ast.expr, indent: int) -> str:
        """`node` in parentheses, on lines of its own; a tuple one element a line."""
        inner = indent + INDENT
        if isinstance(node, ast.Tuple) and self.is_bare_tuple(node):
            rows = [(self.row(element, inline=False), ",") for element in node.elts]
        else:
            rows = [(self.row_inside(node, inline=False), "")]
        lines = [
            " " * inner + self.lay_row(row, inner, inner, len(comma)) + comma
            for row, comma in rows
        ]
        return "\n".join(("(", *lines, " " * indent + ")"))

    def needs_parentheses(self, node: ast.expr) -> str:
        """Whether `node` gets parentheses when it breaks, only if it then fits, or never."""
        match node:
            case ast.BinOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
                return IF_BROKEN
            case (
                ast.Call(func=root)
                | ast.Attribute(value=root)
                | ast.Subscript(value=root)
                | ast.UnaryOp(operand=root)
            ):
                return (
                    NEVER
                    if self.is_parenthesized(root)
                    else self.needs_parentheses(root)
                )
            case ast.Name() | ast.Constant() | ast.JoinedStr():
                return IF_FITTING
        return NEVER

    def may_omit_parentheses(self, node: ast.expr) -> bool:
        """Whether `node` may break in its brackets alone: one operator at most, and brackets at an end of it."""
        counts: dict[int, int] = {}
        last = list(self.leaves(node, counts))[-1]
        if not any(
            isinstance(piece, Bracket) or piece in ("()", "[]", "{}")
            for piece in self.row(node, inline=True)
        ):
            return False
        if counts[max(counts)] > 1:
            return False
        first = self.first_operand(node)
        return self.ends_in_bracket(last) or (
            first is not None and self.ends_in_bracket(first)
        )

    def first_operand(self, node: ast.expr) -> ast.expr | None:
        """Find the operand, or the root of a call, `node` starts with; None if that is an operator."""
        while not isinstance(node, ast.UnaryOp):
            children = self.children(node) if isinstance(node, COMPOUND) else []
            if not children:
                return node
            node = children[0]
            if self.is_parenthesized(node):
                return node
        return None

    def leaves(self, node: ast.expr, counts: dict[int, int]) -> Iterator[ast.expr]:
        """Yield the operands of `node`, left to right, counting the operators between them by precedence."""
        match node:
            case ast.BinOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
                children = self.children(node)
                precedence = _precedence(node)
                counts[precedence] = counts.get(precedence, 0) + len(children) - 1
            case ast.UnaryOp(operand=operand):
                children = [operand]
            case _:
                yield node
                return
        for child in children:
            if self.is_parenthesized(child):
                yield child
            else:
                yield from self.leaves(child, counts)

    def ends_in_bracket(self, node: ast.expr) -> bool:
        """Whether `node` is a call or a display that is not empty, or stands in parentheses; not a subscript."""
        if isinstance(node, ast.Subscript):
            return False
        return self.is_parenthesized(node) or isinstance(
            self.row_inside(node, inline=True)[-1], Bracket
        )


IF_BROKEN, IF_FITTING, NEVER = "if broken", "if fitting", "never"


def _end(node: Place) -> int:
    assert node.end_col_offset is not None
    return node.end_col_offset


def _start(node: Place) -> int:
    return node.col_offset


def _column_after(text: str, column: int) -> int:
    newline = text.rfind("\n")
    return column + len(text) if newline < 0 else len(text) - newline - 1


def _precedence(node: Binary | ast.IfExp) -> int:
    match node:
        case ast.BinOp(op=operator):
            return PRECEDENCE[type(operator)]
        case ast.Compare():
            return COMPARISON
        case ast.BoolOp():
            return BOOLEAN
    return CONDITIONAL


def _takes_comma(bracket: Bracket, count: int) -> bool:
    """Tell whether items have commas: a sole parameter and the element of a 1-tuple too, a sole argument not."""
    if bracket.groups:
        return False
    return count > 1 or isinstance(bracket.node, (ast.Tuple, ast.arguments))


def _lay_assignment(
    line: Line, node: ast.Assign | ast.AugAssign | ast.AnnAssign, indent: int
) -> str:
    match node:
        case (
            ast.Assign(targets=[target])
            | ast.AugAssign(target=target)
            | ast.AnnAssign(annotation=target)
        ):
            pass
        case _:
            raise UnknownForm("assignment to several targets")
    if node.value is None:
        raise UnknownForm("annotation without a value")
    if isinstance(target, (ast.Subscript, ast.BinOp)) or line.is_bare_tuple(target):
        return _lay_after_target(line, target, node.value, indent)
    start = line.span(node.value)[0]
    return line.text[:start] + line.lay_value(node.value, indent, indent + start, 0)


def _lay_after_target(
    line: Line, target: ast.expr, value: ast.expr, indent: int
) -> str:
    """Lay out an assignment whose target can break as well: the right side first, if that is enough."""
    start = line.span(value)[0]
    column = indent + start
    operator = line.text[_end(target) : start]
    row = line.row(value, inline=True)
    if (
        isinstance(value, ast.UnaryOp)
        or line.needs_parentheses(value) is not IF_FITTING
    ):
        tail = len(operator) + line.value_reach(value, 0)
        head = _lay_target(line, target, indent, tail) + operator
        return head + line.lay_value(value, indent, _column_after(head, indent), 0)
    breaks = any(isinstance(piece, Bracket) for piece in row)
    if breaks and column + line.reach(row, 0) <= line.width:
        return line.text[:start] + line.lay_row(row, indent, column, 0)
    if column < line.width:
        return line.text[:start] + line.parenthesize(value, indent)
    head = _lay_target(line, target, indent, line.width) + operator
    return head + line.lay_row(row, indent, _column_after(head, indent), 0)


def _lay_target(line: Line, target: ast.expr, indent: int, tail: int) -> str:
    """Lay out a statement up to the end of `target`, which breaks if `tail` more columns don't fit."""
    if indent + _end(target) + tail <= line.width:
        return line.text[: _end(target)]
    start = target.col_offset
    if isinstance(target, ast.Subscript):
        row = line.row(target, inline=True)
        return line.text[:start] + line.lay_row(row, indent, indent + start, tail)
    return line.text[:start] + line.parenthesize(target, indent)


def _lay_return(line: Line, node: ast.Return, indent: int) -> str:
    value = node.value
    if value is None:
        return line.text
    start = value.col_offset
    return line.text[:start] + line.lay_value(value, indent, indent + start, 0)


def _lay_call(line: Line, node: ast.Raise | ast.Expr, indent: int) -> str:
    value = node.exc if isinstance(node, ast.Raise) else node.value
    if not isinstance(value, ast.Call) or _end(value) != len(line.text):
        raise UnknownForm("neither a call nor the raising of one")
    start = value.col_offset
    return line.text[:start] + line.lay_row(
        line.row(value, inline=True), indent, indent + start, 0
    )


def _lay_condition(line: Line, node: ast.If | ast.While, indent: int) -> str:
    start, end = line.span(node.test)
    tail = line.text[end:]
    return (
        line.text[:start]
        + line.lay_value(node.test, indent, indent + start, len(tail))
        + tail
    )


def _lay_loop(line: Line, node: ast.For, indent: int) -> str:
    start, end = line.span(node.iter)
    head, tail = line.text[:start], line.text[end:]
    if _breaks_before(line, node, indent, line.value_reach(node.iter, len(tail))):
        target = line.parenthesize(node.target, indent)
        head = (
            head[: node.target.col_offset]
            + target
            + line.text[_end(node.target) : start]
        )
    return (
        head
        + line.lay_value(node.iter, indent, _column_after(head, indent), len(tail))
        + tail
    )


def _breaks_before(line: Line, node: ast.For, indent: int, reach: int) -> bool:
    """Whether the targets of a loop break; a single one only if all of it then fits."""
    start, end = node.target.col_offset, _end(node.target)
    after = node.iter.col_offset - end + reach
    if indent + end + after <= line.width:
        return False
    broken = max(indent + INDENT + end - start, indent + 1 + after)
    return line.is_bare_tuple(node.target) or broken <= line.width


def _lay_import(line: Line, node: ast.ImportFrom, indent: int) -> str:
    names = line.text[node.names[0].col_offset :].split(", ")
    inner = " " * (indent + INDENT)
    lines = [f"{inner}{name}," for name in names]
    return "\n".join(
        (line.text[: node.names[0].col_offset] + "(", *lines, " " * indent + ")")
    )


def _lay_definition(line: Line, node: ast.FunctionDef, indent: int) -> str:
    """Break a definition's parameters first, then what it returns."""
    opening = len("def ") + len(node.name)
    end = node.returns.col_offset if node.returns else len(line.text)
    closing = line.text.rindex(")", 0, end) + 1
    head = line.text[:closing]
    if not line.is_empty(opening, closing):
        head = line.text[:opening] + line.break_bracket(
            Bracket(opening, closing, node.args), indent
        )
    head += line.text[closing:end]
    if node.returns is None:
        return head
    return (
        head
        + line.lay_value(node.returns, indent, _column_after(head, indent), 1)
        + ":"
    )


STATEMENTS: dict[type[ast.stmt], Callable[..., str]] = {
    ast.Assign: _lay_assignment,
    ast.AugAssign: _lay_assignment,
    ast.AnnAssign: _lay_assignment,
    ast.Return: _lay_return,
    ast.Raise: _lay_call,
    ast.Expr: _lay_call,
    ast.If: _lay_condition,
    ast.While: _lay_condition,
    ast.For: _lay_loop,
    ast.ImportFrom: _lay_import,
    ast.FunctionDef: _lay_definition,
}


def _lay_statement(line: str, width: int) -> str:
    """`line` broken, or as it is if it is no statement of a known form or can't be broken."""
    text = line.lstrip(" ")
    indent = len(line) - len(text)
    # Columns of the syntax tree are bytes; a letter for each other character keeps them those of the text.
    source = text if text.isascii() else re.sub(r"[^\x00-\x7f]", "x", text)
    if source.startswith("elif "):
        source = source.replace("elif ", "if   ", 1)
    if source.endswith(":"):
        source += " pass"
    try:
        (statement,) = ast.parse(source).body
        laid = STATEMENTS[type(statement)](Line(text, width), statement, indent)
    except (SyntaxError, ValueError, KeyError, UnknownForm):
        return line
    return " " * indent + laid


def _is_continued(line: str) -> bool:
    """Whether the next line belongs to an open bracket of `line`."""
    return line.endswith(("(", "[", "{", ",")) and not line.lstrip(" ").startswith("#")


def _lines_of_strings(text: str) -> set[int]:
    """Numbers of the lines that begin inside a string or comment of several lines."""
    inside: set[int] = set()
    number = position = 0
    for match in STRING.finditer(text):
        string = match.group()
        if "\n" in string:
            number += text.count("\n", position, match.start())
            count = string.count("\n")
            inside.update(range(number + 1, number + count + 1))
            number += count
            position = match.end()
    return inside


def layout(text: str, width: int = 88) -> str:
    """Break the statements of `text` that stand on one line longer than `width`; everything else stays as it is."""
    lines = text.split("\n")
    inside = _lines_of_strings(text)
    for number, line in enumerate(lines):
        if (
            len(line) > width
            and number not in inside
            and not (number and _is_continued(lines[number - 1]))
        ):
            lines[number] = _lay_statement(line, width)
    return "\n".join(lines)
