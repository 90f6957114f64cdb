"""Which counted loops assign elements in a way that all turns can run at once, as one operation on an array."""

from __future__ import annotations

from collections.abc import Sequence

from f2pypy.expressions.elementwise import is_elementwise
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Complex,
    Convert,
    Expression,
    Integer,
    Name,
    Subscript,
)
from f2pypy.expressions.walk import rewrite, used_names, walk
from f2pypy.model import Action, Assign, AssignElement, AssignElements
from f2pypy.resolve.calls.counted_loops import Counted
from f2pypy.resolve.calls.linear_indexes import (
    combine_product,
    difference,
    linear_in,
    total,
)


def elementwise(loop: Counted) -> tuple[Action, ...] | None:
    """Return one array operation for each assignment of the body, None if the order of turns matters."""
    assignments = assigned_elements(loop.body)
    if not assignments:
        return None
    operations = [operation(loop, a) for a in assignments]
    if any(o is None for o in operations) or not independent(loop, assignments):
        return None
    return tuple(o for o in operations if o is not None)


def assigned_elements(body: Sequence[Action]) -> tuple[AssignElement, ...] | None:
    """Return the element assignments of a body that does nothing else, its temporaries put into them."""
    values: dict[str, Expression] = {}
    found: list[AssignElement] = []

    def insert(node: Expression) -> Expression:
        return values.get(node.name, node) if isinstance(node, Name) else node

    for action in body:
        match action:
            case Assign(target, value):
                known = rewrite(value, insert)
                if any(isinstance(n, Subscript) for n in walk(known)):
                    return None
                values[target] = known
            case AssignElement(array, index, value, part):
                found.append(
                    AssignElement(
                        array, rewrite(index, insert), rewrite(value, insert), part
                    )
                )
            case _:
                return None
    if any(used_names(v) & values.keys() for v in values.values()):
        return None
    return joined_parts(found)


def joined_parts(assignments: list[AssignElement]) -> tuple[AssignElement, ...]:
    """Return the assignments with those of an element's two parts in one."""
    found: list[AssignElement] = []
    for assignment in assignments:
        last = found[-1] if found else None
        parts = {last.part, assignment.part} if last is not None else set()
        if (
            last is not None
            and parts == {"r", "i"}
            and (last.array, last.index) == (assignment.array, assignment.index)
            and not any(
                isinstance(n, Subscript)
                for value in (last.value, assignment.value)
                for n in walk(value)
            )
        ):
            values = {last.part: last.value, assignment.part: assignment.value}
            whole = Complex(values["r"], values["i"])
            found[-1] = AssignElement(last.array, last.index, whole)
        else:
            found.append(assignment)
    return tuple(found)


def operation(loop: Counted, assignment: AssignElement) -> AssignElements | None:
    """Return one assignment for all turns; None where the elements or the value don't run evenly with the counter."""
    places = places_of(loop, assignment.index)
    if places is None:
        return None

    def spread(node: Expression) -> Expression:
        match node:
            case Subscript(base, index) if loop.name in used_names(index):
                everywhere = places_of(loop, index)
                return node if everywhere is None else Subscript(base, everywhere)
            case _:
                return node

    value = rewrite(assignment.value, spread)
    counting = Bounds(*turns(loop))
    value = replace_counter(value, loop.name, counting)
    if loop.name in used_names(value) or not is_elementwise(value):
        return None
    operator, value = shortened(assignment.array, places, value)
    return AssignElements(assignment.array, places, operator, value, assignment.part)


def turns(loop: Counted) -> tuple[Expression, Expression]:
    """Return the lowest value of the counter, and the one after its highest."""
    if loop.step > 0:
        return loop.first, loop.stop
    return total(loop.stop, Integer(1)), total(loop.first, Integer(1))


def replace_counter(value: Expression, name: str, counting: Bounds) -> Expression:
    """Return the value with the counter replaced by the range of its values."""
    return rewrite(value, lambda node: counting if node == Name(name) else node)


def places_of(loop: Counted, index: Expression) -> Bounds | None:
    """Return the slice that an index runs through, None unless it rises evenly with the counter."""
    linear = linear_in(index, loop.name)
    if linear is None:
        return None
    slope, offset = linear
    if not isinstance(slope, Integer) or slope.value <= 0:
        return None
    if used_names(offset) & loop.temporaries():
        return None
    lowest, stop = turns(loop)
    last = difference(stop, Integer(1))
    start = total(combine_product(slope, lowest), offset)
    if slope == Integer(1):
        return Bounds(start, total(stop, offset))
    end = total(combine_product(slope, last), total(offset, Integer(1)))
    return Bounds(start, end, slope)


def shortened(array: str, places: Bounds, value: Expression) -> tuple[str, Expression]:
    """Return operator and value: ``a[i] = a[i] + k`` is ``a[i] += k``."""
    match value:
        case Binary(
            "+" | "-" | "*" as operator,
            Convert(_, Subscript(Name(name), same)),
            operand,
        ) if name == array and same == places:
            return f"{operator}=", operand
        case _:
            return "=", value


def independent(loop: Counted, assignments: tuple[AssignElement, ...]) -> bool:
    """Whether all turns of a loop can run at once, one assignment after the other.

    No turn may read an element that an earlier turn assigns, and no assignment an element that a later one assigns
    elsewhere. All assignments to one array must have the same index.
    """
    for assignment in assignments:
        for node in walk(assignment.value):
            if not isinstance(node, Subscript):
                continue
            for other in assignments:
                if other.array in used_names(node.base) and not reads_ahead(
                    loop, node.index, other, same=other is assignment
                ):
                    return False
    indexes: dict[str, set[Expression]] = {}
    for assignment in assignments:
        indexes.setdefault(assignment.array, set()).add(assignment.index)
    return all(len(found) == 1 for found in indexes.values())


def reads_ahead(
    loop: Counted, index: Expression, assignment: AssignElement, *, same: bool
) -> bool:
    """Whether the element at `index` is read before (or in the very turn in which) it is assigned."""
    if index == assignment.index:
        return True
    read, written = linear_in(index, loop.name), linear_in(assignment.index, loop.name)
    if not same or read is None or written is None or read[0] != written[0]:
        return False
    distance = difference(read[1], written[1])
    return isinstance(distance, Integer) and distance.value * loop.step > 0
