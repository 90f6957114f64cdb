"""What reads and stores variables of Fortran modules and common blocks: machine code, the same for all modules.

Each function gets the cell of a variable. What it doesn't do, the Python function in the cell
does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.array_conversion import CONVERTER
from f2pypy.native.array_fields import has_flags
from f2pypy.native.attribute_code import (
    GETTER,
    SETTER,
    get_attribute,
    get_attribute_slowly,
    set_attribute,
    set_attribute_slowly,
)
from f2pypy.native.cells import (
    Word,
    call_word,
    pointer,
    require_equal,
    store,
    word,
    zero,
)
from f2pypy.native.code import DOUBLE, INT, LONG, NULL, OBJECT, SINGLE, Code, begin
from f2pypy.native.integers import read_integer, stored_integer
from f2pypy.native.layouts import (
    ALIGNED,
    DATA,
    DESCRIPTOR,
    EXTENTS,
    F_CONTIGUOUS,
    IMAGINARY,
    NUMBER,
    POINTER,
    RANK,
)
from f2pypy.native.machine import Machine
from f2pypy.native.variable_texts import set_open_text, set_text

SHAPES = 4
INTEGERS = {f"i{size}": (size, True) for size in (1, 2, 4, 8)} | {
    f"u{size}": (size, False) for size in (1, 2, 4, 8)
}
# What an AttributeError says for `del`, which Python's part answers before.
NO_DELETION = b"a Fortran variable can't be deleted"


@cache
def entries() -> dict[str, int]:
    """Return the addresses of the getters and setters by name; they are compiled the first time."""
    module = ir.Module("variables")
    mentions: list[Any] = []
    for name, write in {**READERS, **WRITERS}.items():
        kind = GETTER if name in READERS else SETTER
        function = ir.Function(module, kind, name)
        usual = look if name in READERS else store_slowly
        otherwise: Callable[..., None] = SLOW.get(name, usual)
        with begin(function) as code:
            with code.branch(code.slow):
                otherwise(code, *function.args)
            write(code, *function.args)
        mentions += code.kept
    names = [*READERS, *WRITERS]
    return Machine().compile_all(str(module), names, mentions)


def get(code: Code, _owner: Any, cell: Any) -> None:
    """Return the view."""
    view = pointer(code, cell, Word.VIEW)
    code.keep(view)
    code.builder.ret(view)


def get_described(code: Code, owner: Any, cell: Any) -> None:
    """Return the view if the descriptor is what it was."""
    require_known(code, cell, Word.VIEW)
    get(code, owner, cell)


def require_known(code: Code, cell: Any, place: int) -> None:
    """Leave it to Python where the cell doesn't say what the descriptor says now."""
    builder = code.builder
    code.require(builder.icmp_signed("!=", word(code, cell, place), zero()))
    compared = (
        pointer(code, cell, Word.DESCRIPTOR),
        pointer(code, cell, Word.KNOWN),
        word(code, cell, Word.DESCRIBED),
    )
    require_equal(code, code.call("memcmp", *compared), zero(INT))
    length = code.load(pointer(code, cell, Word.LENGTH), 0, LONG)
    known = builder.gep(
        pointer(code, cell, Word.KNOWN), [word(code, cell, Word.DESCRIBED)]
    )
    require_equal(code, length, code.load(known, 0, LONG))


def look(code: Code, _owner: Any, cell: Any) -> None:
    """Return what the Python function finds."""
    reader = pointer(code, cell, Word.READER)
    code.builder.ret(code.call("PyObject_CallFunctionObjArgs", reader, NULL))


