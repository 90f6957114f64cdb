"""The how-to guides are true: their files are written, their commands run, their examples give what they show."""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDES = ROOT / "docs/howto"
# A block may be named by a line before it that starts with the file's name: "`smooth.f90`, in Fortran:"
BLOCK = re.compile(
    r"(?:^`(?P<name>[\w./]+)`[^\n]*:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SESSION = """\
import doctest, sys
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "guide", "guide", 0)
runner = doctest.DocTestRunner(optionflags=int(sys.argv[1]))
runner.run(test)
sys.exit(runner.summarize(verbose=False).failed)
"""
# The packages and programs that the examples of some guides need.
NEEDS = {
    "blas": ("scipy_openblas32", "scipy_openblas64"),
    "build_systems": ("mesonbuild", "ninja", "make"),
    "dask": ("distributed", "joblib"),
    "jupyter": ("IPython",),
    "mpi": ("mpi4py", "mpirun", "mpif90"),
    "speed": ("llvmlite",),
    "wheels": ("hatchling",),
}
# What no example shows: text that is only read, and files of other tools.
READ_ONLY = {"fortran", "text", "toml", "cmake", "meson", "yaml", "make"}


def parts(page: str) -> list[tuple[str, str, str]]:
    """Return what a reader does, one after the other: (kind, name, text).

    Python's blocks are one session as long as nothing else is done between them.
    """
    found: list[tuple[str, str, str]] = []
    for match in BLOCK.finditer((GUIDES / page).read_text(encoding="utf-8")):
        kind, name, text = match["kind"], match["name"] or "", match["text"]
        if kind == "console" or (kind == "python" and not name.endswith(".py")):
            name = ""
        if kind == "python" and not name and found and found[-1][:2] == ("python", ""):
            text = f"{found.pop()[2]}\n{text}"
        if name or kind not in READ_ONLY:
            found.append((kind, name, text))
    return found


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a reader, who has f2pypy and this Python on the path."""
    programs = tmp_path_factory.mktemp("programs")
    for name, words in (("f2pypy", "-m f2pypy"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        program.chmod(0o755)
    return {
        **os.environ,
        "PATH": os.pathsep.join(
            (str(programs), str(Path(sys.executable).parent), os.environ["PATH"])
        ),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # a module is made twice in one second
        "F2PYPY_CACHE_DIR": str(programs / "cache"),
    }


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
@pytest.mark.parametrize("page", sorted(path.name for path in GUIDES.glob("*.md")))
def test_a_reader_gets_what_the_guide_shows(
    page: str, tmp_path: Path, variables: dict[str, str]
) -> None:
    for need in NEEDS.get(page.removesuffix(".md"), ()):
        if not (importlib.util.find_spec(need) or shutil.which(need)):
            pytest.skip(f"needs {need}")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")

    def run(*command: str, text: str = "") -> tuple[int, str]:
        done = subprocess.run(
            command,
            input=text,
            cwd=tmp_path,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    checker = doctest.OutputChecker()
    for kind, name, text in parts(page):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif kind == "console":
            for step in re.split(r"^\$ ", text, flags=re.M)[1:]:
                command, _, shown = step.partition("\n")
                status, printed = run("bash", "-c", command)
                assert status == 0, f"$ {command}\n{printed}"
                assert checker.check_output(shown, printed, FLAGS) or not (
                    shown or printed
                ), f"$ {command}\n{printed}"
        else:
            assert kind == "python", f"what is this block for?\n{text}"
            status, printed = run(sys.executable, "-c", SESSION, str(FLAGS), text=text)
            assert status == 0, printed


def test_every_guide_is_in_the_index() -> None:
    index = (GUIDES / "index.md").read_text(encoding="utf-8")
    for path in GUIDES.glob("*.md"):
        assert path.name == "index.md" or f"\n{path.stem}\n" in index
