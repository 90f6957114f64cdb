"""Which arguments must be known before which: what is said, and what defaults, lengths and extents mention."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.order import reaches
from f2pypy.resolve.names.texts import ReadText, names_in

WORD = re.compile(r"\w+")


def complete_dependences(
    drafts: Mapping[str, Draft], names: Sequence[str], others: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return for each name those that must be evaluated before it.

    The explicit ones count as they are; what defaults, lengths and extents mention is added where that makes no
    circle, because a Python wrapper can't read a variable before it has a value. Checks wait for what they ask for.
    A default that mentions its own argument, or one of `others`, which are no arguments, makes the argument depend on
    itself: it comes after those that depend on nothing.
    """
    places = {name: at for at, name in enumerate(names)}
    depends = {name: explicit_dependences(drafts[name], places) for name in names}
    spelled: dict[str, list[str]] = {}
    for name in (*names, *others):
        spelled.setdefault(name.lower(), []).append(name)
    # A default is the reason for an order; an extent can be left to the caller's array.
    for name in names:
        mentioned = mentioned_in_default(drafts[name], spelled)
        add_dependences(depends, name, mentioned & places.keys(), places)
        if drafts[name].depends is None and mentioned - places.keys() | (
            mentioned & {name}
        ):
            depends[name] = (*depends[name], name)
    for name in names:
        mentioned = names_of_texts(drafts[name]) & places.keys()
        add_dependences(depends, name, mentioned, places)
    return depends


def explicit_dependences(draft: Draft, places: Container[str]) -> tuple[str, ...]:
    """Return the arguments that it is said to depend on; itself where those are no arguments."""
    depends = draft.depends or ()
    known = tuple(d for d in depends if d in places)
    return known or (draft.name,) * bool(depends)


def add_dependences(
    depends: dict[str, tuple[str, ...]],
    name: str,
    mentioned: Iterable[str],
    places: Mapping[str, int],
) -> None:
    """Let `name` depend on what it mentions, in the order of `places`, but for what depends on it."""
    for other in sorted(mentioned, key=places.__getitem__):
        known = other in depends[name] or other == name
        if not known and not reaches(depends, other, name):
            depends[name] = (*depends[name], other)


def mentioned_in_default(
    draft: Draft, spelled: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Return what a default mentions: to f2py any word of its text, in any case, a quoted one too.

    `spelled` has the variables by their names in lower case.
    """
    if draft.initial is None:
        return frozenset()
    found = names_in((draft.initial,))
    if draft.depends is not None:
        return found
    words = {word.lower() for word in WORD.findall(draft.initial.text)}
    return found.union(*(spelled.get(word, ()) for word in words))


def names_of_texts(draft: Draft) -> frozenset[str]:
    """Return the variables that must be known before the length and the extents can be computed."""
    length = draft.type.length
    known = () if length is None else (ReadText(length, "", draft.declaration.span),)
    return names_in((*known, *(draft.extents or ())))
