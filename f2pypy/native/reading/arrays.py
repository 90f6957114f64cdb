"""The steps that convert arrays, read back from the text of a routine."""

from __future__ import annotations

import ast
from dataclasses import replace

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.native.arrays import CONVERTERS as ARRAY_CONVERTERS
from f2pypy.native.arrays import TEXT_CONVERTERS
from f2pypy.native.code import NotNative
from f2pypy.native.reading.patterns import Holes, Pattern, match_expression
from f2pypy.native.reading.routine import Read, Routine, Statements

# An array that needs no conversion goes its way.
FITS = "GUARD(NAME, DTYPE, RANK)"
ARRAY = (
    Pattern("NAME = CONVERTED"),
    Pattern(f"if not {FITS}:\n NAME = CONVERTED"),
)
UNREAD = Pattern(f"if NAME is not None and not {FITS}:\n NAME = CONVERTED")
OPTIONAL = tuple(
    Pattern(f"if NAME is None:\n NAME = {new}{other}:\n NAME = CONVERTED")
    for new in (
        "allocate(EXTENTS, DTYPE)\n",
        "allocate(EXTENTS, DTYPE)\n NAME[...] = INITIAL\n",
    )
    for other in ("else", f"elif not {FITS}")
)
HIDDEN = (
    Pattern("NAME = allocate(EXTENTS, DTYPE)\nNAME[...] = INITIAL"),
    Pattern("NAME = allocate(EXTENTS, DTYPE)"),
)
SCRATCH = (
    Pattern('NAME = allocate(EXTENTS, DTYPE, "F", False)\nNAME[...] = INITIAL'),
    Pattern('NAME = allocate(EXTENTS, DTYPE, "F", False)'),
)
TEXT_TYPE = "bytes_type(LENGTH)"
WRITE_BACK = Pattern("write_back(NAME)")
# Arrays of any extents, by the function that converts them: how many axes they have.
RANKS = {"vector": 1, "matrix": 2}


def read_array(statements: Statements, routine: Routine) -> Read:
    """Read the conversion of an array argument, None for other statements."""
    for pattern in ARRAY:
        holes = pattern.match(statements, routine.names)
        converted = None if holes is None else read_input(holes, routine)
        if converted is not None:
            return converted, len(pattern)
    return None


def read_input(holes: Holes, routine: Routine) -> plan.ArrayInput | None:
    """Return the conversion of an array to itself, None for any other value."""
    converted = _conversion(holes, routine)
    if converted is None or "GUARD" not in holes:
        return converted
    guard = routine.names.function(holes["GUARD"])
    is_right = (
        guard == _guard_of(converted)
        and element_type(holes["DTYPE"], routine) == (converted.dtype, None)
        and routine.expressions.value(holes["RANK"]) == Integer(len(converted.extents))
        and set(converted.extents) == {None}
        and converted.overwrite is None
    )
    if not is_right:
        raise NotNative("a test that isn't that of the conversion")
    return replace(converted, guard=guard)


def _guard_of(step: plan.ArrayInput) -> str:
    """Return the runtime's function that tells which arrays need no conversion."""
    if step.converter == "strided":
        is_output = "INOUT" in step.intent or "OUT" in step.intent
        return "is_strided_output" if is_output else "is_strided"
    return {"target": "is_strided_output", "array": "is_contiguous"}[step.converter]


def _conversion(holes: Holes, routine: Routine) -> plan.ArrayInput | None:
    found = match_expression(
        "CONVERTER(NAME, DTYPE, EXTENTS, INTENT, ROUTINE, WHAT)",
        holes["CONVERTED"],
        routine.names,
    )
    short = found is None
    if short:
        found = match_expression(
            "CONVERTER(NAME, DTYPE, ROUTINE, WHAT)", holes["CONVERTED"], routine.names
        )
    if found is None:
        return None
    converter = routine.names.function(found["CONVERTER"])
    if converter not in ARRAY_CONVERTERS or (converter in RANKS) != short:
        return None
    local = routine.expressions.local
    name = local(holes["NAME"])
    if local(found["NAME"]) != name:
        raise NotNative("an array of another name")
    dtype, length = element_type(found["DTYPE"], routine)
    if converter in RANKS:
        free = (None,) * RANKS[converter]
        return plan.ArrayInput(name, dtype, free, ("IN",), "", "", converter)
    if converter in TEXT_CONVERTERS and length is None:
        return None
    extents = _extents(found["EXTENTS"], routine)
    chosen = match_expression(
        "INTENT if FLAG else COPYING", found["INTENT"], routine.names
    )
    if chosen is None:
        intent = _intent(found["INTENT"], routine)
        return plan.ArrayInput(
            name, dtype, extents, intent, "", "", converter, length=length
        )
    flag = local(chosen["FLAG"])
    if flag not in routine.expressions.flags:
        raise NotNative(f"the flag {flag}")
    intent, copying = (_intent(chosen[hole], routine) for hole in ("INTENT", "COPYING"))
    return plan.ArrayInput(
        name, dtype, extents, intent, "", "", converter, flag, copying, length
    )


