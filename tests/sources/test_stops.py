"""STOP, ERROR STOP and errors found at run time as exceptions."""

from __future__ import annotations

import gc
import os
import pickle
import random
import subprocess
import sys
import sysconfig
import threading
import time
import weakref
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

PYPY = sys.implementation.name == "pypy"
NO_GIL = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or sys.maxsize < 2**32,
    reason="stops raise on Linux with 64 bits alone",
)
BY_EXIT = (
    "C's exit(2) was called; what Fortran's runtime says about it is on standard error"
)
BY_ABORT = (
    "C's abort() was called; what Fortran's runtime says about it is on standard error"
)
# Each way to end a process: the text (its end) and the exit status, by gfortran's runtime and by flang's.
BOTH = {
    "stop": ("", 0),
    "stop 3": ("", 3),
    "stop text": ("enough", 0),
    "stop quiet": ("", 5),
    "stop variable": ("", 13),
    "stop computed": ("", 299),
    "stop negative": ("", -13),
    "stop empty": ("", 0),
    "stop joined": ("stop joined!", 0),
    "error stop quiet": ("hidden", 1),
    "error stop": ("", 1),
    "error stop 7": ("", 7),
    "error stop text": ("no convergence", 1),
    "error stop variable": ("  error", 1),
    "pure": ("not positive", 1),
    "inner": ("inner", 1),
    "exit": ("", 4),
    "abort": (BY_ABORT, 134),
    "c exit": (BY_EXIT.replace("2", "6"), 6),
    "c abort": (BY_ABORT, 134),
    "c _Exit": (BY_EXIT.replace("2", "8"), 8),
    "c quick_exit": (BY_EXIT.replace("2", "300"), 300),
    "c assert": ("solve.c:12: root: Assertion `x > 0' failed.", 134),
}
ENDS = {
    "gfortran": {
        **BOTH,
        "allocated twice": (
            "Attempting to allocate already allocated variable 'numbers'",
            2,
        ),
        "too large": ("Error allocating 4611686018427387868 bytes", 1),
        "deallocated twice": ("Attempt to DEALLOCATE unallocated 'numbers'", 2),
        "no file": (BY_EXIT, 2),
        "no number": (BY_EXIT, 2),
        "end of file": (BY_EXIT, 2),
        "wrong format": (BY_EXIT, 2),
        "no record": (BY_EXIT, 2),
    },
    "flang": {
        **BOTH,
        "no file": ("I/O error (errno=2): No such file or directory", 134),
        "no number": (BY_ABORT, 134),
        "end of file": ("End of file during input", 134),
        "wrong format": (BY_ABORT, 134),
        "no record": ("Unformatted I/O on formatted file", 134),
    },
}


def ends_of(module: ModuleType) -> dict[str, tuple[str, int]]:
    """Return the ways that the module's compiler knows."""
    folder = Path(str(module.__file__)).parent.name
    return ENDS["flang" if folder.startswith("flang") else "gfortran"]


def test_each_way_to_end_the_process_is_an_exception(stops: ModuleType) -> None:
    for way, (text, code) in ends_of(stops).items():
        before = int(stops.stops.visits)
        with pytest.raises(stops.FortranStop) as raised:
            stops.stops.end_by(way)
        assert raised.value.text.endswith(text), way
        assert raised.value.code == code, way
        assert isinstance(raised.value, RuntimeError)
        assert stops.stops.visits == before + 1
    assert stops.stops.total(lambda x: x, 4) == 10.0


def test_a_text_tells_the_place(stops: ModuleType) -> None:
    way = "allocated twice"
    if way not in ends_of(stops):
        way = "end of file"
    with pytest.raises(stops.FortranStop, match=r"stops\.f90"):
        stops.stops.end_by(way)


