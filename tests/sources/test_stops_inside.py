"""What a stop leaves behind, inside of Fortran and of the process: locks, threads, memory, the turn of the library."""

from __future__ import annotations

import ctypes
import importlib.util
import locale
import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from test_stops import run_apart, threads_now

from f2pypy.runtime.held_locks import HeldLocks
from f2pypy.runtime.interpreter import PROCESS
from f2pypy.runtime.isolated import Worker, WorkerDied

ENCODING = locale.nl_langinfo(locale.CODESET)
Loader = Callable[[Path, str], ModuleType]
NEEDS_LLVM = pytest.mark.skipif(
    importlib.util.find_spec("llvmlite") is None, reason="needs llvmlite"
)
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or sys.maxsize < 2**32,
    reason="stops raise on Linux with 64 bits alone",
)


@pytest.fixture(scope="module")
def native(source_modules: Path, load_stops: Loader) -> ModuleType:
    """The module as native code."""
    return load_stops(source_modules, "1")


def test_units_can_be_used_again(stops: ModuleType, tmp_path: Path) -> None:
    """The statement that failed had locked its unit."""
    texts = {"bad": "three", "empty": "", "good": "3"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    for _ in range(3):
        for name in ("missing", "bad", "empty"):
            with pytest.raises(stops.FortranStop):
                stops.stops.number_in(str(tmp_path / name))
            # libgfortran works in another locale
            assert locale.nl_langinfo(locale.CODESET) == ENCODING
        assert stops.stops.number_in(str(tmp_path / "good")) == 3
    for _ in range(3):
        with pytest.raises(stops.FortranStop):
            stops.stops.print_real(1.5, False)
        stops.stops.print_real(1.5, True)


class OpensAndCloses:
    """The part of libgfortran that opens and closes units: `asked` lists what it is asked to do."""

    _gfortran_st_open = None

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> Callable[[object], None]:
        return lambda _: self.asked.append(name)


@pytest.mark.parametrize(
    ("pointed", "is_unit"),
    [((0,), True), ((), False), ((0, 32), True), ((0, 48), True), ((32, 48), False)],
)
def test_a_unit_is_what_malloc_gave(pointed: tuple[int, ...], is_unit: bool) -> None:
    """Old pointers may lead to its middle, and the library itself has locks, too."""
    memory = (ctypes.c_int64 * 80)()
    address = ctypes.addressof(memory)
    start = address + 16 + -address % 16  # aligned as malloc does
    # in malloc's form: sizes, and that what is before is used; there is nothing at the end of what 48 has before it
    for place, word in ((-8, 512 | 1), (504, 64 | 1), (24, 12345), (40, 128 | 1)):
        ctypes.c_int64.from_address(start + place).value = word
    ctypes.c_int64.from_address(start).value = 5  # a unit's number, and no stream
    pointers = (ctypes.c_int64 * 2)(*(start + offset for offset in pointed))
    root = (ctypes.addressof(pointers), 16) if pointed else (start, 512)
    mutex = ctypes.c_void_p(start + 64)
    assert PROCESS.pthread_mutex_lock(mutex) == 0
    library: Any = SimpleNamespace(segments=lambda _: [root])
    runtime = OpensAndCloses()
    HeldLocks([library], [runtime]).release()
    opened = ["_gfortran_st_open", "_gfortran_st_close"]
    assert runtime.asked == (opened if is_unit else [])
    assert PROCESS.pthread_mutex_trylock(mutex) == 0


@pytest.mark.parametrize("kind", [0, 2, 3, 256, 512, 1, 16, 64])
def test_words_that_only_look_like_a_lock_stay(kind: int) -> None:
    """An owner's number may stand anywhere; glibc aborts where it should unlock a mutex of an unknown kind."""
    words = (ctypes.c_int32 * 32)(1, 0, threading.get_native_id(), 1, kind)
    before = list(words)
    root = (ctypes.addressof(words), 128)
    HeldLocks([SimpleNamespace(segments=lambda _: [root])], []).release()  # type: ignore[list-item]
    if kind in (0, 2, 3, 256, 512):
        assert words[0] == 0
    else:
        assert list(words) == before


def test_a_callbacks_exception_comes_before_the_stop_that_it_causes(
    stops: ModuleType,
) -> None:
    def fails(_: float) -> float:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        stops.stops.invert(fails)
    with pytest.raises(stops.FortranStop, match="no inverse"):
        stops.stops.invert(lambda x: 0.0)
    assert stops.stops.invert(lambda x: 4 * x) == 0.25


def test_a_stop_while_arguments_are_converted_hides_no_exception(
    stops: ModuleType,
) -> None:
    class Two:
        def __float__(self) -> float:
            with pytest.raises(stops.FortranStop):
                stops.stops.stop_with(3)
            assert stops.stops.invert(lambda x: x) == 1
            return 2.0

    def fails(_: float) -> float:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        stops.stops.inverse_times(fails, Two())
    with pytest.raises(stops.FortranStop, match="no inverse"):
        stops.stops.inverse_times(lambda x: 0.0, Two())
    assert stops.stops.inverse_times(lambda x: 4 * x, Two()) == 0.5


def test_a_stop_in_a_threadsafe_routine(stops: ModuleType) -> None:
    failures: list[object] = []

    def work(code: int) -> None:
        for _ in range(50):
            try:
                stops.stops.stop_alone(code)
            except stops.FortranStop as stop:
                if stop.code != code:
                    failures.append(stop)

    threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_stop_leaves_the_processors_rounding_as_it_was(stops: ModuleType) -> None:
    one, little = np.float64(1), np.float64(1e-20)
    with pytest.raises(stops.FortranStop, match="upwards"):
        stops.stops.stop_upwards()
    assert one + little == 1
    assert np.longdouble(1) + np.longdouble(1e-30) == 1


def test_arrays_keep_what_fortran_wrote(stops: ModuleType) -> None:
    x = np.array([1.0, 2.0, -1.0, 4.0])
    with pytest.raises(stops.FortranStop, match="negative"):
        stops.stops.double(x)
    assert x.tolist() == [2.0, 4.0, -1.0, 4.0]
    x[2] = 0
    assert stops.stops.double(x).tolist() == [4.0, 8.0, 0.0, 8.0]


@NEEDS_LLVM
@pytest.mark.skipif(sys.version_info < (3, 10), reason="native_memory.py needs 3.10")
def test_native_stops_in_a_long_run_leave_nothing(native: ModuleType) -> None:
    """Neither threads nor memory."""
    from native_memory import SOAK, assert_nothing_is_left  # PyPy lacks tracemalloc

    module, values = native.stops, np.array([1.0, -1.0])

    def passes(x: float) -> float:
        module.end_by("stop text")
        return x

    def stop() -> None:
        for call in (
            lambda: module.end_by("stop"),
            lambda: module.double(values),
            lambda: module.total(passes, 2),
        ):
            with pytest.raises(native.FortranStop):
                call()

    before = threads_now()
    assert_nothing_is_left(stop, SOAK // 300, [values, passes, native.FortranStop])
    assert threads_now() == before


def python_of(function: Callable[..., object]) -> Callable[..., object]:
    """Return the Python function that native code stands for, whose calls threads make."""
    return function.func  # type: ignore[attr-defined, no-any-return]


@NEEDS_LLVM
def test_native_calls_and_threads_take_turns(native: ModuleType) -> None:
    """A call that a thread makes lets Python run; nobody else may be in Fortran meanwhile."""
    module = native.stops
    slow = python_of(module.work)
    assert module.overlaps == 0
    thread = threading.Thread(target=slow, args=(0.5,))
    thread.start()
    time.sleep(0.1)
    assert module.total(lambda x: x, 2) == 3.0
    thread.join()
    assert module.overlaps == 0

    def starts(x: float) -> float:
        """Leave a thread in Fortran when going back there."""
        other = threading.Thread(target=slow, args=(0.3,))
        other.start()
        others.append(other)
        time.sleep(0.1)
        return x

    others: list[threading.Thread] = []
    assert module.total(starts, 2) == 3.0
    for other in others:
        other.join()
    assert module.overlaps == 0


@NEEDS_LLVM
def test_trees_of_calls_of_several_modules_and_tiers(
    native: ModuleType, source_modules: Path, tmp_path: Path, load_stops: Loader
) -> None:
    """Each call is native code or a thread's, of one of two libraries; each stop is caught where it belongs."""
    for name in ("stops.py", "libstops.so"):
        shutil.copy(source_modules / name, tmp_path / name)
    other = load_stops(tmp_path, "1")
    modules = (native, other)
    stopped = tuple(each.FortranStop for each in modules)
    seed = random.Random(14)
    caught = []

    def run(depth: int) -> float:
        """Return a sum that a tree of calls has, or raise with a number of it."""
        module = seed.choice(modules)
        kind = seed.choice(("stop", "handle", "pass", "value")[: 4 if depth else 1])
        if not depth:
            kind = seed.choice(("stop", "value", "value"))
        if kind == "value":
            return 1.0
        tier = seed.choice((lambda each: each, python_of))
        if kind == "stop":
            number = seed.randrange(1, 100)
            with pytest.raises(module.FortranStop) as raised:
                tier(module.stops.stop_with)(number)
            assert raised.value.code == number
            if seed.random() < 0.5:
                tier(module.stops.stop_with)(number)
            return -1.0
        answers: list[float | None] = []

        def answer(_: float) -> float:
            try:
                answers.append(run(depth - 1))
            except stopped as stop:
                caught.append(stop)
                answers.append(-5.0)
                if kind == "pass":
                    raise
            return answers[-1]  # type: ignore[return-value]

        total = tier(module.stops.total)(answer, 2)
        assert total == sum(answers)  # type: ignore[arg-type]
        return float(total)  # type: ignore[arg-type]

    passed = 0
    for _ in range(150):
        known = len(caught)
        try:
            run(4)
        except stopped as stop:
            passed += stop in caught[known:]
    assert len(caught) > 30
    assert passed > 5


UNGUARDED = """
import ctypes, os
from stops import stops, _library, __native__
__native__.compile("stops_total")
symbol, = _library.symbols("end_by", "stops")
way = b"stop 3"
def unguarded(x):
    _library.handles[0][symbol](way, ctypes.c_size_t(len(way)))
stops.total(unguarded, 1)
os._exit(1)
"""


@NEEDS_LLVM
def test_what_nobody_guards_ends_the_process_inside_of_a_guarded_call(
    native: ModuleType,
) -> None:
    """A jump would leave the frames of the callback behind."""
    done = run_apart(native, UNGUARDED)
    assert done.returncode == 3, done.stderr


OTHER_PROCESSOR = """
import platform
import numpy
platform.machine = lambda: "aarch64"
import stops
stops.__native__.compile()
print(stops.__native__.compiled, set(stops.__native__.refused.values()))
try:
    stops.stops.stop_with(5)
except stops.FortranStop as stop:
    print(stop.code, stops.stops.total(lambda x: x, 3))
"""


@NEEDS_LLVM
def test_threads_make_the_calls_on_other_processors(native: ModuleType) -> None:
    done = run_apart(native, OTHER_PROCESSOR)
    assert done.stdout.splitlines() == [
        "[] {'Fortran whose stops are exceptions, on this processor'}",
        "5 6.0",
    ], done.stderr


ELSEWHERE = """
import sys
import numpy
{setting}
try:
    import stops
except ImportError as refusal:
    print(refusal)
"""


@pytest.mark.parametrize(
    "setting", ["sys.platform = 'darwin'", "sys.byteorder = 'big'"]
)
def test_other_systems_are_refused(
    source_modules: Path, load_stops: Loader, setting: str
) -> None:
    done = run_apart(load_stops(source_modules, "0"), ELSEWHERE.format(setting=setting))
    text = "stops: its stops can't become exceptions: this needs 64-bit Linux"
    assert done.stdout.splitlines() == [text], done.stderr


def test_an_isolated_module_is_refused_on_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "name", "nt")
        with pytest.raises(
            ImportError, match=r"^far: --isolated needs a POSIX system$"
        ):
            Worker({"__name__": "far"}, (), WorkerDied)


LONG = """
import os, signal, threading, time
from stops import stops
for _ in range(4):
    stops.work(0.02)
print("stops_work" in __import__("stops").__native__.compiled, flush=True)
for _ in range(4):
    stops.work(0.0)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    stops.work(2.0)
except KeyboardInterrupt:
    print(time.monotonic() - start < 1.5, flush=True)
os._exit(0)
"""


@NEEDS_LLVM
def test_long_calls_stay_those_that_control_c_interrupts(native: ModuleType) -> None:
    done = run_apart(native, LONG)
    assert done.stdout.splitlines() == ["False", "True"], done.stderr
