"""Native code as users meet it: the same functions, only faster; and off wherever anything is in doubt."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import inspect
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from native_arguments import outcome, python_calls
from native_memory import SHORT_SOAK, assert_nothing_is_left

import f2pypy

pytest.importorskip("llvmlite")
from f2pypy.native import layout_tests
from f2pypy.native.interpreters import in_main_interpreter

FORTRAN = """
      subroutine scale(n, a, x)
        integer n, i
        double precision a, x(n)
        do i = 1, n
          x(i) = a * x(i)
        end do
      end
      subroutine pair(i, x, z, l, j, y, w, k)
        integer i, j
        real x, y
        double complex z, w
        logical l, k
        j = i + 1
        y = x / 2
        w = conjg(z)
        k = .not. l
      end
      function cube(x)
        real cube, x
        cube = x * x * x
      end
      function turn(z)
        complex turn, z
        turn = z * (0.0, 1.0)
      end
      subroutine wait(n)
        integer n
        call sleep(n)
      end
      subroutine pause(n)
        integer n
        call sleep(n)
      end
      subroutine short(i, j, b, c)
        integer*2 i
        integer*1 j
        character b, c
        i = i + 1
        j = j - 1
        c = b
      end
      subroutine lowered(n, p)
        integer n, p(*)
        if (n .lt. 0) p(1) = 0
      end
      subroutine long(i, j, x)
        integer*8 i, j
        double precision x(*)
        j = i
      end
      subroutine each(f, n)
        external f
        integer n
        call f(n)
      end
      subroutine mark(a)
        character*6 a
        a(1:1) = '*'
      end
      subroutine clash(lambda, y)
        double precision lambda, y
        y = 2 * lambda
      end
"""
SIGNATURES = """
python module routines
interface
  subroutine scale(n, a, x)
    integer, intent(hide), depend(x) :: n = len(x)
    double precision, optional :: a = 2.0
    double precision, intent(in, out, copy) :: x(n)
  end subroutine
  subroutine pair(i, x, z, l, j, y, w, k)
    integer :: i
    real, optional :: x = 1.5
    double complex :: z
    logical :: l
    integer, intent(out) :: j
    real, intent(out) :: y
    double complex, intent(out) :: w
    logical, intent(out) :: k
  end subroutine
  function cube(x)
    real :: cube, x
  end function
  function turn(z)
    complex :: turn, z
  end function
  subroutine wait(n)
    threadsafe
    integer :: n
  end subroutine
  subroutine pause(n)
    integer :: n
  end subroutine
  subroutine short(i, j, b, c)
    integer*2, intent(in, out) :: i
    integer*1, intent(in, out) :: j
    character :: b
    character, intent(out) :: c
  end subroutine
  subroutine lowered(n, p)
    integer, intent(in, out) :: n
    integer, intent(in, out, copy) :: p(3)
    callstatement { (*f2py_func)(&n, p); for(int i=0; i<n; ++i) --p[i]; }
    callprotoargument int*, int*
  end subroutine
  subroutine long(i, j, x)
    integer*8 :: i
    integer*8, intent(out) :: j
    double precision, intent(in, copy) :: x(3)
    callstatement (*f2py_func)(&i, &j, x); j = j - 1
    callprotoargument long*, long*, double*
  end subroutine
  subroutine each(f, n)
    external f
    integer :: n
    call f(n)
  end subroutine
  subroutine mark(a)
    character*6, intent(inout) :: a
  end subroutine
  subroutine clash(lambda, y)
    double precision :: lambda
    double precision, intent(out) :: y
  end subroutine
