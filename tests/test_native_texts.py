"""Strings in native code: what Python makes of them, for every kind of value that a caller may give."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("llvmlite")
from f2pypy.command.cli import run
from f2pypy.native import layout_tests

FORTRAN = """
subroutine look(s, k)
  character(len=*), intent(in) :: s
  integer, intent(out) :: k(2)
  k = [len(s), len_trim(s)]
end subroutine
subroutine look_at_eight(s, k)
  character(len=8), intent(in) :: s
  integer, intent(out) :: k
  k = len_trim(s)
end subroutine
subroutine scribble(s, fixed, k)
  character(len=*) :: s
  character(len=4) :: fixed
  integer, intent(out) :: k
  k = len(s)
  s = repeat('#', len(s))
  fixed = repeat('#', 4)
end subroutine
subroutine both(s, t)
  character(len=5), intent(in) :: s
  character(len=7), intent(out) :: t
  t = s // 'x'
end subroutine
subroutine ended(n, t)
  integer, intent(in) :: n
  character(len=9), intent(out) :: t
  t = 'abcdefghi'
  t(n:n) = char(0)
end subroutine
function in_a_row(n, c) result(row)
  integer, intent(in) :: n
  character, intent(in) :: c
  character(len=n) :: row
  row = repeat(c, n)
end function
"""
VALUES = [
    *(b"", b"q", b"abc", b"abc  ", b"a\0b", b"\0", bytes(range(1, 256))),
    *("", "q", "abc", "abc  ", "a\0b", "\xe4", "\u20ac", "x" * 4096, "x" * 4097),
    *(b"x" * 4096, b"x" * 4097, bytearray(b"ab"), np.bytes_(b"ab"), np.str_("ab")),
    *(None, 5, 1.5, ["a"], np.array(b"abcd"), np.array("ab"), np.arange(3)),
    type("Text", (str,), {})("abc"),
    type("Bytes", (bytes,), {})(b"abc"),
]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module, all of it native code."""
    if shutil.which("gfortran") is None or layout_tests.reason_against():
        pytest.skip("needs gfortran and an interpreter that has native code")
    folder = tmp_path_factory.mktemp("texts")
    source, written = folder / "native_texts.f90", folder / "native_texts.py"
    source.write_text(FORTRAN)
    assert (
        run(["-c", "-m", "native_texts", str(source), "-o", str(written), "--quiet"])
        == 0
    )
    return imported(folder)


def imported(folder: Path) -> ModuleType:
    """Import the module and compile it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        import native_texts  # type: ignore[import-not-found]
    module: ModuleType = native_texts
    module.__native__.compile()
    assert module.__native__.refused == {}
    assert len(module.__native__.compiled) == 6
    return module


def outcome(function: object, *arguments: object) -> object:
    """Return what a call gives, or its exception."""
    try:
        answer = function(*arguments)  # type: ignore[operator]
    except Exception as failure:
        return type(failure), str(failure)
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
def test_native_code_and_python_agree(texts: ModuleType, value: object) -> None:
    for name in ("look", "look_at_eight", "both"):
        routine = getattr(texts, name)
        assert outcome(routine, value) == outcome(routine.func, value)
    before = list(value) if isinstance(value, (bytes, str)) else []
    expected = outcome(texts.scribble.func, value, value)
    assert outcome(texts.scribble, value, value) == expected
    if isinstance(value, (bytes, str)):
        # single bytes and constants are shared by all of Python
        assert list(value) == before


@pytest.mark.parametrize("number", [-1, 0, 1, 5, 9, 255, 4096, 4097])
def test_results(texts: ModuleType, number: int) -> None:
    for routine in (texts.in_a_row, texts.in_a_row.func):
        if number >= 0:
            assert routine(number, b"x") == b"x" * number
            continue
        with pytest.raises(ValueError, match="a string of -1 characters"):
            routine(number, b"x")
    assert texts.in_a_row(3, " ") == b""
    if 1 <= number <= 9:
        assert texts.ended(number) == b"abcdefghi"[: number - 1]


def test_references_are_counted(texts: ModuleType) -> None:
    word, text = b"fort" + bytes([114] * 3), "".join(["for", "tran"])
    before = sys.getrefcount(word), sys.getrefcount(text)
    for _ in range(1000):
        texts.look_at_eight(word)
        texts.look(text)
        texts.scribble(text, word)
        texts.both(word)
    assert (sys.getrefcount(word), sys.getrefcount(text)) == before
