"""Reads Fortran sources into `syntax`: statements, nested in their program units.

One statement that can't be read costs one diagnostic. It also costs its procedure if it mentions a dummy argument or
the result, because a wrapper made without it could pass a wrong argument.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.reading.forms import LAST_COLUMN, Form, guess_form, joined_lines
from f2pypy.reading.fortran_calls import Dummies, callable_names, find_calls
from f2pypy.reading.fortran_grammar import Cursor, Unreadable, parse
from f2pypy.reading.fortran_headers import Header, read_header
from f2pypy.reading.fortran_spelling import separate_call
from f2pypy.reading.fortran_statements import (
    COMPONENTS,
    is_type_parameter,
    read_associate,
    read_enumerators,
    read_items,
)
from f2pypy.reading.includes import Includes, Splicer
from f2pypy.reading.lines import Line, Role, lower, relocate, split_rows
from f2pypy.reading.prestrip import (
    OPENING,
    PROCEDURES,
    Keyword,
    Statement,
    Stripper,
    span_of,
)
from f2pypy.syntax import Attribute, Item, Text

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
    diagnostics.sources.setdefault(path, tuple(rows))
    builder = _Builder(form, diagnostics, last_column)
    join = partial(joined_lines, form=form, last_column=last_column)
    lines = join(rows, path)
    if origins is not None:
        lines = relocate(lines, origins)
    splicer = Splicer(
        Includes(include_dirs, read_include), join, diagnostics, Severity.WARNING
    )
    stripper = Stripper(form, builder.watch)
    spliced = splicer.splice(lines, (path,))
    for statement in stripper.strip(_check_labels(spliced, diagnostics)):
        builder.read(statement)
    builder.read_pending_directives()
    return syntax.File(path, syntax.Dialect.FORTRAN, tuple(builder.file.items))


def _mark_directive(item: Item) -> Item:
    """Return an item of a directive with its attributes marked as unknown to the compiler."""
    match item:
        case syntax.TypeDeclaration(attributes=attributes):
            marked = tuple(replace(each, directive=True) for each in attributes)
            return replace(item, attributes=marked)
        case syntax.AttributeStatement(attribute=attribute):
            return replace(item, attribute=replace(attribute, directive=True))
        case _:
            return item


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


@dataclass(slots=True)
class _Unit:
    """A unit whose END has not come yet."""

    keyword: Keyword | None  # None for the file
    span: Span
    name: str = ""
    header: Header | None = None  # None where the opening statement can't be read
    items: list[Item] = field(default_factory=list)
    procedures: list[syntax.Procedure] = field(default_factory=list)
    components: list[syntax.TypeDeclaration] = field(default_factory=list)
    bindings: list[Text] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    enumerators: list[tuple[str, Text | None]] = field(default_factory=list)
    directives: list[tuple[Span, str]] = field(default_factory=list)
    dummies: Dummies | None = None  # known when the executable part begins
    blocks: list[list[Item]] = field(default_factory=list)  # of the executable part
    faults: list[str] = field(default_factory=list)  # why it is odd
    is_lost: bool = False  # so odd that a wrapper would be wrong
    incomplete: bool = (
        False  # a part of the declarations is in a file that was not read
    )

    def fail(self, text: str, fault: str) -> None:
        """Leave the procedure out if the text mentions one of its arguments or its result."""
        header = self.header
        if self.keyword in PROCEDURES and header is not None:
            names = {*header.arguments, header.result or header.name}
            if names & set(_WORD.findall(text)):
                self.faults.append(fault)
                self.is_lost = True


class _Builder:
    """Nests statements into units."""

    def __init__(
        self, form: Form, diagnostics: Diagnostics, last_column: int | None
    ) -> None:
        self.form = form
        self.last_column = last_column
        self.diagnostics = diagnostics
        self.file = _Unit(None, Span("", 1))
        self.units = [self.file]
        self.has_noted = False  # that the preprocessor did not run

    @property
    def top(self) -> _Unit:
        """The innermost unit that is open."""
        return self.units[-1]

    def read(self, statement: Statement) -> None:
        """Take one more statement."""
        keyword = statement.keyword
        if keyword is Keyword.DIRECTIVE:
            self.top.directives.append((statement.line.span(), statement.text))
            return
        self.read_pending_directives()
        if keyword is Keyword.END:
            if statement.closes in (Keyword.BLOCK, Keyword.ASSOCIATE):
                self.top.blocks.pop()
            else:
                self.close(statement)
        elif keyword in (Keyword.BLOCK, Keyword.ASSOCIATE):
            self.top.blocks.append(read_associate(statement.line, keyword))
        elif keyword in OPENING:
            self.open(statement)
        elif keyword is Keyword.PREPROCESSOR:
            self.note_preprocessor(statement)
        elif keyword is Keyword.REFERENCE:
            if self.top.dummies is not None:
                self.top.items += self.calls_in(statement.line, self.top.dummies)
        elif keyword is Keyword.UNKNOWN:
            self.report_unread(statement)
        else:
            self.declare(statement)

    # --- statements

    def declare(self, statement: Statement) -> None:
        """Read a declaring statement into the unit it stands in."""
        try:
            match self.top.keyword:
                case Keyword.TYPE:
                    self.declare_component(statement)
                case Keyword.ENUM:
                    self.declare_enumerators(statement)
                case _ if self.top.blocks:
                    self.top.blocks[-1] += read_items(statement, self.form)
                case _:
                    self.top.items += read_items(statement, self.form)
        except Unreadable:
            self.report_unread(statement)

    def declare_component(self, statement: Statement) -> None:
        """Read a statement of a derived type."""
        match statement.keyword:
            case Keyword.BINDING:
                self.top.bindings.append(
                    Text(statement.text.strip(), span_of(statement))
                )
            case Keyword.SEQUENCE | Keyword.ACCESS:
                self.top.attributes.append(
                    Attribute(statement.text.strip(), None, span_of(statement))
                )
            case Keyword.DECLARATION if is_type_parameter(statement.text):
                pass  # the type's own LEN and KIND; types with parameters have no wrapper
            case _:
                for item in read_items(statement, self.form, COMPONENTS):
                    if isinstance(item, syntax.TypeDeclaration):
                        self.top.components.append(item)

    def declare_enumerators(self, statement: Statement) -> None:
        """Read a statement of an enumeration."""
        if statement.keyword is not Keyword.ENUMERATOR:
            raise Unreadable
        node = parse("Enumerator_Def_Stmt", statement.text.strip())
        self.top.enumerators += read_enumerators(node, Cursor(statement.line))

    def note_preprocessor(self, statement: Statement) -> None:
        """Report preprocessor lines and included files that weren't found."""
        directive = statement.text.lstrip("# \t").lower()
        if directive.startswith("include"):
            for unit in self.units:
                unit.incomplete = True
        if (
            statement.text.startswith("#")
            and directive.startswith(("include", "if"))
            and not self.has_noted
        ):
            self.has_noted = True
            message = "f2pypy ignores preprocessor lines: it reads all branches and includes nothing"
            self.diagnostics.report(Severity.NOTE, statement.line.span(), message)

    def report_unread(self, statement: Statement) -> None:
        """Report a statement that can't be read, and leave out its procedure if it mentions an argument."""
        span = span_of(statement)
        message = (
            f"f2pypy can't read this statement and leaves it out: {_shown(statement)!r}"
        )
        if self.form is Form.FIXED and self.is_cut(statement):
            message += f" (text after column {self.last_column} is ignored)"
        message += _about_letters(statement.text)
        self.diagnostics.warn(span, message)
        place = f"{span.path}:{span.line}"
        self.top.fail(
            statement.text, f"{place} concerns its arguments and can't be read"
        )

    def is_cut(self, statement: Statement) -> bool:
        """Whether a row of a fixed-form statement continues after the last column."""
        if self.last_column is None:
            return False
        rows = self.diagnostics.sources.get(statement.line.path, ())
        numbers = {row for _, row, _ in statement.line.places}
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
        hidden = names_declared(itertools.chain(*blocks)) if blocks else frozenset()
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
        lines, unit.directives = unit.directives, []
        if unit.keyword in (None, Keyword.TYPE, Keyword.ENUM, Keyword.STRUCTURE):
            message = "this f2py directive has no effect: it stands outside every procedure and module"
            self.diagnostics.report(Severity.NOTE, lines[0][0], message)
            return
        found = Diagnostics(self.diagnostics.sources)
        # the classes of signature files, which most sources have no need of
        from f2pypy.reading.signature import read_directives

        items = read_directives(_lower_directives(lines), found)
        unit.items += [_mark_directive(item) for item in items]
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
        unit = self.top
        unit.dummies = self.find_dummies(unit)
        return unit.dummies.are_used_in if unit.dummies.subroutines else None

    def find_dummies(self, unit: _Unit) -> Dummies:
        """Return the names of dummy procedures in a unit: its own and those of its hosts."""
        names = set(unit.header.arguments if unit.header else ())
        declared: set[str] = set(names)
        data: set[str] = set()
        external: set[str] = set()
        for item in unit.items:
            match item:
                case syntax.TypeDeclaration() | syntax.AttributeStatement():
                    declared |= {entity.name for entity in item.entities}
                    callbacks, procedures, others = _sort_entities(item)
                    names |= callbacks
                    external |= procedures
                    data |= others
                case syntax.Entry():
                    names |= set(item.arguments)
                case syntax.Interface():
                    bodies = {
                        body.name
                        for body in item.items
                        if isinstance(body, syntax.Procedure)
                    }
                    external |= bodies
                case _:
                    pass
        names = set(callable_names(names))
        functions = names & external if unit.incomplete else names - (data - external)
        outer = next(
            (each.dummies or self.find_dummies(each) for each in self.host_of(unit)),
            None,
        )
        # other procedures matter where dummy ones are handed on to them, or with them
        passable = frozenset(external if names & external else ())
        if outer is None:
            return Dummies(frozenset(names), frozenset(functions), passable)
        hosted = (outer.functions | outer.subroutines) - declared
        return Dummies(
            frozenset(names) | hosted,
            frozenset(functions) | (outer.functions & hosted),
            passable | (outer.procedures & hosted),
        )

    def host_of(self, unit: _Unit) -> list[_Unit]:
        """Return the procedure that contains a unit, if one does; interface bodies know no host."""
        at = next(i for i, each in enumerate(self.units) if each is unit)
        host = self.units[at - 1] if at > 1 else None
        return [host] if host is not None and host.keyword in PROCEDURES else []

    # --- units

    def open(self, statement: Statement) -> None:
        """Begin a unit."""
        span = span_of(statement)
        header: Header | None
        try:
            header = (
                read_header(statement, self.form)
                if statement.text.strip()
                else Header(statement.name)
            )
        except Unreadable:
            header = None
            who = statement.name or "this unit"
            self.diagnostics.skip(
                span,
                f"{who} is left out, because {_shown(statement)!r} can't be read"
                + _about_letters(statement.text),
            )
        self.units.append(_Unit(statement.keyword, span, statement.name, header))
        if header is not None:
            self.top.attributes += header.attributes

    def close(self, statement: Statement) -> None:
        """End a unit and give it to the one around it."""
        span = statement.line.span()
        if statement.closes is None:
            self.diagnostics.warn(span, "this END closes no open block")
            return
        unit = self.units.pop()
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
        self.place(unit, unit.header)

    def lose(self, unit: _Unit) -> None:
        """Leave a unit out, and with an interface body also the procedure that needs it."""
        name = unit.header.name if unit.header else unit.name
        for fault in unit.faults:
            self.diagnostics.skip(
                unit.span, f"{name or 'this unit'} is left out: {fault}"
            )
        if self.top.keyword is Keyword.INTERFACE and len(self.units) > 2:
            self.units[-2].fail(name, f"the interface of {name} can't be read")

    def place(self, unit: _Unit, header: Header) -> None:
        """Make the finished unit a part of the one around it."""
        items, span = tuple(unit.items), unit.span
        top = self.top
        match unit.keyword:
            case Keyword.SUBROUTINE | Keyword.FUNCTION | Keyword.PROGRAM:
                self.place_procedure(_procedure(unit, header))
            case Keyword.PROCEDURE_BODY:
                top.items.append(syntax.ModuleProcedure((header.name,), span))
            case Keyword.MODULE | Keyword.SUBMODULE:
                top.items.append(
                    syntax.Module(
                        header.name, items, tuple(unit.procedures), span, header.parent
                    )
                )
            case Keyword.BLOCK_DATA:
                top.items.append(syntax.BlockData(header.name, items, span))
            case Keyword.INTERFACE if top.dummies is not None:
                pass  # it stands in a BLOCK of the executable part, and holds in there only
            case Keyword.INTERFACE:
                top.items.append(
                    syntax.Interface(header.name, header.abstract, items, span)
                )
            case Keyword.TYPE:
                top.items.append(
                    syntax.DerivedType(
                        header.name,
                        tuple(unit.attributes),
                        tuple(unit.components),
                        tuple(unit.bindings),
                        span,
                    )
                )
            case Keyword.ENUM:
                top.items.append(syntax.Enumeration(tuple(unit.enumerators), span))
            case _:
                self.diagnostics.warn(
                    span, "STRUCTURE isn't standard Fortran; this one is left out"
                )

    def place_procedure(self, procedure: syntax.Procedure) -> None:
        """Put a procedure after the CONTAINS of its unit, or among the items of a file or an interface."""
        if self.top.keyword in (None, Keyword.INTERFACE):
            self.top.items.append(procedure)
        else:
            self.top.procedures.append(procedure)


