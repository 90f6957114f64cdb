"""Texts of deferred length as native code and as Python: arguments that Fortran allocates, and variables of modules."""

from __future__ import annotations

import random
import shutil
import sys
import threading
from typing import Any

import numpy as np
import pytest
from native_arguments import loaded, outcome, python_calls
from native_memory import SHORT_SOAK, assert_nothing_is_left

pytest.importorskip("llvmlite")
from f2pypy.command.cli import run

COMPILERS = {"gfortran": "gfortran", "flang": "flang-new-19"}
SOURCE = """
module held
  implicit none
  character(:), allocatable :: note
  character(:), pointer :: seen => null()
  character(5), allocatable :: five
  character(:), allocatable, protected :: kept
  character(:), allocatable :: lines(:)
contains
  subroutine greet(c)
    character(:), allocatable, intent(out) :: c
    c = 'hello'
  end subroutine
  subroutine maybe(n, c, m)
    integer, intent(in) :: n
    character(:), allocatable, intent(out) :: c
    integer, intent(out) :: m
    m = 2 * n
    if (n > 0) c = repeat('a', n - 1) // ' '
    if (n == 0) c = ''
  end subroutine
  function made(n) result(c)
    integer, intent(in) :: n
    character(:), allocatable :: c
    if (n >= 0) c = repeat(achar(0), n)
  end function
  subroutine two(x, a, b)
    real(8), intent(in) :: x(:)
    character(:), allocatable, intent(out) :: a, b
    a = repeat('x', size(x))
    if (size(x) > 2) b = 'yy'
  end subroutine
  subroutine pointed(c, n)
    character(:), pointer, intent(out) :: c
    integer, intent(in) :: n
    nullify(c)
    if (n > 0) then
      allocate(character(n) :: c)
      c = 'abc'
      seen => c
    end if
  end subroutine
  subroutine fixed(n, c)
    integer, intent(in) :: n
    character(5), allocatable, intent(out) :: c
    if (n > 0) c = 'abc'
  end subroutine
  subroutine standard(n, c) bind(c)
    integer, intent(in) :: n
    character(:), allocatable, intent(out) :: c
    if (n > 0) c = repeat('d', n)
  end subroutine
  subroutine ask(f, c)
    interface
      integer function f(i)
        integer, intent(in) :: i
      end function
    end interface
    character(:), allocatable, intent(out) :: c
    c = repeat('e', f(3))
  end subroutine
  subroutine keep(n)
    integer, intent(in) :: n
    kept = repeat('k', n)
    note = repeat('n', n)
    if (n == 0) deallocate(note)
  end subroutine
  integer function length_of_note()
    length_of_note = -1
    if (allocated(note)) length_of_note = len(note)
  end function
end module
"""


