# mypy: disallow-subclassing-any=False
"""The signature file dialect: fparser.one's statement classes, extended with f2py's statements.

fparser's own reader, block filling and `analyze` are never used: the first loses columns and
exits the process, the second recurses, the third takes C for Fortran. A statement is matched by
the patterns of fparser's classes and read into `syntax` records with the column of every part.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from fparser.one import statements, typedecl_statements

from f2pypy import syntax
from f2pypy.reading import pyf_blocks as blocks
from f2pypy.reading.lines import skip_blanks
from f2pypy.reading.pyf_line import (
    NAME,
    Plain,
    SignatureLine,
    Unreadable,
    read_arguments,
    read_attribute,
    read_attributes,
    read_entities,
    read_group,
    read_name,
    read_type,
    shifted,
    split_commas,
)
from f2pypy.syntax import Attribute, Entity, Text

_LETTERS = re.compile(r"\s*([A-Za-z_$])\s*(?:-\s*([A-Za-z_$])\s*)?\Z")


class _TypeDeclaration(Plain):
    def process_item(self) -> None:
        line = self.item
        spec, offset = read_type(line, 0)
        mask = line.mask
        separator = mask.find("::", offset)
        attributes: list[Attribute] = []
        if separator >= 0:
            attributes = read_attributes(line, offset, separator)
            offset = separator + 2
        else:
            comma = skip_blanks(mask, offset)
            offset = comma + 1 if mask[comma : comma + 1] == "," else offset
        entities = read_entities(line, offset)
        if not entities:
            raise Unreadable(len(mask), "expected a name to declare")
        self.said = (
            syntax.TypeDeclaration(spec, tuple(attributes), entities, line.at(0)),
        )


def _declaring(base: type) -> type[Plain]:
    """Return fparser's class of a type declaration, reading as `_TypeDeclaration`."""
    return type(f"Signature{base.__name__}", (_TypeDeclaration, base), {})


class ProcedureDeclaration(_TypeDeclaration, statements.Statement):
    """``procedure(interface), attributes :: names``."""

    match = re.compile(r"procedure\s*\(", re.IGNORECASE).match


class _AttributeStatement(Plain):
    """``attribute [, attribute] [::] names``."""

    needs_names: ClassVar[bool] = True

    def process_item(self) -> None:
        line = self.item
        first, offset = read_attribute(line, 0)
        attributes = [] if first is None else [first]
        offset = skip_blanks(line.mask, offset)
        separator = line.mask.find("::", offset)
        if line.mask[offset : offset + 1] == "," and separator >= 0:
            attributes += read_attributes(line, offset, separator)
            offset = separator
        if line.mask.startswith("::", offset):
            offset += 2
        entities = self.read_names(offset)
        if self.needs_names and not entities:
            raise Unreadable(len(line.mask), "expected the names that this applies to")
        self.said = tuple(
            syntax.AttributeStatement(a, entities, line.at(0)) for a in attributes
        )

    def read_names(self, offset: int) -> tuple[Entity, ...]:
        """Return the names from `offset` on."""
        return read_entities(self.item, offset)


class _BlockAttribute(_AttributeStatement):
    """An attribute that may apply to a whole block."""

    needs_names = False


class _Access(_BlockAttribute):
    """Its names may be generic or blocks: ``public operator(+)``, ``bind(c) /block/``."""

    def read_names(self, offset: int) -> tuple[Entity, ...]:
        """Return the names from `offset` on, whole."""
        line = self.item
        texts = [
            line.text(*part) for part in split_commas(line, offset, len(line.line))
        ]
        return tuple(Entity("".join(t.text.split()), t.span) for t in texts if t.text)


def _attribute(base: type, reading: type[Plain] = _AttributeStatement) -> type[Plain]:
    """Return fparser's class of an attribute statement, reading as `reading` does."""
    return type(f"Signature{base.__name__}", (reading, base), {})


class OtherAttribute(_AttributeStatement, statements.Statement):
    """The attribute statements fparser has no class for."""

    match = re.compile(
        r"(?:required|virtual|contiguous|static|automatic)\b", re.IGNORECASE
    ).match


