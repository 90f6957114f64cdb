"""Reads the parts of one statement: names, brackets and what stands between commas, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.reading.lines import Line, skip_blanks
from f2pypy.reading.signature_form import BRACKET_TOKEN, BRACKETS
from f2pypy.syntax import Dialect, Text

NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
KEYED = re.compile(r"\s*(?P<key>\w+)\s*=(?!=)\s*", re.ASCII)
_BRACKET = re.compile(r"[\[\](){}'\"]")
_WORD = re.compile(r"\w*")
# A backslash escapes a quote in C, and in Fortran it doesn't.
_TOKENS = {
    Dialect.SIGNATURE: BRACKET_TOKEN,
    Dialect.FORTRAN: re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"" + BRACKETS),
}


class Unreadable(Exception):
    """A statement can't be read; `offset` says which of its characters is wrong."""

    def __init__(self, offset: int = 0, message: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class UnknownStatement(Unreadable):
    """No statement begins like this one."""


@contextmanager
def shifted(offset: int) -> Iterator[None]:
    """Move the errors of a part that begins at `offset` of its statement to the statement."""
    try:
        yield
    except Unreadable as error:
        raise type(error)(offset + error.offset, error.message) from None


class Scanner:
    """A statement as its parts are read; `text` is the statement's.

    All methods take and return offsets in the text and raise `Unreadable` where something else stands there.
    """

    def __init__(
        self, line: Line, diagnostics: Diagnostics, dialect: Dialect = Dialect.SIGNATURE
    ) -> None:
        self.line = line
        self.text = line.text
        self.diagnostics = diagnostics
        self.dialect = dialect

    @property
    def is_source(self) -> bool:
        """Whether this is Fortran of a source, which has nothing of f2py's."""
        return self.dialect is Dialect.FORTRAN

    @property
    def ignored(self) -> str:
        """What a message says of something unknown: sources have nothing that f2pypy could ignore."""
        return "" if self.is_source else " is ignored"

    # not made before it is asked for: C code need not be balanced
    @cached_property
    def mask(self) -> str:
        """The text, with everything inside brackets and quotes overwritten character by character."""
        return mask_groups(self.text, self.dialect)

    def groups(self) -> list[tuple[int, int]]:
        """Return the ranges that `mask` overwrites."""
        return list(_find_groups(self.text, self.dialect))

    def part(self, start: int, stop: int) -> Scanner:
        """Return the scanner of a part of the statement, without blanks around it."""
        piece = self.line.cut(start, stop).stripped()
        return Scanner(piece, self.diagnostics, self.dialect)

    def span(self, offset: int = 0) -> Span:
        """Return the place of the character at `offset`."""
        return self.line.span(offset)

    def words(self, start: int, stop: int | None = None) -> Text:
        """Return the characters from `start` to `stop`, by default the rest, without blanks around them."""
        return self.line.words(start, len(self.text) if stop is None else stop)

    def skip(self, offset: int) -> int:
        """Return the offset of the first character from `offset` on that isn't a blank."""
        return skip_blanks(self.text, offset)

    def skip_colons(self, offset: int) -> int:
        """Return the offset after the ``::`` at `offset`, if there is one."""
        offset = self.skip(offset)
        return offset + 2 * self.mask.startswith("::", offset)

    def has(self, mark: str, offset: int) -> bool:
        """Whether `mark` stands at `offset`, outside of brackets and quotes."""
        return self.mask.startswith(mark, offset)

    def shown(self, offset: int) -> str:
        """Return what stands at `offset`, for a message."""
        return repr(self.text[offset : offset + 12])

    def name(self, offset: int, what: str) -> tuple[str, int]:
        """Return the name at `offset` and the offset after it; `what` says what is expected there."""
        match = NAME.match(self.text, offset)
        if match is not None:
            return match.group(), match.end()
        found = self.text[offset : offset + 1]
        if found.isalpha():
            what += " of letters from A to Z"
        got = f", got {self.shown(offset)}" if found else ""
        raise Unreadable(offset, f"expected {what}{got}")

    def group(self, offset: int) -> tuple[int, int]:
        """Return the range inside the outermost bracket that opens at `offset`."""
        mark = self.mask[offset : offset + 1]
        if mark not in _CLOSING:
            raise Unreadable(offset, f"expected '(', got {self.shown(offset)}")
        return offset + 1, self.mask.index(_CLOSING[mark], offset)

    def commas(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the ranges between the commas from `start` to `stop`, those in brackets excepted; none for blanks."""
        text = self.text[start:stop]
        if "," not in text:
            return [(start, stop)] if text.strip() else []
        is_part = start or stop < len(self.text)
        masked = mask_groups(text, self.dialect) if is_part else self.mask
        ranges, begin = [], start
        for part in masked.split(","):
            ranges.append((begin, begin + len(part)))
            begin += len(part) + 1
        return ranges

    def arguments(self, start: int, stop: int) -> tuple[Text, ...]:
        """Return what stands between the commas from `start` to `stop`."""
        return tuple(self.line.words(*part) for part in self.commas(start, stop))

    def end(self, offset: int, what: str) -> None:
        """Raise `Unreadable` where the statement doesn't end at `offset`; `what` says what ends there."""
        rest = self.skip(offset)
        if rest < len(self.text):
            raise Unreadable(rest, f"expected the end of {what}")

    def warn(self, offset: int, message: str) -> None:
        """Report something odd at `offset`: f2py takes it, Fortran doesn't."""
        if self.is_source:
            raise Unreadable(offset, message)
        self.diagnostics.warn(self.span(offset), message)


def mask_groups(text: str, dialect: Dialect) -> str:
    """Return the text with everything inside brackets and quotes overwritten.

    Single words stay, because fparser's patterns rely on them: ``enum, bind(c)``.
    Raises `Unreadable` where a bracket is not closed or closes nothing.
    """
    if _BRACKET.search(text) is None:
        return text
    pieces, done = [], 0
    for start, stop in _find_groups(text, dialect):
        inside = text[start:stop]
        if not _WORD.fullmatch(inside):
            inside = "x" * len(inside)
        pieces += [text[done:start], inside]
        done = stop
    return "".join(pieces) + text[done:]


def _find_groups(text: str, dialect: Dialect) -> Iterator[tuple[int, int]]:
    """Yield the ranges inside the outermost brackets and quotes of `text`."""
    openings: list[re.Match[str]] = []
    for token in _TOKENS[dialect].finditer(text):
        mark = token.group()
        if mark in _CLOSING:
            openings.append(token)
        elif len(mark) > 1:
            if not openings:
                yield token.start() + 1, token.end() - 1
        elif not openings:
            raise Unreadable(token.start(), f"{mark!r} closes nothing")
        else:
            opening = openings.pop()
            if mark != _CLOSING[opening.group()]:
                message = f"{mark!r} can't close {opening.group()!r}"
                raise Unreadable(token.start(), message)
            if not openings:
                yield opening.end(), token.start()
    if openings:
        opening = openings[-1]
        raise Unreadable(opening.start(), f"{opening.group()!r} is not closed")
