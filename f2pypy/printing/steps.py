"""How the statements of a wrapper's steps look as Python: conversions, new arrays, assignments, exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from f2pypy import plan
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.printing.python import PARTS
from f2pypy.printing.spelling import (
    annotation,
    call,
    extents,
    flags,
    identifier,
    parameters,
    places,
    python,
    quote,
)

# How a string is converted and made of blanks, by what it is before the call.
CONVERTED_TEXTS = {
    plan.TextMemory.BYTES: "text_bytes({})",
    plan.TextMemory.MEMORY: "text_memory(text_bytes({}))",
    plan.TextMemory.ARRAY: "string({})",
}
BLANK_TEXTS = {
    plan.TextMemory.MEMORY: "blank_text({})",
    plan.TextMemory.ARRAY: "allocate_string({})",
}
# Converters whose name says the extents, and one that takes any.
TOLD_TO_CONVERTERS: dict[str, tuple[str, ...]] = {
    "vector": (),
    "matrix": (),
    "any_rank": ("intent",),
}
# How the holder of an allocatable or pointer takes what was converted.
HOLDING = {plan.ArrayInput: "hold", plan.StringInput: "hold_text"}


# What is made of what the caller gave.
Input = Union[plan.ScalarInput, plan.ScalarInOut, plan.ArrayInput, plan.StringInput]


def macro_name(step: plan.Step) -> str:
    """Return the name of the macro that prints a step: its class, with the form where it has several."""
    form = ""
    match step:
        case plan.ArrayOptional(unread=True):
            form = "Unread"
        case plan.Deferred(asked=True):
            form = "Asked"
        case plan.Deferred(input=plan.ArrayInput() | plan.StringInput()):
            form = "Given"
        case plan.Choose(otherwise=[_, *_]):
            form = "OrElse"
        case _:  # all others have one form
            pass
    return type(step).__name__ + form


def has_axes(step: plan.ApplyToArrays) -> str:
    """Return the condition that one of the parameters is an array; the usual types of scalars take no call."""
    tests = [
        f"type({identifier(name)}) is not {identifier(exact)}"
        if exact
        else f"{identifier(name)} is not None"
        for name, exact in zip(step.names, step.exact, strict=True)
    ]
    may_be = " or ".join(tests)
    may_be = f"({may_be})" if len(tests) > 1 else may_be
    return f"{may_be} and has_axes({parameters(step.names)})"


def applied(step: plan.ApplyToArrays) -> str:
    """Return the statements that apply an elemental procedure to arrays and return."""
    text = call(identifier(step.elemental), *map(identifier, step.names))
    return f"return {text}" if step.returns else f"{text}\nreturn"


def pointer_cell(step: plan.PointerCell) -> str:
    """Return the call that makes a dummy procedure pointer."""
    given = [identifier(step.name), quote(step.what)] if step.name else []
    return call(f"{identifier(step.interface)}.cell", *given, optional=step.optional)


def misfit(step: plan.ScalarInput | plan.ArrayInput) -> str:
    """Return the condition that what the caller gave must be converted, "" where it always is."""
    if isinstance(step, plan.ScalarInput):
        name = identifier(step.name)
        return f"type({name}) is not {identifier(step.exact)}" if step.exact else ""
    return f"not {fits(step)}" if step.guard else ""


def where(statement: str, condition: str) -> str:
    """Return a statement that runs where a condition holds, and always where there is none."""
    return f"if {condition}:\n    {statement}" if condition else statement


def otherwise(condition: str) -> str:
    """Return the begin of the second of two branches: for `condition`, or for everything else where it is empty."""
    return f"elif {condition}" if condition else "else"


def conversion(step: Input, procedure: plan.Procedure) -> str:
    """Return the assignment of what the caller gave, converted."""
    return f"{identifier(step.name)} = {converted(step, procedure)}"


def conversion_or_default(step: plan.ScalarDefault, procedure: plan.Procedure) -> str:
    """Return the assignment of what the caller gave, converted, or of the default for None."""
    name, default = identifier(step.input.name), python(step.default, procedure)
    given = converted(step.input, procedure)
    return f"{name} = {default} if {name} is None else {given}"


def converted(step: Input, procedure: plan.Procedure) -> str:
    """Return the call that converts what the caller gave."""
    name = identifier(step.name)
    match step:
        case plan.ScalarInput() | plan.ScalarInOut():
            return call(identifier(step.converter), name, quote(step.what))
        case plan.ArrayInput():
            wanted = (element(step, procedure), *wanted_array(step, procedure))
            texts = (quote(step.routine), quote(step.what))
            return call(identifier(step.converter), name, *wanted, *texts)
        case plan.StringInput():
            length = "-1" if step.length is None else python(step.length, procedure)
            value = (name, length, python(step.default, procedure))
            said = (quote(step.routine), quote(step.what), quote(step.label))
            return CONVERTED_TEXTS[step.held].format(", ".join((*value, *said)))
    return assert_never(step)


def wanted_array(step: plan.ArrayInput, procedure: plan.Procedure) -> Iterator[str]:
    """Yield what an array's converter is told of the wanted array besides the type."""
    told = {
        "extents": extents(step.extents, procedure),
        "intent": overwritable(step),
    }
    for name in TOLD_TO_CONVERTERS.get(step.converter, ("extents", "intent")):
        yield told[name]


