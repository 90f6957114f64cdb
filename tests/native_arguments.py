"""What is given to native code and to Python alike, and what comes of it."""

from __future__ import annotations

import copy
import importlib.util
import os
import random
import sys
import warnings
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np


class Number:
    def __float__(self) -> float:
        return 2.5

    def __index__(self) -> int:
        return 3


PYTHON = (0, 1, -7, 2.5, -0.0, 1j, 3 - 2j)
LARGE = (
    *(2**15, 2**31 - 1, -(2**31), 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 2**70),
    *(float("nan"), float("inf"), 1e39, -1e300, 1e-42, 1e-50, complex(1e39, 1)),
)
NUMPY = tuple(
    np.dtype(name).type(value)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "longlong", "uint8", "uint64"),
        *("float16", "float32", "float64", "longdouble", "complex64", "complex128"),
    )
    for value in (0, 1, 100)
)
OTHERS = (
    *(True, False, None, "1", b"2", "x", np.str_("3"), Number(), Fraction(1, 2)),
    *(np.float64(0.1), np.float64(1e300), np.int64(2**40), np.complex128(1 - 1e200j)),
    *(np.int32(-5), np.datetime64(0, "s"), [], [1], np.array(4), np.array([5.5])),
)


def number(pick: random.Random) -> Any:
    found = pick.choices((PYTHON, NUMPY, LARGE, OTHERS), weights=(9, 4, 2, 2))[0]
    return copy.deepcopy(pick.choice(found))  # Fortran may change some


ELEMENTS = (
    *("f8", "f8", "i8", "i4", "i2", "i1", "f4", "c8", "c16", "c16", "?", "u4", "u8"),
    *(">f8", "O", "S2", "U2", "m8[s]", "g", "f2", "q"),
)


def plain_array(pick: random.Random, shape: tuple[int, ...], like: str = "") -> Any:
    """Return an array whose type is `like` half of the time where that is given."""
    name = like if like and pick.random() < 0.5 else pick.choice(ELEMENTS)
    values = np.array(
        [pick.choice((0, 1, -3, 2.5, 9)) for _ in range(int(np.prod(shape)))]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if pick.random() < 0.1 and name in ("f8", "c16"):
            values = values * 1e200
        made = (
            values.astype("i8").astype(name) if name[0] == "m" else values.astype(name)
        )
    return made.reshape(shape)


def laid_out(pick: random.Random, shape: tuple[int, ...], like: str = "") -> Any:
    """Return an array of a shape in one of many layouts."""
    wide = plain_array(pick, tuple(2 * extent for extent in shape), like)
    part = wide[(..., *(slice(0, extent) for extent in shape))]
    form = pick.randrange(8)
    if form == 0:
        return np.asfortranarray(part)
    if form == 1:
        return wide[(..., *(slice(None, None, 2) for _ in shape))]
    if form == 2:
        return part[(..., *(slice(None, None, -1) for _ in shape))]
    if form == 3:
        return plain_array(pick, shape[::-1], like).T
    if form == 4:
        made = plain_array(pick, shape, like)
        made.flags.writeable = False
        return made
    if form == 5:
        return np.broadcast_to(plain_array(pick, (), like), shape)
    if form == 6:
        made = plain_array(pick, shape, like)
        if made.dtype.hasobject:
            return made
        room = np.zeros(made.nbytes + 1, "u1")
        room[1:] = np.frombuffer(made.tobytes(), "u1")
        return room[1:].view(made.dtype).reshape(shape)
    return plain_array(pick, shape, like).view(
        np.matrix if len(shape) == 2 else np.recarray
    )


def outcome(function: Any, *given: Any, **named: Any) -> Any:
    """Return what a call gives: value and type to the last bit, or exception, and what it warned of."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            result = seen(function(*given, **named))
        except Exception as failure:
            result = type(failure), str(failure)
    return result, [(each.category, str(each.message)) for each in warned]


def seen(found: Any) -> Any:
    """Return what there is to compare of a value, and of each in a tuple."""
    if isinstance(found, tuple):
        return tuple(map(seen, found))
    values = np.asarray(found)
    # neither the address of an object nor the unused bytes of a long double say anything
    says_nothing = values.dtype.hasobject or values.dtype.char in "gG"
    content = repr(found) if says_nothing else values.tobytes("F")
    return type(found), values.dtype, np.shape(found), content


def loaded(path: Path, mode: str) -> ModuleType:
    """Import a module anew, with this in F2PYPY_NATIVE."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with mock.patch.dict(os.environ, F2PYPY_NATIVE=mode):
        spec.loader.exec_module(module)
    return module


def python_calls(function: Any, *given: Any) -> int:
    """Return how many Python functions a call runs."""
    called = []

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        function(*given)
    finally:
        sys.setprofile(None)
    return len(called)
