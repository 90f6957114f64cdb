"""What f2pypy says of mistakes: in hand-written signature files, in sources without their modules, of libraries."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from f2pypy import pipeline
from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import Generated
from f2pypy.reading.forms import Form

OPTIONS = Options(runtime="import")


def from_signature(text: str) -> Generated:
    whole = f"python module m\ninterface\n{text}\nend interface\nend python module\n"
    return pipeline.generate_module(whole, "f.pyf", OPTIONS)


def from_fortran(text: str) -> Generated:
    source = Source(Path("f.f90"), text, Form.FREE)
    return pipeline.generate_from_sources([source], OPTIONS, Diagnostics())


# beside faulty routines: where nothing is left, the run fails
GOOD = "subroutine good(i)\ninteger :: i\nend subroutine\n"


def said(generated: Generated) -> list[str]:
    """The messages, with their lines in the text of the routines."""
    found = (*generated.warnings, *generated.skipped)
    return [f"{each.span.line - 2}: {each.message}" for each in found]


# the statements of a routine f(n, x), and what is said of them
MISTAKES = {
    "undeclared": (
        "integer :: n",
        "1: argument 'x' of f is not declared: its first letter gives it a type",
    ),
    "stranger": (
        "integer, intent(in) :: n, m\nreal :: x",
        "2: 'm' is no argument of f: this intent has no effect",
    ),
    "stranger with a near name": (
        "integer :: n\nreal :: x\noptional nn",
        "4: 'nn' is no argument of f: this optional has no effect; did you mean 'n'?",
    ),
    "unknown dependence": (
        "integer, depend(xx) :: n\nreal :: x",
        "2: depend(xx): nothing in f is named 'xx'; did you mean 'x'?",
    ),
    "contradiction": (
        "integer, intent(in, inout) :: n\nreal :: x",
        "2: 'n' is in and inout: inout has no effect beside in",
    ),
    "contradiction of statements": (
        "integer, intent(inout) :: n\nreal :: x\nintent(hide) n",
        "4: 'n' is hide and inout: inout has no effect beside hide",
    ),
    "optional and required": (
        "integer, optional, required :: n\nreal :: x",
        "2: 'n' is required and optional: optional has no effect beside required",
    ),
    "unknown intent": (
        "integer :: n\nreal, intent(inn, out) :: x",
        "3: unknown intent 'inn' is ignored; did you mean 'in'?",
    ),
    "optional as an intent": (
        "integer, intent(in, optional) :: n\nreal :: x",
        "2: intent(optional) has no effect, so 'n' is required: optional is an attribute of its own",
    ),
    "unknown attribute": (
        "integer :: n\nreal, intnet(in) :: x",
        "3: unknown attribute 'intnet(in)' is ignored; did you mean 'intent'?",
    ),
    "axis that an array lacks": (
        "integer, optional :: n = shape(x, 1)\nreal :: x(*)",
        "2: 'x' has rank 1, and the default 'shape(x, 1)' asks for another axis: "
        "calls that leave 'n' out raise IndexError when they compute it",
    ),
    "axis that a hidden argument needs": (
        "integer, intent(hide) :: n = shape(x, 1)\nreal :: x(*)",
        "2: f is left out: x has rank 1, no axis 1",
    ),
    "assignment for comparison": (
        "integer, check(len(x) = 0) :: n\nreal :: x(n)",
        "2: f is left out: '=' changes its left side: did you mean '=='?",
    ),
}


@pytest.mark.parametrize(
    ("statements", "message"), MISTAKES.values(), ids=list(MISTAKES)
)
def test_mistakes_in_signature_files(statements: str, message: str) -> None:
    routine = f"subroutine f(n, x)\n{statements}\nend subroutine\n{GOOD}"
    assert message in said(from_signature(routine))


@pytest.mark.parametrize(
    "statements",
    [
        "integer, intent(in, hide) :: n\nreal :: x",
        "integer, intent(hide), intent(in) :: n = 3\nreal :: x",
        "integer, intent(in) :: n\nreal, intent(in, out) :: x\nintent(hide) n",
    ],
)
def test_intents_that_agree(statements: str) -> None:
    """Fortran may read what the caller doesn't see."""
    text = f"subroutine f(n, x)\n{statements}\nend subroutine\n"
    assert said(from_signature(text)) == []


def test_optional_is_no_intent() -> None:
    """As in f2py, it makes nothing optional, and changes nothing where there is a default or the attribute."""
    said_of_n = {
        "integer, intent(in, optional) :: n": "f(n, x)",
        "integer, intent(in, optional), optional :: n": "f(x, n)",
        "integer, intent(in, optional) :: n = 3": "f(x, n)",
        "integer intent(optional), intent(in) :: n = 3": "f(x, n)",
    }
    for statement, call in said_of_n.items():
        generated = from_signature(f"subroutine f(n, x)\n{statement}\nreal :: x\nend")
        names = re.search(r"^def f\((.*)\)", generated.text, re.MULTILINE)
        assert names is not None
        found = [each.partition(":")[0] for each in names[1].split(", ")]
        assert f"f({', '.join(found)})" == call
        assert len(generated.warnings) == (call == "f(n, x)")


def test_repeated_arguments() -> None:
    for reading in (from_signature, from_fortran):
        generated = reading(f"subroutine f(n, n)\ninteger :: n\nend subroutine\n{GOOD}")
        (message,) = generated.skipped
        assert message.message == "f is left out: its argument 'n' is repeated"


