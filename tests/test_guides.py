"""The how-to guides are true: their files are written, their commands run, their examples give what they show."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from reading_along import ROOT, environment, follow

GUIDES = ROOT / "docs/howto"
# The packages and programs that the examples of some guides need.
NEEDS = {
    "blas": ("scipy_openblas32", "scipy_openblas64"),
    "build_systems": ("make",),
    "dask": ("distributed", "joblib"),
    "jupyter": ("IPython",),
    "mpi": ("mpi4py", "mpirun", "mpif90"),
    "speed": ("llvmlite",),
    "wheels": ("hatchling",),
}


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a reader."""
    return environment(tmp_path_factory.mktemp("programs"))


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
@pytest.mark.parametrize("guide", sorted(path.stem for path in GUIDES.glob("*.md")))
def test_a_reader_gets_what_the_guide_shows(
    guide: str, tmp_path: Path, variables: dict[str, str]
) -> None:
    for need in NEEDS.get(guide, ()):
        if not (importlib.util.find_spec(need) or shutil.which(need)):
            pytest.skip(f"needs {need}")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    follow((GUIDES / f"{guide}.md").read_text(encoding="utf-8"), tmp_path, variables)


def test_every_guide_is_in_the_index() -> None:
    index = (GUIDES / "index.md").read_text(encoding="utf-8")
    for path in GUIDES.glob("*.md"):
        assert path.name == "index.md" or f"\n{path.stem}\n" in index
