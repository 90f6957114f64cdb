"""The call and what happens around it: actions become steps, scalars by reference get slots of a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.ctypes_map import mapping_of
from f2pypy.expressions.nodes import Expression, Kind, Name
from f2pypy.expressions.walk import used_names, walk
from f2pypy.lower.callbacks import raise_exceptions
from f2pypy.lower.docstring import results
from f2pypy.lower.wrapper import ZEROS, Unsupported, Wrapper, expressions_in
from f2pypy.model import DataType


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
            last = not any(calls_routine(later) for later in rest)
            return [plan_call(wrapper, action, rest), *raise_exceptions(wrapper, last)]
        case model.Assign(target, value):
            return [plan.Assign(wrapper.names.add(target), wrapper.named(value))]
        case model.AssignElement(array, start, value, part):
            parts = {"": "", "r": "real", "i": "imag"}
            return [
                plan.ElementAssign(
                    wrapper.names.add(array),
                    wrapper.named(start),
                    wrapper.named(value),
                    parts[part],
                )
            ]
        case model.ShiftElements(array, start, stop, by):
            return [
                plan.ElementShift(
                    wrapper.names.add(array),
                    wrapper.named(start),
                    wrapper.named(stop),
                    by,
                )
            ]
        case model.CopyElements(target, source, start, stop):
            return [
                plan.ElementCopy(
                    wrapper.names.add(target),
                    wrapper.names.add(source),
                    wrapper.named(start),
                    wrapper.named(stop),
                )
            ]
        case model.FillTriangle(array, order, lower, value):
            return [
                plan.TriangleFill(
                    wrapper.names.add(array),
                    wrapper.named(order),
                    lower,
                    wrapper.named(value),
                )
            ]
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
        case model.Raise(exception, message):
            return [plan.Raise(exception, message)]


def calls_routine(action: model.Action) -> bool:
    """Whether the action calls Fortran."""
    match action:
        case model.CallRoutine():
            return True
        case model.Choose(_, then, otherwise):
            return any(map(calls_routine, (*then, *otherwise)))
        case model.Loop(initial, _, body, step):
            return any(map(calls_routine, (*initial, *body, *step)))
        case _:
            return False


def plan_call(
    wrapper: Wrapper, call: model.CallRoutine, rest: tuple[model.Action, ...]
) -> plan.Invoke:
    """Return the call, with a frame for every scalar that goes by reference."""
    slots: dict[str, plan.Slot] = {}
    arguments = tuple(plan_actual(wrapper, a, slots) for a in call.arguments)
    outputs = tuple(a for a in slots if a in changed_and_needed(wrapper, rest))
    variable = add_binding(wrapper, call, slots, outputs, arguments)
    return plan.Invoke(
        variable,
        tuple(slots.values()),
        arguments,
        tuple(wrapper.names.chosen.get(o, o) for o in outputs),
        None if call.result is None else wrapper.names.add(call.result),
        wrapper.names.fresh("frame") if slots else "",
        "" if call.result is None else result_annotation(wrapper, call.result),
    )


def length_form(wrapper: Wrapper, name: str) -> str:
    """Return where the hidden length of a character argument comes from."""
    argument = wrapper.procedure.argument(name)
    if argument.is_array:
        return "array"
    return "string" if argument.type.is_string else "character"


def result_annotation(wrapper: Wrapper, name: str) -> str:
    """Return the Python type of the function's value."""
    return wrapper.mapping(wrapper.procedure.argument(name)).word.replace("long", "int")


def changed_and_needed(wrapper: Wrapper, rest: tuple[model.Action, ...]) -> set[str]:
    """Return the scalars whose values after the call matter."""
    needed = {a.name for a in results(wrapper.procedure)} | set(wrapper.kept)
    for action in rest:
        needed |= names_read(action)
    return needed


def add_binding(
    wrapper: Wrapper,
    call: model.CallRoutine,
    slots: dict[str, plan.Slot],
    outputs: tuple[str, ...],
    arguments: tuple[plan.CallArgument, ...],
) -> str:
    """Add the module-level object of this call and return its name."""
    layout = tuple((slot.name, slot.code) for slot in slots.values())
    result = None
    if call.result is not None:
        result = wrapper.mapping(wrapper.procedure.argument(call.result)).code
    name = "_" + wrapper.procedure.name
    if wrapper.bindings:
        name += f"_{len(wrapper.bindings) + 1}"
    wrapper.bindings.append(
        plan.Binding(
            name,
            wrapper.procedure.symbol,
            result,
            layout,
            tuple(slots[o].name for o in outputs),
            wrapper.procedure.threadsafe,
            wrapper.procedure.exact_symbol,
            wrapper.procedure.fortran_module,
            tuple(
                (position, argument.code)
                for position, argument in enumerate(arguments)
                if isinstance(argument, plan.PassValue)
            ),
        )
    )
    return name


def plan_actual(
    wrapper: Wrapper, actual: model.Actual, slots: dict[str, plan.Slot]
) -> plan.CallArgument:
    """Return how one actual argument is printed; scalars by reference get a slot."""
    match actual:
        case model.ScalarReference(name):
            return plan.FrameReference(variable_slot(wrapper, name, slots))
        case model.Temporary(value, type_):
            return plan.FrameReference(temporary_slot(wrapper, value, type_, slots))
        case model.ArrayAddress(name, offset):
            shift = None if offset is None else wrapper.named(offset)
            return plan.Address(wrapper.names.add(name), shift)
        case model.ValueArgument(value, type_):
            mapping = mapping_of(type_)
            assert mapping is not None
            return plan.PassValue(wrapper.named(value), mapping.code)
        case model.LengthOf(name):
            return plan.PassLength(wrapper.names.add(name), length_form(wrapper, name))
        case model.CallbackAddress(name):
            return plan.PassPointer(wrapper.callback_pointer(name))


def variable_slot(wrapper: Wrapper, name: str, slots: dict[str, plan.Slot]) -> str:
    """Return the slot of a scalar variable, adding it the first time."""
    if name not in slots:
        type_ = wrapper.type_of(name)
        mapping = mapping_of(type_)
        if mapping is None:
            raise Unsupported(f"{name!r}: no {type_.kind.value} of {type_.size} bytes")
        python = wrapper.names.add(name)
        value: Expression | None = Name(python)
        if not wrapper.has_value(name):
            value = ZEROS[type_.kind]
        slots[name] = plan.Slot(python, mapping.code, value, type_.kind is Kind.COMPLEX)
    return slots[name].name


def temporary_slot(
    wrapper: Wrapper, value: Expression, type_: DataType, slots: dict[str, plan.Slot]
) -> str:
    """Add a slot for a value that only the call sees, named after what it is made from."""
    mentioned = [n.name for n in walk(value) if isinstance(n, Name)]
    wanted = mentioned[0] if mentioned else f"argument{len(slots) + 1}"
    taken = {s.name for s in slots.values()} | {
        a.name for a in wrapper.passed_by_reference()
    }
    name = wanted
    while name in taken:
        name += "_"
    mapping = mapping_of(replace(type_, is_string=False, length=None))
    assert mapping is not None
    if type_.is_string:
        raise Unsupported("a string literal of more than one character")
    slots[f"({name})"] = plan.Slot(name, mapping.code, wrapper.named(value))
    return name


def names_read(action: model.Action) -> set[str]:
    """Return the scalars that an action reads."""
    found: set[str] = set()
    for expression in expressions_in(action):
        found |= used_names(expression)
    if isinstance(action, model.CallRoutine):
        found |= {
            a.name for a in action.arguments if isinstance(a, model.ScalarReference)
        }
    return found
