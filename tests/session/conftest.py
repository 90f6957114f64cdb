"""Tests that build modules inside of the program."""

import shutil
import sys

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of the test's own; the modules that it imports are forgotten."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    monkeypatch.setenv("F2PYPY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    before, finders = dict(sys.modules), list(sys.meta_path)
    yield tmp_path / "cache"
    sys.meta_path[:] = finders
    for name in set(sys.modules) - set(before):
        file = getattr(sys.modules[name], "__file__", None)
        if file and file.startswith(str(tmp_path)):
            del sys.modules[name]
