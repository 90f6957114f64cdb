"""Native code of LAPACK's routines beside the Python that it stands for: the same results to the last bit."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import lapack_libraries
import pytest
from blas_calls import layouts
from blas_outcomes import call
from blas_routines import Routine
from lapack_calls import calls
from lapack_routines import ALL
from native_outcomes import bits_of

import f2pypy

pytest.importorskip("llvmlite")
pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

# These take pivots as indices and look at none: one that is wrong makes them read, or write, elsewhere.
TRUSTING = {"gttrs"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: Any) -> Path:
    path = tmp_path_factory.mktemp("native") / "lapack.py"
    path.write_text(f2pypy.generate(lapack_libraries.SIGNATURE_FILE, strict=True))
    return path


def load(source: Path, mode: str) -> ModuleType:
    found = (kind.find() for kind in lapack_libraries.KINDS)
    library = next((each for each in found if each is not None), None)
    if library is None:
        pytest.skip("no LAPACK library is installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("F2PYPY_NATIVE", mode)
        return lapack_libraries.load(source, library)


@pytest.fixture(scope="module")
def python(source: Path) -> ModuleType:
    return load(source, "0")


@pytest.fixture(scope="module")
def native(source: Path) -> ModuleType:
    return load(source, "")


@pytest.mark.parametrize("routine", ALL, ids=lambda routine: routine.name)
def test_native_code_gives_the_same_bits(
    python: ModuleType, native: ModuleType, routine: Routine
) -> None:
    native.__native__.compile(routine.name)
    assert not native.__native__.reason
    if routine.name in native.__native__.refused:
        pytest.skip(native.__native__.refused[routine.name])
    for usual in calls(routine):
        trusting = routine.family in TRUSTING
        for arguments in [usual] if trusting else layouts(usual):
            expected = call(getattr(python, routine.name), arguments)
            got = call(getattr(native, routine.name), arguments)
            assert bits_of(got) == bits_of(expected), arguments
