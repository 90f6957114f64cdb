"""What a plan says to native code, in a form in which printing and reading leave it as it is.

`Unread` is raised for what native code doesn't do, so that nothing reads it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from f2pypy import plan
from f2pypy.expressions import nodes
from f2pypy.expressions.nodes import Kind
from f2pypy.native.arrays import CONVERTERS as ARRAY_CONVERTERS
from f2pypy.native.conversion import CONVERTERS
from f2pypy.native.layouts import ELEMENTS

Form = Any  # nested tuples

COMPARISONS = frozenset({"==", "!=", "<", "<="})
TURNED = {">": "<", ">=": "<="}
OPPOSITES = {"==": "!=", "!=": "=="}
# Which of the two is printed depends on what is known of the operands.
DIVISIONS = {"idiv": "idiv", "//": "idiv", "imod": "imod"}
FUNCTIONS = {"fabs": "abs", "cabs": "abs", "abs": "abs", "max": "max", "min": "min"}
OF_ELEMENTS = (plan.AssignElements, plan.FillTriangle, plan.Choose)
SILENT = (plan.ApplyToArrays, plan.Blank, plan.Declare)


class Unread(Exception):
    """The plan holds something that native code doesn't do."""


def form_of(procedure: plan.Procedure) -> Form:
    """Return all that native code needs of a procedure."""
    return (
        tuple(map(parameter, procedure.parameters)),
        tuple(sorted(map(binding, procedure.bindings))),
        tuple(steps(procedure.steps)),
    )


def parameter(each: plan.Parameter) -> Form:
    default = None if each.default is None else value(each.default)
    required = default is None and not each.optional and not each.empty
    return (each.name, required, each.empty, default)


def binding(each: plan.Binding) -> Form:
    return (
        *(each.variable, each.result or "", each.kinds, each.outputs),
        *(each.left_out, each.threadsafe, each.by_value),
    )


def steps(given: tuple[plan.Step, ...]) -> Iterator[Form]:
    for step in given:
        if isinstance(step, SILENT):
            continue
        if isinstance(step, plan.MakeWritable):
            yield from (("MakeWritable", name) for name in step.names)
            continue
        if isinstance(step, plan.Choose):
            yield choice(step)
            continue
        if type(step) not in STEPS:
            raise Unread(type(step).__name__)
        name = type(step).__name__.replace("ScalarComputed", "ScalarDefault")
        yield (name, *STEPS[type(step)](step))


def choice(step: plan.Choose) -> Form:
    """Return the form of a test that raises, as a check does, or chooses what becomes of elements."""
    if not step.otherwise and [type(each) for each in step.then] == [plan.Raise]:
        return ("Check", opposite(truth(step.test)))
    chosen = (*step.then, *step.otherwise)
    if not all(isinstance(each, OF_ELEMENTS) for each in chosen):
        raise Unread("Choose")
    branches = (tuple(steps(step.then)), tuple(steps(step.otherwise)))
    return ("Choose", truth(step.test), *branches)


def scalar(step: plan.ScalarInput) -> Form:
    if step.converter not in CONVERTERS:
        raise Unread(step.converter)
    return (step.name, step.exact, step.converter)


def with_default(step: plan.ScalarDefault | plan.ScalarComputed) -> Form:
    checks = step.checks if isinstance(step, plan.ScalarComputed) else ()
    conditions = [truth(check.condition) for check in checks]
    return (*scalar(step.input), value(step.default), *conditions)


def array(step: plan.ArrayInput) -> Form:
    if step.converter not in ARRAY_CONVERTERS:
        raise Unread(step.converter)
    return (
        *(step.name, element_type(step.dtype, step.length), extents(step.extents)),
        *(step.intent, step.converter, step.overwrite, step.copying, step.guard),
    )


def element_type(name: str, length: nodes.Expression | None) -> Form:
    if length is not None:
        return (name, value(length))
    if name not in ELEMENTS:
        raise Unread(name)
    return name


def extents(values: tuple[nodes.Expression | None, ...]) -> Form:
    found = (None if each is None else value(each) for each in values)
    return tuple(None if each == ("int", -1) else each for each in found)


def optional_array(step: plan.ArrayOptional) -> Form:
    if step.filled is not None or step.order != "F":
        raise Unread("ArrayOptional")
    return (array(step.input), initial(step.initial), step.absent, step.unread)


def hidden_array(step: plan.ArrayHidden) -> Form:
    open_ended = None in extents(step.extents)
    if step.filled is not None or open_ended:
        raise Unread("ArrayHidden")
    if step.order != "F":
        raise Unread("an array in C's order")
    return (
        *(step.name, element_type(step.dtype, step.length), extents(step.extents)),
        *(step.scratch, initial(step.initial)),
    )


def initial(expression: nodes.Expression | None) -> Form:
    return None if expression is None else value(expression)