class Note(_BlockAttribute, statements.Statement):
    """``note(text) names``."""

    match = re.compile(r"note\s*\(", re.IGNORECASE).match


class Import(Plain, statements.Import):
    """``import :: names``."""

    def process_item(self) -> None:
        """Read the names."""
        line = self.item
        offset = skip_blanks(line.mask, 6)
        offset += 2 * line.mask.startswith("::", offset)
        entities = read_entities(line, offset)
        self.said = (
            syntax.AttributeStatement(
                Attribute("import", None, line.at(0)), entities, line.at(0)
            ),
        )


class Unsaid(Plain, statements.Statement):
    """Statements that don't affect how a routine is called."""

    match = re.compile(r"(?:namelist|format|sequence)\b", re.IGNORECASE).match
    said: tuple[syntax.Item, ...] = ()

    def process_item(self) -> None:
        """Read nothing."""


class Documentation(Plain, statements.Statement):
    """A ''' text on its own."""

    def process_item(self) -> None:
        """Take the text."""
        block = self.item.statement.block
        assert block is not None
        self.said = (syntax.Documentation(block.text, self.item.at(0)),)


class _CodeStatement(Plain):
    """C code, verbatim: the rest of the statement or its ''' text."""

    def process_item(self) -> None:
        line = self.item
        keyword, end = read_name(line, 0, "a keyword")
        text = line.statement.block
        if text is None:
            text = line.text(end, len(line.line))
        if not text.text.strip():
            raise Unreadable(end, f"{keyword!r} holds no code")
        self.said = (syntax.Code(keyword.lower(), text, line.at(0)),)


class CallStatement(_CodeStatement, statements.CallStatement):
    """``callstatement code``."""


class CallProtoArgument(Plain, statements.CallProtoArgument):
    """``callprotoargument types``; without types the routine takes none."""

    def process_item(self) -> None:
        """Take the types."""
        line = self.item
        text = line.statement.block or line.text(
            len("callprotoargument"), len(line.line)
        )
        self.said = (syntax.Code("callprotoargument", text, line.at(0)),)


class UserCode(_CodeStatement, statements.Statement):
    """``usercode`` and ``pymethoddef``."""

    match = re.compile(r"(?:usercode|pymethoddef)\b", re.IGNORECASE).match


class FortranName(Plain, statements.FortranName):
    """``fortranname [name]``, also ``fortranname F_FUNC(name,NAME)``."""

    match = re.compile(r"fortranname\b", re.IGNORECASE).match

    def process_item(self) -> None:
        """Take the name."""
        line = self.item
        name = line.text(len("fortranname"), len(line.line)).text
        self.said = (syntax.FortranName(name, line.at(0)),)


class ThreadSafe(Plain, statements.Threadsafe):
    """``threadsafe``."""

    def process_item(self) -> None:
        """Record the statement."""
        self.said = (syntax.ThreadSafe(self.item.at(0)),)


class Use(Plain, statements.Use):
    """``use module, only: local => name``."""

    def process_item(self) -> None:
        """Read the module and the renames."""
        self.read_as_fparser()
        renames = []
        for item in self.items:
            local, arrow, name = item.partition("=>")
            renames.append((local.strip(), name.strip() if arrow else local.strip()))
        if NAME.fullmatch(self.name) is None:
            raise Unreadable(0, "expected the name of a module")
        use = syntax.Use(
            self.name,
            self.isonly,
            tuple(renames),
            self.item.at(0),
            (self.nature or "").lower(),
        )
        self.said = (use,)


class Parameter(Plain, statements.Parameter):
    """``parameter (name = value, ...)``."""

    def process_item(self) -> None:
        """Read the names and their values."""
        self.read_as_fparser()
        line = self.item
        values = []
        cursor = line.line.index("(") + 1
        for item in self.items:
            cursor = line.find(item, cursor)
            name, end = read_name(line, cursor, "a name")
            equals = skip_blanks(line.line, end)
            value = line.text(equals + 1, cursor + len(item))
            if line.line[equals : equals + 1] != "=" or not value.text:
                raise Unreadable(cursor, f"expected 'name = value', got {item!r}")
            values.append((name, value))
            cursor += len(item)
        self.said = (syntax.ParameterStatement(tuple(values), line.at(0)),)


