"""Reads Fortran sources into `syntax`: statements, nested in their program units.

One statement that can't be read costs one diagnostic. It also costs its procedure if it mentions a dummy argument or
the result, because a wrapper made without it could pass a wrong argument.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.reading.bindings import read_bindings
from f2pypy.reading.comments import described
from f2pypy.reading.dummies import Dummies, find_calls, find_dummies, names_declared
from f2pypy.reading.forms import (
    LAST_COLUMN,
    WHOLE_ROWS,
    Form,
    guess_form,
    joined_lines,
)
from f2pypy.reading.headers import HEADERS, Header
from f2pypy.reading.includes import Includes, Splicer
from f2pypy.reading.keywords import OPENING, PROCEDURES, Keyword
from f2pypy.reading.lines import Line, Role, Rows, relocate, split_rows
from f2pypy.reading.scanner import Scanner, Unreadable
from f2pypy.reading.source_grammar import (
    RULES,
    RULES_INSIDE,
    accepted_spellings,
    separate_call,
)
from f2pypy.reading.statements import READERS
from f2pypy.reading.strip import SourceUnit, Statement, Stripper
from f2pypy.reading.units import Nest, build
from f2pypy.reading.unread import about_letters, names_lost, shown
from f2pypy.syntax import Item

Read = TypeVar("Read")

__all__ = ["Form", "guess_form", "read_fortran"]


def read_fortran(
    text: str,
    path: str,
    diagnostics: Diagnostics,
    *,
    form: Form | None = None,
    include_dirs: Sequence[str] = (),
    read_include: Callable[[str], str | None] | None = None,
    origins: Sequence[Span] | None = None,
    last_column: int | None = LAST_COLUMN,
) -> syntax.File:
    """Return what a Fortran source says.

    Args:
        text: the source, decoded.
        path: its name in messages; included files are looked for beside it.
        diagnostics: gets a warning for every statement that can't be read and every unit that is left out.
        form: free or fixed; None guesses as `guess_form` does.
        include_dirs: where included files are looked for after the current folder and the folder of `path`.
        read_include: returns the text of the file with a path, None if there is none; by default from the disk.
        origins: the place that each row of a preprocessed text comes from.
        last_column: of statements in fixed form, None where rows have any length.

    """
    form = form or guess_form(path, text)
    rows = split_rows(text)
    kept = diagnostics.sources.setdefault(path, rows)
    builder = _Builder(form, diagnostics, last_column)
    join = partial(joined_lines, form=form, last_column=last_column)
    lines = join(rows, path)
    if origins is not None:
        lines = relocate(lines, origins)
    splicer = Splicer(
        Includes(include_dirs, read_include), join, diagnostics, Severity.WARNING
    )
    stripper = Stripper(form, builder.watch, builder.nest)
    spliced = splicer.splice(lines, (path,))
    for statement in stripper.strip(_check_labels(spliced, diagnostics)):
        builder.read(statement)
    builder.read_pending_directives()
    if kept is rows:
        diagnostics.sources[path] = Rows(text)
    return syntax.File(path, syntax.Dialect.FORTRAN, tuple(builder.nest.top.items))


def _check_labels(lines: Iterator[Line], diagnostics: Diagnostics) -> Iterator[Line]:
    """Warn once if a fixed-form source has statements in the columns of labels."""
    for line in lines:
        if line.role is Role.UNLABELLED:
            message = "columns 1 to 5 contain more than a label: is this free form, read as fixed form?"
            diagnostics.warn(line.span(), message)
            yield line
            break
        yield line
    yield from lines


class _Builder:
    """Reads statements into the units they stand in."""

    def __init__(
        self, form: Form, diagnostics: Diagnostics, last_column: int | None
    ) -> None:
        self.form = form
        self.last_column = last_column
        self.diagnostics = diagnostics
        self.nest = Nest(SourceUnit(None, Span("", 1)))
        self.has_noted = False  # that the preprocessor did not run

    @property
    def top(self) -> SourceUnit:
        """The innermost unit that is open."""
        return self.nest.top

    def read(self, statement: Statement) -> None:
        """Take one more statement."""
        keyword = statement.keyword
        if keyword is Keyword.DIRECTIVE:
            self.top.directives.append(statement.line)
            return
        self.read_pending_directives()
        if keyword is Keyword.END:
            if statement.closes in (Keyword.BLOCK, Keyword.ASSOCIATE):
                self.top.blocks.pop()
            else:
                self.close(statement)
        elif keyword in (Keyword.BLOCK, Keyword.ASSOCIATE):
            self.top.blocks.append(self.open_construct(statement))
        elif keyword in OPENING:
            self.open(statement)
        elif keyword is Keyword.PREPROCESSOR:
            self.note_preprocessor(statement)
        elif keyword is Keyword.REFERENCE:
            if self.top.dummies is not None:
                self.top.add(self.calls_in(statement.line, self.top.dummies))
        elif keyword is Keyword.UNKNOWN:
            self.report_unread(statement)
        else:
            self.declare(statement)

    # --- statements

    def parse(
        self,
        keyword: Keyword,
        line: Line,
        rules: Mapping[Keyword, str | None],
        read: Callable[[Scanner], Read],
    ) -> Read:
        """Return what `read` makes of a statement that fparser accepts by its rule among `rules`.

        Raises `Unreadable` for any other, with the place where `read` fails if it does.
        """
        scan = partial(
            Scanner, diagnostics=self.diagnostics, dialect=syntax.Dialect.FORTRAN
        )
        if keyword not in rules:
            raise Unreadable
        rule = rules[keyword]
        if rule is None:
            return read(scan(line))
        fault = None
        for spelling in accepted_spellings(rule, keyword, line, self.form):
            try:
                return read(scan(spelling))
            except Unreadable as error:
                fault = error
        if fault is None:
            read(scan(line))
        raise fault or Unreadable

    def declare(self, statement: Statement) -> None:
        """Read a declaring statement into the unit it stands in."""
        keyword, line = statement.keyword, statement.line.stripped()
        unit = self.top
        if keyword is Keyword.BINDING:
            self.bind(statement, line)
            return
        if unit.keyword is Keyword.TYPE and _TYPE_PARAMETER.match(line.text):
            return  # the type's own LEN and KIND; types with parameters have no wrapper
        rules = RULES_INSIDE.get(unit.keyword, RULES)
        try:
            if keyword not in READERS:
                raise Unreadable
            items = self.parse(keyword, line, rules, READERS[keyword])
        except Unreadable as error:
            self.report_unread(statement, error)
            return
        if unit.blocks:
            unit.blocks[-1] += items
        else:
            unit.add(items)

    def bind(self, statement: Statement, line: Line) -> None:
        """Read a statement after the CONTAINS of a type."""
        scan = Scanner(line, self.diagnostics, syntax.Dialect.FORTRAN)
        try:
            self.top.bindings += read_bindings(scan)
        except Unreadable as error:
            self.report_unread(statement, error)

    def open_construct(self, statement: Statement) -> list[Item]:
        """Return what a BLOCK or ASSOCIATE statement declares; nothing where fparser doesn't accept it."""
        keyword, line = statement.keyword, statement.line
        if keyword is Keyword.BLOCK:
            return []
        line = line.cut(line.text.index("associate"), len(line.text)).stripped()
        read = READERS[keyword]
        try:
            return list(self.parse(keyword, line, RULES, read))
        except Unreadable:
            return []

    def note_preprocessor(self, statement: Statement) -> None:
        """Report preprocessor lines and included files that weren't found."""
        directive = statement.text.lstrip("# \t").lower()
        if directive.startswith("include"):
            for unit in self.nest.units:
                unit.incomplete = True
        if (
            statement.text.startswith("#")
            and directive.startswith(("include", "if"))
            and not self.has_noted
        ):
            self.has_noted = True
            message = "f2pypy ignores preprocessor lines: it reads all branches and includes nothing"
            self.diagnostics.report(Severity.NOTE, statement.line.span(), message)

    def report_unread(
        self, statement: Statement, error: Unreadable | None = None
    ) -> None:
        """Report a statement that can't be read, and leave out its procedure if it mentions an argument."""
        line = statement.line.stripped()
        message = f"f2pypy can't read this statement and leaves it out: {shown(line)!r}"
        if error is not None and error.message:
            message += f" ({error.message})"
        message += self.remarks_on(line)
        place = line.span(error.offset if error else 0)
        subjects = names_lost(line.text, statement.keyword, self.nest)
        if subjects:
            self.diagnostics.skip(place, message, *subjects)
        else:
            self.diagnostics.warn(place, message)
        place = line.span()
        fault = f"{place.path}:{place.line} concerns its arguments and can't be read"
        self.top.fail(line.text, fault)

    def remarks_on(self, line: Line) -> str:
        """Return what may be the cause that a statement can't be read, "" where nothing is known."""
        remarks = about_letters(line.text)
        if self.form is Form.FIXED and self.is_cut(line):
            advice = f"--f77flags={WHOLE_ROWS} reads it"
            remarks += f" (text after column {self.last_column} is ignored; {advice})"
        return remarks

    def is_cut(self, line: Line) -> bool:
        """Whether a row of a fixed-form statement continues after the last column."""
        if self.last_column is None:
            return False
        rows = self.diagnostics.sources.get(line.path, ())
        numbers = {row for _, row, _ in line.places}
        return any(
            rows[number - 1][self.last_column :].strip()
            for number in numbers
            if 0 < number <= len(rows)
        )

    def calls_in(self, line: Line, dummies: Dummies) -> list[Item]:
        """Return the uses of dummy procedures in a statement, each with what the BLOCKs around it declare."""
        blocks = tuple(tuple(items) for items in self.top.blocks)
        found: list[Item] = []
        if self.form is Form.FIXED:
            line = separate_call(line, dummies.subroutines)
        hidden = set(names_declared(itertools.chain(*blocks)))
        for use in find_calls(line, dummies):
            if use.name in hidden:
                continue  # it is a dummy procedure's name only outside of the BLOCK
            if blocks and isinstance(use, syntax.CallSite):
                use = replace(use, blocks=blocks)
            found.append(use)
        return found

    # --- directives

    def read_pending_directives(self) -> None:
        """Read the directives that were met since the last statement as items of their unit."""
        unit = self.top
        if not unit.directives:
            return
        rows, unit.directives = unit.directives, []
        if unit.keyword in (None, Keyword.TYPE, Keyword.ENUM, Keyword.STRUCTURE):
            message = "this f2py directive has no effect: it stands outside every procedure and module"
            self.diagnostics.report(Severity.NOTE, rows[0].span(), message)
            return
        found = Diagnostics(self.diagnostics.sources)
        # the classes of signature files, which most sources have no need of
        from f2pypy.reading.directives import read_directives

        unit.add(read_directives(rows, found))
        for diagnostic in found.found:
            if diagnostic.severity is not Severity.ERROR:
                self.diagnostics.report(
                    diagnostic.severity, diagnostic.span, diagnostic.message
                )
            elif unit.keyword in PROCEDURES:
                unit.faults.append(diagnostic.format(caret=False))
                unit.is_lost = True
            else:
                self.diagnostics.warn(diagnostic.span, diagnostic.message)

    # --- dummy procedures

    def watch(self) -> Callable[[str], bool] | None:
        """Return the test for statements that may call a dummy procedure, at the start of a unit's executable part."""
        self.read_pending_directives()
        dummies = self.find_dummies(len(self.nest.units) - 1)
        self.top.dummies = dummies
        return dummies.are_used_in if dummies.subroutines else None

    def find_dummies(self, depth: int) -> Dummies:
        """Return the dummy procedures of the unit at a depth; interface bodies know none of their host's."""
        unit, host = self.nest.units[depth], self.nest.units[depth - 1]
        outer = None
        if host.keyword in PROCEDURES:
            outer = host.dummies or self.find_dummies(depth - 1)
        arguments = unit.header.arguments if unit.header else ()
        return find_dummies(arguments, unit.items, outer, incomplete=unit.incomplete)

    # --- units

    def open(self, statement: Statement) -> None:
        """Begin a unit."""
        keyword, line = statement.keyword, statement.line.stripped()
        header: Header | None = Header(statement.name)
        try:
            if keyword in RULES and line.text:
                read = HEADERS[keyword]
                header = self.parse(keyword, line, RULES, read)
        except Unreadable as error:
            header = None
            who = statement.name or "this unit"
            message = f"{who} is left out, because {shown(line)!r} can't be read"
            if error.message:
                message += f" ({error.message})"
            message += self.remarks_on(line)
            subject = self.nest.subject(statement.name)
            self.diagnostics.skip(line.span(error.offset), message, subject)
        self.nest.push(SourceUnit(keyword, line.span(), statement.name, header))

    def close(self, statement: Statement) -> None:
        """End a unit and give it to the one around it."""
        if statement.closes is None:
            self.diagnostics.warn(
                statement.line.start(), "this END closes no open block"
            )
            return
        unit = self.nest.pop()
        name = f" {unit.header.name}" if unit.header and unit.header.name else ""
        if statement.implied:
            unit.faults.append(
                f"the END of this {statement.closes.value}{name} is missing"
            )
            # a second header where declarations belong: both branches of an #if, perhaps
            unit.is_lost |= unit.keyword in PROCEDURES and unit.dummies is None
        if unit.header is None or unit.is_lost:
            self.lose(unit)
            return
        for fault in unit.faults:
            self.diagnostics.warn(unit.span, fault)
        if unit.keyword is Keyword.STRUCTURE:
            message = "STRUCTURE isn't standard Fortran; this one is left out"
            self.diagnostics.warn(unit.span, message)
        elif unit.keyword is not Keyword.INTERFACE or self.top.dummies is None:
            # an interface in a BLOCK of the executable part holds in there only
            built = build(unit, unit.header)
            self.nest.put(described(built, self.diagnostics.sources, self.form))

    def lose(self, unit: SourceUnit) -> None:
        """Leave a unit out, and with an interface body also the procedure that needs it."""
        name = unit.header.name if unit.header else unit.name
        for fault in unit.faults:
            message = f"{name or 'this unit'} is left out: {fault}"
            self.diagnostics.skip(unit.span, message, self.nest.subject(name))
        if self.top.keyword is Keyword.INTERFACE and len(self.nest.units) > 2:
            self.nest.units[-2].fail(name, f"the interface of {name} can't be read")


_TYPE_PARAMETER = re.compile(r"integer\b[^:]*,\s*(?:len|kind)\s*::")
