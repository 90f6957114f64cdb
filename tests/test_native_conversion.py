"""What native code converts itself: NumPy's scalars, lists of numbers, arrays of other types or orders."""

from __future__ import annotations

import importlib.util
import random
import sys
import warnings
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from native_memory import SOAK, assert_nothing_is_left

import f2pypy

pytest.importorskip("llvmlite")

TYPES = {
    "i2": "integer*2",
    "i4": "integer",
    "i8": "integer*8",
    "r4": "real",
    "r8": "double precision",
    "c8": "complex",
    "c16": "double complex",
    "l4": "logical",
}
ARRAYS = [name for name in TYPES if name != "l4"]
FORTRAN = "".join(
    f"""
      subroutine s_{name}(x, y)
        {kind} x, y
        y = x
      end
      subroutine v_{name}(n, x, y)
        integer n
        {kind} x(n), y(n)
        y = x
      end
      subroutine f_{name}(x, y)
        {kind} x(3), y(3)
        y = x
      end
      subroutine m_{name}(n, m, x, y)
        integer n, m
        {kind} x(n, m), y(n, m)
        y = x
      end
      subroutine o_{name}(x, y)
        {kind} x(3), y(3)
        y = x
      end
"""
    for name, kind in TYPES.items()
)
SIGNATURES = f"""
python module conversions
interface
{
    "".join(
        f'''
  subroutine s_{name}(x, y)
    {kind}, intent(in) :: x
    {kind}, intent(out) :: y
  end subroutine
  subroutine v_{name}(n, x, y)
    integer, intent(hide), depend(x) :: n = len(x)
    {kind}, intent(in) :: x(n)
    {kind}, intent(out) :: y(n)
  end subroutine
  subroutine f_{name}(x, y)
    {kind}, intent(in) :: x(3)
    {kind}, intent(out) :: y(3)
  end subroutine
  subroutine m_{name}(n, m, x, y)
    integer, intent(hide), depend(x) :: n = shape(x, 0), m = shape(x, 1)
    {kind}, intent(in) :: x(n, m)
    {kind}, intent(out) :: y(n, m)
  end subroutine
  subroutine o_{name}(x, y)
    {kind}, intent(in), optional :: x(3)
    {kind}, intent(out) :: y(3)
  end subroutine
'''
        for name, kind in TYPES.items()
    )
}
end interface
end python module
"""


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
    return pick.choice(
        pick.choices((PYTHON, NUMPY, LARGE, OTHERS), weights=(9, 4, 2, 2))[0]
    )


ELEMENTS = (
    *("f8", "f8", "i8", "i4", "i2", "i1", "f4", "c8", "c16", "c16", "?", "u4", "u8"),
    *(">f8", "O", "S2", "U2", "m8[s]", "g", "f2", "q"),
)


def plain_array(pick: random.Random, shape: tuple[int, ...]) -> Any:
    name = pick.choice(ELEMENTS)
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


def laid_out(pick: random.Random, shape: tuple[int, ...]) -> Any:
    """Return an array of a shape in one of many layouts."""
    wide = plain_array(pick, tuple(2 * extent for extent in shape))
    part = wide[(..., *(slice(0, extent) for extent in shape))]
    form = pick.randrange(8)
    if form == 0:
        return np.asfortranarray(part)
    if form == 1:
        return wide[(..., *(slice(None, None, 2) for _ in shape))]
    if form == 2:
        return part[(..., *(slice(None, None, -1) for _ in shape))]
    if form == 3:
        return plain_array(pick, shape[::-1]).T
    if form == 4:
        made = plain_array(pick, shape)
        made.flags.writeable = False
        return made
    if form == 5:
        return np.broadcast_to(plain_array(pick, ()), shape)
    if form == 6:
        made = plain_array(pick, shape)
        if made.dtype.hasobject:
            return made
        room = np.zeros(made.nbytes + 1, "u1")
        room[1:] = np.frombuffer(made.tobytes(), "u1")
        return room[1:].view(made.dtype).reshape(shape)
    return plain_array(pick, shape).view(np.matrix if len(shape) == 2 else np.recarray)


def argument(pick: random.Random, form: str) -> Any:
    if form == "s" or pick.random() < 0.1:
        return number(pick)
    count = pick.choice((3, 3, 3, 3, 0, 1, 2, 4))
    what = pick.random()
    if what < 0.5 and form != "m":
        return pick.choice((list, tuple))(number(pick) for _ in range(count))
    if what < 0.6:
        return [[number(pick) for _ in range(count)] for _ in range(2)]
    shapes = [(count,), (count, 2), (2, 3), (1, count), (3, 1, 1), ()]
    favourite = (count, 2) if form == "m" else (count,)
    return laid_out(pick, pick.choice((*[favourite] * 6, *shapes)))


