"""Where the arguments of a callback are told, and what can't be told: each source is compiled and called."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import f2pypy
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import generate_from_sources, load_sources

SOURCE = """
subroutine by_call(f, n, a, r)
  external f
  integer n
  double precision a(n), r, w(3)
!f2py intent(out) r
  w = 2
  r = 4
  call f(n, a, w, r + 1.0, -2, 'ab')
  r = sum(a)
end subroutine
function by_value(g, x)
  external g
  double precision by_value, g, x
  by_value = g(x, 3) + 1
end function
subroutine by_interface(g, r)
  implicit none
  interface
    function g(x, k) result(y)
      real(8), intent(in) :: x
      integer, intent(inout) :: k
      real(8) :: y
    end function
  end interface
  real(8), intent(out) :: r
  integer k
  k = 3
  r = g(2d0, k) + 100*k
end subroutine
subroutine by_name(g, r)
  implicit none
  abstract interface
    subroutine act(x, n)
      integer, intent(in) :: n
      real(8), intent(inout) :: x(n)
    end subroutine
  end interface
  procedure(act) :: g
  real(8), intent(out) :: r
  real(8) x(4)
  x = 1
  call g(x, 4)
  r = sum(x)
end subroutine
subroutine bound_to_c(g, r)
  use iso_c_binding
  implicit none
  interface
    function g(n, text) bind(c)
      use iso_c_binding
      integer(c_int), value :: n
      character(kind=c_char) :: text(n)
      real(c_double) :: g
    end function
  end interface
  real(8), intent(out) :: r
  r = g(2_c_int, ['a', 'b'])
end subroutine
"""

SIGNATURES = """
python module described
  interface
    subroutine by_call(f, n, a, r)
      external f
      integer, optional, check(shape(a, 0) == n), depend(a) :: n = shape(a, 0)
      double precision, dimension(n) :: a
      double precision, dimension(3) :: w
      double precision, intent(out) :: r
      double precision :: t
      character*2 :: s
      call f(n, a, w, t, -2, s)
    end subroutine by_call
    function by_value(g, x)
      external g
      double precision :: by_value, x, y
      y = g(x, 3)
    end function by_value
    subroutine by_interface(g, r)
      external g
      interface
        function g(x, k) result(y)
          real*8, intent(in) :: x
          integer, intent(inout) :: k
          real*8 :: y
        end function g
      end interface
      double precision, intent(out) :: r
    end subroutine by_interface
  end interface
end python module described
"""


def load(folder: Path, text: str) -> ModuleType:
    path = folder / "described.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("described", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def from_source(
    tmp_path_factory: pytest.TempPathFactory, compiled: Callable[..., Path]
) -> ModuleType:
    """The module that the Fortran source alone gives."""
    folder = tmp_path_factory.mktemp("source")
    source = folder / "described.f90"
    source.write_text(SOURCE)
    library = str(compiled(SOURCE))
    options = Options(module="described", library_path=library, strict=True)
    diagnostics = Diagnostics()
    sources = load_sources([str(source)], BuildOptions())
    return load(folder, generate_from_sources(sources, options, diagnostics).text)


@pytest.fixture(scope="module")
def from_signatures(
    tmp_path_factory: pytest.TempPathFactory, compiled: Callable[..., Path]
) -> ModuleType:
    """The module that the signature file gives for the same library."""
    text = f2pypy.generate(SIGNATURES, library_path=compiled(SOURCE), strict=True)
    return load(tmp_path_factory.mktemp("signatures"), text)


@pytest.fixture(params=["from_source", "from_signatures"])
def described(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_a_call_tells_the_arguments(described: Any) -> None:
    seen: list[Any] = []
    everything = functools.partial(lambda *arguments: seen.extend(arguments))
    described.by_call(everything, [1.0, 2.0])
    # the size of an array comes last, as f2py has it
    a, w, t, constant, text, n = seen
    assert (a.shape, w.shape, t, constant, text, n) == ((2,), (3,), 5.0, -2, "ab", 2)


def test_the_arrays_of_a_call_are_views(described: Any) -> None:
    def fill(a: Any, w: Any) -> None:
        a[:] = w[:2] + 1

    assert described.by_call(fill, [0.0, 0.0]) == 6.0


def test_an_expression_tells_the_result(described: Any) -> None:
    assert described.by_value(lambda x, k: x * k, 2.5) == 8.5


def test_an_interface_block_tells_the_arguments(described: Any) -> None:
    def double(x: float, k: Any) -> float:
        k += 4
        return 2 * x

    assert described.by_interface(double) == 704.0


def test_an_abstract_interface_tells_the_arguments(from_source: Any) -> None:
    def scale(x: Any, n: int) -> None:
        x *= n

    assert from_source.by_name(scale) == 16.0


def test_a_c_function_gets_values_and_no_lengths(from_source: Any) -> None:
    seen = []

    def look(text: Any, n: int) -> float:
        seen.append((text.tolist(), n))
        return 0.5

    assert from_source.bound_to_c(look) == 0.5
    assert seen == [([b"a", b"b"], 2)]


BYTES = """
subroutine next_byte(f, n)
  external f
  integer(1) n
  call f(n)