SOUND = """\
subroutine f(n, x, g, k, a)
integer, intent(hide), depend(x), optional :: n = len(x)
real, intent(in, out, copy, out=y), depend(k) :: x(n)
external g
integer, intent(hide, cache) :: k
intent(c) f
integer, intent(inout, out) :: a
integer, intent(aux) :: extra
end subroutine
subroutine implicitly(n, x)
implicit real (a-h, o-z)
end subroutine
function r(x) result(y)
real :: x
real, intent(out) :: y
entry s(z)
real, intent(in) :: z
end function
subroutine calls(g, n)
integer :: n
call g(n)
end subroutine"""


def test_what_f2py_accepts_is_not_remarked() -> None:
    assert not from_signature(SOUND).warnings


def test_kinds_of_what_python_lacks() -> None:
    text = "subroutine f(x)\n{} :: x\nend subroutine\n" + GOOD
    for type_, reason in {
        "class(shape)": "'x' is polymorphic: class(shape)",
        "type(shape)": "'x' is of derived type 'shape'",
        "real(16)": "'x': NumPy has no 113-bit real(16)",
        "complex(16)": "'x': NumPy has no 113-bit complex(16)",
    }.items():
        for reading in (from_signature, from_fortran):
            (message,) = reading(text.format(type_)).skipped
            assert message.message == f"f is left out: {reason}"
            assert message.span.line == (4 if reading is from_signature else 2)


def test_every_fault_of_a_routine_is_told() -> None:
    text = "subroutine f(x, y, z)\ninteger(7) :: x\nreal(q) :: y\nreal :: z(3 +)\nend subroutine\n"
    assert len(from_signature(text + GOOD).skipped) >= 2
    two = "subroutine f(x, y)\nreal(16) :: x\ninteger(16), intent(out) :: y\nend subroutine\n"
    for reading in (from_signature, from_fortran):
        generated = reading(two + GOOD)
        assert [each.message.partition(": ")[2][:3] for each in generated.skipped] == [
            "'x'", "'y'"
        ]  # fmt: skip


# the statements of a routine f(n, x, y, z), and a word of each message
FAULTS = {
    "types and extents": (
        "integer :: n\nreal(7) :: x\nreal :: y(unknown)\nreal z(n)", ["kind", "unknown"]
    ),
    "types and what depends on them": (
        "integer(7) :: n\nreal :: x(n), y(2*n), z(other)", ["kind", "other"]
    ),
    "a result": (
        "integer n\nreal(7) f\nreal :: x(unknown), y, z", ["kind", "unknown"]
    ),
    "three stages": (
        "integer(7) :: n\nreal :: x(unknown), y, z\ncallstatement (*f2py_func)(&nowhere)",
        ["kind", "unknown", "address"],
    ),
    "a call with a faulty variable": (
        "integer(7) :: n\nreal :: x(unknown), y, z\ncallstatement (*f2py_func)(&n, x)\ncallprotoargument int*, float*",
        ["kind", "unknown"],
    ),
    "a check and a default": (
        "integer, check(n > nowhere) :: n\nreal :: x = elsewhere, y, z", ["nowhere", "elsewhere"]
    ),
    "one": ("integer :: n\nreal(7) :: x\nreal :: y, z(n)", ["kind"]),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "named"), FAULTS.values(), ids=FAULTS)
def test_faults_of_several_stages(statements: str, named: list[str]) -> None:
    """Each is told once, and nothing that only follows from another."""
    kind = "function" if "real(7) f" in statements else "subroutine"
    routine = f"{kind} f(n, x, y, z)\n{statements}\nend {kind}\n"
    found = [each.message for each in from_signature(routine + GOOD).skipped]
    assert len(found) == len(named)
    for name, message in zip(named, found, strict=True):
        assert re.search(rf"\b{name}\b", message.partition(" is left out: ")[2])


def test_modules_that_are_missing() -> None:
    """The message names the module that a name comes from, if the unit, its host or a module they use says it."""
    text = """\
module known
  use deeper, only: far
end module
module host
  use stuff, only: wp, kind2 => dp
contains
  subroutine first(x, y)
    real(wp) :: x
    real(kind2) :: y
  end subroutine
end module
subroutine second(x)
  use whole
  real(qp) :: x
end subroutine
subroutine third(x)
  use known
  real(far) :: x
end subroutine
subroutine fourth(x)
  use iso_c_binding
  real(nobody) :: x
end subroutine
"""
    found = {
        each.span.line: each.message.partition("known here")[2]
        for each in from_fortran(text + GOOD).skipped
    }
    assert found == {
        8: " (it comes from the module 'stuff', which isn't among the files)",
        9: " (it comes from the module 'stuff', which isn't among the files)",
        14: " (perhaps it comes from the module 'whole', which isn't among the files)",
        18: " (it comes from the module 'deeper', which isn't among the files)",
        22: " (a kind map can say what it is: --f2cmap)",
    }


def test_a_library_with_an_undefined_symbol(tmp_path: Path) -> None:
    """What the loader says comes first: the library was found."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    (tmp_path / "a.c").write_text(
        "extern int nowhere; int *f_(void) { return &nowhere; }"
    )
    library = tmp_path / "libbroken.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, tmp_path / "a.c"], check=True
    )
    with pytest.raises(OSError, match="nowhere"):
        ctypes.CDLL(str(library))
    from f2pypy.runtime.libraries import Library

    with pytest.raises(ImportError) as caught:
        Library("broken", path=str(library))
    first = str(caught.value).partition("\n")[0]
    assert first.startswith("broken: its library can't be loaded, the loader says: ")
    assert "undefined symbol: nowhere" in first
    assert "was found" not in first
