"""How arguments get their values: one step or two for each, then their checks."""

from __future__ import annotations

from fractions import Fraction

from f2pypy import plan
from f2pypy.expressions.facts import counts_elements
from f2pypy.expressions.nodes import (
    Character,
    Complex,
    Expression,
    Integer,
    Logical,
    Name,
    Real,
    String,
    Unary,
)
from f2pypy.lower.any_type import convert_any, is_of_any_type
from f2pypy.lower.arrays import convert_array, convert_deferred
from f2pypy.lower.callbacks import convert_callback
from f2pypy.lower.ctypes_map import READS_TEXT, Mapping
from f2pypy.lower.deferred_objects import is_deferred_record
from f2pypy.lower.docstring import results
from f2pypy.lower.objects_of_types import convert_record, is_record, record_of
from f2pypy.lower.pointers import convert_pointer
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import Argument, Form, Intent, Presence
from f2pypy.resolve.arguments.before_conversion import ZEROS
from f2pypy.resolve.calls.flow import changed_arrays, passed_names


def convert_argument(wrapper: Wrapper, argument: Argument) -> None:
    """Add the steps that give the argument its value."""
    if argument.is_procedure_pointer:
        convert_pointer(wrapper, argument)
    elif argument.callback is not None:
        convert_callback(wrapper, argument)
    elif is_of_any_type(argument):
        convert_any(wrapper, argument)
    elif is_record(argument):
        convert_record(wrapper, argument)
    elif argument.form in (Form.ALLOCATABLE, Form.POINTER):
        convert_deferred(wrapper, argument)
    elif argument.is_array:
        convert_array(wrapper, argument)
    elif argument.type.is_string:
        convert_string(wrapper, argument)
    elif argument.presence is Presence.HIDDEN:
        convert_hidden(wrapper, argument)
    else:
        convert_scalar(wrapper, argument)


def convert_hidden(wrapper: Wrapper, argument: Argument) -> None:
    """Add the value of a hidden scalar, where it has one before the call."""
    mapping = wrapper.mapping(argument)
    name = wrapper.names.add(argument.name)
    annotation = ""
    if [a.name for a in results(wrapper.procedure)] == [argument.name]:
        # What the call gives is of no type, and the wrapper's value needs one.
        annotation = mapping.annotation
    if argument.initial is not None or wrapper.is_used(argument.name):
        initial = argument.initial
        value = ZEROS[argument.type.kind] if initial is None else initial
        value = wrapper.named(value)
        if mapping.in_array:
            value = wrapper.stored(value, argument.type)
        assign = plan.Assign(name, value, wrapper.facts_about(value), annotation)
        wrapper.steps.append(assign)
        if mapping.exact == "int" and not counts_elements(value):
            check_computed(wrapper, argument, name)
    elif annotation:
        wrapper.steps.append(plan.Declare(name, annotation))


def check_computed(wrapper: Wrapper, argument: Argument, name: str) -> None:
    """Add what checks a hidden integer's range, where its call would after elements of arrays have changed."""
    actions = wrapper.procedure.actions
    late = any(map(changed_arrays, actions)) and any(
        argument.name in passed_names(action) for action in actions
    )
    if late and argument.name not in wrapper.kept_in_range:
        converter = wrapper.mapping(argument).converter
        what = f"{wrapper.routine}() hidden ({argument.name})"
        wrapper.steps.append(plan.ScalarInput(name, None, converter, what))


