"""Turns messages of compilers and linkers into diagnostics about the user's files and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity, Span
from f2pypy.files.suffixes import FIXED_SUFFIXES, Content, content_of
from f2pypy.reading.forms import LAST_COLUMN, WHOLE_ROWS, without_card_number

# gfortran: a place, the line with a caret or number below it, and the text.
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?:?\s*\Z")
_COMPLAINT = re.compile(r"(?:Fatal )?Error: (?P<text>.*)\Z")
_MARKED = re.compile(r" at (?:or before )?\(\d\)(?: and \(\d\))?")
# GCC's C compiler, clang, flang: all on one line, the source below.
_PLACED = re.compile(
    r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?:fatal |Semantic )?error: (?P<text>.*)\Z"
)
_NUMBERED = re.compile(r"\s*\d+ \| ?(?P<text>.*)\Z")
_CARET = re.compile(r"\s*\^")
# flang tells an include's place as an error of its own.
_FOLLOWS = frozenset({"included here"})
# GNU ld and lld: what is wrong with a symbol, and the object file that it is in or that refers to it.
_LINKER = re.compile(
    r"(?:.*?(?:/|\b)ld[\w.-]*(?:\.exe)?: )?"
    # the line, from debugging information; the section; both (GNU ld 2.47)
    r"(?:[^\s:][^:]*(?=:[\d(])(?::(?P<line>\d+))?(?::\(\.[^)]*\))?: )?"
    r"(?:warning: |error: )?(?P<text>.*)\Z"
)
_IN_FUNCTION = re.compile(r"(?P<object>.+?\.o(?:bj)?): in function .*\Z")
_UNDEFINED = re.compile(r"undefined (?:reference to|symbol:?) [`'\"]?(?P<symbol>[^`'\"]+)['\"]?\Z")  # fmt: skip
_DEFINED_TWICE = re.compile(
    r"multiple definition of [`'](?P<symbol>[^`']+)'; (?P<object>.+?\.o(?:bj)?):.*first defined here\Z"
)
_NO_LIBRARY = re.compile(
    r"(?:cannot find|unable to find library) (?P<flag>-l\S+?)(?::.*)?\Z"
)
_DRIVER = re.compile(
    r"(?:collect2|.*clang.*|.*flang.*): error: (?:ld|linker).*|.*more undefined references to .*"
)


# What gfortran refuses in old code, and the flag by which it takes it.
_ALLOWED_BY = {
    re.compile(
        r"(?:Type|Rank) mismatch (?:in|between actual) argument"
    ): "-fallow-argument-mismatch",
    re.compile(r"Line truncated"): "-ffree-line-length-none",
    re.compile(r".*-fno-allow-invalid-boz"): "-fallow-invalid-boz",
    re.compile(r"Cannot convert CHARACTER\(\d+\) to"): "-fdec-char-conversions",
    re.compile(r"Operands of logical operator .* are INTEGER\(\d+\)/INTEGER"): "-fdec",
    re.compile(r"Nonnegative width required in format"): "-fdec-format-defaults",
}
# gfortran often names the flag itself, but not the option that passes it.
_NAMED_FLAG = re.compile(r"\W(-f[\w-]+)")
_LABEL = re.compile(r"Non-numeric character in statement label")
_DEBUG_LINES = "-fd-lines-as-comments"
# Headers that only extension modules need.
_OF_PYTHON = re.compile(r"(?P<header>Python\.h|pyconfig\.h|numpy/\S+\.h): No such file")


def failure(message: str) -> F2pypyError:
    """Return the exception for an error that has no place in a source."""
    return F2pypyError((Diagnostic(Severity.ERROR, Span("f2pypy", 0), message),))


def read_complaints(output: str, tool: str) -> list[Diagnostic]:
    """Return the errors in a compiler's output; the whole output as one error if no place in it can be read."""
    rows = output.splitlines()
    found = list(_with_advice(dict.fromkeys(_placed_errors(rows))))
    return found or [_unplaced(output, tool)]


