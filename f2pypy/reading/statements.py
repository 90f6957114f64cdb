"""Reads the statements that declare something into `syntax` items, those of sources and of signature files alike.

`READERS` has a row for each sort of statement. Whether a statement is one of its sort is fparser's question:
`source_grammar` and `signature_grammar` ask it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from f2pypy import syntax
from f2pypy.reading.declarations import (
    INTRINSIC_TYPE,
    TYPE_START,
    end_of_attributes,
    read_attribute,
    read_attributes,
    read_entities,
    read_type,
)
from f2pypy.reading.keywords import Keyword
from f2pypy.reading.scanner import NAME, Scanner, Unreadable, shifted
from f2pypy.syntax import Attribute, Entity, TypeSpec

Items = tuple[syntax.Item, ...]

# Said of a whole block where no names follow.
_OF_BLOCKS = frozenset({"intent", "note"})
_LETTERS = re.compile(r"\s*([A-Za-z_$])\s*(?:-\s*([A-Za-z_$])\s*)?\Z")
_IMPLICIT_NONE = re.compile(
    r"implicit\s*none\s*(?:\([a-z, ]*\))?|implicit\s*undefined\s*\(a-z\)", re.IGNORECASE
)
_IMPLICIT_NONE_EXTERNAL = re.compile(
    r"implicit\s*none\s*\(\s*external\s*\)", re.IGNORECASE
)
_IMPORT = re.compile(
    r"import(?:,(none|all)|(?:(?:::)?|,only:)([a-z_$][\w$]*(?:,[a-z_$][\w$]*)*))?",
    re.IGNORECASE,
)
_USE = re.compile(r"use\b\s*(?:,\s*(?P<nature>\w+)\s*::|::)?\s*", re.IGNORECASE)
_ONLY = re.compile(r"\s*only\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"")


def read_declaration(scan: Scanner) -> Items:
    """Read ``type, attributes :: names``, of variables or of components."""
    spec, offset = read_type(scan, 0)
    return (_declare(scan, spec, offset, []),)


def read_procedure_declaration(scan: Scanner) -> Items:
    """Read ``procedure(interface) :: f``; ``procedure(real) :: f`` says ``real, external :: f``."""
    opening = scan.skip(len("procedure"))
    start, stop = scan.group(opening)
    inside = scan.part(start, stop)
    attributes = []
    if INTRINSIC_TYPE.match(inside.text):
        with shifted(start):
            spec, _ = read_type(inside, 0)
        attributes.append(Attribute("external", None, scan.span()))
    else:
        spec = TypeSpec("procedure", derived=inside.text)
    return (_declare(scan, spec, stop + 1, attributes),)


def _declare(
    scan: Scanner, spec: TypeSpec, offset: int, attributes: list[Attribute]
) -> syntax.TypeDeclaration:
    """Read the attributes and names after a type."""
    separator = scan.mask.find("::", offset)
    if separator >= 0:
        attributes += read_attributes(scan, offset, separator)
        offset = separator + 2
    elif not scan.is_source and (names := end_of_attributes(scan, offset)) > offset:
        scan.warn(names, "'::' is missing between the attributes and the names")
        attributes += read_attributes(scan, offset, names)
        offset = names
    else:
        comma = scan.skip(offset)
        offset = comma + 1 if scan.has(",", comma) else offset
    entities = read_entities(scan, offset)
    if not entities:
        raise Unreadable(len(scan.text), "expected a name to declare")
    if any(each.name == "codimension" for each in attributes):
        entities = tuple(replace(each, codimensions=True) for each in entities)
    return syntax.TypeDeclaration(spec, tuple(attributes), entities, scan.span())


def read_attribute_statement(scan: Scanner) -> Items:
    """Read ``attribute [, attribute] [::] names``, and ``attribute type [attributes] :: names`` of signature files."""
    first, offset = read_attribute(scan, 0)
    attributes = [] if first is None else [first]
    if first is not None and first.name == "pointer" and first.arguments:
        raise Unreadable(
            scan.skip(len(first.name)),
            "a Cray pointer isn't standard Fortran; in a signature file an argument can be an integer(8)",
        )
    offset = scan.skip(offset)
    separator = scan.mask.find("::", offset)
    if scan.has(",", offset) and separator >= 0:
        attributes += read_attributes(scan, offset, separator)
        offset = separator
    elif (
        not scan.is_source
        and separator > offset
        and TYPE_START.match(scan.text, offset)
    ):
        scan.warn(offset, "the type is expected before its attributes")
        spec, offset = read_type(scan, offset)
        return (_declare(scan, spec, offset, attributes),)
    entities = read_entities(scan, scan.skip_colons(offset))
    if not entities and not any(each.name in _OF_BLOCKS for each in attributes):
        raise Unreadable(len(scan.text), "expected the names that this applies to")
    return tuple(
        syntax.AttributeStatement(each, entities, scan.span()) for each in attributes
    )


def read_access(scan: Scanner) -> Items:
    """Read ``public operator(+)``, ``bind(c) /block/``, ``save``: the names may be generic or those of blocks."""
    attribute, offset = read_attribute(scan, 0)
    texts = scan.arguments(scan.skip_colons(offset), len(scan.text))
    entities = tuple(Entity("".join(t.text.split()), t.span) for t in texts if t.text)
    if attribute is None:
        return ()
    return (syntax.AttributeStatement(attribute, entities, scan.span()),)


def read_word(scan: Scanner) -> Items:
    """Read ``sequence``."""
    attribute = Attribute(scan.text.strip().lower(), None, scan.span())
    return (syntax.AttributeStatement(attribute, (), scan.span()),)


def read_parameter(scan: Scanner) -> Items:
    """Read ``parameter (name = value, ...)``."""
    values = []
    opening = scan.skip(len("parameter"))
    for begin, end in scan.commas(*scan.group(opening)):
        start = scan.skip(begin)
        name, after = scan.name(start, "a name")
        equals = scan.skip(after)
        value = scan.words(equals + 1, end)
        if scan.text[equals : equals + 1] != "=" or not value.text:
            shown = scan.words(begin, end).text
            raise Unreadable(start, f"expected 'name = value', got {shown!r}")
        values.append((name, value))
    return (syntax.ParameterStatement(tuple(values), scan.span()),)


def read_implicit(scan: Scanner) -> Items:
    """Read ``implicit none`` and ``implicit type (letters), ...``."""
    if _IMPLICIT_NONE_EXTERNAL.fullmatch(scan.text):
        return ()  # it says nothing of types
    if _IMPLICIT_NONE.fullmatch(scan.text):
        return (syntax.Implicit((), scan.span()),)
    start = len("implicit")
    rules = []
    for begin, end in scan.commas(start, len(scan.text)):
        begin = scan.skip(begin)
        opening = scan.mask.rfind("(", begin, end)
        if opening < 0:
            message = "expected a type and letters in parentheses, such as real (a-h)"
            raise Unreadable(begin, message)
        # the last bracket holds the letters; the type must be read without it
        head = scan.part(begin, opening)
        with shifted(begin):
            spec, stop = read_type(head, 0)
        if stop != len(head.text):
            raise Unreadable(begin, f"{head.text!r} is not a type")
        rules.append((spec, _read_letters(scan, *scan.group(opening))))
    if not rules:
        raise Unreadable(start, "expected 'none' or a type")
    return (syntax.Implicit(tuple(rules), scan.span()),)


def _read_letters(scan: Scanner, start: int, stop: int) -> tuple[tuple[str, str], ...]:
    ranges = []
    for begin, end in scan.commas(start, stop):
        match = _LETTERS.match(scan.text[begin:end])
        if match is None:
            message = "expected a letter or a range of letters, such as a-h"
            raise Unreadable(begin, message)
        first = match[1].lower()
        ranges.append((first, (match[2] or first).lower()))
    return tuple(ranges)


def read_common(scan: Scanner) -> Items:
    """Read ``common /block/ names``: one item for each block."""
    commons = []
    block = ""
    offset = scan.skip(len("common"))
    while offset < len(scan.text):
        if scan.has("/", offset):
            end = scan.mask.find("/", offset + 1)
            if end < 0:
                raise Unreadable(offset, "the name of a block has no closing '/'")
            block = scan.words(offset + 1, end).text
            offset = end + 1
        end = scan.mask.find("/", offset)
        end = len(scan.text) if end < 0 else end
        names = scan.text[offset:end].rstrip().removesuffix(",")
        start = scan.skip(offset)
        with shifted(start):
            entities = read_entities(scan.part(start, offset + len(names)), 0)
        commons.append(syntax.Common(block, entities, scan.span()))
        offset = end
    return tuple(commons)


def read_use(scan: Scanner) -> Items:
    """Read ``use, nature :: module, only: local => name``."""
    start = _USE.match(scan.text)
    module = NAME.match(scan.text, start.end()) if start else None
    if start is None or module is None:
        raise Unreadable(0, "expected the name of a module")
    offset = scan.skip(module.end())
    only = _ONLY.match(scan.text, offset + 1)
    renames = []
    for part in scan.arguments(only.end() if only else offset + 1, len(scan.text)):
        local, arrow, name = "".join(part.text.split()).partition("=>")
        renames.append((local, name if arrow else local))
    if offset < len(scan.text) and not scan.has(",", offset):
        raise Unreadable(0, "expected the name of a module")
    nature = (start["nature"] or "").lower()
    return (
        syntax.Use(module[0], only is not None, tuple(renames), scan.span(), nature),
    )


def read_import(scan: Scanner) -> Items:
    """Read ``import``, ``import :: a, b`` and ``import, only: a``, ``none`` and ``all`` of Fortran 2018."""
    found = _IMPORT.fullmatch("".join(scan.text.split()))
    if found is None:
        raise Unreadable(0, "expected names to import")
    which, names = found.groups()
    if which is not None or names is None:
        said = () if (which or "").lower() == "none" else None
        return (syntax.Import(said, scan.span()),)
    return (syntax.Import(tuple(names.split(",")), scan.span()),)


def read_entry(scan: Scanner) -> Items:
    """Read ``entry name(arguments) result(name)``."""
    name, offset = scan.name(scan.skip(len("entry")), "the name of the entry")
    arguments, offset = read_dummies(scan, offset)
    result, _ = read_suffix(scan, offset)
    return (syntax.Entry(name, arguments, result, scan.span()),)


def read_module_procedure(scan: Scanner) -> Items:
    """Read ``module procedure a, b`` of a generic interface; ``module`` may be missing."""
    start = scan.text.lower().index("procedure") + len("procedure")
    names = scan.arguments(scan.skip_colons(start), len(scan.text))
    said = tuple(each.text for each in names)
    return (syntax.ModuleProcedure(said, scan.span()),)


def read_enumerators(scan: Scanner) -> Items:
    """Read ``enumerator :: a = 1, b``, as an enumeration of its own."""
    entities = read_entities(scan, scan.skip_colons(len("enumerator")))
    said = tuple((each.name, each.initial) for each in entities)
    places = tuple(each.span for each in entities)
    return (syntax.Enumeration(said, scan.span(), places),)


def read_associate(scan: Scanner) -> Items:
    """Read ``associate (name => selector, ...)``."""
    names = []
    opening = scan.skip(len("associate"))
    for begin, end in scan.commas(*scan.group(opening)):
        name, after = scan.name(scan.skip(begin), "a name")
        arrow = scan.skip(after)
        if scan.text[arrow : arrow + 2] != "=>":
            raise Unreadable(arrow, "expected '=>'")
        names.append((name, scan.words(arrow + 2, end)))
    return (syntax.Associate(tuple(names), scan.span()),)


# --- what procedures and entries have in common --------------------------------------------------------------------


def read_dummies(scan: Scanner, offset: int) -> tuple[tuple[str, ...], int]:
    """Return the dummy arguments at `offset`, ``*`` for alternate returns, and the offset after them."""
    offset = scan.skip(offset)
    if not scan.has("(", offset):
        return (), offset
    start, stop = scan.group(offset)
    names = []
    for begin, end in scan.commas(start, stop):
        text = scan.text[begin:end].strip()
        if text != "*" and NAME.fullmatch(text) is None:
            at = min(scan.skip(begin), stop)
            raise Unreadable(at, f"expected a dummy argument, got {text!r}")
        names.append(text)
    return tuple(names), stop + 1


def read_suffix(scan: Scanner, offset: int) -> tuple[str | None, syntax.Bind | None]:
    """Return the result's name and the binding from ``result(r) bind(c)``."""
    result = bind = None
    while (offset := scan.skip(offset)) < len(scan.text):
        word, end = scan.name(offset, "'result' or 'bind'")
        opening = scan.skip(end)
        if word.lower() not in ("result", "bind") or not scan.has("(", opening):
            shown = scan.text[offset:]
            message = f"expected 'result(name)' or 'bind(c)', got {shown!r}"
            raise Unreadable(offset, message)
        start, stop = scan.group(opening)
        if word.lower() == "result":
            result, end = scan.name(scan.skip(start), "the name of the result")
            if scan.text[end:stop].strip():
                raise Unreadable(end, "expected the end of the result's name")
        else:
            bind = _read_bind(scan, start, stop)
        offset = stop + 1
    return result, bind


