"""One Fortran statement at a time: fparser.two's statement classes parse it, its tree becomes `syntax` items.

fparser normalises blanks and case, so the tree says what a statement holds and the statement itself is asked
for the words and their places: both come in the same order.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from f2pypy import syntax
from f2pypy.diagnostics import Span
from f2pypy.reading.fortran_lines import Line, lower
from f2pypy.reading.prestrip import Keyword, Statement
from f2pypy.syntax import Attribute, Entity, Text, TypeSpec

Node = Any  # a node of fparser.two, which has no types


class Unreadable(Exception):
    """A statement that fparser.two doesn't take."""


@functools.lru_cache(maxsize=1)
def _grammar() -> Mapping[str, type]:
    """Return fparser.two's classes by name; they are wired together for Fortran 2008 on first use."""
    from fparser.two import Fortran2003, Fortran2008
    from fparser.two.parser import ParserFactory

    logging.getLogger(
        "fparser"
    ).propagate = False  # its findings are reported with the user's file and line
    ParserFactory().create(std="f2008")
    return {**vars(Fortran2003), **vars(Fortran2008)}


@functools.lru_cache(maxsize=4096)
def parse(rule: str, text: str) -> Node:
    """Return the tree of a statement, which must not be changed: equal texts share it.

    Raises:
        Unreadable: where the text is no such statement.

    """
    if len(text) > _LONGEST:
        raise Unreadable
    try:
        node = _grammar()[rule](text)
    except (
        Exception
    ) as error:  # fparser raises what its string methods do, RecursionError too
        raise Unreadable from error
    if node is None:
        raise Unreadable
    return node


_LONGEST = 200_000  # characters of one statement; the standard allows some 33,000
_TOKEN = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|\s+")


class Cursor:
    """Walks through a statement's text as its tree is read, to find each piece's own words and place."""

    def __init__(self, line: Line, spelled: str | None = None) -> None:
        self.line = line
        self.text = line.text
        self.spelled = (
            self.text if spelled is None else spelled
        )  # as it was parsed, character by character
        self.at = 0

    def span(self) -> Span:
        """Return the place of the statement."""
        return self.line.span(len(self.text) - len(self.text.lstrip()))

    def find(self, fragment: str) -> tuple[int, int] | None:
        """Return where the fragment starts and ends from here on, whatever the blanks in it; don't move."""
        fragment = lower(fragment)
        at = self.at
        while (at := self.spelled.find(fragment, at)) >= 0:
            if _is_whole(self.spelled, at, at + len(fragment)):
                return at, at + len(fragment)
            at += 1
        sought = _squeeze(fragment)[0]
        squeezed, offsets = _squeeze(self.spelled[self.at :])
        at = -1
        while (at := squeezed.find(sought, at + 1)) >= 0:
            start, end = (
                self.at + offsets[at],
                self.at + offsets[at + len(sought) - 1] + 1,
            )
            if _is_whole(self.spelled, start, end):
                return start, end
        return None

    def take(self, node: Node) -> Text:
        """Return the words of a node and move behind them."""
        fragment = str(node)
        found = self.find(fragment) if fragment else None
        if found is None:
            return Text(lower(fragment), self.span())
        start, self.at = found
        return Text(self.text[start : self.at], self.line.span(start))

    def name(self, node: Node) -> str:
        """Return a name and move behind it."""
        return self.take(node).text

    def skip(self, characters: str) -> str:
        """Move over blanks and the given characters; return what comes next, "" at the end."""
        while self.at < len(self.text) and (
            self.text[self.at].isspace() or self.text[self.at] in characters
        ):
            self.at += 1
        return self.text[self.at : self.at + 1]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a piece of text is more than a part of a longer word."""
    return not (
        (start > 0 and _is_word(text[start]) and _is_word(text[start - 1]))
        or (end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]))
    )


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Return a text without its blanks outside of literals, and the offset of each character that is left."""
    pieces: list[str] = []
    offsets: list[int] = []
    end = 0
    for found in _TOKEN.finditer(text):
        keep = found.start() if found.group().isspace() else found.end()
        pieces.append(text[end:keep])
        offsets += range(end, keep)
        end = found.end()
    pieces.append(text[end:])
    offsets += range(end, len(text))
    return "".join(pieces), offsets


