"""Ctrl-C and other signals while native code is in Fortran: the call is over at once."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import sys
from collections.abc import Collection
from pathlib import Path
from types import ModuleType

import pytest
from test_stops import run_apart

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or not sys.platform.startswith("linux"),
    reason="native code is interrupted on Linux with x86-64 alone",
)

NEEDS_LLVM = pytest.mark.skipif(
    importlib.util.find_spec("llvmlite") is None or sys.version_info < (3, 10),
    reason="needs llvmlite, and f2pypy itself",
)

# Signals come from another process, as Ctrl-C does: native code keeps the interpreter's lock.
BEGINNING = """
import os, signal, sys, threading, time
import numpy as np
reader, writer = os.pipe()
parent = os.getpid()
if os.fork() == 0:
    os.close(writer)
    for line in os.fdopen(reader):
        pause, number = line.split()
        time.sleep(float(pause))
        os.kill(parent, int(number))
    os._exit(0)
os.close(reader)
def send(pause, number=signal.SIGINT):
    os.write(writer, f"{pause} {int(number)}\\n".encode())
import stops as module
stops = module.stops
module.__native__.compile()
assert module.__native__.refused == {}, module.__native__.refused
SUM = stops.spin(1)
FOREVER = 2**31 - 1
def interrupted(function, *arguments):
    start = time.monotonic()
    send(0.1)
    try:
        function(*arguments)
    except KeyboardInterrupt:
        assert stops.spin(1) == SUM  # other calls are as before
        return time.monotonic() - start < 20
    return False
"""


@pytest.fixture(scope="module")
def native(stops: ModuleType) -> ModuleType:
    """The module as native code."""
    if not stops.__native__.compiled:
        pytest.skip("the calls of threads are test_stops.py's")
    return stops


def run(module: ModuleType, text: str) -> list[str]:
    """Return the lines that a program prints after BEGINNING."""
    done = run_apart(module, BEGINNING + text)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


WHERE = """
print(interrupted(stops.spin, FOREVER), interrupted(stops.spin_alone, FOREVER))
print(interrupted(stops.allocate_much, FOREVER))
stops.allocate_much(99)
print(stops.kept.tolist() == [99.0] * 100 + [2.0] * 2)
print(interrupted(stops.spin_near, FOREVER))
print(interrupted(stops.write_much, FOREVER))
stops.open_17({file!r})
print(interrupted(stops.write_sum, FOREVER))
stops.write_sum(1)
print(float(open({file!r}).read()) == SUM)
print(interrupted(stops.work, 1e9))
try:
    stops.end_by("error stop 7")
except module.FortranStop as stop:
    print(stop.code)
"""


def test_control_c_ends_a_native_call_wherever_it_is(
    native: ModuleType, tmp_path: Path
) -> None:
    """In loops, in the runtime library, where memory is allocated, where a unit is locked."""
    lines = run(native, WHERE.format(file=str(tmp_path / "sums")))
    assert lines == ["True True", *["True"] * 7, "7"]


JUST_BEFORE = """
import ctypes, operator
raise_signal = ctypes.PyDLL(None)["raise"]
def call_after_signal(function):
    # all of it runs in C: Python doesn't look for signals before the call
    for _ in map(function, map(operator.or_, [FOREVER], map(raise_signal, [signal.SIGINT]))):
        pass
for function in (stops.spin, stops.spin_alone, stops.allocate_much, stops.write_much):
    try:
        call_after_signal(function)
        print("not interrupted")
    except KeyboardInterrupt:
        print(stops.spin(1) == SUM)
"""


def test_a_signal_that_comes_just_before_fortran_is_entered(
    native: ModuleType,
) -> None:
    """Nothing waits for it yet, and Python would raise the exception after the call."""
    assert run(native, JUST_BEFORE) == ["True"] * 4


OFTEN = """
import gc, random
seed = random.Random(3)
calls = [(stops.spin, 10**6), (stops.spin_alone, 10**6), (stops.allocate_much, FOREVER), (stops.write_much, FOREVER)]
def memory():
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
done = 0
for turn in range(300):
    if turn == 50:
        before = memory()
    function, rounds = seed.choice(calls)
    try:
        send(seed.uniform(0.0005, 0.004))
        function(rounds)
    except KeyboardInterrupt:
        done += 1
    stops.allocate_much(13)
    assert stops.kept.tolist() == [13.0] * 14 + [2.0] * 7
    assert stops.spin(1) == SUM
