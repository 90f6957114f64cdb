"""What a reader of a page does: writes its files, runs its commands and examples, and compares with what it shows.

A line that begins with a file's name and ends in a colon names the block after it: "`smooth.f90`, in Fortran:".
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(
    r"(?:^`(?P<name>[\w./]+)`[^\n]*:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SESSION = """\
import doctest, sys
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "page", "page", 0)
runner = doctest.DocTestRunner(optionflags=int(sys.argv[1]))
runner.run(test)
sys.exit(runner.summarize(verbose=False).failed)
"""
# Blocks of these kinds are only read, unless they have a name.
READ_ONLY = {"fortran", "text", "toml", "make"}


def steps(page: str) -> list[tuple[str, str, str]]:
    """Return what a reader does, one after the other: (kind, name, text).

    Python's blocks are one session as long as nothing else is done between them.
    """
    found: list[tuple[str, str, str]] = []
    for match in BLOCK.finditer(page):
        kind, name, text = match["kind"], match["name"] or "", match["text"]
        if kind == "console" or (kind == "python" and not name.endswith(".py")):
            name = ""
        if kind == "python" and not name and found and found[-1][:2] == ("python", ""):
            text = f"{found.pop()[2]}\n{text}"
        if name or kind not in READ_ONLY:
            found.append((kind, name, text))
    return found


def environment(programs: Path) -> dict[str, str]:
    """Return the variables of a reader, who has f2pypy and this Python on the path; `programs` is an empty folder."""
    for name, words in (("f2pypy", "-m f2pypy"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        program.chmod(0o755)
    path = (str(programs), str(Path(sys.executable).parent), os.environ["PATH"])
    return {
        # make tells its children of its own options, and a reader's make is nobody's child
        **{
            name: os.environ[name]
            for name in os.environ
            if not name.startswith(("MAKE", "MFLAGS"))
        },
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # a module is made twice in one second
        "PYTHONUNBUFFERED": "1",  # lines of several processes come in order, as on a terminal
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "F2PYPY_CACHE_DIR": str(programs / "cache"),
    }


def follow(page: str, folder: Path, variables: dict[str, str]) -> None:
    """Do in a folder what a page says; AssertionError where something else comes out than it shows."""

    def run(*command: str, text: str = "") -> str:
        done = subprocess.run(
            command,
            input=text,
            cwd=folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout

    checker = doctest.OutputChecker()
    for kind, name, text in steps(page):
        if name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        elif kind == "console":
            for step in re.split(r"^\$ ", text, flags=re.M)[1:]:
                command, _, shown = step.partition("\n")
                printed = run("bash", "-c", command)
                is_right = checker.check_output(shown, printed, FLAGS)
                assert is_right or not (shown or printed), f"$ {command}\n{printed}"
        else:
            assert kind == "python", f"what is this block for?\n{text}"
            run(sys.executable, "-c", SESSION, str(FLAGS), text=text)
