"""The tutorial is true: its files are written, its commands run, its examples give what it says."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:^`(?P<name>[\w./]+)`[^\n]*:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
EXAMPLES = """\
import doctest, sys
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "tutorial", "tutorial.md", 0)
runner = doctest.DocTestRunner(optionflags=int(sys.argv[1]))
runner.run(test)
sys.exit(runner.summarize(verbose=False).failed)
"""


@pytest.fixture
def follow(tmp_path):
    """A function that runs a program as the reader of the tutorial does, and returns what it prints."""
    programs = tmp_path / ".bin"
    programs.mkdir()
    for name, words in (("f2pypy", "-m f2pypy"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        program.chmod(0o755)
    variables = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # a module is made twice in one second
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }

    def run(*command, text=""):
        done = subprocess.run(
            command,
            input=text,
            cwd=tmp_path,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    return run


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_a_reader_gets_what_the_tutorial_shows(tmp_path, follow):
    checker = doctest.OutputChecker()
    for block in BLOCK.finditer(TUTORIAL):
        text = block["text"]
        if block["name"]:
            tmp_path.joinpath(block["name"]).write_text(text)
        elif block["kind"] == "console":
            for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
                command, _, shown = part.partition("\n")
                printed = follow("bash", "-c", command)
                assert checker.check_output(shown, printed, FLAGS) or not shown, (
                    f"$ {command}\n{printed}"
                )
        else:
            assert block["kind"] == "python"
            follow(sys.executable, "-c", EXAMPLES, str(FLAGS), text=text)