def invoke(step: plan.Invoke) -> Form:
    if step.serving or step.by_name:
        raise Unread("a callback")
    return (
        step.routine,
        tuple(map(argument, step.arguments)),
        memory_shared(step.arguments),
        step.outputs,
        step.result,
    )


def memory_shared(arguments: tuple[plan.CallArgument, ...]) -> Form:
    """Return the places of arguments that are the same scalar, in groups."""
    places: dict[str, list[int]] = {}
    for place, each in enumerate(arguments):
        actual = each.actual if isinstance(each, plan.PassNull) else each
        if isinstance(actual, plan.PassScalar):
            places.setdefault(actual.name, []).append(place)
    return tuple(map(tuple, places.values()))


def argument(each: plan.CallArgument) -> Form:
    match each:
        case plan.PassScalar(_, code, given):
            return ("scalar", value(given), code)
        case plan.Address(name, None):
            return ("address", name)
        case plan.Address(name, offset):
            return ("address", name, value(offset))
        case plan.PassPointer(name):
            return ("pointer", name)
        case plan.PassString(name):
            return ("string", name)
        case plan.PassLength(name, plan.LengthOf.STRING | plan.LengthOf.MEMORY as form):
            return ("length", name, form)
        case plan.PassValue(given, code, False):
            return ("value", value(given), code)
        case plan.PassLength(name, plan.LengthOf.HOLDER | plan.LengthOf.PLACE as form):
            return ("length", name, form)
        case plan.PassLength(name, plan.LengthOf.ELEMENT):
            return ("element", name)
        case plan.PassLength(_, plan.LengthOf.CHARACTER):
            return ("length",)
        case plan.PassDescriptor(_, holder) if holder:
            return ("holder", holder)
        case plan.PassDescriptor(name) if each.describer:
            return ("descriptor", name, each.describer, each.rank)
        case plan.PassNull(absent, actual) | plan.PassChosen(
            nodes.Name(absent), plan.PassNothing(), actual
        ):
            return ("null", absent, argument(actual))
        case _:
            raise Unread(type(each).__name__)


def text(step: plan.StringInput) -> Form:
    if step.kept is not None or step.held is plan.TextMemory.ARRAY:
        raise Unread("StringInput")
    length = None if step.length is None else value(step.length)
    wanted = None if length == ("int", -1) else length
    return (step.name, wanted, value(step.default), step.held)


def blank_text(step: plan.StringHidden) -> Form:
    if step.initial is not None or step.held is not plan.TextMemory.MEMORY:
        raise Unread("StringHidden")
    return (step.name, value(step.length))


def callback(step: plan.CallbackInput) -> Form:
    return (
        *(step.name, step.signature, step.extra, step.bound),
        *(step.companion, step.optional),
    )


def after_callback(step: plan.CallbackRaise) -> Form:
    if not step.last:
        raise Unread("a callback of several calls")
    return (step.bound,)


def elements(step: plan.AssignElements) -> Form:
    places = step.places
    if step.part or step.operator not in ("+=", "-=") or places.stride is not None:
        raise Unread("AssignElements")
    assert places.lower is not None
    assert places.upper is not None
    return (
        *(step.array, value(places.lower), value(places.upper)),
        *(step.operator, value(step.value)),
    )


def triangle(step: plan.FillTriangle) -> Form:
    return (
        *(step.array, value(step.order), value(step.leading)),
        *(step.lower, step.diagonal, value(step.value)),
    )


def returned(each: plan.Returned) -> Form:
    form = plan.ReturnedForm
    if each.form is form.TAKEN:
        return (each.form, each.holder, each.absent)
    if each.form in (form.PLAIN, form.ARRAY, form.STRING, form.GIVEN_BACK):
        return (value(each.value), each.form, each.holder, each.absent)
    raise Unread("Returned")


def deferred(step: plan.Deferred) -> Form:
    if step.maker != "deferred_array" and step.input is not None:
        raise Unread("Deferred")
    return (
        *(step.holder, element_type(step.dtype, step.length), step.rank, step.pointer),
        *(step.logical, step.interoperable, step.asked, step.kept),
        None if step.input is None else array(step.input),
    )


STEPS: dict[type, Callable[[Any], Form]] = {
    plan.ScalarInput: scalar,
    plan.ScalarDefault: with_default,
    plan.ScalarComputed: with_default,
    plan.Flag: lambda step: (step.name,),
    plan.Assign: lambda step: (step.target, value(step.value)),
    plan.Unpack: lambda step: (step.targets, step.array),
    plan.ArrayInput: array,
    plan.ArrayOptional: optional_array,
    plan.ArrayHidden: hidden_array,
    plan.ArrayWriteBack: lambda step: (step.name,),
    plan.Deferred: deferred,
    plan.DeferredAfter: lambda step: (step.holder,),
    plan.StringInput: text,
    plan.StringHidden: blank_text,
    plan.ExtraArguments: lambda step: (step.name,),
    plan.CallbackInput: callback,
    plan.CallbackRaise: after_callback,
    plan.Check: lambda step: (truth(step.condition),),
    plan.Invoke: invoke,
    plan.AssignElements: elements,
    plan.FillTriangle: triangle,
    plan.Return: lambda step: tuple(map(returned, step.values)),
}


