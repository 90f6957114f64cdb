# mypy: disallow-subclassing-any=False
"""Adapts a statement of a signature file to fparser's line, and reads its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from fparser.common.readfortran import Line as FparserLine
from fparser.common.sourceinfo import FortranFormat
from fparser.common.splitline import StringReplaceDict
from fparser.common.utils import AnalyzeError, ParseError

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Span, nearest
from f2pypy.reading.lines import Line, skip_blanks
from f2pypy.reading.signature_form import BRACKET_TOKEN
from f2pypy.syntax import Attribute, Entity, Text, TypeSpec

NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_WORD = re.compile(r"\w*")
# integer*-4 has no sign
_LENGTH = re.compile(r"-?\d+|[A-Za-z_$][\w$]*|\*|:", re.ASCII)
KEYED = re.compile(r"\s*(?P<key>\w+)\s*=(?!=)\s*", re.ASCII)
# What fparser's line class writes in place of brackets and quotes; a source must not hold it.
_PLACEHOLDERS = ("F2PY_EXPR_TUPLE_", "_F2PY_STRING_CONSTANT_", "F2PY_REAL_CONSTANT_")

INTENT_KEYS = frozenset(
    {
        "absent",
        "described",
        "in",
        "out",
        "inout",
        "outin",
        "inplace",
        "hide",
        "c",
        "cache",
        "copy",
    }
    | {"overwrite", "callback", "aux", "aligned4", "aligned8", "aligned16"}
    | {"optional", "required"}
)
ATTRIBUTE_NAMES = frozenset(
    {"intent", "dimension", "virtual", "check", "depend", "note", "optional"}
    | {"required", "external", "intrinsic", "parameter", "public", "private"}
    | {"allocatable", "pointer", "target", "save", "value", "volatile"}
    | {"asynchronous", "protected", "contiguous", "bind", "codimension", "static"}
    | {"automatic", "kind", "len", "pass", "nopass", "deferred", "non_overridable"}
)
TYPE_START = re.compile(
    r"double\s*precision|double\s*complex|integer|real|complex|logical|character|byte|type|class|procedure",
    re.IGNORECASE,
)


class Unreadable(Exception):
    """A statement can't be read; `offset` says which of its characters is wrong."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class UnknownStatement(Unreadable):
    """No statement begins like this one."""


@contextmanager
def shifted(offset: int) -> Iterator[None]:
    """Move the errors of a part that begins at `offset` of its statement to the statement."""
    try:
        yield
    except Unreadable as error:
        raise Unreadable(offset + error.offset, error.message) from None


class Reader:
    """The part of a reader that fparser's statements use: the format of the source."""

    # free and strict: fparser's name for signature files
    format = FortranFormat(True, True)

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics


class SignatureLine(FparserLine):
    """fparser's line over a `Line`.

    An offset in `mask` is also an offset in the text; fparser's own lines lose that.
    """

    def __init__(self, statement: Line, reader: Reader) -> None:
        self.statement = statement
        self.line = statement.text
        self.span = (statement.span().line,) * 2
        self.label = self.name = None
        self.strline: str | None = None
        self.reader = reader
        self.is_f2py_directive = False
        self._masked: tuple[str, list[tuple[int, int]]] | None = None

    @property
    def mask(self) -> str:
        """The text, with everything inside brackets and quotes overwritten character by character."""
        if self._masked is None:
            self._masked = mask_groups(self.line)
        return self._masked[0]

    @property
    def groups(self) -> list[tuple[int, int]]:
        """The ranges that `mask` overwrites."""
        return self._masked[1] if self.mask and self._masked else []

    def copy(self, line: str | None = None, apply_map: bool = False) -> SignatureLine:
        """Return a line with the text `line`, as fparser's classes ask for one."""
        text = self.line if line is None else line
        if apply_map:
            text = self.apply_map(text)
        return SignatureLine(self.statement._replace(text=text), self.reader)

    def get_line(self, apply_map: bool = False) -> str:
        """Return the text with fparser's placeholders for brackets and quotes."""
        if apply_map:
            return self.line
        if self.strline is None:
            self.strline, self.strlinemap = self._write_placeholders()
        return self.strline

    def _write_placeholders(self) -> tuple[str, StringReplaceDict]:
        if any(p in self.line for p in _PLACEHOLDERS):
            raise Unreadable(
                0, f"names that begin with {_PLACEHOLDERS[0]!r} are reserved"
            )
        replaced = StringReplaceDict()
        pieces, start = [], 0
        for number, (inner, stop) in enumerate(self.groups, 1):
            is_quoted = self.line[stop] in "'\""
            key = (
                f"_F2PY_STRING_CONSTANT_{number}_"
                if is_quoted
                else f"F2PY_EXPR_TUPLE_{number}"
            )
            # fparser leaves single words as they are, and its classes rely on it
            if not _WORD.fullmatch(self.line, inner, stop):
                replaced[key] = self.line[inner:stop]
                pieces += [self.line[start:inner], key]
                start = stop
        pieces.append(self.line[start:])
        return "".join(pieces), replaced

    def text(self, start: int, stop: int) -> Text:
        """Return the characters from `start` to `stop`, stripped, with their place."""
        return self.statement.words(start, stop)

    def find(self, piece: str, start: int) -> int:
        """Return where `piece`, which fparser made of the text from `start` on, stands in it."""
        offset = self.line.find(piece, start)
        if offset < 0:
            raise Unreadable(start, f"{piece!r} can't be read here")
        return offset

    def at(self, offset: int) -> Span:
        """Return the place of the character at `offset`."""
        return self.statement.span(offset)

    def warn(self, offset: int, message: str) -> None:
        """Report something odd at `offset`."""
        self.reader.diagnostics.warn(self.at(offset), message)


