"""How generating, building and importing grow with the number of routines, beside f2py, f90wrap and the compiler."""

from __future__ import annotations

import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.building import COMPILER
from benchmarks.costs import Usage, usage_of
from benchmarks.prepare import Failed

COUNTS = (10, 100, 1000)
# How often each is built; f2py and f90wrap, which take up to a minute for 1,000 routines, once.
TURNS = {10: 5, 100: 3, 1000: 1}
IMPORTS = 5
F90WRAP_MOST = 100
# The most that f2pypy may take, by count: import with bytecode and without it (seconds), its memory (bytes), and how
# many seconds longer than the compiler it builds.
GOALS = {
    "import": {10: 8e-3, 100: 9e-3, 1000: 30e-3},
    "import, no bytecode": {10: 30e-3, 100: 45e-3, 1000: 150e-3},
    "memory": {10: 1.5 * 2**20, 100: 2 * 2**20, 1000: 5 * 2**20},
    "build": {10: 0.5, 100: 0.5, 1000: 2.5},
}
MODULE = """\
module large
contains
{routines}end module large
"""
ROUTINE = """\
  subroutine step_{k}(n, x, weight, total)
    integer, intent(in) :: n
    double precision, intent(in) :: x(n), weight
    double precision, intent(out) :: total
    total = weight*sum(x) + {k}
  end subroutine step_{k}
"""
# What a fresh interpreter prints: the processor seconds that importing took, and the bytes that it added.
IMPORT = """
import sys, time
import numpy
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])
before = resident()
start = time.thread_time()
import large
print(time.thread_time() - start, (resident() - before) * {page})
"""


@dataclass(frozen=True)
class Import:
    """Medians of what an import adds to an interpreter that has NumPy: seconds of the processor, bytes."""

    seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Scale:
    """A Fortran module of so many routines.

    `generate` has the processor seconds of writing wrappers alone; `build` what every turn took from the source to a
    module that can be imported, and what the compiler alone took; `imports` are by module and state of the
    bytecode.
    """

    routines: int
    text_bytes: int
    generate: dict[str, float] = field(default_factory=dict)
    build: dict[str, list[Usage]] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)

    def above_compiler(self, name: str, clock: str) -> float:
        """Return the seconds beyond the compiler's, by `clock`: the median of the differences within the turns."""
        pairs = zip(self.build[name], self.build["compiler"], strict=False)
        return statistics.median(
            getattr(one, clock) - getattr(other, clock) for one, other in pairs
        )


def measure(folder: Path, pypy: str | None) -> tuple[Scale, ...]:
    """Measure in `folder` on this interpreter, and the imports on PyPy too."""
    return tuple(measure_count(folder / str(count), count, pypy) for count in COUNTS)


def measure_count(folder: Path, count: int, pypy: str | None) -> Scale:
    folder.mkdir(parents=True)
    build = dict(build_all(folder, count))
    generated = generate_alone(folder, count)
    imports = dict(import_all(folder, pypy))
    size = (folder / "f2pypy" / "large.py").stat().st_size
    print(f"{count} routines measured", file=sys.stderr)
    return Scale(count, size, generated, build, imports)


def source(count: int) -> str:
    return MODULE.format(routines="".join(ROUTINE.format(k=k) for k in range(count)))


