"""Flags that change kinds, symbols or results: what Python passes is what the compiled procedures take."""

from __future__ import annotations

import importlib
import itertools
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from f2pypy.abi.compilers import chosen_compiler, compiler_named
from f2pypy.abi.conventions import DEFAULT_KINDS, Compiler
from f2pypy.abi.flags import KIND_FLAGS, ROW_FLAGS
from f2pypy.building.library import Build
from f2pypy.building.toolchain import Toolchain
from f2pypy.command import cli
from f2pypy.options import BuildOptions

if sys.implementation.name == "pypy":
    pytest.skip("f2pypy itself is needed", allow_module_level=True)

FLANG = shutil.which("flang-new") or shutil.which("flang-new-19")
GFORTRAN = pytest.mark.skipif(not shutil.which("gfortran"), reason="needs gfortran")
NEEDS_FLANG = pytest.mark.skipif(not FLANG, reason="needs flang")
# a name -> a type as sources write it
TYPES = {
    "i": "integer",
    "l": "logical",
    "r": "real",
    "d": "double precision",
    "c": "complex",
    "z": "double complex",
    "i4": "integer(4)",
    "is4": "integer*4",
    "i8": "integer(8)",
    "l4": "logical(4)",
    "r4": "real(4)",
    "rs4": "real*4",
    "r8": "real(kind=8)",
    "rs8": "real*8",
    "c4": "complex(4)",
    "cs8": "complex*8",
    "cs16": "complex*16",
    "rk": "real(kind(1.0))",
    "rd": "real(kind(1d0))",
    "rs": "real(selected_real_kind(6))",
    "ik": "integer(kind(1))",
    "rn": "real(single)",
    "rw": "real(working)",
    "e": "integer(kind(red))",
}
PROCEDURES = """
  subroutine s_{name}(x, bytes)
    {type}, intent(inout) :: x(2)
    integer(8), intent(out) :: bytes
    bytes = storage_size(x)/8
    x(1) = x(2)
  end subroutine
  function f_{name}(x) result(y)
    {type}, intent(in) :: x
    {type} :: y
    y = x
  end function
"""
CALLBACKS = """
  subroutine b_{name}(callback, x, y)
    interface
      function callback(a) result(b)
        import
        {type}, intent(in) :: a
        {type} :: b
      end function
    end interface
    {type}, intent(in) :: x
    {type}, intent(out) :: y
    y = callback(x)
  end subroutine
"""


def source() -> str:
    """Return a module with procedures of each type, and external procedures with a common block."""
    variables = "\n".join(f"  {t} :: v_{n}(2)" for n, t in TYPES.items())
    return (
        "module m_m\n  use iso_c_binding, single => c_float\n  implicit none\n"
        "  integer, parameter :: working = kind(1.0)\n"
        "  enum, bind(c)\n    enumerator :: red = 1, green\n  end enum\n"
        "  real, parameter :: tenth = 0.1\n  integer, parameter :: three = 3\n"
        "  double precision, parameter :: third = 1d0/3\n"
        f"{variables}\ncontains\n"
        + "".join(PROCEDURES.format(name=n, type=t) for n, t in TYPES.items())
        + "".join(
            CALLBACKS.format(name=n, type=t)
            for n, t in TYPES.items()
            if n[0] not in "cz"  # callbacks return no complex numbers
        )
        + "end module\n"
        "subroutine out_side(x, n, y)\n  real, intent(in) :: x(n)\n  real, intent(out) :: y\n"
        "  common /block_a/ u, k\n  common /blockb/ w\n  real u, w\n  integer k\n"
        "  y = sum(x)/3\n  u = y\n  w = y\n  k = n\nend subroutine\n"
        "real function third_of(x)\n  real, intent(in) :: x\n  third_of = x/3\nend function\n"
        "complex function turned(x)\n  complex, intent(in) :: x\n  turned = (0, 1)*x\nend function\n"
    )