end subroutine
"""


def test_scalars_of_one_byte(compiled: Callable[..., Path], tmp_path: Path) -> None:
    # f2py's module for this can't be imported
    text = """
python module bytes__user__routines
  interface
    subroutine f(n)
      integer*1, intent(in, out) :: n
    end subroutine f
  end interface
end python module bytes__user__routines
python module described
  interface
    subroutine next_byte(f, n)
      use bytes__user__routines
      external f
      integer*1, intent(in, out) :: n
    end subroutine next_byte
  end interface
end python module described
"""
    library = str(compiled(BYTES))
    module: Any = load(
        tmp_path, f2pypy.generate(text, library_path=library, strict=True)
    )
    assert module.next_byte(lambda n: n + 1, 126) == 127
    with pytest.raises(OverflowError):
        module.next_byte(lambda n: n + 1, 127)


PROCEDURE_IN_CALLBACK = """
subroutine differentiate(grad, f, x, n, g)
  external grad, f
  integer n
  double precision x(n), g(n), f
  call grad(f, n, x, g)
  g = g + f(n, x)
end subroutine
real function last(h, x)
  interface
    real function h(x, f, m, g)
      real, intent(in) :: x
      integer, intent(in) :: m
      external f
      interface
        real function g(x)
          real x
        end function
      end interface
    end function
  end interface
  real, intent(in) :: x
  interface
    real function half(x)
      real x
    end function
  end interface
  last = h(x, half, 7, half) + 1
end function
real function half(x)
  real x
  half = x / 2
end function
"""
PROCEDURE_IN_SIGNATURE = """
python module d__user__routines
  interface
    subroutine grad(f, n, x, g)
      external f
      integer, intent(hide) :: n
      double precision :: x(n)
      double precision, intent(out) :: g(n)
    end subroutine grad
    function f(n, x)
      integer, intent(hide) :: n
      double precision :: x(n), f
    end function f
  end interface
end python module d__user__routines
python module described
  interface
    subroutine differentiate(grad, f, x, n, g)
      use d__user__routines
      external grad, f
      integer, intent(hide), depend(x) :: n = len(x)
      double precision :: x(n)
      double precision, intent(out) :: g(n)
    end subroutine differentiate
  end interface
end python module described
"""


def test_procedures_that_fortran_passes_to_a_callback(
    compiled: Callable[..., Path], tmp_path: Path
) -> None:
    # the Python function doesn't get them; f2py's C doesn't step over them, so that `n` would be the address of `f`
    library = str(compiled(PROCEDURE_IN_CALLBACK))
    text = f2pypy.generate(PROCEDURE_IN_SIGNATURE, library_path=library, strict=True)
    module: Any = load(tmp_path, text)
    found = module.differentiate(lambda x: 2 * x, lambda x: x.sum(), [1.0, 2.0, 3.0])
    assert found.tolist() == [8, 10, 12]
    source = tmp_path / "described.f90"
    source.write_text(PROCEDURE_IN_CALLBACK)
    options = Options(module="described", library_path=library)
    sources = load_sources([str(source)], BuildOptions())
    from_source: Any = load(
        tmp_path, generate_from_sources(sources, options, Diagnostics()).text
    )
    assert from_source.last(lambda x, m: x * m, 3.0) == 22


EXTENTS_IN_ARRAYS = """
subroutine step(f, neq, y, h)
  interface
    subroutine f(neq, y, w)
      integer neq(*)
      double precision y(neq(1)*neq(2)), w(neq(1), neq(2))
      intent(out) w
    end subroutine
  end interface
  integer neq(3)
  double precision y(*), h, w(12)
