"""Which nested loops fill a triangle of a matrix."""

from __future__ import annotations

from f2pypy.expressions.nodes import Expression, Integer, Subscript
from f2pypy.expressions.walk import used_names, walk
from f2pypy.model import Action, FillTriangle, Loop
from f2pypy.resolve.calls.array_operations import assigned_elements
from f2pypy.resolve.calls.counted_loops import Counted, read_counted
from f2pypy.resolve.calls.linear_indexes import linear_in


def triangle(outer: Counted) -> tuple[Action, ...] | None:
    """Return the fill of a triangle for two nested loops, None for any other loop.

    Such loops set all elements of a column-major matrix on one side of its diagonal to one value::

        for (i = 0; i < n; ++i)
            for (j = i + 1; j < n; ++j)
                a[j * lda + i] = 0;

    Both counters go up by one and the outer one starts at 0. The inner one runs from the outer one to the end, or
    from 0 to the outer one (`side_of`): every pair with ``j > i`` comes once, or with ``>=``, ``<``, ``<=``. So the
    elements form one triangle, whose order is the end of the outer loop. The index must be ``column * distance +
    row`` with one counter as the column and the other as the row (`matrix_place`). The triangle is the lower one if
    the row is the greater counter; in the example the column `j` is greater, so it is the upper one. The value may
    contain neither counter nor array elements: then the order of the turns doesn't matter.
    """
    if len(outer.body) != 1 or not isinstance(outer.body[0], Loop):
        return None
    inner = read_counted(outer.body[0])
    if inner is None or inner.before or (outer.step, inner.step) != (1, 1):
        return None
    assignments = assigned_elements(inner.body)
    side = side_of(outer, inner)
    if not assignments or len(assignments) != 1 or side is None:
        return None
    (assignment,) = assignments
    above, diagonal = side
    if assignment.part or {outer.name, inner.name} & used_names(assignment.value):
        return None
    if outer.first != Integer(0) or not is_fixed(assignment.value):
        return None
    matrix = matrix_place(assignment.index, outer.name, inner.name)
    if matrix is None:
        return None
    leading, row = matrix
    # `above`: the inner counter is the greater one, so it counts columns in the upper triangle.
    lower = above if row == inner.name else not above
    return (
        FillTriangle(
            assignment.array, outer.stop, leading, lower, diagonal, assignment.value
        ),
    )


def is_fixed(value: Expression) -> bool:
    """Whether the value is the same for every element: it reads none."""
    return not any(isinstance(n, Subscript) for n in walk(value))


def side_of(outer: Counted, inner: Counted) -> tuple[bool, bool] | None:
    """Return whether the inner counter runs above the outer one, and whether both may be equal."""
    above = linear_in(inner.first, outer.name)
    below = linear_in(inner.stop, outer.name)
    if above is not None and above[0] == Integer(1) and inner.stop == outer.stop:
        match above[1]:
            case Integer(value=0 | 1 as distance):
                return True, distance == 0
    if below is not None and below[0] == Integer(1) and inner.first == Integer(0):
        match below[1]:
            case Integer(value=0 | 1 as distance):
                return False, distance == 1
    return None


def matrix_place(
    index: Expression, outer: str, inner: str
) -> tuple[Expression, str] | None:
    """Return the distance of columns and the counter of rows of ``column * distance + row``."""
    by_inner = linear_in(index, inner)
    by_outer = None if by_inner is None else linear_in(by_inner[1], outer)
    if by_inner is None or by_outer is None or by_outer[1] != Integer(0):
        return None
    if outer in used_names(by_inner[0]):
        return None
    match by_inner[0], by_outer[0]:
        case Integer(value=1), leading if leading != Integer(1):
            return leading, inner
        case leading, Integer(value=1) if leading != Integer(1):
            return leading, outer
        case _:
            return None
