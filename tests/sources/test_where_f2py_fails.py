"""The first table of docs/differences.md, what f2py does wrong and f2pypy doesn't: rows with what both do.

f2py's modules run in processes of their own, as some of them die. What f2py writes that doesn't compile is compiled as
its build does, without the rest of the build, which takes longer.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "fortran" / "beyond_f2py"
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")
pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 10), reason="f2pypy itself doesn't run here"
)


@dataclass(frozen=True)
class Row:
    """A source, what is done with the module `m` made of it, and f2pypy's answer: a value, or an exception's text.

    `f2py` says which step of its build fails: "reading", "Fortran", "C" or "link"; or that its module "dies"; or is
    its wrong answer, an empty one for any that isn't f2pypy's.
    """

    title: str
    source: str
    use: str
    answer: Any
    f2py: str


EXTENTS = "`a(2**n)`, `a(n/2+mod(n,2))`, `a(merge(n,1,job>0))`"
KINDS = "`real(10)`, `integer(selected_int_kind(2))`, `real(kind(1d0))`"
CALLBACKS = "a callback called in a condition, two callbacks in one statement, a callback that is only passed on"
ROWS = [
    Row("`complex(8) function`", "runs", "m.turned(1 + 2j)", -2 + 1j, ""),
    Row(
        "an `optional` dummy that the caller leaves out",
        "runs",
        "m.scaled(3.0)",
        3.0,
        "0.0",
    ),
    Row(
        "`allocatable, intent(out)`, `pointer` dummies",
        "allocatable_out",
        "m.numbers(3).tolist()",
        [1, 4, 9],
        "Fortran",
    ),
    Row(
        "`allocatable, intent(out)`, `pointer` dummies",
        "pointer_dummy",
        "m.every_other().tolist()",
        [1, 3, 5],
        "Fortran",
    ),
    Row(
        "`character(len=:), allocatable`",
        "runs",
        "m.settings.name_of(3)",
        b"xxx",
        "dies",
    ),
    Row("`type(c_ptr)`", "address", "m.is_null(0), m.is_null(5)", (1, 0), "reading"),
    Row(
        "`optional, value`",
        "runs",
        "m.settings.plus(1), m.settings.plus(1, 2)",
        (1, 103),
        "",
    ),
    Row(
        "an external function with an array result",
        "array_function",
        "m.ramp(3).tolist()",
        [1, 2, 3],
        "Fortran",
    ),
    Row(
        "a kind that `use` renames",
        "runs",
        "m.halve(3.0)",
        1.5,
        "",
    ),
    Row(
        "`real :: a(3) = [1.0, 2.0, 3.0]` in a module",
        "square_brackets",
        "m.bracketed.weights.tolist()",
        [1, 2, 3],
        "Fortran",
    ),
    Row(KINDS, "runs", "m.quarter(3.0)", 0.75, ""),
    Row(KINDS, "runs", "float(m.wide(3.0))", 1.5, ""),
    Row(EXTENTS, "power_extent", "m.powers(3).shape", (8,), "reading"),
    Row(EXTENTS, "mod_extent", "m.halves(5).shape", (3,), "reading"),
    Row(EXTENTS, "merge_extent", "m.chosen(3, 1).shape", (3,), "C"),
    Row('`bind(c, name="Name")`', "bound_name", "m.next(3)", 4, "link"),
    Row(
        "one argument of derived type",
        "derived_type",
        "(m.points.dimensions(), [p := m.points.point(1, 2), m.points.move(p), p.x, p.y][2:])",
        (2, [2, 2]),
        "reading",
    ),
    Row(
        "assigning to or deleting a module's parameter or variable",
        "runs",
        "setattr(m.settings, 'limit', 4)",
        "AttributeError: runs.settings.limit is a parameter",
        "dies",
    ),
    Row(
        "assigning to or deleting a module's parameter or variable",
        "runs",
        "delattr(m.settings, 'count')",
        "AttributeError: runs.settings.count is a Fortran variable",
        "dies",
    ),
    Row(
        "an array of another rank for an allocatable array",
        "runs",
        "setattr(m.settings, 'table', 3.0)",
        "ValueError: runs.settings.table has rank 2, got an array of rank 0",
        "dies",
    ),
    Row(
        "a `protected` variable",
        "runs",
        "setattr(m.settings, 'guarded', 9), m.settings.sees_guarded()",
        "AttributeError: runs.settings.guarded is protected: only its module may change it",
        "(None, 9)",
    ),
    Row(
        "a `protected` variable",
        "protected_allocatable",
        "m.kept.fill(2), m.kept.list.tolist()",
        (None, [2, 2]),
        "Fortran",
    ),
    Row(
        "too long a string for a variable",
        "runs",
        "setattr(m.lines, 'title', 'five or six'), m.lines.behind.tobytes()",
        (None, b"eight!!!"),
        "(None, b' or six!')",
    ),
    Row(
        "short strings for an array of strings",
        "runs",
        "setattr(m.settings, 'names', ['a', 'bb']), m.settings.names.tolist()",
        (None, [b"a  ", b"bb "]),
        "",
    ),
    Row(
        "`integer, dimension(2, 2) :: a, b(4)`",
        "runs",
        "m.settings.line.shape",
        (4,),
        "(2, 2)",
    ),
    Row(
        "a private procedure that has the name of another module's",
        "runs",
        "m.second_names.twin()",
        2,
        "AttributeError: module 'runs' has no attribute 'second_names'",
    ),
    Row(
        "private specific procedures of a public generic name",
        "runs",
        "m.of_generic_name.half(8)",
        4,
        "AttributeError: 'fortran' object has no attribute 'half'",
    ),
    Row("`implicit double precision (a-h, o-z)`", "runs", "m.default_types()", 2.0, ""),
    Row(
        "alternate returns",
        "runs",
        "m.classify(-1), m.classify(1)",
        (1, 0),
        "TypeError: runs.classify() missing required argument 'e__er' (pos 2)",
    ),
    Row(
        "`public :: operator(+)`",
        "public_operator",
        "m.adding.plus(False, True)",
        1,
        "reading",
    ),
    Row(
        "an `elemental` subroutine in a module",
        "elemental_subroutine",
        "a = np.array(1, 'i4'), np.array(2, 'i4')\nm.exchange.swap(*a)\nint(a[0])",
        2,
        "Fortran",
    ),
    Row(
        "a callback described by an interface block or `procedure(interface)`",
        "abstract_interface",
        "m.curves.at_two(lambda x: x + 1)",
        3.0,
        "Fortran",
    ),
    Row(
        "a callback described by an interface block or `procedure(interface)`",
        "interface_block",
        "m.maybe(lambda x: x + 1), m.maybe()",
        (3.0, -1.0),
        "C",
    ),
    Row(CALLBACKS, "condition", "m.first_true(lambda n: n == 4)", 4, "C"),
    Row(
        CALLBACKS,
        "two_calls",
        "m.both(lambda x: x, lambda x: 10 * x)",
        21.0,
        "C",
    ),
    Row(CALLBACKS, "handed_on", "m.outer(lambda: 5)", 5.0, "C"),
]


@pytest.fixture(scope="module")
def our_modules(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], ModuleType]:
    """A function from the name of a source to f2pypy's module of it."""
    need(f2pypy=importlib.util.find_spec("f2pypy"), gfortran=shutil.which("gfortran"))
    from f2pypy.command.cli import run

    folder = tmp_path_factory.mktemp("ours")
    made: dict[str, ModuleType] = {}

    def module(name: str) -> ModuleType:
        if name not in made:
            source, output = str(SOURCES / f"{name}.f90"), folder / f"{name}.py"
            assert run(["-c", "-m", name, source, "-o", str(output), "--quiet"]) == 0
            spec = importlib.util.spec_from_file_location(name, output)
            assert spec is not None
            assert spec.loader is not None
            made[name] = importlib.util.module_from_spec(spec)
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(sys.modules, name, made[name])
                spec.loader.exec_module(made[name])
        return made[name]

    return module