!f2py intent(in, out) y
  call f(neq, y, w)
  y(:neq(1)*neq(2)) = y(:neq(1)*neq(2)) + h*w(:neq(1)*neq(2))
end subroutine
"""
EXTENTS_IN_ARRAYS_SIGNED = """
python module step__user__routines
  interface
    subroutine f(neq, y, w)
      integer, intent(hide) :: neq(*)
      double precision :: y(neq[0]*neq[1])
      double precision, intent(out) :: w(neq[0], neq[1])
    end subroutine f
  end interface
end python module step__user__routines
python module described
  interface
    subroutine step(f, neq, y, h)
      use step__user__routines
      external f
      integer :: neq(3)
      double precision, intent(in, out) :: y(*)
      double precision :: h
    end subroutine step
  end interface
end python module described
"""


def test_extents_of_callbacks_that_stand_in_arrays(
    compiled: Callable[..., Path], tmp_path: Path
) -> None:
    library = str(compiled(EXTENTS_IN_ARRAYS))
    text = f2pypy.generate(EXTENTS_IN_ARRAYS_SIGNED, library_path=library, strict=True)
    module: Any = load(tmp_path, text)

    def double(y: Any) -> Any:
        return 2 * y.reshape((2, 3), order="F")

    y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    stepped = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 7.0]
    assert module.step(double, [2, 3, 9], y, 0.5).tolist() == stepped
    with pytest.raises(ValueError, match="0-th dimension must be fixed to 2 but got 3"):
        module.step(lambda y: y.reshape((3, 2)), [2, 3, 9], y, 0.5)

    source = tmp_path / "described.f90"
    source.write_text(EXTENTS_IN_ARRAYS)
    options = Options(module="described", library_path=library, strict=True)
    sources = load_sources([str(source)], BuildOptions())
    text = generate_from_sources(sources, options, Diagnostics()).text
    from_source: Any = load(tmp_path, text)
    seen = []

    def look(neq: Any, y: Any) -> Any:
        seen.append(neq.tolist())
        return double(y)

    assert from_source.step(look, [2, 3, 9], y, 0.5).tolist() == stepped
    assert seen == [[2, 3]]  # as many as the extents need


REPEATED = """
subroutine step(f, neq, y)
  interface
    subroutine f(neq, y)
      integer neq(2)
      double precision y(neq(1), neq(2))
    end subroutine
  end interface
  integer neq(2)
  double precision y(*)
  call f(neq, y)
  call f(neq, y)
  neq = [3, 1]
  call f(neq, y)
  neq(2) = 2
  call f(neq, y)
