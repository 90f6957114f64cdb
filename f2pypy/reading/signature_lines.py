"""From the lines of a signature file to its statements, each with the place of every character.

Free form with f2py's additions: `'''` texts, C code that holds ``!`` and ``&``, C escapes inside
quotes. Every character of a statement knows the line and the column it came from.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.syntax import Text

# Deeper includes than this are a file that includes itself by way of links.
_INCLUDE_DEPTH = 30
# More than the largest real file by far; files that include each other twice pass it soon.
_LINE_LIMIT = 1_000_000

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_C_KEYWORDS = "callstatement|callprotoargument|usercode|pymethoddef|fortranname"
_C_STATEMENT = re.compile(rf"\s*({_C_KEYWORDS})\b", re.IGNORECASE)
_TRIPLE_QUOTE = re.compile(rf"(\s*(?:{_C_KEYWORDS})?\s*)'''", re.IGNORECASE)
_INCLUDE = re.compile(r"include\s*(['\"])(?P<file>[^'\"]+)\1\s*\Z", re.IGNORECASE)
_DIRECTIVE = re.compile(r"\s*!f2py", re.IGNORECASE)
# A quote that isn't closed is an ordinary character, so that an apostrophe in a note costs
# nothing. The bound keeps lines full of such quotes from taking time that grows with the square.
_QUOTED = (
    r"""'(?:\\.|[^'\\]){0,4000}'|"(?:\\.|[^"\\]){0,4000}"|"""
    r"""'[^']{0,4000}'|"[^"]{0,4000}\""""
)
_COMMENT_TOKEN = re.compile(_QUOTED + r"|[(\[{)\]}!]")
_SEPARATOR_TOKEN = re.compile(_QUOTED + r"|[(\[{)\]};]")
BRACKET_TOKEN = re.compile(_QUOTED + r"|[(\[{)\]}]")
_LITERAL = re.compile(_QUOTED)


@dataclass(frozen=True)
class SourceLine:
    """One line and the place of its first character; column 0 where columns aren't known."""

    text: str
    span: Span


@dataclass(frozen=True)
class Statement:
    """One statement on as many lines as it takes, comments and continuation marks removed.

    `starts` are (offset in `text`, place of the character there), in order. `block` is the
    `'''` text that belongs to it.
    """

    text: str
    starts: tuple[tuple[int, Span], ...]
    block: Text | None = None

    def span(self, offset: int = 0) -> Span:
        """Return the place of the character at `offset`."""
        index = bisect_right(self.starts, offset, key=itemgetter(0)) - 1
        start, place = self.starts[max(index, 0)]
        return place.shift(offset - start) if place.column else place

    def part(self, start: int, stop: int) -> Statement:
        """Return the statement that the characters from `start` to `stop` are, stripped."""
        text = self.text[start:stop]
        start += len(text) - len(text.lstrip())
        inside = tuple((o - start, s) for o, s in self.starts if start < o < stop)
        return Statement(text.strip(), ((0, self.span(start)), *inside), self.block)


def lower_statement(statement: Statement) -> Statement:
    """Return a statement in lower case; literals and C code keep theirs."""
    if _C_STATEMENT.match(statement.text):
        return statement
    pieces: list[str] = []
    end = 0
    for literal in _LITERAL.finditer(statement.text):
        pieces += [_lower(statement.text[end : literal.start()]), literal[0]]
        end = literal.end()
    text = "".join([*pieces, _lower(statement.text[end:])])
    return Statement(text, statement.starts, statement.block)


def _lower(text: str) -> str:
    # a letter whose lower case is two would move the characters after it
    return "".join(c.lower() if c.isascii() else c for c in text)


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