SAMPLES = {"i": 5, "f": 0.1, "c": 0.1 + 0.2j}


def check(built: ModuleType) -> set[str]:
    """Call everything in a module of `source`; return the names of the types that were wrapped."""
    found = set()
    for name in TYPES:
        procedure = getattr(built.m_m, f"s_{name}", None)
        if procedure is None:
            continue
        found.add(name)
        family = {"l": "i", "e": "i"}.get(name[0], "c" if name[0] in "cz" else name[0])
        family = "f" if family in "rd" else family
        letters = {"i": "i", "f": "f", "c": "c"}[family]
        variable = getattr(built.m_m, f"v_{name}")
        given = np.full(
            2, SAMPLES[family] if name[0] not in "el" else 1, variable.dtype
        )
        assert variable.dtype.kind == letters
        given[0] = 0
        width = procedure(given)
        assert width in (given.itemsize, None) or procedure(given)[-1] == given.itemsize
        assert given[0] == given[1], name
        scalar = getattr(built.m_m, f"f_{name}")(given[1])
        assert scalar == given[1], name
        if family != "c":
            seen = getattr(built.m_m, f"b_{name}")(lambda a: a, given[1])
            assert seen == given[1], name
    return found


def check_outside(built: ModuleType, real: type[np.floating]) -> None:
    """Call the external procedures, with reals of that type."""
    x = np.array([0.1, 0.2, 0.4], real)
    total = real(x.sum() / real(3))
    assert built.out_side(x) == pytest.approx(total, rel=float(4 * np.finfo(real).eps))
    assert built.third_of(0.1) == real(0.1) / real(3)
    assert built.turned(0.25 + 0.5j) == -0.5 + 0.25j
    assert built.block_a.u.dtype == built.blockb.w.dtype == real
    assert built.block_a.u == built.blockb.w == built.out_side(x)
    assert built.block_a.k == 3


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    numbers = itertools.count()

    def build(flags: str, *more: str, compiler: str = "gfortran") -> ModuleType:
        name = (
            f"flags_{abs(hash((flags, more, compiler, str(tmp_path))))}_{next(numbers)}"
        )
        path = tmp_path / f"{name}.f90"
        path.write_text(source())
        monkeypatch.chdir(tmp_path)
        monkeypatch.syspath_prepend(tmp_path)
        arguments = ["-c", "-m", name, path.name, f"--f90flags={flags}", "--noopt"]
        assert cli.run([*arguments, "--f90exec", compiler, "--quiet", *more]) == 0
        importlib.invalidate_caches()
        return importlib.import_module(name)

    return build


ALL = set(TYPES)
QUAD = {"d", "z", "rd"}
ASKED = {
    "-fdefault-real-8": (np.float64, ALL - QUAD),
    "-fdefault-integer-8": (np.float32, ALL),
    "-fdefault-real-8 -fdefault-double-8 -fdefault-integer-8": (np.float64, ALL),
    "-freal-4-real-8": (np.float64, ALL),
    "-freal-8-real-4": (np.float32, ALL),
    "-finteger-4-integer-8": (np.float32, ALL),
    "-fdefault-real-10": (np.longdouble, ALL - QUAD),
    "-fno-underscoring": (np.float32, ALL),
    "-fsecond-underscore": (np.float32, ALL),
    "-ff2c": (np.float32, ALL),
    "-ff2c -fdefault-real-8 -fdefault-double-8 -fno-second-underscore": (
        np.float64,
        ALL,
    ),
    "-fshort-enums": (np.float32, ALL),
    "-fpack-derived -Wall -Werror=pedantic -std=legacy": (np.float32, ALL),
}