KEYWORDS = {"len": "length", "f2py_len": "length", "kind": "kind"}


def mask_groups(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Overwrite the text inside brackets and quotes; return the result and the ranges.

    Single words stay, because fparser's patterns rely on them: ``enum, bind(c)``.
    Raises `Unreadable` where a bracket is not closed or closes nothing.
    """
    if not any(c in text for c in "([{)]}'\""):
        return text, []
    groups = list(_find_groups(text))
    pieces, done = [], 0
    for start, stop in groups:
        inside = text[start:stop]
        if not _WORD.fullmatch(inside):
            inside = "x" * len(inside)
        pieces += [text[done:start], inside]
        done = stop
    return "".join(pieces) + text[done:], groups


def _find_groups(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges inside the outermost brackets and quotes of `text`."""
    open_brackets: list[tuple[str, int]] = []
    for token in BRACKET_TOKEN.finditer(text):
        mark = token[0]
        if mark in "([{":
            open_brackets.append((mark, token.end()))
        elif mark in ")]}":
            if not open_brackets:
                raise Unreadable(token.start(), f"{mark!r} closes nothing")
            opened, inner = open_brackets.pop()
            if opened + mark not in ("()", "[]", "{}"):
                raise Unreadable(token.start(), f"{mark!r} can't close {opened!r}")
            if not open_brackets:
                yield inner, token.start()
        elif not open_brackets:
            yield token.start() + 1, token.end() - 1
    if open_brackets:
        opened, inner = open_brackets[-1]
        raise Unreadable(inner - 1, f"{opened!r} is not closed")


def split_commas(line: SignatureLine, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the ranges between top-level commas from `start` to `stop`; none for blanks."""
    text = line.line[start:stop]
    if not text.strip():
        return []
    masked = mask_groups(text)[0] if start or stop < len(line.line) else line.mask
    ranges, begin = [], start
    for part in masked.split(","):
        ranges.append((begin, begin + len(part)))
        begin += len(part) + 1
    return ranges


def read_name(line: SignatureLine, offset: int, what: str) -> tuple[str, int]:
    """Return the name at `offset` and the offset after it."""
    match = NAME.match(line.line, offset)
    if match is None:
        found = line.line[offset : offset + 12]
        if found[:1].isalpha():
            what += " of letters from A to Z"
        raise Unreadable(
            offset, f"expected {what}, got {found!r}" if found else f"expected {what}"
        )
    return match[0], match.end()


def read_group(line: SignatureLine, offset: int) -> tuple[int, int]:
    """Return the range inside the top-level bracket that opens at `offset`."""
    return offset + 1, line.mask.index(")]}"["([{".index(line.mask[offset])], offset)


def read_arguments(line: SignatureLine, start: int, stop: int) -> tuple[Text, ...]:
    """Return the comma-separated texts from `start` to `stop`."""
    return tuple(line.text(*part) for part in split_commas(line, start, stop))


def read_attribute(line: SignatureLine, offset: int) -> tuple[Attribute | None, int]:
    """Return the attribute at `offset` and the offset after it; None for one without effect."""
    name, end = read_name(line, offset, "an attribute")
    keyword = name.lower()
    opening = skip_blanks(line.mask, end)
    arguments: tuple[Text, ...] | None = None
    if line.mask[opening : opening + 1] == "(":
        start, stop = read_group(line, opening)
        end = stop + 1
        # a note is prose, commas and all
        whole = keyword == "note"
        arguments = (
            (line.text(start, stop),) if whole else read_arguments(line, start, stop)
        )
    shapes = keyword in ("dimension", "virtual") and arguments is not None
    if shapes and not (arguments and all(each.text for each in arguments)):
        raise Unreadable(opening, f"an extent is missing in this {keyword}")
    if keyword not in ATTRIBUTE_NAMES:
        line.warn(
            offset,
            f"unknown attribute {line.line[offset:end]!r} is ignored"
            + nearest(keyword, ATTRIBUTE_NAMES),
        )
        return None, end
    if keyword == "intent" and arguments:
        arguments = tuple(read_intent_keys(line, arguments))
        if not arguments:
            return None, end
    keyword = "dimension" if keyword == "virtual" else keyword
    return Attribute(keyword, arguments, line.at(offset)), end


def read_intent_keys(line: SignatureLine, given: Iterable[Text]) -> Iterator[Text]:
    """Yield the keys of an intent in their plain form, without unknown ones."""
    for part in given:
        key, equals, name = part.text.partition("=")
        key = "".join(key.lower().split())
        if key == "out" and NAME.fullmatch(name.strip()):
            yield Text(f"out={name.strip()}", part.span)
        elif key in INTENT_KEYS and not equals:
            yield Text(key, part.span)
        else:
            message = f"unknown intent {part.text!r} is ignored"
            message += nearest(key, INTENT_KEYS)
            line.reader.diagnostics.warn(part.span, message)


def read_entities(line: SignatureLine, start: int) -> tuple[Entity, ...]:
    """Return the names from `start` to the end of the statement with their shapes, lengths and values."""
    entities = []
    offset = skip_blanks(line.mask, start)
    while offset < len(line.mask):
        entity, offset = _read_entity(line, offset)
        entities.append(entity)
        offset = skip_blanks(line.mask, offset)
        if offset == len(line.mask):
            break
        if line.mask[offset] != ",":
            raise Unreadable(
                offset, f"expected a comma, got {line.line[offset : offset + 12]!r}"
            )
        comma, offset = offset, skip_blanks(line.mask, offset + 1)
        if offset == len(line.mask):
            line.warn(comma, "the comma at the end is ignored")
    return tuple(entities)


def _read_entity(line: SignatureLine, offset: int) -> tuple[Entity, int]:
    at, mask = offset, line.mask
    name, offset = read_name(line, offset, "a name")
    dimensions: tuple[Text, ...] | None = None
    length: Text | None = None
    codimensions = False
    while True:
        offset = skip_blanks(mask, offset)
        mark = mask[offset : offset + 1]
        if mark == "(" and dimensions is None:
            start, stop = read_group(line, offset)
            dimensions = read_arguments(line, start, stop)
            if not dimensions or any(not d.text for d in dimensions):
                raise Unreadable(offset, f"a dimension of {name!r} is empty")
            offset = stop + 1
        elif mark == "[" and not codimensions:
            codimensions = True
            offset = read_group(line, offset)[1] + 1
        elif mark == "*" and length is None:
            length, offset = read_length(line, offset)
        else:
            break
    initial, offset = _read_initial(line, offset)
    return Entity(name, line.at(at), dimensions, length, initial, codimensions), offset


def read_length(line: SignatureLine, star: int) -> tuple[Text, int]:
    """Return the length after the ``*`` at `star`: ``*8``, ``*(n+1)``, ``*(*)``."""
    offset = skip_blanks(line.mask, star + 1)
    if line.mask[offset : offset + 1] == "(":
        start, stop = read_group(line, offset)
        text = line.text(start, stop)
        keyed = KEYED.match(line.line, start)
        if keyed and keyed["key"].lower() == "len":
            text = line.text(keyed.end(), stop)
        if not text.text:
            raise Unreadable(offset, "expected a length in the parentheses")
        return text, stop + 1
    match = _LENGTH.match(line.line, offset)
    if match is None:
        raise Unreadable(star, "expected a length after '*'")
    return line.text(offset, match.end()), match.end()


def _read_initial(line: SignatureLine, offset: int) -> tuple[Text | None, int]:
    mask = line.mask
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
    value = line.text(start, stop)
    if not value.text:
        raise Unreadable(offset, "expected a value")
    return value, stop + (mark == "/")


_CLOSING_SLASH = re.compile(r"/(?=\s*(?:,|\Z))")


def read_type(line: SignatureLine, offset: int) -> tuple[TypeSpec, int]:
    """Return the type at `offset` and the offset after it."""
    match = TYPE_START.match(line.line, offset)
    if match is None:
        raise Unreadable(
            offset, f"expected a type, got {line.line[offset : offset + 12]!r}"
        )
    name = match[0].lower()
    if name.startswith("double"):
        name = "double " + name[6:].strip()
    end = match.end()
    opening = skip_blanks(line.mask, end)
    mark = line.mask[opening : opening + 1]
    if mark == "*" and name not in ("type", "class", "procedure"):
        size, end = read_length(line, opening)
        if name == "character":
            return TypeSpec(name, length=size, star=True), end
        return TypeSpec(name, kind=size, star=True), end
    if mark == "(":
        start, stop = read_group(line, opening)
        return _read_selector(line, name, start, stop), stop + 1
    if name in ("type", "class"):
        raise Unreadable(end, f"expected '(' after {name!r}")
    return TypeSpec(name), end


def _read_selector(line: SignatureLine, name: str, start: int, stop: int) -> TypeSpec:
    if name in ("type", "class", "procedure"):
        return TypeSpec(name, derived=line.line[start:stop].strip())
    # f2py_len says which length wrappers take where Fortran's own is assumed
    positions = ["length", "kind"] if name == "character" else ["kind"]
    found: dict[str, Text] = {}
    for begin, end in split_commas(line, start, stop):
        keyed = KEYED.match(line.line, begin, end)
        field = (
            KEYWORDS.get(keyed["key"].lower())
            if keyed
            else next((p for p in positions if p not in found), None)
        )
        value = line.text(keyed.end() if keyed else begin, end)
        if field not in positions or field in found or not value.text:
            part = line.text(begin, end)
            message = f"{part.text!r} can't be the kind or length of {name}"
            raise Unreadable(skip_blanks(line.line, begin), message)
        found[field] = value
    if not found:
        raise Unreadable(start, f"expected a kind or length of {name}")
    return TypeSpec(name, kind=found.get("kind"), length=found.get("length"))


def read_attributes(line: SignatureLine, offset: int, stop: int) -> list[Attribute]:
    """Return the attributes from `offset` to the ``::`` at `stop`."""
    attributes: list[Attribute] = []
    is_separated = True
    offset = skip_blanks(line.mask, offset)
    while offset < stop:
        if line.mask[offset] == ",":
            is_separated = True
            offset = skip_blanks(line.mask, offset + 1)
            continue
        if not is_separated:
            line.warn(offset, "a comma is missing before this attribute")
        attribute, offset = read_attribute(line, offset)
        if attribute is not None:
            attributes.append(attribute)
        is_separated = False
        offset = skip_blanks(line.mask, offset)
    return attributes


class Plain:
    """A statement that becomes one or more items of its block, kept in `said`.

    Takes the place of fparser's constructor, which copies tables that only `analyze` uses.
    """

    # fparser's word for the pattern that begins a statement, a bound method of it
    match: ClassVar[Any]
    said: tuple[syntax.Item, ...]

    def __init__(self, parent: Any, item: SignatureLine) -> None:
        self.parent = parent
        self.item = item
        self.reader = item.reader
        self.isvalid = True
        self.ignore = False
        self.process_item()

    def process_item(self) -> None:
        """Read `item` into `said`."""
        raise AssertionError(f"{type(self).__name__} reads nothing")  # pragma: no cover

    def read_as_fparser(self) -> None:
        """Let fparser's class read the statement into its attributes."""
        try:
            super().process_item()  # type: ignore[misc]
        except (
            AssertionError,
            AttributeError,
            IndexError,
            TypeError,
            ValueError,
            AnalyzeError,
            ParseError,
        ) as error:
            raise self.unreadable() from error
        if not self.isvalid:
            raise self.unreadable()

    def unreadable(self) -> Unreadable:
        """Return the error for a statement that can't be read, without details."""
        keyword = re.split(r"\W", self.item.line, maxsplit=1)[0]
        return Unreadable(0, f"this {keyword!r} statement can't be read")
