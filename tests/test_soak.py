"""What `make soak` says of calls that leave something behind, and of calls that don't."""

from __future__ import annotations

import ctypes
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heap import bytes_in_use

from benchmarks.kinds.table import GROUPS, Group, Kind

SOAK = Path(__file__).parent / "soak"


@pytest.fixture(scope="module")
def growth() -> Any:
    """The program that calls the kinds, as a module."""
    found = importlib.util.spec_from_file_location("growth", SOAK / "growth.py")
    module = importlib.util.module_from_spec(found)
    sys.modules["growth"] = module
    found.loader.exec_module(module)
    yield module
    del sys.modules["growth"]


class Calls:
    """A contender whose calls keep what they shouldn't."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def names(self, kind: Kind) -> dict[str, Any]:
        library = ctypes.CDLL(None)
        library.malloc.argtypes = (ctypes.c_size_t,)
        return {
            "given": np.zeros(3),
            "kept": self.kept,
            "malloc": library.malloc,
            "new": lambda x: x + 1,
            "same": lambda x: x,
            "fails": lambda: 1 / 0,
        }


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("new(given)", ""),
        ("same(given)", ""),
        ("try: fails()\nexcept ZeroDivisionError: pass", ""),
        ("kept.append([])", "blocks of Python"),
        ("kept.append(given)", "references to given"),
        ("malloc(200); None", "bytes of the heap"),
    ],
)
def test_what_grows_is_named(growth: Any, statement: str, fault: str) -> None:
    if "malloc" in statement and not bytes_in_use():
        pytest.skip("needs mallinfo2 of glibc 2.33")
    found = growth.soak(Kind("a call", statement, "True"), Calls(), 2000)
    faults = ", ".join(found.faults)
    assert fault in faults
    assert bool(faults) == bool(fault)
    assert found.calls == 2000


def test_references_to_answers_are_counted(growth: Any) -> None:
    kind = Kind("a call", "same(given)[0:1] if kept.append(given) else given", "True")
    assert growth.soak(kind, Calls(), 50).references["the answer"] == 50


def test_what_lacks_a_package_has_a_reason(growth: Any) -> None:
    class Lacking(Calls):
        def names(self, kind: Kind) -> dict[str, Any]:
            raise ModuleNotFoundError("No module named 'numba'")

    specification = growth.Specification("ctypes", "", 10, 10)
    group = Group("machine_code", "", {}, (Kind("a call", "new(given)", "True"),))
    (found,) = growth.soak_group(group, Lacking(), specification)
    assert (found.calls, found.reason) == (0, "No module named 'numba'")


def test_every_kind_is_called_as_often_as_said(growth: Any) -> None:
    given = growth.Specification("ctypes", "", 1_000_000, 100_000)
    counts = {
        (group.name, kind.name): growth.times(kind, given, group.name) * kind.calls
        for group in GROUPS
        for kind in group.kinds
        if group.name != "large"
    }
    assert min(counts.values()) >= 100_000
    assert {name for name, _ in counts if counts[name, _] < 10**6} == {"exceptions"}


def test_the_command_prints_every_group() -> None:
    words = ["--calls", "20", "--exceptions", "20", "--only", "setup", "--only", "reads"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, SOAK, *words, "--tier", "ctypes"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split("|")[1:5] for line in done.stdout.splitlines()[2:]]
    assert [[*map(str.strip, row)] for row in rows] == [
        ["ctypes", "reads", "10", "200"],
        ["ctypes", "setup", "1", "20"],
        ["ctypes", "all", "11", "220"],
    ]
