"""How a call of Fortran looks as Python: what it passes for each argument, and what it gives."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.nodes import Conditional
from f2pypy.printing.levels import Level
from f2pypy.printing.spelling import (
    annotation,
    call,
    identifier,
    parameters,
    python,
    truth,
)

# Hidden lengths, by what they are those of.
LENGTHS = {
    plan.LengthOf.STRING: "length(len({0}))",
    plan.LengthOf.MEMORY: "length(len({0}) - 1)",
    plan.LengthOf.ELEMENT: "length({0}.itemsize)",
    plan.LengthOf.CHARACTER: "length(1)",
    plan.LengthOf.HOLDER: "{0}.length",
    plan.LengthOf.PLACE: "{0}.length_place",
}


def invocation(step: plan.Invoke, procedure: plan.Procedure) -> str:
    """Return the call of the routine, and the assignment of what comes back."""
    text = call(caller(step), *(argument(each, procedure) for each in step.arguments))
    names = (*([step.result] if step.result else ()), *step.outputs)
    if not names:
        return text
    kind = f": {annotation(step.annotation)}" if step.annotation else ""
    return f"{parameters(names)}{kind} = {text}"


def caller(step: plan.Invoke) -> str:
    """Return what calls the routine: with callbacks that Fortran calls by name, or without."""
    routine = identifier(step.routine)
    if not step.serving:
        return f"{routine}.call"
    pairs = (f"({identifier(e)}, {identifier(b)})" for e, b in step.by_name)
    return call(f"{routine}.serving", identifier(step.serving), *pairs)


def argument(passed: plan.CallArgument, procedure: plan.Procedure) -> str:
    """Return an argument as a call takes it: a scalar or an array itself, anything else as Fortran gets it."""
    match passed:
        case plan.PassScalar(_, _, value):
            return python(value, procedure)
        case plan.Address(array, None):
            return identifier(array)
        case plan.PassNull(absent, plan.PassScalar() | plan.Address(_, None) as actual):
            return f"None if {identifier(absent)} else {argument(actual, procedure)}"
        case _:
            return pointer(passed, procedure)


def pointer(passed: plan.CallArgument, procedure: plan.Procedure) -> str:
    """Return what Fortran gets for an argument that is no scalar passed by reference."""
    match passed:
        case plan.PassScalar():
            raise AssertionError("only a call makes memory of a scalar")
        case plan.Address(array, None):
            return call("address", identifier(array))
        case plan.Address(array, offset):
            assert offset is not None
            return call("offset", identifier(array), python(offset, procedure))
        case plan.PassString(name):
            return identifier(name)
        case plan.PassNull(absent, actual):
            nothing = "length(0)" if passed.is_length else "NULL"
            given = pointer(actual, procedure)
            return f"{nothing} if {identifier(absent)} else {given}"
        case plan.PassDescriptor():
            return descriptor(passed)
        case plan.PassValue(value, code, whole):
            text = python(value, procedure)
            return call("passed", text, identifier(code)) if whole else text
        case plan.PassLength(name, form):
            return LENGTHS[form].format(identifier(name))
        case plan.PassPointer(name):
            return f"{identifier(name)}.pointer"
        case plan.PassText(value):
            return call("characters", python(value, procedure))
        case plan.PassNothing():
            return "NULL"
        case (
            plan.PassRecord()
            | plan.PassRecordValue()
            | plan.PassRecordArray()
            | plan.PassClass()
            | plan.PassRecordHolder()
            | plan.PassAny()
        ):
            return record(passed)
        case plan.PassChosen(test, then, otherwise):
            first, second = (pointer(each, procedure) for each in (then, otherwise))
            first = f"({first})" if is_conditional(then) else first
            return f"{first} if {truth(test, procedure, Level.OR)} else {second}"
    return assert_never(passed)


def is_conditional(passed: plan.CallArgument) -> bool:
    """Whether an argument is spelled as a conditional expression, which the first branch of another can't be."""
    match passed:
        case (
            plan.PassNull()
            | plan.PassChosen()
            | plan.PassValue(Conditional(), whole=False)
            | plan.PassRecord(optional=True)
            | plan.PassClass(optional=True)
            | plan.PassAny(optional=True)
        ):
            return True
        case _:  # all others are names, attributes and calls
            return False


def or_null(address: str, name: str, optional: bool) -> str:
    """Return an address, or NULL where the local `name` is None if it is `optional`."""
    return f"NULL if {name} is None else {address}" if optional else address


def record(
    passed: plan.PassRecord
    | plan.PassRecordValue
    | plan.PassRecordArray
    | plan.PassClass
    | plan.PassRecordHolder
    | plan.PassAny,
) -> str:
    """Return an object: its address, with its type or alone, that of a copy, or by value as a structure of C."""
    if isinstance(passed, plan.PassRecordHolder):
        return f"{identifier(passed.holder)}.{'lend()' if passed.lent else 'pointer'}"
    name = identifier(passed.name)
    if isinstance(passed, plan.PassAny):
        return of_any_type(passed)
    if isinstance(passed, plan.PassRecordArray):
        return f"{name}._{'c_' * passed.interoperable}descriptor"
    if isinstance(passed, plan.PassClass) and passed.is_array:
        return call("class_of_array", name)
    if isinstance(passed, (plan.PassRecord, plan.PassClass)):
        is_class = isinstance(passed, plan.PassClass)
        address = call("class_of", name) if is_class else f"{name}._pointer"
        return or_null(address, name, passed.optional)
    if passed.reference:
        return f"{name}.__copy__()._pointer"
    return f"{identifier(passed.record)}._value.of({name})"


def of_any_type(passed: plan.PassAny) -> str:
    """Return what goes to Fortran for a value of any type."""
    name = identifier(passed.name)
    match passed.form:
        case plan.AnyForm.ADDRESS:
            text = f"{name}._pointer"
        case plan.AnyForm.CLASS:
            text = call("class_of_any", name)
        case plan.AnyForm.DESCRIBED_CLASS:
            text = call("class_of_any_rank", name)
        case plan.AnyForm.DESCRIPTOR:
            text = call("any_descriptor", name)
        case plan.AnyForm.STANDARD_DESCRIPTOR:
            text = call("any_descriptor", name, interoperable="True")
        case _:
            assert_never(passed.form)
    return or_null(text, name, passed.optional)


def descriptor(passed: plan.PassDescriptor) -> str:
    """Return the address of a descriptor: its holder's, or one that is made for the call."""
    array = identifier(passed.array)
    if passed.holder:
        return f"{identifier(passed.holder)}.pointer"
    if passed.describer:
        rank = [str(passed.rank)] if passed.rank else []
        return call(identifier(passed.describer), array, *rank)
    maker = f"_compiler.{identifier(passed.maker)}"
    return call(maker, array, logical=passed.logical)
