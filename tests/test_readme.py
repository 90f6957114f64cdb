"""The README is true: its files are written, its commands run, its examples give what it says."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# a block may be named by a line before it that starts with the file's name: "`smooth.f90`, in Fortran:"
BLOCK = re.compile(
    r"(?:^`(?P<name>[\w.]+)`[^\n]*:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
LOCAL_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.M | re.S)
ELLIPSIS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    kind: str
    text: str
    name: str | None


def blocks() -> tuple[Block, ...]:
    return tuple(Block(m["kind"], m["text"], m["name"]) for m in BLOCK.finditer(README))


def transcripts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def check_output(command: str, shown: str, got: str) -> None:
    if shown or got:
        assert doctest.OutputChecker().check_output(shown, got, ELLIPSIS), (
            f"$ {command}\n{got}"
        )


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """The folder of someone who follows the README: a checkout, without what is made in it."""
    made = shutil.ignore_patterns(
        ".venv*", ".git", "__pycache__", "*_cache", "blas.py", ".hypothesis"
    )
    shutil.copytree(ROOT, tmp_path / "f2pypy", ignore=made)
    return tmp_path / "f2pypy"


def environment(folder: Path) -> dict[str, str]:
    """Put the `f2pypy` of this checkout on the path, whatever is installed."""
    program = folder / ".bin" / "f2pypy"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m f2pypy "$@"\n')
    program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


def run_block(block: Block, folder: Path) -> None:
    for command, shown in transcripts(block.text):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        check_output(command, shown, done.stdout)


PYTHON_BLOCKS_PROGRAM = """\
import doctest, sys
text = sys.stdin.read()
test = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
runner = doctest.DocTestRunner(optionflags=int(sys.argv[1]))
runner.run(test)
sys.exit(runner.summarize(verbose=False).failed)
"""


def run_python(block: Block, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PYTHON_BLOCKS_PROGRAM, str(ELLIPSIS)],
        input=block.text,
        cwd=folder,
        env={**environment(folder), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(
    shutil.which("gfortran") is None, reason="the example of the README needs gfortran"
)
def test_a_reader_gets_what_the_readme_shows(reader: Path) -> None:
    seen = set()
    for block in blocks():
        seen.add(block.kind)
        if block.name:
            (reader / block.name).write_text(block.text)
        elif block.kind == "console":
            run_block(block, reader)
        elif block.kind == "python":
            run_python(block, reader)
        else:
            pytest.fail(f"what is this block for?\n{block.text}")
    assert seen == {"console", "python", "fortran"}


def test_every_link_leads_somewhere() -> None:
    for document in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/**/*.md"),
    ):
        prose = CODE.sub("code", document.read_text(encoding="utf-8"))
        for target in LOCAL_LINK.findall(prose):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_option_of_the_readme_exists() -> None:
    from f2pypy.command.flags import FLAGS, WORD_LISTS

    known = {name for flag in FLAGS for name in flag.names} | {
        each.names[0] for each in WORD_LISTS
    }
    promised = README.partition("\n## Limits\n")[0]  # the limits name what is missing
    named = set(re.findall(r"`(--?[a-zA-Z][\w-]*)`", promised))
    assert named
    assert named <= known
