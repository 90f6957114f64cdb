"""What happens at the call, step by step: a callstatement's actions, or the call alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.nodes import Bounds, Expression
from f2pypy.lower.callbacks import raise_exceptions
from f2pypy.lower.invocation import plan_call
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Intent, Presence
from f2pypy.resolve.calls.flow import calls_routine, changed_arrays


def plan_call_statement(wrapper: Wrapper) -> list[plan.Step]:
    """Return the steps of everything that happens at the call."""
    actions = wrapper.procedure.actions
    changed = frozenset().union(*map(changed_arrays, actions))
    borrowed = tuple(
        wrapper.names.add(argument.name)
        for argument in wrapper.procedure.arguments
        if argument.name in changed
        and argument.presence is not Presence.HIDDEN
        and not argument.intent & (Intent.INOUT | Intent.INPLACE | Intent.CACHE)
    )
    steps: list[plan.Step] = [plan.MakeWritable(borrowed)] if borrowed else []
    return [*steps, *plan_actions(wrapper, actions, after=())]


def plan_actions(
    wrapper: Wrapper, actions: Iterable[model.Action], after: tuple[model.Action, ...]
) -> list[plan.Step]:
    """Return the steps of what happens at the call; `after` is what follows them all."""
    actions = tuple(actions)
    steps: list[plan.Step] = []
    for position, action in enumerate(actions):
        rest = (*actions[position + 1 :], *after)
        steps += plan_action(wrapper, action, rest)
    return steps


def plan_action(
    wrapper: Wrapper, action: model.Action, rest: tuple[model.Action, ...]
) -> list[plan.Step]:
    """Return the steps of one action."""
    match action:
        case model.CallRoutine():
            last = not any(map(calls_routine, rest))
            return [
                *plan_call(wrapper, action, rest),
                *raise_exceptions(wrapper, last),
            ]
        case model.Assign(target):
            return [
                plan.Assign(wrapper.names.add(target), assigned_value(wrapper, action))
            ]
        case model.AssignElement() | model.AssignElements() | model.FillTriangle():
            return [plan_elements(wrapper, action)]
        case model.Choose(test, then, otherwise):
            return [
                plan.Choose(
                    wrapper.named(test),
                    tuple(plan_actions(wrapper, then, rest)),
                    tuple(plan_actions(wrapper, otherwise, rest)),
                )
            ]
        case model.Loop(initial, test, body, step):
            again = (action, *rest)
            before = plan_actions(wrapper, initial, again)
            inner = plan_actions(wrapper, (*body, *step), again)
            return [*before, plan.Loop(wrapper.named(test), tuple(inner))]
        case model.Break() | model.Continue() | model.Raise(argument=""):
            return [action]
        case model.Raise(argument=argument):
            return [replace(action, argument=wrapper.names.add(argument))]
    return assert_never(action)


def assigned_value(wrapper: Wrapper, action: model.Assign) -> Expression:
    """Return the value that a variable is set to, with the precision that it has."""
    return wrapper.stored(wrapper.named(action.value), wrapper.type_of(action.target))


def plan_elements(
    wrapper: Wrapper,
    action: model.AssignElement | model.AssignElements | model.FillTriangle,
) -> plan.Step:
    """Return the step that changes elements of an array."""
    array = wrapper.names.add(action.array)
    value = wrapper.named(action.value)
    match action:
        case model.AssignElement(index=index):
            named = wrapper.named(index)
            return replace(action, array=array, index=named, value=value)
        case model.AssignElements(places=places):
            counted = wrapper.named(places)
            assert isinstance(counted, Bounds)
            return replace(action, array=array, places=counted, value=value)
        case model.FillTriangle(order=order, leading=leading):
            return replace(
                action,
                array=array,
                order=wrapper.named(order),
                leading=wrapper.named(leading),
                value=value,
            )
    return assert_never(action)
