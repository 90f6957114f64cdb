# mypy: disallow-subclassing-any=False
"""The blocks of signature files: fparser.one's classes of statements that open or end one."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from fparser.one import block_statements, statements

from f2pypy import syntax
from f2pypy.reading.lines import skip_blanks
from f2pypy.reading.pyf_line import (
    KEYED,
    NAME,
    TYPE_START,
    Plain,
    SignatureLine,
    Unreadable,
    read_group,
    read_name,
    read_type,
    split_commas,
)
from f2pypy.syntax import Attribute, Text, TypeSpec

_TYPE = (
    r"(?:double\s*precision|double\s*complex|integer|real|complex|logical|character|byte)"
    r"(?:\s*\*\s*(?:\d+|\(\w*\))|\s*\(\w*\))?|(?:type|class)\s*\(\w*\)"
)
_PREFIX = rf"(?:(?:recursive|non_recursive|pure|impure|elemental|module)\b\s*|(?:{_TYPE})\s*)*"

QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


@dataclass
class Body:
    """The contents of a block, gathered while it is open; `contained` are those after its ``contains``."""

    items: list[syntax.Item] = field(default_factory=list)
    contained: list[syntax.Procedure] = field(default_factory=list)
    enumerators: list[tuple[str, Text | None]] = field(default_factory=list)
    bindings: list[Text] = field(default_factory=list)


class Block(Plain):
    """A statement that opens a block; `build` makes the block's record when it is closed."""

    kind: ClassVar[str]
    name = ""
    said: tuple[syntax.Item, ...] = ()

    @abstractmethod
    def build(self, body: Body) -> syntax.Item:
        """Return the block with what stands inside it."""

    def read_plain_name(self, keyword: str) -> None:
        """Read the name that follows the words of `keyword`, and nothing else."""
        match = re.match(r"\s*".join(keyword.split()), self.item.line, re.IGNORECASE)
        offset = skip_blanks(self.item.line, match.end() if match else 0)
        if offset < len(self.item.line):
            self.name, offset = read_name(self.item, offset, "a name")
        rest = skip_blanks(self.item.line, offset)
        if rest < len(self.item.line):
            raise Unreadable(rest, f"expected the end of this {keyword!r} statement")


@dataclass(frozen=True)
class UnreadBlock:
    """A block whose first statement can't be read; it still takes its END."""

    kind: str
    item: SignatureLine
    name: str = ""


class _ProcedureBlock(Block):
    type: TypeSpec | None = None
    result: str | None = None
    bind: syntax.Bind | None = None

    def process_item(self) -> None:
        line = self.item
        offset = self._read_prefix(0)
        self.name, offset = read_name(
            line, skip_blanks(line.mask, offset), f"the name of the {self.kind}"
        )
        self.arguments: tuple[str, ...] = ()
        offset = skip_blanks(line.mask, offset)
        if line.mask[offset : offset + 1] == "(":
            start, stop = read_group(line, offset)
            self.arguments = read_dummies(line, start, stop)
            offset = stop + 1
        self._read_suffix(offset)

    def _read_prefix(self, offset: int) -> int:
        prefixes: list[str] = []
        while True:
            word, end = read_name(
                self.item, skip_blanks(self.item.mask, offset), self.kind
            )
            if word.lower() == self.kind:
                self.prefixes = tuple(prefixes)
                return end
            if TYPE_START.fullmatch(word) or word.lower() == "double":
                if self.type is not None:
                    raise Unreadable(
                        end - len(word), f"the {self.kind} has a second type"
                    )
                self.type, offset = read_type(self.item, end - len(word))
            else:
                prefixes.append(word.lower())
                offset = end

    def _read_suffix(self, offset: int) -> None:
        line = self.item
        while (offset := skip_blanks(line.mask, offset)) < len(line.mask):
            word, end = read_name(line, offset, "'result' or 'bind'")
            opening = skip_blanks(line.mask, end)
            if (
                word.lower() not in ("result", "bind")
                or line.mask[opening : opening + 1] != "("
            ):
                raise Unreadable(
                    offset,
                    f"expected 'result(name)' or 'bind(c)', got {line.line[offset:]!r}",
                )
            start, stop = read_group(line, opening)
            if word.lower() == "result":
                self.result, end = read_name(
                    line, skip_blanks(line.line, start), "the name of the result"
                )
                if line.line[end:stop].strip():
                    raise Unreadable(end, "expected the end of the result's name")
            else:
                self.bind = read_bind(line, start, stop)
            offset = stop + 1

    def build(self, body: Body) -> syntax.Procedure:
        """Return the routine."""
        return syntax.Procedure(
            self.kind,
            self.name,
            self.arguments,
            self.item.at(0),
            self.type,
            self.result,
            self.prefixes,
            self.bind,
            tuple(body.items),
            tuple(body.contained),
        )


