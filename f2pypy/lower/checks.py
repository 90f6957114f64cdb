"""The checks of a wrapper, with f2py's texts."""

from __future__ import annotations

from f2pypy import model, plan
from f2pypy.expressions.nodes import Expression, Kind
from f2pypy.expressions.walk import used_names
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Presence


def convert_check(wrapper: Wrapper, check: model.Check, argument: Argument) -> None:
    """Add one check with f2py's text."""
    condition = wrapper.named(check.condition)
    given = integers_in(wrapper, check.condition, argument)
    bits = max(
        [32, *(8 * wrapper.procedure.argument(name).type.size for name in given)]
    )
    place, shown = argument.name, None
    is_complex = argument.type.kind is Kind.COMPLEX
    if not (argument.is_array or argument.callback is not None or is_complex):
        place = f"{wrapper.procedure.name}:{argument.name}"
        shown = wrapper.names.add(argument.name)
        bits = max(bits, 8 * argument.type.size)
    others = tuple(wrapper.names.add(name) for name in given)
    wrapper.steps.append(
        plan.Check(
            condition,
            check.text,
            argument.ordinal,
            place,
            shown,
            others,
            64 if bits >= 64 else 32,
            is_text=shown is not None and argument.type.kind is Kind.CHARACTER,
        )
    )


def integers_in(
    wrapper: Wrapper, condition: Expression, checked: Argument
) -> tuple[str, ...]:
    """Return the integers besides the checked argument that the caller may have given and the condition reads."""
    found = []
    for name in sorted(used_names(condition) - {checked.name}):
        if name not in wrapper.procedure.evaluation:
            continue
        argument = wrapper.procedure.argument(name)
        is_given = argument.presence is not Presence.HIDDEN
        if is_given and argument.type.kind is Kind.INTEGER and not argument.is_array:
            found.append(name)
    return tuple(found)
