"""Procedures that Fortran calls by name and Python provides, reached through routines that declare nothing of them."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

UNDEFINED = (
    r"^cb: Callback {} not defined \(as an argument or module by_name attribute\)\.\n"
)


@contextmanager
def attributes(module: Any, **functions: Any) -> Iterator[None]:
    """Set attributes of a module, and delete them afterwards."""
    for name, function in functions.items():
        setattr(module, name, function)
    try:
        yield
    finally:
        for name in functions:
            delattr(module, name)


def fail(*arguments: Any) -> Any:
    raise KeyError(*arguments)


@pytest.mark.parametrize("native", ["0", "1"])
def test_the_first_call_reaches_the_attribute(by_name: Any, native: str) -> None:
    """In a process of its own, as what was called before must not matter."""
    program = (
        "import by_name\n"
        "try:\n"
        "    by_name.reach_attribute(1)\n"
        "except by_name.error as failure:\n"
        "    print(str(failure).strip())\n"
        "by_name.attribute = lambda n: n + 1\n"
        "print(by_name.reach_attribute(1))\n"
        "by_name.attribute = lambda n: 1 / 0\n"
        "try:\n"
        "    by_name.reach_attribute(1)\n"
        "except ZeroDivisionError:\n"
        "    print('raised')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(by_name.__file__).parent,
        env={**os.environ, "F2PYPY_NATIVE": native},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "cb: Callback attribute not defined (as an argument or module by_name attribute).",
        "20",
        "raised",
    ]


def test_undefined_ones_are_reported(by_name: Any) -> None:
    for reach, name in (
        (lambda: by_name.reach_attribute(1), "attribute"),
        (by_name.reach_given, "given"),
        (lambda: by_name.reach_note(1), "note"),
        (lambda: by_name.note_and_ask(1, lambda k: k), "note"),
        (by_name.reach_label, "label"),
        (lambda: by_name.reach_stop(2.0), "on_stop"),
    ):
        for _ in range(2):
            with pytest.raises(by_name.error, match=UNDEFINED.format(name)):
                reach()
    assert by_name.reach_stop(0.5) == 0


def test_the_attribute_is_looked_up_at_each_call(by_name: Any) -> None:
    def first(n: int) -> int:
        by_name.attribute = lambda n: n + 2
        return int(n) + 1

    with attributes(by_name, attribute=first):
        assert by_name.reach_attribute(1) == 20
        assert by_name.reach_attribute(1) == 30
    with attributes(by_name, given=lambda: 4):
        assert by_name.reach_given() == 4
    with attributes(by_name, attribute=lambda n, k: n + k, attribute_extra_args=(7,)):
        assert by_name.reach_attribute(1) == 80
    with attributes(by_name, label=lambda: b"xyz"):
        assert by_name.reach_label() == (b"xyz", ord("z"))


def test_what_it_raises_the_routine_raises(by_name: Any) -> None:
    with attributes(by_name, attribute=fail, given=fail, label=fail, on_stop=fail):
        for call in (
            lambda: by_name.reach_attribute(1),
            lambda: by_name.call_attribute(1),
            by_name.reach_given,
            by_name.reach_label,
            by_name.call_label,
            lambda: by_name.reach_stop(2.0),
            lambda: by_name.stops.checked(2.0),
        ):
            with pytest.raises(KeyError):
                call()
        assert by_name.call_given(lambda: 3) == 3
        assert by_name.reach_stop(0.5) == 0


def test_after_an_exception_python_is_not_called(by_name: Any) -> None:
    seen: list[int] = []

    def note(k: int) -> None:
        seen.append(int(k))
        fail(int(k))

    def ask(k: int) -> int:
        seen.append(-int(k))
        return 1

    with attributes(by_name, note=note):
        with pytest.raises(KeyError, match="1"):
            by_name.reach_note(1)
        assert seen == [1]
        seen.clear()
        with pytest.raises(KeyError, match="4"):
            by_name.note_and_ask(4, ask)
        assert seen == [-4, 4]


def test_what_is_raised_inside_stays_inside(by_name: Any) -> None:
    def note(k: int) -> None:
        with pytest.raises(KeyError):
            by_name.reach_attribute(k)

    with attributes(by_name, note=note, attribute=fail):
        by_name.reach_note(1)
    with (
        attributes(by_name, note=by_name.reach_attribute, attribute=fail),
        pytest.raises(KeyError),
    ):
        by_name.reach_note(3)


def test_given_functions_serve_as_long_as_their_call(by_name: Any) -> None:
    calls = []

    def given() -> int:
        calls.append(None)
        if len(calls) == 1:
            by_name.call_note(1)
        return 9

    with attributes(by_name, note=lambda k: by_name.reach_given()):
        assert by_name.call_given(given) == 9
    assert len(calls) == 2
    with pytest.raises(by_name.error, match=UNDEFINED.format("given")):
        by_name.reach_given()


def test_a_call_that_never_starts_leaves_nothing(by_name: Any) -> None:
    with pytest.raises(OverflowError):
        by_name.note_and_ask(1 << 40, lambda k: k)
    with pytest.raises(by_name.error, match=UNDEFINED.format("note")):
        by_name.reach_note(1)


def test_the_fortran_modules_object_takes_it_too(by_name: Any) -> None:
    seen: list[int] = []
    with attributes(by_name.stops, on_stop=lambda k: seen.append(int(k))):
        assert by_name.stops.checked(2.0) == 1
        assert by_name.reach_stop(2.0) == 1
    assert seen == [5, 5]
    with pytest.raises(by_name.error, match="on_stop not defined"):
        by_name.reach_stop(2.0)


def test_a_routine_that_is_left_out_declares_it(by_name: Any) -> None:
    assert not hasattr(by_name, "left_out")
    seen: list[int] = []

    @functools.cache
    def lonely(k: int) -> None:
        seen.append(int(k))

    with attributes(by_name, lonely=lonely):
        by_name.reach_lonely(3)
    assert seen == [3]
    with pytest.raises(by_name.error, match=UNDEFINED.format("lonely")):
        by_name.reach_lonely(1)


def test_routines_that_python_never_sees_declare_it(by_name: Any) -> None:
    points = by_name.points
    assert not hasattr(points, "far")
    with pytest.raises(by_name.error, match=UNDEFINED.format("measured")):
        by_name.reach_far(1)
    seen: list[int] = []
    with attributes(by_name, measured=seen.append, asked_inside=seen.append):
        by_name.reach_far(2)
        points.reach_internal(3)
    assert seen == [2, 3]
    with attributes(by_name, asked_privately=lambda k: k + 1):
        assert points.reach_private(4) == 50


def test_what_nothing_describes_is_not_provided(by_name: Any) -> None:
    program = "import by_name; by_name.measured = print; by_name.reach_far(-3)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(by_name.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "nothing provides undescribed" in done.stderr
    assert done.stdout == "-3\n"


def test_modules_do_not_share_it(
    by_name: Any, source_modules: Path, tmp_path: Path
) -> None:
    for name in ("by_name.py", "libby_name.so"):
        shutil.copy(source_modules / name, tmp_path)
    spec = importlib.util.spec_from_file_location("other", tmp_path / "by_name.py")
    assert spec is not None
    assert spec.loader is not None
    other: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(other)
    with attributes(by_name, note=lambda k: other.reach_note(k + 10)):
        with pytest.raises(other.error, match="note not defined"):
            by_name.reach_note(1)
        seen: list[int] = []
        with attributes(other, note=lambda k: seen.append(int(k))):
            by_name.reach_note(1)
        assert seen == [11, 12, 12, 13]
        with (
            attributes(other, note=lambda k: fail(int(k))),
            pytest.raises(KeyError, match="11"),
        ):
            by_name.reach_note(1)


def test_each_thread_raises_its_own(by_name: Any) -> None:
    start = threading.Barrier(8)
    outcomes: dict[int, Any] = {}

    def note(k: int) -> None:
        if k % 2:
            fail(int(k) // 2)

    def work(number: int) -> None:
        start.wait()
        for _ in range(50):
            try:
                by_name.call_note(2 * number + number % 2)
                outcomes[number] = None
            except KeyError as failure:
                outcomes[number] = failure.args

    with attributes(by_name, note=note):
        workers = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert outcomes == {n: (n,) if n % 2 else None for n in range(8)}


def test_an_interrupt_before_the_attribute_is_called(
    by_name: Any, interrupting: list[Any]
) -> None:
    with attributes(by_name, note=interrupting.append):
        for _ in range(10):
            with pytest.raises(KeyboardInterrupt):
                by_name.interrupted_note(1)
    with attributes(by_name, note=lambda k: interrupting.append(int(k))):
        by_name.call_note(3)
    assert interrupting.pop() == 3
