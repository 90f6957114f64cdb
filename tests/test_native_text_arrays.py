"""Arrays of strings in native code: what Python makes of them, whatever a caller gives."""

from __future__ import annotations

import importlib
import random
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from native_memory import SOAK, assert_nothing_is_left

pytest.importorskip("llvmlite")
from f2pypy.command.cli import run
from f2pypy.native import layout_tests

SOURCE = Path(__file__).parents[1] / "fortran" / "text_arrays.f90"
SIGNATURES = """
python module lent
interface
  subroutine change(lines, n)
    integer, intent(hide), depend(lines) :: n = len(lines)
    character*4, intent(in, out) :: lines(n)
  end subroutine
  subroutine changed(lines, n)
    fortranname change
    integer, intent(hide), depend(lines) :: n = len(lines)
    character*4, intent(in, out, copy) :: lines(n)
  end subroutine
  subroutine seen_four(lines, n, seen)
    integer, optional :: n = 2
    character*4, optional :: lines(n)
    character*80, intent(out) :: seen
  end subroutine
end interface
end python module
"""
READING = (
    *("seen_four", "seen_any", "seen_two", "seen_three", "seen_letters"),
    *("seen_shape", "seen_grid"),
)


COMPILERS = {"gfortran": "gfortran", "flang": "flang-new-19"}


