"""Plans are read back from the text that is printed for them, and from nothing else than what runs."""

from __future__ import annotations

import importlib
import importlib.util
import py_compile
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import f2pypy
from f2pypy import model, pipeline, plan
from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.lower.module import plan_module
from f2pypy.options import BuildOptions, Options
from f2pypy.printing.environment import printed
from f2pypy.printing.parameter_names import with_fortran_names
from f2pypy.printing.render import render

pytest.importorskip("llvmlite")
from native_plans import Unread, form_of

from f2pypy.native.code import NotNative
from f2pypy.native.reading.steps import read_procedure
from f2pypy.native.tier import routine_of
from f2pypy.runtime.libraries import Library

ROOT = Path(__file__).parents[1]
SIGNATURES = sorted(
    [
        *(ROOT / "examples").glob("*/*.pyf"),
        *(ROOT / "tests" / "golden").glob("*.pyf"),
        *(ROOT / "fortran").glob("*.pyf"),
    ]
)
SOURCES = sorted(
    path for path in (ROOT / "fortran").glob("**/*.f*") if path.suffix in (".f", ".f90")
)


def plan_of(path: Path) -> plan.Module:
    """Return the plan of the module for a signature file or a source."""
    options, diagnostics = Options(runtime="import"), Diagnostics()
    library: model.Library
    if path.suffix == ".pyf":
        text = path.read_text(encoding="utf-8")
        library = pipeline.resolve_signature(text, str(path), options, diagnostics)
    else:
        options = replace(options, module=path.stem, compiles=True)
        sources: list[Source] = pipeline.load_sources([str(path)], BuildOptions())
        library = pipeline.resolve_sources(sources, options, diagnostics)
    return plan_module(library, options, "0", diagnostics)


def imported(text: str, folder: Path, name: str) -> ModuleType:
    """Import a module's text from a file in `folder`."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


def read_back(module: ModuleType, function: str) -> Any:
    """Return what is read from the text of a routine, or why it can't be."""
    routine = routine_of(getattr(module, function))
    try:
        return form_of(read_procedure(routine.func, vars(module)))
    except NotNative as reason:
        return str(reason)


def said(procedure: plan.Procedure) -> Any:
    """Return what a procedure's plan says to native code, or what it doesn't do of it."""
    try:
        return form_of(procedure)
    except Unread as unread:
        return str(unread)


def named(form: Any, procedure: plan.Procedure) -> Any:
    """Return a form with the names of parameters that are printed for those in the plan."""
    if not procedure.restored:
        return form
    text = repr(form)
    for planned, name in procedure.restored:
        text = re.sub(rf"\b{planned}\b", name, text)
    return text


