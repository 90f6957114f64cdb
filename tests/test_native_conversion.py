"""What native code converts itself: NumPy's scalars, lists of numbers, arrays of other types or orders."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from native_arguments import Number, laid_out, loaded, number, outcome, python_calls
from native_memory import SHORT_SOAK, assert_nothing_is_left

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
      subroutine c_{name}(x, y)
        {kind} x(3), y(3)
        y = x
        x(1) = x(2)
      end
      subroutine w_{name}(n, x)
        integer n
        {kind} x(n)
        if (n > 1) x(1) = x(2)
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
  subroutine c_{name}(x, y)
    {kind}, intent(in, copy, aligned8) :: x(3)
    {kind}, intent(out) :: y(3)
  end subroutine
  subroutine w_{name}(n, x)
    integer, intent(hide), depend(x) :: n = len(x)
    {kind}, intent(in, out, copy, aligned8) :: x(n)
  end subroutine
'''
        for name, kind in TYPES.items()
    )
}
end interface
end python module
"""


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


@pytest.fixture(scope="module")
def modules(tmp_path_factory: Any, compiled: Any) -> Any:
    path = tmp_path_factory.mktemp("conversions") / "conversions.py"
    library = str(compiled(FORTRAN))
    path.write_text(f2pypy.generate(SIGNATURES, library_path=library, strict=True))
    native = loaded(path, "")
    native.__native__.compile()
    return native, loaded(path, "0")


def test_every_argument_has_the_outcome_that_python_gives(modules: Any) -> None:
    native, python = modules
    pick = random.Random(11)
    assert not [name for name in native.__native__.refused if "l4" not in name]
    forms = [f"s_{name}" for name in TYPES]
    forms += [f"{form}_{name}" for form in "vfmocw" for name in ARRAYS]
    for name in forms * 150:
        given = argument(pick, name[0])
        got = outcome(getattr(native, name), given)
        expected = outcome(getattr(python, name), given)
        assert got == expected, f"{name}({given!r}) of {type(given)}"


NATIVE: dict[str, list[Any]] = {
    "s_r8": [2, np.float64(1), np.float32(1), np.int32(1), np.int64(1)],
    "s_r4": [2, np.float64(1), np.float32(1), np.int32(1), np.int64(1)],
    "s_i4": [np.int32(1), np.int64(-1), True, False],
    "s_i8": [np.int32(1), np.int64(-1), True],
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
    "c_r4": [np.ones(3, "f4"), np.ones(6, "f4")[::2]],
    "w_c8": [np.ones(3, "c8"), np.ones(6, "c8")[::2]],
    "m_r8": [np.ones((2, 3)), np.ones((2, 3), "i8"), np.ones((4, 6))[::2, ::2]],
}


@pytest.mark.parametrize("name", NATIVE)
def test_no_python_runs_for_what_is_known(modules: Any, name: str) -> None:
    native, python = modules
    for given in NATIVE[name]:
        assert python_calls(getattr(native, name), given) == 0, repr(given)
        assert python_calls(getattr(python, name), given) > 0


@pytest.mark.parametrize("form", "cw")
@pytest.mark.parametrize("place", [0, 4, 8])
def test_memory_of_the_caller_lies_where_the_intent_wants_it(
    modules: Any, form: str, place: int
) -> None:
    native, _ = modules
    memory = np.zeros(32, "u1")
    start = -memory.ctypes.data % 16 + place
    found = []
    for module in modules:
        given = memory[start : start + 12].view("f4")
        given[:] = 1, 2, 3
        answer = getattr(module, f"{form}_r4")(given, overwrite_x=1)
        found.append((answer.tolist(), given.tolist(), answer is given))
    assert found[0] == found[1]
    assert found[0][1][0] == (1 if place == 4 else 2)
    given = memory[:12].view("f4")
    called = python_calls(lambda: getattr(native, f"{form}_r4")(given, overwrite_x=0))
    assert called == 1  # the lambda


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
    "copy": ("c_r4", np.ones(3, "f4")),
    "copy that is returned": ("w_c8", np.ones(3, "c8")),
    "truth": ("s_i4", True),
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
    repeats = SHORT_SOAK // 5 if refused or "Python" in run else SHORT_SOAK

    def call() -> None:
        try:
            function(given)
        except ValueError:
            assert refused

    assert_nothing_is_left(call, repeats, watched)