end subroutine
"""


@pytest.mark.parametrize("extent", [1, 2])
def test_extents_in_arrays_that_change_between_calls(
    compiled: Callable[..., Path], tmp_path: Path, extent: int
) -> None:
    """Fortran passes the same addresses again and again."""
    source = tmp_path / "described.f90"
    source.write_text(REPEATED)
    library = str(compiled(REPEATED))
    options = Options(module="described", library_path=library, strict=True)
    sources = load_sources([str(source)], BuildOptions())
    text = generate_from_sources(sources, options, Diagnostics()).text
    module: Any = load(tmp_path, text)
    seen = []
    module.step(
        lambda neq, y: seen.append((neq.tolist(), y.tolist())),
        [2, extent],
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
    )
    tall = [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    before = [[0.0, 2.0], [1.0, 3.0]] if extent == 2 else [[0.0], [1.0]]
    assert seen == [
        ([2, extent], before),
        ([2, extent], before),
        ([3, 1], [row[:1] for row in tall]),
        ([3, 2], tall),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        "integer k, n(*)\n real x(n[k])",
        "integer n(k[0]), k(2)\n real x(n[0])",
        "integer k, n(2, *)\n real x(n[0])",
        "integer k\n character n(4)\n real x(n[0])",
    ],
)
def test_extents_that_no_array_tells(arguments: str) -> None:
    text = (
        "python module m__user__routines\n interface\n  subroutine f(k, n, x)\n"
        f" {arguments}\n  end subroutine f\n end interface\n"
        "end python module m__user__routines\n"
        "python module m\n interface\n  subroutine s(f)\n"
        " use m__user__routines\n external f\n end subroutine s\n"
        " end interface\nend python module m\n"
    )
    with pytest.raises(f2pypy.F2pypyError, match="of 'x' depends on array 'n'"):
        f2pypy.generate(text)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("external f", "f2pypy can't find the arguments of the callback 'f'"),
        ("external g\n intent(callback) g\n call g(r)", "callback 'g' is no argument"),
        ("external f\n intent(hide) f\n call f(r)", "callback 'f' is hidden"),
        (
            "external f\n complex(10) f\n r = f(1)",
            "returns a complex number of long doubles",
        ),
        (
            "external f\n interface\n function f() result (v)\n character*4 v(3)\n"
            " end function f\n end interface",
            "returns an array of strings",
        ),
        (
            "external f\n call f(r, q%x)",
            "the type of argument 'q%x' in this call can't be determined",
        ),
        (
            "external f\n double precision x(k)\n call f(x)",
            "unknown name k among the arguments that Fortran passes to the callback",
        ),
    ],
)
def test_what_is_left_out(body: str, reason: str) -> None:
    text = (
        "python module m\n interface\n  subroutine s(f, r)\n"
        f" {body}\n double precision, intent(out) :: r\n"
        "  end subroutine s\n  subroutine sound\n  end subroutine sound\n"
        " end interface\nend python module m\n"
    )
    with pytest.raises(f2pypy.F2pypyError) as caught:
        f2pypy.generate(text, strict=True)
    assert reason in str(caught.value)
    with pytest.warns(UserWarning, match="s is left out"):
        assert "def s(" not in f2pypy.generate(text)


ABSENT = """
subroutine leave_out(f, n, g, r)
  implicit none
  interface
    function f(x, y)
      double precision, intent(in) :: x
      double precision, intent(in), optional :: y
      double precision f
    end function
    subroutine g(a, n, b)
      integer, intent(in) :: n
      double precision, intent(in) :: a(n)
      double precision, intent(in), optional :: b
    end subroutine
  end interface
  integer, intent(in) :: n
  double precision, intent(out) :: r
  double precision a(2)
  a = 1
  r = 0
  if (n == 1) r = f(3d0)
  if (n == 2) call g(a, 2)
end subroutine
"""


def test_an_absent_argument_is_no_crash(
    compiled: Callable[..., Path], tmp_path: Path
) -> None:
    source = tmp_path / "absent.f90"
    source.write_text(ABSENT)
    options = Options(module="described", library_path=str(compiled(ABSENT)))
    diagnostics = Diagnostics()
    sources = load_sources([str(source)], BuildOptions())
    generated = generate_from_sources(sources, options, diagnostics)
    module: Any = load(tmp_path, generated.text)
    assert module.leave_out(lambda x: 2 * x, 1, print) == 6
    seen: list[Any] = []
    assert module.leave_out(lambda x, y: seen.append(y) or x, 1, print) == 3
    module.leave_out(lambda x: x, 2, lambda a, n, b: seen.append(b))
    assert seen == [None, None]


@pytest.mark.parametrize("kind", ["allocatable", "pointer"])
def test_what_fortran_may_allocate_is_left_out(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "s.f90"
    source.write_text(
        "subroutine s(f)\n interface\n  subroutine f(x)\n"
        f"   real, intent(in), {kind} :: x(:)\n"
        "  end subroutine\n end interface\nend subroutine\n"
        "subroutine sound\nend subroutine\n"
    )
    options, diagnostics = Options(module="m"), Diagnostics()
    sources = load_sources([str(source)], BuildOptions())
    generated = generate_from_sources(sources, options, diagnostics)
    assert generated.wrapped == ("sound",)
    assert f"its argument 'x' is {kind}" in generated.skipped[0].message
