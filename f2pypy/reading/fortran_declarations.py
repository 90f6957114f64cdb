"""Types, attributes, extents and names of Fortran declarations: fparser.two's trees become `syntax`."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.reading.fortran_grammar import Cursor, Node, listed, rule_of
from f2pypy.syntax import Attribute, Entity, Text, TypeSpec


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
    if cursor.spelled == cursor.text:
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