def _with_advice(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the errors; the first of each sort that a flag allows names it."""
    told: set[str] = set()
    for each in found:
        is_fixed = PurePath(each.span.path).suffix.lower() in FIXED_SUFFIXES
        flag = _flag_for(each, is_fixed)
        if flag and flag not in told:
            told.add(flag)
            option = "--f77flags" if is_fixed else "--f90flags"
            each = replace(each, message=f"{each.message} ({option}={flag} allows it)")
        header = _OF_PYTHON.search(each.message)
        yield (
            each
            if header is None
            else replace(
                each, message=f"{each.message} ({_folder_of(header['header'])})"
            )
        )


def _folder_of(header: str) -> str:
    """Return how a C source gets a header of Python's or of NumPy's, which modules have no need of."""
    numpy = header.startswith("numpy/")
    said = (
        "import numpy; print(numpy.get_include())"
        if numpy
        else "import sysconfig; print(sysconfig.get_path('include'))"
    )
    return f'f2pypy passes no folder of these headers: add -I "$(python3 -c "{said}")"'


def _flag_for(found: Diagnostic, is_fixed: bool) -> str:
    """Return the flag by which the compiler takes what it refuses, "" if none is known."""
    if is_fixed and _is_cut(found):
        return WHOLE_ROWS
    if is_fixed and _LABEL.match(found.message) and found.source[:1] in tuple("dD"):
        return _DEBUG_LINES
    for said, flag in _ALLOWED_BY.items():
        if said.match(found.message):
            return flag
    named = _NAMED_FLAG.search(found.message)
    is_c = content_of(found.span.path) is Content.C
    return named[1] if named and not is_c else ""


def _is_cut(found: Diagnostic) -> bool:
    """Whether a row goes on after the last column that is read, and is faulty there or lacks a parenthesis."""
    row = without_card_number(found.source)
    end = len(row[:LAST_COLUMN].rstrip())
    # flang points to the parenthesis
    is_open = found.span.column >= end or found.message.startswith("Unmatched")
    return is_open and bool(row[LAST_COLUMN:].strip())


def _unplaced(output: str, tool: str) -> Diagnostic:
    name = PurePath(tool).name
    return Diagnostic(
        Severity.ERROR, Span(name, 0), output.strip() or "failed without a message"
    )


def _placed_errors(rows: Sequence[str]) -> Iterator[Diagnostic]:
    place: Span | None = None
    source = ""
    for number, row in enumerate(rows):
        if placed := _PLACED.match(row):
            if placed["text"] not in _FOLLOWS:
                span = Span(_tidy(placed["path"]), int(placed["line"]), int(placed["column"]))  # fmt: skip
                text = _source_below(rows[number + 1 : number + 3])
                yield Diagnostic(Severity.ERROR, span, placed["text"], text)
        elif at := _PLACE.match(row):
            place = Span(_tidy(at["path"]), int(at["line"]), int(at["column"] or 0))
            source = ""
        elif shown := _NUMBERED.match(row):
            source = shown["text"]
        elif (complaint := _COMPLAINT.match(row)) and place is not None:
            # gfortran numbers the places in a line; the caret shows them
            text = _MARKED.sub("", complaint["text"])
            yield Diagnostic(Severity.ERROR, place, text, source)
            place = None


def _tidy(path: str) -> str:
    # flang writes ./a.f90 for a.f90
    return path.removeprefix("./")


def _source_below(rows: Sequence[str]) -> str:
    """Return the source line that a message shows, without the number before it; "" where it shows none."""
    if not rows:
        return ""
    if shown := _NUMBERED.match(rows[0]):
        return shown["text"]
    return rows[0][2:] if len(rows) > 1 and _CARET.match(rows[1]) else ""


def read_link_messages(
    output: str, owners: Mapping[str, str], severity: Severity
) -> list[Diagnostic]:
    """Return a linker's messages about symbols and libraries, each once, with the source files that they concern.

    `owners` are the sources of object files by the objects' paths; rows of unknown form are left out.
    """
    found: list[Diagnostic] = []
    owner = ""
    for row in output.splitlines():
        parts = _LINKER.match(row)
        if parts is None:
            continue
        said = parts["text"]
        if inside := _IN_FUNCTION.match(said):
            owner = owners.get(inside["object"], inside["object"])
            continue
        message = _describe_link_error(said, owners)
        if message is not None:
            path = "f2pypy" if message.startswith("-l") else owner or "f2pypy"
            # debugging information has the line
            place = Span(path, int(parts["line"] or 0))
            found.append(Diagnostic(severity, place, message))
    return list(dict.fromkeys(found))


def _describe_link_error(said: str, owners: Mapping[str, str]) -> str | None:
    if undefined := _UNDEFINED.match(said):
        return f"the symbol '{undefined['symbol']}' is used, but no linked file or library defines it"
    if twice := _DEFINED_TWICE.match(said):
        first = owners.get(twice["object"], twice["object"])
        return f"the symbol '{twice['symbol']}' is defined here and in {first}"
    if missing := _NO_LIBRARY.match(said):
        return f"{missing['flag']}: the linker finds no such library in the folders of -L or in its own"
    return None


def read_link_failure(
    output: str, owners: Mapping[str, str], tool: str
) -> list[Diagnostic]:
    """Return why linking failed; the linker's whole output if none of it is understood."""
    found = read_link_messages(output, owners, Severity.ERROR)
    blamed = [d for d in found if not _is_only_undefined(d)]
    return blamed or found or [_unplaced(_without_driver(output), tool)]


def read_missing_libraries(output: str) -> list[Diagnostic]:
    """Return a linker's messages about libraries that it doesn't find, and nothing else that it says."""
    found = read_link_messages(output, {}, Severity.ERROR)
    return [each for each in found if each.message.startswith("-l")]


def _is_only_undefined(diagnostic: Diagnostic) -> bool:
    return diagnostic.message.endswith("no linked file or library defines it")


def _without_driver(output: str) -> str:
    rows = [row for row in output.splitlines() if not _DRIVER.match(row)]
    return "\n".join(rows) or output
