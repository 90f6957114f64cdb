"""From a routine fully decided to the steps of its wrapper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.expressions.nodes import (
    Absent,
    Binary,
    Expression,
    Extent,
    Integer,
    Kind,
    Name,
)
from f2pypy.expressions.walk import walk
from f2pypy.lower.actions import plan_call_statement
from f2pypy.lower.any_type import give_back_any, is_of_any_type
from f2pypy.lower.callbacks import check_extra_arguments, keep_last
from f2pypy.lower.checks import convert_check
from f2pypy.lower.conversion import convert_argument, is_constant, prepare_result
from f2pypy.lower.deferred_objects import is_deferred_record
from f2pypy.lower.docstring import describe_procedure, is_overwritable, results
from f2pypy.lower.elementals import (
    accepted,
    annotated,
    apply_to_arrays,
    overloads,
    plan_elementals,
)
from f2pypy.lower.objects_of_types import (
    give_back_record,
    is_lone_record,
    is_record,
    record_of,
)
from f2pypy.lower.pointers import interface_of
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Intent, Presence
from f2pypy.resolve.arguments.before_conversion import ZEROS, checks_after
from f2pypy.resolve.calls.flow import expressions_in


def plan_procedure(wrapper: Wrapper) -> plan.Procedure:
    """Return the wrapper: parameters, then steps in the order convert, derive, check, allocate, call, return."""
    procedure = wrapper.procedure
    parameters = plan_parameters(wrapper)
    apply_to_arrays(wrapper)
    for argument in procedure.arguments:
        if is_overwritable(argument) and argument.presence is not Presence.HIDDEN:
            wrapper.steps.append(
                plan.Flag(wrapper.names.add(f"overwrite_{argument.name}"))
            )
    check_extra_arguments(wrapper, parameters)
    remember_absences(wrapper)
    for name, checks in checks_after(procedure):
        convert_argument(wrapper, procedure.argument(name))
        for checked, check in checks:
            convert_check(wrapper, check, checked)
    if procedure.result is not None:
        prepare_result(wrapper, procedure.result)
        start_result(wrapper, procedure.result)
    wrapper.steps = list(merge_extents(keep_last(wrapper.steps)))
    if procedure.actions:
        wrapper.steps.append(plan.Blank())
        wrapper.steps += plan_call_statement(wrapper)
    write_back(wrapper)
    return_results(wrapper)
    renamed = tuple(
        (python, name) for name, python in wrapper.names.chosen.items()
        if python != name and any(p.name == python for p in parameters)
    )  # fmt: skip
    returns = returns_annotation(wrapper, result_annotation)
    ways: tuple[plan.Overload, ...] = ()
    if wrapper.applied:
        arrays = returns_annotation(wrapper, array_annotation)
        ways = overloads(wrapper, parameters, returns, arrays)
        parameters = annotated(parameters, accepted(wrapper, ways))
        returns = "None" if returns == "None" else "Any"
    return plan.Procedure(
        procedure.name,
        wrapper.function,
        parameters,
        returns,
        describe_procedure(procedure),
        tuple(wrapper.bindings),
        tuple(wrapper.steps),
        tuple(
            (wrapper.names.add(a.name), len(a.bounds))
            for a in wrapper.all_arguments()
            if a.bounds is not None
        ),
        renamed,
        tuple(wrapper.callbacks),
        tuple(wrapper.exports),
        tuple(wrapper.describers),
        plan_elementals(wrapper),
        ways,
    )


def start_result(wrapper: Wrapper, result: Argument) -> None:
    """Add the value that a function's result has where no call is sure to give it one."""
    scalar = not (result.is_array or result.type.is_string or is_record(result))
    if scalar and result.name not in wrapper.surely_set():
        annotation = wrapper.mapping(result).annotation
        zero = wrapper.stored(ZEROS[result.type.kind], result.type)
        name = wrapper.names.add(result.name)
        wrapper.steps.append(plan.Assign(name, zero, annotation=annotation))


def remember_absences(wrapper: Wrapper) -> None:
    """Add a local for each argument of which something asks, after its conversion, whether it was given."""
    for name in sorted(asked_late(wrapper.procedure)):
        local = wrapper.names.fresh(f"{name}_absent")
        absent = Absent(wrapper.names.add(name))
        wrapper.steps.append(plan.Assign(local, absent))
        wrapper.absences[name] = local


def asked_late(procedure: model.Procedure) -> set[str]:
    """Return the arguments whose absence is asked for after their conversion."""
    late = {n for action in procedure.actions for n in absences(expressions_in(action))}
    late |= {
        a.name for a in procedure.arguments if a.absent_as_null and a.callback is None
    }
    earlier: set[str] = set()
    for name, checks in checks_after(procedure):
        argument = procedure.argument(name)
        extents = [b.value for b in argument.bounds or () if b.value is not None]
        first = [*extents, *([argument.initial] if argument.initial else [])]
        late |= absences(first) & earlier
        earlier.add(name)
        conditions = (check.condition for _, check in checks)
        late |= absences(conditions) & earlier
    return late - {a.name for a in procedure.arguments if is_lone_record(a)}


