"""The examples on more than one process: Dask, joblib, MPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
STUDY = """\
small swings: 2.001 s on the Earth, 4.925 s on the Moon
wide swings: 5.143 s on the Earth, 12.655 s on the Moon
"""


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(example: str, folder: Path, *words: str) -> Path:
    """Build the module of an example in a folder with all of its files."""
    shutil.copytree(ROOT / "examples" / example, folder, dirs_exist_ok=True)
    run(sys.executable, "-m", "f2pypy", "-c", *words, "--strict", folder=folder)
    return folder


@pytest.fixture(scope="module")
def dask_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    folder = tmp_path_factory.mktemp("dask")
    return build("dask", folder, "-m", "pendulums", "swing.f90")


def test_a_study_with_dask(dask_folder: Path) -> None:
    pytest.importorskip("distributed", reason="needs dask.distributed")
    printed = run(sys.executable, "study_dask.py", folder=dask_folder)
    assert printed == f"{STUDY}25 periods on 2 workers, 0 here\n"


def test_a_study_with_joblib(dask_folder: Path) -> None:
    pytest.importorskip("joblib", reason="needs joblib")
    assert run(sys.executable, "study_joblib.py", folder=dask_folder) == STUDY


@pytest.fixture(scope="module")
def mpi_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mpi4py", reason="needs mpi4py")
    if not (shutil.which("mpirun") and shutil.which("mpif90")):
        pytest.skip("needs an MPI library with mpirun and mpif90")
    folder = tmp_path_factory.mktemp("mpi")
    return build("mpi", folder, "-m", "rods", "heat.f90", "--f90exec", "mpif90")


@pytest.mark.parametrize(
    ("ranks", "means"), [(2, [0.0, 1.0]), (4, [1.0, 2.0, 1.0, 2.0])]
)
def test_a_rod_on_several_ranks(ranks: int, means: list[float], mpi_folder: Path) -> None:  # fmt: skip
    command = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-n", str(ranks)]
    printed = run(*command, sys.executable, "rod.py", folder=mpi_folder)
    assert printed == (
        f"{ranks} ranks: mean 33.48, largest difference 0e+00\n"
        f"means over every other rank: {means}\n"
    )


OBJECTS = """
module tokens
  use mpi_f08
  implicit none
contains
  subroutine total(comm, mine, all)
    type(mpi_comm), intent(in) :: comm
    integer, intent(in) :: mine
    integer, intent(out) :: all
    call mpi_allreduce(mine, all, 1, MPI_INTEGER, MPI_SUM, comm)
  end subroutine
end module
"""
CALLER = """
from mpi4py import MPI
from counts import mpi_f08_types, tokens
comm = MPI.COMM_WORLD
found = tokens.total(mpi_f08_types.mpi_comm(comm.py2f()), comm.rank + 1)
everywhere = comm.gather(found)
if comm.rank == 0:
    print(everywhere)
"""


def test_communicators_that_are_objects(mpi_folder: Path) -> None:
    (mpi_folder / "tokens.f90").write_text(OBJECTS)
    (mpi_folder / "caller.py").write_text(CALLER)
    words = ["-c", "-m", "counts", "tokens.f90", "--f90exec", "mpif90", "--strict"]
    run(sys.executable, "-m", "f2pypy", *words, folder=mpi_folder)
    command = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-n", "2"]
    assert run(*command, sys.executable, "caller.py", folder=mpi_folder) == "[3, 3]\n"
