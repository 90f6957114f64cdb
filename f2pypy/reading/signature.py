"""Signature files, read into `syntax` items.

An unreadable statement costs one message and the routine around it; outside of a routine, a declaration costs the names
in it. Reading continues, so that one run shows all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics, Severity, Span, nearest
from f2pypy.reading.bindings import read_bindings
from f2pypy.reading.comments import described
from f2pypy.reading.declarations import SIGNATURE_ATTRIBUTES
from f2pypy.reading.f2py_statements import SIGNATURE_READERS
from f2pypy.reading.headers import HEADERS
from f2pypy.reading.includes import Includes, Splicer
from f2pypy.reading.keywords import OPENING, PROCEDURES, Keyword
from f2pypy.reading.lines import Line, Role, row_lines, split_rows
from f2pypy.reading.scanner import Scanner, UnknownStatement, Unreadable
from f2pypy.reading.signature_form import (
    included_lines,
    lower_signature,
    signature_lines,
)
from f2pypy.reading.signature_grammar import END, declares, opens, recognize
from f2pypy.reading.units import ENDED, Nest, Part, Unit, build
from f2pypy.reading.unread import declared_names

# Fortran has no use for more, and the later stages walk the blocks by recursion.
_DEPTH = 50
# Blocks that can't go on where one around them ends, or where one begins that they can't hold.
_ENDED_BY_OTHERS = PROCEDURES | {Keyword.INTERFACE, Keyword.PYTHON_MODULE}
_BARE_INCLUDE = re.compile(r"include\s+[\w./\\-]+", re.I)
UNPREPROCESSED = (
    "no preprocessor reads signature files (f2py ignores this line and wraps what stands in every branch): "
    "run `cpp -P -traditional-cpp` on the file first, or remove the line"
)
_NAME_OF_ROUTINE = re.compile(r"\b(?:subroutine|function|program)\s+(\w+)", re.I)


def read_signature(
    text: str,
    path: str,
    diagnostics: Diagnostics,
    *,
    rows: Sequence[Line] | None = None,
    include_dirs: Sequence[str] = (),
    lower_case: bool = False,
) -> syntax.File:
    """Return the items of the signature file `text`, with names in lower case if requested.

    `rows` are those of a text made from a template, with their places there. Errors go to `diagnostics`; the result
    holds everything that could be read.
    """
    if rows is None:
        texts = split_rows(text)
        rows = row_lines(texts, path)
        diagnostics.sources.setdefault(path, tuple(texts))

    def join(texts: Sequence[str], path: str) -> Iterator[Line]:
        return included_lines(texts, path, diagnostics)

    splicer = Splicer(Includes(include_dirs), join, diagnostics, Severity.ERROR)
    lines = splicer.splice(signature_lines(rows, diagnostics), (path,))
    if lower_case:
        lines = map(lower_signature, lines)
    # an included file that isn't found leaves a line for the preprocessor
    found = (line for line in lines if line.role is not Role.PREPROCESSOR)
    nest = SignatureNest(diagnostics)
    return syntax.File(path, syntax.Dialect.SIGNATURE, nest.read(found))


@dataclass
class SignatureUnit(Unit):
    """A block of a signature file, and the statement that opens it."""

    routine: SignatureUnit | None = None  # the outermost one that it stands in or is
    # what statements name that can't be read
    lost: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The words that open and end it."""
        return self.keyword.value if self.keyword is not None else "file"

    def describe(self) -> str:
        """Return the block's kind and name."""
        return f"{self.kind} {self.name!r}" if self.name else f"an unnamed {self.kind}"


# What a misspelt statement may have meant.
FIRST_WORDS = SIGNATURE_ATTRIBUTES - {"len", "kind", "pass", "nopass"} | {
    *("integer", "real", "complex", "logical", "character", "double", "byte"),
    *("callstatement", "callprotoargument", "fortranname", "threadsafe", "usercode"),
}
# What begins other statements of Fortran isn't misspelt.
OTHER_WORDS = frozenset(
    {
        *("allocate", "deallocate", "write", "print", "inquire", "continue"),
        *("procedure", "module", "contains"),
    }
)