class Common(Plain, statements.Common):
    """``common /block/ names``, one item for each block."""

    def process_item(self) -> None:
        """Read the blocks and their names."""
        self.read_as_fparser()
        line = self.item
        cursor = len("common")
        commons = []
        for block, names in self.items:
            entities: list[Entity] = []
            for name in names:
                cursor = line.find(name, cursor)
                part = SignatureLine(
                    line.statement.cut(cursor, cursor + len(name)).stripped(),
                    self.reader,
                )
                with shifted(cursor):
                    entities += read_entities(part, 0)
                cursor += len(name)
            commons.append(syntax.Common(block, tuple(entities), line.at(0)))
        self.said = tuple(commons)


class Data(Plain, statements.Data):
    """``data names / values /``."""

    def process_item(self) -> None:
        """Take the text, once fparser has found names and values in it."""
        self.read_as_fparser()
        line = self.item
        self.said = (syntax.Data(line.text(len("data"), len(line.line)), line.at(0)),)


class Equivalence(Plain, statements.Equivalence):
    """``equivalence (...)``."""

    def process_item(self) -> None:
        """Take the text."""
        line = self.item
        self.said = (
            syntax.Equivalence(
                line.text(len("equivalence"), len(line.line)), line.at(0)
            ),
        )


class Entry(Plain, statements.Entry):
    """``entry name(arguments) result(name)``."""

    def process_item(self) -> None:
        """Read the name, the arguments and the result."""
        self.read_as_fparser()
        entry = syntax.Entry(self.name, tuple(self.items), self.result, self.item.at(0))
        self.said = (entry,)


class ModuleProcedure(Plain, statements.ModuleProcedure):
    """``module procedure names``."""

    def process_item(self) -> None:
        """Read the names."""
        self.read_as_fparser()
        self.said = (syntax.ModuleProcedure(tuple(self.items), self.item.at(0)),)


class Implicit(Plain, typedecl_statements.Implicit):
    """``implicit none`` and ``implicit type (letters), ...``."""

    def process_item(self) -> None:
        """Read the rules."""
        line = self.item
        start = len("implicit")
        if line.line[start:].strip().lower() in ("none", "none(type)"):
            self.said = (syntax.Implicit((), line.at(0)),)
            return
        rules = []
        for begin, end in split_commas(line, start, len(line.line)):
            begin = skip_blanks(line.line, begin)
            opening = line.mask.rfind("(", begin, end)
            if opening < 0:
                raise Unreadable(
                    begin,
                    "expected a type and letters in parentheses, such as real (a-h)",
                )
            # the last bracket holds the letters; the type must be read without it
            head = SignatureLine(
                line.statement.cut(begin, opening).stripped(), self.reader
            )
            with shifted(begin):
                spec, stop = read_type(head, 0)
            if stop != len(head.line):
                raise Unreadable(begin, f"{head.line!r} is not a type")
            rules.append((spec, self._read_letters(*read_group(line, opening))))
        if not rules:
            raise Unreadable(start, "expected 'none' or a type")
        self.said = (syntax.Implicit(tuple(rules), line.at(0)),)

    def _read_letters(self, start: int, stop: int) -> tuple[tuple[str, str], ...]:
        ranges = []
        for begin, end in split_commas(self.item, start, stop):
            match = _LETTERS.match(self.item.line[begin:end])
            if match is None:
                raise Unreadable(
                    begin, "expected a letter or a range of letters, such as a-h"
                )
            first = match[1].lower()
            ranges.append((first, (match[2] or first).lower()))
        return tuple(ranges)


class Call(Plain, statements.Call):
    """``call name(arguments)``: shows how a dummy procedure is called."""

    match = re.compile(r"call\s+[A-Za-z_$]", re.IGNORECASE).match

    def process_item(self) -> None:
        """Read the name and the arguments."""
        line = self.item
        self.said = (read_call(line, skip_blanks(line.line, 4), function=False),)


