"""The recipe for meson: what the example's build makes, when it makes it again, and what it installs."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from example_packages import (
    PROGRAMS,
    PYPY,
    SHOWN,
    called,
    copied,
    needs_compiler,
    run,
)

NINJA, MESON = (shutil.which(name, path=PROGRAMS) for name in ("ninja", "meson"))


@needs_compiler
@pytest.mark.skipif(not NINJA or not MESON, reason="needs meson and ninja")
def test_the_recipe(tmp_path):
    package = copied("meson", tmp_path)
    source, included = package / "fortran/precision.f90", package / "fortran/kinds.inc"
    included.write_text(source.read_text())
    source.write_text("include 'kinds.inc'\n")

    def builds():
        shown = run(NINJA, "-C", "build", folder=package)
        return "no work to do" not in shown

    run(MESON, "setup", "build", f"--prefix={tmp_path}/to", folder=package)
    assert builds()
    assert not builds()
    os.utime(included)
    assert builds()
    assert not builds()  # although no output has changed
    run(MESON, "install", "-C", "build", "--no-rebuild", folder=package)
    (module,) = Path(tmp_path, "to").rglob("filters.py")
    assert {path.name for path in module.parent.iterdir()} >= {"__init__.py", "libfilters.so"}  # fmt: skip
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert called(python, module.parents[1]) == SHOWN