@GFORTRAN
@pytest.mark.parametrize("flags", ASKED)
def test_gfortran(build: Callable[..., ModuleType], flags: str) -> None:
    real, expected = ASKED[flags]
    built = build(flags)
    assert check(built) == expected
    check_outside(built, real)
    assert built.m_m.tenth == real("0.1")
    assert built.m_m.three == 3
    enumerator = {"-fshort-enums": np.int8, "-finteger-4-integer-8": np.int64}
    assert built.m_m.v_e.dtype == enumerator.get(flags, np.int32)


@NEEDS_FLANG
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("-fdefault-real-8 -fdefault-integer-8", ALL - QUAD),
        ("-fdefault-real-8 -fdefault-double-8 -fno-underscoring", ALL),
    ],
)
def test_flang(
    build: Callable[..., ModuleType], flags: str, expected: set[str]
) -> None:
    built = build(flags, compiler=str(FLANG))
    assert check(built) == expected
    check_outside(built, np.float64)


def asked(command: str, flags: str, folder: Path) -> Compiler:
    """Return the row of a compiler as it tells it."""
    options = BuildOptions(fortran=command, flags=tuple(flags.split()))
    with Build(options, folder) as build:
        answers = build.ask()
    assert answers
    name = "flang" if "flang" in command else "gfortran"
    return chosen_compiler(name, answers)


COMBINED = (
    "-fdefault-real-8 -fdefault-double-8",
    "-fdefault-double-8 -fdefault-real-8",
    "-fdefault-integer-8 -fdefault-real-8",
    "-fdefault-integer-8 -finteger-4-integer-8",
    "-fno-underscoring -fsecond-underscore",
    "-ff2c -fno-second-underscore",
    "-ff2c -fdefault-real-8 -fdefault-double-8",
    "-fsecond-underscore -fno-second-underscore",
)
# it is an error alone
GIVEN = [f for f in (*KIND_FLAGS, *ROW_FLAGS) if f != "-fdefault-double-8"]


@GFORTRAN
@pytest.mark.parametrize("flags", [*GIVEN, *COMBINED])
def test_the_table_says_what_gfortran_says(flags: str, tmp_path: Path) -> None:
    told = asked("gfortran", flags, tmp_path)
    row = compiler_named(f"gfortran {flags}")
    for field in ("procedure", "underscored", "complex_results", "real_results"):
        assert getattr(row, field) == getattr(told, field), field
    assert dict(row.meant) == dict(told.meant)


@GFORTRAN
def test_a_compiler_without_flags_is_what_the_table_says(tmp_path: Path) -> None:
    for command in filter(None, (shutil.which("gfortran"), FLANG)):
        told = asked(command, "", tmp_path)
        usual = chosen_compiler("flang" if "flang" in command else "gfortran")
        assert (told.procedure, told.underscored) == (usual.procedure, "")
        assert {name for name, kind in told.meant if kind} == set()
        assert not {name for name, _ in told.meant} & {f"{t}*" for t in DEFAULT_KINDS}