@pytest.fixture(scope="module", params=COMPILERS)
def modules(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> list[ModuleType]:
    """The modules of the source and of the signatures, all native code."""
    name = request.param
    if shutil.which(COMPILERS[name]) is None or layout_tests.reason_against():
        pytest.skip(f"needs {COMPILERS[name]} and an interpreter that has native code")
    folder = tmp_path_factory.mktemp(name)
    signatures = folder / "lent.pyf"
    signatures.write_text(SIGNATURES)
    found = []
    for module, files in (
        (f"text_arrays_{name}", [SOURCE]),
        (f"native_lent_{name}", [signatures, SOURCE]),
    ):
        words = ["-m", module, "--f90exec", COMPILERS[name]]
        output = ["-o", str(folder / f"{module}.py"), "--quiet"]
        assert run(["-c", *words, *map(str, files), *output]) == 0
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(folder)
            made = importlib.import_module(module)
        made.__native__.compile()
        assert made.__native__.refused == {}
        found.append(made)
    return found


def outcome(function: Any, given: Any, *more: Any, **named: Any) -> Any:
    """Return what a call gives and leaves in its argument, or its exception."""
    try:
        answer = function(given, *more, **named)
    except Exception as failure:
        return type(failure), str(failure)
    left = (given.tolist(), given.dtype) if isinstance(given, np.ndarray) else given
    if isinstance(answer, np.ndarray):
        answer = (answer.dtype, answer.tolist(), answer is given, answer.flags.owndata)
    return answer, left


def word(pick: random.Random, longest: int) -> bytes:
    """Return a word, now and then with a NUL or blanks in it."""
    letters = b"abcXY" if pick.random() < 0.8 else b"ab \0"
    return bytes(pick.choice(letters) for _ in range(pick.randint(0, longest)))


def lines(pick: random.Random) -> Any:
    """Return what a caller may give for an array of strings."""
    length = pick.choice((1, 2, 3, 4, 4, 4, 6))
    shape = pick.choice(((3,), (3,), (2,), (1,), (0,), (2, 2), (3, 1), ()))
    count = int(np.prod(shape))
    full = pick.random() < 0.5
    words = [word(pick, length) for _ in range(count)]
    words = [
        each.replace(b"\0", b"n").ljust(length, b"z") if full else each
        for each in words
    ]
    kind: Any = f"S{length}"
    if pick.random() < 0.1:
        words = [b""] * count
    form = pick.randrange(10)
    if form == 0:
        return pick.choice((words, tuple(words), [each.decode() for each in words]))
    if form == 1:
        return pick.choice(
            (None, b"abcd", 5, ["a", None], np.arange(3), [[b"a"], [b"b"]])
        )
    made = np.array(words, kind).reshape(shape)
    if form == 2:
        return made.astype(f"U{length}")
    if form == 3 and made.ndim == 1:
        return np.repeat(made, 2)[::2]
    if form == 4:
        made.flags.writeable = False
    if form == 5:
        return np.asfortranarray(made)
    if form == 6:
        return made.view(np.recarray)
    if form == 7 and length == 1:
        return made.astype("c")
    if form == 8:
        return np.frombuffer(b"-" + made.tobytes(), "u1")[1:].view(kind).reshape(shape)
    return made


def test_native_code_and_python_agree(modules: list[ModuleType]) -> None:
    source, lent = modules
    pick = random.Random(5)
    for _ in range(3000):
        given = lines(pick)
        for name in READING:
            routine = getattr(source, name)
            assert outcome(routine, given) == outcome(routine.func, given), (
                name,
                given,
            )
        length = pick.choice((-1, 0, 2, 4, 6))
        got = outcome(source.seen_long, given, length)
        assert got == outcome(source.seen_long.func, given, length), (length, given)
        for named in ({}, {"n": 3}):
            got = outcome(lent.seen_four, given, **named)
            assert got == outcome(lent.seen_four.func, given, **named), given


def test_what_fortran_changes(modules: list[ModuleType]) -> None:
    source, lent = modules
    pick = random.Random(7)
    for seed in range(2000):
        given, again = lines(random.Random(seed)), lines(random.Random(seed))
        overwrite = pick.choice(({}, {"overwrite_lines": 1}))
        calls: list[tuple[Any, dict[str, int]]] = [
            (source.change, {}),
            (source.change_shape, {}),
            (lent.change, {}),
            (lent.changed, overwrite),
        ]
        for routine, named in calls:
            got = outcome(routine, given, **named)
            assert got == outcome(routine.func, again, **named), (named, again)


def test_types_of_the_module_are_types_like_others(modules: list[ModuleType]) -> None:
    """Short elements get their blanks, whichever object says that an array has strings of four characters."""
    source, lent = modules
    other = np.dtype("S4")
    routines = [
        *(getattr(source, name) for name in READING),
        *(source.change, source.change_shape),
        *(lent.change, lent.changed, lent.seen_four),
    ]
    for routine in routines:
        own = routine.func.__globals__["bytes_type"](4)
        for words in ([b"ab", b"c"], [b"abcd", b""], [b"abcd", b"efgh"], [b"", b""]):
            expected = outcome(routine.func, np.array(words, other))
            for each in (routine, routine.func):
                found = outcome(each, np.array(words, own))
                assert found == expected, (routine, words)
    own = source.make.func(1).dtype
    for kind in (own, other):
        answer = np.array([b"a", b"bcd"], kind)
        for ask in (source.ask, source.ask.func):
            made = ask(lambda n, answer=answer: answer, 2)
            assert made.tolist() == [b"a.  ", b"bcd."]


def test_results(modules: list[ModuleType]) -> None:
    source, _ = modules
    for number in (0, 1, 3, 12):
        made, expected = source.make(number), source.make.func(number)
        assert made.dtype == expected.dtype == np.dtype("S4")
        assert made.tolist() == expected.tolist()
        rows, expected = source.row(number, "q"), source.row.func(number, "q")
        assert rows.dtype == expected.dtype == np.dtype("S3")
        assert rows.tolist() == expected.tolist() == [b"qq "] * number
    with pytest.raises(ValueError, match="must have defined dimensions"):
        source.make(-1)


WORDS = [
    "",
    "ab",
    b"abcdefg",
    np.array(b"ab"),
    np.array(b"abcdefgh"),
    np.array(b"a\0b"),
]
WORDS += [
    np.array([b"ab", b"c"]),
    np.array("ab"),
    np.array(b"x" * 5000),
    np.zeros((), "S6"),
]
WORDS += [np.array([b"abcd"])[::-1], np.array(5), np.array(b"q").view(np.recarray)]


@pytest.mark.parametrize("text", WORDS, ids=repr)
@pytest.mark.parametrize("fixed", WORDS, ids=repr)
def test_arrays_of_one_string(modules: list[ModuleType], text: Any, fixed: Any) -> None:
    routine = modules[0].word
    assert outcome(routine, text, fixed) == outcome(routine.func, text, fixed)


def test_nothing_is_left_behind(modules: list[ModuleType]) -> None:
    source, lent = modules
    full, short = np.array([b"abcd", b"efgh"]), np.array([b"abcd", b"ef"])
    kind, held = full.dtype, short.dtype

    def call() -> None:
        for given in (full, short):
            source.seen_four(given)
            source.seen_any(given)
            source.seen_shape(given)
            lent.changed(given)
            lent.seen_four(given)
        source.word(full[0], "ab")
        lent.changed(full, overwrite_lines=0)
        source.make(3)
        lent.seen_four()

    assert_nothing_is_left(call, SOAK // 50, [full, short, kind, held, np.ndarray])
    assert full.tolist() == [b"abcd", b"efgh"]


def test_no_python_runs_for_what_is_known(modules: list[ModuleType]) -> None:
    source, lent = modules
    called = []
    given = np.array([b"abcd", b"ef"])
    full = np.array([b"abcd", b"efgh"])
    sys.setprofile(lambda frame, *_: called.append(frame.f_code.co_name))
    try:
        source.seen_four(given)
        source.seen_any(full)
        source.seen_long(given, 4)
        lent.changed(full)
        lent.change(full)
        source.change(full)
        source.make(2)
        source.word(np.array(b"ab"), "cd")
        source.seen_shape(given)
        source.change_shape(full)
        source.row(2, b"q")
    finally:
        sys.setprofile(None)
    assert set(called) <= {"test_no_python_runs_for_what_is_known"}