def test_what_the_exception_says() -> None:
    from f2pypy.runtime.stops import FortranStop

    assert str(FortranStop("", 3)) == "STOP 3"
    assert str(FortranStop("no convergence", 1)) == "no convergence"
    again = pickle.loads(pickle.dumps(FortranStop("no convergence", 1)))
    assert (again.text, again.code) == ("no convergence", 1)


def test_a_call_that_ends_well_returns(stops: ModuleType) -> None:
    assert stops.stops.end_by("nothing of it") is None


def test_a_stop_in_a_callback_is_the_inner_calls(stops: ModuleType) -> None:
    """The callback may handle it; what it doesn't handle is the outer call's exception."""
    caught = []

    def handles(x: float) -> float:
        try:
            stops.stops.end_by("error stop 7")
        except stops.FortranStop as stop:
            caught.append(stop.code)
        return x

    assert stops.stops.total(handles, 3) == 6.0
    assert caught == [7, 7, 7]

    def passes(x: float) -> float:
        stops.stops.end_by("stop text")
        return x

    with pytest.raises(stops.FortranStop, match="enough") as stopped:
        stops.stops.total(passes, 3)
    # what pytest shows of it
    shown = [each.name for each in stopped.traceback.filter(stopped)]
    assert shown == ["test_a_stop_in_a_callback_is_the_inner_calls", "passes"]
    assert stops.stops.total(lambda x: 2 * x, 3) == 12.0


def test_other_exceptions_of_callbacks_stay_as_they_are(stops: ModuleType) -> None:
    def fails(_: float) -> float:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        stops.stops.total(fails, 3)


def test_nested_calls_that_stop_anywhere(stops: ModuleType) -> None:
    """Trees of calls and callbacks, some of which stop and some of which handle that, beside the same in Python."""
    seed = random.Random(8)

    def made(depth: int) -> tuple[str, list[object]]:
        kinds = ("stop", "handle", "pass", "value") if depth else ("stop", "value")
        kind = seed.choice(kinds)
        return kind, [
            made(depth - 1) for _ in range(2) if kind not in ("stop", "value")
        ]

    def expected(tree: tuple[str, list[object]]) -> float | None:
        kind, branches = tree
        if kind in ("stop", "value"):
            return None if kind == "stop" else 1.0
        found = [expected(each) for each in branches]  # type: ignore[arg-type]
        if kind == "handle":
            return sum(-1.0 if each is None else each for each in found)
        return None if None in found else sum(each or 0.0 for each in found)

    def run(tree: tuple[str, list[object]]) -> float:
        kind, branches = tree
        if kind == "stop":
            stops.stops.end_by("stop 3")
        if kind in ("stop", "value"):
            return 1.0

        def answer(x: float) -> float:
            branch: tuple[str, list[object]] = branches[round(x) - 1]  # type: ignore[assignment]
            try:
                return run(branch)
            except stops.FortranStop:
                if kind == "handle":
                    return -1.0
                raise

        return float(stops.stops.total(answer, 2))

    for _ in range(60):
        tree = made(4)
        wanted = expected(tree)
        if wanted is None:
            with pytest.raises(stops.FortranStop):
                run(tree)
        else:
            assert run(tree) == wanted


