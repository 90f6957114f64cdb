"""Which loops count: from where, to where, and what each turn does."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Binary, Call, Expression, Integer, Name
from f2pypy.expressions.walk import used_names
from f2pypy.model import Action, Assign, Loop
from f2pypy.resolve.calls.flow import assigned_scalars, changed_names, names_read
from f2pypy.resolve.calls.linear_indexes import total

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


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
    """Return a loop whose counter goes up or down by one to a bound that the loop doesn't change, or None."""
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
