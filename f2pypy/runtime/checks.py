"""Refusing arguments: the exceptions for ``check(...)`` conditions, with f2py's texts."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import floating, ndarray


def check_failed(
    error: type[Exception],
    message: str,
    value: Any = None,
    given: Sequence[int] = (),
    bits: int = 32,
) -> Exception:
    """Return the exception to raise because a condition doesn't hold.

    `error` is the module's exception class. `message` is f2py's up to the value of the
    checked scalar or string (``(n>0) failed for 1st argument n: f:n``), and whole for
    arrays and complex numbers, which aren't shown. A string is given by its memory, an
    array of characters. `given` are the integers behind the condition, `bits` is their
    width: one too wide for it gives OverflowError instead, since C would not have come
    as far as to check it.
    """
    limit = 1 << (bits - 1)
    for number in (*given, value):
        if isinstance(number, int) and not -limit <= number < limit:
            return OverflowError(
                "int too big to convert"
                if bits == 64
                else "Python int too large to convert to C int"
            )
    if isinstance(value, int):
        return error(f"{message}={value}")
    if isinstance(value, (float, floating)):
        return error(f"{message}={value:g}")
    if isinstance(value, bytes):
        return error(f"{message}='{value.decode('latin-1')}'")
    if isinstance(value, ndarray):
        text = value.tobytes().partition(b"\0")[0].decode("latin-1")
        place, _, name = message.rpartition(":")
        return error(f'{place}:slen({name})={len(value)} {name}="{text}"')
    return error(message)
