"""The call and what happens around it: actions become steps, scalars by reference get slots of a frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.nodes import (
    Complex,
    Conditional,
    Expression,
    Integer,
    Kind,
    Member,
    Name,
    Real,
)
from f2pypy.expressions.walk import walk
from f2pypy.lower.any_type import is_of_any_type, pass_any, takes_any_rank
from f2pypy.lower.bindings import add_binding, result_annotation, take_record
from f2pypy.lower.callbacks import serve_by_name
from f2pypy.lower.ctypes_map import Mapping, mapping_of
from f2pypy.lower.deferred_objects import is_deferred_record, pass_holder
from f2pypy.lower.docstring import results
from f2pypy.lower.names import DEFERRED_USES, RESERVED_WORDS, describer_name
from f2pypy.lower.objects_of_types import (
    is_lone_record,
    is_record,
    pass_object,
)
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import DataType
from f2pypy.resolve.arguments.before_conversion import ZEROS
from f2pypy.resolve.calls.flow import inner_actions, names_read

PARTS = {"r": "real", "i": "imag"}

# What a frame has for itself; its slots are attributes as well.
FRAME_ATTRIBUTES = frozenset({"memory", "places", "results"} | set(dir(object)))
FRAME_ATTRIBUTES |= {"__dict__", "__weakref__"}


def plan_call(
    wrapper: Wrapper, call: model.CallRoutine, rest: tuple[model.Action, ...]
) -> list[plan.Step]:
    """Return the call, with a frame for every scalar that goes by reference."""
    slots: dict[str, plan.Slot] = {}
    arguments = tuple(plan_actual(wrapper, a, slots) for a in call.arguments)
    needed = changed_and_needed(wrapper, rest)
    places, taken = place_scalars(wrapper, call, needed)
    outputs = tuple(a for a in slots if a.partition(".")[0] in needed)
    actions = wrapper.procedure.actions
    is_only = sum(map(count_calls, actions)) == 1
    variable = add_binding(wrapper, call, slots, outputs, arguments, is_only)
    alone = call in actions and is_only
    invoke = plan.Invoke(
        variable,
        tuple(slots.values()),
        arguments,
        tuple(wrapper.names.chosen.get(o, slots[o].name) for o in outputs),
        None if call.result is None else wrapper.names.add(call.result),
        wrapper.names.fresh("frame") if slots else "",
        result_annotation(wrapper, call.result) if call.result and alone else "",
    )
    invoke = serve_by_name(wrapper, invoke)
    invoke, objects = take_record(wrapper, call, invoke)
    joined = join_parts(wrapper, slots, outputs)
    return [*places, invoke, *joined, *taken, *objects]


def place_scalars(
    wrapper: Wrapper, call: model.CallRoutine, needed: set[str]
) -> tuple[list[plan.Step], list[plan.Step]]:
    """Return what puts scalars that no frame holds into arrays before a call, and what takes those needed out again."""
    references = dict.fromkeys(
        a.name for a in actuals(call) if isinstance(a, model.ScalarReference)
    )
    places: list[plan.Step] = []
    taken: list[plan.Step] = []
    for name in references:
        place = place_of(wrapper, name)
        if place:
            python = wrapper.names.add(name)
            value: Expression = Name(python)
            if not wrapper.has_value(name):
                value = ZEROS[wrapper.type_of(name).kind]
            dtype = scalar_mapping(wrapper, name).dtype
            places.append(plan.ScalarPlace(place, dtype, value))
            if name in needed:
                taken.append(plan.ScalarTake(python, place))
    return places, taken


def place_of(wrapper: Wrapper, name: str) -> str:
    """Return the array that a scalar lies in during a call, nothing where the frame holds it."""
    if not scalar_mapping(wrapper, name).in_array:
        return ""
    if name not in wrapper.places:
        wrapper.places[name] = wrapper.names.fresh(f"{name}_place")
    return wrapper.places[name]


def scalar_mapping(wrapper: Wrapper, name: str) -> Mapping:
    """Return the row of a scalar's type; Unsupported where there is none."""
    type_ = wrapper.type_of(name)
    mapping = mapping_of(type_)
    if mapping is None:
        raise Unsupported(f"{name!r}: no {type_.kind.value} of {type_.size} bytes")
    return mapping


