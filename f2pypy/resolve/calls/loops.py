"""Replaces loops over elements by operations on whole arrays, and removes locals that become useless.

The form of a loop doesn't matter: it is recognised if it counts and its body assigns elements whose indexes are linear
in the counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from f2pypy.expressions.elementwise import is_elementwise
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.linear import combine
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Convert,
    Expression,
    Integer,
    Name,
    Subscript,
)
from f2pypy.expressions.walk import rewrite, used_names, walk
from f2pypy.model import (
    Action,
    Assign,
    AssignElement,
    AssignElements,
    Break,
    CallRoutine,
    Choose,
    Continue,
    FillTriangle,
    Local,
    Loop,
    Raise,
)
from f2pypy.resolve.calls.flow import assigned_scalars, changed_names, names_read

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def tidy_actions(
    actions: Iterable[Action], local_variables: Mapping[str, Local]
) -> tuple[Action, ...]:
    """Return the actions with array operations in place of loops, and without useless locals."""
    found = recognise_loops(tuple(actions), frozenset(), frozenset(local_variables))
    while True:
        kept = without_dead_stores(found, frozenset(local_variables))
        if kept == found:
            return kept
        found = kept


def recognise_loops(
    actions: Sequence[Action], later: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return the actions with every loop replaced that an array operation can express.

    `later` are the variables read after the actions, `local` those that are invisible after the call.
    """
    found: list[Action] = []
    for position, action in enumerate(actions):
        after = later.union(*map(names_read, actions[position + 1 :]))
        match action:
            case Choose(test, then, otherwise):
                branches = (
                    recognise_loops(then, after, local),
                    recognise_loops(otherwise, after, local),
                )
                found.append(Choose(test, *branches))
            case Loop(initial=()) if found and isinstance(found[-1], Assign):
                begun = replace(action, initial=(found[-1],))
                operations = recognise_loop(begun, after, local)
                if isinstance(operations[-1], Loop):
                    found += recognise_loop(action, after, local)
                else:
                    found[-1:] = operations
            case Loop():
                found += recognise_loop(action, after, local)
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | Break() | Continue() | Raise():
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def recognise_loop(
    loop: Loop, later: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return array operations that do what the loop does, or the loop itself."""
    counted = read_counted(loop)
    if counted is not None:
        temporaries = counted.temporaries()
        operations = triangle(counted) or elementwise(counted)
        if operations and temporaries <= local and not temporaries & later:
            unneeded = counted.name in local and counted.name not in later
            ending = () if unneeded else (counted.final(),)
            return (*counted.before, *operations, *ending)
    again = later | names_read(loop)
    body = recognise_loops(loop.body, again, local)
    return (replace(loop, body=body),)


@dataclass(frozen=True)
class Counted:
    """A loop in which `name` counts by `step` from `first` to before `stop` (above `stop` where `step` is negative).

    `before` are the other actions of its initialization, `body` the actions of one turn without the counting.
    """

    before: tuple[Action, ...]
    name: str
    first: Expression
    stop: Expression
    step: int
    body: tuple[Action, ...]

    def final(self) -> Assign:
        """Return the counter's value after the loop; C's has run on to the end."""
        function = "max" if self.step > 0 else "min"
        return Assign(self.name, Call(function, (self.first, self.stop)))

    def temporaries(self) -> frozenset[str]:
        """Return the scalars that the body sets, in inner loops too."""
        return frozenset().union(*map(assigned_scalars, self.body))


def read_counted(loop: Loop) -> Counted | None:
    """Return the loop as one that counts by one, or None."""
    turn = (*loop.body, *loop.step)
    if not turn or not isinstance(turn[-1], Assign):
        return None
    name = turn[-1].target
    step = step_of(turn[-1])
    body = turn[:-1]
    limit = limit_of(loop.test, name)
    first, before = start_of(loop.initial, name)
    if step not in (1, -1) or limit is None or first is None:
        return None
    operator, stop = limit
    if (operator in ("<", "<=")) != (step > 0):
        return None
    if operator in ("<=", ">="):
        stop = total(stop, Integer(step))
    changed = frozenset().union(*map(changed_names, body))
    if name in changed or (changed | {name}) & (used_names(stop) | used_names(first)):
        return None
    return Counted(before, name, first, stop, step, body)


def step_of(action: Assign) -> int | None:
    """Return the step by which an assignment changes its variable, or None."""
    match action.value:
        case Binary("+", Name(name), Integer(value=step)) if name == action.target:
            return step
        case Binary("-", Name(name), Integer(value=step)) if name == action.target:
            return -step
        case _:
            return None


def limit_of(test: Expression, name: str) -> tuple[str, Expression] | None:
    """Return operator and bound of ``name < bound``."""
    match test:
        case Binary("<" | "<=" | ">" | ">=" as operator, Name(tested), bound) if (
            tested == name
        ):
            return operator, bound
        case Binary("<" | "<=" | ">" | ">=" as operator, bound, Name(tested)) if (
            tested == name
        ):
            return MIRRORED[operator], bound
        case _:
            return None


def start_of(
    initial: tuple[Action, ...], name: str
) -> tuple[Expression | None, tuple[Action, ...]]:
    """Return the first value of the counter, and the other actions of the loop's initialization."""
    for position, action in enumerate(initial):
        if isinstance(action, Assign) and action.target == name:
            rest = (*initial[:position], *initial[position + 1 :])
            changed = frozenset().union(*map(changed_names, rest))
            if changed & used_names(action.value) or name in frozenset().union(
                *map(names_read, rest)
            ):
                break
            return action.value, rest
    return None, initial


# Whole arrays.


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
    """Return the assignment for all turns at once."""
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
    lowest, behind = turns(loop)
    last = difference(behind, Integer(1))
    start = total(combine_product(slope, lowest), offset)
    if slope == Integer(1):
        return Bounds(start, total(behind, offset))
    end = total(combine_product(slope, last), total(offset, Integer(1)))
    return Bounds(start, end, slope)


def total(left: Expression, right: Expression) -> Expression:
    """Return a sum with its constants in one."""
    match left, right:
        case Integer(), Binary() | Name():
            left, right = right, left
        case _:
            pass
    match left, right:
        case Binary("+", first, Integer(value=a)), Integer(value=b):
            return total(first, Integer(a + b))
        case Binary("-", first, Integer(value=a)), Integer(value=b):
            return total(first, Integer(b - a))
        case _, Integer(value=b) if b < 0 and not isinstance(left, Integer):
            return Binary("-", left, Integer(-b))
        case _:
            return combine("+", left, right)


def difference(left: Expression, right: Expression) -> Expression:
    """Return a difference with its constants in one."""
    if left == right:
        return Integer(0)
    if isinstance(right, Integer):
        return total(left, Integer(-right.value))
    return combine("-", left, right)


def joined(operator: str, left: Expression, right: Expression) -> Expression:
    """Return a sum or a difference."""
    return total(left, right) if operator == "+" else difference(left, right)


def combine_product(factor: Expression, other: Expression) -> Expression:
    """Return the product without neutral ones and zeros."""
    if factor == Integer(1):
        return other
    if other == Integer(1):
        return factor
    if Integer(0) in (factor, other):
        return Integer(0)
    return combine("*", factor, other)


def linear_in(
    expression: Expression, name: str
) -> tuple[Expression, Expression] | None:
    """Return slope and offset, both free of `name`, of an expression that is linear in it."""
    if name not in used_names(expression):
        if any(isinstance(n, Subscript) for n in walk(expression)):
            return None
        return Integer(0), expression
    match expression:
        case Name():
            return Integer(1), Integer(0)
        case Binary("+" | "-" as operator, left, right):
            first, second = linear_in(left, name), linear_in(right, name)
            if first is None or second is None:
                return None
            return (
                joined(operator, first[0], second[0]),
                joined(operator, first[1], second[1]),
            )
        case Binary("*", left, right):
            first, second = linear_in(left, name), linear_in(right, name)
            if first is None or second is None:
                return None
            if second[0] != Integer(0):
                first, second = second, first
            if second[0] != Integer(0):
                return None
            return combine_product(second[1], first[0]), combine_product(
                second[1], first[1]
            )
        case _:
            return None


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


# Triangles.


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
    """Whether the value is the same for every element."""
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


# Locals that nothing needs.


def without_dead_stores(
    actions: tuple[Action, ...], local: frozenset[str]
) -> tuple[Action, ...]:
    """Return the actions without assignments to local variables that nothing reads."""
    read = frozenset().union(*map(names_read, actions))
    return drop_stores(actions, frozenset(local - read), local)


def drop_stores(
    actions: Sequence[Action], unread: frozenset[str], local: frozenset[str]
) -> tuple[Action, ...]:
    """Drop assignments of `unread` locals, and those that the next mention of the local overwrites."""
    found: list[Action] = []
    for position, action in enumerate(actions):
        match action:
            case Assign(target) if target in unread:
                continue
            case Assign(target) if target in local and overwritten(
                target, actions[position + 1 :]
            ):
                continue
            case Choose(test, then, otherwise):
                branches = (
                    drop_stores(then, unread, local),
                    drop_stores(otherwise, unread, local),
                )
                found.append(Choose(test, *branches))
            case Loop(initial, test, body, step):
                found.append(
                    Loop(
                        drop_stores(initial, unread, local),
                        test,
                        drop_stores(body, unread, local),
                        drop_stores(step, unread, local),
                    )
                )
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | Break() | Continue() | Raise():
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def overwritten(name: str, actions: Iterable[Action]) -> bool:
    """Whether the first action that mentions the variable assigns it."""
    for action in actions:
        match action:
            case Assign(target, value) if target == name:
                return name not in used_names(value)
            case Loop(initial=(_, *_) as initial) if any(
                isinstance(a, Assign) and a.target == name for a in initial
            ):
                return overwritten(name, initial)
            case _ if name in names_read(action) or name in changed_names(action):
                return False
            case _:
                pass
    return False
