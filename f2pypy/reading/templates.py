r"""Templates of signature files (`.pyf.src`): one routine written once for several types.

The language is that of `numpy.f2py._src_pyf`. A block from ``subroutine`` or ``function`` to its
end is repeated once for each alternative of the lists in it:

- ``<s,d>`` a list; ``<p=s,d>`` a list with a name; ``<p>`` the list of that name;
- ``\0`` as an alternative stands for the first one; ``\,`` ``\<`` ``\>`` are plain characters.

Lists that have a name and stand between blocks, comments included, are known to all blocks that
follow; so are those inside a block, unless the name is taken. ``include 'x.src'`` is replaced by
the file before anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity
from f2pypy.reading.lines import Line, decode, join, row_lines, split_rows

# More than the largest real file by far; files that include each other twice pass it soon.
_LINE_LIMIT = 1_000_000

_START = re.compile(r"\s*(?:subroutine|function)\b", re.IGNORECASE)
_END = re.compile(r"\s*end\s*(?:subroutine|function)\b", re.IGNORECASE)
_INCLUDE = re.compile(r"\s*include\s*(['\"])(?P<file>[^'\"]+\.src)\1", re.IGNORECASE)
_INSIDE = r"(?:\\.|[^<>\\])*?"
_LIST = re.compile(rf"(?<!\\)<\s*(?P<content>{_INSIDE})\s*>")
_NAMED = re.compile(rf"(?<!\\)<\s*(?P<name>\w+)\s*=\s*(?P<content>{_INSIDE})\s*>")
_NAME = re.compile(r"\w+")
_COMMA = re.compile(r"(?<!\\),")
_REFERENCE = re.compile(r"\\(\d+)")
_ESCAPED = re.compile(r"\\([<>])")

_PREDEFINED: Mapping[str, tuple[str, ...]] = {
    "prefix": ("s", "d", "c", "z"),
    "_c": ("s", "d", "c", "z"),
    "ftype": ("real", "double precision", "complex", "double complex"),
    "_t": ("real", "double precision", "complex", "double complex"),
    "ftypereal": ("real", "double precision", "real", "double precision"),
    "ctype": ("float", "double", "complex_float", "complex_double"),
    "ctypereal": ("float", "double", "float", "double"),
}


@dataclass(frozen=True)
class Expanded:
    """What a template expands to: its rows, which have their places in the template, and `text`, which they are.

    `sources` are the rows of the template and of the files it includes, by their paths.
    """

    rows: tuple[Line, ...]
    sources: Mapping[str, tuple[str, ...]]

    @property
    def text(self) -> str:
        """The rows, joined."""
        return "\n".join(row.text for row in self.rows)


class _TemplateError(Exception):
    def __init__(self, line: Line, offset: int, message: str) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(
            Severity.ERROR, line.span(offset), message, line.text
        )


def expand(text: str, path: str, *, include_dirs: Sequence[str] = ()) -> Expanded:
    """Return the signature file that the template `text` expands to.

    Raises `F2pypyError` with every list that is unknown, too short or refers to itself, and every
    file that includes itself.
    """
    sources: dict[str, tuple[str, ...]] = {}
    errors: list[Diagnostic] = []
    expanded: list[Line] = []
    try:
        lines = _resolve_includes(text, path, include_dirs, (), sources)
    except _TemplateError as error:
        raise F2pypyError((error.diagnostic,)) from None
    lists = dict(_PREDEFINED)
    for block, is_routine in _split_blocks(lines):
        try:
            if is_routine:
                expanded += _repeat_block(block, lists)
            else:
                expanded += _read_definitions(block, lists)
        except _TemplateError as error:
            errors.append(error.diagnostic)
    if errors:
        raise F2pypyError(tuple(errors))
    return Expanded(tuple(expanded), sources)


def _resolve_includes(
    text: str,
    path: str,
    include_dirs: Sequence[str],
    outer: tuple[str, ...],
    sources: dict[str, tuple[str, ...]],
) -> list[Line]:
    """Return the lines of `text` with those of included templates in their place."""
    texts = split_rows(text)
    sources[path] = tuple(texts)
    open_files = (*outer, str(Path(path).resolve()))
    lines: list[Line] = []
    for line in row_lines(texts, path):
        include = _INCLUDE.match(line.text)
        found = _find_include(include["file"], path, include_dirs) if include else None
        if include is None or found is None:
            lines.append(line)
            continue
        if str(found.resolve()) in open_files:
            raise _TemplateError(
                line, include.start("file"), f"{include['file']!r} includes itself"
            )
        included = decode(found.read_bytes())
        lines += _resolve_includes(
            included, str(found), include_dirs, open_files, sources
        )
        if len(lines) > _LINE_LIMIT:
            raise _TemplateError(
                line,
                include.start("file"),
                f"included files hold more than {_LINE_LIMIT} lines",
            )
    return lines


def _find_include(name: str, path: str, include_dirs: Sequence[str]) -> Path | None:
    for folder in (Path(path).parent, *map(Path, include_dirs)):
        try:
            if (folder / name).is_file():
                return folder / name
        except (OSError, ValueError):  # a name no file can have
            continue
    return None


def _split_blocks(
    lines: Sequence[Line],
) -> Iterator[tuple[list[Line], bool]]:
    """Yield the lines of each routine (True) and those between routines (False)."""
    block: list[Line] = []
    is_routine = False
    for line in lines:
        if not is_routine and _START.match(line.text):
            yield block, False
            block, is_routine = [line], True
        elif is_routine and _END.match(line.text):
            yield [*block, line], True
            block, is_routine = [], False
        else:
            block.append(line)
    yield block, is_routine


def _read_definitions(
    block: Sequence[Line], lists: dict[str, tuple[str, ...]]
) -> Iterator[Line]:
    """Add the named lists of `block` to `lists`; yield its lines without them."""
    for line in block:
        for named in _NAMED.finditer(line.text):
            lists[named["name"]] = _read_alternatives(line, named)
        yield _without_definitions(line)


def _read_alternatives(line: Line, found: re.Match[str]) -> tuple[str, ...]:
    r"""Return the alternatives of a list, each ``\0`` replaced by what it stands for."""
    written = [part.strip() for part in _COMMA.split(found["content"])]
    alternatives = []
    for part in written:
        seen = {part}
        while reference := _REFERENCE.fullmatch(part):
            index = int(reference[1]) if len(reference[1]) < 6 else len(written)
            if index >= len(written):
                raise _TemplateError(
                    line,
                    found.start(),
                    f"{reference[0]} is out of range: {found[0]} has {len(written)} alternatives",
                )
            part = written[index]
            if part in seen:
                raise _TemplateError(
                    line, found.start(), f"{part} in {found[0]} refers to itself"
                )
            seen.add(part)
        alternatives.append(part.replace("\\,", ","))
    return tuple(alternatives)


def _repeat_block(
    block: Sequence[Line], lists: dict[str, tuple[str, ...]]
) -> Iterator[Line]:
    """Yield the lines of `block` once for each alternative of its lists."""
    own: dict[str, tuple[str, ...]] = {}
    for line in block:
        for named in _NAMED.finditer(line.text):
            own[named["name"]] = _read_alternatives(line, named)
    split = [(line, _split_line(line, {**lists, **own})) for line in block]
    for name, alternatives in own.items():
        lists.setdefault(name, alternatives)
    copies = _count_copies(split)
    for copy in range(copies):
        for line, pieces in split:
            yield _unescaped(join([_chosen(line, each, copy) for each in pieces]))
        yield Line("", block[-1].places, block[-1].path)


@dataclass(frozen=True)
class _Choice:
    """A list where it is used; `offset` is that of its ``<`` in the line."""

    written: str
    offset: int
    alternatives: tuple[str, ...]


def _split_line(
    line: Line, lists: Mapping[str, tuple[str, ...]]
) -> list[Line | _Choice]:
    """Return the plain parts of a line and the lists between them, in order."""
    if "<" not in line.text:
        return [line]
    pieces: list[Line | _Choice] = []
    done = 0
    for found in _LIST.finditer(line.text):
        alternatives = _find_alternatives(line, found, lists)
        if alternatives is None:
            continue
        pieces += [
            line.cut(done, found.start()),
            _Choice(found[0], found.start(), alternatives),
        ]
        done = found.end()
    pieces.append(line.cut(done, len(line.text)))
    return pieces


def _find_alternatives(
    line: Line, found: re.Match[str], lists: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """Return the alternatives of a use, a definition or a list; None for C's less and greater."""
    content = found["content"]
    named = _NAMED.match(found[0])
    name = named["name"] if named else content
    if named or _NAME.fullmatch(content):
        if name not in lists:
            raise _TemplateError(
                line,
                found.start(),
                f"there is no list named {name!r}: write \\< and \\> for a comparison",
            )
        return lists[name]
    alternatives = _read_alternatives(line, found)
    return alternatives if len(alternatives) > 1 else None


