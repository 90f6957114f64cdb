"""Finds the variables that actions read and change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.nodes import Expression
from f2pypy.expressions.walk import used_names
from f2pypy.model import (
    Action,
    Actual,
    ArrayAddress,
    Assign,
    AssignElement,
    AssignElements,
    Break,
    CallbackAddress,
    CallRoutine,
    Choose,
    ChosenAddress,
    ClassOf,
    Continue,
    DescriptorOf,
    FillTriangle,
    LengthOf,
    LengthPlace,
    Loop,
    NullAddress,
    ObjectAddress,
    ObjectValue,
    PartReference,
    PresenceFlag,
    Raise,
    ScalarReference,
    Temporary,
    TextAddress,
    ValueArgument,
)


def inner_actions(action: Action) -> Iterator[Action]:
    """Yield the action and every action inside it."""
    yield action
    match action:
        case Choose(_, then, otherwise):
            inside = (*then, *otherwise)
        case Loop(initial, _, body, step):
            inside = (*initial, *body, *step)
        case Assign() | AssignElement() | AssignElements() | FillTriangle():
            inside = ()
        case CallRoutine() | Break() | Continue() | Raise():
            inside = ()
        case _:
            assert_never(action)
    for inner in inside:
        yield from inner_actions(inner)


def calls_routine(action: Action) -> bool:
    """Whether the routine is called somewhere in an action."""
    return any(isinstance(inner, CallRoutine) for inner in inner_actions(action))


def inner_actuals(actual: Actual) -> Iterator[Actual]:
    """Yield the actual argument and those that it chooses from."""
    yield actual
    if isinstance(actual, ChosenAddress):
        yield from inner_actuals(actual.then)
        yield from inner_actuals(actual.otherwise)


def actuals_in(action: Action) -> Iterator[Actual]:
    """Yield every actual argument of the calls in an action."""
    for inner in inner_actions(action):
        if isinstance(inner, CallRoutine):
            for actual in inner.arguments:
                yield from inner_actuals(actual)


def expressions_in(action: Action) -> Iterator[Expression]:
    """Yield the expressions of one action and of those inside it."""
    for inner in inner_actions(action):
        yield from own_expressions(inner)
    for actual in actuals_in(action):
        yield from expressions_of(actual)


def expressions_of(actual: Actual) -> Iterator[Expression]:
    """Yield the expressions that belong to the actual argument itself."""
    match actual:
        case Temporary(value) | ValueArgument(value) | TextAddress(value):
            yield value
        case ArrayAddress(_, offset):
            if offset is not None:
                yield offset
        case ChosenAddress(test):
            yield test
        case ScalarReference() | PartReference() | DescriptorOf() | LengthOf():
            pass
        case LengthPlace() | PresenceFlag() | CallbackAddress() | NullAddress():
            pass
        case ObjectAddress() | ObjectValue() | ClassOf():
            pass
        case _:
            assert_never(actual)


def own_expressions(action: Action) -> Iterator[Expression]:
    """Yield the expressions that belong to the action itself."""
    match action:
        case Assign(_, value):
            yield value
        case AssignElement(_, index, value):
            yield index
            yield value
        case AssignElements(_, places, _, value):
            yield places
            yield value
        case FillTriangle(_, order, leading, _, _, value):
            yield order
            yield leading
            yield value
        case Choose(test) | Loop(_, test):
            yield test
        case CallRoutine() | Break() | Continue() | Raise():
            pass
        case _:
            assert_never(action)


def names_read(action: Action) -> frozenset[str]:
    """Return the variables that an action reads, passes by reference or changes elements of."""
    found = frozenset().union(*map(used_names, expressions_in(action)))
    return found | passed_names(action) | changed_arrays(action)


def passed_names(action: Action) -> frozenset[str]:
    """Return the variables whose address the calls in an action take."""
    return frozenset(
        actual.name
        for actual in actuals_in(action)
        if isinstance(actual, (ScalarReference, PartReference, ArrayAddress))
    )


def changed_arrays(action: Action) -> frozenset[str]:
    """Return the arrays that get elements assigned."""
    return frozenset(
        inner.array
        for inner in inner_actions(action)
        if isinstance(inner, (AssignElement, AssignElements, FillTriangle))
    )


def assigned_scalars(action: Action) -> frozenset[str]:
    """Return the scalars that an action assigns."""
    return frozenset(
        inner.target for inner in inner_actions(action) if isinstance(inner, Assign)
    )


def changed_names(action: Action) -> frozenset[str]:
    """Return the variables that an action may change."""
    results = {
        inner.result
        for inner in inner_actions(action)
        if isinstance(inner, CallRoutine) and inner.result is not None
    }
    return (
        assigned_scalars(action)
        | changed_arrays(action)
        | passed_names(action)
        | results
    )


def packed_first(actions: Iterable[Action]) -> frozenset[str]:
    """Return the scalars that a call always takes by reference, unchanged, before any array is changed."""
    assigned: frozenset[str] = frozenset()
    for action in actions:
        if changed_arrays(action):
            break
        match action:
            case CallRoutine(arguments):
                passed = (a.name for a in arguments if isinstance(a, ScalarReference))
                return frozenset(passed) - assigned
            case Choose(_, then, otherwise) if calls_routine(action):
                return (packed_first(then) & packed_first(otherwise)) - assigned
            case Loop() if calls_routine(action):
                break
            case _:
                assigned |= assigned_scalars(action)
    return frozenset()
