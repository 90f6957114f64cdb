"""The files of a build as the stages behind see them: texts, forms, and what the preprocessor made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from f2pypy.diagnostics import Span
from f2pypy.reading.fortran_lines import Form, guess_form
from f2pypy.reading.signature_lines import decode
from f2pypy.suffixes import Content, content_of, is_preprocessed

# GNU's and the standard's ways to say which file and line come next, and flang's.
_MARKER = re.compile(
    r'#\s*(?:line\s+)?(?:(?P<line>\d+)\s+"(?P<path>[^"]*)"|"(?P<path_first>[^"]*)"\s+(?P<line_last>\d+))'
)


@dataclass(frozen=True)
class Source:
    """One file to compile: Fortran with its text and form, or C, which is not read here (`form` None).

    `text` is what the preprocessor left where there is one; `origins` then are the places its rows come from.
    """

    path: Path
    text: str = ""
    form: Form | None = None
    origins: tuple[Span, ...] | None = None


def load_source(path: str, preprocess: Callable[[str], str]) -> Source:
    """Read one source; `preprocess` returns the text of those that the preprocessor sees first.

    Raises OSError if there is no such file, ValueError if it is no text.
    """
    if content_of(path) is not Content.FORTRAN:
        return Source(Path(path))
    text = decode(Path(path).read_bytes())
    form = guess_form(path, text)
    if not is_preprocessed(path):
        return Source(Path(path), text, form)
    return Source(Path(path), *trace_origins(preprocess(path), path, form))


def trace_origins(
    text: str, path: str, form: Form
) -> tuple[str, Form, tuple[Span, ...]]:
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
    return "\n".join(rows) + "\n", form, tuple(origins)


def original_rows(origins: Sequence[Span]) -> dict[str, tuple[str, ...]]:
    """Return the lines of the files that preprocessed text comes from, by their paths, for messages."""
    found: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(span.path for span in origins):
        try:
            found[path] = tuple(decode(Path(path).read_bytes()).split("\n"))
        except (OSError, ValueError):
            found[path] = ()  # a name that #line made up
    return found