end interface
end python module
"""
Import = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def source(tmp_path_factory: Any, compiled: Any) -> Path:
    path = tmp_path_factory.mktemp("native") / "routines.py"
    library = str(compiled(FORTRAN))
    path.write_text(f2pypy.generate(SIGNATURES, library_path=library, strict=True))
    return path


@pytest.fixture
def load(source: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    def load(mode: str) -> ModuleType:
        monkeypatch.setenv("F2PYPY_NATIVE", mode)
        spec = importlib.util.spec_from_file_location("routines", source)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "routines", module)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def native(load: Import) -> ModuleType:
    module = load("")
    module.__native__.compile()
    return module


@pytest.fixture
def python(load: Import) -> ModuleType:
    return load("0")


def test_a_function_stays_the_object_that_it_was(load: Import) -> None:
    module = load("")
    function = module.scale
    seen = (function.__doc__, inspect.signature(function), repr(function))
    module.__native__.compile("scale")
    assert module.scale is function
    assert seen == (function.__doc__, inspect.signature(function), repr(function))
    assert inspect.isroutine(function)
    assert (function.__name__, function.__module__) == ("scale", "routines")
    assert function.__qualname__ == "scale"
    assert pickle.loads(pickle.dumps(function)) is function
    assert copy.deepcopy(function) is function
    assert function.__defaults__ == (2.0, 0)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_pickles_it(native: ModuleType, protocol: int) -> None:
    assert pickle.loads(pickle.dumps(native.cube, protocol)) is native.cube


def test_functions_can_be_wrapped_bound_and_given_attributes(
    native: ModuleType,
) -> None:
    native.cube.note = "kept"
    assert native.cube.note == "kept"

    class Holder:
        method = native.cube

    assert Holder().method is Holder.method is native.cube
    assert Holder().method(2.0) == 8.0
    with pytest.raises(TypeError):
        Holder().method()
    assert list(map(native.cube, [1.0, 2.0])) == [1.0, 8.0]
    assert native.cube(*[2.0]) == native.cube(x=2.0) == 8.0


def test_it_compiles_what_is_called_often(load: Import) -> None:
    module = load("")
    for _ in range(10):
        assert module.cube(2.0) == 8.0
    assert module.__native__.compiled == []
    for _ in range(5000):
        assert module.cube(2.0) == 8.0
    assert module.__native__.compiled == ["cube"]
    assert repr(module.__native__) == "<native code of 1 functions>"
    assert module.cube(3.0) == 27.0


def test_mode_1_compiles_at_the_first_call(load: Import) -> None:
    module = load("1")
    assert module.__native__.compiled == []
    assert module.cube(2.0) == 8.0
    assert module.__native__.compiled == ["cube"]
    assert module.cube(2.0) == 8.0


def test_mode_0_leaves_everything_to_ctypes(load: Import) -> None:
    module = load("0")
    module.__native__.compile()
    assert module.__native__.reason == "F2PYPY_NATIVE is 0"
    assert module.__native__.compiled == []
    assert module.cube(2.0) == 8.0


def test_mode_verbose_says_what_happens(load: Import, capsys: Any) -> None:
    module = load("verbose")
    module.__native__.compile("cube", "mark")
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "routines: cube is native code",
        f"routines: mark stays Python: {module.__native__.refused['mark']}",
    ]


def test_what_cannot_be_compiled_says_why(native: ModuleType) -> None:
    (name, reason), *rest = native.__native__.refused.items()
    assert (name, rest) == ("mark", [])
    assert "'write_string(a_array, a, error)'" in reason
    assert reason.endswith("native code doesn't do that")
    text = np.array(b"marked")
    native.mark(text)
    assert text[()] == b"*arked"


def test_a_compiled_function_may_be_a_callback(native: ModuleType) -> None:
    assert {"cube", "pause", "each"} <= set(native.__native__.compiled)
    # it must not be taken for one that has its first argument already
    native.each(native.pause, 0)
    native.each(native.cube, 2)
    with pytest.raises(native.error, match="call-back f"):
        native.each(lambda a, b: None, 2)


def test_unknown_names_are_refused(native: ModuleType) -> None:
    with pytest.raises(ValueError, match="'nothing' is no function of routines"):
        native.__native__.compile("nothing")


def test_importing_does_not_load_the_compiler(source: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(source.parent)!r}); import routines; "
        "assert routines.cube(2.0) == 8.0; "
        "print([m for m in sys.modules if m.startswith(('llvmlite', 'f2pypy'))])"
    )
    environment = {**os.environ, "F2PYPY_NATIVE": ""}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_without_llvmlite_nothing_changes(
    load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load("1")
    monkeypatch.setitem(sys.modules, "f2pypy.native.tier", None)
    assert module.cube(2.0) == 8.0
    assert "f2pypy.native.tier" in module.__native__.reason
    assert module.cube(3.0) == 27.0


@pytest.mark.parametrize("number", range(len(layout_tests.LAYOUT_TESTS)))
def test_one_layout_in_doubt_turns_it_off(
    load: Import, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    tests = list(layout_tests.LAYOUT_TESTS)
    tests[number] = (tests[number][0], lambda: False)
    monkeypatch.setattr(layout_tests, "LAYOUT_TESTS", tests)
    module = load("1")
    assert module.cube(2.0) == 8.0
    assert module.__native__.compiled == []
    assert module.__native__.reason == (
        f"the layout of {tests[number][0]} is not what it is taken for"
    )


def test_unknown_versions_turn_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))
    assert layout_tests.reason_against() == "the objects of Python 3.99 are not known"


def test_several_results(native: ModuleType, python: ModuleType) -> None:
    for arguments in ((1, 2.5, 1 + 2j, True), (1, None, 1.5, 0), (-5, 3, 2, False)):
        got = native.pair(arguments[0], arguments[2], arguments[3], x=arguments[1])
        expected = python.pair(arguments[0], arguments[2], arguments[3], x=arguments[1])
        assert got == expected
        assert list(map(type, got)) == list(map(type, expected))


@pytest.mark.parametrize(
    "value",
    [
        *(2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 2**30, 2**29),
        *(True, None, 1.0, 1.9, "1", 1j, np.int32(3), np.int64(2**31), np.float64(2)),
        *(np.array(5), np.array([5]), [5], (), print),
    ],
    ids=repr,
)
def test_integers_of_every_sort(
    native: ModuleType, python: ModuleType, value: Any
) -> None:
    outcomes = []
    for module in (native, python):
        try:
            outcomes.append(module.pair(value, 1j, 0))
        except Exception as failure:
            outcomes.append((type(failure), str(failure)))
    assert outcomes[0] == outcomes[1]


def test_elements_that_the_wrapper_changes(
    native: ModuleType, python: ModuleType
) -> None:
    p = np.array([-(2**31), 0, 7], np.intc)
    assert "lowered" in native.__native__.compiled
    for n in (0, 1, 3, -1):
        got, expected = native.lowered(n, p), python.lowered(n, p)
        assert got[0] == expected[0] == n
        assert got[1].tolist() == expected[1].tolist()
    before = sys.getrefcount(p)
    for module in (native, python):
        with pytest.raises(IndexError, match="lies outside of an array"):
            module.lowered(4, p)
    assert sys.getrefcount(p) == before


def test_a_result_beyond_64_bits(native: ModuleType, python: ModuleType) -> None:
    x = np.ones(3)
    assert "long" in native.__native__.compiled
    for value in (0, 7, -(2**63) + 1, 2**63 - 1):
        assert native.long(value, x) == python.long(value, x) == value - 1
    before = sys.getrefcount(x)
    with pytest.raises(OverflowError):
        native.long(-(2**63), x)
    assert sys.getrefcount(x) == before


@pytest.mark.parametrize(
    "arguments",
    [
        (1, 1, b"x"),
        (32767, -128, b"xy"),
        (-1, 0, "y"),
        (1, 1, "xy"),
        (1, 1, b""),
        (1, 1, ""),
    ],
    ids=repr,
)
def test_short_integers_and_characters(
    native: ModuleType, python: ModuleType, arguments: Any
) -> None:
    assert native.short(*arguments) == python.short(*arguments)
    for module in (native, python):
        for outside in ((32768, 1), (1, 128), (1, -129), ("1", 1), (1, [1, 2])):
            with pytest.raises((OverflowError, TypeError, ValueError)):
                module.short(*outside, b"x")


@pytest.mark.parametrize("given", [b"x", b"xy", "x", "xy"], ids=repr)
def test_characters_are_read_without_python(native: ModuleType, given: Any) -> None:
    assert python_calls(native.short, 1, 1, given) == 0


@pytest.mark.parametrize(
    "given",
    [
        b"",
        "",
        "\0",
        "x\xe9",
        "x\u4e2d",
        "\xe9",
        type("Text", (str,), {})("x"),
        ["x"],
        1,
    ],
    ids=repr,
)
def test_other_characters_are_as_in_python(
    native: ModuleType, python: ModuleType, given: Any
) -> None:
    assert outcome(native.short, 1, 1, given) == outcome(python.short, 1, 1, given)


def test_single_precision_rounds(native: ModuleType, python: ModuleType) -> None:
    for value in (0.1, 1e39, -1e39, 1e-50, float("nan"), 3, 2**60):
        expected, got = python.cube(value), native.cube(value)
        assert got == expected or (got != got and expected != expected)
    assert native.turn(1 + 2j) == python.turn(1 + 2j) == -2 + 1j


def test_a_name_that_python_reserves(native: ModuleType) -> None:
    assert native.clash(1.5) == native.clash(**{"lambda": 1.5}) == 3.0
    assert "clash" in native.__native__.compiled


def elapsed_beside(function: Callable[[int], Any]) -> int:
    """Return how often another thread runs while `function` sleeps for a second."""
    turns = 0
    stop = threading.Event()

    def count() -> None:
        nonlocal turns
        while not stop.wait(0.02):
            turns += 1

    thread = threading.Thread(target=count)
    thread.start()
    time.sleep(0.1)
    before = turns
    function(1)
    during = turns - before
    stop.set()
    thread.join()
    return during


def test_the_lock_is_released_where_threadsafe_says_so(native: ModuleType) -> None:
    assert {"wait", "pause"} <= set(native.__native__.compiled)
    assert elapsed_beside(native.wait) > 5
    assert elapsed_beside(native.pause) <= 2


def test_threads_that_meet_while_it_compiles(load: Import) -> None:
    module = load("1")
    failures = []

    def work() -> None:
        for _ in range(2000):
            x = np.ones(3)
            if module.cube(2.0) != 8.0 or module.scale(x, 3.0)[0] != 3.0:
                failures.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert set(module.__native__.compiled) == {"cube", "scale"}


def test_a_conversion_may_call_the_function_again(native: ModuleType) -> None:
    class Number:
        def __float__(self) -> float:
            return float(native.cube(2.0))

    assert native.cube(Number()) == 512.0


VECTOR, EVERY_OTHER, PERMANENT = np.ones(3), np.ones(6)[::2], np.ones(3)
SHAPES: dict[str, Callable[[ModuleType], Any]] = {
    "copies": lambda m: m.scale(VECTOR),
    "copies in pieces": lambda m: m.scale(EVERY_OTHER),
    "by name": lambda m: m.scale(x=VECTOR, a=1.5),
    "overwrites": lambda m: m.scale(PERMANENT, 1.0, overwrite_x=1),
    "several results": lambda m: m.pair(1, 1j, True, x=0.5),
    "a function": lambda m: m.cube(3.0),
    "a complex function": lambda m: m.turn(1j),
    "in Python": lambda m: m.cube(np.float32(3.0)),
    "refused": lambda m: refused(m.scale, "x"),
    "refused by the signature": lambda m: refused(m.cube, 1, 2, 3),
}


def refused(function: Callable[..., Any], *arguments: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        function(*arguments)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_run_leaves_nothing_behind(native: ModuleType, shape: str) -> None:
    watched = [np.dtype("float64"), np.ndarray, None, True, native.scale, native.cube]
    repeats = SHORT_SOAK if not shape.startswith("refused") else SHORT_SOAK // 5
    assert_nothing_is_left(lambda: SHAPES[shape](native), repeats, watched)


def test_arguments_keep_their_reference_counts(native: ModuleType) -> None:
    x, number = np.ones(3), 2.5
    before = sys.getrefcount(x), sys.getrefcount(number)
    for _ in range(50):
        native.scale(x)
        native.scale(x, number, overwrite_x=1)
        native.scale(x=x, a=number)
        refused(native.scale, x, "a")
    assert (sys.getrefcount(x), sys.getrefcount(number)) == before
    kept = native.scale(x, overwrite_x=True)
    assert kept is x
    assert sys.getrefcount(x) == before[0] + 1


def test_a_sub_interpreter_is_refused(source: Path) -> None:
    name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    interpreters = pytest.importorskip(name)
    program = (
        "import sys; sys.path[:0] = %r\n"
        "from f2pypy.native.interpreters import in_main_interpreter\n"
        "assert not in_main_interpreter()\n"
    )
    assert in_main_interpreter()
    made = interpreters.create()
    try:
        interpreters.run_string(made, program % [str(Path(f2pypy.__file__).parents[1])])
    except interpreters.RunFailedError as failure:
        if "does not support loading in subinterpreters" not in str(failure):
            raise
    finally:
        interpreters.destroy(made)


@pytest.mark.parametrize("runtime", ["embedded", "import"])
def test_hidden_complex_results(
    tmp_path: Path, compiled: Any, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    library = str(compiled(FORTRAN, "-ff2c"))
    text = f2pypy.generate(
        SIGNATURES, library_path=library, abi="hidden", only=["turn"], runtime=runtime
    )
    (tmp_path / "hidden_results.py").write_text(text)
    monkeypatch.setenv("F2PYPY_NATIVE", "")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "hidden_results", raising=False)
    module = importlib.import_module("hidden_results")
    monkeypatch.delitem(sys.modules, "hidden_results")
    expected = module.turn(1 + 2j)
    module.__native__.compile("turn")
    assert module.__native__.compiled == ["turn"]
    assert module.turn(1 + 2j) == expected == -2 + 1j


def test_a_module_without_it_has_no_native_code() -> None:
    assert "__native__" not in f2pypy.generate(SIGNATURES, native=False)
