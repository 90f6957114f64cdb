"""The files of a build as later stages see them: their text after preprocessing, and their form."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from f2pypy.building.messages import failure
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Span
from f2pypy.files.access import read_file
from f2pypy.files.suffixes import Content, content_of, is_preprocessed
from f2pypy.reading.forms import LAST_COLUMN, Form, guess_form
from f2pypy.reading.includes import read_regular_file
from f2pypy.reading.lines import decode, split_rows

# GNU's and the standard's ways to say which file and line come next, and flang's.
_MARKER = re.compile(
    r'#\s*(?:line\s+)?(?:(?P<line>\d+)\s+"(?P<path>[^"]*)"|"(?P<path_first>[^"]*)"\s+(?P<line_last>\d+))'
)


@dataclass(frozen=True)
class Layout:
    """The layout of sources that a compiler's flags ask for; None leaves the form to each file."""

    form: Form | None = None
    last_column: int | None = LAST_COLUMN
    is_preprocessed: bool = False  # whatever the suffix
    has_openmp: bool = False
    has_debug_lines: bool = False  # DEC's, with a D in column 1, are code


@dataclass(frozen=True)
class Source:
    """One file to compile: Fortran with its text and form, or C, which is not read here (`form` None).

    `text` is the preprocessed text if a preprocessor ran; `origins` are then the places of its rows, `included` the
    files that the preprocessor read. `layout` is what flags asked for, `form` the form that the text has.
    """

    path: Path
    text: str = ""
    form: Form | None = None
    layout: Layout = Layout()
    origins: tuple[Span, ...] | None = None
    included: tuple[str, ...] = ()

    def read_included(self, path: str) -> str | None:
        """Return the text of a file that an INCLUDE line brings, None where there is none."""
        text = read_regular_file(path)
        if text is None or self.form is None:
            return text
        return with_conditional_lines(text, self.form, self.layout)


_PREPROCESSED = frozenset({"-cpp", "-fpp"})
_FORMS = {"-ffixed-form": Form.FIXED, "-ffree-form": Form.FREE, "-fixed": Form.FIXED, "-free": Form.FREE}  # fmt: skip
_LENGTH = re.compile(
    r"-ffixed-line-length-(\d+|none)|-(132)|-(?:extend-source|ffixed-line-length=)\s*(\d*)"
)


_DEBUG_LINES = {"-fd-lines-as-code": True, "-fd-lines-as-comments": False, "-d-lines": True}  # fmt: skip
_DEBUG_LINE = re.compile(r"^[dD](?=[ \d]{4}|\t)", re.MULTILINE)
# A group that matches turns OpenMP off. gfortran reads the lines with -fopenmp-simd, too.
_OPENMP = re.compile(r"-(?:f|fi|q|)(no-)?openmp(?:=.*)?|-(no)?mp(?:=.*)?|-fopenmp-simd")
# What begins lines that are code with OpenMP and comments without: section 5.3 of OpenMP 5.2.
_SENTINELS = {
    Form.FREE: re.compile(r"^([ \t]*)!\$(?=[ \t&\r\n]|\Z)", re.MULTILINE),
    Form.FIXED: re.compile(r"^()[cC*!]\$(?=[ \d]{3}|\t)", re.MULTILINE),
}


def layout_of(flags: Iterable[str]) -> Layout:
    """Return the layout that flags for the Fortran compiler ask for; the last flag of a sort counts."""
    found = Layout()
    for flag in flags:
        if flag in _FORMS:
            found = replace(found, form=_FORMS[flag])
        elif flag in _PREPROCESSED:
            found = replace(found, is_preprocessed=True)
        elif flag in _DEBUG_LINES:
            found = replace(found, has_debug_lines=_DEBUG_LINES[flag])
        elif said := _OPENMP.fullmatch(flag):
            found = replace(found, has_openmp=not any(said.groups()))
        elif said := _LENGTH.fullmatch(flag):
            length = next((group for group in said.groups() if group), "132")
            columns = None if length in ("none", "0") else int(length)
            found = replace(found, last_column=columns)
    return found


def include_folders(flags: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of ``-I`` among flags for the Fortran compiler."""
    found: list[str] = []
    is_next = False
    for flag in flags:
        if is_next:
            found.append(flag)
        elif flag.startswith("-I") and flag != "-I":
            found.append(flag[2:])
        is_next = flag == "-I" and not is_next
    return tuple(found)


def load_source(
    path: str, preprocess: Callable[[str], str], layout: Layout | None = None
) -> Source:
    """Read one source; `preprocess` returns the preprocessed text of a file that needs it.

    Raises F2pypyError if it can't be read or isn't text.
    """
    layout = layout or Layout()
    if content_of(path) is not Content.FORTRAN:
        return Source(Path(path))
    try:
        text = decode(read_file(path))
    except OSError as error:
        raise failure(f"{path} can't be read: {error.strerror}") from None
    if "\0" in text:
        raise failure(f"{path} is not a text file: it contains a NUL byte")
    form = layout.form or guess_form(path, text)
    if not (layout.is_preprocessed or is_preprocessed(path)):
        text = with_conditional_lines(text, form, layout)
        return Source(Path(path), text, form, layout)
    preprocessed = preprocess(path)
    text, origins = trace_origins(preprocessed, path)
    text = with_conditional_lines(text, form, layout)
    included = tuple(filter(os.path.isfile, dict.fromkeys(files_of(preprocessed))))
    return Source(Path(path), text, form, layout, origins, included)


def with_conditional_lines(text: str, form: Form, layout: Layout) -> str:
    """Return a source with blanks for what makes comments of lines that flags make code."""
    if layout.has_debug_lines and form is Form.FIXED:
        text = _DEBUG_LINE.sub(" ", text)
    if layout.has_openmp:
        text = _SENTINELS[form].sub(r"\1  ", text)
    return text


def files_of(text: str) -> Iterator[str]:
    """Yield the files that line markers of preprocessed text name, those without a row in it (only macros) too."""
    for row in text.split("\n"):
        if row.startswith("#") and (marker := _MARKER.match(row)):
            yield marker["path"] or marker["path_first"] or ""


def trace_origins(text: str, path: str) -> tuple[str, tuple[Span, ...]]:
    """Return preprocessed text without its line markers, and the place that each of its rows comes from."""
    rows: list[str] = []
    origins: list[Span] = []
    name, number = path, 1
    for row in text.removesuffix("\n").split("\n"):
        if marker := _MARKER.match(row):
            name = marker["path"] or marker["path_first"] or ""
            number = int(marker["line"] or marker["line_last"])
            continue
        # what compilers define stands in files with names such as <built-in>
        if not name.startswith("<"):
            rows.append(row)
            origins.append(Span(name.removeprefix("./"), number))
        number += 1
    return "\n".join(rows) + "\n", tuple(origins)


def original_rows(origins: Sequence[Span]) -> dict[str, tuple[str, ...]]:
    """Return the lines of the files that preprocessed text comes from, by their paths, for messages."""
    found: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(span.path for span in origins):
        try:
            found[path] = tuple(split_rows(decode(Path(path).read_bytes())))
        except (OSError, ValueError):
            found[path] = ()  # a name that #line made up
    return found