def convert_scalar(wrapper: Wrapper, argument: Argument) -> None:
    """Add the conversion of a scalar that the caller gives."""
    mapping = wrapper.mapping(argument)
    converter = scalar_converter(argument, mapping)
    name = wrapper.names.add(argument.name)
    what = wrapper.label(argument)
    if argument.intent & Intent.INOUT and not argument.by_value:
        kept = wrapper.names.fresh(f"{argument.name}_array")
        wrapper.kept[argument.name] = kept
        if argument.presence is not Presence.OPTIONAL:
            wrapper.steps.append(plan.ScalarInOut(name, kept, mapping.converter, what))
            return
        wrapper.steps.append(plan.Assign(kept, Name(argument.name)))
        given = plan.ScalarInput(name, None, mapping.converter, what)
        convert_optional(wrapper, argument, given)
        return
    is_integer = mapping.exact == "int"
    always = mapping.rounds and (is_integer or wrapper.is_read(argument.name))
    if is_integer and argument.name not in wrapper.kept_in_range:
        always = True
    exact = None if always or not mapping.exact else mapping.exact
    given = plan.ScalarInput(name, exact, converter, what)
    if argument.presence is Presence.OPTIONAL:
        convert_optional(wrapper, argument, given)
    else:
        wrapper.steps.append(given)


def convert_optional(
    wrapper: Wrapper, argument: Argument, given: plan.ScalarInput
) -> None:
    """Add the conversion of a scalar that has a default."""
    mapping = wrapper.mapping(argument)
    default = (
        ZEROS[argument.type.kind] if argument.initial is None else argument.initial
    )
    default = wrapper.named(default)
    if mapping.in_array:
        default = wrapper.stored(default, argument.type)
    if is_constant(default):
        wrapper.steps.append(plan.ScalarDefault(given, default))
    else:
        wrapper.steps.append(
            plan.ScalarComputed(given, default, wrapper.facts_about(default))
        )


def scalar_converter(argument: Argument, mapping: Mapping) -> str:
    """Return the runtime function for a scalar; some arguments take what f2py takes.

    Programs pass the whole answer of a query as `lwork`, and numbers that they have read to old Fortran.
    """
    if mapping.converter not in READS_TEXT:
        return mapping.converter
    has_default = argument.presence is Presence.OPTIONAL and not argument.absent_as_null
    if has_default and mapping.exact == "int":
        return f"{mapping.converter}_or_first"
    if not argument.states_direction:
        return f"{mapping.converter}_or_text"
    return mapping.converter


def convert_string(wrapper: Wrapper, argument: Argument) -> None:
    """Add the conversion of a string, or a blank one."""
    name = wrapper.names.add(argument.name)
    length = argument.type.length
    length = None if length is None else wrapper.named(length)
    initial = None if argument.initial is None else wrapper.named(argument.initial)
    held = wrapper.text_memory(argument)
    if argument.presence is Presence.HIDDEN:
        blank = length if length is not None else Integer(0)
        wrapper.steps.append(plan.StringHidden(name, blank, initial, held))
        return
    kept = None
    if argument.intent & (Intent.INOUT | Intent.INPLACE):
        kept = wrapper.names.fresh(f"{argument.name}_array")
        wrapper.kept[argument.name] = kept
    wrapper.steps.append(
        plan.StringInput(
            name,
            length,
            String(b"") if initial is None else initial,
            wrapper.routine,
            argument.ordinal,
            argument.name,
            kept,
            held,
        )
    )


def prepare_result(wrapper: Wrapper, result: Argument) -> None:
    """Add what a function's result needs before the call."""
    wrapper.names.add(result.name)
    if is_record(result):
        if not is_deferred_record(result):
            record_of(wrapper, result)
        if is_deferred_record(result) or result.name not in wrapper.surely_set():
            convert_record(wrapper, result)
    elif result.is_procedure_pointer:
        pass  # its address comes back as a number
    elif result.form in (Form.ALLOCATABLE, Form.POINTER):
        convert_deferred(wrapper, result)
    elif result.is_array:
        convert_array(wrapper, result)
    elif result.type.is_string:
        convert_string(wrapper, result)


def is_constant(expression: Expression) -> bool:
    """Whether the expression is a literal, with a sign perhaps."""
    match expression:
        case Real(exact=Fraction()):
            return False  # a call makes it
        case Integer() | Real() | Logical() | String() | Character():
            return True
        case Unary("-" | "+", operand):
            return is_constant(operand)
        case Complex(real, imaginary):
            return is_constant(real) and is_constant(imaginary)
        case _:
            return False