def listed(node: Node) -> tuple[Node, ...]:
    """Return the members of a list node; fparser unwraps some lists of one."""
    if node is None:
        return ()
    if type(node).__name__.endswith("_List"):
        return tuple(node.items)
    return tuple(node) if isinstance(node, (list, tuple)) else (node,)


def rule_of(node: Node) -> str:
    """Return the name of the grammar's rule that a node came from."""
    return type(node).__name__


# --- extents, types, attributes -----------------------------------------------------------------------------------


def read_extents(shape: Node, cursor: Cursor) -> tuple[Text, ...] | None:
    """Return the extents of an array specification, None where there is none."""
    if shape is None:
        return None
    return tuple(_read_extent(cursor, *bounds) for bounds in _bounds(shape))


def _bounds(shape: Node) -> Iterator[tuple[Node, str, Node]]:
    """Give lower bound, separator and upper bound of each extent; None where one is not there."""
    for spec in listed(shape):
        match rule_of(spec):
            case "Explicit_Shape_Spec":
                low, high = spec.items
                yield (low, ":" if low is not None else "", high)
            case "Assumed_Size_Spec":
                explicit, low = spec.items
                yield from _bounds(explicit) if explicit is not None else ()
                yield (low, ":" if low is not None else "", "*")
            case "Assumed_Shape_Spec" | "Deferred_Shape_Spec":
                low, high = (*spec.items, None, None)[:2]
                yield (low, ":", high)
            case _:
                yield (None, "", spec)


def _read_extent(cursor: Cursor, low: Node, separator: str, high: Node) -> Text:
    pieces = [
        cursor.take(piece)
        for piece in (low, separator, high)
        if piece is not None and piece != ""
    ]
    if pieces[0].text == ".":
        return Text(
            "..", pieces[0].span
        )  # assumed rank, which was spelled as a deferred extent for fparser
    return Text("".join(piece.text for piece in pieces), pieces[0].span)


def read_type(node: Node, cursor: Cursor) -> TypeSpec:
    """Return the type of an ``intrinsic-type-spec`` or ``declaration-type-spec``."""
    name, selector = node.items
    word = cursor.take(name)
    if rule_of(node) == "Declaration_Type_Spec":
        derived = (
            selector.items[0] if rule_of(selector) == "Derived_Type_Spec" else selector
        )
        return TypeSpec(str(name).lower(), derived=cursor.name(derived))
    kind = length = None
    star = False
    match rule_of(selector):
        case "Kind_Selector" | "Length_Selector":
            bracket, value = selector.items[:2]
            star = bracket == "*"
            if rule_of(value) == "Char_Length":
                value = value.items[1]
            said = cursor.take(value)
            kind, length = (
                (said, None) if rule_of(selector) == "Kind_Selector" else (None, said)
            )
        case "Char_Selector":
            length, kind = _read_char_selector(selector, cursor)
        case _:
            pass
    return TypeSpec(
        " ".join(str(name).lower().split()) if word else "", kind, length, star=star
    )


def _read_char_selector(
    selector: Node, cursor: Cursor
) -> tuple[Text | None, Text | None]:
    """Return length and kind, which stand in either order when both have their keywords."""
    start = end = cursor.at
    said: list[Text | None] = []
    for value in selector.items:
        cursor.at = start
        said.append(None if value is None else cursor.take(value))
        end = max(end, cursor.at)
    cursor.at = end
    return said[0], said[1]


