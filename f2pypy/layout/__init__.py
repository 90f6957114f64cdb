"""Breaks the lines of Python text that are too long, in the form `ruff format` keeps.

Templates print a statement as one line, with the spaces, quotes and parentheses of the formatter's style; only where
to break is left to this package, and a line within the width is not looked at.

The terms are those of pretty printing. A line is a row of text and brackets. A bracket is flat (`f(a, b)`) or broken:
its items stand indented, one a line and each with a comma, which also makes the formatter keep it broken at a larger
width. An operation breaks before every operator of its lowest precedence, but inside brackets only, so that `x = a + b`
gets parentheses; an operand that still is too long then breaks itself. Whether something stays flat depends on what
follows on the same line: its tail, counted in columns up to the next place where the line may break.
"""

import re

from f2pypy.layout.statements import lay_statement

__all__ = ["layout"]

# Strings of all kinds and comments, since either may hold what looks like the start of the other.
STRING_OR_COMMENT = re.compile(
    r'''"""[^"\\]*(?:(?:\\(?s:.)|"(?!""))[^"\\]*)*"""'''
    r"""|'{3}[^'\\]*(?:(?:\\(?s:.)|'(?!''))[^'\\]*)*'{3}"""
    r'''|"[^"\\\n]*(?:\\(?s:.)[^"\\\n]*)*"'''
    r"""|'[^'\\\n]*(?:\\(?s:.)[^'\\\n]*)*'"""
    r"""|\#.*"""
)


def layout(text: str, width: int = 88) -> str:
    """Break the statements of `text` that stand on one line of more than `width` characters.

    Everything else stays as it is: other lines, comments, strings of several lines and statements of unknown forms.
    """
    lines = text.split("\n")
    inside = lines_inside_strings(text)
    for number, line in enumerate(lines):
        if len(line) <= width or number in inside:
            continue
        if number == 0 or not is_continued(lines[number - 1]):
            lines[number] = lay_statement(line, width)
    return "\n".join(lines)


def is_continued(line: str) -> bool:
    """Whether the line after `line` stands in a bracket that is broken already."""
    return line.endswith(("(", "[", "{", ",")) and not line.lstrip(" ").startswith("#")


def lines_inside_strings(text: str) -> set[int]:
    """Return the numbers, from 0, of the lines that begin inside a string."""
    inside: set[int] = set()
    number = position = 0
    for match in STRING_OR_COMMENT.finditer(text):
        count = match.group().count("\n")
        if count:
            number += text.count("\n", position, match.start())
            inside.update(range(number + 1, number + count + 1))
            number += count
            position = match.end()
    return inside