class SignatureNest:
    """Reads statements into the blocks they stand in; `unknown` is how serious a statement is that none begins like."""

    def __init__(
        self, diagnostics: Diagnostics, unknown: Severity = Severity.ERROR
    ) -> None:
        self.diagnostics = diagnostics
        self.unknown = unknown
        self.nest = Nest(SignatureUnit(None, Span("", 1)))

    def read(self, found: Iterable[Line]) -> tuple[syntax.Item, ...]:
        """Return the items at the top level of `found`."""
        for line in found:
            scan = Scanner(line, self.diagnostics)
            try:
                self.take(scan)
            except Unreadable as error:
                self.open_unread(scan)
                self.refuse(error, scan)
        while len(self.nest.units) > 1:
            self.close_unended(at_end=True)
        return tuple(self.nest.top.items)

    def refuse(self, error: Unreadable, scan: Scanner) -> None:
        """Report a statement that can't be read, which costs the routine around it.

        Outside of a routine a declaration costs the names in it. Every other statement is an error there: others
        depend on it.
        """
        span, top = scan.span(error.offset), self.nest.top
        keyword = declares(scan.text)
        if top.routine is not None:
            top.routine.is_lost = True
            name = top.routine.name or "this routine"
            message = f"{name} is left out: {error.message}"
            self.diagnostics.skip(
                span, message, self.nest.subject(top.routine.name, top.routine)
            )
        elif keyword is not None and top.keyword is not None:
            # an enumerator's value and a component's offset depend on those before it
            top.is_lost = top.keyword in (Keyword.ENUM, Keyword.TYPE)
            top.lost |= declared_names(scan.text, keyword)
            what = ", ".join(sorted(top.lost)) or "this statement"
            subjects = map(self.nest.subject, sorted(top.lost))
            message = f"{what} is left out: {error.message}"
            self.diagnostics.skip(span, message, *subjects)
        else:
            is_unknown = isinstance(error, UnknownStatement)
            severity = self.unknown if is_unknown else Severity.ERROR
            self.diagnostics.report(severity, span, error.message)

    def take(self, scan: Scanner) -> None:
        """Read a statement into the block where it stands, or open or end one."""
        top = self.nest.top
        inside = top.keyword
        binds = inside is Keyword.TYPE and top.part is Part.CONTAINED
        keyword = recognize(scan, binds=binds)
        if keyword is Keyword.END:
            self.end(scan)
        elif keyword in OPENING:
            header = HEADERS[keyword](scan)
            self.open(SignatureUnit(keyword, scan.span(), header.name, header))
        elif keyword is Keyword.CONTAINS:
            top.contains()
        elif keyword is Keyword.BINDING:
            top.bindings += read_bindings(scan)
        elif keyword is Keyword.ENUMERATOR and inside is not Keyword.ENUM:
            message = "an enumerator stands outside of an enum"
            self.diagnostics.error(scan.span(), message)
        elif keyword is Keyword.SEQUENCE and inside is not Keyword.TYPE:
            pass
        elif keyword is Keyword.UNKNOWN and _BARE_INCLUDE.fullmatch(scan.text):
            message = f"{scan.text!r} is ignored: the file's name needs quotes"
            self.diagnostics.warn(scan.span(), message)
        elif keyword is Keyword.UNKNOWN and scan.text.lstrip().startswith("#"):
            raise UnknownStatement(0, UNPREPROCESSED)
        elif keyword is Keyword.UNKNOWN:
            message = f"unknown statement {self.where()}: {scan.text[:60]!r}"
            # short words are near to too many others
            first = re.split(r"\W", scan.text, maxsplit=1)[0].lower()
            is_slip = len(first) > 4 and first not in OTHER_WORDS
            meant = nearest(first, FIRST_WORDS) if is_slip else ""
            raise UnknownStatement(0, message + meant)
        elif keyword is not Keyword.IGNORED:
            top.add(SIGNATURE_READERS[keyword](scan))

    def where(self) -> str:
        """Return the words that say where the next statement stands."""
        top = self.nest.top
        if top.keyword is not None:
            return f"in {top.kind} {top.name!r}"
        is_directive = self.unknown is Severity.WARNING
        return "in a directive" if is_directive else "outside of every block"

    def open(self, unit: SignatureUnit) -> None:
        """Begin a block, after closing those that can't contain it."""
        assert unit.keyword is not None
        for _ in range(self.nest.misplaced(unit.keyword)):
            self.close_unended()
        if len(self.nest.units) > _DEPTH and unit.header is not None:
            unit.header = None
            if len(self.nest.units) == _DEPTH + 1:  # those inside it say no more
                message = f"blocks are nested more than {_DEPTH} deep"
                self.diagnostics.error(unit.span, message)
        outer = self.nest.top
        is_routine = unit.keyword in PROCEDURES
        unit.routine = outer.routine or (unit if is_routine else None)
        self.nest.push(unit)

    def open_unread(self, scan: Scanner) -> None:
        """Begin the block that an unreadable statement would have begun, if it would: it still takes its END."""
        keyword = opens(scan.text)
        if keyword is not None:
            found = _NAME_OF_ROUTINE.search(scan.text)
            name = found[1] if found else ""
            self.open(SignatureUnit(keyword, scan.span(), name))

    def end(self, scan: Scanner) -> None:
        """Close the block that a statement ends, and those inside it that were left open."""
        said = END.match(scan.text)
        assert said is not None
        kind = "".join((said["kind"] or "").lower().split())
        name = "".join((said["name"] or said["glued"] or said["alone"] or "").split())
        if self.nest.top.keyword is None:
            raise Unreadable(0, f"{scan.text!r} ends nothing: no block is open")
        depth = self.nest.ended_by("" if kind == "procedure" else kind)
        if not depth and name and name.lower() == self.nest.top.name.lower():
            depth = 1  # the name tells what is meant
        if not depth:
            what = ENDED[kind].value
            raise Unreadable(0, f"{scan.text!r} ends nothing: no {what} is open")
        for _ in range(depth - 1):
            self.close_unended()
        unit = self.nest.top
        is_other_kind = kind not in ("", "procedure") and ENDED[kind] != unit.keyword
        is_other_name = name and name.lower() != unit.name.lower()
        if is_other_kind or (is_other_name and unit.header is not None):
            message = f"{scan.text!r} ends {unit.describe()}"
            self.diagnostics.warn(scan.span(), message)
        self.close()

    def close_unended(self, at_end: bool = False) -> None:
        """Close the innermost block with the message that its end is missing.

        At the end of the file more lines may be missing; and what follows a type may have been read as its components.
        """
        unit = self.nest.top
        is_clear = unit.keyword in _ENDED_BY_OTHERS and not at_end
        severity = Severity.WARNING if is_clear else Severity.ERROR
        message = f"{unit.describe()} is never ended: expected 'end {unit.kind}'"
        self.diagnostics.report(severity, unit.span, message)
        self.close()

    def close(self) -> None:
        """Close the innermost block and give it to the one around it."""
        unit = self.nest.pop()
        if unit.lost:
            unit.items = list(without(unit.items, unit.lost))
        if unit.header is not None and not unit.is_lost:
            built = build(unit, unit.header)
            self.nest.put(described(built, self.diagnostics.sources, None))


def without(
    items: Iterable[syntax.Item], names: Collection[str]
) -> Iterator[syntax.Item]:
    """Yield what statements say of other names; a common block needs all of its variables."""
    for item in items:
        match item:
            case syntax.Common(block=block, entities=entities):
                if not any(
                    n.lower() in names for n in (block, *(e.name for e in entities))
                ):
                    yield item
            case (
                syntax.TypeDeclaration(entities=entities)
                | syntax.AttributeStatement(entities=entities)
            ) if entities:
                kept = tuple(e for e in entities if e.name.lower() not in names)
                if kept:
                    yield replace(item, entities=kept)
            case syntax.ParameterStatement(values=values):
                yield replace(
                    item, values=tuple(v for v in values if v[0].lower() not in names)
                )
            case _:
                yield item
