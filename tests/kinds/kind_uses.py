"""Calls of the procedures of kind_table.py, and what they come to with f2py's module and with f2pypy's.

Run as a program it makes them with the module ``kinds`` and writes what they come to: ``kind_uses.py FILE``.
"""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Mapping  # noqa: UP035

import kind_table
import numpy as np
from kind_table import Row

# What is given for a scalar argument, by family.
GIVEN: Mapping[str, tuple[Any, ...]] = {
    "integer": (
        *(0, -7, True, 1.9, None, {}, "x", []),
        *(127, 128, 300, 40000, 2**31 - 1, 2**31, -(2**31) - 1, 2**63, -(10**30)),
        *(np.int8(3), np.float64(2.5), np.array(4), np.array([5])),
    ),
    "real": (
        *(0.1, 1, None, {}, "x", [], 1e300, -1e300, 1e-46),
        *(float("inf"), np.float32(0.1), np.array(4), np.array([5.5]), 10**400),
    ),
    "complex": (
        *(0.1, 1, 1 + 0.1j, "1", None, {}, [], 1e300j, np.complex64(0.1j)),
        *(np.array(4), np.array([5j])),
    ),
    "logical": (0, 1, 2, -1, 256, 0.5, "", "x", None, [], [0], 2**40),
    "character": (
        *(b"a", "b", b"", "", b"abcdefgh", "abc", b"ab\0c", ["xyz"], b" a "),
        *(np.array(b"q"), np.array([b"rs"], "S2"), 7, None),
    ),
}


def outcome(use: Callable[[], Any]) -> Any:
    """Return type and value of what a use returns, or the class of the exception."""
    try:
        value = use()
    except Exception as problem:
        return type(problem).__name__
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tolist())
    return (type(value).__name__, value)


def changed(change: Callable[[Any], Any], values: Any) -> Any:
    """Return an array after a procedure has changed it in place."""
    change(values)
    return values


def uses(module: ModuleType, row: Row) -> Mapping[str, Callable[[], Any]]:
    """Return what is done with the procedures of one type, by a name for each."""
    values = kind_table.samples(row)
    name = row.name
    copy = getattr(module, f"copy_{name}")
    change = getattr(module, f"change_{name}", None)
    result = getattr(module, f"result_{name}")
    arrays = getattr(module, f"arrays_{name}")
    data = getattr(module, f"data_{name}")
    found: dict[str, Callable[[], Any]] = {}
    for place, value in enumerate(values):
        found[f"copy {place}"] = lambda value=value: copy(value)
        found[f"result {place}"] = lambda value=value: result(value)
        if kind_table.changes_as_f2py(row):
            found[f"change {place}"] = lambda v=value: changed(change, np.array(v))
    for place, given in enumerate(GIVEN[row.family]):
        found[f"copy given {place}"] = lambda given=given: copy(given)
        found[f"result given {place}"] = lambda given=given: result(given)
    again = values.copy()
    found["arrays"] = lambda: arrays(values, again)
    found["array after"] = lambda: again
    assigned = {"one": values[1], "many": np.resize(values, 3)}
    if values.dtype.kind == "S" and values.itemsize > 1:
        del assigned["many"]  # f2py scrambles arrays of strings that are assigned
    for attribute, value in assigned.items():
        found[f"set {attribute}"] = lambda a=attribute, v=value: setattr(data, a, v)
        found[f"get {attribute}"] = lambda a=attribute: getattr(data, a)
    return found


def outcomes(module: ModuleType, row: Row) -> dict[str, Any]:
    """Return what the uses of one type come to."""
    return {name: outcome(use) for name, use in uses(module, row).items()}


if __name__ == "__main__":
    built = importlib.import_module("kinds")
    found = {row.name: outcomes(built, row) for row in kind_table.ROWS if row.known}
    Path(sys.argv[1]).write_bytes(pickle.dumps(found))