def truth(expression: nodes.Expression) -> Form:
    """Return the form of what is only tested."""
    match expression:
        case nodes.Convert(Kind.LOGICAL, operand):
            return truth(operand)
        case nodes.Binary("&&" | "||" as operator):
            return junction(operator, expression, truth)
        case nodes.Conditional(test, then, otherwise):
            return ("if", truth(test), truth(then), truth(otherwise))
        case nodes.Unary("!", operand):
            return opposite(truth(operand))
        case _:
            return value(expression)


def opposite(form: Form) -> Form:
    if form[0] == "!":
        return form[1]
    if form[0] in OPPOSITES:
        return (OPPOSITES[form[0]], *form[1:])
    return ("!", form)


def junction(operator: str, expression: Any, read: Callable[[Any], Form]) -> Form:
    terms = [read(each) for each in flat(operator, expression)]
    for place, (first, second) in enumerate(pairwise(terms)):
        is_chain = first[0] in ("<", "<=") and second[0] in ("<", "<=")
        # printed as one, with what stands in both in the middle
        if is_chain and first[2] != second[1] and second[2] == first[1]:
            terms[place : place + 2] = [second, first]
    return (operator, *terms)


def flat(operator: str, expression: nodes.Expression) -> Iterator[nodes.Expression]:
    match expression:
        case nodes.Binary(own, left, right) if own == operator:
            yield from flat(operator, left)
            yield from flat(operator, right)
        case _:
            yield expression


def value(expression: nodes.Expression) -> Form:
    """Return the form of an expression."""
    match expression:
        case nodes.Convert(Kind.LOGICAL, operand):
            return ("convert", Kind.LOGICAL, truth(operand))
        case nodes.Convert(kind, operand) if kind is not Kind.CHARACTER:
            return ("convert", kind, value(operand))
        case nodes.Conditional(test, then, otherwise):
            return ("if", truth(test), value(then), value(otherwise))
        case nodes.Unary():
            return unary(expression)
        case nodes.Binary("&&" | "||" as operator):
            return junction(operator, expression, value)
        case nodes.Binary():
            return binary(expression)
        case nodes.Call():
            return call(expression)
        case _:
            return leaf(expression)


def leaf(expression: nodes.Expression) -> Form:
    match expression:
        case nodes.Integer(number):
            return ("int", number)
        case nodes.Real(number) if expression.exact is None:
            return ("real", repr(number))
        case nodes.Logical(number):
            return ("logical", number)
        case nodes.Character(text) | nodes.String(text):
            return ("bytes", text)
        case nodes.Complex(real, imaginary):
            return ("complex", value(real), value(imaginary))
        case nodes.Name(name):
            return ("name", name)
        case nodes.Member(base, "r" | "i" as part):
            return ("part", value(base), part)
        case nodes.Extent(name, axis):
            return ("extent", name, axis)
        case nodes.StringLength(name):
            return ("extent", name, 0)
        case nodes.Rank(name) | nodes.Size(name) | nodes.Absent(name):
            return (type(expression).__name__, name)
        case _:
            raise Unread(type(expression).__name__)


def unary(expression: nodes.Unary) -> Form:
    if expression.operator == "!":
        return truth(expression)
    operand = value(expression.operand)
    if expression.operator == "-" and operand[0] == "int":
        return ("int", -operand[1])
    if expression.operator == "-" and operand[0] == "real":
        return ("real", repr(-float(operand[1])))
    return (f"unary {expression.operator}", operand)


def binary(expression: nodes.Binary) -> Form:
    operator = "+" if expression.operator == "concat" else expression.operator
    left, right = expression.left, expression.right
    if operator in TURNED:
        operator, left, right = TURNED[operator], right, left
    is_free = operator in COMPARISONS or operator == "/"
    sides = [unconverted(left), unconverted(right)]
    if not is_free and sides[0] is not left and sides[1] is not right:
        sides = [left, right]
    if operator not in {*COMPARISONS, "+", "-", "*", "/", *DIVISIONS}:
        raise Unread(operator)
    return (DIVISIONS.get(operator, operator), *map(value, sides))


def unconverted(expression: nodes.Expression) -> nodes.Expression:
    match expression:
        case nodes.Convert(Kind.REAL, operand):
            return operand
        case _:
            return expression


def call(expression: nodes.Call) -> Form:
    arguments = tuple(map(value, expression.arguments))
    if expression.function == "modulo":
        return ("imod", *arguments)
    if expression.function == "itrunc":
        return ("convert", Kind.INTEGER, *arguments)
    name = FUNCTIONS.get(expression.function)
    if name is None:
        raise Unread(expression.function)
    if name != "abs":
        nested = [a[1:] if a[0] == name else (a,) for a in arguments]
        arguments = tuple(part for each in nested for part in each)
    return (name, *arguments)
