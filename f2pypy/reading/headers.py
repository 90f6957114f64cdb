"""Reads the statements that open a program unit or a block: its name, and what else they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.reading.declarations import TYPE_START, read_type
from f2pypy.reading.keywords import Keyword
from f2pypy.reading.scanner import Scanner, Unreadable
from f2pypy.reading.statements import read_dummies, read_suffix
from f2pypy.syntax import Attribute, Text, TypeSpec


@dataclass(frozen=True, slots=True)
class Header:
    """The contents of a statement that opens a unit; `parent` is that of a submodule."""

    name: str = ""
    arguments: tuple[str, ...] = ()
    type: TypeSpec | None = None
    result: str | None = None
    prefixes: tuple[str, ...] = ()
    bind: syntax.Bind | None = None
    attributes: tuple[Attribute, ...] = ()
    parent: str = ""
    abstract: bool = False


def _procedure(kind: str) -> Callable[[Scanner], Header]:
    def read(scan: Scanner) -> Header:
        """Read ``[prefix] function name(arguments) [result] [bind]``."""
        spec, prefixes, offset = _read_prefix(scan, kind)
        name, offset = scan.name(scan.skip(offset), f"the name of the {kind}")
        arguments, offset = read_dummies(scan, offset)
        result, bind = read_suffix(scan, offset)
        return Header(name, arguments, spec, result, prefixes, bind)

    return read


def _read_prefix(scan: Scanner, kind: str) -> tuple[TypeSpec | None, tuple[str, ...], int]:  # fmt: skip
    """Return the type and the words before `kind`, and the offset after it."""
    spec: TypeSpec | None = None
    prefixes: list[str] = []
    offset = 0
    while True:
        start = scan.skip(offset)
        word, offset = scan.name(start, kind)
        keyword = word.lower()
        if keyword == kind:
            return spec, tuple(prefixes), offset
        if TYPE_START.fullmatch(keyword) or keyword == "double":
            if spec is not None:
                raise Unreadable(start, f"the {kind} has a second type")
            spec, offset = read_type(scan, start)
        # procedures are recursive unless they say so since Fortran 2018; f2pypy has no use for the word
        elif keyword != "non_recursive":
            prefixes.append(keyword)


def _named(keyword: str) -> Callable[[Scanner], Header]:
    pattern = re.compile(r"\s*".join(keyword.split()), re.IGNORECASE)

    def read(scan: Scanner) -> Header:
        """Read the name after the keyword, if there is one, and nothing else."""
        match = pattern.match(scan.text)
        offset = scan.skip(match.end() if match else 0)
        name = ""
        if offset < len(scan.text):
            name, offset = scan.name(offset, "a name")
        scan.end(offset, f"this {keyword!r} statement")
        return Header(name)

    return read


def _read_submodule(scan: Scanner) -> Header:
    """Read ``submodule (module:parent) name``."""
    start, stop = scan.group(scan.skip(len("submodule")))
    parent = "".join(scan.text[start:stop].split())
    name, end = scan.name(scan.skip(stop + 1), "a name")
    scan.end(end, "this 'submodule' statement")
    return Header(name, parent=parent)


def _read_interface(scan: Scanner) -> Header:
    """Read ``[abstract] interface [name]``."""
    abstract = scan.text.lower().startswith("abstract")
    start = scan.text.lower().index("interface") + len("interface")
    return Header("".join(scan.text[start:].split()), abstract=abstract)


def _read_derived_type(scan: Scanner) -> Header:
    """Read ``type [, attributes] [::] name [(parameters)]``."""
    start = len("type")
    separator = scan.mask.find("::")
    attributes = []
    for begin, end in scan.commas(start, max(separator, start)):
        if scan.text[begin:end].strip():
            attributes.append(_read_attribute(scan, begin, end))
    offset = scan.skip(separator + 2 if separator >= 0 else start)
    name, end = scan.name(offset, "the name of the type")
    opening = scan.skip(end)
    if scan.has("(", opening):
        parameters = scan.arguments(*scan.group(opening))
        attributes.append(Attribute("parameters", parameters, scan.span()))
    return Header(name, attributes=tuple(attributes))


def _read_attribute(scan: Scanner, begin: int, end: int) -> Attribute:
    said = scan.words(begin, end)
    opening = scan.mask.find("(", begin, end)
    if opening < 0:
        return Attribute(said.text.lower(), None, said.span)
    start, stop = scan.group(opening)
    name = scan.text[begin:opening].strip().lower()
    arguments: tuple[Text, ...] = scan.arguments(start, stop)
    return Attribute(name, arguments, said.span)


HEADERS: Mapping[Keyword, Callable[[Scanner], Header]] = {
    Keyword.SUBROUTINE: _procedure("subroutine"),
    Keyword.FUNCTION: _procedure("function"),
    Keyword.PROGRAM: _named("program"),
    Keyword.PYTHON_MODULE: _named("python module"),
    Keyword.MODULE: _named("module"),
    Keyword.SUBMODULE: _read_submodule,
    Keyword.BLOCK_DATA: _named("block data"),
    Keyword.INTERFACE: _read_interface,
    Keyword.TYPE: _read_derived_type,
    Keyword.ENUM: lambda _: Header(),
}