def outcome(function: Any, given: Any) -> Any:
    """Return what a call gives: value and type to the last bit, or exception, and what it warned of."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found = function(given)
            result: Any = (type(found), np.asarray(found).dtype, np.shape(found))
            result += (np.asarray(found).tobytes("F"),)
        except Exception as failure:
            result = type(failure), str(failure)
    return result, [(each.category, str(each.message)) for each in warned]


def loaded(path: Path, mode: str, monkeypatch: Any) -> ModuleType:
    monkeypatch.setenv("F2PYPY_NATIVE", mode)
    spec = importlib.util.spec_from_file_location("conversions", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def modules(tmp_path_factory: Any, compiled: Any) -> Any:
    path = tmp_path_factory.mktemp("conversions") / "conversions.py"
    library = str(compiled(FORTRAN))
    path.write_text(f2pypy.generate(SIGNATURES, library_path=library, strict=True))
    with pytest.MonkeyPatch.context() as monkeypatch:
        native = loaded(path, "", monkeypatch)
        native.__native__.compile()
        yield native, loaded(path, "0", monkeypatch)


def test_every_argument_has_the_outcome_that_python_gives(modules: Any) -> None:
    native, python = modules
    pick = random.Random(11)
    assert not [name for name in native.__native__.refused if "l4" not in name]
    forms = [f"s_{name}" for name in TYPES]
    forms += [f"{form}_{name}" for form in "vfmo" for name in ARRAYS]
    for name in forms * 150:
        given = argument(pick, name[0])
        got = outcome(getattr(native, name), given)
        expected = outcome(getattr(python, name), given)
        assert got == expected, f"{name}({given!r}) of {type(given)}"


def python_calls(function: Any, given: Any) -> int:
    """Return how many Python functions a call runs."""
    called = []

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        function(given)
    finally:
        sys.setprofile(None)
    return len(called)


NATIVE: dict[str, list[Any]] = {
    "s_r8": [2, np.float64(1), np.float32(1), np.int32(1), np.int64(1)],
    "s_r4": [2, np.float64(1), np.float32(1), np.int32(1), np.int64(1)],
    "s_i4": [np.int32(1), np.int64(-1)],
    "s_i8": [np.int32(1), np.int64(-1)],
    "s_l4": [np.bool_(1), np.int32(1), np.int64(0)],
    "s_c16": [np.complex128(1j), np.complex64(1j), np.float64(1), np.int64(1)],
    "v_r8": [
        *([1.5, 2], (1, np.float64(2)), [], np.ones(6)[::2], np.ones(3)[::-1]),
        *(np.ones(3, "f4"), np.ones(3, "i4"), np.ones(3, "i8"), np.ones(6, "i8")[::2]),
    ],
    "v_r4": [[1.5, 2], np.ones(3, "i8")],
    "v_i4": [[1, 2], (np.int64(1),), np.ones(3, "i8"), np.ones(6, "i4")[::2]],
    "v_c16": [[1, 2.5, 1j], np.ones(3), np.ones(3, "c8")],
    "f_r8": [[1, 2, 3], np.ones(3, "i8")],
    "o_r8": [[1, 2, 3], np.ones(3, "i8"), np.ones(6)[::2], np.ones(3)],
    "m_r8": [np.ones((2, 3)), np.ones((2, 3), "i8"), np.ones((4, 6))[::2, ::2]],
}


@pytest.mark.parametrize("name", NATIVE)
def test_no_python_runs_for_what_is_known(modules: Any, name: str) -> None:
    native, python = modules
    for given in NATIVE[name]:
        assert python_calls(getattr(native, name), given) == 0, repr(given)
        assert python_calls(getattr(python, name), given) > 0


def test_a_list_that_python_must_convert_is_given_up(modules: Any) -> None:
    native, python = modules
    for given in ([1.5, Number()], [1, "2"], [1.5, None], [2**70, 1.5], [[1.0]]):
        assert python_calls(native.v_r8, given) > 0 if given[1:] != ["2"] else True
        assert outcome(native.v_r8, given) == outcome(python.v_r8, given)


RUNS: dict[str, tuple[str, Any]] = {
    "scalar": ("s_r8", np.float64(1.5)),
    "list": ("v_r8", [1.5, 1000, np.float64(2)]),
    "tuple": ("f_i4", (1000, 2, np.int64(3))),
    "list for Python": ("v_r8", [1.5, Number()]),
    "list of another length": ("f_r8", [1.5, 1000]),
    "type": ("v_r8", np.ones(3, "i8")),
    "optional": ("o_r8", np.ones(3, "i8")),
    "optional as it is": ("o_r8", np.ones(3)),
    "strided": ("v_r8", np.ones(6)[::2]),
    "matrix": ("m_r8", np.ones((3, 3))),
    "extents": ("f_r8", np.ones(4, "i8")),
}


@pytest.mark.parametrize("run", RUNS)
def test_nothing_is_left_behind(modules: Any, run: str) -> None:
    native, _ = modules
    name, given = RUNS[run]
    function = getattr(native, name)
    items = [*given] if isinstance(given, (list, tuple)) else []
    watched = [given, *items, np.dtype("float64"), np.dtype("int32"), np.ndarray]
    refused = isinstance(outcome(function, given)[0][1], str)
    repeats = SOAK // 100 if refused or "Python" in run else SOAK

    def call() -> None:
        try:
            function(given)
        except ValueError:
            assert refused

    assert_nothing_is_left(call, repeats, watched)