def _read_bind(scan: Scanner, start: int, stop: int) -> syntax.Bind:
    """Return the binding of ``bind(c, name="...")``, from the range inside its parentheses."""
    bind = syntax.Bind(None)
    for begin, end in scan.commas(start, stop):
        key, equals, name = scan.text[begin:end].partition("=")
        at = begin + len(key) + 1
        if equals and key.strip().lower() == "name":
            quoted = _QUOTED.fullmatch(name.strip())
            if quoted is not None:
                quote = name.strip()[0]
                inside = quoted[1] or quoted[2] or ""
                bind = syntax.Bind(inside.replace(quote * 2, quote).strip())
            elif scan.is_source:
                bind = syntax.Bind(None, scan.words(at, end))
            else:
                raise Unreadable(scan.skip(at), "expected a name in quotes")
        elif scan.text[begin:end].strip().lower() != "c":
            raise Unreadable(scan.skip(begin), "expected 'c' or 'name=' in bind")
    return bind


READERS: Mapping[Keyword, Callable[[Scanner], Items]] = {
    Keyword.DECLARATION: read_declaration,
    Keyword.PROCEDURE: read_procedure_declaration,
    Keyword.MODULE_PROCEDURE: read_module_procedure,
    Keyword.ENUMERATOR: read_enumerators,
    Keyword.ENTRY: read_entry,
    Keyword.USE: read_use,
    Keyword.IMPORT: read_import,
    Keyword.IMPLICIT: read_implicit,
    Keyword.PARAMETER: read_parameter,
    Keyword.COMMON: read_common,
    Keyword.DATA: lambda scan: (syntax.Data(scan.words(len("data")), scan.span()),),
    Keyword.EQUIVALENCE: lambda scan: (
        syntax.Equivalence(scan.words(len("equivalence")), scan.span()),
    ),
    Keyword.ASSOCIATE: read_associate,
    Keyword.ACCESS: read_access,
    Keyword.BIND: read_access,
    Keyword.SAVE: read_access,
    Keyword.SEQUENCE: read_word,
    **dict.fromkeys(
        (
            *(Keyword.INTENT, Keyword.OPTIONAL, Keyword.DIMENSION, Keyword.VIRTUAL),
            *(Keyword.EXTERNAL, Keyword.INTRINSIC, Keyword.ALLOCATABLE),
            *(Keyword.POINTER, Keyword.TARGET, Keyword.VALUE, Keyword.VOLATILE),
            *(Keyword.ASYNCHRONOUS, Keyword.CONTIGUOUS, Keyword.PROTECTED),
        ),
        read_attribute_statement,
    ),
}