def _shown(statement: Statement) -> str:
    """Return a statement as a message shows it."""
    text = " ".join(statement.text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _about_letters(text: str) -> str:
    """Return a remark on a name with letters that Fortran doesn't allow, "" if there is none."""
    bare = _LITERAL.sub("", text)
    found = next((word for word in _ANY_WORD.findall(bare) if not word.isascii()), "")
    return (
        f" (names may only have letters from A to Z, {found!r} has others)"
        if found
        else ""
    )


_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_ANY_WORD = re.compile(r"\w+")
_SHOWN = 60  # characters of a statement in a message
_WORD = re.compile(r"[a-z_]\w*")


def _procedure(unit: _Unit, header: Header) -> syntax.Procedure:
    kind = {Keyword.SUBROUTINE: "subroutine", Keyword.FUNCTION: "function"}.get(
        unit.keyword or Keyword.END, "program"
    )
    return syntax.Procedure(
        kind,
        header.name,
        header.arguments,
        unit.span,
        header.type,
        header.result,
        header.prefixes,
        header.bind,
        tuple(unit.items),
        tuple(unit.procedures),
    )


def names_declared(items: Iterable[Item]) -> frozenset[str]:
    """Return the names that type declarations and ASSOCIATE statements give a meaning."""
    found: set[str] = set()
    for item in items:
        match item:
            case syntax.TypeDeclaration(entities=entities):
                found.update(entity.name for entity in entities)
            case syntax.Associate(names=names):
                found.update(name for name, _ in names)
            case _:
                pass
    return frozenset(found)


def _sort_entities(
    item: syntax.TypeDeclaration | syntax.AttributeStatement,
) -> tuple[set[str], set[str], set[str]]:
    """Return the names that a statement makes callbacks, procedures, and data with which ``name(`` is no call."""
    names = {entity.name for entity in item.entities}
    shaped = {entity.name for entity in item.entities if entity.dimensions is not None}
    if isinstance(item, syntax.AttributeStatement):
        said = {item.attribute.name: item.attribute}
        spec = ""
    else:
        said = {attribute.name: attribute for attribute in item.attributes}
        spec = item.type.name
    keys = (
        {key.text for key in said["intent"].arguments or ()}
        if "intent" in said
        else set()
    )
    callbacks = names if "callback" in keys else set()
    procedures = (
        names if "external" in said or spec == "procedure" or callbacks else set()
    )
    others = (
        names if ("dimension" in said and not shaped) or spec in _INDEXED else shaped
    )
    return callbacks, procedures, others


_INDEXED = frozenset({"character", "type", "class"})

_C_STATEMENT = re.compile(
    r"\s*(?:callstatement|callprotoargument|usercode|pymethoddef)\b", re.IGNORECASE
)


def _lower_directives(lines: Sequence[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Lower the case of directives, but not of C: what follows its keywords, or stands between triple quotes."""
    lowered = []
    quoted = False
    for span, text in lines:
        found = _C_STATEMENT.match(text)
        if quoted:
            said = text
        elif found:
            said = text[: found.end()].lower() + text[found.end() :]
        else:
            said = lower(text)
        quoted ^= text.count("'''") % 2 == 1
        lowered.append((span, said))
    return lowered
