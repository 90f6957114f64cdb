"""What Fortran is passed for a callback on PyPy can be shut: the C function is called no more."""

from __future__ import annotations

import ctypes
import gc
import platform
import sys
from typing import Any

import pytest

from f2pypy.runtime import callback_gates
from f2pypy.runtime.callback_memory import c_function, pointed_address
from f2pypy.runtime.scalar_types import DOUBLE, INT, LOGICAL, ScalarType

HAVE_GATES = (sys.implementation.name, sys.platform, platform.machine()) == (
    "pypy",
    "linux",
    "x86_64",
)
needs_gates = pytest.mark.skipif(
    not HAVE_GATES, reason="C functions have gates on PyPy for x86-64 alone"
)


def function(answer: Any, result: ScalarType | None) -> tuple[Any, Any]:
    """Return a C function that Fortran might call with an address and a length, and its pointer."""
    return c_function(answer, result, (None, int), lambda failure: None)


def caller(gate: callback_gates.Gate, result: Any) -> Any:
    address = pointed_address(gate.pointer)
    assert address is not None
    return ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_size_t)(address)


def test_there_are_gates_where_there_should_be() -> None:
    _, pointer = function(lambda place, length: 1, INT)
    assert (callback_gates.gate_to(pointer) is not None) == HAVE_GATES


@needs_gates
@pytest.mark.parametrize(
    ("kind", "result", "value"),
    [
        (DOUBLE, ctypes.c_double, 2.5),
        (INT, ctypes.c_int32, -7),
        (LOGICAL, ctypes.c_int32, 1),
        (None, None, None),
    ],
)
def test_a_gate_is_open_or_gives_zero(kind: Any, result: Any, value: Any) -> None:
    called = []

    def answer(*values: int) -> Any:
        called.append(values)
        return value

    kept, pointer = function(answer, kind)
    gate = callback_gates.gate_to(pointer)
    assert gate is not None
    call = caller(gate, result)
    assert call(5, 6) == value
    assert called == [(5, 6)]
    gate.shut()
    for _ in range(1000):
        assert not call(5, 6)
    assert called == [(5, 6)]
    gate.open()
    assert call(7, 8) == value
    assert called == [(5, 6), (7, 8)]
    del kept


@needs_gates
def test_gates_serve_again() -> None:
    """What is still called of one that nobody has any more gives zero."""
    kept, pointer = function(lambda place, length: 3, INT)
    gate = callback_gates.gate_to(pointer)
    assert gate is not None
    call = caller(gate, ctypes.c_int32)
    assert call(1, 1) == 3
    del gate
    gc.collect()
    assert call(1, 1) == 0
    cells = len(callback_gates._CELLS)
    for _ in range(4):
        many = [callback_gates.gate_to(pointer) for _ in range(100)]
        assert len({pointed_address(each.pointer) for each in many if each}) == 100
        del many
        gc.collect()
    assert len(callback_gates._CELLS) <= cells + 1
    del kept


@needs_gates
def test_no_gates_where_memory_for_them_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(code: bytes) -> int:
        raise OSError(13, "the system lets nobody make machine code")

    monkeypatch.setattr(callback_gates, "executable", refuse)
    monkeypatch.setattr(callback_gates, "_FREE_GATES", [])
    cells = len(callback_gates._CELLS)
    assert callback_gates.gate_to(function(lambda *_: 1, INT)[1]) is None
    assert len(callback_gates._CELLS) == cells
