"""The same calls of f2py's module and f2pypy's: value, type and aliasing, or exception class and text."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from callback_calls import OTHERWISE_IN_F2PY, SAME_AS_F2PY


def outcome(call: Any, module: Any) -> tuple[str, Any]:
    """Return what a call comes to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return "returned", described(call(module))
        except Exception as failure:
            return type(failure).__name__, str(failure)


def described(value: Any) -> Any:
    """Return a value with its types, so that comparing compares them too."""
    if isinstance(value, tuple):
        return tuple(map(described, value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tolist()
    return type(value).__name__, value


@pytest.mark.parametrize("name", SAME_AS_F2PY)
def test_outcome(name: str, callbacks: Any, f2py_callbacks: Any) -> None:
    call = SAME_AS_F2PY[name]
    assert outcome(call, callbacks) == outcome(call, f2py_callbacks)


def came_to(call: Any, module: Any) -> Any:
    """Return what a call returns, or the name of its exception."""
    try:
        returned = call(module)
    except Exception as failure:
        return type(failure).__name__
    return np.asarray(returned).tolist()


@pytest.mark.parametrize("name", OTHERWISE_IN_F2PY)
def test_other_outcome(name: str, callbacks: Any, f2py_callbacks: Any) -> None:
    call, ours, theirs = OTHERWISE_IN_F2PY[name]
    assert came_to(call, callbacks) == ours
    assert came_to(call, f2py_callbacks) == theirs


@pytest.mark.parametrize(
    "routine",
    ["sum_up", "euler", "kinds", "words", "choose", "named", "strings", "by_value"],
)
def test_docstring(routine: str, callbacks: Any, f2py_callbacks: Any) -> None:
    ours, theirs = (getattr(m, routine).__doc__ for m in (callbacks, f2py_callbacks))
    assert [line.rstrip() for line in ours.strip().splitlines()] == [
        line.rstrip() for line in theirs.strip().splitlines()
    ]
