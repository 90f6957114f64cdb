"""`typing.assert_never` for Python 3.10, which lacks it."""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Fail: a `match` over a closed union has met a member it doesn't know."""
    raise AssertionError(f"unexpected {type(value).__name__}: {value!r}")