def store_slowly(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Let the Python function store the value."""
    builder = code.builder
    given, deleted, failed, done = map(
        code.block, ("given", "deleted", "failed", "done")
    )
    builder.cbranch(code.is_null(value), deleted, given)
    builder.position_at_end(deleted)
    code.set_error(AttributeError, NO_DELETION)
    builder.branch(failed)
    builder.position_at_end(given)
    writer = pointer(code, cell, Word.WRITER)
    result = code.call("PyObject_CallFunctionObjArgs", writer, value, NULL)
    builder.cbranch(code.is_null(result), failed, done)
    builder.position_at_end(done)
    code.call("Py_DecRef", result)
    builder.ret(zero(INT))
    builder.position_at_end(failed)
    builder.ret(ir.Constant(INT, -1))


def set_integer(size: int, is_signed: bool) -> Callable[..., None]:
    """Return what writes the setter of integers of `size` bytes."""

    def write(code: Code, _owner: Any, value: Any, cell: Any) -> None:
        builder = code.builder
        is_integer = code.has_type(value, int)
        code.require(builder.or_(is_integer, code.has_type(value, bool)))
        number = read_integer(code, value)  # a bool is laid out as an int
        store(code, cell, stored_integer(code, number, 8 * size, is_signed=is_signed))
        builder.ret(zero(INT))

    return write


def set_real(*parts: int, kind: type, single: bool) -> Callable[..., None]:
    """Return what writes the setter of numbers whose parts lie at these offsets of an object of type `kind`."""

    def write(code: Code, _owner: Any, value: Any, cell: Any) -> None:
        builder = code.builder
        code.require(code.has_type(value, kind))
        numbers = [code.load(value, part, DOUBLE) for part in parts]
        if single:
            numbers = [builder.fptrunc(number, SINGLE) for number in numbers]
            for number in numbers:
                # only what isn't finite has another difference; Python warns of it
                difference = builder.fsub(number, number)
                code.require(
                    builder.fcmp_ordered("==", difference, ir.Constant(SINGLE, 0))
                )
        for place, number in enumerate(numbers):
            store(code, cell, number, place * (4 if single else 8))
        builder.ret(zero(INT))

    return write


def require_array(code: Code, value: Any, cell: Any) -> None:
    """Leave to Python what isn't a whole array, in Fortran's order, of the variable's type and rank."""
    builder = code.builder
    code.require(code.has_type(value, np.ndarray))
    require_equal(code, code.load(value, DESCRIPTOR, LONG), word(code, cell, Word.KIND))
    rank = builder.sext(code.load(value, RANK, INT), LONG)
    require_equal(code, rank, word(code, cell, Word.RANK))
    code.require(has_flags(code, value, F_CONTIGUOUS | ALIGNED))


def listed(code: Code, value: Any, cell: Any) -> list[Any]:
    """Return the array that a list becomes, if there is machine code for that, and any other value as it is.

    The second object is the new array, or NULL.
    """
    builder = code.builder
    convert, after = code.block("convert"), code.block("array")
    address = word(code, cell, Word.CONVERTER)
    is_known = builder.icmp_signed("!=", address, zero())
    arms = [(builder.block, [value, NULL])]
    is_list = builder.and_(is_known, code.has_type(value, list))
    builder.cbranch(is_list, convert, after)
    builder.position_at_end(convert)
    function = builder.inttoptr(address, CONVERTER.as_pointer())
    rank = builder.trunc(word(code, cell, Word.RANK), INT)
    made = builder.call(function, [value, rank])
    code.require(code.is_given(made))
    arms.append((builder.block, [made, made]))
    builder.branch(after)
    return code.merge(arms, after)


def set_array(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store an array of the same type and extents, or a list of as many numbers."""
    builder = code.builder
    value, made = listed(code, value, cell)
    code.own(made)
    require_array(code, value, cell)
    size = builder.mul(word(code, cell, Word.RANK), ir.Constant(LONG, 8))
    extents = code.load(value, EXTENTS, OBJECT)
    found = code.call("memcmp", extents, pointer(code, cell, Word.EXTENTS), size)
    require_equal(code, found, zero(INT))
    memory = pointer(code, cell, Word.MEMORY)
    code.call(
        "memmove", memory, code.load(value, DATA, OBJECT), word(code, cell, Word.SIZE)
    )
    code.call("Py_DecRef", made)
    builder.ret(zero(INT))


def set_described(code: Code, owner: Any, value: Any, cell: Any) -> None:
    """Store an array in an allocatable that has its extents."""
    code.require(code.is_given(value))
    require_known(code, cell, Word.MEMORY)
    set_array(code, owner, value, cell)


def replace_or_store_slowly(code: Code, owner: Any, value: Any, cell: Any) -> None:
    """Give an allocatable other memory where nobody sees what it has, and its new extents are known; or ask Python."""
    builder, before = code.builder, code.slow
    code.slow = code.block("python")
    with code.branch(code.slow):
        store_slowly(code, owner, value, cell)
    code.require(code.is_given(value))
    code.require(builder.icmp_signed("==", word(code, cell, Word.BUSY), zero()))
    require_array(code, value, cell)
    shape = known_shape(code, value, cell)
    descriptor = pointer(code, cell, Word.DESCRIPTOR)
    former = code.load(descriptor, 0, LONG)
    require_unseen(code, former, cell)
    size = code.load(shape, 0, LONG)
    start = call_word(code, cell, Word.ALLOCATE, LONG, size)
    code.require(builder.icmp_signed("!=", start, zero()))
    memory = builder.inttoptr(start, OBJECT)
    code.call("memmove", memory, code.load(value, DATA, OBJECT), size)
    builder.store(start, code.at(descriptor, 0, LONG))
    rest = builder.sub(word(code, cell, Word.DESCRIBED), ir.Constant(LONG, POINTER))
    bytes_of_shape = builder.mul(word(code, cell, Word.RANK), ir.Constant(LONG, 8))
    found = builder.gep(shape, [builder.add(bytes_of_shape, ir.Constant(LONG, 8))])
    code.call(
        "memmove", builder.gep(descriptor, [ir.Constant(LONG, POINTER)]), found, rest
    )
    call_word(code, cell, Word.RELEASE, ir.VoidType(), former)
    builder.ret(zero(INT))
    code.slow = before


def known_shape(code: Code, value: Any, cell: Any) -> Any:
    """Return the record of the extents of an array; leave it to Python where there is none."""
    builder = code.builder
    records, size = pointer(code, cell, Word.SHAPES), word(code, cell, Word.SHAPE_SIZE)
    extents = code.load(value, EXTENTS, OBJECT)
    length = builder.mul(word(code, cell, Word.RANK), ir.Constant(LONG, 8))
    after, arms = code.block("shape"), []
    for place in range(SHAPES):
        record = builder.gep(records, [builder.mul(size, ir.Constant(LONG, place))])
        own = builder.gep(record, [ir.Constant(LONG, 8)])
        is_same = builder.icmp_signed(
            "==", code.call("memcmp", extents, own, length), zero(INT)
        )
        arms.append((builder.block, [record]))
        other = code.block("other") if place < SHAPES - 1 else code.slow
        builder.cbranch(is_same, after, other)
        if place < SHAPES - 1:
            builder.position_at_end(other)
    (found,) = code.merge(arms, after)
    return found


def require_unseen(code: Code, address: Any, cell: Any) -> None:
    """Leave it to Python where somebody may see what lies at an address."""
    key = code.call("PyLong_FromLongLong", address)
    code.require(code.is_given(key))
    seen = code.call("PyDict_Contains", pointer(code, cell, Word.ALLOCATIONS), key)
    code.call("Py_DecRef", key)
    require_equal(code, seen, zero(INT))


def set_with_python(code: Code, _owner: Any, _value: Any, _cell: Any) -> None:
    """Leave everything to Python."""
    assert code.slow is not None
    code.builder.branch(code.slow)


READERS: dict[str, Callable[..., None]] = {
    "get": get,
    "get_described": get_described,
    "get_attribute": get_attribute,
}
WRITERS: dict[str, Callable[..., None]] = {
    "set": set_with_python,
    **{f"set_{name}": set_integer(*form) for name, form in INTEGERS.items()},
    "set_f4": set_real(NUMBER, kind=float, single=True),
    "set_f8": set_real(NUMBER, kind=float, single=False),
    "set_c8": set_real(NUMBER, IMAGINARY, kind=complex, single=True),
    "set_c16": set_real(NUMBER, IMAGINARY, kind=complex, single=False),
    "set_array": set_array,
    "set_text": set_text,
    "set_open_text": set_open_text,
    "set_described": set_described,
    "set_attribute": set_attribute,
}
# What isn't `look` or `store_slowly`.
SLOW: dict[str, Callable[..., None]] = {
    "get_attribute": get_attribute_slowly,
    "set_attribute": set_attribute_slowly,
    "set_described": replace_or_store_slowly,
}
