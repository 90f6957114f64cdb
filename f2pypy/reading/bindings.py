"""Reads the statements after the CONTAINS of a type, which bind procedures to it."""

from __future__ import annotations

import re

from f2pypy import syntax
from f2pypy.reading.declarations import read_attributes
from f2pypy.reading.scanner import NAME, Scanner, Unreadable
from f2pypy.syntax import Attribute

_FIRST_WORD = re.compile("procedure|generic|final", re.IGNORECASE)
_GENERIC_NAME = re.compile(
    r"(?:operator|assignment|read|write)\s*\(.*?\)|[a-z_$][\w$]*(?=\s*=>)",
    re.IGNORECASE | re.ASCII,
)
_ACCESS = ("public", "private")
_ATTRIBUTES = {
    "procedure": {"pass", "nopass", "deferred", "non_overridable", *_ACCESS},
    "generic": {*_ACCESS},
    "final": set[str](),
}


def read_bindings(scan: Scanner) -> tuple[syntax.Binding, ...]:
    """Return what ``procedure``, ``generic`` or ``final`` binds, one for each name.

    Raises `Unreadable` for anything else.
    """
    word = _FIRST_WORD.match(scan.text)
    if word is None:
        raise Unreadable(0, "expected 'procedure', 'generic' or 'final'")
    kind = word[0].lower()
    interface, offset = _read_interface(scan, word.end())
    if interface and kind != "procedure":
        raise Unreadable(word.end(), f"{kind!r} can't have an interface")
    # the words of `operator(::)` are no attributes
    separator = scan.mask.find("::", offset)
    attributes = []
    if separator >= 0:
        attributes = read_attributes(scan, offset, separator)
        offset = separator + 2
    said = {each.name: each for each in attributes}
    wrong = sorted(said.keys() - _ATTRIBUTES[kind])
    if wrong:
        raise Unreadable(offset, f"{kind!r} can't have the attribute {wrong[0]!r}")  # fmt: skip
    if bool(interface) != ("deferred" in said):
        raise Unreadable(word.end(), "a deferred binding, and only that, has an interface in parentheses")  # fmt: skip
    offset = scan.skip(offset)
    if kind == "procedure":
        return _read_specific(scan, offset, interface, said)
    if kind == "generic":
        return (_read_generic(scan, offset, said),)
    targets = tuple(_read_names(scan, offset))
    return (syntax.Binding(kind, "", targets, scan.span()),)


def _read_interface(scan: Scanner, offset: int) -> tuple[str, int]:
    """Return the name in parentheses at `offset`, "" without, and the offset after it."""
    opening = scan.skip(offset)
    if not scan.has("(", opening):
        return "", offset
    start, stop = scan.group(opening)
    name, end = scan.name(scan.skip(start), "the name of an interface")
    if scan.skip(end) != stop:
        raise Unreadable(end, "expected the end of the interface's name")
    return name, stop + 1


def _read_specific(
    scan: Scanner, offset: int, interface: str, said: dict[str, Attribute]
) -> tuple[syntax.Binding, ...]:
    """Read ``a => b, c``: each name is bound to the procedure after the arrow, or to that of its own name."""
    found = []
    for begin, end in scan.commas(offset, len(scan.text)):
        start = scan.skip(begin)
        name, after = scan.name(start, "the name of a binding")
        target = name
        arrow = scan.skip(after)
        if scan.has("=>", arrow):
            target, after = scan.name(scan.skip(arrow + 2), "the name of a procedure")
        if scan.text[after:end].strip():
            raise Unreadable(scan.skip(after), "expected '=>' or the end of this binding")  # fmt: skip
        found.append(
            syntax.Binding(
                "procedure",
                name,
                () if interface else (target,),
                scan.span(start),
                _passed(said),
                "nopass" in said,
                interface,
                _access(said),
                "non_overridable" in said,
            )
        )
    if not found:
        raise Unreadable(offset, "expected the name of a binding")
    return tuple(found)


def _read_generic(scan: Scanner, offset: int, said: dict[str, Attribute]) -> syntax.Binding:  # fmt: skip
    """Read ``name => a, b``; the name may be that of an operator."""
    name = _GENERIC_NAME.match(scan.text, offset)
    if name is None:
        raise Unreadable(offset, "expected the name of a generic binding, and '=>'")
    arrow = scan.skip(name.end())
    if not scan.has("=>", arrow):
        raise Unreadable(arrow, "expected '=>'")
    targets = tuple(_read_names(scan, arrow + 2))
    generic, access = "".join(name[0].split()), _access(said)
    return syntax.Binding("generic", generic, targets, scan.span(), access=access)


def _read_names(scan: Scanner, offset: int) -> list[str]:
    """Return the names between the commas from `offset` on."""
    found = []
    for text in scan.arguments(offset, len(scan.text)):
        if NAME.fullmatch(text.text) is None:
            raise Unreadable(offset, f"expected a name, got {text.text!r}")
        found.append(text.text)
    if not found:
        raise Unreadable(offset, "expected a name")
    return found


def _passed(said: dict[str, Attribute]) -> str:
    """Return the dummy of ``pass(dummy)``."""
    named = said["pass"].arguments if "pass" in said else None
    return named[0].text if named else ""


def _access(said: dict[str, Attribute]) -> str:
    return next((word for word in _ACCESS if word in said), "")