def test_threads_stop_alone(stops: ModuleType) -> None:
    failures: list[object] = []

    def work(code: int) -> None:
        for _ in range(20):
            try:
                stops.stops.end_by("error stop 7" if code else "nothing of it")
            except stops.FortranStop as stop:
                if not code or stop.code != 7:
                    failures.append(stop)
            else:
                if code:
                    failures.append(code)
            if stops.stops.total(lambda x: x, 3) != 6.0:
                failures.append("total")

    threads = [threading.Thread(target=work, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_child_has_threads_of_its_own(stops: ModuleType) -> None:
    """A fork leaves the parent's threads behind, those that make calls too."""
    assert stops.stops.total(lambda x: x, 3) == 6.0
    pid = os.fork()
    if pid == 0:
        try:
            stops.stops.end_by("stop 3")
        except stops.FortranStop as stop:
            os._exit(stop.code)
        os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == 3


def threads_now() -> int:
    """Return how many threads the process has."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def run_apart(
    module: ModuleType, text: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, where the module can be imported."""
    folder = str(Path(str(module.__file__)).parent)
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([folder, root, os.environ.get("PYTHONPATH", "")])
    native = "1" if module.__native__.compiled else "0"
    settings = {"PYTHONPATH": path, "F2PYPY_NATIVE": native, **environment}
    return subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )


COSTS = """
import gc
import os
from pathlib import Path

from stops import stops, FortranStop, __native__

__native__.compile()

def stop(times):
    for _ in range(times):
        try:
            stops.end_by("stop")
        except FortranStop:
            pass

def state():
    gc.collect()
    pages = Path("/proc/self/statm").read_text().split()[1]
    threads = len(list(Path("/proc/self/task").iterdir()))
    return threads, int(pages) * os.sysconf("SC_PAGE_SIZE")

stop(20)
threads, before = state()
stop(200)
threads_after, after = state()
print(threads_after - threads, (after - before) // 200)
"""


def test_a_stop_costs_a_thread_and_little_memory(stops: ModuleType) -> None:
    """In a process of its own: how PyPy's memory grows depends on all that it did before."""
    done = run_apart(stops, COSTS)
    threads, memory = map(int, done.stdout.split())
    assert threads == (0 if stops.__native__.compiled else 200)
    # each thread has a heap of its own where there is no GIL
    assert memory < (1_000_000 if NO_GIL else 200_000 if PYPY else 64_000)


INTERRUPTED = """
import os, signal, sys, threading, time
from stops import stops, FortranStop

stops.total(lambda x: x, 1)
other = []
def elsewhere():
    other.append(sum(range(1000)))
    time.sleep(1)
    other.append("done")
thread = threading.Thread(target=elsewhere)
thread.start()
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
start = time.monotonic()
try:
    stops.work(2.5)
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - start < 2)
try:
    stops.end_by("stop")
except RuntimeError as refusal:
    print(type(refusal).__name__, refusal)
thread.join()
print(other[-1])
while True:
    try:
        print(stops.total(lambda x: x, 3))
        break
    except RuntimeError:
        time.sleep(0.1)
print(time.monotonic() - start > 2.4)
"""


class Late:
    """A lock whose second taker is interrupted, when it has it or before, as signals come at any time."""

    def __init__(self, lock: Any, when_taken: bool) -> None:
        self.lock, self.release, self.when_taken = lock, lock.release, when_taken
        self.takers = 0

    def acquire(self) -> bool:
        self.takers += 1
        if self.takers == 2:
            found = self.when_taken and self.lock.acquire()
            raise KeyboardInterrupt(found)
        return bool(self.lock.acquire())


@pytest.fixture
def guarded(stops: ModuleType) -> Any:
    """The module, the calls of whose library threads make."""
    if stops.__native__.compiled:
        pytest.skip("native code has no thread for its calls")
    assert stops.stops.total(lambda x: x, 3) == 6
    return stops


def interrupt_next(
    module: Any, patch: pytest.MonkeyPatch, when_taken: bool
) -> list[Any]:
    """Interrupt who waits for the next call, which the list has then."""
    made: list[Any] = []

    class Interrupted(module.__dict__["Call"]):  # type: ignore[misc]
        def __init__(self, *given: Any) -> None:
            locks = iter([threading.Lock(), Late(threading.Lock(), when_taken)])
            patch.setitem(module.__dict__, "allocate_lock", lambda: next(locks))
            super().__init__(*given)
            patch.undo()
            made.append(self)

    patch.setitem(module.__dict__, "Call", Interrupted)
    return made


def test_an_interrupt_when_the_call_is_over(
    guarded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next call isn't refused, as Fortran has returned, and the same thread makes it."""
    guard = guarded._library.guard
    free = list(guard.free)
    for _ in range(3):
        made = interrupt_next(guarded, monkeypatch, when_taken=True)
        with pytest.raises(KeyboardInterrupt):
            guarded.stops.total(lambda x: x, 3)
        assert made[0].kept is None
        assert guarded.stops.total(lambda x: x, 3) == 6
        assert guard.free == free


def test_an_interrupt_while_fortran_runs(
    guarded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call goes on, with what it needs, and others are refused meanwhile; its thread makes others then."""
    guard = guarded._library.guard
    go_on, seen = threading.Event(), []

    def wait(x: float) -> float:
        assert go_on.wait(10)
        seen.append(made[0].kept is not None)
        return x

    free = list(guard.free)
    made = interrupt_next(guarded, monkeypatch, when_taken=False)
    with pytest.raises(KeyboardInterrupt):
        guarded.stops.total(wait, 3)
    while not guard.running:
        time.sleep(0.001)
    with pytest.raises(RuntimeError, match="total can't be called while total runs"):
        guarded.stops.total(lambda x: x, 3)
    go_on.set()
    while guard.running:
        time.sleep(0.01)
    assert seen == [True] * 3
    assert made[0].kept is made[0].task is None
    while len(guard.free) < len(free):
        time.sleep(0.01)
    assert guarded.stops.total(lambda x: x, 3) == 6


def test_an_interrupt_at_every_line_of_a_call(guarded: Any) -> None:
    """Nothing is refused afterwards, nothing kept, and no thread is left idle."""
    guard, path = guarded._library.guard, guarded.__file__
    functions = {"call", "ask", "refuse_beside"}
    left: list[int] = []

    def trace(frame: Any, event: str, _: Any) -> Any:
        code = frame.f_code
        if code.co_filename != path or code.co_name not in functions:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
        return trace

    callers, lines, deadline = {*guard.free}, 0, time.monotonic() + 60
    former = sys.gettrace()
    while True:
        lines += 1
        left[:] = [lines]
        array = np.zeros(3)
        kept = weakref.ref(array)

        def add(x: float, array: Any = array) -> float:
            return x + float(array[0])

        sys.settrace(trace)
        try:
            guarded.stops.total(add, 3)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(former)
        del array, add
        gc.collect()
        while guard.running or kept() is not None:  # its thread may begin late
            assert time.monotonic() < deadline, lines
            time.sleep(0.001)
            gc.collect()
        assert guarded.stops.total(lambda x: x, 3) == 6
        callers |= {*guard.free}
        assert len(callers) <= 2, lines
        if left[0] > 0:
            break
    assert lines > 15


def test_control_c_interrupts_a_call(stops: ModuleType) -> None:
    """Fortran goes on alone; until it has returned, nothing else of the library can be called."""
    done = run_apart(stops, INTERRUPTED)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "interrupted True",
        "RuntimeError stops: end_by can't be called while work runs, which was interrupted: wait until Fortran "
        "returns, or start Python anew",
        "done",
        "6.0",
        "True",
    ]


def test_outside_of_its_calls_everything_ends_the_process(stops: ModuleType) -> None:
    """The library and its runtime serve others as well, whose calls nobody guards."""
    text = """
import ctypes, stops
library = stops._library.handles[0]
way = b"stop 3"
symbol = stops._library.symbols("end_by", "stops")[0]
library[symbol](way, ctypes.c_size_t(len(way)))
"""
    done = run_apart(stops, text)
    assert done.returncode == 3
    assert "STOP" in done.stderr


def test_the_environment_turns_exceptions_off(stops: ModuleType) -> None:
    text = "from stops import stops; stops.end_by('error stop 7')"
    done = run_apart(stops, text, F2PYPY_STOP_RAISES="0")
    assert done.returncode == 7
    assert "ERROR STOP" in done.stderr


BY_NAME = """
import by_name
def fails(_):
    raise LookupError("nothing there")
for function in (lambda n: n, lambda n: 0, fails):
    by_name.attribute = function
    try:
        print(by_name.invert_attribute(5))
    except Exception as failure:
        print(type(failure).__name__, failure)
"""


def test_exceptions_of_what_fortran_calls_by_name_come_before_the_stop(
    by_name: ModuleType,
) -> None:
    done = run_apart(by_name, BY_NAME, F2PYPY_STOP_RAISES="1")
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "20",
        "FortranStop no inverse",
        "LookupError nothing there",
    ]


IN_A_TEAM = """
import parallel
from f2pypy.runtime.stops import FortranStop
parallel.__native__.compile()
for _ in range(3):
    try:
        parallel.stop_in_team(0)
    except FortranStop as stop:
        print(stop, parallel.stop_in_team(-1))
"""


def test_the_first_thread_of_a_team_may_stop(parallel: ModuleType) -> None:
    """The next team is complete: native code would leave the first one waiting."""
    done = run_apart(parallel, IN_A_TEAM, F2PYPY_STOP_RAISES="1")
    assert (done.stdout, done.stderr) == ("in a team 4\n" * 3, "")


def test_the_environment_turns_exceptions_on(memory: ModuleType) -> None:
    """In a module that wasn't written for it."""
    text = "import memory; print(type(memory._library.guard).__name__)"
    done = run_apart(memory, text, F2PYPY_STOP_RAISES="1")
    assert (done.stdout, done.stderr) == ("StopGuard\n", "")
    done = run_apart(memory, text)
    assert (done.stdout, done.stderr) == ("NoneType\n", "")


ENDING = """
from stops import stops
print("so far", end="")
def compute(way):
    stops.end_by(way)
compute({way!r})
"""


@pytest.mark.parametrize("native", ["0", "1"])
@pytest.mark.parametrize("way", ["stop 3", "error stop text", "no file", "c abort"])
def test_a_traceback_tells_which_call_ended_the_process(
    stops: ModuleType, way: str, native: str
) -> None:
    _, code = ends_of(stops)[way]
    settings = {"F2PYPY_STOP_RAISES": "0", "F2PYPY_NATIVE": native}
    done = run_apart(stops, ENDING.format(way=way), **settings)
    assert done.returncode == (-6 if code == 134 else code)
    assert "in compute" in done.stderr
    if code != 134:
        assert done.stdout == "so far"
    silent = run_apart(stops, ENDING.format(way=way), F2PYPY_TRACEBACK="0", **settings)
    assert silent.returncode == done.returncode
    assert "compute" not in silent.stderr


def test_a_process_that_ends_in_python_says_nothing(stops: ModuleType) -> None:
    for ending in ("", "import sys; sys.exit(0)", "import os; os._exit(0)"):
        done = run_apart(stops, f"import stops; {ending}", F2PYPY_STOP_RAISES="0")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_gfortrans_checks_are_exceptions(source_modules: Path, tmp_path: Path) -> None:
    """Bounds and pointers, where the sources were compiled with -fcheck."""
    if source_modules.name.startswith("flang") or sys.version_info < (3, 10) or PYPY:
        pytest.skip("needs gfortran and f2pypy")
    from f2pypy.command.cli import run

    source = str(Path(__file__).parents[2] / "fortran" / "stops.f90")
    output = str(tmp_path / "checked.py")
    options = ["--stop-raises", "--f90flags=-fcheck=bounds,pointer", "--quiet"]
    assert run(["-c", "-m", "checked", source, *options, "-o", output]) == 0
    text = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("checked", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
for way in ("bounds", "null pointer"):
    try:
        module.stops.end_by(way)
    except module.FortranStop as stop:
        print(stop.code, stop.text.partition(": ")[2])
"""
    done = subprocess.run(
        [sys.executable, "-c", text, output], capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "2 Index '8' of dimension 1 of array 'numbers' above upper bound of 2",
        "2 Pointer actual argument 'target' is not associated",
    ]