@pytest.fixture(scope="module", params=COMPILERS)
def modules(request: Any, tmp_path_factory: Any) -> Any:
    """The Fortran module as native code and as Python."""
    command = COMPILERS[request.param]
    if shutil.which(command) is None:
        pytest.skip(f"needs {command}")
    folder = tmp_path_factory.mktemp(f"texts_{request.param}")
    path = folder / "held_texts.py"
    (folder / "held.f90").write_text(SOURCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FC", command)
        words = ["-c", "-m", path.stem, str(folder / "held.f90"), "-o", str(path)]
        assert run([*words, "--quiet"]) == 0
    for mode in ("", "0"):
        shutil.copytree(folder, folder / f"mode{mode}")
    native = loaded(folder / "mode" / path.name, "")
    native.__native__.compile()
    assert native.__native__.refused == {}
    return native.held, loaded(folder / "mode0" / path.name, "0").held


CALLS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "greet": ((), (1,)),
    "maybe": ((3,), (0,), (-1,), (10**6,), (2.5,), (np.int64(2),), (None,), ("x",)),
    "made": ((0,), (3,), (-1,), (2**31,)),
    "two": ((np.ones(2),), ([1, 2, 3],), (np.ones(0),), (np.ones((2, 2)),), ("a",)),
    "pointed": ((0,), (3,), (7,)),
    "fixed": ((0,), (1,)),
    "standard": ((0,), (4,)),
    "ask": ((lambda i: i + 2,), (lambda _: 0,), (lambda i: 1 // (i - 3),)),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_fortran_leaves(modules: Any, name: str) -> None:
    for arguments in CALLS[name]:
        native, python = (outcome(getattr(m, name), *arguments) for m in modules)
        assert native == python, arguments


def test_no_python_is_called(modules: Any) -> None:
    native, _ = modules
    x = np.ones(3)
    for name, *arguments in (("greet",), ("maybe", 3), ("made", -1), ("two", x)):
        assert python_calls(getattr(native, name), *arguments) == 0
    native.note = b"hello"
    assert python_calls(setattr, native, "note", "world") == 0
    assert native.note.tobytes() == b"world"
    assert python_calls(getattr, native, "note") == 0


def test_memory(modules: Any) -> None:
    native, _ = modules

    def calls() -> None:
        native.maybe(1000)
        native.made(1000)
        native.two(np.ones(2))
        with pytest.raises(ZeroDivisionError):
            native.ask(lambda i: 1 // (i - 3))
        native.note = "abc"
        native.note = "abcd"

    assert_nothing_is_left(calls, SHORT_SOAK // 10, [native])


GIVEN = (
    *("abc", b"abc", "abcd", b"", "", "xyz", b"\0ab", "a\0b", "ab\0", "\xe4bc", None),
    *(np.array(b"abc"), np.array("xyz"), np.str_("abc"), np.bytes_(b"qrs"), 3, [b"a"]),
    *(type("Text", (str,), {})("sub"), type("Octets", (bytes,), {})(b"sub")),
)


def state(module: Any) -> Any:
    return [
        None if found is None else (found.tobytes(), found.dtype, found.shape)
        for found in (module.note, module.five, module.kept, module.lines)
    ] + [module.length_of_note()]


def test_variables(modules: Any) -> None:
    """What is written and read in any order, by Python and by Fortran."""
    pick = random.Random(7)
    views: list[Any] = []
    for _ in range(600):
        name = pick.choice(("note", "note", "note", "five", "lines", "keep", "view"))
        value: Any = pick.choice(GIVEN)
        if name == "lines" and pick.random() < 0.7:
            value = pick.choice(([b"ab", b"cd"], ["x"], np.array([b"abc"]), []))
        if name == "view":  # who sees it sees what is stored in place
            views = [(m.note, m.five) for m in modules]
        elif name == "keep":
            views = []  # Fortran frees what they show
            for module in modules:
                module.keep(length := 3 if value == "abc" else len(str(value)) % 4)
                assert module.length_of_note() == (length or -1)
        else:
            native, python = (outcome(setattr, m, name, value) for m in modules)
            assert native == python, (name, value)
        assert state(modules[0]) == state(modules[1]), (name, value)
        for mine, other in zip(*views, strict=True):
            assert (mine is None) == (other is None)
            assert mine is None or mine.tobytes() == other.tobytes()


def test_what_cant_be_written(modules: Any) -> None:
    for module in modules:
        with pytest.raises((AttributeError, TypeError, ValueError)):
            module.kept = "abc"
        with pytest.raises(AttributeError):
            del module.note
    for value in GIVEN:
        for module in modules:
            module.pointed(3)
        native, python = (outcome(setattr, m, "seen", value) for m in modules)
        assert native == python, value
        texts = [m.seen for m in modules]
        if value is None:
            assert texts == [None, None]
        else:
            assert texts[0].tobytes() == texts[1].tobytes()


def test_threads_that_write_texts_of_other_lengths(modules: Any) -> None:
    native, _ = modules
    wrong: list[Any] = []

    def work(text: str) -> None:
        for _ in range(2000):
            native.note = text
            found = native.note.tobytes()
            if len(set(found)) != 1:
                wrong.append(found)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=work, args=(t,)) for t in ("a", "bb", "c" * 99)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    assert not wrong
