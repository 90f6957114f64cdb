"""Passes Python functions and arrays of strings to native code, on any CPython; ``.ci/test-others`` runs it.

The modules ``callbacks`` and ``text_arrays`` and the package f2pypy are found on the path.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from typing import Any

import numpy as np


class Stop(Exception):
    pass


def imported(name: str, native: str) -> Any:
    os.environ["F2PYPY_NATIVE"] = native
    sys.modules.pop(name, None)
    module = importlib.import_module(name)
    if native == "0":
        return module
    module.__native__.compile()
    assert not module.__native__.reason, module.__native__.reason
    return module


def fails(x: float) -> float:
    raise Stop(x)


def noted(x: float) -> float:
    return 4 * x


noted.note = 1  # type: ignore[attr-defined]
FUNCTIONS = (
    *(lambda x: x, lambda: 2.0, lambda x, y=3.0: x * y, lambda x, *, y=3.0: x * y),
    *(lambda *x: 1.0, lambda x, y: x, lambda x: (x,), lambda x: int(x)),
    *(fails, noted, abs, Stop, 5, np.float64),
)


def outcome(function: Any, *arguments: Any) -> Any:
    try:
        return repr(function(*arguments))
    except Exception as failure:
        return type(failure).__name__, str(failure)


def python_runs(function: Any, *arguments: Any) -> list[str]:
    """Return the names of the Python functions that a call runs."""
    called: list[str] = []

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return called


def check_callbacks() -> None:
    python, native = imported("callbacks", "0"), imported("callbacks", "")
    assert {"sum_up", "euler", "choose"} <= {*native.__native__.compiled}, native.__native__.refused  # fmt: skip
    for function in FUNCTIONS:
        for extra in ((), (2.0,), [1]):
            expected = outcome(python.sum_up, function, 3, extra)
            for _ in range(6):
                found = outcome(native.sum_up, function, 3, extra)
                assert found == expected, (function, extra, found, expected)
    assert python_runs(native.sum_up, FUNCTIONS[0], 3) == ["<lambda>"] * 3

    def rhs(t: float, y: Any) -> Any:
        return -y

    matrix = np.asfortranarray(np.ones((3, 2)))
    for _ in range(6):
        expected = python.euler(rhs, lambda t, y: matrix, [1.0, 2.0], 3, 0.5)
        found = native.euler(rhs, lambda t, y: matrix, [1.0, 2.0], 3, 0.5)
        assert found.tolist() == expected.tolist()

    def nested(x: float, depth: int = 0) -> float:
        return x if depth == 9 else native.sum_up(lambda y: nested(y, depth + 1), 1) + 1

    assert native.sum_up(lambda x: nested(x), 1) == 10.0
    before = [sys.getrefcount(each) for each in (rhs, matrix, fails)]
    for _ in range(1000):
        native.euler(rhs, lambda t, y: matrix, matrix[0], 1, 0.5)
        outcome(native.sum_up, fails, 3)
    after = [sys.getrefcount(each) for each in (rhs, matrix, fails)]
    assert all(abs(x - y) < 5 for x, y in zip(before, after)), (before, after)  # noqa: B905 - Python 3.9
    check_machine_code(native)
    check_interrupts(native)
    check_threads(native)


def check_machine_code(native: Any) -> None:
    """What was passed once is looked up in native code; what changes is seen."""
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double))
    functions = [kind(lambda x, factor=factor: factor * x[0]) for factor in (1, 2)]
    addresses = [ctypes.cast(each, ctypes.c_void_p).value for each in functions]
    new = ctypes.pythonapi["PyCapsule_New"]
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    named, plain = new(addresses[0], b"double (double *)", None), new(addresses[0], None, None)  # fmt: skip
    place = ctypes.c_void_p(addresses[0])
    for each in (functions[0], named, plain, place):
        assert native.sum_up(each, 3) == 6.0
        assert python_runs(native.sum_up, each, 3) == ["<lambda>"] * 3
    place.value = addresses[1]
    assert native.sum_up(place, 3) == native.sum_up(functions[1], 3) == 12.0
    functions[0].argtypes = (ctypes.POINTER(ctypes.c_int),)
    assert "Fortran calls" in outcome(native.sum_up, functions[0], 3)[1]
    assert native.sum_up(functions[1], 3) == 12.0


def check_interrupts(native: Any) -> None:
    called = []

    def tries(x: float) -> None:
        try:
            called.append(x)
        except ValueError:
            called.clear()

    for _ in range(6):
        try:
            native.interrupted(tries)
        except KeyboardInterrupt:
            called.append(-1.0)
    assert called == [-1.0] * 6, called


def check_threads(native: Any) -> None:
    wrong = []

    def work(number: int) -> None:
        for _ in range(200):
            found = native.sum_up(lambda x: x * number, 20)
            if found != 210.0 * number:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    sys.setswitchinterval(interval)
    assert not wrong, wrong


def check_lines() -> None:
    python, native = imported("text_arrays", "0"), imported("text_arrays", "")
    assert not native.__native__.refused, native.__native__.refused
    full, short = np.array([b"abcd", b"efgh"]), np.array([b"abcd", b"ef"])
    for given in (
        full,
        short,
        full[::-1],
        [b"abcd"],
        np.array(["ab"]),
        np.zeros(2, "S4"),
        np.array(3),
    ):
        for name in ("seen_four", "seen_any", "seen_three"):
            expected = outcome(getattr(python, name), given)
            assert outcome(getattr(native, name), given) == expected, (name, given)
        assert outcome(native.word, given, given) == outcome(python.word, given, given)
    for given in (full, short):
        assert python_runs(native.seen_four, given) == []
        changed, same = given.copy(), given.copy()
        native.change(changed)
        python.change(same)
        assert changed.tolist() == same.tolist()
    assert (
        native.make(3).tolist()
        == python.make(3).tolist()
        == [b"l1  ", b"l2  ", b"l3  "]
    )


if __name__ == "__main__":
    check_callbacks()
    check_lines()