@pytest.mark.parametrize(
    "path", [*SIGNATURES, *SOURCES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_what_is_read_is_what_was_printed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nothing is called, so no library is needed
    monkeypatch.setattr(Library, "_load", lambda *_: [])
    planned = plan_of(path)
    if not planned.procedures:
        pytest.skip("there are no procedures")
    module = imported("".join(render(planned)), tmp_path, planned.name)
    claims = {identifier: name for name, identifier in planned.claimed}
    for procedure in with_fortran_names(planned, printed).procedures:
        function = claims.get(procedure.function, procedure.function)
        wanted, found = said(procedure), read_back(module, function)
        if isinstance(wanted, str):
            assert isinstance(found, str), f"{function} has a {wanted}"
            continue
        assert not isinstance(found, str), f"{function}: {found}"
        for part, read in zip(wanted, found, strict=True):
            for each, back in zip(part, read, strict=True):
                told = f"{function}: {each[0]} is read as {back[0]}"
                assert named(back, procedure) == named(each, procedure), told
        assert named(found, procedure) == named(wanted, procedure)


FORTRAN = """
      function shift(n, a)
        integer n
        double precision shift, a
        shift = a + n
      end
"""
SIGNATURE = """
python module shifts
interface
  function shift(n, a) result(s)
    integer, check(n > -100), intent(in) :: n
    double precision, optional :: a = 2.0
    double precision :: s
  end function
end interface
end python module
"""
CALL = "    s: float = _shift.call(n, a)\n"
NO_SOURCE = "the module's source text is not to be had"
Load = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def shifts(compiled: Any) -> str:
    """The text of a module with one routine."""
    return f2pypy.generate(SIGNATURE, library_path=str(compiled(FORTRAN)), strict=True)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """A function that imports a text, each time under another name."""
    monkeypatch.setenv("F2PYPY_NATIVE", "")
    names = iter(("first", "second"))
    return lambda text: imported(text, tmp_path, next(names))


def inserted(text: str, *lines: str) -> str:
    """Return the module with `lines` before the routine's call."""
    before, call, after = text.partition(CALL)
    assert call
    return before + "".join(f"    {line}\n" for line in lines) + call + after


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except Exception as failure:
        return type(failure), str(failure)


NUMBERS = (-7, -6, -1, 0, 1, 2, 3, 7, 12, 2**31 - 1, 2**31)


@pytest.mark.parametrize(
    "lines",
    [
        ["n = n * 2 - 1"],
        ["n = n // -2"],
        ["n = n // 3 + n % 3"],
        ["n = n % -3"],
        ["n = 5 % n + 5 // n"],
        ["if n == 3:", "    raise ValueError(f'{n} is refused')"],
        ["if not -5 < n <= 5 or n and n > 3:", "    raise ValueError('refused')"],
        ["a = a / 3 if n else -a", "n = max(n, 2, abs(-1))"],
        ["n = int(a < 3.0) + (n > 1 and not n > 2)"],
    ],
    ids=lambda lines: lines[0],
)
def test_what_is_added_by_hand_is_compiled(
    shifts: str, load: Load, lines: list[str]
) -> None:
    text = inserted(shifts, *lines)
    python, native = load(text), load(text)
    native.__native__.compile()
    assert native.__native__.compiled == ["shift"], native.__native__.refused
    for n in NUMBERS:
        for more in ((), (None,), (1.5,), (4,)):
            expected = outcome(python.shift, n, *more)
            assert outcome(native.shift, n, *more) == expected, (n, more)


def test_other_values_returned(shifts: str, load: Load) -> None:
    text = shifts.replace("    return s\n", "    return n, s, a\n")
    python, native = load(text), load(text)
    native.__native__.compile()
    assert native.__native__.compiled == ["shift"]
    assert native.shift(3, 0.1) == python.shift(3, 0.1) == (3, 3.1, 0.1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (CALL, "    print(n)\n" + CALL, "'print(n)'"),
        (CALL, "    n = n and 3\n" + CALL, "n and 3"),
        (CALL, "    n = sum((n, 1))\n" + CALL, "sum((n, 1))"),
        (CALL, "    n += 1\n" + CALL, "'n += 1'"),
        (CALL, "    while n > 3: n = n - 1\n" + CALL, "while n > 3"),
        (CALL, "    s, n = _shift.call(n, a)\n", "does not give"),
        (CALL, "    s = _shift.call(n, a, n)\n", "not the procedure's"),
        (CALL, "    s = _shift.call(n, a=a)\n", "s = _shift.call(n, a=a)"),
        (CALL, "    s = _shift.call(n, *[a])\n", "[a]"),
        (CALL, "    s = _shift.call(n, None if n else a)\n", "None"),
        ("    return s\n", "    return (s,)\n", "fewer than two values"),
        ("    return s\n", "    return None\n", "None"),
        ("float | None = 2.0", "float | None = 3.0", "two defaults of a"),
        ("n: int,", "n: int = 1,", "the default of n"),
        ("(n: int, a", "(n: int, *, a", "parameters that aren't plain"),
    ],
)
def test_what_is_not_known_stays_python(
    shifts: str, load: Load, old: str, new: str, reason: str
) -> None:
    assert old in shifts
    module = load(shifts.replace(old, new, 1))
    module.__native__.compile()
    assert reason in module.__native__.refused["shift"]


MEASURED = """
python module measured
interface
  function shift(n, a) result(s)
    integer, optional, depend(a), check(n == shape(a, 0)) :: n = shape(a, 0)
    double precision, intent(in) :: a(n)
    double precision :: s
  end function
end interface
end python module
"""


@pytest.fixture(scope="module")
def measured(compiled: Any) -> str:
    """The text of a module whose routine has an extent that the caller may give."""
    return f2pypy.generate(MEASURED, library_path=str(compiled(FORTRAN)), strict=True)


def test_an_extent_that_is_given_is_checked(measured: str, load: Load) -> None:
    check = "        if n != len(a):\n            raise refused("
    assert check in measured
    python, native = load(measured), load(measured)
    native.__native__.compile()
    assert native.__native__.compiled == ["shift"]
    array = np.array([0.5, 1.0])
    assert python.shift(array, None) == native.shift(array, None) == 2.5
    for n in (2, 2.0, np.int32(2), 3, 1, -1, 2**40, "2", [2, 3]):
        expected = outcome(python.shift, array, n)
        found = outcome(native.shift, array, n)
        assert str(found) == str(expected).replace("first", "second"), n
    assert python.shift(array) == python.shift(array, 2) == 2.5
    with pytest.raises(python.error, match=r"\(n == shape\(a, 0\)\) failed"):
        python.shift(array, 3)


def test_a_check_that_the_default_may_fail_stays_python(
    measured: str, load: Load
) -> None:
    module = load(measured.replace("if n != len(a)", "if n < len(a)", 1))
    module.__native__.compile()
    assert "the default may fail" in module.__native__.refused["shift"]


def test_a_file_that_has_changed_since_is_not_read(
    shifts: str, load: Load, tmp_path: Path
) -> None:
    module = load(shifts)
    path = tmp_path / "first.py"
    path.write_text(inserted(shifts, "n = n + 1"))
    module.__native__.compile()
    refused = module.__native__.refused
    assert refused == {"shift": "its source text is not what runs"}
    assert module.shift(1) == 3.0


def test_a_default_that_has_changed_since_is_not_compiled(
    shifts: str, load: Load
) -> None:
    module = load(shifts)
    module.shift.func.__defaults__ = (5.0,)
    module.__native__.compile()
    assert "two defaults of a" in module.__native__.refused["shift"]


def test_bytecode_alone_has_no_native_code(
    shifts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    path = tmp_path / "alone.py"
    path.write_text(shifts)
    py_compile.compile(str(path), cfile=str(path.with_suffix(".pyc")))
    path.unlink()
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("alone")
    monkeypatch.delitem(sys.modules, "alone")
    assert module.shift(1) == 3.0
    assert module.__native__.reason == NO_SOURCE


def test_text_that_is_in_no_file_has_no_native_code(
    shifts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(shifts, "<made>", "exec"), namespace)
    assert namespace["shift"](1) == 3.0
    assert namespace["__native__"].reason == NO_SOURCE


def test_an_archive_has_source_text(
    shifts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    with zipfile.ZipFile(tmp_path / "modules.zip", "w") as archive:
        archive.writestr("zipped.py", shifts)
    monkeypatch.syspath_prepend(str(tmp_path / "modules.zip"))
    module = importlib.import_module("zipped")
    monkeypatch.delitem(sys.modules, "zipped")
    assert module.shift(1) == 3.0
    assert module.__native__.compiled == ["shift"]