def overwritable(step: plan.ArrayInput) -> str:
    """Return the intent of an array, which the caller may change by ``overwrite_x``."""
    if not step.overwrite:
        return flags(step.intent)
    return f"{flags(step.intent)} if {identifier(step.overwrite)} else {flags(step.copying)}"


def element(
    step: plan.ArrayInput | plan.ArrayHidden | plan.Deferred, procedure: plan.Procedure
) -> str:
    """Return the type of an array's elements, of strings with their length."""
    dtype = identifier(step.dtype)
    if step.length is None:
        return dtype
    return call(dtype, python(step.length, procedure))


def fits(step: plan.ArrayInput) -> str:
    """Return the condition that an array is passed as it is."""
    rank = str(len(step.extents))
    return call(
        identifier(step.guard), identifier(step.name), identifier(step.dtype), rank
    )


def keeping(step: plan.StringInput) -> str:
    """Return the assignment that keeps the caller's object, "" where nothing is written back."""
    if step.kept is None:
        return ""
    return f"{identifier(step.kept)} = {identifier(step.name)}"


def hidden_text(step: plan.StringHidden, procedure: plan.Procedure) -> str:
    """Return what makes the memory of a string: of blanks, or with its initial value."""
    length = python(step.length, procedure)
    if step.initial is None:
        return BLANK_TEXTS[step.held].format(length)
    value = ("None", length, python(step.initial, procedure))
    said = (quote(""), quote("hidden"), quote(step.name))
    return CONVERTED_TEXTS[step.held].format(", ".join((*value, *said)))


def new_array(
    step: plan.ArrayHidden | plan.ArrayOptional, procedure: plan.Procedure
) -> str:
    """Return what makes an array that the caller doesn't give."""
    order = [quote(step.order)] if step.order == "C" else []
    if isinstance(step, plan.ArrayHidden):
        order = [quote(step.order), "False"] if step.scratch else order
        shape = extents(step.extents, procedure)
        return call("allocate", shape, element(step, procedure), *order)
    shape = extents(step.input.extents, procedure)
    if step.absent:
        shape = without_elements(len(step.input.extents))
    return call("allocate", shape, element(step.input, procedure), *order)


def initial_value(
    step: plan.ArrayHidden | plan.ArrayOptional, procedure: plan.Procedure
) -> str:
    """Return the assignment that gives all elements of a new array their value, "" where they have none."""
    if step.initial is None:
        return ""
    array = step.name if isinstance(step, plan.ArrayHidden) else step.input.name
    return f"{identifier(array)}[...] = {python(step.initial, procedure)}"


def without_elements(rank: int) -> str:
    """Return ``(0,) * rank``, which reads better than as many zeros."""
    return f"(0,) * {rank}"


def holder(step: plan.Deferred, procedure: plan.Procedure) -> str:
    """Return what makes the holder of an allocatable or pointer."""
    return call(
        identifier(step.maker),
        *("_library", element(step, procedure), str(step.rank)),
        pointer=step.pointer,
        logical=step.logical,
        interoperable=step.interoperable,
    )


