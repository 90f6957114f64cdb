"""Reads what declares variables: types, attributes, and names with their extents, lengths and values.

Signature files are Fortran with more attributes, so one reader serves both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from f2pypy.diagnostics import nearest
from f2pypy.reading.scanner import KEYED, NAME, Scanner, Unreadable
from f2pypy.syntax import Attribute, Entity, Text, TypeSpec

FORTRAN_ATTRIBUTES = frozenset(
    {"intent", "dimension", "optional", "external", "intrinsic", "parameter"}
    | {"public", "private", "allocatable", "pointer", "target", "save", "value"}
    | {"volatile", "asynchronous", "protected", "contiguous", "bind"}
    | {"codimension", "static", "automatic", "kind", "len", "pass", "nopass"}
    | {"deferred", "non_overridable", "virtual"}
)
SIGNATURE_ATTRIBUTES = FORTRAN_ATTRIBUTES | {"check", "depend", "note", "required"}
FORTRAN_INTENTS = frozenset({"in", "out", "inout"})
SIGNATURE_INTENTS = FORTRAN_INTENTS | {
    *("outin", "inplace", "hide", "c", "cache", "copy", "overwrite", "callback"),
    *("aux", "aligned4", "aligned8", "aligned16", "optional", "required"),
    *("absent", "described"),
}
TYPE_START = re.compile(
    r"double\s*precision|double\s*complex|integer|real|complex|logical|character|byte|type|class|procedure",
    re.IGNORECASE,
)
# a type's name in parentheses, which no name of a derived type may be
INTRINSIC_TYPE = re.compile(
    r"(?:integer|real|double\s*precision|complex|logical|character)\s*(?:[(*]|\Z)",
    re.IGNORECASE,
)
# Types whose parentheses hold a name.
_NAMED_TYPES = ("type", "class", "procedure")
# Directives write double precision(3) for an array of three.
_WITHOUT_KINDS = frozenset({"double precision", "double complex", "byte"})
# f2py_len says which length wrappers take where Fortran's own is assumed
_SELECTORS = {"len": "length", "f2py_len": "length", "kind": "kind"}
# integer*-4 has no sign
_LENGTH = re.compile(r"-?\d+|[A-Za-z_$][\w$]*|\*|:", re.ASCII)
# (check n > 0), which is neither a kind nor an attribute
_BRACKETED = re.compile(
    rf"\(\s*(?P<name>{'|'.join(sorted(SIGNATURE_ATTRIBUTES - {'kind', 'len'}))})\s+(?P<rest>[^\s=,)*].*)",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING_SLASH = re.compile(r"/(?=\s*(?:,|\Z))")
_COLON = re.compile(r"\s*:\s*")


# --- types ---------------------------------------------------------------------------------------------------------


def read_type(scan: Scanner, offset: int) -> tuple[TypeSpec, int]:
    """Return the type at `offset` and the offset after it."""
    match = TYPE_START.match(scan.text, offset)
    if match is None:
        raise Unreadable(offset, f"expected a type, got {scan.shown(offset)}")
    name = match[0].lower()
    if name.startswith("double"):
        name = "double " + name[6:].strip()
    end = match.end()
    opening = scan.skip(end)
    if scan.has("*", opening) and name not in _NAMED_TYPES:
        size, end = read_length(scan, opening)
        if name == "character":
            return TypeSpec(name, length=size, star=True), end
        return TypeSpec(name, kind=size, star=True), end
    if scan.has("(", opening):
        start, stop = scan.group(opening)
        if name not in _NAMED_TYPES and is_bracketed_attribute(scan, opening):
            return TypeSpec(name), stop + 1
        return _read_selector(scan, name, start, stop), stop + 1
    if name in ("type", "class"):
        raise Unreadable(end, f"expected '(' after {name!r}")
    return TypeSpec(name), end


def _read_selector(scan: Scanner, name: str, start: int, stop: int) -> TypeSpec:
    if name in _NAMED_TYPES:
        return _read_named(scan, name, start, stop)
    if name in _WITHOUT_KINDS:
        inside = f"({scan.words(start, stop).text})"
        scan.warn(start - 1, f"{name} has no kinds: {inside!r} is ignored")
        return TypeSpec(name)
    positions = ["length", "kind"] if name == "character" else ["kind"]
    found: dict[str, Text] = {}
    for begin, end in scan.commas(start, stop):
        keyed = KEYED.match(scan.text, begin, end)
        field = (
            _SELECTORS.get(keyed["key"].lower())
            if keyed
            else next((p for p in positions if p not in found), None)
        )
        value = scan.words(keyed.end() if keyed else begin, end)
        if field not in positions or field in found or not value.text:
            part = scan.words(begin, end)
            message = f"{part.text!r} can't be the kind or length of {name}"
            raise Unreadable(scan.skip(begin), message)
        found[field] = value
    if not found:
        raise Unreadable(start, f"expected a kind or length of {name}")
    return TypeSpec(name, kind=found.get("kind"), length=found.get("length"))


def _read_named(scan: Scanner, name: str, start: int, stop: int) -> TypeSpec:
    """Read what stands in the parentheses of ``type(t)``; ``type(real(8))`` is ``real(8)``."""
    if name == "type" and INTRINSIC_TYPE.match(scan.text, scan.skip(start), stop):
        part = scan.part(start, stop)
        spec, end = read_type(part, 0)
        part.end(end, "this type")
        return spec
    derived = scan.words(start, stop).text
    if scan.is_source:
        # the parameters of a derived type: f2pypy wraps none of those that have some
        derived = derived.partition("(")[0].strip()
    return TypeSpec(name, derived=derived)


def read_length(scan: Scanner, star: int) -> tuple[Text, int]:
    """Return the length after the ``*`` at `star`: ``*8``, ``*(n+1)``, ``*(*)``."""
    offset = scan.skip(star + 1)
    if scan.has("(", offset):
        start, stop = scan.group(offset)
        text = scan.words(start, stop)
        keyed = KEYED.match(scan.text, start)
        if keyed and keyed["key"].lower() == "len":
            text = scan.words(keyed.end(), stop)
        if not text.text:
            raise Unreadable(offset, "expected a length in the parentheses")
        return text, stop + 1
    match = _LENGTH.match(scan.text, offset)
    if match is None:
        raise Unreadable(star, "expected a length after '*'")
    return scan.words(offset, match.end()), match.end()


# --- attributes ----------------------------------------------------------------------------------------------------


def read_attributes(scan: Scanner, offset: int, stop: int) -> list[Attribute]:
    """Return the attributes from `offset` to the ``::`` at `stop`."""
    attributes: list[Attribute] = []
    is_separated = True
    offset = scan.skip(offset)
    while offset < stop:
        if scan.mask[offset] == ",":
            is_separated = True
            offset = scan.skip(offset + 1)
            continue
        if is_bracketed_attribute(scan, offset):
            offset, is_separated = scan.skip(scan.group(offset)[1] + 1), False
            continue
        if not is_separated:
            scan.warn(offset, "a comma is missing before this attribute")
        attribute, offset = read_attribute(scan, offset)
        if attribute is not None:
            attributes.append(attribute)
        is_separated = False
        offset = scan.skip(offset)
    return attributes


def end_of_attributes(scan: Scanner, offset: int) -> int:
    """Return the offset of the first name after attributes without ``::``: ``optional, intent(in) n``.

    It is `offset` where there are none: a comma before the name may separate names, in ``real value, x``.
    """
    at, is_separated = scan.skip(offset), True
    if scan.has(",", at):
        at = scan.skip(at + 1)
    while found := NAME.match(scan.text, at):
        if found[0].lower() not in SIGNATURE_ATTRIBUTES:
            return offset if is_separated else at
        at = scan.skip(found.end())
        if scan.has("(", at):
            at = scan.skip(scan.group(at)[1] + 1)
        is_separated = scan.has(",", at)
        if is_separated:
            at = scan.skip(at + 1)
    return offset


def is_bracketed_attribute(scan: Scanner, opening: int) -> bool:
    """Whether ``(check n>0)`` begins here, which f2py skips in a signature file; warn about it."""
    if scan.is_source or not scan.has("(", opening):
        return False
    stop = scan.group(opening)[1]
    found = _BRACKETED.fullmatch(scan.text, opening, stop)
    if found is None:
        return False
    meant = f"{found['name']}({found['rest'].strip()})"
    message = f"{scan.text[opening : stop + 1]!r} is ignored; did you mean {meant!r}?"
    scan.warn(opening, message)
    return True


def read_attribute(scan: Scanner, offset: int) -> tuple[Attribute | None, int]:
    """Return the attribute at `offset` and the offset after it; None for one without effect."""
    name, end = scan.name(offset, "an attribute")
    keyword = name.lower()
    opening = scan.skip(end)
    arguments: tuple[Text, ...] | None = None
    if scan.has("(", opening):
        start, stop = scan.group(opening)
        end = stop + 1
        # a note is prose, commas and all
        whole = keyword == "note"
        arguments = (scan.words(start, stop),) if whole else scan.arguments(start, stop)
    known = FORTRAN_ATTRIBUTES if scan.is_source else SIGNATURE_ATTRIBUTES
    if keyword not in known:
        message = f"unknown attribute {scan.text[offset:end]!r}" + scan.ignored
        scan.warn(offset, message + nearest(keyword, known))
        return None, end
    match keyword:
        case "codimension" if scan.has("[", opening):
            return Attribute(keyword, (), scan.span(offset)), scan.group(opening)[1] + 1
        case "dimension" | "virtual" if arguments is not None:
            if not (arguments and all(each.text for each in arguments)):
                raise Unreadable(opening, f"an extent is missing in this {keyword}")
            arguments = read_extents(scan, start, stop)
        case "bind" if arguments:
            arguments = tuple(map(_without_blanks, arguments))
        case "intent" if arguments:
            arguments = tuple(_read_intents(scan, start, stop))
            if not arguments:
                return None, end
    keyword = "dimension" if keyword == "virtual" else keyword
    return Attribute(keyword, arguments, scan.span(offset)), end


def _without_blanks(part: Text) -> Text:
    keyed = KEYED.match(part.text)
    return Text(f"{keyed['key']}={part.text[keyed.end() :]}", part.span) if keyed else part  # fmt: skip


def _read_intents(scan: Scanner, start: int, stop: int) -> Iterator[Text]:
    """Yield the keys of an intent in their plain form, without unknown ones."""
    known = FORTRAN_INTENTS if scan.is_source else SIGNATURE_INTENTS
    for begin, end in scan.commas(start, stop):
        part = scan.words(begin, end)
        key, equals, name = part.text.partition("=")
        key = "".join(key.lower().split())
        if key == "out" and NAME.fullmatch(name.strip()):
            yield Text(f"out={name.strip()}", part.span)
        elif key in known and not equals:
            yield Text(key, part.span)
        else:
            message = f"unknown intent {part.text!r}" + scan.ignored
            scan.warn(scan.skip(begin), message + nearest(key, known))


def read_extents(scan: Scanner, start: int, stop: int) -> tuple[Text, ...]:
    """Return the extents from `start` to `stop`, bounds of a source without blanks around their colons."""
    found = scan.arguments(start, stop)
    if scan.is_source and ":" in scan.text[start:stop]:
        found = tuple(Text(_COLON.sub(":", each.text), each.span) for each in found)
    return found


# --- names ---------------------------------------------------------------------------------------------------------


def read_entities(scan: Scanner, start: int) -> tuple[Entity, ...]:
    """Return the names from `start` to the end of the statement with their shapes, lengths and values."""
    entities = []
    offset = scan.skip(start)
    while offset < len(scan.text):
        entity, offset = _read_entity(scan, offset)
        entities.append(entity)
        offset = scan.skip(offset)
        if offset == len(scan.text):
            break
        if scan.mask[offset] != ",":
            raise Unreadable(offset, f"expected a comma, got {scan.shown(offset)}")
        comma, offset = offset, scan.skip(offset + 1)
        if offset == len(scan.text):
            scan.warn(comma, "the comma at the end is ignored")
    return tuple(entities)


def _read_entity(scan: Scanner, offset: int) -> tuple[Entity, int]:
    at, mask = offset, scan.mask
    name, offset = scan.name(offset, "a name")
    dimensions: tuple[Text, ...] | None = None
    length: Text | None = None
    codimensions = False
    while True:
        offset = scan.skip(offset)
        mark = mask[offset : offset + 1]
        if mark == "(" and dimensions is None:
            start, stop = scan.group(offset)
            dimensions = read_extents(scan, start, stop)
            if not dimensions or any(not d.text for d in dimensions):
                raise Unreadable(offset, f"a dimension of {name!r} is empty")
            offset = stop + 1
        elif mark == "[" and not codimensions:
            codimensions = True
            offset = scan.group(offset)[1] + 1
        elif mark == "*" and length is None:
            length, offset = read_length(scan, offset)
        else:
            break
    initial, offset = _read_initial(scan, offset)
    return Entity(name, scan.span(at), dimensions, length, initial, codimensions), offset  # fmt: skip


def _read_initial(scan: Scanner, offset: int) -> tuple[Text | None, int]:
    mask = scan.mask
    mark = mask[offset : offset + 1]
    if mark == "=":
        start = offset + (2 if mask.startswith("=>", offset) else 1)
        stop = mask.find(",", start)
        stop = len(mask) if stop < 0 else stop
    elif mark == "/":
        start = offset + 1
        closing = _CLOSING_SLASH.search(mask, start)
        if closing is None:
            raise Unreadable(
                offset, "the value that begins with '/' has no closing '/'"
            )
        stop = closing.start()
    else:
        return None, offset
    value = scan.words(start, stop)
    if not value.text:
        raise Unreadable(offset, "expected a value")
    return value, stop + (mark == "/")