print(done, len(os.listdir("/proc/self/task")), memory() - before < 4_000_000)
"""


def test_many_interrupts_leave_right_results(native: ModuleType) -> None:
    assert run(native, OFTEN) == ["300 1 True"]


CHANCES = """
from _thread import interrupt_main
from functools import partial
from operator import methodcaller
from f2pypy.native.interrupts import interrupts
from f2pypy.native.signal_handlers import ASKED
def interrupt_where_it_allocates(function, *arguments):
    interrupts().state[ASKED] = 1
    # no instruction of Python's lies between the two, before which it would look for signals
    calls = [interrupt_main, partial(function, *arguments)]
    try:
        list(map(methodcaller("__call__"), calls))
    except KeyboardInterrupt:
        return
    print("not interrupted")
def found():
    return None if stops.kept is None else stops.kept.tolist()
for before in 1, 90, 200:
    for after in 1, 80, 300:
        stops.take_steps(before)
        interrupt_where_it_allocates(stops.take_steps, after)
        assert found() in (stops.steps[:before].tolist(), stops.steps[:after].tolist(), None), found()
        stops.take_steps(before)
        interrupt_where_it_allocates(stops.renew, after)
        assert found() in (None, [1.0] * after), found()
        stops.renew(after)
        assert found() == [1.0] * after
"""


def test_allocations_that_are_interrupted_leave_whole_arrays(
    native: ModuleType,
) -> None:
    """Never the bounds of one allocation with the memory of another."""
    assert run(native, CHANCES) == []


SLOTS = """
from f2pypy.native.freed_memory import FUNCTIONS
from f2pypy.native.interrupts import interrupts
from f2pypy.native.layouts import word_at
library = module._library.guard.libraries[0]
found = {name: word_at(slot) for name, slot in library.slots(FUNCTIONS)}
print(found == {name: interrupts().address_of(f"kept_{name}") for name in FUNCTIONS})
"""


def test_a_library_calls_what_keeps_memory(native: ModuleType) -> None:
    """Whatever program Python is: where it lies at a fixed address, functions have two addresses."""
    assert run(native, SLOTS) == ["True"]


class Slots:
    """A library by what is in its slots, and the ones after it; the first of all is the program."""

    def __init__(self, behind: Slots | None = None, **functions: int) -> None:
        self.words = {name: ctypes.c_int64(value) for name, value in functions.items()}
        self.previous, self.behind = behind, behind

    def segments(self, _: int) -> list[tuple[int, int]]:
        return [(1000, 100)]

    def slots(self, names: Collection[str]) -> list[tuple[str, int]]:
        return [
            (name, ctypes.addressof(word))
            for name, word in self.words.items()
            if name in names
        ]

    def all_loaded(self) -> list[Slots]:
        return [self, *(self.behind.all_loaded() if self.behind else ())]


def put_into(library: Slots) -> list[int]:
    """Return what is in the slots once there are functions that keep memory."""
    from f2pypy.native.freed_memory import put_into_slots

    def write_slot(slot: int, address: int) -> None:
        ctypes.c_int64.from_address(slot).value = address

    ours = {"kept_malloc": 1, "kept_free": 2, "kept_realloc": 3}
    put_into_slots([library], ours, write_slot)
    return [each.value for each in library.words.values()]


class Memory:
    """A library with writable memory that begins two bytes after an address that words have."""

    def __init__(self, words: list[int]) -> None:
        self.words = (ctypes.c_uint64 * len(words))(*words)

    def segments(self, wanted: int) -> list[tuple[int, int]]:
        assert wanted == 2
        size = ctypes.sizeof(self.words)
        return [(ctypes.addressof(self.words) + 2, size - 3)]


@NEEDS_LLVM
@pytest.mark.parametrize(
    ("count", "left"),
    [
        (0, [8, 8, 24, 12, 9, 800, 8]),
        (1, [8, 0, 24, 12, 9, 800, 8]),
        (3, [8, 0, 0, 12, 9, 0, 8]),
        (20, [8, 0, 0, 12, 9, 0, 8]),
    ],
)
def test_variables_forget_what_an_interrupted_call_has_freed(
    count: int, left: list[int]
) -> None:
    """As many blocks as it has kept, in all words; a part of one isn't looked at."""
    from f2pypy.native.freed_memory import forget
    from f2pypy.native.records import BLOCKS, FREED, WORDS

    record = (ctypes.c_int64 * WORDS)()
    record[FREED] = count
    record[BLOCKS : BLOCKS + 3] = [8, 24, 800]
    library = Memory([8, 8, 24, 12, 9, 800, 8])
    forget(ctypes.addressof(record), [library])
    assert list(library.words) == left


