"""What it takes from sources to a module that can be imported: f2pypy, f2py, and the compiler alone."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepare import run

TURNS = int(os.environ.get("F2PYPY_BENCH_BUILDS", "9"))
FEWER_TURNS = 3  # of what takes seconds
COMPILER = os.environ.get("FC", "gfortran").split()
SMALL = """\
subroutine smooth(n, x, y)
  integer, intent(in) :: n
  double precision, intent(in) :: x(n)
  double precision, intent(out) :: y(n)
  integer :: i
  do i = 1, n
    y(i) = sum(x(max(i - 1, 1):min(i + 1, n)))/(min(i + 1, n) - max(i - 1, 1) + 1)
  end do
end subroutine smooth
"""
FILES = 12
# One of several files; all but the first use the first one's module.
PART = """\
module part_{n}
{use}  implicit none
  integer, parameter :: width_{n} = {n}
  real(8) :: state_{n}(10, 10) = {n}
contains
{routines}end module part_{n}
"""
ROUTINE = """\
  subroutine step_{n}_{k}(x, y)
    real(8), intent(in) :: x(10, 10)
    real(8), intent(out) :: y(10, 10)
    y = matmul(x, state_{n}) + {k}*transpose(x)
    y = sin(y)*exp(-abs(x)) + matmul(y, transpose(y))
  end subroutine
"""


@dataclass(frozen=True)
class Building:
    """Seconds of every turn from the same sources to a library (`compiler`) or to a module that was imported."""

    sources: str
    seconds: dict[str, list[float]]

    def above_compiler(self, name: str) -> float:
        """Return how much longer than the compiler: the median of the differences within the turns."""
        pairs = zip(self.seconds[name], self.seconds["compiler"], strict=False)
        return statistics.median(one - other for one, other in pairs)

    def over_compiler(self, name: str) -> float:
        """Return how many times as long as the compiler, the median within the turns."""
        pairs = zip(self.seconds[name], self.seconds["compiler"], strict=False)
        return statistics.median(one / other for one, other in pairs)


def measure(folder: Path) -> tuple[Building, ...]:
    """Measure in `folder`; who builds takes turns, since the machine's speed changes."""
    small = {"smooth.f90": SMALL}
    several = {f"part_{n}.f90": part(n) for n in range(FILES)}
    lines = part(1).count("\n")
    return (
        measure_sources(folder / "small", "one file of 9 lines", small, TURNS),
        measure_sources(
            folder / "several", f"{FILES} files of {lines} lines", several, FEWER_TURNS
        ),
    )


def part(n: int) -> str:
    use = "  use part_0\n" if n else ""
    routines = "".join(ROUTINE.format(n=n, k=k) for k in range(12))
    return PART.format(n=n, use=use, routines=routines)


def measure_sources(
    folder: Path, name: str, texts: dict[str, str], turns: int
) -> Building:
    folder.mkdir(parents=True)
    # as after an installation: bytecode is there
    environment = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}  # fmt: skip
    seconds: dict[str, list[float]] = {}
    # one more turn first, which writes the bytecode
    for turn in range(-1, turns):
        for contender, command in contenders([*texts]):
            if contender == "f2py" and turn >= FEWER_TURNS:
                continue
            place = folder / contender
            place.mkdir()
            for file, text in texts.items():
                (place / file).write_text(text)
            taken = run(*command, folder=place, environment=environment)
            if turn >= 0:
                seconds.setdefault(contender, []).append(taken)
            shutil.rmtree(place)
    return Building(name, seconds)


def contenders(files: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield who builds, and the command."""
    flags = ("-O3", "-fPIC", "-shared", "-o", "library.so")
    compiler = shutil.which(COMPILER[0]) or COMPILER[0]
    yield "compiler", (compiler, *COMPILER[1:], *flags, *files)
    words = ("-c", "-m", "built", *files)
    yield "f2pypy", (sys.executable, "-m", "f2pypy", *words)
    yield "f2py", (sys.executable, "-m", "numpy.f2py", *words)
