"""The statements of Fortran that declare something: fparser.two's trees become `syntax` items."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from f2pypy import syntax
from f2pypy.reading.forms import Form
from f2pypy.reading.fortran_declarations import (
    read_attribute,
    read_attributes,
    read_bind_attribute,
    read_entities,
    read_extents,
    read_type,
)
from f2pypy.reading.fortran_grammar import (
    Cursor,
    Node,
    Unreadable,
    generic_name,
    listed,
    parse,
    rule_of,
)
from f2pypy.reading.fortran_headers import dummy_names, read_suffix
from f2pypy.reading.fortran_spelling import respell, spellings
from f2pypy.reading.lines import Line
from f2pypy.reading.prestrip import Keyword, Statement
from f2pypy.syntax import Attribute, Entity, Text, TypeSpec

Items = tuple[syntax.Item, ...]


def read_declaration(node: Node, cursor: Cursor) -> Items:
    """Read ``type, attributes :: entities``, of variables or of components."""
    spec, attributes, entities = node.items
    kind = read_type(spec, cursor)
    said = read_attributes(attributes, cursor)
    names = read_entities(entities, cursor)
    if any(attribute.name == "codimension" for attribute in said):
        names = tuple(replace(name, codimensions=True) for name in names)
    return (syntax.TypeDeclaration(kind, said, names, cursor.span()),)


def read_procedure_declaration(node: Node, cursor: Cursor) -> Items:
    """Read ``procedure(interface) :: f``; ``procedure(real) :: f`` says ``real, external :: f``."""
    interface, attributes, entities = node.items
    cursor.take("procedure")
    external: tuple[Attribute, ...] = ()
    if interface is None:
        spec = TypeSpec("procedure")
    elif rule_of(interface) != "Name":
        spec = read_type(interface, cursor)
        external = (Attribute("external", None, cursor.span()),)
    elif str(interface).lower() in _INTRINSIC_TYPES:
        spec = TypeSpec(cursor.name(interface))
        external = (Attribute("external", None, cursor.span()),)
    else:
        spec = TypeSpec("procedure", derived=cursor.name(interface))
    said = (*external, *read_attributes(attributes, cursor))
    return (
        syntax.TypeDeclaration(
            spec, said, read_entities(entities, cursor), cursor.span()
        ),
    )


_INTRINSIC_TYPES = frozenset({"integer", "real", "complex", "logical", "character"})


def read_use(node: Node, cursor: Cursor) -> Items:
    """Read ``use module, only: local => name``."""
    nature, _, module, only, names = node.items
    renames = []
    for each in listed(names):
        if rule_of(each) == "Rename":
            wrapped = f"{str(each.items[0]).lower()}(%s)" if each.items[0] else "%s"
            renames.append(
                (
                    wrapped % str(each.items[1]).lower(),
                    wrapped % str(each.items[2]).lower(),
                )
            )
        else:
            renames.append((generic_name(each), generic_name(each)))
    return (
        syntax.Use(
            str(module).lower(),
            "ONLY" in (only or ""),
            tuple(renames),
            cursor.span(),
            "" if nature is None else str(nature).lower(),
        ),
    )


def read_implicit(node: Node, cursor: Cursor) -> Items:
    """Read the rules of an IMPLICIT statement; NONE has no rules."""
    cursor.take("implicit")
    rules = []
    for rule in () if isinstance(node.items[0], str) else listed(node.items[0]):
        spec = read_type(rule.items[0], cursor)
        letters = []
        for each in listed(rule.items[1]):
            first, last = (
                str(letter).lower() if letter is not None else None
                for letter in each.items
            )
            letters.append((first or "", last or first or ""))
            cursor.take(first)
            cursor.take(last or first)
        rules.append((spec, tuple(letters)))
    return (syntax.Implicit(tuple(rules), cursor.span()),)


def read_parameter(node: Node, cursor: Cursor) -> Items:
    """Read ``parameter (name = value, ...)``."""
    values = tuple(
        (cursor.name(each.items[0]), cursor.take(each.items[1]))
        for each in listed(node.items[1])
    )
    return (syntax.ParameterStatement(values, cursor.span()),)


def read_common(node: Node, cursor: Cursor) -> Items:
    """Read a COMMON statement: one item for each block."""
    cursor.take("common")
    found: list[syntax.Item] = []
    for block, objects in node.items[0]:
        name = "" if block is None else cursor.name(block)
        found.append(syntax.Common(name, read_entities(objects, cursor), cursor.span()))
    return tuple(found)


def attribute_reader(names: int) -> Callable[[Node, Cursor], Items]:
    """Return the reader of statements like ``optional a, b``; `names` says which part of the node holds the names."""

    def read(node: Node, cursor: Cursor) -> Items:
        attribute = Attribute(_first_word(cursor), None, cursor.span())
        entities = read_entities(node.items[names], cursor)
        return (syntax.AttributeStatement(attribute, entities, cursor.span()),)

    return read


_WORD = re.compile(r"\s*([a-z]+)")


def _first_word(cursor: Cursor) -> str:
    """Move past the keyword of a statement and return it."""
    found = _WORD.match(cursor.text)
    if found is None:
        return ""
    cursor.at = found.end()
    return found.group(1)


def read_dimension(node: Node, cursor: Cursor) -> Items:
    """Read ``dimension a(n), b(m)``."""
    attribute = Attribute("dimension", None, cursor.span())
    _first_word(cursor)
    entities = []
    for name, shape in node.items[0]:
        word = cursor.take(name)
        entities.append(Entity(word.text, word.span, read_extents(shape, cursor)))
    return (syntax.AttributeStatement(attribute, tuple(entities), cursor.span()),)


def read_intent(node: Node, cursor: Cursor) -> Items:
    """Read ``intent(in) a, b``."""
    cursor.take("intent")
    attribute = read_attribute(node.items[0], cursor)
    return (
        syntax.AttributeStatement(
            attribute, read_entities(node.items[1], cursor), cursor.span()
        ),
    )


def read_bind_statement(node: Node, cursor: Cursor) -> Items:
    """Read ``bind(c) :: a, /block/``."""
    attribute = read_bind_attribute(node.items[0], cursor)
    return (
        syntax.AttributeStatement(
            attribute, read_entities(node.items[1], cursor), cursor.span()
        ),
    )


def read_access(node: Node, cursor: Cursor) -> Items:
    """Read ``private`` or ``public :: a, operator(+)``."""
    attribute = Attribute(_first_word(cursor), None, cursor.span())
    entities = tuple(
        Entity(generic_name(each), cursor.take(each).span)
        for each in listed(node.items[1])
    )
    return (syntax.AttributeStatement(attribute, entities, cursor.span()),)


def read_entry(node: Node, cursor: Cursor) -> Items:
    """Read ``entry name(arguments) result(r)``."""
    name, arguments, suffix = node.items
    result, _ = read_suffix(suffix, cursor)
    return (
        syntax.Entry(str(name).lower(), dummy_names(arguments), result, cursor.span()),
    )


def read_module_procedure(node: Node, cursor: Cursor) -> Items:
    """Read ``module procedure a, b`` of a generic interface."""
    return (
        syntax.ModuleProcedure(
            tuple(str(each).lower() for each in listed(node.items[0])), cursor.span()
        ),
    )


def read_enumerators(node: Node, cursor: Cursor) -> tuple[tuple[str, Text | None], ...]:
    """Read ``enumerator :: a = 1, b``."""
    found: list[tuple[str, Text | None]] = []
    for each in listed(node.items[1]):
        if rule_of(each) == "Enumerator":
            found.append((cursor.name(each.items[0]), cursor.take(each.items[2])))
        else:
            found.append((cursor.name(each), None))
    return tuple(found)


STATEMENTS: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = {
    Keyword.DECLARATION: ("Type_Declaration_Stmt", read_declaration),
    Keyword.PROCEDURE: ("Procedure_Declaration_Stmt", read_procedure_declaration),
    Keyword.MODULE_PROCEDURE: ("Procedure_Stmt", read_module_procedure),
    Keyword.ENTRY: ("Entry_Stmt", read_entry),
    Keyword.USE: ("Use_Stmt", read_use),
    Keyword.IMPLICIT: ("Implicit_Stmt", read_implicit),
    Keyword.PARAMETER: ("Parameter_Stmt", read_parameter),
    Keyword.DIMENSION: ("Dimension_Stmt", read_dimension),
    Keyword.VIRTUAL: ("Dimension_Stmt", read_dimension),
    Keyword.COMMON: ("Common_Stmt", read_common),
    Keyword.ACCESS: ("Access_Stmt", read_access),
    Keyword.BIND: ("Bind_Stmt", read_bind_statement),
    Keyword.INTENT: ("Intent_Stmt", read_intent),
    Keyword.OPTIONAL: ("Optional_Stmt", attribute_reader(1)),
    Keyword.EXTERNAL: ("External_Stmt", attribute_reader(1)),
    Keyword.INTRINSIC: ("Intrinsic_Stmt", attribute_reader(1)),
    Keyword.ALLOCATABLE: ("Allocatable_Stmt", attribute_reader(1)),
    Keyword.POINTER: ("Pointer_Stmt", attribute_reader(1)),
    Keyword.TARGET: ("Target_Stmt", attribute_reader(0)),
    Keyword.VALUE: ("Value_Stmt", attribute_reader(1)),
    Keyword.VOLATILE: ("Volatile_Stmt", attribute_reader(1)),
    Keyword.ASYNCHRONOUS: ("Asynchronous_Stmt", attribute_reader(1)),
    Keyword.CONTIGUOUS: (
        "Volatile_Stmt",
        attribute_reader(1),
    ),  # the same list of names; it has no rule of its own
    Keyword.PROTECTED: ("Protected_Stmt", attribute_reader(1)),
    Keyword.SAVE: ("Save_Stmt", attribute_reader(1)),
}

COMPONENTS: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = {
    Keyword.DECLARATION: ("Data_Component_Def_Stmt", read_declaration),
    Keyword.PROCEDURE: ("Proc_Component_Def_Stmt", read_procedure_declaration),
}


_TYPE_PARAMETER = re.compile(r"\s*integer\b[^:]*,\s*(?:len|kind)\s*::")


def is_type_parameter(text: str) -> bool:
    """Whether a statement of a derived type declares a type parameter: ``integer, len :: n``."""
    return _TYPE_PARAMETER.match(text) is not None


def read_items(
    statement: Statement,
    form: Form,
    table: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = STATEMENTS,
) -> Items:
    """Read one declaring statement.

    Raises:
        Unreadable: where fparser.two does not take it.

    """
    keyword, line = statement.keyword, statement.line
    span = Cursor(line).span()
    if keyword is Keyword.DATA:
        return (syntax.Data(_rest(line, "data"), span),)
    if keyword is Keyword.IMPORT:
        return (read_import(line),)
    if keyword is Keyword.EQUIVALENCE:
        return (syntax.Equivalence(_rest(line, "equivalence"), span),)
    if keyword is Keyword.IMPLICIT and _IMPLICIT_NONE_EXTERNAL.fullmatch(line.text):
        return ()  # it says nothing of types
    if keyword is Keyword.IMPLICIT and _IMPLICIT_NONE.fullmatch(line.text):
        return (syntax.Implicit((), span),)
    if keyword not in table:
        raise Unreadable
    rule, read = table[keyword]
    for spelling in spellings(keyword, line, form):
        shown, spelled = respell(keyword, spelling)
        try:
            return read(parse(rule, spelled.strip()), Cursor(shown, spelled))
        except Unreadable:
            continue
    raise Unreadable


def read_associate(line: Line, keyword: Keyword) -> list[syntax.Item]:
    """Return what a BLOCK or ASSOCIATE statement declares; nothing where fparser.two doesn't take it."""
    if keyword is Keyword.BLOCK:
        return []
    cursor = Cursor(line)
    statement = line.text[line.text.index("associate") :]
    try:
        node = parse("Associate_Stmt", statement.strip())
    except Unreadable:
        return []
    names = tuple(
        (cursor.name(each.items[0]), cursor.take(each.items[2]))
        for each in listed(node.items[1])
    )
    return [syntax.Associate(names, cursor.span())]


