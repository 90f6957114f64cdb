"""The reference pages list what the code has: options, environment variables, compilers."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import f2pypy
from f2pypy.abi.compilers import ROWS
from f2pypy.abi.flags import KIND_FLAGS, ROW_FLAGS
from f2pypy.session.requests import VARIABLES

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
# What mappings of variables are called in the code.
READERS = {"environ", "environment"}


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def first_cells(text: str) -> set[str]:
    """What stands in back quotes in the first column of the tables."""
    cells = re.findall(r"^\| ([^|]*) \|", text, re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def is_environment(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr in READERS) or (
        isinstance(node, ast.Name) and node.id in READERS
    )


def asked_of_the_environment(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what stands for the names of variables: in ``environ.get(...)``, ``environ[...]`` and ``flags(...)``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(owner, "get"), [name, *_]) if is_environment(owner):  # fmt: skip
                yield name
            case ast.Call(ast.Attribute(_, "flags"), [ast.Constant() as name]):
                yield name
            case ast.Subscript(owner, name) if is_environment(owner):
                yield name


def names_of(expression: ast.expr, tree: ast.AST) -> Iterator[str]:
    """Yield the variables that an expression may name: by a text, or by a constant of its file."""
    match expression:
        case ast.Constant(str() as name):
            yield name
        case ast.Name(constant):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == constant:  # fmt: skip
                    yield from names_of(node.value, tree)


def read_by_f2pypy() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "f2pypy").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "environ" not in text and ".flags(" not in text:
            continue  # parsing takes time
        tree = ast.parse(text)
        for asked in asked_of_the_environment(tree):
            found.update(names_of(asked, tree))
    return {name for name in found if VARIABLE.fullmatch(name)}


def chosen_for_a_module() -> set[str]:
    """Return the variables whose names begin with that of a module."""
    tree = ast.parse((ROOT / "f2pypy/runtime/libraries.py").read_text("utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    asked = (c.args[0] for c in calls if ast.unparse(c.func) == "self._chosen")
    return {f"F2PYPY_NAME_{ast.literal_eval(each)}" for each in asked}


def test_the_page_has_every_environment_variable_and_no_other() -> None:
    read = read_by_f2pypy()
    chosen = chosen_for_a_module()
    assert chosen == {"F2PYPY_NAME_ABI", "F2PYPY_NAME_LIBRARY"}
    read |= chosen
    # tempfile reads it
    read |= {"TMPDIR"}
    assert first_cells(page("environment")) == read


def test_the_page_has_every_variable_that_makes_the_cache_build_again() -> None:
    sentence = re.search(
        r"built again if one of these changes:(.*?)\n\n", page("environment"), re.S
    )
    assert sentence
    assert set(re.findall(r"`(\w+)`", sentence[1])) == set(VARIABLES)


def test_the_page_has_every_compiler_from_its_first_version_on() -> None:
    first: dict[str, int] = {}
    for row in ROWS:
        first.setdefault(row.name, row.first)
    rows = re.findall(r"^\| [^|]* \| (\d+) and later \| `(\w+)`", page("platforms"), re.M)  # fmt: skip
    assert {name: int(version) for version, name in rows} == first


def test_the_page_has_every_flag_that_changes_calls() -> None:
    named = set(re.findall(r"`(-f[\w-]+)`", page("platforms")))
    flags = {*KIND_FLAGS, *ROW_FLAGS}
    relatives = {flag for flag in flags if re.fullmatch(r"-freal-\d+-real-\d+", flag)}
    assert "-freal-4-real-8" in named & relatives
    assert named == flags - relatives | {"-freal-4-real-8"}


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_the_front_page_shows_what_its_commands_print(tmp_path: Path) -> None:
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)
    source, console = [body for kind, body in blocks if kind in ("fortran", "console")]
    tmp_path.joinpath("smooth.f90").write_text(source)
    words = {"f2pypy": f"{sys.executable} -m f2pypy --quiet", "python": sys.executable}
    commands, _, shown = console.rpartition('"\n')
    for line in f'{commands}"'.splitlines():
        program, _, rest = line.removeprefix("$ ").partition(" ")
        printed = subprocess.run(
            f"{words[program]} {rest}",
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    assert printed == shown


MODULE = """
module data
  real(8) :: x = 1
  real(8), allocatable :: a(:)
  type :: particle
    real(8) :: mass = 1
  end type
contains
  real(8) function routine(p)
    type(particle), intent(in) :: p
    routine = p%mass
  end function
end module
subroutine routine(n)
  integer, intent(in) :: n
end subroutine
"""


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
@pytest.mark.filterwarnings("error")
def test_the_page_lists_what_a_module_has(tmp_path: Path) -> None:
    """Each name in the tables is that of an attribute, of the module or of what it has."""

    def build(**options: bool) -> object:
        kept = {"cache_dir": tmp_path, "optimization": ["-O0"]}
        return f2pypy.build(MODULE, module="listed", **kept, **options)  # type: ignore[arg-type]

    m, isolated = build(stop_raises=True), build(isolated=True)
    found = first_cells(page("module"))
    names = {name for name in found if re.fullmatch(r"(m|routine|particle)[.\w()*]*", name)}  # fmt: skip
    assert len(names) > 20
    for name in sorted(names - {"m.name"}):
        path = re.sub(r"\(.*\)", "", name)
        owner = isolated if path in ("m.WorkerDied", "m.restart", "m.__worker__.restart") else m  # fmt: skip
        known = {"m": owner, "routine": m.routine, "particle": m.data.particle}  # type: ignore[attr-defined]
        eval(path, known)
    p = m.data.particle(mass=2.0)  # type: ignore[attr-defined]
    a = m.data.particle.array(3)  # type: ignore[attr-defined]
    assert (p.mass, a[1].mass, len(a[1:]), list(a.mass)) == (2.0, 1.0, 2, [1, 1, 1])
    assert isolated.data.routine(isolated.data.particle(), fresh=False) == 1.0  # type: ignore[attr-defined]
    isolated.restart()  # type: ignore[attr-defined]
