"""Breaks the expressions of a line so that they fit a width."""

import ast
from dataclasses import dataclass
from itertools import pairwise

from f2pypy.layout.line import (
    Bracket,
    Line,
    Operation,
    Parentheses,
    Piece,
)

INDENT = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A width, in characters, for what is on a line.

    What methods lay out starts at `column`, its further lines at `indent`, and `tail` columns must be free after it.
    """

    line: Line
    width: int

    def fits(self, text: str, column: int, tail: int) -> bool:
        """Whether `text` may stay flat."""
        return column + len(text) + tail <= self.width

    def lay_row(self, row: list[Piece], indent: int, column: int, tail: int) -> str:
        """Lay out pieces, each with the reach of those after it as its tail."""
        tails = [tail]
        for piece in reversed(row[1:]):
            tails.append(self.line.reach([piece], tails[-1]))
        text = ""
        for piece in row:
            laid = self.lay_piece(piece, indent, column, tails.pop())
            column = column_after(laid, column)
            text += laid
        return text

    def lay_piece(self, piece: Piece, indent: int, column: int, tail: int) -> str:
        """Lay out text, a bracket or an operation."""
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Bracket):
            flat = self.line.text[piece.start : piece.end]
            return (
                flat
                if self.fits(flat, column, tail)
                else self.break_bracket(piece, indent)
            )
        return self.lay_operation(self.line.operation(piece), indent, column, tail)

    def break_bracket(self, bracket: Bracket, indent: int) -> str:
        """Lay out the items of a bracket on lines of their own."""
        items = self.line.items(bracket)
        comma = "," if _takes_commas(bracket, len(items)) else ""
        return self.enclose(
            items,
            comma,
            indent,
            self.line.text[bracket.start],
            self.line.text[bracket.end - 1],
        )

    def enclose(
        self,
        items: list[list[Piece]],
        comma: str,
        indent: int,
        opening: str,
        closing: str,
    ) -> str:
        """Lay out rows between two brackets, one a line."""
        inner = indent + INDENT
        lines = [
            " " * inner + self.lay_row(item, inner, inner, len(comma)) + comma
            for item in items
        ]
        return "\n".join((opening, *lines, " " * indent + closing))

    def lay_operation(
        self, operation: Operation, indent: int, column: int, tail: int
    ) -> str:
        """Lay out an operation or one operand alone."""
        start, end = (
            self.line.span(operation.operands[0])[0],
            self.line.span(operation.operands[-1])[1],
        )
        flat = self.line.text[start:end]
        if self.fits(flat, column, tail):
            return flat
        if operation.operators:
            return self.break_operation(operation, indent, column, tail)
        return self.lay_row(self.line.row(operation.operands[0]), indent, column, tail)

    def break_operation(
        self, operation: Operation, indent: int, column: int, tail: int
    ) -> str:
        """Lay out the parts between the operators of lowest precedence on lines of their own, after the operator."""
        lowest = max(precedence for precedence, _ in operation.operators)
        breaks = [
            place
            for place, (precedence, _) in enumerate(operation.operators, 1)
            if precedence == lowest
        ]
        count = len(operation.operands)
        lines: list[str] = []
        for first, last in pairwise([0, *breaks, count]):
            operator = operation.operators[first - 1][1] + " " if first else ""
            start = (indent if first else column) + len(operator)
            part_tail = tail if last == count else 0
            lines.append(
                operator
                + self.lay_operation(
                    operation.part(first, last), indent, start, part_tail
                )
            )
        return ("\n" + " " * indent).join(lines)

    def lay_value(self, node: ast.expr, indent: int, column: int, tail: int) -> str:
        """Lay out a right side, a condition or what is returned, in parentheses if it breaks better so."""
        flat = self.line.flat(node)
        if self.fits(flat, column, tail):
            return flat
        row = self.line.row(node, inline=True)
        if self.breaks_in_parentheses(node, row, indent, column, tail):
            return self.parenthesize(node, indent)
        return self.lay_row(row, indent, column, tail)

    def breaks_in_parentheses(
        self, node: ast.expr, row: list[Piece], indent: int, column: int, tail: int
    ) -> bool:
        """Whether a value that is too long gets parentheses."""
        if self.line.is_bare_tuple(node):
            return True
        parentheses = self.line.parentheses(node)
        if parentheses is Parentheses.NEVER:
            return False
        if parentheses is Parentheses.IF_FITTING:
            helps = column < self.width and self.fits_alone(row, indent + INDENT)
            return helps and not self.fits_broken(row, indent, column, tail)
        in_brackets = self.line.may_break_in_brackets(node)
        return not (in_brackets and self.fits_broken(row, indent, column, tail))

    def fits_broken(
        self, row: list[Piece], indent: int, column: int, tail: int
    ) -> bool:
        """Whether the text between the brackets fits if all are broken; what they hold may be too long."""
        for piece in row:
            column += len(piece) if isinstance(piece, str) else len("(")
            if column > self.width:
                return False
            if isinstance(piece, Bracket):
                column = indent + len(")")
        return column + tail <= self.width

    def fits_alone(self, row: list[Piece], indent: int) -> bool:
        """Whether all lines fit if `row` starts a line and everything breaks that can."""
        broken = " " * indent + Page(self.line, -1).lay_row(row, indent, indent, 0)
        return max(map(len, broken.split("\n"))) <= self.width

    def parenthesize(self, node: ast.expr, indent: int) -> str:
        """Lay out `node` on lines of its own in parentheses, the elements of a tuple one a line."""
        if self.line.is_bare_tuple(node):
            return self.enclose(
                [self.line.row(element) for element in node.elts], ",", indent, "(", ")"
            )
        return self.enclose([self.line.row_within(node)], "", indent, "(", ")")


def column_after(text: str, column: int) -> int:
    """Return the column at the end of `text`, which starts at `column`."""
    newline = text.rfind("\n")
    return column + len(text) if newline < 0 else len(text) - newline - 1


def _takes_commas(bracket: Bracket, count: int) -> bool:
    if bracket.is_grouping:
        return False
    # An only argument has no comma after it, an only parameter has one.
    return count > 1 or isinstance(bracket.node, (ast.Tuple, ast.arguments))