def test_flags_of_a_library_that_exists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    path = tmp_path / "wide.pyf"
    path.write_text(
        "python module wide\ninterface\nfunction third(x, n)\nreal :: x, third\ninteger :: n\n"
        "real(kind=kind(1d0)) :: y\nend function\nend interface\nend python module\n"
    )
    for flags, types in (
        ("", "FLOAT INT"),
        ("-fdefault-real-8 -fdefault-integer-8", "DOUBLE LONG"),
    ):
        said = f"--compiled-by=gfortran-12 {flags}".strip()
        assert cli.run([str(path), said, "-o", "-", "--runtime", "import"]) == 0
        text = capsys.readouterr().out
        real, integer = types.split()
        line = next(each for each in text.split("\n") if "= Routine(" in each)
        assert f'"third", {real}, ({real}, {integer})' in line
    assert cli.run([str(path), "--compiled-by=gfortran -fdefault-reel-8"]) == 2
    assert (
        "-fdefault-reel-8 doesn't change how procedures are called"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("flags", "is_usual"),
    [
        ("-O2 -march=native -g -fopenmp -ffree-line-length-none -Wall -I dir", True),
        ("-fcheck=bounds -fbacktrace -funroll-loops -ffast-math -fPIC", True),
        ("-fdefault-real-8", False),
        ("-m32", False),
        ("@flags.txt", False),
        ("-fsomething-new", False),
    ],
)
def test_which_flags_are_asked_about(flags: str, is_usual: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(
        "shutil.which", lambda name, path=None: None if " " in name else name
    )
    banner = "GNU Fortran (Debian 12.2.0-14) 12.2.0\n"
    words = tuple(flags.split())
    for options, environment in (
        (BuildOptions(flags=words), {"FC": "gfortran"}),
        (BuildOptions(optimization=words), {"FC": "gfortran-12"}),
        (BuildOptions(), {"FC": f"gfortran {flags}"}),
        (BuildOptions(), {"FC": "gfortran", "FFLAGS": flags}),
    ):
        assert Toolchain(environment, options).is_usual(banner) is is_usual
    unusual = Toolchain({"FC": "mpifort"}, BuildOptions())
    assert not unusual.is_usual(banner)
    newer = "GNU Fortran (GCC) 99.1.0\n"
    assert not Toolchain({"FC": "gfortran"}, BuildOptions()).is_usual(newer)


SIGNATURE = """
python module {module}
usercode '''
extern void F_FUNC(twiceof,TWICEOF)({real} *);
void add_one({real} *x) {{ F_FUNC(twiceof,TWICEOF)(x); *x += 1; }}
'''
interface
  subroutine twiceof(x)
    real, intent(inout) :: x
  end subroutine
  subroutine add_one(x)
    intent(c) add_one
    real, intent(inout) :: x
  end subroutine
  subroutine ask_user(x, y)
    use {module}__user__routines
    external by_name
    intent(callback, hide) by_name
    real, intent(in) :: x
    real, intent(out) :: y
  end subroutine
  function halved(x, k)
    real :: halved
    real, intent(in) :: x
    integer(kind=kind(1)), optional :: k = 2
  end function
end interface
end python module
python module {module}__user__routines
  interface
    function by_name(x) result (y)
      real :: x, y
    end function
  end interface
end python module
"""
EXTERNAL = """
subroutine twiceof(x)
  real, intent(inout) :: x
  x = 2*x
end subroutine
subroutine ask_user(x, y)
  real, intent(in) :: x
  real, intent(out) :: y
  real, external :: by_name
  y = by_name(x)
end subroutine
real function halved(x, k)
  real, intent(in) :: x
  integer, intent(in) :: k
  halved = x/k
end function
"""


@GFORTRAN
@pytest.mark.parametrize(
    ("flags", "real", "c_type"),
    [
        ("-fdefault-real-8 -fdefault-integer-8", np.float64, "double"),
        ("-fno-underscoring", np.float32, "float"),
        ("-ff2c", np.float32, "float"),
        ("-fsecond-underscore -freal-4-real-8", np.float64, "double"),
    ],
)
def test_signature_files(
    flags: str, real: type[np.floating], c_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    name = "signed" + "".join(c for c in flags if c.isalnum())
    Path("external.f90").write_text(EXTERNAL)
    Path("s.pyf").write_text(SIGNATURE.format(module=name, real=c_type))
    flagged = ["s.pyf", "external.f90", "--f77flags", flags, "--strict", "--quiet"]
    assert cli.run(["-c", *flagged]) == 0
    importlib.invalidate_caches()
    built = importlib.import_module(name)
    x = np.array(0.1, real)
    built.twiceof(x)
    assert x == 2 * real(0.1)
    built.add_one(x)
    assert x == real(4 * real(0.1) + real(1))
    built.by_name = lambda x: x + 1
    assert built.ask_user(0.5) == 1.5
    assert built.halved(0.2) == real(0.2) / real(2)