def element_type(node: ast.expr, routine: Routine) -> tuple[str, Expression | None]:
    """Return what says the type of elements, and the length of strings, which is None for numbers."""
    found = routine.names.element_type(node)
    if found:
        return found, None
    text = match_expression(TEXT_TYPE, node, routine.names)
    if text is None:
        raise NotNative(f"an array of {ast.unparse(node)}")
    return "bytes_type", routine.expressions.value(text["LENGTH"])


def _intent(node: ast.expr, routine: Routine) -> tuple[str, ...]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return (*_intent(node.left, routine), *_intent(node.right, routine))
    return (routine.names.constant(node),)


def _extents(node: ast.expr, routine: Routine) -> tuple[Expression | None, ...]:
    """Return extents, None for -1, which stands for any."""
    if not isinstance(node, ast.Tuple):
        raise NotNative(f"the extents {ast.unparse(node)}")
    values = map(routine.expressions.value, node.elts)
    return tuple(None if value == Integer(-1) else value for value in values)


def read_optional_array(statements: Statements, routine: Routine) -> Read:
    """Read the conversion of an optional array, None for other statements."""
    for pattern in (*OPTIONAL, UNREAD):
        holes = pattern.match(statements, routine.names)
        converted = None if holes is None else read_input(holes, routine)
        if holes is not None and converted is not None:
            unread = pattern is UNREAD
            absent = unread or is_of_no_elements(holes["EXTENTS"], converted, routine)
            _check_allocation(holes, converted, absent, routine)
            initial = _initial(holes, routine)
            made = plan.ArrayOptional(
                converted, "F", initial, absent=absent, unread=unread
            )
            return made, len(pattern)
    return None


def is_of_no_elements(
    extents: ast.expr, converted: plan.ArrayInput, routine: Routine
) -> bool:
    """Return whether a new array is what stands for one that Fortran isn't given."""
    repeated = match_expression("(0,) * RANK", extents, routine.names)
    rank = None if repeated is None else routine.expressions.value(repeated["RANK"])
    return rank == Integer(len(converted.extents))


def _check_allocation(
    holes: Holes, converted: plan.ArrayInput, absent: bool, routine: Routine
) -> None:
    """Raise NotNative unless a new array is like the one that the caller may give."""
    alike = (
        (absent or _extents(holes["EXTENTS"], routine) == converted.extents)
        and element_type(holes["DTYPE"], routine) == (converted.dtype, converted.length)
        and routine.defaults.get(converted.name) is None
    )
    if not alike:
        raise NotNative("a new array that is not like the caller's")


def _initial(holes: Holes, routine: Routine) -> Expression | None:
    found = holes.get("INITIAL")
    return None if found is None else routine.expressions.value(found)


def read_hidden_array(statements: Statements, routine: Routine) -> Read:
    """Read the making of a hidden array, None for other statements."""
    for pattern in (*HIDDEN, *SCRATCH):
        holes = pattern.match(statements, routine.names)
        if holes is not None:
            name = routine.expressions.local(holes["NAME"])
            dtype, length = element_type(holes["DTYPE"], routine)
            extents = _extents(holes["EXTENTS"], routine)
            if None in extents:
                raise NotNative("a new array of unknown extents")
            known = tuple(extent for extent in extents if extent is not None)
            scratch = pattern in SCRATCH
            made = plan.ArrayHidden(
                name, dtype, known, "F", scratch, _initial(holes, routine), length
            )
            return made, len(pattern)
    return None


def read_write_back(statements: Statements, routine: Routine) -> Read:
    """Read what gives the caller's array what Fortran has left in a copy, None for other statements."""
    holes = WRITE_BACK.match(statements, routine.names)
    if holes is None:
        return None
    name = routine.expressions.local(holes["NAME"])
    return plan.ArrayWriteBack(name), len(WRITE_BACK)