def read_import(line: Line) -> syntax.Import:
    """Read ``import``, ``import :: a, b`` and ``import, only: a``, ``none`` and ``all`` of Fortran 2018.

    Raises:
        Unreadable: for anything else.

    """
    found = _IMPORT.fullmatch("".join(line.text.split()))
    if found is None:
        raise Unreadable
    span = Cursor(line).span()
    which, names = found.groups()
    if which is not None or names is None:
        return syntax.Import(() if which == "none" else None, span)
    return syntax.Import(tuple(names.split(",")), span)


_IMPORT = re.compile(
    r"import(?:,(none|all)|(?:(?:::)?|,only:)([a-z]\w*(?:,[a-z]\w*)*))?"
)
_IMPLICIT_NONE_EXTERNAL = re.compile(r"\s*implicit\s*none\s*\(\s*external\s*\)\s*")
_IMPLICIT_NONE = re.compile(
    r"\s*implicit\s*none\s*(?:\([a-z, ]*\))?\s*|\s*implicit\s*undefined\s*\(a-z\)\s*"
)


def _rest(line: Line, keyword: str) -> Text:
    """Return what follows the keyword of a statement."""
    start = line.text.find(keyword) + len(keyword)
    rest = line.text[start:]
    return Text(rest.strip(), line.span(start + len(rest) - len(rest.lstrip())))