def read_dummies(line: SignatureLine, start: int, stop: int) -> tuple[str, ...]:
    """Return the dummy arguments from `start` to `stop`; ``*`` is an alternate return."""
    names = []
    for begin, end in split_commas(line, start, stop):
        text = line.text(begin, end).text
        if text != "*" and NAME.fullmatch(text) is None:
            offset = min(skip_blanks(line.line, begin), stop)
            raise Unreadable(offset, f"expected a dummy argument, got {text!r}")
        names.append(text)
    return tuple(names)


def read_bind(line: SignatureLine, start: int, stop: int) -> syntax.Bind:
    """Return the binding of ``bind(c, name="...")``, from the range inside its parentheses."""
    name = None
    for begin, end in split_commas(line, start, stop):
        keyed = KEYED.match(line.line, begin, end)
        if keyed and keyed["key"].lower() == "name":
            quoted = QUOTED.fullmatch(line.line[keyed.end() : end].strip())
            if quoted is None:
                raise Unreadable(keyed.end(), "expected a name in quotes")
            name = (quoted[1] or quoted[2] or "").strip()
        elif line.line[begin:end].strip().lower() != "c":
            raise Unreadable(
                skip_blanks(line.line, begin), "expected 'c' or 'name=' in bind"
            )
    return syntax.Bind(name)


class Subroutine(_ProcedureBlock, block_statements.Subroutine):
    """``[prefix] subroutine name(arguments) [bind]``."""

    kind = "subroutine"
    match = re.compile(_PREFIX + r"subroutine\s+[\w$]", re.IGNORECASE).match


class Function(_ProcedureBlock, block_statements.Function):
    """``[prefix] [type] function name(arguments) [result] [bind]``."""

    kind = "function"
    match = re.compile(_PREFIX + r"function\s+[\w$]", re.IGNORECASE).match


class Program(Block, block_statements.Program):
    """``program name``."""

    kind = "program"

    def process_item(self) -> None:
        """Read the name."""
        self.read_plain_name("program")

    def build(self, body: Body) -> syntax.Procedure:
        """Return the program."""
        return syntax.Procedure(
            "program",
            self.name,
            (),
            self.item.at(0),
            items=tuple(body.items),
            contained=tuple(body.contained),
        )


class PythonModule(Block, block_statements.PythonModule):
    """``python module name``."""

    kind = "python module"

    def process_item(self) -> None:
        """Read the name."""
        self.read_plain_name("python module")

    def build(self, body: Body) -> syntax.Item:
        """Return the module."""
        return syntax.PythonModule(
            self.name, (*body.items, *body.contained), self.item.at(0)
        )


class Module(Block, block_statements.Module):
    """``module name`` and ``submodule (parent) name``."""

    kind = "module"
    match = re.compile(
        r"module\s+[\w$]+\Z|submodule\s*\(\w*\)\s*[\w$]+\Z", re.IGNORECASE
    ).match
    parent_name = ""

    def process_item(self) -> None:
        """Read the name, and the parent's of a submodule."""
        line = self.item
        if not line.groups:
            self.read_plain_name("module")
            return
        start, stop = line.groups[0]
        self.parent_name = line.line[start:stop].strip()
        self.name, end = read_name(line, skip_blanks(line.line, stop + 1), "a name")
        if line.line[end:].strip():
            raise Unreadable(end, "expected the end of this 'submodule' statement")

    def build(self, body: Body) -> syntax.Item:
        """Return the module."""
        return syntax.Module(
            self.name,
            tuple(body.items),
            tuple(body.contained),
            self.item.at(0),
            self.parent_name,
        )


