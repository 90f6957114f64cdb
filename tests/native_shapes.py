"""A Fortran module of descriptors, optional arguments and array results, and calls of it as native code and as Python.

``python native_shapes.py`` prints the source, ``python native_shapes.py MODULE.py`` compares the two on any CPython.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
from native_arguments import laid_out, loaded, number, outcome, seen

# Name: the Fortran type, what is 0 there, NumPy's type.
TYPES = {
    "i1": ("integer(1)", "0_1", "i1"),
    "i2": ("integer(2)", "0_2", "i2"),
    "i4": ("integer", "0", "i4"),
    "i8": ("integer(8)", "0_8", "i8"),
    "r4": ("real", "0.0", "f4"),
    "r8": ("real(8)", "0d0", "f8"),
    "c8": ("complex", "(0.0, 0.0)", "c8"),
    "c16": ("complex(8)", "(0d0, 0d0)", "c16"),
    "l1": ("logical(1)", ".false._1", "i1"),
    "l4": ("logical", ".false.", "i4"),
}
RANKED = {1: tuple(TYPES), 2: ("i4", "r8", "c16", "l4"), 3: ("r4", "r8")}
PAIRS = [(name, rank) for rank, names in RANKED.items() for name in names]
# What lies last becomes first, along the first axis.
OF_EACH_TYPE = """
subroutine read_{name}_{rank}(x, y, s)
  {kind}, intent(in) :: x({open})
  {kind}, intent(out) :: y(64)
  integer, intent(out) :: s({rank})
  s = shape(x)
  y = {zero}
  y(:size(x)) = reshape(x, [size(x)])
end subroutine
subroutine turn_{name}_{rank}(x)
  {kind}, intent(inout) :: x({open})
  x = x(size(x, 1):1:-1{rest})
end subroutine
subroutine maybe_{name}_{rank}(s, x)
  integer, intent(out) :: s({rank})
  {kind}, intent(in), optional :: x({open})
  s = -1
  if (present(x)) s = shape(x)
end subroutine
function like_{name}_{rank}(x) result(r)
  {kind}, intent(in) :: x({open})
  {kind} :: r({extents})
  r = x(size(x, 1):1:-1{rest})
end function
subroutine given_{name}_{rank}(x, y, s)
  {kind}, allocatable, intent(in) :: x({open})
  {kind}, intent(out) :: y(64)
  integer, intent(out) :: s({rank})
  y = {zero}
  s = -1
  if (.not. allocated(x)) return
  s = shape(x)
  y(:size(x)) = reshape(x, [size(x)])
end subroutine
subroutine points_{name}_{rank}(x, y, s)
  {kind}, pointer, intent(in) :: x({open})
  {kind}, intent(out) :: y(64)
  integer, intent(out) :: s({rank})
  y = {zero}
  s = -1
  if (.not. associated(x)) return
  s = lbound(x) + shape(x) - 1
  y(:size(x)) = reshape(x, [size(x)])
end subroutine
"""
LEFT_BY_FORTRAN = """
subroutine made_{name}_{rank}(x, y, n)
  {kind}, intent(in) :: x({open})
  {kind}, allocatable, intent(out) :: y({open})
  integer, intent(out) :: n
  n = size(x)
  if (n /= 2) y = x(size(x, 1):1:-1{rest})
end subroutine
subroutine changed_{name}_{rank}(x)
  {kind}, allocatable, intent(inout) :: x({open})
  {kind}, allocatable :: longer({open})
  if (.not. allocated(x)) return
  if (size(x) == 1 .or. size(x) == 2) deallocate (x)
  if (.not. allocated(x)) return
  x = x(size(x, 1):1:-1{rest})
  if (size(x) /= 4 .and. size(x) /= 8) return
  allocate (longer({longer}))
  longer = {zero}
  longer(:size(x, 1){rest}) = x
  call move_alloc(longer, x)
end subroutine
subroutine both_{name}_{rank}(x, y)
  {kind}, allocatable :: x({open}), y({open})
  !f2py intent(in, out) x, y
  if (allocated(x) .and. .not. allocated(y)) call move_alloc(x, y)
end subroutine
subroutine asked_{name}_{rank}(x, n)
  {kind}, allocatable, intent(inout) :: x({open})
  integer, intent(out) :: n(size(x))
  n = 7
  if (size(n) > 0) n(1) = ubound(x, 1)
end subroutine
function allocated_{name}_{rank}(x) result(r)
  {kind}, intent(in) :: x({open})
  {kind}, allocatable :: r({open})
  if (size(x) /= 2) r = x
end function
subroutine pointed_{name}_{rank}(x, y)
  {kind}, target, intent(inout) :: x({open})
  {kind}, pointer, intent(out) :: y({open})
  y => x(size(x, 1):1:-2{rest})
end subroutine
subroutine moved_{name}_{rank}(x)
  {kind}, pointer, intent(inout) :: x({open})
  if (.not. associated(x)) return
  x = x(size(x, 1):1:-1{rest})
  if (size(x) == 4) x => x(::2{rest})
  if (size(x) == 1) nullify (x)
