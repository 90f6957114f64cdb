"""Fixed and free form: joins the rows of a Fortran source into statements, without comments."""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from f2pypy.files.suffixes import FIXED_SUFFIXES, FREE_SUFFIXES
from f2pypy.reading.lines import Line, Role


class Form(enum.Enum):
    """How a source is laid out: in columns, or freely."""

    FREE = "free"
    FIXED = "fixed"


_HEADER = re.compile(r"-\*-\s*(fix|f90|fortran)\s*-\*-", re.IGNORECASE)
_FREE_START = re.compile(r"[^c*]\s*[^\s\d]", re.IGNORECASE)
# A variable ``c`` may stand there in free form.
_FIXED_COMMENT = re.compile(r"\*|[cC](?:\s*\Z|\s+[^\s=(%]|\$|[-=*!+#.]{2})")
_HINT_LINES = 15  # as many lines of code are looked at for a guess

LAST_COLUMN = 72
# gfortran's and flang's flag for rows of any length
WHOLE_ROWS = "-ffixed-line-length-none"
_CARD = 80  # columns
_COLUMN_ONE = "cC*!dD#"  # d: a DEC debugging line, a comment without -fd-lines-as-code
_OPENING = re.compile(r"['\"!]")


def guess_form(path: str, text: str) -> Form:
    """Guess the form from a ``-*- fix -*-`` header, else from the suffix, else from the first lines of code.

    A file in fixed form may be called ``a.f90`` if it has rows that are no Fortran in free form.
    """
    rows = text.split("\n", 200)
    header = _HEADER.search(rows[0])
    said = header.group(1).lower() if header else ""
    if said == "fix":
        return Form.FIXED
    if said == "f90":
        return Form.FREE
    suffix = Path(path).suffix.lower()
    if suffix in FIXED_SUFFIXES or (said == "fortran" and suffix not in FREE_SUFFIXES):
        return Form.FIXED
    code = [row for row in rows if row.strip() and row[0] not in "!#"]
    if suffix in FREE_SUFFIXES:
        is_fixed = _has_fixed_rows(rows) and not any(map(_looks_free, code))
        return Form.FIXED if is_fixed else Form.FREE
    free = any(map(_looks_free, code[:_HINT_LINES]))
    return Form.FREE if free else Form.FIXED


def _looks_free(row: str) -> bool:
    starts = row[0] != "\t" and _FREE_START.match(row[:5]) is not None
    return starts or row.rstrip().endswith("&")


def _has_fixed_rows(rows: Sequence[str]) -> bool:
    """Whether there is a comment by its column, or a row that continues one which doesn't end in ``&``."""
    before = ""
    for row in rows:
        if _FIXED_COMMENT.match(row) or (row[:6] == "     &" and before[-1:] != "&"):
            return True
        before = cut_comment(row, "")[0].rstrip() or before
    return False


def cut_comment(text: str, quote: str) -> tuple[str, str, str]:
    """Split a row into code, the quote that is still open at its end ("" if none), and the comment.

    `quote` is the one that an earlier row of the same statement has left open.
    """
    at = 0
    while True:
        if quote:
            at = text.find(quote, at) + 1
            if not at:
                return text, quote, ""
            quote = ""
        found = _OPENING.search(text, at)
        if found is None:
            return text, "", ""
        if found.group() == "!":
            return text[: found.start()], "", text[found.start() :]
        quote, at = found.group(), found.end()


class _Rows:
    """Collects the rows of one statement."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.columns: list[tuple[int, int]] = []

    def add(self, text: str, number: int, column: int) -> None:
        self.rows.append(text)
        self.columns.append((number, column))

    def line(self, path: str, role: Role) -> Line:
        """Join the rows."""
        if len(self.rows) == 1:
            return Line(self.rows[0], ((0, *self.columns[0]),), path, role)
        offsets = itertools.accumulate(map(len, self.rows), initial=0)
        places = tuple(
            (offset, *place)
            for offset, place in zip(offsets, self.columns, strict=False)
        )
        return Line("".join(self.rows), places, path, role)


class _Joiner(_Rows):
    """Collects the rows of one statement, and the directives that stand between them."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.quote = ""
        self.role = Role.STATEMENT
        self.directives: list[_Rows] = []

    def add_fixed(self, body: str, number: int, column: int, width: int) -> None:
        """Add the code of a fixed-form row."""
        if self.quote or "!" in body or "'" in body or '"' in body:
            body, self.quote, comment = cut_comment(body, self.quote)
            if self.quote:
                body = body.ljust(
                    width
                )  # a literal runs on through the blanks up to column 72
            if comment[1:5].lower() == "f2py":
                self.directive(comment[5:], number, column + len(body) + 5)
        if self.rows or body.strip():
            self.add(body, number, column)

    def add_free(self, row: str, number: int, continued: bool) -> bool:
        """Add the code of a free-form row; tell whether the statement goes on."""
        code = row.rstrip()
        comment = ""
        if self.quote or "!" in code or "'" in code or '"' in code:
            code, self.quote, comment = cut_comment(code, self.quote)
            code = code.rstrip()
        body = code.lstrip()
        column = len(code) - len(body) + 1
        if body[:1] == "&":
            body, column = body[1:], column + 1
        elif continued:
            body, column = (
                code,
                1,
            )  # blanks before a row that doesn't start with & belong to the statement
        goes_on = body.endswith("&") or (continued and not body)
        if body.endswith("&"):
            body = body[:-1]
        if body or self.rows:
            self.add(body, number, column)
        if not goes_on:
            self.quote = ""
        if comment[1:5].lower() == "f2py":
            self.directive(comment[5:], number, row.index(comment) + 6)
        return goes_on

    def directive(self, text: str, number: int, column: int) -> None:
        """Keep a directive until the statement before it is complete; join one that is continued."""
        rows = self.directives[-1].rows if self.directives else [""]
        last = rows[-1].rstrip()
        if last.endswith("&"):
            rows[-1] = last[:-1]
            tail = text.lstrip().removeprefix("&")
        elif self.directives and text[:1] not in ("", " ", "\t", "0"):
            tail = text[1:]  # column 6 of a fixed-form directive
        else:
            tail = text
            self.directives.append(_Rows())
        self.directives[-1].add(tail, number, column + len(text) - len(tail))

    def flush(self) -> Iterator[Line]:
        """Give what is complete: the statement, then its directives."""
        if self.rows:
            yield self.line(self.path, self.role)
            self.rows, self.columns, self.quote, self.role = [], [], "", Role.STATEMENT
        if self.directives:
            yield from [
                rows.line(self.path, Role.DIRECTIVE) for rows in self.directives
            ]
            self.directives = []


