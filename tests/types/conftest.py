"""Modules that `f2pypy -c` builds from the sources in fortran/types, by each compiler that there is.

F2PYPY_TYPES_MODULES names a folder with a folder of them for each compiler, for interpreters on which f2pypy itself
doesn't run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SOURCES = Path(__file__).parents[2] / "fortran" / "types"
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")
COMPILERS = {
    "gfortran": ("gfortran",),
    "flang": ("flang", "flang-new", "flang-new-19"),
}
# What runs f2pypy itself, which wants Python 3.10
ITSELF = [
    "test_bound_procedures.py",
    "test_layouts.py",
    "test_resolved_types.py",
    "test_typed.py",
    "test_unknown_defaults.py",
]
collect_ignore = ITSELF if sys.version_info < (3, 10) else []


@pytest.fixture(scope="session", params=COMPILERS)
def types_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], ModuleType]:
    """A function from the name of a source to its module, built by one compiler when it is first asked for."""
    compiler = request.param
    written = os.environ.get("F2PYPY_TYPES_MODULES")
    if written:
        folder = Path(written) / compiler
        if not folder.is_dir():
            pytest.skip(f"{written} has nothing of {compiler}")
    elif sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip("f2pypy doesn't run here and F2PYPY_TYPES_MODULES is not set")
    else:
        folder = tmp_path_factory.mktemp(compiler)
    command = next(filter(shutil.which, COMPILERS[compiler]), None)
    made: dict[str, ModuleType] = {}

    def module(name: str) -> ModuleType:
        if name not in made:
            if not written:
                if command is None:
                    is_missed = REQUIRED and compiler == "gfortran"
                    (pytest.fail if is_missed else pytest.skip)(f"needs {compiler}")
                build(name, folder, command)
            made[name] = load(name, folder)
        # pickles find classes by the name of the module
        sys.modules[name] = made[name]
        return made[name]

    return module


def build(name: str, folder: Path, command: str) -> None:
    """Build one module."""
    from f2pypy.command.cli import run

    output = str(folder / f"{name}.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FC", command)
        source = str(SOURCES / f"{name}.f90")
        assert run(["-c", "-m", name, source, "-o", output, "--quiet"]) == 0


def load(name: str, folder: Path) -> ModuleType:
    """Import a module from its file."""
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
