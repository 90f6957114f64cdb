"""The form of signature files: joins their rows, and those of directives, into statements without comments.

Free form with f2py's additions: `'''` texts, C code that holds ``!`` and ``&``, C escapes inside quotes. Included files
may be Fortran in fixed form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from f2pypy.diagnostics import Diagnostics
from f2pypy.files.suffixes import FIXED_SUFFIXES, SIGNATURE_SUFFIXES
from f2pypy.reading.forms import LAST_COLUMN, Form, fixed_lines, guess_form
from f2pypy.reading.lines import Line, Role, join, lower, row_lines, skip_blanks
from f2pypy.syntax import Text

_C_KEYWORDS = "callstatement|callprotoargument|usercode|pymethoddef|fortranname"
_C_STATEMENT = re.compile(rf"\s*({_C_KEYWORDS})\b", re.IGNORECASE)
_TRIPLE_QUOTE = re.compile(rf"(\s*(?:{_C_KEYWORDS})?\s*)'''", re.IGNORECASE)
_DIRECTIVE = re.compile(r"\s*!f2py", re.IGNORECASE)
# A comment or a continued statement by its column.
_FIXED_ROW = re.compile(r"[cC*]| {5}[^\s0]|\t[1-9]")
# A quote that isn't closed is an ordinary character, so that an apostrophe in a note costs
# nothing. The bound keeps lines full of such quotes from taking time that grows with the square.
_QUOTED = (
    r"""'(?:\\.|[^'\\]){0,4000}'|"(?:\\.|[^"\\]){0,4000}"|"""
    r"""'[^']{0,4000}'|"[^"]{0,4000}\""""
)
# Python's regular expressions are fastest if each alternative begins with one character.
BRACKETS = r"|\(|\)|\[|\]|\{|\}"
BRACKET_TOKEN = re.compile(_QUOTED + BRACKETS)
_COMMENT_TOKEN = re.compile(_QUOTED + BRACKETS + "|!")
_SEPARATOR_TOKEN = re.compile(_QUOTED + BRACKETS + "|;")
_LITERAL = re.compile(_QUOTED)


def signature_lines(rows: Sequence[Line], diagnostics: Diagnostics) -> Iterator[Line]:
    """Yield the statements of a signature file or of directives."""
    for line in _join_rows(rows, diagnostics):
        if ";" in line.text:
            yield from _split_semicolons(line)
        else:
            yield line


def included_lines(
    texts: Sequence[str], path: str, diagnostics: Diagnostics
) -> Iterator[Line]:
    """Yield the statements of a file that a signature file includes: another one, or Fortran in either form."""
    suffix = Path(path).suffix.lower()
    if suffix in SIGNATURE_SUFFIXES or not _is_fixed(texts, path):
        yield from signature_lines(row_lines(texts, path), diagnostics)
        return
    last_column = LAST_COLUMN if suffix in FIXED_SUFFIXES else None
    for line in fixed_lines(texts, path, last_column):
        is_directive = line.role is Role.DIRECTIVE
        role = Role.STATEMENT if is_directive else line.role
        yield line.stripped()._replace(role=role)


def _is_fixed(texts: Sequence[str], path: str) -> bool:
    """Whether an included file is in fixed form; without columns that mean something, both forms read the same."""
    has_columns = any(map(_FIXED_ROW.match, texts))
    return has_columns and guess_form(path, "\n".join(texts)) is Form.FIXED


def lower_signature(line: Line) -> Line:
    """Return a statement in lower case; literals and C code keep theirs."""
    if _C_STATEMENT.match(line.text):
        return line
    return line._replace(text=lower(line.text, _LITERAL))


def lower_directive(line: Line) -> Line:
    """Return a directive's statement in lower case, the name in a ``fortranname`` too."""
    is_name = line.text[:11].lower() == "fortranname"
    return line.lowered() if is_name else lower_signature(line)


def _join_rows(rows: Sequence[Line], diagnostics: Diagnostics) -> Iterator[Line]:
    index = 0
    while index < len(rows):
        row = rows[index]
        if sentinel := _DIRECTIVE.match(row.text):
            blanks = " " * sentinel.end()
            row = row._replace(text=blanks + row.text[sentinel.end() :])
        text = row.text
        content = text.lstrip()
        if not content or content[0] == "!":
            index += 1
        elif "'''" in text and (opening := _TRIPLE_QUOTE.match(text)):
            line, index = _read_triple_quoted(rows, index, opening, diagnostics)
            if line is not None:
                yield line
        elif "!" not in text and "&" not in text:
            yield row.stripped()
            index += 1
        else:
            line, index = _read_continued(rows, index, row)
            if line.text:
                yield line


