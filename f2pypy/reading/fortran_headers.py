"""The statements that open a Fortran unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from f2pypy import syntax
from f2pypy.reading.forms import Form
from f2pypy.reading.fortran_declarations import read_attributes, read_type
from f2pypy.reading.fortran_grammar import (
    Cursor,
    Node,
    Unreadable,
    generic_name,
    listed,
    parse,
    rule_of,
)
from f2pypy.reading.fortran_spelling import plain_type, spellings
from f2pypy.reading.prestrip import Keyword, Statement
from f2pypy.syntax import Attribute, TypeSpec


def dummy_names(node: Node) -> tuple[str, ...]:
    """Return the names of a list of dummy arguments, ``*`` for alternate returns."""
    return tuple(str(each).lower() for each in listed(node))


def read_suffix(node: Node, cursor: Cursor) -> tuple[str | None, syntax.Bind | None]:
    """Return the result's name and the binding of ``result(r) bind(c)``."""
    result = binding = None
    match rule_of(node):
        case "Suffix":
            result, binding = node.items
        case "Language_Binding_Spec":
            binding = node
        case _:
            pass
    return (None if result is None else str(result).lower()), read_bind(binding, cursor)


def read_bind(node: Node, cursor: Cursor) -> syntax.Bind | None:
    """Return ``bind(c, name="...")``."""
    if node is None:
        return None
    name = node.items[0]
    if name is None:
        return syntax.Bind(None)
    if rule_of(name) != "Char_Literal_Constant":
        return syntax.Bind(None, cursor.take(name))
    quoted = str(name.items[0])
    return syntax.Bind(quoted[1:-1].replace(quoted[0] * 2, quoted[0]).strip())


@dataclass(frozen=True, slots=True)
class Header:
    """The contents of a statement that opens a unit."""

    name: str
    arguments: tuple[str, ...] = ()
    type: TypeSpec | None = None
    result: str | None = None
    prefixes: tuple[str, ...] = ()
    bind: syntax.Bind | None = None
    attributes: tuple[Attribute, ...] = ()
    parent: str = ""
    abstract: bool = False


def read_subroutine(node: Node, cursor: Cursor) -> Header:
    """Read a SUBROUTINE statement."""
    prefix, name, arguments, binding = node.items
    _, prefixes = read_prefix(prefix, cursor)
    return Header(
        str(name).lower(),
        dummy_names(arguments),
        prefixes=prefixes,
        bind=read_bind(binding, cursor),
    )


def read_function(node: Node, cursor: Cursor) -> Header:
    """Read a FUNCTION statement."""
    prefix, name, arguments, suffix = node.items
    spec, prefixes = read_prefix(prefix, cursor)
    result, binding = read_suffix(suffix, cursor)
    return Header(
        str(name).lower(), dummy_names(arguments), spec, result, prefixes, binding
    )


def read_prefix(node: Node, cursor: Cursor) -> tuple[TypeSpec | None, tuple[str, ...]]:
    """Return the type and the words of a prefix."""
    spec = None
    words = []
    for each in node.items if node is not None else ():
        if rule_of(each) == "Prefix_Spec":
            words.append(cursor.name(each))
        else:
            spec = read_type(each, cursor)
    return spec, tuple(words)


def read_interface(node: Node, _: Cursor) -> Header:
    """Read an INTERFACE statement."""
    said = node.items[0]
    abstract = said == "ABSTRACT"
    return Header(
        "" if abstract or said is None else generic_name(said), abstract=abstract
    )


def read_derived_type(node: Node, cursor: Cursor) -> Header:
    """Read a TYPE statement that opens a derived type."""
    attributes, name, parameters = node.items
    said = read_attributes(attributes, cursor)
    word = cursor.name(name)
    if parameters is not None:
        names = tuple(cursor.take(each) for each in listed(parameters))
        said = (*said, Attribute("parameters", names, cursor.span()))
    return Header(word, attributes=said)


def read_submodule(node: Node, _: Cursor) -> Header:
    """Read a SUBMODULE statement; the parent is ``module`` or ``module:submodule``."""
    parent, name = node.items
    ancestors = [str(each).lower() for each in parent.items if each is not None]
    return Header(str(name).lower(), parent=":".join(ancestors))


HEADERS: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Header]]] = {
    Keyword.SUBROUTINE: ("Subroutine_Stmt", read_subroutine),
    Keyword.FUNCTION: ("Function_Stmt", read_function),
    Keyword.INTERFACE: ("Interface_Stmt", read_interface),
    Keyword.TYPE: ("Derived_Type_Stmt", read_derived_type),
    Keyword.SUBMODULE: ("Submodule_Stmt", read_submodule),
}


def read_header(statement: Statement, form: Form) -> Header:
    """Read the statement that opens a unit.

    Raises:
        Unreadable: where fparser.two does not take it.

    """
    if statement.keyword not in HEADERS:
        return Header(statement.name)
    rule, read = HEADERS[statement.keyword]
    for spelling in spellings(statement.keyword, statement.line, form):
        # procedures are recursive unless they say so since Fortran 2018; f2pypy has no use for the word
        spelled = plain_type(spelling.text.replace("non_recursive ", " " * 14))
        try:
            return read(parse(rule, spelled.strip()), Cursor(spelling, spelled))
        except Unreadable:
            continue
    raise Unreadable
