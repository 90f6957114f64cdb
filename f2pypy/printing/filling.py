"""Lines that are too long go on below their longest bracket, with as much on each line as fits.

Templates print a statement as one line. This is no formatter: generated modules say ``# fmt: off``, and a line that has
no comma, no condition and no ``and`` or ``or`` to be broken at stays as long as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from f2pypy.dataclass import dataclass, field

# A little less than a linter's usual 120.
WIDTH = 115
# Lines go on below a first bracket up to this column, else indented by two levels.
FARTHEST = 50
# A string is one token: brackets and commas in it are text.
TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\[({]|[\])}]|,|\b(?:and|or|if|else)\b""",
    re.DOTALL,
)
# A statement whose value or condition may be put into parentheses.
OPEN = re.compile(r"(\s*(?:if|elif|while|return|[\w.]+(?:: [^=]+)? =) )(.*?)(:?)")


@dataclass
class Bracket:
    """A bracket in a line: where its inside starts and ends, where it may be broken, the brackets in it."""

    start: int = 0
    end: int = 0
    commas: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    inner: list[Bracket] = field(default_factory=list)

    @property
    def places(self) -> list[int]:
        """Where it may be broken: after commas, without any before the words of conditions."""
        return self.commas or self.words


def fill(text: str) -> str:
    """Return statements with their lines of more than `WIDTH` characters broken.

    `text` holds no strings of several lines.
    """
    lines = text.split("\n")
    if max(map(len, lines)) <= WIDTH:
        return text
    return "\n".join(part for line in lines for part in fill_line(line))


def fill_line(line: str) -> list[str]:
    """Return the lines that one becomes."""
    if len(line) <= WIDTH:
        return [line]
    broken = bracket_to_break(line)
    # what stands before a far bracket can't be put into parentheses by itself
    if broken is None or broken.start > WIDTH:
        opened = None if is_part(line) else OPEN.fullmatch(line)
        if opened is not None and read_brackets(opened[2]).places:
            return fill_line(f"{opened[1]}({opened[2]}){opened[3]}")
    if broken is None:
        return [line]
    margin = " " * broken.start
    places = [0, *broken.places, len(line)]
    if broken.start > FARTHEST:
        margin = " " * (len(line) - len(line.lstrip()) + 8)
        places.insert(1, broken.start)
    lines: list[str] = []
    row = line[: places[1]].rstrip()
    for begin, end in pairwise(places[1:]):
        *above, row = fill_line(row)
        lines += above
        item = line[begin:end].strip()
        if len(f"{row} {item}") > WIDTH or begin == broken.start:
            lines.append(row)
            row = margin + item
        else:
            row = f"{row} {item}"
    return [*lines, *fill_line(row)]


def is_part(line: str) -> bool:
    """Whether a line is a row of a longer statement: it goes on with one, or is gone on with."""
    return line.endswith(",") or line.count("(") != line.count(")")


def bracket_to_break(line: str) -> Bracket | None:
    """Return the longest bracket that can be broken and is in no other such, None where there is none."""
    found = read_brackets(line).inner
    while found:
        longest = max(found, key=lambda bracket: bracket.end - bracket.start)
        if longest.places:
            return longest
        found = longest.inner
    return None


def read_brackets(line: str) -> Bracket:
    """Return the brackets of a line, which stands for the outermost one."""
    stack = [Bracket()]
    for token in TOKEN.finditer(line):
        text = token[0]
        if text in "([{":
            stack.append(Bracket(token.end()))
        elif text in ")]}" and len(stack) > 1:
            closed = stack.pop()
            closed.end = token.start()
            stack[-1].inner.append(closed)
        elif text == "," and token.end() < len(line):
            stack[-1].commas.append(token.end())
        elif len(text) > 1 and text.isalpha():
            stack[-1].words.append(token.start())
    while len(stack) > 1:  # what is left open goes on in the next line
        stack[-2].inner.append(replace(stack.pop(), end=len(line)))
    return stack[0]