@NEEDS_LLVM
def test_slots_with_what_the_program_calls() -> None:
    """Not yet found, found as the program has found it, and ours already; `exit` is none that allocates."""
    program = Slots(malloc=7007, free=7008, realloc=7009)
    assert put_into(Slots(program, malloc=1050, free=7008, exit=5)) == [1, 2, 5]
    assert put_into(Slots(program, realloc=3, free=2)) == [3, 2]


@NEEDS_LLVM
def test_slots_with_another_allocator_stay() -> None:
    """Native code doesn't call such a library, whose memory would be freed while an interrupt comes."""
    from f2pypy.native.code import NotNative

    library = Slots(Slots(malloc=7007, free=7008), malloc=7007, free=8008)
    with pytest.raises(NotNative, match="another free than the C library's"):
        put_into(library)
    assert [each.value for each in library.words.values()] == [7007, 8008]


HANDLERS = """
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(len(seen)))
send(0.1)
start = time.monotonic()
stops.work(0.4)
print(seen, time.monotonic() - start > 0.35)  # a handler that returns lets Fortran go on
class Late(Exception):
    pass
def too_late(*_):
    raise Late
for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM):
    former = signal.signal(number, too_late)
    send(0.1, number)
    try:
        stops.spin(FOREVER)
    except Late:
        print(signal.Signals(number).name)
    signal.signal(number, former)
stops.spin(1)
signal.signal(signal.SIGINT, signal.SIG_IGN)
send(0.1)
stops.work(0.3)
signal.signal(signal.SIGINT, signal.default_int_handler)
time.sleep(0.001)
print(interrupted(stops.spin, FOREVER))
"""


def test_handlers_of_the_program_decide(native: ModuleType) -> None:
    """Whether they raise, what they raise, and for which of the signals."""
    assert run(native, HANDLERS) == ["[0] True", "SIGINT", "SIGALRM", "SIGTERM", "True"]


STOPS = """
import random
seed = random.Random(5)
signal.signal(signal.SIGALRM, signal.default_int_handler)
done = 0
for _ in range(150):
    try:
        signal.setitimer(signal.ITIMER_REAL, seed.uniform(0.0002, 0.002))
        for _ in range(1000):
            try:
                stops.end_by("error stop 7")
            except module.FortranStop:
                pass
        time.sleep(1)
    except KeyboardInterrupt:
        done += 1
print(done > 140, stops.spin(1) == SUM)
"""


def test_signals_while_stops_become_exceptions(native: ModuleType) -> None:
    """They come while Python notes what Fortran said, over which nothing may jump."""
    done = run_apart(native, BEGINNING + STOPS)
    assert (done.returncode, done.stdout) == (0, "True True\n"), done.stderr


CALLBACKS = """
def inner(x):
    assert interrupted(stops.spin, FOREVER)
    return 2 * x
print(stops.total(inner, 2))
def waits(x):
    send(0.1)
    try:
        time.sleep(20)
    except KeyboardInterrupt:
        return 1.0
    return 0.0
print(stops.total(waits, 2))
def passes(x):
    send(0.1)
    stops.spin(FOREVER)
try:
    stops.total(passes, 1)
except KeyboardInterrupt:
    print("passed")
print(stops.total(lambda x: x, 3))
"""


def test_callbacks_are_not_jumped_over(native: ModuleType) -> None:
    """What is interrupted is the innermost call, or Python itself."""
    assert run(native, CALLBACKS) == ["6.0", "2.0", "passed", "6.0"]


THREADS = """
found = []
def work():
    for _ in range(20):
        found.append(stops.spin_alone(20_000))
thread = threading.Thread(target=work)
thread.start()
print(interrupted(stops.spin_alone, FOREVER))
thread.join()
print(len(found), len(set(found)))
send(0.1)
thread = threading.Thread(target=work)
thread.start()
try:
    time.sleep(20)
except KeyboardInterrupt:
    print("in Python")
thread.join()
print(len(found), len(set(found)))
pid = os.fork()
if pid == 0:
    parent = os.getpid()
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        stops.write_much(FOREVER)
    except KeyboardInterrupt:
        os._exit(5)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_other_threads_and_processes_are_not_disturbed(native: ModuleType) -> None:
    assert run(native, THREADS) == ["True", "20 1", "in Python", "40 1", "5"]


def test_long_calls_become_native_code_once_they_are_short(native: ModuleType) -> None:
    text = """
import stops
def compiled():
    return "stops_work" in stops.__native__.compiled
stops.stops.work(0.02)
for _ in range(20):
    stops.stops.work(0.0)
print(compiled())
for _ in range(400):
    stops.stops.work(0.0)
print(compiled())
"""
    done = run_apart(native, text)
    assert done.stdout.splitlines() == ["False", "True"], done.stderr