def absences(values: Iterable[Expression]) -> set[str]:
    """Return the arguments of which the expressions ask whether they were given."""
    return {n.argument for v in values for n in walk(v) if isinstance(n, Absent)}


def plan_parameters(wrapper: Wrapper) -> tuple[plan.Parameter, ...]:
    """Return required parameters, optional ones, then f2py's additions."""
    found = [plan_parameter(wrapper, a) for a in wrapper.procedure.given]
    for argument in wrapper.procedure.arguments:
        if argument.presence is Presence.HIDDEN:
            continue
        if argument.is_procedure_pointer:
            continue
        if argument.callback is not None:
            name = wrapper.names.add(f"{argument.name}_extra_args")
            found.append(plan.Parameter(name, "tuple[Any, ...]", None, False, True))
        elif is_overwritable(argument):
            name = wrapper.names.add(f"overwrite_{argument.name}")
            default = Integer(int(bool(argument.intent & Intent.OVERWRITE)))
            found.append(plan.Parameter(name, "int", default, False))
    for argument in wrapper.all_arguments():
        wrapper.names.add(argument.name)
    for local in wrapper.procedure.locals:
        wrapper.names.add(local.name)
    return tuple(found)


def plan_parameter(wrapper: Wrapper, argument: Argument) -> plan.Parameter:
    """Return the parameter that callers give; one that is optional has its default if that is constant, else None."""
    optional = argument.presence is Presence.OPTIONAL
    name = wrapper.names.add(argument.name)
    annotation = parameter_annotation(wrapper, argument)
    is_object = is_record(argument) and argument.type.derived is not None
    record = record_of(wrapper, argument).identifier if is_object else ""
    is_told = optional and has_constant_default(argument)
    default = argument.initial if is_told else None
    return plan.Parameter(name, annotation, default, optional, record=record)


def parameter_annotation(wrapper: Wrapper, argument: Argument) -> str:
    """Return the type that a caller sees."""
    if argument.callback is not None:
        none = " | None" if argument.is_procedure_pointer else ""
        return f"Callable[..., Any]{none}"
    if is_record(argument) and argument.type.derived is None:
        return "Any"
    if is_record(argument):
        record = record_of(wrapper, argument).identifier
        required = argument.presence is Presence.REQUIRED
        none = " | None" if required and is_deferred_record(argument) else ""
        return "Any" if argument.is_array else f"{record}{none}"
    if argument.is_array or argument.intent & Intent.INOUT:
        return "ArrayLike"
    if argument.type.kind is Kind.CHARACTER:
        return (
            "bytes | str | NDArray[Any]" if argument.type.is_string else "bytes | str"
        )
    return wrapper.mapping(argument).accepted


def returns_annotation(
    wrapper: Wrapper, annotation: Callable[[Wrapper, Argument], str]
) -> str:
    """Return the annotation of the wrapper's value, made of that of each returned one."""
    types = [annotation(wrapper, a) for a in results(wrapper.procedure)]
    if not types:
        return "None"
    return types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"


def result_annotation(wrapper: Wrapper, argument: Argument) -> str:
    """Return the type of one returned value."""
    if argument.callback is not None:
        return "Any"
    if is_record(argument):
        return record_annotation(wrapper, argument)
    if argument.form in (Form.ALLOCATABLE, Form.POINTER):
        return "Any"  # None where Fortran has left it unallocated
    none = " | None" if returns_none_if_absent(argument) else ""
    if argument.is_array:
        return f"NDArray[{scalar_class(wrapper, argument)}]{none}"
    if argument.type.kind is Kind.CHARACTER:
        return f"bytes{none}"
    return wrapper.mapping(argument).annotation


def array_annotation(wrapper: Wrapper, argument: Argument) -> str:
    """Return the type of one value that an elemental procedure returns for arrays: a scalar where none has axes."""
    return f"NDArray[{scalar_class(wrapper, argument)}] | Any"


def record_annotation(wrapper: Wrapper, argument: Argument) -> str:
    """Return the class of a returned object."""
    if argument.type.derived is None:
        return "Any"
    if argument.is_array and argument.presence is not Presence.HIDDEN:
        return "Any"  # what the caller has given, such as a list
    may_be_none = is_deferred_record(argument) or returns_none_if_absent(argument)
    none = " | None" if may_be_none else ""
    record = record_of(wrapper, argument).identifier
    return f"{f'Records[{record}]' if argument.is_array else record}{none}"


def scalar_class(wrapper: Wrapper, argument: Argument) -> str:
    """Return NumPy's class of the array's elements."""
    return (
        "np.bytes_"
        if argument.type.kind is Kind.CHARACTER
        else f"np.{wrapper.mapping(argument).dtype}"
    )


def has_constant_default(argument: Argument) -> bool:
    """Whether the default can stand in the signature; what gets a value back is None where it was left out."""
    return (
        not argument.is_array
        and not argument.intent & Intent.INOUT
        and argument.initial is not None
        and is_constant(argument.initial)
    )