def actuals(call: model.CallRoutine) -> Iterator[model.Actual]:
    """Yield what a call passes, both branches of what is chosen."""
    rest = list(call.arguments)
    while rest:
        actual = rest.pop(0)
        yield actual
        if isinstance(actual, model.ChosenAddress):
            rest[:0] = [actual.then, actual.otherwise]


def count_calls(action: model.Action) -> int:
    """Return how many calls of the routine stand in an action."""
    return sum(isinstance(a, model.CallRoutine) for a in inner_actions(action))


def join_parts(
    wrapper: Wrapper, slots: dict[str, plan.Slot], outputs: tuple[str, ...]
) -> list[plan.Step]:
    """Return the steps that make complex scalars of the parts that the call has changed."""
    steps: list[plan.Step] = []
    for name in dict.fromkeys(o.partition(".")[0] for o in outputs if "." in o):
        python = wrapper.names.add(name)
        real, imaginary = (part_after_call(python, name, part, slots) for part in PARTS)
        steps.append(plan.Assign(python, Complex(real, imaginary)))
    return steps


def part_after_call(
    python: str, name: str, part: str, slots: dict[str, plan.Slot]
) -> Expression:
    """Return a part of complex scalar `name`, which may be a variable of its own since the call."""
    slot = slots.get(f"{name}.{part}")
    return Member(Name(python), part) if slot is None else Name(slot.name)


def length_form(wrapper: Wrapper, name: str) -> plan.LengthOf:
    """Return where the hidden length of a character argument comes from."""
    argument = wrapper.procedure.argument(name)
    if argument.is_array:
        return plan.LengthOf.ELEMENT
    if wrapper.text_memory(argument) is plan.TextMemory.MEMORY:
        return plan.LengthOf.MEMORY
    is_string = argument.type.is_string
    return plan.LengthOf.STRING if is_string else plan.LengthOf.CHARACTER


def changed_and_needed(wrapper: Wrapper, rest: tuple[model.Action, ...]) -> set[str]:
    """Return the scalars whose values after the call matter."""
    needed = {a.name for a in results(wrapper.procedure)} | set(wrapper.kept)
    for action in rest:
        needed |= names_read(action)
    return needed


def plan_actual(
    wrapper: Wrapper, actual: model.Actual, slots: dict[str, plan.Slot]
) -> plan.CallArgument:
    """Return how one actual argument is printed; scalars by reference get a slot."""
    passed = plan_present(wrapper, actual, slots)
    argument = wrapper.procedure.argument
    match actual:
        case (
            model.ScalarReference(name)
            | model.ArrayAddress(name)
            | model.DescriptorOf(name)
            | model.LengthOf(name)
            | model.ClassOf(name)
        ) if name in wrapper.left_out and not is_lone_record(argument(name)):
            return plan.PassNull(wrapper.absences[name], passed)
        case _:
            return passed


