"""Refusing arguments: the exceptions for ``check(...)`` conditions, with f2py's texts."""

from __future__ import annotations

from typing import Any


def check_failed(
    error: type[Exception],
    condition: str,
    argument: str,
    name: str = "",
    value: Any = None,
    bits: int = 32,
) -> Exception:
    """Return the exception to raise because `condition` doesn't hold for `argument`.

    `error` is the module's exception class; `condition` is the text in the signature
    file with its parentheses, and `argument` reads "1st argument n" or "hidden n". For
    a scalar, `name` ("ddot:n") and its `value` are shown as C prints them; `bits` is
    the width of an integer. An integer too wide for that gives OverflowError instead,
    since C would not have come as far as to check it.
    """
    message = f"{condition} failed for {argument}"
    if isinstance(value, int):
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            return OverflowError(
                "int too big to convert"
                if bits == 64
                else "Python int too large to convert to C int"
            )
        return error(f"{message}: {name}={value}")
    if isinstance(value, float):
        return error(f"{message}: {name}={value:g}")
    if isinstance(value, bytes):
        return error(f"{message}: {name}='{value.decode('latin-1')}'")
    return error(message)


def string_check_failed(
    error: type[Exception],
    condition: str,
    argument: str,
    routine: str,
    name: str,
    value: Any,
) -> Exception:
    """Return the exception to raise because `condition` doesn't hold for a string.

    `value` is the string's memory, an array of bytes; the rest is as in `check_failed`.
    """
    text = value.tobytes().partition(b"\0")[0].decode("latin-1")
    return error(
        f'{condition} failed for {argument}: {routine}:slen({name})={len(value)} {name}="{text}"'
    )