end subroutine
"""
OTHERS = """
subroutine standard_allocatable(x, y) bind(c)
  use iso_c_binding
  real(c_double), allocatable, intent(inout) :: x(:)
  integer(c_int), allocatable, intent(out) :: y(:, :)
  if (allocated(x)) x = [x, x]
  allocate (y(2, -1:1))
  y = 3
end subroutine
subroutine maybe_allocated(x)
  real(8), allocatable, intent(inout), optional :: x(:)
  if (present(x)) x = [x, 1d0]
end subroutine
subroutine several(n, x, y, z)
  integer, intent(in) :: n
  real(8), allocatable, intent(out) :: x(:)
  real(8), allocatable, intent(inout) :: y(:, :)
  complex(8), allocatable, intent(out) :: z(:)
  allocate (x(n), z(n))
  x = n
  z = n
  if (n > 1) y = reshape([1d0, 2d0, 3d0], [3, 1])
end subroutine
subroutine total(y, n, x, a, i, z, l)
  real(8), intent(out) :: y
  integer, intent(out) :: n
  real(8), intent(in), optional :: x(:, :), a
  integer, intent(in), optional :: i
  complex(8), intent(in), optional :: z
  logical, intent(in), optional :: l
  y = 0
  n = 0
  if (present(x)) y = y + sum(x)
  if (present(x)) n = n + 1
  if (present(a)) y = y + a
  if (present(a)) n = n + 10
  if (present(i)) y = y + i
  if (present(i)) n = n + 100
  if (present(z)) y = y + real(z) - aimag(z)
  if (present(z)) n = n + 1000
  if (present(l)) n = n + merge(10000, 20000, l)
end subroutine
subroutine values(n, a, i, k)
  integer, intent(out) :: n
  real(8), value, optional :: a
  integer, value, optional :: i
  integer(8), value :: k
  n = int(k)
  if (present(a)) n = n + int(a) + 100
  if (present(i)) n = n + i + 1000
end subroutine
subroutine maybe_changed(n, x)
  integer, intent(out) :: n
  real(8), intent(inout), optional :: x(:)
  n = -1
  if (.not. present(x)) return
  n = size(x)
  x = x + 1
end subroutine
subroutine maybe_fixed(n, x, m, y)
  integer, intent(in) :: m
  integer, intent(out) :: n
  real(8), intent(in), optional :: x(3), y(m)
  n = 0
  if (present(x)) n = int(x(3))
  if (present(y) .and. m > 0) n = n + 100*int(y(m))
end subroutine
subroutine copied(x, y)
  real(8) :: x(:)
  real(8), intent(out) :: y
  !f2py intent(in, copy) x
  y = sum(x)
  x = 0
end subroutine
subroutine overwritten(x, y)
  real(8) :: x(:, :)
  real(8), intent(out) :: y
  !f2py intent(in, overwrite) x
  y = sum(x)
  x = 0
end subroutine
subroutine both(x)
  real(8) :: x(:)
  !f2py intent(in, out) x
  x = x*2
end subroutine
subroutine in_one_piece(x)
  real(8), contiguous, intent(inout) :: x(:, :)
  x = x + 1
end subroutine
subroutine from_zero(x, y)
  real(8), intent(inout) :: x(0:, -1:)
  integer, intent(out) :: y(2)
  y = ubound(x)
  if (size(x) > 0) x(0, -1) = 7
end subroutine
subroutine twice_as_long(x, y)
  real(8), intent(in) :: x(:)
  real(8), intent(out) :: y(2*size(x))
  y = [x, x]
end subroutine
subroutine standard(x, n) bind(c)
  use iso_c_binding
  real(c_double), intent(inout) :: x(:, :)
  integer(c_int), intent(out) :: n(2)
  n = shape(x)
  x = x + 1
end subroutine
function ramp(n) result(r)
  integer, intent(in) :: n
  integer :: r(n), i
  r = [(i, i=1, n)]
end function
function table(n, m) result(r)
  integer, intent(in) :: n, m
  complex :: r(n, 2*m)
  r = (1, 2)
end function
function signs(x) result(r)
  real(8), intent(in) :: x(:)
  logical :: r(size(x))
  r = x > 0
end function
"""


def source() -> str:
    parts = [
        (OF_EACH_TYPE + LEFT_BY_FORTRAN).format(
            name=name,
            rank=rank,
            kind=TYPES[name][0],
            zero=TYPES[name][1],
            open=", ".join([":"] * rank),
            rest=", :" * (rank - 1),
            longer="2*size(x, 1)"
            + "".join(f", size(x, {axis})" for axis in range(2, rank + 1)),
            extents=", ".join(f"size(x, {axis})" for axis in range(1, rank + 1)),
        )
        for name, rank in PAIRS
    ]
    inside = "".join(parts) + OTHERS
    return f"module shapes\n  implicit none\ncontains\n{inside}\nend module shapes\n"


def array_given(pick: random.Random, rank: int, like: str) -> Any:
    """Return something for an array of so many axes, most often one of the right type."""
    what = pick.random()
    if what < 0.05:
        return number(pick)
    shape = tuple(pick.choice((3, 3, 2, 1, 0, 4)) for _ in range(rank))
    if what < 0.1:
        return laid_out(pick, (2,) * pick.choice((0, 1, 2, 3)), like)
    if what < 0.2 and rank == 1:
        return [number(pick) for _ in range(shape[0])]
    return laid_out(pick, shape, like)


def same_outcomes(modules: Any, name: str, seed: int, make: Any) -> None:
    """Compare a call of a native function with one of Python's: also what becomes of the arguments."""
    results = []
    for module in modules:
        given, named = make(random.Random(seed))
        came = outcome(getattr(module, name), *given, **named)
        arrays = (each for each in (*given, *named.values()) if hasattr(each, "dtype"))
        after = [seen(each) for each in arrays]
        results.append((came, after))
    assert results[0] == results[1], (name, make(random.Random(seed)))


