"""How a signature file writes types and shapes, and which modules they ask."""

from __future__ import annotations

import re
from collections.abc import Sequence

from f2pypy.expressions.nodes import (
    ASKED,
    OWNED_FUNCTION,
    Call,
    Integer,
    ItemSize,
    Kind,
    Stored,
)
from f2pypy.expressions.walk import walk
from f2pypy.model import Argument, Bound, DataType, Form, Procedure
from f2pypy.signatures.expressions import (
    Unwritable,
    is_of_runtime,
    signature_expression,
)

SHAPE = re.compile(r"\bshape\((\w+), (\d+)\)")
LENGTH = re.compile(r"\bslen\(")
FORM_ATTRIBUTES = {Form.ALLOCATABLE: "allocatable", Form.POINTER: "pointer"}


def type_text(type_: DataType) -> str:
    """Return a type as a signature file spells it."""
    if type_.is_character:
        return "character"
    if type_.kind is Kind.CHARACTER:
        return f"character({length_text(type_)})" if type_.is_string else "character"
    if type_.kind is Kind.DERIVED:
        return derived_text(type_)
    if type_.address:
        return f"type({type_.constant or 'c_ptr'})"
    if type_.unsigned:
        return f"integer(kind=-{type_.size})"
    if type_.constant:
        # a module says which of these it counts on
        return f"{type_.kind.value}(kind={type_.constant})"
    size = type_.size // 2 if type_.kind is Kind.COMPLEX else type_.size
    return f"{type_.kind.value}(kind={size})"


def derived_text(type_: DataType) -> str:
    """Return a derived type, or one that may be any."""
    word = "class" if type_.polymorphic or type_.unlimited else "type"
    name = "*" if type_.derived is None else type_.derived.name
    return f"{word}({name})"


def length_text(type_: DataType) -> str:
    """Return the length of a string."""
    match type_.length:
        case None if type_.deferred:
            return "len=:"
        case None:
            return "len=*"
        case Integer(value):
            return f"len={value}"
        case length:
            try:
                return f"len={signature_expression(length)}"
            except Unwritable:
                return "len=*"


def shape_text(argument: Argument) -> str:
    """Return the dimension and the form of a function's result."""
    form = FORM_ATTRIBUTES.get(argument.form)
    return f"{f', {form}' if form else ''}{dimension_text(argument)}"


def dimension_text(argument: Argument) -> str:
    """Return the attribute for the extents of an array, "" for a scalar."""
    if argument.bounds is None:
        return ""
    return f", dimension({bounds_text(argument.bounds)})"


def asked_modules(procedure: Procedure) -> list[str]:
    """Return the Fortran modules, but the procedure's own, whose variables are extents."""
    values = [
        bound.value
        for argument in procedure.arguments
        for bound in argument.bounds or ()
        if bound.value is not None
    ]
    values += [
        argument.type.length
        for argument in (*procedure.arguments, procedure.result)
        if argument is not None and argument.type.length is not None
    ]
    if procedure.result is not None:
        bounds = procedure.result.bounds or ()
        values += [bound.value for bound in bounds if bound.value is not None]
    owners = {
        owner
        for value in values
        for node in walk(value)
        if (owner := owner_asked(node)) is not None
    }
    return sorted(owners - {procedure.fortran_module})


def owner_asked(node: object) -> str | None:
    """Return the Fortran module whose variable or function stands in an extent, None for anything else."""
    match node:
        case Stored(owner):
            return owner
        case Call(function) if OWNED_FUNCTION in function and not is_asked(node):
            return function.partition(OWNED_FUNCTION)[0]
        case _:
            return None


def is_asked(node: object) -> bool:
    """Whether a compiled function computes an extent."""
    return isinstance(node, Call) and node.function.startswith(ASKED)


def bounds_text(bounds: Sequence[Bound]) -> str:
    """Return the extents of an array."""
    return ",".join(map(bound_text, bounds))


def bound_text(bound: Bound) -> str:
    """Return what an extent means, or its own words where a signature file has no others.

    Lower bounds of assumed-shape arrays are such: ``ubound(a, 1)`` isn't the extent of what reads as ``a(:)``.
    """
    if bound.value is None or not bound.known:
        return bound.text
    if isinstance(bound.value, Stored) and bound.value.axis is None:
        return bound.value.name
    if is_asked(bound.value):
        return bound.text
    try:
        meant = signature_expression(bound.value)
    except Unwritable:
        # sections count from the array's lower bound, which signature files don't have
        parts = [n for n in walk(bound.value) if is_of_runtime(n)]
        return "*" if parts else bound.text
    if any(is_of_runtime(n) or isinstance(n, ItemSize) for n in walk(bound.value)):
        # `len` of an array is its first extent there
        return meant
    # the text itself has sums in the order of documentation
    return in_fortran(meant) if "shape(" not in bound.text else meant


def in_fortran(meant: str) -> str:
    """Return an extent with SIZE and LEN for f2py's functions, as documentation shows it for a source with these."""
    sized = SHAPE.sub(lambda said: f"size({said[1]}, {int(said[2]) + 1})", meant)
    return LENGTH.sub("len(", sized)
