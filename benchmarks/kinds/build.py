"""Make the modules of the kinds: f2py's, which are kept, and f2pypy's, made anew each time."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.prepare import ROOT, run

FORTRAN = Path(__file__).parent / "fortran"
KEPT = ROOT / "build" / "kinds"
# modules by name: the words after -c
PLAIN = ("-m", "kinds_plain", "plain.f90")
BEYOND = ("-m", "kinds_beyond", "beyond.f90")
CALLERS = ("callers.pyf", "callers.f90")


def build_f2py(python: str, backend: str = "") -> Path:
    """Return the folder of f2py's modules for `python`, built unless the same sources were built before."""
    version = "import sys, numpy; print(sys.version, numpy.__version__)"
    about = subprocess.run([python, "-c", version], capture_output=True, text=True, check=True)  # fmt: skip
    texts = [path.read_text() for path in sorted(FORTRAN.iterdir())]
    key = hashlib.sha256("\0".join([python, about.stdout, backend, *texts]).encode())
    folder = KEPT / key.hexdigest()[:16]
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for words in (PLAIN, CALLERS):
            copy_sources(folder)
            run(python, "-m", "numpy.f2py", "-c", *words, folder=folder)
        (folder / "whole").touch()
    return folder


def build_f2pypy(folder: Path, names: Iterable[str]) -> None:
    """Make f2pypy's modules in a folder for each tier of `names`, so that none shares variables with another."""
    folder.mkdir(parents=True)
    copy_sources(folder)
    for words in (PLAIN, BEYOND, CALLERS):
        run(sys.executable, "-m", "f2pypy", "-c", "--quiet", *words, folder=folder)
    again = ("-m", "kinds_callers_again", "callers.f90")
    run(sys.executable, "-m", "f2pypy", "-c", "--quiet", *again, "only:", "half", ":", folder=folder)  # fmt: skip
    for name in names:
        shutil.copytree(folder, folder.parent / name)


def copy_sources(folder: Path) -> None:
    for path in FORTRAN.iterdir():
        shutil.copy(path, folder)
