"""How a callstatement fails, and where its actions go on: exceptions, f2py_success and the steps of loops."""

from __future__ import annotations

from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.nodes import ExpressionError
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
    Loop,
    Raise,
)

EXCEPTIONS = frozenset(
    {
        "ArithmeticError",
        "AssertionError",
        "Exception",
        "IndexError",
        "KeyError",
        "LookupError",
        "MemoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "RuntimeError",
        "TypeError",
        "ValueError",
        "ZeroDivisionError",
    }
)
# What f2py's wrapper amounts to when it fails without an exception.
UNSAID = Raise("SystemError", "the callstatement failed without an exception")


def raise_exception(exception: str, message: bytes) -> Raise:
    """Return what ``PyErr_SetString`` raises; ExpressionError for an exception that Python doesn't have."""
    name = exception.removeprefix("PyExc_")
    if not exception.startswith("PyExc_") and name.endswith("_error"):
        return Raise("error", message.decode("utf-8", "replace"))
    if name not in EXCEPTIONS:
        raise ExpressionError(f"unknown exception {exception!r}")
    return Raise(name, message.decode("utf-8", "replace"))


def with_step(turn: tuple[Action, ...], step: tuple[Action, ...]) -> tuple[Action, ...]:
    """Return a loop's body in which every ``continue`` does the loop's step first."""
    found: list[Action] = []
    for action in turn:
        match action:
            case Continue():
                found += [*step, action]
            case Choose(test, then, otherwise):
                branches = with_step(then, step), with_step(otherwise, step)
                found.append(Choose(test, *branches))
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | Break() | Raise():
                found.append(action)
            case Loop():  # its own ``continue`` does its own step
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def without_success(actions: list[Action]) -> list[Action]:
    """Return the actions with each exception raised once.

    ``PyErr_SetString(...)`` sets it, ``f2py_success = 0`` and ``return NULL`` (a `Raise` without a name) end the
    wrapper; nothing between them in a block, or after them, has an effect.
    """
    for position, action in enumerate(actions):
        match action:
            case Raise(exception="") if ends_in_raise(actions[:position]):
                return actions[:position]
            case Raise(exception=""):
                later = [
                    a
                    for a in actions[position:]
                    if isinstance(a, Raise) and a.exception
                ]
                return [*actions[:position], *(later[:1] or [UNSAID])]
            case _:
                pass
    return actions


def ends_in_raise(actions: list[Action]) -> bool:
    """Whether the last action always raises."""
    return bool(actions) and isinstance(actions[-1], Raise)
