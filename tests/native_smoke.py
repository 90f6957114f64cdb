"""Calls every function of a BLAS module as Python and as native code, on any CPython; ``.ci/test-others`` runs it.

The module ``blas`` and the package f2pypy are found on the path.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pickle
import sys
from typing import Any

import numpy as np

LENGTHS = {"x": (3,), "y": (3,), "ap": (6,), "param": (5,)}
INTEGERS = {"m": 3, "n": 3, "k": 1, "kl": 1, "ku": 1}
DTYPES = {"s": "f4", "d": "f8", "c": "c8", "z": "c16"}
# Whose arrays are of another letter than the first.
LETTERS = {"dsdot": "s", "sdsdot": "s"}


def imported(native: str) -> Any:
    os.environ["F2PYPY_NATIVE"] = native
    sys.modules.pop("blas", None)
    return importlib.import_module("blas")


def required(function: Any) -> dict[str, Any]:
    """Return a value for each argument that a call needs."""
    name = function.__name__
    letter = LETTERS.get(name, name.lstrip("i")[0])
    found: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is not inspect.Parameter.empty:
            continue
        if "ArrayLike" in str(parameter.annotation):
            shape = LENGTHS.get(parameter.name, (3, 3))
            numbers = np.arange(1, 1 + int(np.prod(shape))).reshape(shape)
            found[parameter.name] = np.asfortranarray(numbers, DTYPES[letter])
        elif "complex" in str(parameter.annotation):
            found[parameter.name] = 1.5 - 0.5j
        else:
            found[parameter.name] = INTEGERS.get(parameter.name, 1.5)
    return found


def seen(results: Any) -> list[Any]:
    """Return what there is to compare, to the last bit."""
    parts = results if isinstance(results, tuple) else (results,)
    return [
        (type(part), getattr(part, "dtype", None), np.asarray(part).tobytes())
        for part in parts
    ]


def main() -> None:
    python, native = imported("0"), imported("")
    native.__native__.compile()
    assert not native.__native__.reason, native.__native__.reason
    assert not native.__native__.refused, native.__native__.refused
    for name in native.__all__:
        one, other = getattr(python, name), getattr(native, name)
        arguments = required(one)
        for _ in range(200):
            expected, got = one(**arguments), other(*arguments.values())
            assert seen(expected) == seen(got), (name, expected, got)
        assert inspect.signature(one) == inspect.signature(other)
        assert pickle.loads(pickle.dumps(other)) is other
        holder: Any = type("Holder", (), {"call": other})()
        assert seen(holder.call(**required(one))) == seen(one(**required(one)))
        for bad in ({}, {**arguments, "nothing": 1}):
            try:
                other(**bad)
            except TypeError:
                continue
            raise AssertionError(f"{name} takes {bad}")


if __name__ == "__main__":
    main()
