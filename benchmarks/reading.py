"""How many lines of Fortran are read in a second: a tree of sources in both forms, generated for it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepare import ROOT

MODULES = 60  # free form, one a file
FILES = 60  # fixed form, without modules
ROUTINES = 20  # in every file
ROUNDS = 5
# As most Fortran is: a comment and a dozen declarations before fifty lines of work.
FREE_ROUTINE = """\
  !> Relax the field of variant {k}.
  !! The field is changed in place.
  subroutine relax_{n}_{k}(n, m, field, weights, tolerance, steps, info)
    integer, intent(in) :: n, m                     ! extents
    real(wp), intent(inout) :: field(n, m)
    real(wp), dimension(:), intent(in), optional :: weights
    real(wp), intent(in) :: tolerance
    integer, intent(inout) :: steps
    integer, intent(out) :: info
    real(wp), allocatable :: previous(:, :)
    real(wp) :: change, largest
    logical :: is_done
    character(len=32) :: label
    integer :: i, j, step

    info = 0
    is_done = .false.
    allocate (previous(n, m))
    write (label, '(a, i0)') 'variant ', {k}
    iterate: do step = 1, steps
      previous = field
      largest = 0
      do j = 2, m - 1
        do i = 2, n - 1
          ! the mean of the four neighbours
          field(i, j) = 0.25_wp*(previous(i - 1, j) + previous(i + 1, j) &
                                 + previous(i, j - 1) + previous(i, j + 1))
          change = abs(field(i, j) - previous(i, j))
          if (change > largest) largest = change
        end do
      end do
      if (present(weights)) then
        do j = 1, m
          field(:, j) = field(:, j)*weights(min(j, size(weights)))
        end do
      else if (largest > 1e6_wp) then
        info = 1
        exit iterate
      end if
      select case (mod(step, 3))
      case (0)
        call report_{n}(label, step, largest)
      case (1)
        continue
      case default
        if (verbose) print *, trim(label), ': ', largest
      end select
      if (largest < tolerance) then
        is_done = .true.
        exit iterate
      end if
    end do iterate
    if (.not. is_done) info = 2
    steps = step
    deallocate (previous)
  end subroutine relax_{n}_{k}

"""
FREE_FILE = """\
module relaxation_{n}
  implicit none
  integer, parameter :: wp = selected_real_kind(15, 300)
  logical :: verbose = .false.
  real(wp) :: history(100)
contains
{routines}
  subroutine report_{n}(label, step, largest)
    character(len=*), intent(in) :: label
    integer, intent(in) :: step
    real(wp), intent(in) :: largest
    if (verbose) print *, label, step, largest
    history(1 + mod(step, 100)) = largest
  end subroutine report_{n}
end module relaxation_{n}
"""
FIXED_ROUTINE = """\
      SUBROUTINE SOLV{n}{k}( N, NRHS, A, LDA, IPIV, B, LDB, INFO )
*
*  Purpose
*  =======
*
*  Solves a system of linear equations with a general matrix that was
*  factored before. Nothing is checked but the extents.
*
*     .. Scalar Arguments ..
      INTEGER            INFO, LDA, LDB, N, NRHS
*     .. Array Arguments ..
      INTEGER            IPIV( * )
      DOUBLE PRECISION   A( LDA, * ), B( LDB, * )
*     .. Parameters ..
      DOUBLE PRECISION   ONE, ZERO
      PARAMETER          ( ONE = 1.0D+0, ZERO = 0.0D+0 )
*     .. Local Scalars ..
      INTEGER            I, IP, J, K
      DOUBLE PRECISION   TEMP
*     .. Intrinsic Functions ..
      INTRINSIC          MAX
*
      INFO = 0
      IF( N.LT.0 ) THEN
         INFO = -1
      ELSE IF( NRHS.LT.0 ) THEN
         INFO = -2
      ELSE IF( LDA.LT.MAX( 1, N ) ) THEN
         INFO = -4
      ELSE IF( LDB.LT.MAX( 1, N ) ) THEN
         INFO = -7
      END IF
      IF( INFO.NE.0 ) RETURN
      IF( N.EQ.0 .OR. NRHS.EQ.0 ) RETURN
      DO 20 I = 1, N
         IP = IPIV( I )
         IF( IP.EQ.I ) GO TO 20
         DO 10 K = 1, NRHS
            TEMP = B( I, K )
            B( I, K ) = B( IP, K )
            B( IP, K ) = TEMP
   10    CONTINUE
   20 CONTINUE
      DO 50 J = 1, NRHS
         DO 40 K = 1, N
            IF( B( K, J ).NE.ZERO ) THEN
               DO 30 I = K + 1, N
                  B( I, J ) = B( I, J ) -
     $                        B( K, J )*A( I, K )
   30          CONTINUE
            END IF
   40    CONTINUE
   50 CONTINUE
      RETURN
*
*     End of SOLV{n}{k}
*
      END
"""
# What a fresh interpreter prints: the lines that it read, and the seconds of one core that this took.
READ = """
import gc, glob, time
from f2pypy.building.reading import read_source
from f2pypy.building.sources import load_source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
def read():
    lines = 0
    for path in sorted(glob.glob("*.f*")):
        source = load_source(path, str)
        read_source(source, Options(), Diagnostics())
        lines += source.text.count(chr(10))
    return lines
read_source(load_source("a0.f90", str), Options(), Diagnostics())
gc.disable()  # as f2pypy's program does
start = time.process_time()
print(read(), time.process_time() - start)
"""


@dataclass(frozen=True)
class Reading:
    """Lines of a tree of sources, and in every round the seconds of one core to read them, the parsers loaded."""

    files: int
    lines: int
    seconds: list[float]

    @property
    def lines_per_second(self) -> float:
        return self.lines / sorted(self.seconds)[len(self.seconds) // 2]


def measure(folder: Path) -> Reading:
    """Write the tree into `folder` and read it in processes of their own."""
    folder.mkdir()
    write_tree(folder)
    rounds = [read_once(folder) for _ in range(ROUNDS)]
    return Reading(MODULES + FILES, rounds[0][0], [seconds for _, seconds in rounds])


def write_tree(folder: Path) -> None:
    for n in range(MODULES):
        routines = "".join(FREE_ROUTINE.format(n=n, k=k) for k in range(ROUTINES))
        text = FREE_FILE.format(n=n, routines=routines)
        (folder / f"a{n}.f90").write_text(text)
    for n in range(FILES):
        routines = [FIXED_ROUTINE.format(n=n, k=f"X{k}") for k in range(ROUTINES)]
        (folder / f"b{n}.f").write_text("".join(routines))


def read_once(folder: Path) -> tuple[int, float]:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    lines, seconds = done.stdout.split()
    return int(lines), float(seconds)