@pytest.fixture(scope="module")
def their_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the module that f2py builds of runs.f90."""
    need(
        meson=importlib.util.find_spec("mesonbuild"), gfortran=shutil.which("gfortran")
    )
    folder = tmp_path_factory.mktemp("theirs")
    source = str(SOURCES / "runs.f90")
    built = run_python(
        folder, "-m", "numpy.f2py", "--backend", "meson", "-c", "-m", "runs", source
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def headers() -> bool:
    """Whether Python's headers are there: f2py's C includes them."""
    return Path(sysconfig.get_path("include"), "Python.h").is_file()


def need(**found: Any) -> None:
    missing = [name for name, what in found.items() if not what]
    if missing:
        (pytest.fail if REQUIRED else pytest.skip)(f"needs {', '.join(missing)}")


def run_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )


def answer(use: str, module: Any) -> Any:
    """Return the value of the last line of `use`, or the text of the exception."""
    names = {"m": module, "np": np}
    *before, last = use.split("\n")
    try:
        exec("\n".join(before), names)
        return eval(last, names)
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.title}-{row.use}")
def test_f2pypy(row: Row, our_modules: Callable[[str], ModuleType]) -> None:
    assert answer(row.use, our_modules(row.source)) == row.answer


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.source == "runs"],
    ids=lambda row: f"{row.title}-{row.use}",
)
def test_f2py_at_run_time(row: Row, their_module: Path) -> None:
    code = f"import runs as m\nimport numpy as np\nprint(repr(({row.use})))"
    ran = run_python(their_module, "-c", code)
    if row.f2py == "dies":
        assert ran.returncode < 0
        return
    said = (ran.stdout or ran.stderr).rstrip().split("\n")[-1]
    assert said != repr(row.answer)
    if row.f2py:
        assert said == row.f2py


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.source != "runs"], ids=lambda row: row.source
)
def test_f2py_when_it_builds(row: Row, tmp_path: Path) -> None:
    need(gfortran=shutil.which("gfortran"), gcc=shutil.which("gcc"), headers=headers())
    assert failing_step(tmp_path, SOURCES / f"{row.source}.f90") == row.f2py


def test_f2pys_steps_succeed_elsewhere(tmp_path: Path) -> None:
    need(gfortran=shutil.which("gfortran"), gcc=shutil.which("gcc"), headers=headers())
    assert failing_step(tmp_path, SOURCES / "runs.f90") == ""


def failing_step(folder: Path, source: Path) -> str:
    """Return which step of f2py's build of a source fails, "" for none."""
    if run_python(folder, "-m", "numpy.f2py", "-m", "made", str(source)).returncode:
        return "reading"
    import numpy.f2py

    wrappers = [str(path) for path in folder.glob("made-f2pywrappers*")]
    includes = [
        f"-I{path}"
        for path in (
            np.get_include(),
            numpy.f2py.get_include(),
            sysconfig.get_path("include"),
        )
    ]
    implicit = "-Werror=implicit-function-declaration"
    link = ["-shared", "-fPIC", "-Wl,-z,defs", "-o", "made.so"]
    for step, command in (
        ("Fortran", ["gfortran", "-fsyntax-only", str(source), *wrappers]),
        ("C", ["gcc", "-fsyntax-only", implicit, *includes, "mademodule.c"]),
        ("link", ["gfortran", *link, str(source), *wrappers]),
    ):
        ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if ran.returncode:
            return step
    return ""


UNKNOWN_KIND = """\
subroutine halve(x, y)
  use elsewhere, only: wp
  real(wp), intent(in) :: x
  real(wp), intent(out) :: y
  y = x/2
end subroutine halve
"""


def test_unknown_kinds(tmp_path: Path) -> None:
    need(f2pypy=importlib.util.find_spec("f2pypy"))
    import f2pypy

    source = tmp_path / "halve.f90"
    source.write_text(UNKNOWN_KIND)
    ran = run_python(tmp_path, "-m", "numpy.f2py", "-m", "made", str(source))
    assert ran.returncode == 0
    assert "float x = 0;" in (tmp_path / "mademodule.c").read_text()
    from f2pypy.command.cli import run

    library = ["--library", "./none.so", "--strict"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert run([str(source), "-m", "made", *library]) == 1
    assert f2pypy.__version__


def test_rows_are_those_of_the_documents() -> None:
    text = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
    _, table = text.split("| Fortran | f2py | f2pypy |\n|---|---|---|\n")
    rows = table.split("\n\n")[0].split("\n")
    shown = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    assert {row.title for row in ROWS} - set(shown) == set()
