"""The example package with hatchling's hook: its wheel, its sdist and its editable installation."""

import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from example_packages import (
    PLATFORM,
    PYPY,
    SHOWN,
    called,
    copied,
    needs_compiler,
    run,
    unpacked,
)

from f2pypy.packaging.hatch import HATCHLINGS
from f2pypy.packaging.modules import Module, modules_of


@pytest.fixture
def package(tmp_path):
    return copied("hatchling", tmp_path)


def build(folder, *words, status=0):
    return run(
        sys.executable, "-m", "hatchling", "build", *words, folder=folder, status=status
    )


@needs_compiler
def test_one_wheel_serves_every_python(package, tmp_path):
    build(package, "-t", "wheel")
    (wheel,) = package.glob("dist/*")
    assert wheel.name == f"smoothing-1.0-py3-none-{PLATFORM}.whl"
    folder, said = unpacked(wheel, tmp_path / "unpacked")
    names = {path.name for path in folder.joinpath("smoothing").iterdir()}
    assert {"__init__.py", "filters.py"} < names
    assert len(names) == 3
    assert "Root-Is-Purelib: false" in said
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert called(python, folder) == SHOWN
    assert not package.joinpath("src/smoothing/filters.py").exists()


@needs_compiler
def test_a_wheel_is_built_from_the_sdist(package, tmp_path):
    build(package, "-t", "sdist")
    (sdist,) = package.glob("dist/*")
    with tarfile.open(sdist) as archive:
        names = {Path(name).name for name in archive.getnames()}
    shutil.unpack_archive(sdist, tmp_path)
    assert {"filters.f90", "precision.f90", "__init__.py"} < names
    assert not any(name.endswith((".so", "filters.py")) for name in names)
    build(tmp_path / "smoothing-1.0", "-t", "wheel")
    assert list(tmp_path.glob("smoothing-1.0/dist/*.whl"))


@needs_compiler
def test_an_editable_installation(package, tmp_path):
    program = (
        f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    )
    run(sys.executable, "-c", program, folder=package)
    assert called(sys.executable, package / "src") == SHOWN
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