def builders(count: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield who builds and with which command; f90wrap's is made of several, see `build_f90wrap`."""
    compiler = shutil.which(COMPILER[0]) or COMPILER[0]
    flags = ("-O3", "-fPIC", "-shared", "-o", "library.so")
    yield "compiler", (compiler, *COMPILER[1:], *flags, "large.f90")
    words = ("-c", "-m", "large", "large.f90")
    yield "f2pypy", (sys.executable, "-m", "f2pypy", *words)
    f2py = (sys.executable, "-m", "numpy.f2py", "--backend")
    if sys.version_info < (3, 12):
        yield "f2py, distutils", (*f2py, "distutils", *words)
    yield "f2py, meson", (*f2py, "meson", *words)
    if count <= F90WRAP_MOST and importlib.util.find_spec("f90wrap"):
        yield "f90wrap", ()


def build_all(folder: Path, count: int) -> Iterator[tuple[str, list[Usage]]]:
    """Yield what every turn took, by builder; what was built last stays in a folder of the builder's name."""
    used: dict[str, list[Usage]] = {}
    for turn in range(TURNS[count]):
        for name, command in builders(count):
            if turn and name not in ("compiler", "f2pypy"):
                continue
            place = folder / name
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            (place / "large.f90").write_text(source(count))
            try:
                taken = usage_of(command, place) if command else build_f90wrap(place)
            except Failed as failure:
                last = "\n".join(str(failure).splitlines()[-3:])
                print(
                    f"{name} builds no module of {count} routines:\n{last}",
                    file=sys.stderr,
                )
            else:
                used.setdefault(name, []).append(taken)
    yield from used.items()


def build_f90wrap(place: Path) -> Usage:
    """Go f90wrap's way: the compiler, f90wrap, and f2py through f2py-f90wrap."""
    programs = Path(sys.executable).parent
    compiler = shutil.which(COMPILER[0]) or COMPILER[0]
    used = [
        usage_of((compiler, *COMPILER[1:], "-O3", "-fPIC", "-c", "large.f90"), place),
        usage_of((str(programs / "f90wrap"), "-m", "wrapped", "large.f90"), place),
    ]
    wrappers = [path.name for path in place.glob("f90wrap_*.f90")]
    words = ("-c", "-m", "_wrapped", *wrappers, str(place / "large.o"), f"-I{place}")
    used.append(usage_of((str(programs / "f2py-f90wrap"), *words), place))
    return Usage(sum(each.wall for each in used), sum(each.processor for each in used))


def generate_alone(folder: Path, count: int) -> dict[str, float]:
    """Return the least processor seconds of writing wrappers, without any compiler, by generator."""
    place = folder / "generated"
    place.mkdir()
    (place / "large.f90").write_text(source(count))
    module = ("-m", "large", "large.f90")
    commands: dict[str, tuple[str, ...]] = {
        "f2pypy": (sys.executable, "-m", "f2pypy", "--quiet", *module),
        "f2py": (sys.executable, "-m", "numpy.f2py", "--quiet", *module),
    }
    if importlib.util.find_spec("f90wrap"):
        commands["f90wrap"] = (str(Path(sys.executable).parent / "f90wrap"), *module)
    return {
        name: min(
            usage_of(command, place).processor for _ in range(3 if count < 1000 else 1)
        )
        for name, command in commands.items()
    }


def import_all(folder: Path, pypy: str | None) -> Iterator[tuple[str, Import]]:
    """Yield the costs of importing f2py's module, and f2pypy's with bytecode and without, on each interpreter."""
    for name in ("f2py, distutils", "f2py, meson"):
        if any((folder / name).glob("large.*.so")):
            yield "f2py", import_cost(sys.executable, folder / name, bytecode=True)
            break
    for label, python in (("f2pypy", sys.executable), ("f2pypy, PyPy", pypy)):
        if python is not None:
            yield label, import_cost(python, folder / "f2pypy", bytecode=True)
            without = import_cost(python, folder / "f2pypy", bytecode=False)
            yield f"{label}, no bytecode", without


def import_cost(python: str, folder: Path, *, bytecode: bool) -> Import:
    """Return the medians of some imports, after one that writes the bytecode: NumPy's, and the module's if wanted."""
    cache = folder.parent / f"bytecode {Path(python).parent.parent.name}"
    writing = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache), "PYTHONDONTWRITEBYTECODE": ""}  # fmt: skip
    reading = {**writing, "PYTHONDONTWRITEBYTECODE": "1"}
    import_once(python, folder, writing)
    if not bytecode:
        for path in cache.rglob("large.*.pyc"):
            path.unlink()
    found = [import_once(python, folder, reading) for _ in range(IMPORTS)]
    return Import(
        statistics.median(each.seconds for each in found),
        statistics.median_low([each.memory_bytes for each in found]),
    )


def import_once(python: str, folder: Path, environment: dict[str, str]) -> Import:
    text = IMPORT.format(page=os.sysconf("SC_PAGE_SIZE"))
    command = [python, "-c", text]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    seconds, memory = done.stdout.split()
    return Import(float(seconds), int(memory))