def read_attribute(node: Node, cursor: Cursor) -> Attribute:
    """Return one attribute of a declaration."""
    match rule_of(node):
        case "Dimension_Attr_Spec" | "Dimension_Component_Attr_Spec":
            word = cursor.take("dimension")
            return Attribute(
                "dimension", read_extents(node.items[1], cursor), word.span
            )
        case "Intent_Attr_Spec" | "Intent_Spec":
            word = (
                cursor.take("intent")
                if rule_of(node) == "Intent_Attr_Spec"
                else Text("", cursor.span())
            )
            key = node.items[1] if rule_of(node) == "Intent_Attr_Spec" else node
            said = cursor.take(key)
            return Attribute(
                "intent", (Text("".join(said.text.split()), said.span),), word.span
            )
        case "Language_Binding_Spec":
            return read_bind_attribute(node, cursor)
        case "Proc_Attr_Spec" if node.items[1] is not None:
            return Attribute(
                str(node.items[0]).lower(), (cursor.take(node.items[1]),), cursor.span()
            )
        case "Codimension_Attr_Spec":
            word = cursor.take("codimension")
            return Attribute("codimension", (), word.span)
        case "Type_Attr_Spec" if node.items[1] is not None:
            word = cursor.take(node.items[0])
            return Attribute(word.text, (cursor.take(node.items[1]),), word.span)
        case _:
            plain = (
                node.items[0]
                if rule_of(node) in ("Type_Attr_Spec", "Proc_Attr_Spec")
                else node
            )
            word = cursor.take(plain)
            name, _, rest = word.text.partition("(")
            return Attribute(
                name.strip(),
                (Text(rest.rstrip(" )"), word.span),) if rest else None,
                word.span,
            )


def read_bind_attribute(node: Node, cursor: Cursor) -> Attribute:
    """Return ``bind(c, name=...)`` as an attribute."""
    word = cursor.take("bind")
    said = [cursor.take("c")]
    if node.items[0] is not None:
        name = cursor.take(node.items[0])
        said.append(Text(f"name={name.text}", name.span))
    return Attribute("bind", tuple(said), word.span)


def read_attributes(node: Node, cursor: Cursor) -> tuple[Attribute, ...]:
    """Return the attributes of a declaration."""
    return tuple(read_attribute(each, cursor) for each in listed(node))


# --- entities ------------------------------------------------------------------------------------------------------


def read_entity(node: Node, cursor: Cursor) -> Entity:
    """Return one declared name, from any of the rules that hold one."""
    name, shape, length, initial = _entity_parts(node)
    word = cursor.take(name)
    extents = read_extents(shape, cursor)
    size = None
    codimensions = _skip_codimensions(cursor, extents is not None)
    if length is not None:
        size = cursor.take(
            length.items[1] if rule_of(length) == "Char_Length" else length
        )
    start = _read_slashed(cursor) if initial is None else cursor.take(initial)
    return Entity(word.text, word.span, extents, size, start, codimensions)


def _entity_parts(node: Node) -> tuple[Node, Node, Node, Node]:
    """Return name, shape, character length and initial value."""
    match rule_of(node):
        case "Entity_Decl" | "Component_Decl" | "Target_Entity_Decl":
            name, shape, length, initial = node.items
            return name, shape, length, None if initial is None else initial.items[1]
        case "Proc_Decl":
            return node.items[0], None, None, node.items[2]
        case "Saved_Entity" | "Bind_Entity":
            return "".join(str(item) for item in node.items), None, None, None
        case (
            "Common_Block_Object"
            | "Pointer_Decl"
            | "Object_Name_Deferred_Shape_Spec_List_Item"
        ):
            return node.items[0], node.items[1], None, None
        case _:
            return node, None, None, None


def _skip_codimensions(cursor: Cursor, shaped: bool) -> bool:
    """Move over the brackets of a coarray, if they are there."""
    before = cursor.at
    if cursor.skip(")" if shaped else "") != "[":
        cursor.at = before
        return False
    end = cursor.text.find("]", cursor.at)
    cursor.at = end + 1 if end >= 0 else len(cursor.text)
    return True


def _read_slashed(cursor: Cursor) -> Text | None:
    """Return the value of ``integer n/3/``, which fparser was given as blanks."""
    if cursor.spelled is cursor.text:
        return None
    before = cursor.at
    if cursor.skip(")") != "/":
        cursor.at = before
        return None
    start = cursor.at + 1
    end = start
    while (
        end < len(cursor.text)
        and cursor.spelled[end] == " "
        and cursor.text[end] != "/"
    ):
        end += 1
    cursor.at = end + 1
    return Text(cursor.text[start:end].strip(), cursor.line.span(start))


def read_entities(node: Node, cursor: Cursor) -> tuple[Entity, ...]:
    """Return the names that a statement declares."""
    return tuple(read_entity(each, cursor) for each in listed(node))


# --- what fparser.two doesn't know ---------------------------------------------------------------------------------

