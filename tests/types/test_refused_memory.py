"""Systems that refuse to run what a process has written into memory, as SELinux and hardened kernels do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ON_LINUX = pytest.mark.skipif(
    sys.implementation.name != "cpython" or not sys.platform.startswith("linux"),
    reason="PyPy's own compiler needs such memory; only Linux can be told to refuse it",
)
ROOT = Path(__file__).parents[2]
# PR_SET_MDWE with PR_MDWE_REFUSE_EXEC_GAIN, which Linux has since 6.3
BEGINNING = """
import ctypes
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    print("no such system call")
    raise SystemExit
"""
COMPLEX = """
import responses
m = responses.responses
for _ in range(2):
    try:
        m.twice(lambda w: w + 1j, 1.5)
    except responses.error as failure:
        print(failure)
print(m.count_true(lambda x: x > 2, 4), responses.__native__)
"""

AGAIN = """
import responses
statistics = open("/proc/self/statm")
before = int(statistics.read().split()[0])
for _ in range(2000):
    try:
        responses.executable(bytes(1))
    except OSError as failure:
        assert failure.errno
statistics.seek(0)
print(int(statistics.read().split()[0]) - before < 1000)
"""


def run_refused(module: ModuleType, program: str, native: str = "0") -> str:
    """Return what a program prints in a process that gets no executable memory, a module beside it."""
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + program],
        cwd=Path(module.__file__ or "").parent,
        env={**os.environ, "F2PYPY_NATIVE": native, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    if done.stdout == "no such system call\n":
        pytest.skip("the kernel has no such call")
    return done.stdout


@ON_LINUX
@pytest.mark.parametrize("native", ["0", "1"])
def test_a_callback_that_returns_a_complex_number(
    types_module: Callable[[str], ModuleType], native: str
) -> None:
    """Nothing else than f2pypy's few instructions can return it: the message says what to change."""
    pytest.importorskip("llvmlite") if native == "1" else None
    *refusals, others = run_refused(
        types_module("responses"), COMPLEX, native
    ).splitlines()
    assert len(refusals) == 2
    for line in refusals:
        assert "returns a complex number and the system refuses" in line
        assert "setsebool deny_execmem 0; systemd: MemoryDenyWriteExecute=no" in line
        assert "or have Fortran call a subroutine with an intent(out) argument" in line
    assert others.startswith("2 <no native code: ")
    if native == "1" and sys.version_info[:2] < (3, 15):
        assert others.endswith("the system refuses memory for machine code>")


@ON_LINUX
def test_what_is_refused_is_freed(types_module: Callable[[str], ModuleType]) -> None:
    assert run_refused(types_module("responses"), AGAIN) == "True\n"
