"""The module generated from the ARPACK signature file, over the system's libarpack.

F2PYPY_ARPACK_MODULE names one that was generated before, for interpreters on which f2pypy itself doesn't run.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "arpack"
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def arpack(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    found = sorted(Path("/usr/lib").glob("*-linux-gnu*/libarpack.so.2"))
    if not found:
        if REQUIRED:
            pytest.fail(
                "libarpack2 is not installed, and F2PYPY_REQUIRE_LIBRARIES is set"
            )
        pytest.skip("libarpack2 is not installed")
    previous = os.environ.get("F2PYPY_ARPACK_LIBRARY")
    os.environ["F2PYPY_ARPACK_LIBRARY"] = str(found[0])
    try:
        return imported(generated(tmp_path_factory))
    finally:
        os.environ.pop("F2PYPY_ARPACK_LIBRARY")
        if previous is not None:
            os.environ["F2PYPY_ARPACK_LIBRARY"] = previous


def generated(factory: pytest.TempPathFactory) -> Path:
    if "F2PYPY_ARPACK_MODULE" in os.environ:
        return Path(os.environ["F2PYPY_ARPACK_MODULE"])
    if sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip("f2pypy doesn't run here and F2PYPY_ARPACK_MODULE is not set")
    import f2pypy

    path = factory.mktemp("arpack") / "arpack.py"
    path.write_text(
        f2pypy.generate(EXAMPLE / "arpack.pyf", strict=True), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def demo() -> ModuleType:
    """The example's driver: it makes the products that ARPACK asks for."""
    return imported(EXAMPLE / "demo.py")
