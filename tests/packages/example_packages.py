"""What the tests of packages share: a copy of an example, and calls by Pythons that have no compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples/packages"
PYPY = ROOT / ".venv-pypy/bin/python"
PLATFORM = sysconfig.get_platform().replace("-", "_").replace(".", "_")
CALL = "import smoothing; print(smoothing.smooth([0, 0, 3, 0, 0]).tolist())"
SHOWN = "[0.0, 1.0, 1.0, 1.0, 0.0]\n"
BUILT = ("*.so", "filters.py", "dist", "build", "*.egg-info")
PROGRAMS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
needs_compiler = pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")  # fmt: skip


def copied(name, folder):
    """Copy an example into a folder of the test's, and return where it is."""
    return Path(shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns(*BUILT)))  # fmt: skip


def run(*command, folder=None, status=0, **environment):
    """Return what a command writes; programs of this environment are on its path."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIP_USER")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**kept, "PATH": PROGRAMS, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    shown = done.stdout + done.stderr
    assert (done.returncode != 0) == bool(status), shown
    return shown


def called(python, *path, program=CALL):
    """Return what a Python without any compiler prints."""
    environment = {"PYTHONPATH": os.pathsep.join(map(str, path)), "PATH": "/nowhere"}
    command = [str(python), "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout  # fmt: skip


def unpacked(wheel, folder):
    """Unpack a wheel, and return the folder and what its WHEEL file says."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder, next(folder.glob("*.dist-info/WHEEL")).read_text()