def one(rank: int) -> Any:
    return lambda pick: ([array_given(pick, rank, "f8")], {})


def some_named(pick: random.Random) -> Any:
    """Return some of the optional arguments of `total`, and None for some others."""
    named = {
        "x": array_given(pick, 2, "f8"),
        "a": number(pick),
        "i": pick.choice((3, np.int32(4), number(pick))),
        "z": number(pick),
        "l": pick.choice((True, False, 1, number(pick))),
    }
    kept = {key: each for key, each in named.items() if pick.random() < 0.4}
    return [], {
        key: each if pick.random() < 0.9 else None for key, each in kept.items()
    }


def some_values(pick: random.Random) -> Any:
    named = {"a": pick.choice((2.5, None, number(pick))), "i": pick.choice((1, None))}
    return [7], {key: each for key, each in named.items() if pick.random() < 0.7}


def maybe_one(pick: random.Random) -> Any:
    return ([array_given(pick, 1, "f8")] if pick.random() < 0.7 else [None]), {}


def some_fixed(pick: random.Random) -> Any:
    named = {"x": array_given(pick, 1, "f8"), "y": array_given(pick, 1, "f8")}
    kept = {key: each for key, each in named.items() if pick.random() < 0.7}
    return [pick.choice((3, 2, number(pick)))], kept


def overwriting(rank: int, name: str) -> Any:
    def make(pick: random.Random) -> Any:
        flags = [{}, {name: 0}, {name: 1}, {name: True}]
        return [array_given(pick, rank, "f8")], pick.choice(flags)

    return make


def counts(number: int) -> Any:
    some = (0, 1, 3, -1, True, np.int32(2), np.int64(1), 1.5, "2", None, [2], 2**40)
    return lambda pick: ([pick.choice(some) for _ in range(number)], {})


def some_of_several(pick: random.Random) -> Any:
    y = pick.choice(
        (None, np.ones((3, 1)), np.ones((2, 2)), array_given(pick, 2, "f8"))
    )
    return [pick.choice((0, 1, 2, 3)), y], {}


MAKERS: dict[str, Any] = {
    "standard_allocatable": maybe_one,
    "maybe_allocated": maybe_one,
    "several": some_of_several,
    "total": some_named,
    "values": some_values,
    "maybe_changed": maybe_one,
    "maybe_fixed": some_fixed,
    "copied": overwriting(1, "overwrite_x"),
    "overwritten": overwriting(2, "overwrite_x"),
    "both": one(1),
    "in_one_piece": one(2),
    "from_zero": one(2),
    "twice_as_long": one(1),
    "standard": one(2),
    "ramp": counts(1),
    "table": counts(2),
    "signs": one(1),
}


FORMS = ("read", "turn", "maybe", "like", "given", "points")
LEFT = ("made", "changed", "asked", "allocated", "pointed", "moved")


def of_type(name: str, rank: int) -> Any:
    """Return what makes the argument of the forms."""
    return lambda pick: ([array_given(pick, rank, TYPES[name][2])], {})


def two_of_type(name: str, rank: int) -> Any:
    """Return what makes two arguments, either of which may be None."""

    def make(pick: random.Random) -> Any:
        both = [array_given(pick, rank, TYPES[name][2]) for _ in range(2)]
        return [each if pick.random() < 0.7 else None for each in both], {}

    return make


def every_maker() -> dict[str, Any]:
    """Return what makes the arguments of each routine of every type and rank."""
    makers = {
        f"{form}_{name}_{rank}": of_type(name, rank)
        for form in (*FORMS, *LEFT)
        for name, rank in PAIRS
    }
    return {
        **makers,
        **{f"both_{name}_{rank}": two_of_type(name, rank) for name, rank in PAIRS},
    }


def main() -> None:
    if len(sys.argv) == 1:
        sys.stdout.write(source())
        return
    path = Path(sys.argv[1])
    native, python = (loaded(path, mode) for mode in ("", "0"))
    native.__native__.compile()
    assert not native.__native__.reason, native.__native__.reason
    assert not native.__native__.refused, native.__native__.refused
    modules = native.shapes, python.shapes
    for name, make in {**every_maker(), **MAKERS}.items():
        for seed in range(10):
            same_outcomes(modules, name, seed, make)


if __name__ == "__main__":
    main()