class FunctionCall(Plain, statements.Assignment):
    """``result = name(arguments)``: shows how a dummy function is called."""

    match = re.compile(
        r"[A-Za-z_$][\w$]*\s*(?:\(\w*\)\s*)?=\s*[A-Za-z_$][\w$]*\s*\(\w*\)\s*\Z",
        re.ASCII,
    ).match

    def process_item(self) -> None:
        """Read the name and the arguments."""
        line = self.item
        equals = line.mask.index("=")
        call = read_call(line, skip_blanks(line.mask, equals + 1), function=True)
        result = line.line[:equals].strip()
        self.said = (replace(call, result=result if result.isidentifier() else ""),)


def read_call(line: SignatureLine, offset: int, *, function: bool) -> syntax.CallSite:
    """Return the call that begins at `offset`."""
    name, end = read_name(line, offset, "the name of a routine")
    end = skip_blanks(line.mask, end)
    arguments: tuple[Text, ...] = ()
    if line.mask[end : end + 1] == "(":
        start, stop = read_group(line, end)
        arguments, end = read_arguments(line, start, stop), stop + 1
    if line.line[end:].strip():
        raise Unreadable(end, "expected the end of the call")
    return syntax.CallSite(name, arguments, function, line.at(offset))


class Enumerator(Plain, statements.Enumerator):
    """``enumerator :: name = value``."""

    def process_item(self) -> None:
        """Read the names and their values."""
        line = self.item
        offset = skip_blanks(line.mask, len("enumerator"))
        offset += 2 * line.mask.startswith("::", offset)
        self.said = ()
        self.enumerators = tuple(
            (e.name, e.initial) for e in read_entities(line, offset)
        )


class Binding(Plain, statements.SpecificBinding):
    """A type-bound procedure, whole."""

    match = re.compile(r"(?:procedure|generic|final)\b", re.IGNORECASE).match

    def process_item(self) -> None:
        """Take the text."""
        self.said = ()
        self.text = self.item.text(0, len(self.item.line))


class Contains(Plain, statements.Contains):
    """``contains``."""

    said: tuple[syntax.Item, ...] = ()

    def process_item(self) -> None:
        """Read nothing."""


# The order in which a statement is tried: C code first, which need not be balanced.
CODE_STATEMENTS: tuple[type[Plain], ...] = (
    CallStatement,
    CallProtoArgument,
    UserCode,
    FortranName,
    Note,
    ThreadSafe,
)
_TYPES = tuple(
    _declaring(base)
    for base in (
        *(typedecl_statements.intrinsic_type_spec),
        *(typedecl_statements.TypeStmt, typedecl_statements.Class),
    )
)
_ATTRIBUTES = tuple(
    _attribute(base)
    for base in (
        *(
            statements.Check,
            statements.Depend,
            statements.Dimension,
            statements.Optional,
        ),
        *(statements.External, statements.Intrinsic, statements.Allocatable),
        *(statements.Pointer, statements.Target, statements.Value, statements.Volatile),
        *(statements.Asynchronous, statements.Protected),
    )
)
STATEMENTS: tuple[type[Plain], ...] = (
    blocks.End,
    blocks.Subroutine,
    blocks.Function,
    *_TYPES,
    _attribute(statements.Intent, _BlockAttribute),
    *_ATTRIBUTES,
    Use,
    Common,
    blocks.Interface,
    blocks.DerivedType,
    blocks.PythonModule,
    blocks.BlockData,
    ProcedureDeclaration,
    ModuleProcedure,
    blocks.Module,
    blocks.Program,
    Parameter,
    Implicit,
    OtherAttribute,
    _attribute(statements.Bind, _Access),
    _attribute(statements.Public, _Access),
    _attribute(statements.Private, _Access),
    _attribute(statements.Save, _Access),
    Data,
    Entry,
    Equivalence,
    blocks.Enumeration,
    Enumerator,
    Contains,
    Import,
    Unsaid,
    Call,
    FunctionCall,
)
