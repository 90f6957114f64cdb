"""What combinations of ``intent`` keys mean; the rules are f2py's."""

from __future__ import annotations

from collections.abc import Sequence

from f2pypy import syntax
from f2pypy.model import Intent, Presence
from f2pypy.resolve.names.declarations import intent_keys

FLAGS = {
    "cache": Intent.CACHE,
    "copy": Intent.COPY,
    "overwrite": Intent.OVERWRITE,
    "c": Intent.C,
    "aux": Intent.AUX | Intent.C,
    "callback": Intent.CALLBACK,
    "aligned4": Intent.ALIGNED4,
    "aligned8": Intent.ALIGNED8,
    "aligned16": Intent.ALIGNED16,
    "inplace": Intent.INPLACE,
}

# The key of signature files for what Fortran calls optional: without it f2py's zero is passed for what isn't given.
ABSENT = "absent"
# The key of signature files for an assumed-shape array that Fortran passes to a callback: others have an address.
DESCRIBED = "described"
# Keys that say which way the data goes.
DIRECTIONS = frozenset({"in", "inout", "outin", "out", "hide", "inplace"})


def is_input(keys: Sequence[str]) -> bool:
    """Whether the caller's value is passed: with ``in``, ``inout``, ``inplace`` or without a direction."""
    intent = combine_intents(keys)
    return bool(intent & (Intent.IN | Intent.INOUT | Intent.INPLACE))


def is_hidden(keys: Sequence[str]) -> bool:
    """Whether it is hidden from the signature of the Python function."""
    if "hide" in keys:
        return True
    given = {"in", "inout", "outin", "inplace"} & set(keys)
    return "out" in keys and not given


def combine_intents(keys: Sequence[str]) -> Intent:
    """Return the intent that the keys make together.

    ``hide`` beats every direction, ``inplace`` beats ``in`` and ``inout``, ``in`` beats ``inout``.
    """
    intent = Intent.NONE
    for key in keys:
        intent |= FLAGS.get(key, Intent.NONE)
    directions = DIRECTIONS & set(keys)
    if "out" in directions:
        intent |= Intent.OUT
    if "hide" in directions:
        return intent & ~Intent.INPLACE
    if "inplace" in directions:
        return intent
    if "in" in directions:
        return intent | Intent.IN
    if directions & {"inout", "outin"}:
        return intent | Intent.INOUT
    return intent if "out" in directions else intent | Intent.IN


def presence_of(keys: Sequence[str], *, optional: bool, required: bool) -> Presence:
    """Return whether the caller must, may or can't give the argument."""
    if is_hidden(keys) or "aux" in keys:
        return Presence.HIDDEN
    if optional and not required:
        return Presence.OPTIONAL
    return Presence.REQUIRED


def result_name(name: str, keys: Sequence[str]) -> str | None:
    """Return the name under which it is returned: ``out=name`` goes before its own; None if it isn't."""
    if "out" not in keys:
        return None
    for key in keys:
        if key.startswith("out="):
            return key[4:]
    return name


def keys_of(attribute: syntax.Attribute) -> list[str]:
    """Return the keys of an intent; ``optional`` and ``required`` are keys themselves."""
    if attribute.name == "intent":
        return ["inout" if k == "outin" else k for k in intent_keys(attribute)]
    return [attribute.name] if attribute.name in ("optional", "required") else []
