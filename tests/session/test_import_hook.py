"""`import smooth` finds smooth.f90."""

import importlib
import sys
from pathlib import Path

import pytest

import f2pypy

GIVE = """
integer function give()
  give = {value}
end function
"""


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    f2pypy.install_import_hook()
    return tmp_path


@pytest.mark.parametrize("name", ["smooth.f90", "smooth.F90", "smooth.f"])
def test_a_source_is_imported(found, name):
    text = GIVE.format(value=3)
    found.joinpath(name).write_text(text.replace("\n", "\n      "))
    assert importlib.import_module("smooth").give() == 3


def test_modules_beside_it_are_compiled_with_it(found):
    found.joinpath("deep.f90").write_text("module deep\n  integer :: n = 4\nend module\n")  # fmt: skip
    found.joinpath("kinds.f90").write_text("module kinds\n  use deep\nend module\n")
    uses = "use kinds\n  use, intrinsic :: iso_c_binding"
    text = f"integer function give()\n  {uses}\n  give = n\nend function\n"
    found.joinpath("smooth.f90").write_text(text)
    assert importlib.import_module("smooth").give() == 4


def test_a_changed_source_is_reloaded(found):
    source = found / "smooth.f90"
    source.write_text(GIVE.format(value=1))
    module = importlib.import_module("smooth")
    source.write_text(GIVE.format(value=2))
    assert module.give() == 1
    assert importlib.reload(module).give() == 2


def test_python_comes_first(found):
    found.joinpath("smooth.f90").write_text(GIVE.format(value=1))
    found.joinpath("smooth.py").write_text("give = 'Python'\n")
    assert importlib.import_module("smooth").give == "Python"


def test_sources_in_packages(found):
    package = found / "packaged"
    package.mkdir()
    package.joinpath("__init__.py").write_text("from .smooth import give\n")
    package.joinpath("smooth.f90").write_text(GIVE.format(value=6))
    assert importlib.import_module("packaged").give() == 6


def test_folders_of_ones_own(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    folder.joinpath("apart.f90").write_text(GIVE.format(value=8))
    f2pypy.install_import_hook([str(folder)])
    f2pypy.install_import_hook([str(folder)])
    assert importlib.import_module("apart").give() == 8
    assert sum(type(each).__name__ == "FortranFinder" for each in sys.meta_path) == 1


def test_a_source_with_errors_is_an_import_error(found):
    found.joinpath("smooth.f90").write_text("subroutine a\n  i = = 1\nend subroutine\n")
    with pytest.raises(ImportError, match=r"smooth\.f90:2:") as caught:
        importlib.import_module("smooth")
    assert caught.value.name == "smooth"
    assert isinstance(caught.value.__cause__, f2pypy.F2pypyError)


def test_a_name_that_nothing_has(found):
    assert not list(Path(found).glob("nothing*"))
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("nothing_here")