_ASSUMED_TYPE = re.compile(r"(?<=type)(\s*\(\s*)\*(\s*\))")
_ASSUMED_RANK = re.compile(r"(\(\s*)\.\.(\s*\))")
_DEPTH = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|\(/|/\)|[()\[\]/]|=>|::")


def respell(text: str, *, declares_type: bool) -> str:
    """Write a declaration as fparser.two takes it, as long as it was, so that places stay true.

    ``type(*)`` becomes a type with a name, ``(..)`` a deferred extent, ``=>`` an equals sign; codimensions after names
    become blanks, and so do initial values between slashes in the type declarations that may have them.
    """
    if "*" in text:
        text = _ASSUMED_TYPE.sub(r"\1z\2", text)
    if ".." in text:
        text = _ASSUMED_RANK.sub(r"\1: \2", text)
    if "=>" in text:
        text = text.replace("=>", " =")
    slashes = declares_type and "/" in text and "::" not in text
    return _blank_outside(text, slashes) if slashes or "[" in text else text


def _blank_outside(text: str, slashes: bool) -> str:
    """Blank what stands in brackets after a name, or between slashes, outside of parentheses."""
    pieces = list(text)
    depth, opened = 0, -1
    for found in _DEPTH.finditer(text):
        token, at = found.group(), found.start()
        if token[0] in "'\"" or (
            opened >= 0 and token != ("]" if text[opened] == "[" else "/")
        ):
            continue
        if opened >= 0:
            pieces[opened : at + 1] = " " * (at + 1 - opened)
            opened = -1
        elif depth == 0 and (
            (token == "/" and slashes) or (token == "[" and _follows_name(text[:at]))
        ):
            opened = at
        elif token in ("(", "(/", "["):
            depth += 1
        elif token in (")", "/)", "]"):
            depth -= 1
    return "".join(pieces)


def _follows_name(before: str) -> bool:
    before = before.rstrip()
    return before[-1:] == ")" or (
        _is_word(before[-1:] or " ") and not before.endswith("codimension")
    )


# --- statements ----------------------------------------------------------------------------------------------------

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
    _, _, module, only, names = node.items
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
            str(module).lower(), "ONLY" in (only or ""), tuple(renames), cursor.span()
        ),
    )


def generic_name(node: Node) -> str:
    """Return a name, or ``operator(+)``, ``assignment(=)``, ``read(formatted)``, without blanks."""
    return "".join(lower(str(node)).split())


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
        entities = (
            read_entities(node.items[names], cursor) if len(node.items) > names else ()
        )
        return (syntax.AttributeStatement(attribute, entities, cursor.span()),)

    return read


def _first_word(cursor: Cursor) -> str:
    """Move behind the keyword of a statement and return it."""
    found = re.compile(r"\s*([a-z]+)").match(cursor.spelled)
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
    result, _ = read_suffix(suffix)
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


def dummy_names(node: Node) -> tuple[str, ...]:
    """Return the names of a list of dummy arguments, ``*`` for alternate returns."""
    return tuple(str(each).lower() for each in listed(node))


def read_suffix(node: Node) -> tuple[str | None, syntax.Bind | None]:
    """Return the result's name and the binding of ``result(r) bind(c)``."""
    result = binding = None
    match rule_of(node):
        case "Suffix":
            result, binding = node.items
        case "Language_Binding_Spec":
            binding = node
        case _:
            pass
    return (None if result is None else str(result).lower()), read_bind(binding)


def read_bind(node: Node) -> syntax.Bind | None:
    """Return ``bind(c, name="...")``.

    Raises:
        Unreadable: where the name is an expression and not a literal.

    """
    if node is None:
        return None
    name = node.items[0]
    if name is None:
        return syntax.Bind(None)
    if rule_of(name) != "Char_Literal_Constant":
        raise Unreadable
    quoted = str(name.items[0])
    return syntax.Bind(quoted[1:-1].replace(quoted[0] * 2, quoted[0]).strip())


@dataclass(frozen=True, slots=True)
class Header:
    """What the statement says that opens a unit."""

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
        bind=read_bind(binding),
    )


def read_function(node: Node, cursor: Cursor) -> Header:
    """Read a FUNCTION statement."""
    prefix, name, arguments, suffix = node.items
    spec, prefixes = read_prefix(prefix, cursor)
    result, binding = read_suffix(suffix)
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

