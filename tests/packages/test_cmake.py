"""CMake's find_package(f2pypy): what is built again, what is linked and installed, and what is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from example_packages import PROGRAMS, PYPY, ROOT, called, needs_compiler, run

import f2pypy

FILES = ROOT / "f2pypy/packaging/cmake"
CMAKE = shutil.which("cmake", path=PROGRAMS)
pytestmark = pytest.mark.skipif(CMAKE is None, reason="needs CMake")

# make takes longer to try: `make test-packages`
GENERATORS = ["Unix Makefiles" if os.environ.get("F2PYPY_PACKAGES") else "Ninja"]

PROJECT = """\
cmake_minimum_required(VERSION 3.20)
project(made LANGUAGES {languages})
find_package(f2pypy 0.1 REQUIRED)
{body}
"""
LINKED = """\
add_library(inner STATIC inner.f90)
set_target_properties(inner PROPERTIES POSITION_INDEPENDENT_CODE ON)
add_library(far SHARED far.f90)
add_custom_command(OUTPUT made.f90 COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/made.txt made.f90)
f2pypy_add_module(sums sums.f90 made.f90
  FLAGS -I${CMAKE_CURRENT_SOURCE_DIR}/include LINK_LIBRARIES inner far
  OUTPUT_DIRECTORY python/pkg DESTINATION pkg)
get_target_property(files sums F2PYPY_FILES)
message(STATUS "files: ${files}")
f2pypy_add_module(later later.f90 EXCLUDE_FROM_ALL DESTINATION pkg)
"""
SOURCES = {
    "inner.f90": "real(8) function inner()\n  inner = 1\nend function\n",
    "far.f90": "real(8) function far()\n  far = 10\nend function\n",
    "made.txt": "real(8) function made()\n  made = 100\nend function\n",
    "include/first.inc": "step = 1000\n",
    "sums.f90": "real(8) function total()\n  real(8), external :: inner, far, made\n  real(8) :: step\n"
    "  include 'first.inc'\n  total = inner() + far() + made() + step\nend function\n",
    "later.f90": "subroutine broken(\n",
}  # fmt: skip
TOTAL = "from pkg import sums; print(sums.total())"


def cmake(*words, folder, status=0):
    return run(CMAKE, *words, folder=folder, status=status)


def configure(folder, *words, status=0):
    words = (f"-Df2pypy_DIR={FILES}", *words)
    return cmake("-S", ".", "-B", "build", *words, folder=folder, status=status)


def project(folder, body, languages="NONE"):
    text = PROJECT.format(languages=languages, body=body)
    folder.joinpath("CMakeLists.txt").write_text(text)


@needs_compiler
@pytest.mark.parametrize("generator", GENERATORS)
def test_a_module_is_built_again_for_what_it_reads(tmp_path, generator):
    """Sources, included files, generated sources and targets that are linked; and only for these."""
    tmp_path.joinpath("include").mkdir()
    for name, text in SOURCES.items():
        tmp_path.joinpath(name).write_text(text)
    project(tmp_path, LINKED, "Fortran")
    shown = configure(tmp_path, "-G", generator, f"-DCMAKE_INSTALL_PREFIX={tmp_path}/to")  # fmt: skip
    module = tmp_path / "build/python/pkg/sums.py"
    assert f"files: {module};{module.with_name('libsums.so')}" in shown

    def builds():
        return "Python module sums" in cmake("--build", "build", folder=tmp_path)

    def total():
        return float(called(sys.executable, module.parents[1], program=TOTAL))

    assert builds()
    assert total() == 1111
    assert not builds()
    for name, old, new, value in (
        ("include/first.inc", "1000", "2000", 2111),
        ("inner.f90", "= 1", "= 6", 2116),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_text(path.read_text().replace(old, new))
        assert builds(), name
        assert total() == value
    # what changes nothing is no reason to build for ever
    os.utime(tmp_path / "sums.f90")
    assert builds()
    assert not builds()

    cmake("--install", "build", folder=tmp_path)
    assert {path.name for path in tmp_path.joinpath("to/pkg").iterdir()} == {"sums.py", "libsums.so"}  # fmt: skip
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert float(called(python, tmp_path / "to", program=TOTAL)) == 2116
    shown = cmake("--build", "build", "--target", "later", folder=tmp_path, status=1)
    assert "later.f90:1" in shown


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("f2pypy_add_module(a.b a.f90)", "'a.b' is no name of a module"),
        ("f2pypy_add_module(a)", "expected sources, none were given"),
        ("f2pypy_add_module(a a.f90)", "no source is a.f90 in"),
        ("f2pypy_add_module(a FLAGS x DESTINATION)", "expected sources"),
        ("f2pypy_add_module(a CMakeLists.txt DESTINATION)", "DESTINATION needs a value"),
        (
            "add_custom_target(t)\nf2pypy_add_module(a CMakeLists.txt LINK_LIBRARIES t)",
            "t is a target of type UTILITY",
        ),
        (
            "add_library(t INTERFACE)\nf2pypy_add_module(a CMakeLists.txt LINK_LIBRARIES t)",
            "t has no file of its own",
        ),
    ],
)  # fmt: skip
def test_words_that_say_nothing(tmp_path, body, message):
    project(tmp_path, body)
    shown = " ".join(configure(tmp_path, status=1).split())
    assert message in shown


def test_the_program_of_another_version(tmp_path):
    project(tmp_path, "")
    other = tmp_path / "f2pypy"
    other.write_text("#!/bin/sh\necho 0.0.1\n")
    other.chmod(0o755)
    shown = configure(tmp_path, f"-Df2pypy_EXECUTABLE={other}", status=1)
    said = " ".join(shown.split())
    assert f"CMake files of f2pypy {f2pypy.__version__}, but {other} answers '0.0.1'" in said  # fmt: skip
    # a path that an earlier run kept is looked for again when it is gone
    shown = configure(tmp_path, f"-Df2pypy_EXECUTABLE={tmp_path}/gone")
    assert "Configuring done" in shown


def test_a_version_that_is_not_there(tmp_path):
    project(tmp_path, "")
    path = tmp_path / "CMakeLists.txt"
    path.write_text(path.read_text().replace("0.1 ", "99 "))
    assert "requested version" in " ".join(configure(tmp_path, status=1).split())


def test_the_folder_is_told():
    done = subprocess.run(
        [sys.executable, "-m", "f2pypy", "--cmake-dir"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.rstrip("\n")) == FILES
