"""The statements of a source, one a line, and the place that each of their characters has in a file.

`forms` and `signature_form` join the rows of a file into lines. A statement may be continued, come from an included
file, a template or a directive: its `Line` knows the file, line and column of every character.
"""

from __future__ import annotations

import bisect
import codecs
import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, overload

from f2pypy.diagnostics import Span
from f2pypy.syntax import Text

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A character literal of Fortran, whose quotes are doubled inside of it; it may lack its end.
LITERAL = r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?"
_STRING = re.compile(LITERAL)
_SOLID = re.compile(LITERAL + r"|[^\s'\"]+")
_WORD = re.compile(r"\w+")
_BLANKS = re.compile(r"\s*")
_AFTER_ALL = 1 << 62

Place = tuple[int, int, int]  # offset in the text, line, column


class Role(enum.Enum):
    """What a line is: Fortran, an ``!f2py`` directive, or a line for the C preprocessor."""

    STATEMENT = "statement"
    DIRECTIVE = "directive"
    PREPROCESSOR = "preprocessor"
    UNLABELLED = (
        "unlabelled"  # fixed form with something in columns 1 to 5 that is no label
    )


class Line(NamedTuple):
    """One statement, or one row of a file.

    `places` are those of its pieces, by ascending offset; column 0 where columns aren't known. `block` is the `'''`
    text that belongs to a statement of a signature file.

    A tuple, because one is made for every statement of a file, executable ones too.
    """

    text: str
    places: tuple[Place, ...]
    path: str
    role: Role = Role.STATEMENT
    block: Text | None = None

    def span(self, offset: int = 0) -> Span:
        """Return the place of the character at `offset` of the text."""
        at = 0
        if len(self.places) > 1:
            at = bisect.bisect_right(self.places, (offset, _AFTER_ALL, 0)) - 1
        start, line, column = self.places[max(at, 0)]
        return Span(self.path, line, column + offset - start if column else 0)

    def start(self) -> Span:
        """Return the place of the first character that is no blank."""
        return self.span(len(self.text) - len(self.text.lstrip()))

    def cut(self, start: int, stop: int) -> Line:
        """Return the characters from `start` to `stop`."""
        first = self.span(start)
        places: tuple[Place, ...] = ((0, first.line, first.column),)
        if len(self.places) > 1:
            places += tuple(
                (offset - start, line, column)
                for offset, line, column in self.places
                if start < offset < stop
            )
        return Line(self.text[start:stop], places, self.path, self.role, self.block)

    def stripped(self) -> Line:
        """Return the line without blanks at its ends."""
        text = self.text.strip()
        if text == self.text:
            return self
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, start + len(text))

    def words(self, start: int, stop: int) -> Text:
        """Return the characters from `start` to `stop` without blanks around them, and their place."""
        piece = self.text[start:stop]
        said = piece.strip()
        if len(said) < len(piece):
            start += len(piece) - len(piece.lstrip())
        return Text(said, self.span(start))

    def squeezed(self) -> Line:
        """Return the line without its blanks, but for those in character literals."""
        pieces: list[str] = []
        places: list[Place] = []
        length = 0
        for found in _SOLID.finditer(self.text):
            here = self.span(found.start())
            pieces.append(found.group())
            places.append((length, here.line, here.column))
            length += len(found.group())
        return self._replace(text="".join(pieces), places=tuple(places) or self.places)

    def lowered(self) -> Line:
        """Return the line in lower case, but for character literals."""
        return self._replace(text=lower(self.text))


def row_lines(rows: Iterable[str], path: str) -> list[Line]:
    """Return the rows of a file as lines."""
    return [Line(row, ((0, n, 1),), path) for n, row in enumerate(rows, 1)]


def join(pieces: Sequence[Line]) -> Line:
    """Return one line made of others."""
    if len(pieces) == 1:
        return pieces[0]
    places: list[Place] = []
    length = 0
    for piece in pieces:
        places += [(length + at, line, column) for at, line, column in piece.places]
        length += len(piece.text)
    text = "".join(piece.text for piece in pieces)
    return pieces[0]._replace(text=text, places=tuple(places))


def relocate(lines: Iterable[Line], origins: Sequence[Span]) -> Iterator[Line]:
    """Yield the lines of a generated text at the places that its rows come from; columns stay those of the text."""
    for line in lines:
        places = tuple(
            (offset, origins[number - 1].line, column)
            for offset, number, column in line.places
        )
        path = origins[line.places[0][1] - 1].path
        yield line._replace(places=places, path=path)


def split_statements(line: Line) -> Iterator[Line]:
    """Split a line at its semicolons, those in character literals excepted."""
    if ";" not in line.text:
        yield line
        return
    ends = list(_semicolons(line.text))
    for start, end in zip(
        [0, *(at + 1 for at in ends)], [*ends, len(line.text)], strict=True
    ):
        if line.text[start:end].strip():
            yield line.cut(start, end)


def _semicolons(text: str) -> Iterator[int]:
    at = 0
    for literal in _STRING.finditer(text):
        yield from (i for i in range(at, literal.start()) if text[i] == ";")
        at = literal.end()
    yield from (i for i in range(at, len(text)) if text[i] == ";")


# --- texts ---------------------------------------------------------------------------------------------------------


def decode(raw: bytes) -> str:
    """Return the text of a source file: by its byte order mark, else UTF-8, else Latin-1.

    If the mark is wrong, U+FFFD replaces each byte that can't be decoded.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def split_rows(text: str) -> list[str]:
    """Return the rows of a text as compilers count them: form feeds and Unicode separators end none."""
    return (
        text.removeprefix("\ufeff")
        .replace("\xa0", " ")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")
    )


class Rows(Sequence[str]):
    """The rows of a text, which is split when the first one is asked for: few files have messages about them."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _rows(self) -> list[str]:
        return split_rows(self._text)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return a row, or several."""
        return self._rows[at]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._rows)


def lower(text: str, literals: re.Pattern[str] = _STRING) -> str:
    """Lower the case outside of character literals, character by character so that no offset moves."""
    if "'" in text or '"' in text:
        pieces, end = [], 0
        for literal in literals.finditer(text):
            pieces += [lower_plain(text[end : literal.start()]), literal.group()]
            end = literal.end()
        return "".join([*pieces, lower_plain(text[end:])])
    return lower_plain(text)


def skip_blanks(text: str, offset: int) -> int:
    """Return the offset of the first character from `offset` on that isn't a blank."""
    found = _BLANKS.match(text, offset)
    return found.end() if found else offset


def lower_plain(text: str) -> str:
    """Lower the case of a text; a letter whose lower case is longer stays, since no offset may move."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if c.isascii() else c for c in text)


def words(text: str) -> Iterator[str]:
    """Yield the names, keywords and numbers outside of character literals, in their order."""
    end = 0
    for literal in _STRING.finditer(text):
        yield from _WORD.findall(text, end, literal.start())
        end = literal.end()
    yield from _WORD.findall(text, end)