class BlockData(Block, block_statements.BlockData):
    """``block data [name]``."""

    kind = "block data"

    def process_item(self) -> None:
        """Read the name."""
        self.read_plain_name("block data")

    def build(self, body: Body) -> syntax.Item:
        """Return the block."""
        return syntax.BlockData(
            self.name, (*body.items, *body.contained), self.item.at(0)
        )


class Interface(Block, block_statements.Interface):
    """``interface [name]`` and ``abstract interface [name]``: f2py writes a name of its own there."""

    match = re.compile(
        r"(?:interface\b|abstract\s*interface(?:\s+\w+)?\s*\Z)", re.IGNORECASE
    ).match
    kind = "interface"

    def process_item(self) -> None:
        """Read the generic name."""
        text = self.item.line
        self.is_abstract = text.lower().startswith("abstract")
        self.name = "".join(text[text.lower().index("interface") + 9 :].split())

    def build(self, body: Body) -> syntax.Item:
        """Return the interface."""
        return syntax.Interface(
            "" if self.is_abstract else self.name,
            self.is_abstract,
            (*body.items, *body.contained),
            self.item.at(0),
        )


class DerivedType(Block, block_statements.TypeDecl):
    """``type [, attributes] [::] name``."""

    kind = "type"
    match = re.compile(
        r"type\s*(?:,.*::\s*|::\s*|\s)[A-Za-z_$][\w$]*\s*(?:\(\w*\)\s*)?\Z",
        re.IGNORECASE,
    ).match

    def process_item(self) -> None:
        """Read the attributes and the name."""
        line = self.item
        separator = line.mask.find("::")
        self.attributes: list[Attribute] = []
        for begin, end in split_commas(line, 4, max(separator, 4)):
            text = line.text(begin, end)
            if text.text:
                name, _, inside = text.text.partition("(")
                arguments = (
                    (Text(inside.rpartition(")")[0], text.span),) if inside else None
                )
                self.attributes.append(
                    Attribute(name.strip().lower(), arguments, text.span)
                )
        offset = separator + 2 if separator >= 0 else 4
        self.name, _ = read_name(
            line, skip_blanks(line.mask, offset), "the name of the type"
        )

    def build(self, body: Body) -> syntax.Item:
        """Return the type."""
        components = tuple(
            i for i in body.items if isinstance(i, syntax.TypeDeclaration)
        )
        said = [
            i.attribute for i in body.items if isinstance(i, syntax.AttributeStatement)
        ]
        return syntax.DerivedType(
            self.name,
            (*self.attributes, *said),
            components,
            tuple(body.bindings),
            self.item.at(0),
        )


class Enumeration(Block, block_statements.Enum):
    """``enum, bind(c)``."""

    kind = "enum"

    def process_item(self) -> None:
        """Read nothing: it has no name."""

    def build(self, body: Body) -> syntax.Item:
        """Return the enumeration."""
        return syntax.Enumeration(tuple(body.enumerators), self.item.at(0))


class End(Plain, statements.Statement):
    """The end of a block: `kind` and `name` as given, "" where not."""

    match = re.compile(
        r"end(?:\s*(?:abstract\s+(?=interface))?(?P<kind>python\s*module|block\s*data|subroutine|function|interface|submodule|module|program"
        r"|type|enum|procedure)(?:\s+(?P<name>.*)|(?P<glued>\w*))"
        r"|\s+(?!if|do|select|where|forall|associate|block|critical)(?P<alone>[A-Za-z_$][\w$]*))?\Z",
        re.IGNORECASE,
    ).match
    said: tuple[syntax.Item, ...] = ()

    def process_item(self) -> None:
        """Read the kind and the name of the block that ends."""
        match = self.match(self.item.line)
        assert match is not None
        kind = " ".join((match["kind"] or "").lower().split())
        kind = {
            "pythonmodule": "python module",
            "blockdata": "block data",
            "submodule": "module",
        }.get(kind, kind)
        self.kind = kind
        self.name = "".join(
            (match["name"] or match["glued"] or match["alone"] or "").split()
        )


BLOCKS: tuple[type[Block], ...] = (
    Subroutine,
    Function,
    Interface,
    DerivedType,
    PythonModule,
    BlockData,
    Module,
    Program,
    Enumeration,
)