def _count_copies(split: Sequence[tuple[Line, list[Line | _Choice]]]) -> int:
    """Return how many alternatives every list of a block has; 1 without lists."""
    first: _Choice | None = None
    for line, pieces in split:
        for piece in pieces:
            if isinstance(piece, Line):
                continue
            if first is None:
                first = piece
            elif len(piece.alternatives) != len(first.alternatives):
                raise _TemplateError(
                    line,
                    piece.offset,
                    f"{piece.written} has {len(piece.alternatives)} alternatives where {first.written}"
                    f" has {len(first.alternatives)}",
                )
    return 1 if first is None else len(first.alternatives)


def _chosen(line: Line, piece: Line | _Choice, copy: int) -> Line:
    """Return a plain part of a line, or an alternative at the place of the list it stands in."""
    if isinstance(piece, Line):
        return piece
    place = line.cut(piece.offset, piece.offset)
    return place._replace(text=piece.alternatives[copy])


def _unescaped(line: Line) -> Line:
    r"""Return a line with plain characters for ``\<`` and ``\>``."""
    if "\\" not in line.text:
        return line
    return _without(
        line,
        [(found.start(), found.start() + 1) for found in _ESCAPED.finditer(line.text)],
    )


def _without_definitions(line: Line) -> Line:
    """Return a line without the lists that it defines."""
    return _without(line, [found.span() for found in _NAMED.finditer(line.text)])


def _without(line: Line, ranges: Sequence[tuple[int, int]]) -> Line:
    """Return a line without the characters in some ranges; the others keep their places."""
    if not ranges:
        return line
    starts = (0, *(stop for _, stop in ranges))
    stops = (*(start for start, _ in ranges), len(line.text))
    return join([line.cut(*kept) for kept in zip(starts, stops, strict=True)])