def write_back(wrapper: Wrapper) -> None:
    """Add the steps that give changed values back to the caller's objects."""
    for argument in wrapper.all_arguments():
        name = wrapper.names.add(argument.name)
        if is_deferred_record(argument):
            continue
        if argument.name in wrapper.holders:
            if argument.result_name is None:
                holder = wrapper.holders[argument.name]
                wrapper.steps.append(plan.DeferredAfter(name, holder))
        elif is_of_any_type(argument):
            give_back_any(wrapper, argument)
        elif is_record(argument):
            give_back_record(wrapper, argument)
        elif argument.is_array and may_stand_in(argument):
            wrapper.steps.append(plan.ArrayWriteBack(name))
        elif argument.name in wrapper.kept and argument.type.is_string:
            wrapper.steps.append(
                plan.StringWriteBack(name, wrapper.kept[argument.name])
            )
        elif argument.name in wrapper.kept:
            wrapper.steps.append(
                plan.ScalarWriteBack(
                    name,
                    wrapper.kept[argument.name],
                    "write_character"
                    if argument.type.kind is Kind.CHARACTER
                    else "write_scalar",
                )
            )


def returns_none_if_absent(argument: Argument) -> bool:
    """Whether it is the caller's own array or string, filled and returned, that may be left out."""
    both = Intent.INOUT | Intent.OUT
    return argument.absent_as_null and argument.intent & both == both


def may_stand_in(argument: Argument) -> bool:
    """Whether Fortran may get a copy whose values the caller's array gets back: another type, or padded strings."""
    written = Intent.INOUT if argument.type.is_string else Intent.NONE
    return bool(argument.intent & (Intent.INPLACE | written))


def return_results(wrapper: Wrapper) -> None:
    """Add the return statement."""
    values = tuple(plan_returned(wrapper, a) for a in results(wrapper.procedure))
    if values:
        wrapper.steps.append(plan.Return(values))


def plan_returned(wrapper: Wrapper, argument: Argument) -> plan.Returned:
    """Return what callers get of an output, and from which holder where one has it."""
    if argument.name in wrapper.cells:
        cell = Name(wrapper.cells[argument.name])
        return plan.Returned(cell, plan.ReturnedForm.POINTED)
    name = wrapper.names.add(argument.name)
    if argument.is_procedure_pointer:
        holder = interface_of(wrapper, argument).variable
        return plan.Returned(Name(name), plan.ReturnedForm.CODE, holder)
    if is_deferred_record(argument):
        return plan.Returned(Name(name), plan.ReturnedForm.PLAIN)
    if argument.name in wrapper.holders:
        name = wrapper.given.get(argument.name, name)
        holder = wrapper.holders[argument.name]
    else:
        holder = ""
    filled = not holder and returns_none_if_absent(argument)
    absent = wrapper.absences.get(argument.name, "") if filled else ""
    return plan.Returned(Name(name), returned_form(wrapper, argument), holder, absent)


def returned_form(wrapper: Wrapper, argument: Argument) -> plan.ReturnedForm:
    """Return what callers get of an argument's local."""
    if argument.name in wrapper.holders:
        if argument.name in wrapper.surely_set():
            return plan.ReturnedForm.RECEIVED
        given = argument.intent & Intent.INOUT
        return plan.ReturnedForm.GIVEN_BACK if given else plan.ReturnedForm.TAKEN
    if is_record(argument):
        return plan.ReturnedForm.PLAIN
    if argument.is_array:
        return plan.ReturnedForm.ARRAY
    if not argument.type.is_string:
        return plan.ReturnedForm.PLAIN
    is_character = argument.type.is_character
    return plan.ReturnedForm.CHARACTER if is_character else plan.ReturnedForm.STRING


def merge_extents(steps: Iterable[plan.Step]) -> Iterator[plan.Step]:
    """Yield the steps with ``lda = shape(a,0)`` and ``ka = shape(a,1)`` in one ``lda, ka = a.shape``.

    A check that only what the caller gives can fail becomes part of the step that takes it.
    """
    steps = list(steps)
    position = 0
    while position < len(steps):
        match steps[position : position + 2]:
            case [
                plan.Assign(target=first, value=Extent(array=one, axis=0)),
                plan.Assign(target=second, value=Extent(array=other, axis=1)),
            ] if one == other and array_rank(steps, one) == 2:
                yield plan.Unpack((first, second), one)
                position += 2
            case [
                plan.ScalarComputed(given, default, facts),
                plan.Check(condition=Binary("==", left, right)) as check,
            ] if {Name(given.name), default} == {left, right}:
                always = replace(given, exact=None)
                yield plan.ScalarComputed(always, default, facts, (check,))
                position += 2
            case _:
                yield steps[position]
                position += 1


def array_rank(steps: Iterable[plan.Step], name: str) -> int:
    """Return the rank of a converted array, 0 where it isn't found."""
    for step in steps:
        match step:
            case plan.ArrayInput(name=found, extents=extents) if found == name:
                return len(extents)
            case plan.ArrayOptional(
                input=plan.ArrayInput(name=found, extents=extents)
            ) if found == name:
                return len(extents)
            case plan.ArrayHidden(name=found, extents=extents) if found == name:
                return len(extents)
            case _:  # other steps make no array whose shape is unpacked
                pass
    return 0
