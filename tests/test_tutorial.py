"""The tutorial is true: its files are written, its commands run, its examples give what it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from reading_along import ROOT, environment, follow


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_a_reader_gets_what_the_tutorial_shows(tmp_path: Path) -> None:
    programs = tmp_path / ".bin"
    programs.mkdir()
    tutorial = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    follow(tutorial, tmp_path, environment(programs))