def _read_continued(rows: Sequence[Line], index: int, first: Line) -> tuple[Line, int]:
    """Join the rows from `index` on while they end in ``&``; return the statement and the next index."""
    is_code = _C_STATEMENT.match(first.text) is not None
    pieces: list[Line] = []
    depth = 0
    row = first
    while True:
        start = 0
        if pieces:
            start = skip_blanks(row.text, 0)
            start = start + 1 if row.text[start : start + 1] == "&" else 0
        code, depth = _cut_comment(row.text, start, depth, is_code)
        code = code.rstrip()
        goes_on = code.endswith("&")
        pieces.append(row.cut(start, start + len(code) - goes_on))
        index += 1
        while (
            goes_on and index < len(rows) and rows[index].text.lstrip()[:1] in ("", "!")
        ):
            index += 1
        if not goes_on or index == len(rows):
            return join(pieces).stripped(), index
        row = rows[index]


def _cut_comment(text: str, start: int, depth: int, is_code: bool) -> tuple[str, int]:
    """Return `text` from `start` to its comment, and how many brackets are open after it."""
    if "!" not in text:
        for token in BRACKET_TOKEN.finditer(text, start):
            depth += _nesting(token[0])
        return text[start:], depth
    closed = start  # the brackets that are open now are closed before this offset
    for token in _COMMENT_TOKEN.finditer(text, start):
        offset = token.start()
        if token[0] != "!":
            depth = max(depth + _nesting(token[0]), 0)
        elif depth and offset < closed:
            continue
        elif not _is_c_operator(text, offset, depth, is_code):
            return text[start:offset], depth
        elif depth:
            closed = _closing(text, offset + 1, depth)
    return text[start:], depth


def _nesting(token: str) -> int:
    if token in "([{":
        return 1
    return -1 if token in ")]}" else 0


def _is_c_operator(text: str, offset: int, depth: int, is_code: bool) -> bool:
    """Whether a ``!`` is C's operator and not the start of a comment.

    f2py treats every ``!`` as a comment. Here it is C where a comment can't stand: after an operator, in an expression
    whose bracket is closed on the same line, or as ``!=`` in C code.
    """
    before, after = text[:offset].rstrip(), text[offset + 1 :]
    if before.endswith("&") and not before.endswith("&&"):
        return False
    is_unequal = after.startswith("=") and not after.startswith("==")
    if is_unequal and (is_code or depth):
        return True
    if before.endswith(("=", "?", "||", "&&")) and after[:1] not in ("", " ", "!"):
        return True
    return bool(depth) and _closing(text, offset + 1, depth) > offset


def _closing(text: str, start: int, depth: int) -> int:
    """Return where the outermost of `depth` open brackets is closed in `text`, or 0."""
    for token in BRACKET_TOKEN.finditer(text, start):
        depth += _nesting(token[0])
        if not depth:
            return token.start()
    return 0


def _read_triple_quoted(
    rows: Sequence[Line],
    index: int,
    opening: re.Match[str],
    diagnostics: Diagnostics,
) -> tuple[Line | None, int]:
    """Read the `'''` text that `opening` begins; return its statement and the next index."""
    first = rows[index]
    start = opening.end()
    place = first.span(start)
    parts: list[str] = []
    text = first.text[start:]
    while "'''" not in text:
        parts.append(text)
        index += 1
        if index == len(rows):
            diagnostics.error(
                first.span(opening.end() - 3), "this ''' text is not closed"
            )
            return None, index
        start, text = 0, rows[index].text
    end = text.index("'''")
    parts.append(text[:end])
    rest = text[end + 3 :]
    if rest.strip() and not rest.lstrip().startswith("!"):
        after = rows[index].words(start + end + 3, len(rows[index].text))
        diagnostics.warn(after.span, f"{after.text!r} after ''' is ignored")
    keyword = first._replace(text=opening[1]).stripped()
    return keyword._replace(block=Text("\n".join(parts), place)), index + 1


def _split_semicolons(line: Line) -> Iterator[Line]:
    text = line.text
    if line.block is not None or _C_STATEMENT.match(text):
        yield line
        return
    depth = start = 0
    for token in _SEPARATOR_TOKEN.finditer(text):
        depth = max(depth + _nesting(token[0]), 0)
        if token[0] == ";" and not depth:
            if text[start : token.start()].strip():
                yield line.cut(start, token.start()).stripped()
            start = token.end()
    if text[start:].strip():
        yield line.cut(start, len(text)).stripped()
