"""What a variable of a common block or a module is: its type, extents and value; every one of them is constant."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Call,
    Complex,
    Expression,
    Integer,
    Kind,
    Logical,
    Real,
    String,
)
from f2pypy.resolve.arguments.drafts import Reading, declared_type
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.library.blocks import Block
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.identifiers import check_attribute, check_symbol
from f2pypy.resolve.names.texts import read_extent
from f2pypy.resolve.procedures.routine import Surroundings
from f2pypy.resolve.types.compiler_kinds import changes_reals

LITERALS = (Integer, Real, Logical, String)


def read_variable(
    declaration: Declaration, block: Block, around: Surroundings
) -> model.Variable:
    """Return a variable with its type, constant extents and value; DeclarationError where one of them isn't known."""
    name = declaration.name
    check_attribute(name, declaration.span)
    reading = Reading(
        around.dialect,
        block.constants,
        block.implicit,
        around.default_integer,
        types=block.types,
    )
    decided = declared_type(declaration, reading)
    extents = constant_extents(declaration, block, around.dialect)
    values: tuple[Expression, ...] = ()
    computed = ""
    is_record = decided.kind is Kind.DERIVED
    if is_record:
        if declaration.is_parameter:
            extents = implied_extents(declaration, block, extents)
    elif around.computes and is_computed(declaration, decided, block, extents):
        computed = declaration.initial.text if declaration.initial else ""
    if declaration.is_parameter and not computed and not is_record:
        values, extents = constant_values(declaration, block, extents)
    is_open = decided.deferred and {"allocatable", "pointer"} & declaration.flags
    if decided.is_string and not isinstance(decided.length, Integer) and not is_open:
        decided = with_length(decided, values, declaration)
    symbol = block.symbols.get(name, "")
    if symbol:
        check_symbol(symbol, declaration.span)
    return model.Variable(
        name,
        decided,
        extents,
        declaration.span,
        values,
        allocatable="allocatable" in declaration.flags,
        pointer="pointer" in declaration.flags,
        symbol=symbol or name,
        exact=bool(symbol),
        protected="protected" in declaration.flags,
        computed=computed,
        parameter=declaration.is_parameter,
    )


def is_computed(
    declaration: Declaration,
    type_: model.DataType,
    block: Block,
    extents: tuple[int, ...],
) -> bool:
    """Whether the compiler must compute a parameter's value: its declaration is known, its value isn't."""
    is_plain = (
        declaration.is_parameter
        and -1 not in extents
        and (not type_.is_string or isinstance(type_.length, Integer))
    )
    known = known_values(declaration, block)
    # flags that change kinds change the digits of every literal in an expression
    is_rounded = type_.kind in (Kind.REAL, Kind.COMPLEX) and changes_reals(
        block.constants
    )
    return is_plain and (is_rounded or not known)


def constant_extents(
    declaration: Declaration, block: Block, dialect: syntax.Dialect
) -> tuple[int, ...]:
    """Return the extents, -1 for those that the source leaves open; DeclarationError if one isn't constant."""
    found = []
    for text in declaration.dimensions or ():
        extent = read_extent(
            text,
            dialect,
            block.constants,
            taken_by_c(block.constants),
        )
        if extent is None:
            found.append(-1)
        elif isinstance(extent.expression, Integer):
            found.append(max(extent.expression.value, 0))
        else:
            raise DeclarationError(
                text.span,
                f"the extent {text.text!r} of {declaration.name!r} isn't constant",
            )
    return tuple(found)


def implied_extents(
    declaration: Declaration, block: Block, extents: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the extents of a constant of derived type: `*` is as long as its value (Fortran 2018, 8.5.8.6)."""
    value, type_ = block.constants.get(declaration.name), declaration.type
    if extents != (-1,) or value is None or type_ is None:
        return extents
    count = elements_of_type(value, type_.derived)
    return extents if count is None else (count,)


def elements_of_type(value: Expression, type_: str) -> int | None:
    """Return the number of objects in an array constructor, None where it holds more than structure constructors.

    Nested constructors are constants that it names: their elements are elements of it.
    """
    if not isinstance(value, ArrayConstructor):
        return None
    counts = [
        1
        if isinstance(item, Call) and item.function == type_
        else elements_of_type(item, type_)
        for item in value.items
    ]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def with_length(
    type_: model.DataType,
    values: tuple[Expression, ...],
    declaration: Declaration,
) -> model.DataType:
    """Return the type of a string with the length of its `values`; DeclarationError if it has none."""
    lengths = [len(v.value) for v in values if isinstance(v, String)]
    if type_.length is None and lengths:
        return replace(type_, length=Integer(max(lengths)))
    raise DeclarationError(
        declaration.span, f"the length of {declaration.name!r} isn't constant"
    )


def constant_values(
    declaration: Declaration,
    block: Block,
    extents: tuple[int, ...],
) -> tuple[tuple[Expression, ...], tuple[int, ...]]:
    """Return the values of a parameter in the order of their storage, and its extents with none left open."""
    found = known_values(declaration, block)
    if not found:
        raise DeclarationError(
            declaration.span, f"the value of {declaration.name!r} isn't known here"
        )
    if extents == (-1,):
        extents = (len(found),)
    size = 1
    for extent in extents:
        size *= extent
    if len(found) == 1:
        found *= size
    if len(found) != size:
        raise DeclarationError(
            declaration.span,
            f"{declaration.name!r} has {size} elements, its value has {len(found)}",
        )
    return tuple(map(stored, found)), extents


def known_values(declaration: Declaration, block: Block) -> tuple[Expression, ...]:
    """Return the values of a parameter, none if f2pypy can't compute them."""
    value = block.constants.get(declaration.name)
    found = () if value is None else tuple(flatten(value))
    return found if all(map(is_literal, found)) else ()


def flatten(value: Expression) -> Iterator[Expression]:
    """Yield the elements of a constant in the order of their storage."""
    match value:
        case ArrayConstructor(items=items):
            for item in items:
                yield from flatten(item)
        case Call(function="reshape", arguments=(source, _), keywords=()):
            yield from flatten(source)
        case _:
            yield value


def stored(value: Expression) -> Expression:
    """Return a constant as the variable holds it: a logical is 0 or 1, single precision is rounded."""
    match value:
        case Logical(value=truth):
            return Integer(int(truth))
        case Real(value=number, single=True):
            return Real(struct.unpack("f", struct.pack("f", number))[0])
        case Complex(real=real, imaginary=imaginary):
            return Complex(stored(real), stored(imaginary))
        case _:
            return value


def is_literal(value: Expression) -> bool:
    """Whether a value is a number or a text, so that the module can have it as a constant."""
    if isinstance(value, Complex):
        return is_literal(value.real) and is_literal(value.imaginary)
    return isinstance(value, LITERALS)
