"""Whole packages, as their maintainers and their users have them: built in isolation, installed into fresh environments
of several Pythons, and run without a compiler. `make test-packages` runs this; it takes minutes and a package index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from example_packages import (
    CALL,
    PLATFORM,
    ROOT,
    SHOWN,
    copied,
    needs_compiler,
    run,
    unpacked,
)

pytestmark = needs_compiler

BACKENDS = ("hatchling", "cmake", "setuptools", "meson")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
# The oldest that generated modules run on, two later ones, and PyPy.
PYTHONS = ("python3.9", "python3.12", "python3.13", "pypy3")


def find_python(name):
    """Return a Python: from pyenv, or on the path; None where there is none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [*root.glob(f"{name.removeprefix('python')}.*/bin/python"), shutil.which(name)]  # fmt: skip
    for path in filter(None, found):
        done = subprocess.run([path, "-c", "import venv"], check=False, capture_output=True)  # fmt: skip
        if done.returncode == 0:
            return str(path)
    return None


@pytest.fixture(scope="session")
def environments(tmp_path_factory):
    """Fresh environments with NumPy alone, by the names of their Pythons."""
    folder = tmp_path_factory.mktemp("environments")
    made = {}
    for name in PYTHONS:
        python = find_python(name)
        if python is None:
            continue
        run(python, "-m", "venv", "--without-pip", folder / name)
        made[name] = folder / name / "bin/python"
        run(*PIP, "--python", made[name], "install", "--only-binary", ":all:", "numpy")
    assert len(made) >= 2, f"of {PYTHONS} only {list(made)} were found"
    return made


@pytest.fixture(scope="session")
def index(tmp_path_factory):
    """Return the environment variables with which isolated builds find this f2pypy, its wheel, beside the index."""
    folder = tmp_path_factory.mktemp("f2pypy")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)  # fmt: skip
    return {"PIP_FIND_LINKS": str(folder), "PIP_PREFER_BINARY": "1"}