def plan_present(
    wrapper: Wrapper, actual: model.Actual, slots: dict[str, plan.Slot]
) -> plan.CallArgument:
    """Return how an actual argument that is there is printed."""
    match actual:
        case model.ScalarReference(name):
            return plan_reference(wrapper, name, slots)
        case model.Temporary(value, type_):
            return plan.FrameReference(temporary_slot(wrapper, value, type_, slots))
        case model.ArrayAddress(name, offset):
            return plan_address(wrapper, name, offset)
        case model.DescriptorOf(name):
            return pass_descriptor(wrapper, wrapper.procedure.argument(name))
        case model.ValueArgument():
            return plan_value(wrapper, actual)
        case model.LengthOf(name):
            return plan_length(wrapper, name)
        case model.LengthPlace(name):
            return plan.PassLength(wrapper.holders[name], plan.LengthOf.PLACE)
        case model.PresenceFlag(name):
            absent = Name(wrapper.absences[name])
            flag = Conditional(absent, Integer(0), Integer(1))
            return plan.PassValue(flag, "INT8")
        case model.CallbackAddress(name):
            return plan.PassPointer(wrapper.callback_pointer(name))
        case model.PartReference(name, part):
            return plan.FrameReference(part_slot(wrapper, name, part, slots))
        case model.ObjectAddress() | model.ObjectValue() | model.ClassOf():
            return pass_object(wrapper, actual)
        case model.TextAddress() | model.NullAddress():
            return plan_literal(wrapper, actual)
        case model.ChosenAddress(test, then, otherwise):
            return plan.PassChosen(
                wrapper.named(test),
                plan_actual(wrapper, then, slots),
                plan_actual(wrapper, otherwise, slots),
            )


def plan_literal(
    wrapper: Wrapper, actual: model.TextAddress | model.NullAddress
) -> plan.CallArgument:
    """Return a string literal, or NULL."""
    if isinstance(actual, model.NullAddress):
        return plan.PassNothing()
    return plan.PassText(wrapper.named(actual.value))


def plan_address(
    wrapper: Wrapper, name: str, offset: Expression | None
) -> plan.CallArgument:
    """Return the address of an array, or of a string in whatever memory it has."""
    argument = wrapper.procedure.argument(name)
    if is_of_any_type(argument):
        return pass_any(wrapper, argument)
    if is_record(argument):
        return plan.PassRecord(wrapper.names.add(name))
    if wrapper.text_memory(argument) is not plan.TextMemory.ARRAY:
        return plan.PassString(wrapper.names.add(name))
    shift = None if offset is None else wrapper.named(offset)
    return plan.Address(wrapper.names.add(name), shift)


def pass_descriptor(
    wrapper: Wrapper, argument: model.Argument
) -> (
    plan.PassDescriptor
    | plan.PassRecordArray
    | plan.PassClass
    | plan.PassRecordHolder
    | plan.PassAny
):
    """Return how the descriptor of an argument is printed: its holder's, or one made for the call."""
    if is_of_any_type(argument):
        return pass_any(wrapper, argument)
    if is_deferred_record(argument):
        return pass_holder(wrapper, argument)
    if is_record(argument) and takes_any_rank(argument):
        return pass_any(wrapper, argument)
    if is_record(argument):
        name = wrapper.names.add(argument.name)
        if argument.type.polymorphic:
            return plan.PassClass(name, is_array=True)
        return plan.PassRecordArray(name, argument.interoperable)
    maker = "c_descriptor" if argument.interoperable else "descriptor"
    if argument.form is model.Form.ASSUMED_LENGTH and not argument.is_array:
        maker = "text_descriptor"
    holder = wrapper.holders.get(argument.name, "")
    return plan.PassDescriptor(
        wrapper.names.add(argument.name),
        holder,
        maker,
        "" if holder else describer_of(wrapper, argument),
        len(argument.bounds or ()) if argument.form in DEFERRED_USES else 0,
        argument.type.kind is Kind.LOGICAL,
        argument.interoperable,
    )


def describer_of(wrapper: Wrapper, argument: model.Argument) -> str:
    """Return the constant that describes arrays of the argument's type, "" where they differ in their types."""
    is_text = argument.type.kind is Kind.CHARACTER
    use = DEFERRED_USES.get(argument.form, "")
    if argument.intent & model.Intent.CACHE or (
        is_text and (use or not argument.is_array)
    ):
        return ""
    dtype = "" if is_text else wrapper.mapping(argument).dtype
    logical = argument.type.kind is Kind.LOGICAL
    describer = plan.Describer(
        describer_name(dtype, logical, argument.interoperable, use),
        dtype,
        logical,
        argument.interoperable,
        use,
    )
    if describer not in wrapper.describers:
        wrapper.describers.append(describer)
    return describer.variable


