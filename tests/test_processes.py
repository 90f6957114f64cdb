"""Work that copies of a process share, and sources that they read."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from f2pypy.building.reading import read_sources
from f2pypy.diagnostics import Diagnostics
from f2pypy.files import processes
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import load_sources

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lists its threads"
)
PRELUDE = """\
import os, signal, sys, time
from f2pypy.files.processes import each_shared, processes_for
original = os.getpid()
"""


def printed(code: str) -> str:
    """Return what a program prints that has no other threads, as NumPy's libraries make them here."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("count", [1, 2, 3, 7, 9])
def test_results_stand_in_the_order_of_the_items(count: int) -> None:
    code = f"""
        print("once", flush=True)
        found = each_shared(lambda n: (n * n, os.getpid()), range(7), {count})
        assert [square for square, _ in found] == [0, 1, 4, 9, 16, 25, 36]
        print(len(set(pid for _, pid in found)), "once")
        """
    assert printed(code) == f"once\n{min(count, 7)} once\n"


@pytest.mark.parametrize("count", [1, 3])
def test_no_items_have_no_results(count: int) -> None:
    assert processes.each_shared(str, [], count) == []


def test_c_sources_alone_say_nothing(tmp_path: Path) -> None:
    """Their compiler reads them."""
    path = tmp_path / "add.c"
    path.write_text("int add(int a, int b) { return a + b; }")
    sources = load_sources([str(path)], BuildOptions())
    assert read_sources(sources, Options(module="m"), Diagnostics()) == []


def test_copies_return_more_than_a_pipe_holds() -> None:
    code = """
        found = each_shared(lambda n: str(n) * 1_000_000, range(4), 2)
        print([(text[0], len(text)) for text in found])
        """
    assert printed(code) == f"{[(str(n), 1_000_000) for n in range(4)]}\n"


@pytest.mark.parametrize(
    "fault",
    [
        "raise ValueError(n)",
        "raise SystemExit",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGINT); time.sleep(60)",
        "return lambda: n",  # can't be pickled
    ],
)
def test_this_process_does_the_work_of_copies_that_fail(fault: str) -> None:
    code = f"""
        def work(n):
            if os.getpid() != original and n > 1:
                {fault}
            return n
        print(each_shared(work, range(6), 3))
        """
    assert printed(code) == "[0, 1, 2, 3, 4, 5]\n"


@pytest.mark.parametrize(
    "lacking",
    ["os.fork = lambda: os.open('/nowhere', 0)", "tempfile.tempdir = '/nowhere'"],
)
def test_this_process_does_all_of_the_work_where_no_copy_can_be_made(
    lacking: str,
) -> None:
    code = f"""
        import tempfile
        {lacking}
        print(each_shared(str, range(4), 2))
        """
    assert printed(code) == f"{[str(n) for n in range(4)]}\n"


def test_copies_that_nobody_can_wait_for_are_done_without() -> None:
    code = """
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print(each_shared(str, range(6), 3))
        """
    assert printed(code) == f"{[str(n) for n in range(6)]}\n"


@pytest.mark.parametrize("items", ["range(6)", "range(1, 7)"])
def test_what_the_work_raises_is_raised_here(items: str) -> None:
    code = f"""
        def work(n):
            if n == 3:
                raise ValueError(f"{{n}} in {{os.getpid() == original}}")
            return n
        try:
            each_shared(work, {items}, 2)
        except ValueError as error:
            print(error)
        """
    assert printed(code) == "3 in True\n"


def test_an_interrupt_ends_the_copies() -> None:
    code = """
        read, write = os.pipe()
        def work(n):
            if os.getpid() != original:
                os.write(write, b"1")
                time.sleep(60)
            for _ in range(2):  # until both of them work
                os.read(read, 1)
            os.kill(original, signal.SIGINT)
        try:
            each_shared(work, range(3), 3)
        except KeyboardInterrupt:
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                print("none is left")
        """
    assert printed(code) == "none is left\n"


def test_small_work_isnt_shared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "1").mkdir()
    monkeypatch.setattr(processes, "THREADS", tmp_path)
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda _: set(range(99)))
    found = [processes.processes_for(size, 10) for size in (0, 19, 20, 35, 999)]
    assert found == [1, 1, 2, 3, processes.MOST]
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda _: {5})
    assert processes.processes_for(999, 10) == 1
    monkeypatch.delattr(processes.os, "sched_getaffinity")
    monkeypatch.setattr(processes.os, "cpu_count", lambda: 2)
    assert processes.processes_for(999, 10) == 2


def test_programs_with_threads_are_not_copied() -> None:
    code = """
        import threading
        print(processes_for(100, 1) > 1 or len(os.sched_getaffinity(0)) == 1)
        waits = threading.Event()
        thread = threading.Thread(target=waits.wait)
        thread.start()
        print(processes_for(100, 1))
        waits.set()
        """
    assert printed(code) == "True\n1\n"


def test_sources_say_the_same_wherever_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "extents.inc").write_text("integer, parameter :: m = 3\n")
    for n in range(5):
        (tmp_path / f"a{n}.f90").write_text(
            f"subroutine s{n}(x)\n"
            f"  include 'extents.inc'\n  include 'missing{n}.inc'\n"
            "  real :: x(m)\n  real, what :: y\nend subroutine\n"
        )
    (tmp_path / "b.F90").write_text("\n" * 8)
    code = f"""
        from f2pypy.building import reading
        from f2pypy.building.sources import load_source
        from f2pypy.diagnostics import Diagnostics
        from f2pypy.options import Options
        os.chdir({str(tmp_path)!r})
        sources = [load_source(f"a{{n}}.f90", str) for n in range(5)]
        preprocessed = '# 7 "b.F90"\\nsubroutine t()\\n  what :: x\\nend\\n'
        sources.append(load_source("b.F90", lambda path: preprocessed))
        found = []
        for count in (1, 3):
            reading.processes_for = lambda *_: count
            seen = Diagnostics()
            files = reading.read_sources(sources, Options(), seen)
            rows = {{path: list(rows) for path, rows in seen.sources.items()}}
            found.append((files, seen.found, rows))
        assert found[0] == found[1]
        print(len(found[0][1]), *sorted(found[0][2]))
        """
    paths = "a0.f90 a1.f90 a2.f90 a3.f90 a4.f90 b.F90 extents.inc"
    assert printed(code) == f"11 {paths}\n"
