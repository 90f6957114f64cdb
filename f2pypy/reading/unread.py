"""What is known of a statement that can't be read."""

from __future__ import annotations

import re

from f2pypy.reading.keywords import Keyword
from f2pypy.reading.lines import Line
from f2pypy.reading.units import AnyUnit, Nest

_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_ANY_WORD = re.compile(r"\w+")
_SHOWN = 60  # characters of a statement in a message
# one that perhaps isn't ended
_OPEN_LITERAL = re.compile(r"'[^']*'?|\"[^\"]*\"?")
_NAME = re.compile(r"[a-z_$][\w$]*")
_VALUE = re.compile(r"([a-z_$][\w$]*)\s*=(?!=)")
# Statements of a module that declare variables and constants.
_DECLARING = (Keyword.DECLARATION, Keyword.PROCEDURE, Keyword.PARAMETER)


def shown(line: Line) -> str:
    """Return a statement as a message shows it."""
    text = " ".join(line.text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def about_letters(text: str) -> str:
    """Return a remark on a name with letters that Fortran doesn't allow, "" if there is none."""
    bare = _LITERAL.sub("", text)
    found = next((word for word in _ANY_WORD.findall(bare) if not word.isascii()), "")
    return (
        f" (names may only have letters from A to Z, {found!r} has others)"
        if found
        else ""
    )


def declared_names(text: str, keyword: Keyword) -> set[str]:
    """Return the names that an unreadable statement says something of, and perhaps a few more of its words."""
    text = _OPEN_LITERAL.sub(" ", text.lower())
    if keyword is Keyword.PARAMETER:
        return set(_VALUE.findall(text))
    if keyword is not Keyword.EQUIVALENCE:
        text = outside_of_brackets(text)
    _, separator, names = text.partition("::")
    found = _NAME.findall(names if separator else text)
    # the keyword, where nothing separates it from the names
    return set(found if separator else found[1:])


def outside_of_brackets(text: str) -> str:
    """Return a text without what stands in parentheses, closed or not."""
    depth, kept = 0, []
    for character in text:
        depth += (character == "(") - (character == ")")
        kept.append(" " if depth > 0 or character == ")" else character)
    return "".join(kept)


def names_lost(text: str, keyword: Keyword, nest: Nest[AnyUnit]) -> tuple[str, ...]:
    """Return what users lose with a declaration of a Fortran module, as in `Diagnostic.subjects`."""
    if keyword not in _DECLARING or nest.top.keyword is not Keyword.MODULE:
        return ()
    return tuple(map(nest.subject, sorted(declared_names(text, keyword))))