@pytest.fixture(scope="session", params=BACKENDS)
def wheel(request, tmp_path_factory, index):
    """The wheel of an example, built in isolation from its source distribution where the backend makes one."""
    folder = tmp_path_factory.mktemp(request.param)
    package = copied(request.param, folder)
    if request.param == "meson":  # its sdists are those of a repository
        run("git", "init", "-q", folder=package)
        run("git", "add", "-A", folder=package)
        author = ("-c", "user.name=a", "-c", "user.email=a@b")
        run("git", *author, "commit", "-qm", "all", folder=package)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", folder=package, **index)  # fmt: skip
    (sdist,) = folder.glob("dist/*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.rpartition("/")[2] for name in archive.getnames()}
    assert {"filters.f90", "precision.f90", "__init__.py", "pyproject.toml"} < names
    assert not names & {"filters.py", "libfilters.so"}
    if (
        request.param == "meson"
    ):  # meson-python takes what isn't pure for an extension module of one Python
        assert "serves all" in run(sys.executable, "-m", "f2pypy", "doctor", *folder.glob("dist/*.whl"))  # fmt: skip
        tags = ("--remove", "--python-tag", "py3", "--abi-tag", "none")
        run(sys.executable, "-m", "wheel", "tags", *tags, *folder.glob("dist/*.whl"))
    (wheel,) = folder.glob("dist/*.whl")
    return wheel


def installed(wheel, environments):
    """Install a wheel into each environment, and yield what a Python without a compiler prints there."""
    for name, python in environments.items():
        run(*PIP, "--python", python, "install", "--no-index", "--no-deps", "--force-reinstall", wheel)  # fmt: skip
        yield name, run(python, "-c", CALL, folder="/", PATH="/nowhere")


def test_one_wheel_serves_every_python(wheel, environments):
    assert wheel.name == f"smoothing-1.0-py3-none-{PLATFORM}.whl"
    assert dict(installed(wheel, environments)) == dict.fromkeys(environments, SHOWN)


def test_a_wheel_has_the_module_and_its_library(wheel, tmp_path):
    folder, said = unpacked(wheel, tmp_path)
    files = {path.name for path in folder.joinpath("smoothing").iterdir()}
    assert files == {"__init__.py", "filters.py", "libfilters.so"}
    assert "Root-Is-Purelib: false" in said
    run(sys.executable, "-m", "f2pypy", "doctor", wheel)


@pytest.mark.parametrize("backend", ["hatchling", "cmake", "setuptools"])
def test_an_editable_installation(backend, tmp_path, index, environments):
    """It is built by any Python of the generator's, and runs in its environment."""
    package = copied(backend, tmp_path)
    python = environments["python3.12"]
    run(*PIP, "--python", python, "install", "--no-deps", "--force-reinstall", "-e", package, **index)  # fmt: skip
    assert run(python, "-c", CALL, folder="/", PATH="/nowhere") == SHOWN
    init = package / "src/smoothing/__init__.py"
    init.write_text(init.read_text() + "\nedited = True\n")
    assert run(python, "-c", "import smoothing; print(smoothing.edited)", folder="/") == "True\n"  # fmt: skip
    run(*PIP, "--python", python, "uninstall", "-y", "smoothing")


@pytest.mark.parametrize("flags", [[], ["--static-runtime"]])
def test_a_repaired_wheel_serves_every_python(flags, tmp_path, index, environments):
    """auditwheel copies libgfortran into the wheel, unless it is in the library already, and gives it PyPI's tag."""
    package = copied("setuptools", tmp_path)
    source = package / "fortran/filters.f90"
    text, body = source.read_text(), "  y = x\n"
    assert body in text
    needs_runtime = "  character(40) :: text\n  write(text, *) n\n"
    source.write_text(text.replace(body, needs_runtime + body))
    pyproject = package / "pyproject.toml"
    words = ["--opt=-O2", *flags]
    pyproject.write_text(pyproject.read_text().replace('["--opt=-O2"]', str(words)))
    run(*PIP, "wheel", "--no-deps", "-w", tmp_path / "dist", package, **index)
    (wheel,) = tmp_path.glob("dist/*.whl")
    folder, _ = unpacked(wheel, tmp_path / "unpacked")
    assert ("libgfortran" in run("ldd", folder / "smoothing/libfilters.so")) == (not flags)  # fmt: skip
    auditwheel = (sys.executable, "-m", "auditwheel")
    assert "manylinux" in run(*auditwheel, "show", wheel)
    run(*auditwheel, "repair", "-w", tmp_path / "repaired", wheel)
    (repaired,) = tmp_path.glob("repaired/*.whl")
    assert repaired.name.startswith("smoothing-1.0-py3-none-manylinux_")
    folder, _ = unpacked(repaired, tmp_path / "repaired/unpacked")
    copies = [path.name for path in folder.glob("smoothing.libs/*")]
    assert any(name.startswith("libgfortran") for name in copies) == (not flags)
    shown = run("ldd", folder / "smoothing/libfilters.so")
    assert not flags or "gfortran" not in shown
    assert "not found" not in shown
    assert dict(installed(repaired, environments)) == dict.fromkeys(environments, SHOWN)  # fmt: skip
    run(sys.executable, "-m", "f2pypy", "doctor", repaired)


@pytest.mark.parametrize(
    ("backend", "file", "old", "new"),
    [
        ("meson", "meson.build", "pure: false", "pure: true"),
        ("cmake", "pyproject.toml", 'wheel.py-api = "py3"', "wheel.platlib = false"),
    ],
)
def test_wheels_for_any_platform(backend, file, old, new, tmp_path, index):
    """Settings that say that a package is pure: f2pypy's doctor finds what the backend believes."""
    package = copied(backend, tmp_path)
    path = package / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    run(*PIP, "wheel", "--no-deps", "-w", tmp_path / "dist", package, **index)
    (wheel,) = tmp_path.glob("dist/*.whl")
    shown = run(sys.executable, "-m", "f2pypy", "doctor", wheel, status=1)
    assert "the tag py3-none-any lets pip install" in shown


def test_a_frozen_program(tmp_path, index):
    """PyInstaller, in an environment with f2pypy alone, finds the library by f2pypy's hook."""
    python = tmp_path / "venv/bin/python"
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    run(*PIP, "--python", python, "install", "f2pypy", "pyinstaller", **index)
    source = copied("setuptools", tmp_path)
    package = shutil.copytree(source / "src/smoothing", tmp_path / "smoothing")
    sources = sorted(source.glob("fortran/*"))
    run(python, "-m", "f2pypy", "-c", "-m", "filters", *sources, "-o", package / "filters.py")  # fmt: skip
    tmp_path.joinpath("program.py").write_text(CALL)
    run(python, "-m", "PyInstaller", "--noconfirm", "program.py", folder=tmp_path)
    assert list(tmp_path.glob("dist/program/_internal/smoothing/libfilters.so"))
    shutil.rmtree(package)
    assert run(tmp_path / "dist/program/program", folder="/", PATH="/nowhere") == SHOWN