STATEMENTS: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = {
    Keyword.DECLARATION: ("Type_Declaration_Stmt", read_declaration),
    Keyword.PROCEDURE: ("Procedure_Declaration_Stmt", read_procedure_declaration),
    Keyword.MODULE_PROCEDURE: ("Procedure_Stmt", read_module_procedure),
    Keyword.ENTRY: ("Entry_Stmt", read_entry),
    Keyword.USE: ("Use_Stmt", read_use),
    Keyword.IMPLICIT: ("Implicit_Stmt", read_implicit),
    Keyword.PARAMETER: ("Parameter_Stmt", read_parameter),
    Keyword.DIMENSION: ("Dimension_Stmt", read_dimension),
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
    Keyword.PROTECTED: ("Protected_Stmt", attribute_reader(1)),
    Keyword.SAVE: ("Save_Stmt", attribute_reader(1)),
}

COMPONENTS: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = {
    Keyword.DECLARATION: ("Data_Component_Def_Stmt", read_declaration),
    Keyword.PROCEDURE: ("Proc_Component_Def_Stmt", read_procedure_declaration),
}


def read_items(
    statement: Statement,
    table: Mapping[Keyword, tuple[str, Callable[[Node, Cursor], Items]]] = STATEMENTS,
) -> Items:
    """Read one declaring statement.

    Raises:
        Unreadable: where fparser.two does not take it.

    """
    keyword, line = statement.keyword, statement.line
    match keyword:
        case Keyword.DATA:
            return (syntax.Data(_rest(line, "data"), Cursor(line).span()),)
        case Keyword.EQUIVALENCE:
            return (
                syntax.Equivalence(_rest(line, "equivalence"), Cursor(line).span()),
            )
        case Keyword.VIRTUAL:
            line = line._replace(text=line.text.replace("virtual", "dimension", 1))
            keyword = Keyword.DIMENSION
        case Keyword.CONTIGUOUS:
            # the same list of names, and fparser.two has no rule of its own for it
            keyword = Keyword.VOLATILE
    if keyword not in table:
        raise Unreadable
    rule, read = table[keyword]
    spelled = line.text
    if keyword in _RESPELLED:
        spelled = respell(spelled, declares_type=keyword is Keyword.DECLARATION)
    if statement.keyword is Keyword.CONTIGUOUS:
        spelled = spelled.replace("contiguous", "volatile  ", 1)
    cursor = Cursor(line, spelled if spelled != line.text else None)
    if keyword is Keyword.IMPLICIT and _IMPLICIT_NONE.fullmatch(line.text):
        return (syntax.Implicit((), cursor.span()),)
    items = read(parse(rule, spelled.strip()), cursor)
    if statement.keyword is Keyword.CONTIGUOUS:
        items = tuple(_contiguous(item) for item in items)
    return items


def _contiguous(item: syntax.Item) -> syntax.Item:
    if not isinstance(item, syntax.AttributeStatement):
        return item
    return syntax.AttributeStatement(
        Attribute("contiguous", None, item.span), item.entities, item.span
    )


_IMPLICIT_NONE = re.compile(
    r"\s*implicit\s*none\s*(?:\([a-z, ]*\))?\s*|\s*implicit\s*undefined\s*\(a-z\)\s*"
)
_RESPELLED = frozenset(
    {
        Keyword.DECLARATION,
        Keyword.DIMENSION,
        Keyword.COMMON,
        Keyword.POINTER,
        Keyword.TARGET,
    }
)


def _rest(line: Line, keyword: str) -> Text:
    """Return what follows the keyword of a statement."""
    start = line.text.find(keyword) + len(keyword)
    rest = line.text[start:]
    return Text(rest.strip(), line.span(start + len(rest) - len(rest.lstrip())))


def read_header(statement: Statement) -> Header:
    """Read the statement that opens a unit.

    Raises:
        Unreadable: where fparser.two does not take it.

    """
    if statement.keyword not in HEADERS:
        return Header(statement.name)
    rule, read = HEADERS[statement.keyword]
    return read(parse(rule, statement.text.strip()), Cursor(statement.line))
