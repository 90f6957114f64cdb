"""The example package with hatchling's hook: its wheel, its sdist and its editable installation."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from f2pypy.packaging.hatch import HATCHLINGS
from f2pypy.packaging.modules import Module, modules_of

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples/packages/hatchling"
PYPY = ROOT / ".venv-pypy/bin/python"
CALL = "import smoothing; print(smoothing.smooth([0, 0, 3, 0, 0]).tolist())"
PLATFORM = sysconfig.get_platform().replace("-", "_").replace(".", "_")
needs_compiler = pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")  # fmt: skip


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "package"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("*.so", "filters.py", "dist"))  # fmt: skip
    return folder


def build(folder, *words, status=0):
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def called(python, *path):
    """Return what a Python without any compiler prints."""
    environment = {"PYTHONPATH": os.pathsep.join(map(str, path)), "PATH": "/nowhere"}
    command = [str(python), "-c", CALL]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout  # fmt: skip


@needs_compiler
def test_one_wheel_serves_every_python(package, tmp_path):
    build(package, "-t", "wheel")
    (wheel,) = package.glob("dist/*")
    assert wheel.name == f"smoothing-1.0-py3-none-{PLATFORM}.whl"
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    names = {path.name for path in unpacked.joinpath("smoothing").iterdir()}
    assert {"__init__.py", "filters.py"} < names
    assert len(names) == 3
    assert "Root-Is-Purelib: false" in next(unpacked.glob("*.dist-info/WHEEL")).read_text()  # fmt: skip
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert called(python, unpacked) == "[0.0, 1.0, 1.0, 1.0, 0.0]\n"
    assert not package.joinpath("src/smoothing/filters.py").exists()


@needs_compiler
def test_a_wheel_is_built_from_the_sdist(package, tmp_path):
    build(package, "-t", "sdist")
    (sdist,) = package.glob("dist/*")
    with tarfile.open(sdist) as archive:
        names = {Path(name).name for name in archive.getnames()}
        archive.extractall(tmp_path, filter="data")
    assert {"filters.f90", "precision.f90", "__init__.py"} < names
    assert not any(name.endswith((".so", "filters.py")) for name in names)
    build(tmp_path / "smoothing-1.0", "-t", "wheel")
    assert list(tmp_path.glob("smoothing-1.0/dist/*.whl"))


@needs_compiler
def test_an_editable_installation(package, tmp_path):
    program = (
        f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    )
    subprocess.run([sys.executable, "-c", program], cwd=package, check=True)
    assert called(sys.executable, package / "src") == "[0.0, 1.0, 1.0, 1.0, 0.0]\n"
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not any("filters" in name for name in archive.namelist())


@needs_compiler
def test_errors_of_the_compiler_end_the_build(package):
    package.joinpath("fortran/filters.f90").write_text("subroutine a\n  i = = 1\nend subroutine\n")  # fmt: skip
    shown = build(package, "-t", "wheel", status=1)
    assert "fortran/filters.f90:2:" in shown
    assert "f2pypy couldn't build smoothing.filters" in shown
    assert not list(package.glob("dist/*"))


def test_a_source_that_is_not_there(package):
    shutil.rmtree(package / "fortran")
    shown = build(package, "-t", "wheel", status=1)
    assert "f2pypy: no source is fortran/*.f90 in" in shown


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"sources": ["a.f90"]}, "module is a str, None was given"),
        ({"module": "a.b"}, "sources is a list, None was given"),
        ({"module": "a", "sources": "a.f90"}, "sources is a list, 'a.f90' was given"),
        ({"module": "a", "sources": ["a"], "flag": []}, r"\['flag'\] were given"),
        (
            {"module": "a", "sources": ["a"], "flags": "-lm"},
            "flags is a list, '-lm' was",
        ),
        ({"modules": [], "sources": ["a"]}, "modules stands alone"),
    ],
)
def test_tables_that_say_nothing(config, message):
    with pytest.raises(ValueError, match=message):
        list(modules_of(config))


def test_several_modules():
    one = {"module": "p.a", "sources": ["a.f90"]}
    two = {"module": "p.b", "sources": ["b.f90"], "flags": ["-lblas"]}
    config = {"modules": [one, two], "dependencies": ["f2pypy"]}
    assert list(modules_of(config, HATCHLINGS)) == [
        Module("p.a", ("a.f90",)),
        Module("p.b", ("b.f90",), ("-lblas",)),
    ]
