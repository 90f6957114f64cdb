"""The modules that f2pypy makes of the procedures in kind_table.py and of fortran/wide.pyf and integers.pyf.

F2PYPY_KINDS_MODULES names a folder with a folder of them for each compiler, generated before, for interpreters on which
f2pypy itself doesn't run.
"""

from __future__ import annotations

import importlib.util
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import kind_table
import kind_uses
import pytest

FORTRAN = Path(__file__).parents[2] / "fortran"
# The compilers that the modules are built with, each by the first of its commands that there is.
COMPILERS = {
    "gfortran": ("gfortran",),
    "flang": ("flang", "flang-new", *(f"flang-new-{v}" for v in range(19, 16, -1))),
}
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", params=COMPILERS)
def kinds_modules(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the modules that one compiler built; it has the compiler's name."""
    compiler = request.param
    written = os.environ.get("F2PYPY_KINDS_MODULES")
    if written:
        folder = Path(written) / compiler
        if not folder.is_dir():
            pytest.skip(f"{written} has nothing of {compiler}")
        return folder
    if sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip("f2pypy doesn't run here and F2PYPY_KINDS_MODULES is not set")
    command = next(filter(shutil.which, COMPILERS[compiler]), None)
    if command is None:
        is_missed = REQUIRED and compiler == "gfortran"
        (pytest.fail if is_missed else pytest.skip)(f"needs {compiler}")
    folder = tmp_path_factory.mktemp("kinds") / compiler
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FC", command)
        build_modules(folder, compiler)
    return folder


def build_modules(folder: Path, compiler: str) -> None:
    """Build every module."""
    from f2pypy.command.cli import run

    source = folder / "kinds.f90"
    source.write_text(kind_table.write_source(compiler=compiler))
    builds = {"kinds": ["-m", "kinds", str(source)]}
    for name in ("wide", "integers"):
        builds[name] = [str(FORTRAN / f"{name}.pyf"), str(FORTRAN / f"{name}.f90")]
    deferred = str(FORTRAN / "wide_deferred.f90")
    builds["wide_deferred"] = ["-m", "wide_deferred", deferred]
    for name, files in builds.items():
        output = str(folder / f"{name}.py")
        assert run(["-c", *files, "-o", output, "--quiet", "--strict"]) == 0


@pytest.fixture(scope="session")
def kinds(kinds_modules: Path) -> ModuleType:
    """The module with the procedures of every type; `built_by` says which compiler built it."""
    module = _load(kinds_modules / "kinds.py")
    module.built_by = kinds_modules.name
    return module


@pytest.fixture(scope="session")
def wide(kinds_modules: Path) -> ModuleType:
    """The module of fortran/wide.pyf."""
    return _load(kinds_modules / "wide.py")


@pytest.fixture(scope="session")
def wide_deferred(kinds_modules: Path) -> ModuleType:
    """The module of fortran/wide_deferred.f90."""
    return _load(kinds_modules / "wide_deferred.py")


@pytest.fixture(scope="session")
def integers(kinds_modules: Path) -> ModuleType:
    """The module of fortran/integers.pyf."""
    return _load(kinds_modules / "integers.py")


@pytest.fixture(scope="session")
def f2py_outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the uses come to with the module that f2py builds of the types that it knows."""
    if importlib.util.find_spec("mesonbuild") is None:
        (pytest.fail if REQUIRED else pytest.skip)("f2py needs meson and ninja")
    folder = tmp_path_factory.mktemp("built")
    (folder / "kinds.f90").write_text(kind_table.write_source(known=True))
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    build = ["-m", "numpy.f2py", "-c", "--backend", "meson", "-m", "kinds", "kinds.f90"]
    for command in (build, [kind_uses.__file__, folder / "outcomes"]):
        subprocess.run(
            [sys.executable, *command],
            check=True,
            cwd=folder,
            capture_output=True,
            env={**environment, "PYTHONPATH": str(folder)},
        )
    outcomes: dict[str, Any] = pickle.loads((folder / "outcomes").read_bytes())
    return outcomes
