"""Stands for `numpy.f2py.f2py2e.main` in NumPy's tests of the command line: f2pypy with the words of sys.argv."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

COMMAND = shlex.split(os.environ.get("F2PYPY", f"{sys.executable} -m f2pypy"))
F2PY = [sys.executable, "-m", "numpy.f2py"]
# f2py leaves by SystemExit with status 0 after these.
PRINT_AND_LEAVE = {"-v", "--help-link", "--help-fcompiler"}
USAGE_ERRORS = {"ValueError": ValueError}


def calls(item: pytest.Item) -> bool:
    """Say whether a test runs the command line, and no other function of f2py's."""
    if not hasattr(item.module, "f2pycli"):
        return False
    names = set(item.function.__code__.co_names) - {"f2pycli"}
    used = (vars(item.module).get(name) for name in names)
    return not any(is_of_f2py(each) for each in used)


def is_of_f2py(value: object) -> bool:
    """Say whether a function is f2py's own: tests and their helpers aren't."""
    module = getattr(value, "__module__", None) or ""
    return module.startswith("numpy.f2py.") and ".tests" not in module


def replace_in(item: pytest.Item) -> None:
    """Let a test's module run f2pypy where it runs f2py, in its own process and in others."""
    item.module.f2pycli = main
    item.module.subprocess = SimpleNamespace(
        **{**vars(subprocess), "check_call": check_call}
    )


def main() -> None:
    """Run f2pypy; raise what f2py raises, as far as tests look at it."""
    words = sys.argv[1:]
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    if done.returncode:
        message = done.stderr.removeprefix("f2pypy: ")
        name, _, text = message.partition(": ")
        raise USAGE_ERRORS.get(name, SystemExit)(text or done.returncode)
    if PRINT_AND_LEAVE.intersection(words):
        raise SystemExit(0)


def check_call(command: Sequence[str], **keywords: Any) -> int:
    """Run a command, f2pypy for f2py."""
    if list(command[: len(F2PY)]) == F2PY:
        command = [*COMMAND, *command[len(F2PY) :]]
    return subprocess.check_call(command, **keywords)