def nothing_given(step: plan.Deferred, procedure: plan.Procedure) -> str:
    """Return what an allocatable or pointer has for those that ask for its extents, where the caller gives None."""
    if isinstance(step.input, plan.StringInput):
        return converted(step.input, procedure)
    shape = without_elements(step.rank)
    return call("allocate", shape, element(step, procedure))


def holding(step: plan.ArrayInput | plan.StringInput) -> str:
    """Return the method by which a holder takes what was converted."""
    return HOLDING[type(step)]


def held(step: plan.ArrayInput | plan.StringInput, procedure: plan.Procedure) -> str:
    """Return what a holder takes: what the caller gave, converted unless it fits."""
    text = converted(step, procedure)
    if isinstance(step, plan.ArrayInput) and step.guard:
        return f"{identifier(step.name)} if {fits(step)} else {text}"
    return text


def in_memory(step: plan.FillByIndex | plan.FillEach) -> str:
    """Return an array as f2py walks it: with the first index fastest in memory."""
    name = identifier(step.name)
    reordered = f'{name}.ravel().reshape({name}.shape, order="F")'
    return reordered if step.order == "C" else name


def refusal(check: plan.Check) -> str:
    """Return the exception of a check: with its texts, the value that it shows and the other integers."""
    shown = [check.shown or "None", *map(identifier, check.given)]
    texts = map(quote, (check.stated, check.position, check.place))
    return call(
        "refused_text" if check.is_text else "refused",
        *("error", *texts, *(shown if shown != ["None"] else ())),
        bits="64" if check.bits == 64 else "",
    )


def bound(step: plan.CallbackInput) -> str:
    """Return what makes the C function for a callback."""
    if step.keepers is not None:
        objects = "".join(f"{identifier(each)}, " for each in step.keepers)
        return call(
            "keep_callback",
            *(identifier(step.signature), "globals()", f"({objects.strip()})"),
            *(str(step.deep), identifier(step.name), identifier(step.extra)),
            quote(step.label),
            optional=step.optional,
        )
    return call(
        f"{identifier(step.signature)}.bind",
        *(identifier(step.name), identifier(step.extra), quote(step.label)),
        companion=identifier(step.companion) if step.companion else "",
        optional=step.optional,
    )


def triangle(step: plan.FillTriangle, procedure: plan.Procedure) -> str:
    """Return the call that fills a triangle of a matrix."""
    order, leading = (python(e, procedure) for e in (step.order, step.leading))
    which = quote("lower" if step.lower else "upper")
    value = python(step.value, procedure)
    array = identifier(step.array)
    return call(
        "fill_triangle", array, order, leading, which, value, diagonal=step.diagonal
    )


def exception(step: plan.Raise) -> str:
    """Return the exception that a callstatement raises: with the text of a string argument, or with its own."""
    name = identifier(step.exception)
    if not step.argument:
        return call(name, quote(step.message))
    text = call("string_result", identifier(step.argument))
    return call(name, f'{text}.decode("latin-1")')


def target(step: plan.Assign) -> str:
    """Return the local that takes a value, with its type where that isn't plain."""
    name = identifier(step.target)
    return f"{name}: {annotation(step.annotation)}" if step.annotation else name


def left_in_place(step: plan.ScalarTake) -> str:
    """Return the number in an array of rank 0."""
    place = identifier(step.place)
    if step.extended:
        return call("taken", place)
    return f"1 if {place}.item() else 0" if step.logical else f"{place}.item()"


def store(step: plan.AssignElement, procedure: plan.Procedure) -> str:
    """Return the call that sets an element, or a part of a complex one."""
    place, value = (python(each, procedure) for each in (step.index, step.value))
    part = [quote(PARTS[step.part])] if step.part else []
    return call("store", identifier(step.array), place, value, *part)


def span(step: plan.AssignElements, procedure: plan.Procedure) -> str:
    """Return the elements that are set, or a part of complex ones."""
    text = call("span", identifier(step.array), places(step.places, procedure))
    return f"{text}.{PARTS[step.part]}" if step.part else text


def operator(step: plan.AssignElements) -> str:
    """Return the operator of an assignment, such as ``+=``."""
    return step.operator


def raising(step: plan.CallbackRaise) -> str:
    """Return the call that raises what a callback raised."""
    method = "finish" if step.last else "reraise"
    returned = identifier(step.returned) if step.last and step.returned else ""
    return f"{identifier(step.bound)}.{method}({returned})"