def _untab(row: str) -> str:
    """Lay out a row that starts with a DEC tab: a digit after the tab continues, anything else starts in column 7."""
    head, tab, rest = row.partition("\t")
    if tab and len(head) < 6 and "!" not in head:
        continues = rest[:1] in tuple("123456789") and not head.strip()
        row = "     " + rest if continues else head.ljust(6) + rest
    return row.replace("\t", " ")


def _numbered(rows: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the rows with their numbers, from 1; leave out those that a backslash makes part of a preprocessor line."""
    continued = False
    for number, row in enumerate(rows, 1):
        if not continued:
            yield number, row
        if continued or "\\" in row:
            continued = (
                continued or row.lstrip()[:1] == "#"
            ) and row.rstrip().endswith("\\")


def without_number(row: str, last_column: int | None) -> str:
    """Return a directive without the number of its card: f2py reads directives beyond the last column, too.

    Text there is a card number if it is only a number, or letters and digits of eight columns, and if the text before
    it is complete.
    """
    if last_column is None or len(row) <= last_column:
        return row
    text, beyond = row[:last_column], row[last_column:]
    glued = text[-1:].isalnum() and beyond[:1].isalnum()
    if _CARD_NUMBER.fullmatch(beyond) and not glued and not _UNFINISHED.search(text):
        return text
    return row


_CARD_NUMBER = re.compile(r"\s*(?:\d+|[A-Za-z]{2,4}\s?\d{1,6})\s*")
_UNFINISHED = re.compile(r"[-+*/=(,:&.]\s*\Z")


def without_card_number(row: str) -> str:
    """Return a row with a comment, without the number of its card, which fills columns 73 to 80."""
    text, beyond = row[:LAST_COLUMN], row[LAST_COLUMN:].rstrip()
    fills = len(text + beyond) == _CARD and not text[-1:].isalnum()
    return text if fills and _CARD_NUMBER.fullmatch(beyond) else row


def fixed_lines(
    rows: Sequence[str], path: str, last_column: int | None = LAST_COLUMN
) -> Iterator[Line]:
    """Give the statements of a fixed-form source; columns after `last_column` are comments, but not in directives.

    None allows rows of any length.
    """
    joiner = _Joiner(path)
    width = 0 if last_column is None else last_column - 6
    for number, row in _numbered(rows):
        first = row[:1]
        if first in _COLUMN_ONE:
            if row[1:5].lower() == "f2py" and first not in "dD":
                joiner.directive(without_number(row, last_column)[5:], number, 6)
            elif first == "#":
                yield from joiner.flush()
                yield Line(row, ((0, number, 1),), path, Role.PREPROCESSOR)
            continue
        shift = 0
        if "\t" in row:
            length, row = len(row), _untab(row)
            shift = len(row) - length
        code = row.lstrip()
        indent = len(row) - len(code)
        if not code:
            continue
        if code[0] == "!" and indent != 5:
            if code[1:5].lower() == "f2py":
                code = without_number(row, last_column)[indent:]
                joiner.directive(code[5:], number, indent + 6 - shift)
            continue
        label = row[:5].strip()
        continued = not label and row[5:6] not in ("", " ", "0")
        if not continued:
            yield from joiner.flush()
        if not label or label.isdigit():
            joiner.add_fixed(row[6:last_column], number, 7 - shift, width)
        else:
            joiner.role = Role.UNLABELLED
            joiner.add_fixed(
                row[indent:last_column],
                number,
                indent + 1 - shift,
                width + 6 - indent,
            )
    yield from joiner.flush()


def free_lines(rows: Sequence[str], path: str) -> Iterator[Line]:
    """Give the statements of a free-form source."""
    joiner = _Joiner(path)
    continued = False
    for number, row in _numbered(rows):
        code = row.strip()
        if not code:
            continue
        if code[0] == "!":
            if code[1:5].lower() == "f2py":
                joiner.directive(code[5:], number, row.index("!") + 6)
            continue
        if code[0] == "#" and not joiner.quote:
            if not continued:
                yield from joiner.flush()
                yield Line(code, ((0, number, 1),), path, Role.PREPROCESSOR)
            continue
        if not continued:
            yield from joiner.flush()
        continued = joiner.add_free(row, number, continued)
    yield from joiner.flush()


def joined_lines(
    rows: Sequence[str], path: str, form: Form, last_column: int | None = LAST_COLUMN
) -> Iterator[Line]:
    """Give the statements and directives of a source in its form."""
    if form is Form.FREE:
        return free_lines(rows, path)
    return fixed_lines(rows, path, last_column)