def plan_reference(
    wrapper: Wrapper, name: str, slots: dict[str, plan.Slot]
) -> plan.CallArgument:
    """Return the address of a scalar: of its slot, or of the array that it lies in."""
    place = place_of(wrapper, name)
    if place:
        return plan.Address(place)
    return plan.FrameReference(variable_slot(wrapper, name, slots))


def plan_length(wrapper: Wrapper, name: str) -> plan.PassLength:
    """Return the hidden length of a character argument."""
    if name in wrapper.holders:
        return plan.PassLength(wrapper.holders[name], plan.LengthOf.HOLDER)
    return plan.PassLength(wrapper.names.add(name), length_form(wrapper, name))


def plan_value(wrapper: Wrapper, actual: model.ValueArgument) -> plan.PassValue:
    """Return an argument with VALUE; Unsupported for a type that has no C type."""
    type_ = actual.type
    mapping = mapping_of(type_)
    if mapping is None:
        raise Unsupported(
            f"a value of {type_.size} bytes, {type_.kind.value}, can't be passed"
        )
    whole = type_.kind is Kind.COMPLEX or mapping.in_array
    return plan.PassValue(wrapper.named(actual.value), mapping.code, whole)


def variable_slot(wrapper: Wrapper, name: str, slots: dict[str, plan.Slot]) -> str:
    """Return the slot of a scalar variable, adding it the first time."""
    if name not in slots:
        kind = wrapper.type_of(name).kind
        mapping = scalar_mapping(wrapper, name)
        python = wrapper.names.add(name)
        value: Expression = Name(python)
        if not wrapper.has_value(name):
            value = ZEROS[kind]
        slot = wrapper.names.fresh(python) if python in FRAME_ATTRIBUTES else python
        slots[name] = plan.Slot(slot, mapping.code, value, kind is Kind.COMPLEX)
    return slots[name].name


def part_slot(
    wrapper: Wrapper, name: str, part: str, slots: dict[str, plan.Slot]
) -> str:
    """Return the slot of one part of a complex scalar, adding it the first time."""
    key = f"{name}.{part}"
    if key not in slots:
        type_ = wrapper.type_of(name)
        mapping = mapping_of(DataType(Kind.REAL, type_.size // 2))
        if mapping is None or mapping.in_array:
            raise Unsupported(
                f"a part of {name!r}, a {type_.kind.value} of {type_.size} bytes, can't be passed alone"
            )
        python = wrapper.names.add(name)
        value = Member(Name(python), part) if wrapper.has_value(name) else Real(0.0)
        slot = wrapper.names.fresh(f"{python}_{PARTS[part]}")
        slots[key] = plan.Slot(slot, mapping.code, value)
    return slots[key].name


def temporary_slot(
    wrapper: Wrapper, value: Expression, type_: DataType, slots: dict[str, plan.Slot]
) -> str:
    """Add a slot for a value that only the call sees, named after what it is made from."""
    mentioned = [n.name for n in walk(value) if isinstance(n, Name)]
    wanted = mentioned[0] if mentioned else f"argument{len(slots) + 1}"
    taken = {s.name for s in slots.values()} | wrapper.passed_by_reference()
    taken |= RESERVED_WORDS | FRAME_ATTRIBUTES
    name = wanted
    while name in taken:
        name += "_"
    mapping = mapping_of(replace(type_, is_string=False, length=None))
    assert mapping is not None
    if mapping.in_array:
        raise Unsupported(f"a {type_.kind.value} of {type_.size} bytes has no variable")
    if type_.is_string:
        raise Unsupported("a string literal of more than one character")
    slots[f"({name})"] = plan.Slot(name, mapping.code, wrapper.named(value))
    return name