def split_lines(text: str) -> list[str]:
    """Return the lines of `text`, whichever way they are ended; form feeds end none."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class StatementReader:
    """Reads lines into statements, those of included files in their place.

    An included file is looked for in the working directory, beside the file that includes it and
    in `include_dirs`.
    """

    def __init__(self, diagnostics: Diagnostics, include_dirs: Sequence[str]) -> None:
        self.diagnostics = diagnostics
        self.include_dirs = include_dirs
        self.lines_left = _LINE_LIMIT

    def read(
        self, lines: Sequence[SourceLine], open_files: tuple[str, ...] = ()
    ) -> Iterator[Statement]:
        """Yield the statements of `lines`; `open_files` are the files they are included from."""
        self.lines_left -= len(lines)
        for joined in _join_lines(lines, self.diagnostics):
            for statement in _split_semicolons(joined):
                include = _INCLUDE.match(statement.text)
                if include is None:
                    yield statement
                else:
                    yield from self.read_included(
                        include["file"], statement, open_files
                    )

    def read_included(
        self, name: str, statement: Statement, open_files: tuple[str, ...]
    ) -> Iterator[Statement]:
        """Yield the statements of the file that `statement` includes."""
        found = self.find(name, statement.span().path)
        if found is None:
            message = f"the included file {name!r} is not found and left out"
            self.diagnostics.warn(statement.span(), message)
            return
        path, raw = found
        texts = split_lines(decode(raw))
        if path in open_files or len(open_files) >= _INCLUDE_DEPTH:
            self.diagnostics.error(statement.span(), f"{name!r} includes itself")
        elif len(texts) > self.lines_left:
            message = f"included files hold more than {_LINE_LIMIT} lines"
            self.diagnostics.error(statement.span(), message)
        else:
            self.diagnostics.sources[path] = tuple(texts)
            lines = [SourceLine(t, Span(path, i, 1)) for i, t in enumerate(texts, 1)]
            yield from self.read(lines, (*open_files, path))

    def find(self, name: str, from_path: str) -> tuple[str, bytes] | None:
        """Return the path and the contents of the included file `name`, if there is one."""
        for folder in (Path(), Path(from_path).parent, *map(Path, self.include_dirs)):
            candidate = folder / name
            try:
                if candidate.is_file():
                    return str(candidate), candidate.read_bytes()
            except (OSError, ValueError):  # a name no file can have
                continue
        return None


def _join_lines(
    lines: Sequence[SourceLine], diagnostics: Diagnostics
) -> Iterator[Statement]:
    index = 0
    while index < len(lines):
        line = lines[index]
        text = line.text
        if sentinel := _DIRECTIVE.match(text):
            text = " " * sentinel.end() + text[sentinel.end() :]
        content = text.lstrip()
        if not content or content[0] == "!":
            index += 1
        elif "'''" in text and (opening := _TRIPLE_QUOTE.match(text)):
            statement, index = _read_triple_quoted(lines, index, opening, diagnostics)
            if statement is not None:
                yield statement
        elif "!" not in text and "&" not in text:
            indent = len(text) - len(content)
            yield Statement(content.rstrip(), ((0, _shifted(line.span, indent)),))
            index += 1
        else:
            statement, index = _read_continued(lines, index, text)
            if statement.text:
                yield statement


def _shifted(span: Span, columns: int) -> Span:
    return span.shift(columns) if span.column else span


def _read_continued(
    lines: Sequence[SourceLine], index: int, first: str
) -> tuple[Statement, int]:
    """Join the lines from `index` on while they end in ``&``; return the statement and the next index."""
    is_code = _C_STATEMENT.match(first) is not None
    joined = ""
    starts: list[tuple[int, Span]] = []
    depth = 0
    text = first
    while True:
        skipped = 0
        if starts:
            skipped = len(text) - len(text.lstrip())
            if text[skipped : skipped + 1] == "&":
                skipped += 1
            else:
                skipped = 0
        code, depth = _cut_comment(text, skipped, depth, is_code)
        code = code.rstrip()
        starts.append((len(joined), _shifted(lines[index].span, skipped)))
        index += 1
        if not code.endswith("&"):
            joined += code
            break
        joined += code[:-1]
        while index < len(lines) and lines[index].text.lstrip()[:1] in ("", "!"):
            index += 1
        if index == len(lines):
            break
        text = lines[index].text
    whole = Statement(joined, tuple(starts))
    return whole.part(0, len(joined)), index


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
    lines: Sequence[SourceLine],
    index: int,
    opening: re.Match[str],
    diagnostics: Diagnostics,
) -> tuple[Statement | None, int]:
    """Read the `'''` text that `opening` begins; return its statement and the next index."""
    first = lines[index]
    body_start = opening.end()
    start = _shifted(first.span, len(opening[1]) - len(opening[1].lstrip()))
    place = _shifted(first.span, body_start)
    parts: list[str] = []
    text = first.text[body_start:]
    while "'''" not in text:
        parts.append(text)
        index += 1
        if index == len(lines):
            diagnostics.error(
                _shifted(first.span, body_start - 3), "this ''' text is not closed"
            )
            return None, index
        text = lines[index].text
    end = text.index("'''")
    parts.append(text[:end])
    rest = text[end + 3 :]
    if rest.strip() and not rest.lstrip().startswith("!"):
        column = lines[index].text.rindex(rest) if rest in lines[index].text else 0
        column += len(rest) - len(rest.lstrip())
        diagnostics.warn(
            _shifted(lines[index].span, column),
            f"{rest.strip()!r} after ''' is ignored",
        )
    block = Text("\n".join(parts), place)
    return Statement(opening[1].strip(), ((0, start),), block), index + 1


def _split_semicolons(statement: Statement) -> Iterator[Statement]:
    text = statement.text
    if ";" not in text or statement.block is not None or _C_STATEMENT.match(text):
        yield statement
        return
    depth = start = 0
    for token in _SEPARATOR_TOKEN.finditer(text):
        depth = max(depth + _nesting(token[0]), 0)
        if token[0] == ";" and not depth:
            if text[start : token.start()].strip():
                yield statement.part(start, token.start())
            start = token.end()
    if text[start:].strip():
        yield statement.part(start, len(text))
