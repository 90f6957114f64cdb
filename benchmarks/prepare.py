"""Write f2pypy's module and build f2py's from the same signatures over the same library."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.calls import CALLS

ROOT = Path(__file__).parent.parent
SIGNATURES = ROOT / "examples" / "blas" / "blas.pyf"


@dataclass(frozen=True)
class Prepared:
    """What was made for one interpreter: modules by their names (importable from `folder`), the library they call.

    `symbol` is how the library spells a routine; `native_module` is the generated one once more, as whether it uses
    native code is decided when it is imported; the seconds are those of one run.
    """

    folder: str
    library: str
    symbol: str
    f2py_module: str
    f2pypy_module: str
    native_module: str
    f2py_seconds: float
    f2pypy_seconds: float

    def save(self) -> None:
        Path(self.folder, "prepared.json").write_text(json.dumps(asdict(self)))


def load(folder: str) -> Prepared:
    return Prepared(**json.loads(Path(folder, "prepared.json").read_text()))


def prepare(folder: Path, python: str = sys.executable) -> Prepared | None:
    """Make the modules in `folder` for interpreter `python`.

    Where the system has no OpenBLAS to link with, f2py's is SciPy's; None where `python` isn't this interpreter.
    """
    library, symbol = system_openblas(), "{name}_"
    if library is not None:
        f2py_module = "blas_f2py"
        f2py_seconds = build_f2py(folder, library, python)
    elif python == sys.executable:
        library, symbol = wheel_openblas(), "scipy_{name}_"
        f2py_module, f2py_seconds = "scipy.linalg.blas", float("nan")
    else:
        return None
    f2pypy_seconds = generate(folder, library, symbol)
    shutil.copy(folder / "blas_f2pypy.py", folder / "blas_native.py")
    compile_modules(folder, python)
    prepared = Prepared(
        str(folder),
        library,
        symbol,
        f2py_module,
        "blas_f2pypy",
        "blas_native",
        f2py_seconds,
        f2pypy_seconds,
    )
    prepared.save()
    return prepared


def system_openblas() -> str | None:
    """Return the path of the system's OpenBLAS; the loader is asked, as it knows the alternatives."""
    name = ctypes.util.find_library("openblas")
    if name is None:
        return None
    ctypes.CDLL(name)
    maps = Path("/proc/self/maps").read_text()
    return next(
        (line.split()[-1] for line in maps.splitlines() if "libopenblas" in line), None
    )


def wheel_openblas() -> str:
    import scipy_openblas32

    folder = Path(scipy_openblas32.get_lib_dir())
    return str(next(folder.glob(scipy_openblas32.get_library(fullname=True) + "*")))


class Failed(Exception):
    """A command ended with an error; the text has the command and what it said."""


def run(
    *command: str, folder: Path, environment: Mapping[str, str] | None = None
) -> float:
    """Run a command and return the seconds it took; Failed has what it said if it fails.

    `environment` is what differs from this process's.
    """
    start = time.perf_counter()
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    whole = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **(environment or {})}
    done = subprocess.run(
        command,
        cwd=folder,
        env=whole,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def build_f2py(folder: Path, library: str, python: str) -> float:
    """Build the routines of the table with numpy.f2py, which takes the module's name from the signatures."""
    text = SIGNATURES.read_text().replace(
        "python module blas\n", "python module blas_f2py\n", 1
    )
    (folder / "blas_f2py.pyf").write_text(text)
    link = folder / "libopenblas.so"
    link.unlink(missing_ok=True)
    link.symlink_to(library)
    routines = [call.routine for call in CALLS]
    command = (
        python,
        "-m",
        "numpy.f2py",
        "-c",
        "blas_f2py.pyf",
        f"-L{folder}",
        "-lopenblas",
    )
    return run(*command, "only:", *routines, ":", folder=folder)


def generate(folder: Path, library: str, symbol: str) -> float:
    """Write all of BLAS with f2pypy."""
    options = ("--library", library, "--symbol", symbol, "-o", "blas_f2pypy.py")
    return run(sys.executable, "-m", "f2pypy", str(SIGNATURES), *options, folder=folder)


def compile_modules(folder: Path, python: str) -> None:
    """Compile what was written to bytecode, as an installer would."""
    run(
        python,
        "-m",
        "compileall",
        "-q",
        "blas_f2pypy.py",
        "blas_native.py",
        folder=folder,
    )
