"""The example package with setuptools' plugin: its sdist, the wheel of that, and its editable installation."""

import os
import shutil
import sys
import tarfile
import zipfile

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

pytest.importorskip("setuptools", minversion="70.1")


@pytest.fixture
def package(tmp_path):
    return copied("setuptools", tmp_path)


def build(folder, what, into, status=0):
    program = f"from setuptools import build_meta; build_meta.build_{what}({str(into)!r})"  # fmt: skip
    return run(sys.executable, "-c", program, folder=folder, status=status)


@needs_compiler
def test_one_wheel_of_the_sdist_serves_every_python(package, tmp_path):
    """The sdist has files that sources include, and nothing that an editable installation wrote."""
    source = package / "fortran/precision.f90"
    package.joinpath("fortran/kinds.inc").write_text(source.read_text())
    source.write_text("include 'kinds.inc'\n")
    build(package, "editable", tmp_path / "editable")
    assert called(sys.executable, package / "src") == SHOWN
    (wheel,) = tmp_path.glob("editable/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not any("filters" in name for name in archive.namelist())

    build(package, "sdist", tmp_path)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.rpartition("/")[2] for name in archive.getnames()}
    shutil.unpack_archive(sdist, tmp_path)
    assert {"filters.f90", "precision.f90", "kinds.inc", "__init__.py"} < names
    assert not names & {"filters.py", "libfilters.so"}

    build(tmp_path / "smoothing-1.0", "wheel", tmp_path)
    folder, said = unpacked(tmp_path / f"smoothing-1.0-py3-none-{PLATFORM}.whl", tmp_path / "unpacked")  # fmt: skip
    files = {path.name for path in folder.joinpath("smoothing").iterdir()}
    assert {"__init__.py", "filters.py"} < files
    assert len(files) == 3
    assert "Root-Is-Purelib: false" in said
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert called(python, folder) == SHOWN


@needs_compiler
def test_modules_named_in_setup(package, tmp_path):
    """Two modules, one outside of any package; the errors of a compiler end the build."""
    pyproject = package / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().partition("[tool.f2pypy]")[0])
    table = "{{'module': '{}', 'sources': ['{}'], 'flags': ['--noopt']}}"
    modules = (("smoothing.filters", "fortran/*"), ("one", "one.f90"))
    setup = f"fortran_modules=[{', '.join(table.format(*each) for each in modules)}]"
    package.joinpath("setup.py").write_text(f"from setuptools import setup\nsetup({setup})\n")  # fmt: skip
    package.joinpath("one.f90").write_text("integer function one()\n  one = 1\nend function\n")  # fmt: skip
    build(package, "wheel", tmp_path)
    folder, _ = unpacked(tmp_path / f"smoothing-1.0-py3-none-{PLATFORM}.whl", tmp_path / "unpacked")  # fmt: skip
    assert called(sys.executable, folder, program="import one; print(one.one())") == "1\n"  # fmt: skip

    package.joinpath("one.f90").write_text("subroutine a\n  i = = 1\nend subroutine\n")
    shown = build(package, "wheel", tmp_path / "none", status=1)
    assert "one.f90:2:" in shown
    assert "f2pypy couldn't build one" in shown
    assert not list(tmp_path.glob("none/*"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("'a.f90'", "f2pypy: modules is a list of tables, 'a.f90' was given"),
        ("[{'module': 'a'}]", "f2pypy: sources is a list, None was given"),
        ("[{'module': 'a', 'sources': ['a.f90'], 'flag': []}]", "['flag'] were given"),
        ("[{'module': 'a', 'sources': ['a.f90']}]", "f2pypy: no source is a.f90 in"),
    ],
)  # fmt: skip
def test_modules_that_say_nothing(tmp_path, given, message):
    setup = f"from setuptools import setup\nsetup(name='a', fortran_modules={given})\n"
    tmp_path.joinpath("setup.py").write_text(setup)
    assert message in build(tmp_path, "wheel", tmp_path, status=1)


def test_other_projects_are_left_alone(tmp_path):
    """A plugin of setuptools runs for everything that is built where it is installed."""
    tmp_path.joinpath("one.py").write_text("")
    tmp_path.joinpath("pyproject.toml").write_text("[project]\nname = 'one'\nversion = '1'\n")  # fmt: skip
    build(tmp_path, "wheel", tmp_path)
    assert list(tmp_path.glob("one-1-py3-none-any.whl"))
