"""Refusing arguments: the exceptions for ``check(...)`` conditions, with f2py's texts."""

from __future__ import annotations

from typing import Any

from numpy import floating

from f2pypy.runtime.scalar_types import TOO_WIDE


def refused(
    error: type[Exception], condition: str, position: str, place: str, value: Any = None, *given: int, bits: int = 32
) -> Exception:
    """Return the exception to raise because `condition`, in the words of the signature file, doesn't hold.

    `error` is the module's exception class, `position` says which argument it is ("1st argument"). `place` ends in
    its name: "routine:name" for a number, whose `value` the text shows, the name alone for arrays and complex numbers.
    `given` are the other integers that the condition is about, `bits` is the width of them all: one too wide for it
    gives OverflowError instead, since C would not have come as far as to check it.
    """
    start, _, name = place.rpartition(":")
    message = f"({condition}) failed for {position} {name}" + (f": {place}" if start else "")
    limit = 1 << (bits - 1)
    if any(isinstance(number, int) and not -limit <= number < limit for number in (*given, value)):
        return OverflowError(TOO_WIDE[bits])
    if isinstance(value, (int, float, floating)):
        message += f"={value}" if isinstance(value, int) else f"={value:g}"
    return error(message)


def refused_text(
    error: type[Exception], condition: str, position: str, place: str, value: Any, *given: int, bits: int = 32
) -> Exception:
    """Do the same for a character, or for a string that is given by its memory, an array of characters."""
    failure = refused(error, condition, position, place, None, *given, bits=bits)
    if type(failure) is not error:
        return failure
    if isinstance(value, bytes):
        return error(f"{failure}='{value.decode('latin-1')}'")
    name = place.rpartition(":")[2]
    text = value.tobytes().partition(b"\0")[0].decode("latin-1")
    return error(f'{str(failure)[: -len(name)]}slen({name})={len(value)} {name}="{text}"')
