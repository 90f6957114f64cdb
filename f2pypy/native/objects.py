"""Variables of Fortran modules and common blocks behind machine code.

A variable becomes a getset descriptor of its object's own class. Two getters and one setter for each kind of variable
serve all modules: they are compiled once. What belongs to one variable lies in its cell, words of which the code below
has the names. What they don't store themselves, the Python function does that stored it before.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.native.code import DOUBLE, INT, LONG, OBJECT, SINGLE, Code
from f2pypy.native.layouts import (
    ALIGNED,
    BYTES,
    DATA,
    DESCRIPTOR,
    EXTENTS,
    F_CONTIGUOUS,
    FLAGS,
    IMAGINARY,
    NUMBER,
    POINTER,
    RANK,
    SET_ATTRIBUTE,
    SIZE,
    TYPE,
    word_at,
)
from f2pypy.native.machine import Machine

# The words of a cell: the view that readers get (0: ask READER), where the value lies (0: nowhere) and its bytes, the
# object of its type, the Python functions that store and look, its rank and extents; of what has a descriptor, where
# that lies, its bytes, and where its bytes of the last look lie.
(
    VIEW,
    MEMORY,
    BYTE_COUNT,
    KIND,
    WRITER,
    READER,
    AXES,
    LENGTHS,
    DESCRIBED,
    DESCRIBED_BYTES,
    KNOWN,
) = range(11)
GETTER = ir.FunctionType(OBJECT, [OBJECT, OBJECT])
SETTER = ir.FunctionType(INT, [OBJECT, OBJECT, OBJECT])
INTEGERS = {f"i{size}": (size, True) for size in (1, 2, 4, 8)} | {
    f"u{size}": (size, False) for size in (1, 2, 4, 8)
}
BLANK = 32
# What an AttributeError says for `del`, which Python's part answers before.
NO_DELETION = b"a Fortran variable can't be deleted"


class GetSet(ctypes.Structure):
    """PyGetSetDef of CPython's descrobject.h."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("get", ctypes.c_void_p),
        ("set", ctypes.c_void_p),
        ("doc", ctypes.c_char_p),
        ("closure", ctypes.c_void_p),
    ]


def quicken(objects: Iterable[Any]) -> None:
    """Give machine code to the variables of `objects`, those that are found already and those that will be."""
    for each in objects:
        if hasattr(type(each), "_quicken") and not each._library.turns.needed:
            object.__setattr__(each, "_quicken", install)
            for name, place in each._places.items():
                install(each, name, place)


def install(owner: Any, name: str, place: Any) -> None:
    """Let machine code read and store the variable of `owner` that lies at `place`."""
    variable = place.variable
    if variable.protected or getattr(variable, "is_open_text", False):
        return
    cell = (ctypes.c_int64 * 11)()
    cell[WRITER] = id(place.write)
    kept: list[Any] = [cell, place.write]
    if place.is_fixed:
        getter, setter = "get", setter_of(place.memory)
        show(cell, kept, place.view, place.memory)
    else:
        getter, setter = "get_described", "set_described" if variable.rank else "set"
        follow(cell, kept, place)
    kind = owner._own_class()
    form = GetSet(
        name.encode(),
        entries()[getter],
        entries()[setter],
        None,
        ctypes.addressof(cell),
    )
    prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_void_p)
    new_descriptor = prototype(("PyDescr_NewGetSet", ctypes.pythonapi))
    setattr(kind, name, new_descriptor(kind, ctypes.addressof(form)))
    # A descriptor may outlive its object.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object([kept, form]))
    place_of_entry = ctypes.c_int64.from_address(id(kind) + SET_ATTRIBUTE)
    place_of_entry.value = entries()["set_attribute"]


def setter_of(memory: np.ndarray[Any, Any]) -> str:
    """Return which setter stores in a variable whose address never changes."""
    code = memory.dtype.str[1:]
    if memory.ndim:
        return "set_array" if memory.dtype is np.dtype(memory.dtype.str) else "set"
    if code[0] == "S":
        return "set_text"
    return f"set_{code}" if f"set_{code}" in WRITERS else "set"


def show(cell: Any, kept: list[Any], view: Any, own: Any) -> None:
    """Note in a cell what readers see, and where it lies: `own` is a view of the same memory."""
    extents = (ctypes.c_int64 * max(own.ndim, 1))(*own.shape)
    kept[2:] = [view, own, own.dtype, extents]
    cell[MEMORY] = own.__array_interface__["data"][0]
    cell[BYTE_COUNT] = own.nbytes
    cell[KIND] = id(kept[4])
    cell[AXES] = own.ndim
    cell[LENGTHS] = ctypes.addressof(extents)
    cell[VIEW] = id(view)


def follow(cell: Any, kept: list[Any], place: Any) -> None:
    """Let a cell say what is known of a variable that has a descriptor."""
    descriptor = place.descriptor.memory
    cell[READER] = id(reader := place.read)
    cell[DESCRIBED] = ctypes.addressof(descriptor)
    cell[DESCRIBED_BYTES] = ctypes.sizeof(descriptor)
    known = ctypes.create_string_buffer(ctypes.sizeof(descriptor))
    cell[KNOWN] = ctypes.addressof(known)
    constants = [reader, known]
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(constants))

    def note(seen: tuple[Any, ...]) -> None:
        # No view is given out meanwhile: other threads ask Python.
        cell[VIEW] = cell[MEMORY] = 0
        found, view, own, _ = seen
        if found is not None:
            known.raw = found
            if own is None:
                cell[VIEW] = id(None)
                return
            show(cell, kept, view, own)
        if found is None or own is None:
            del kept[2:]

    place.note = note
    note(place.seen)


@cache
def entries() -> dict[str, int]:
    """Return the addresses of the getters and setters by name; they are compiled the first time."""
    module = ir.Module("variables")
    mentions: list[Any] = []
    for name, write in {**READERS, **WRITERS}.items():
        kind = GETTER if name in READERS else SETTER
        function = ir.Function(module, kind, name)
        entry, start = (
            function.append_basic_block("entry"),
            function.append_basic_block(),
        )
        slow = function.append_basic_block("slow")
        code = Code(ir.IRBuilder(start), slow, entry, {})
        with code.branch(slow):
            SLOW[name if name in SLOW else "get" if name in READERS else "set"](
                code, *function.args
            )
        write(code, *function.args)
        with code.branch(entry):
            code.builder.branch(start)
        mentions += code.kept
    names = [*READERS, *WRITERS]
    return Machine().compile_all(str(module), names, mentions)


def word(code: Code, cell: Any, place: int) -> Any:
    """Return a word of a cell."""
    return code.load(cell, place * POINTER, LONG)


def pointer(code: Code, cell: Any, place: int) -> Any:
    """Return a word of a cell that is an address."""
    return code.builder.inttoptr(word(code, cell, place), OBJECT)


def require_equal(code: Code, first: Any, second: Any) -> None:
    """Leave what isn't equal to Python."""
    code.require(code.builder.icmp_signed("==", first, second))


def zero(kind: Any = LONG) -> Any:
    """Return the integer 0."""
    return ir.Constant(kind, 0)


def get(code: Code, _owner: Any, cell: Any) -> None:
    """Return the view."""
    view = pointer(code, cell, VIEW)
    code.keep(view)
    code.builder.ret(view)


def get_described(code: Code, owner: Any, cell: Any) -> None:
    """Return the view if the descriptor is what it was."""
    require_known(code, cell, VIEW)
    get(code, owner, cell)


def require_known(code: Code, cell: Any, place: int) -> None:
    """Leave it to Python where the cell doesn't say what the descriptor says now."""
    builder = code.builder
    code.require(builder.icmp_signed("!=", word(code, cell, place), zero()))
    compared = (
        pointer(code, cell, DESCRIBED),
        pointer(code, cell, KNOWN),
        word(code, cell, DESCRIBED_BYTES),
    )
    require_equal(code, code.call("memcmp", *compared), zero(INT))


def look(code: Code, _owner: Any, cell: Any) -> None:
    """Return what the Python function finds."""
    reader = pointer(code, cell, READER)
    null = ir.Constant(OBJECT, None)
    code.builder.ret(code.call("PyObject_CallFunctionObjArgs", reader, null))


def store_slowly(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Let the Python function store the value."""
    builder = code.builder
    null = ir.Constant(OBJECT, None)
    given, deleted, failed, done = map(
        code.block, ("given", "deleted", "failed", "done")
    )
    builder.cbranch(code.is_null(value), deleted, given)
    builder.position_at_end(deleted)
    code.kept.append(NO_DELETION)
    message = ir.Constant(LONG, id(NO_DELETION) + BYTES).inttoptr(OBJECT)
    code.call("PyErr_SetString", code.constant_object(AttributeError), message)
    builder.branch(failed)
    builder.position_at_end(given)
    writer = pointer(code, cell, WRITER)
    result = code.call("PyObject_CallFunctionObjArgs", writer, value, null)
    builder.cbranch(code.is_null(result), failed, done)
    builder.position_at_end(done)
    code.call("Py_DecRef", result)
    builder.ret(zero(INT))
    builder.position_at_end(failed)
    builder.ret(ir.Constant(INT, -1))


def store(code: Code, cell: Any, number: Any, offset: int = 0) -> None:
    """Store a number `offset` bytes into the variable."""
    code.builder.store(
        number, code.at(pointer(code, cell, MEMORY), offset, number.type)
    )


def set_integer(size: int, is_signed: bool) -> Callable[..., None]:
    """Return what writes the setter of integers of `size` bytes."""

    def write(code: Code, _owner: Any, value: Any, cell: Any) -> None:
        builder = code.builder
        is_integer = code.has_type(value, int)
        code.require(builder.or_(is_integer, code.has_type(value, bool)))
        overflow = code.stack(INT)
        number = code.call("PyLong_AsLongLongAndOverflow", value, overflow)
        require_equal(code, builder.load(overflow), zero(INT))
        kind = ir.IntType(8 * size)
        stored = number if size == 8 else builder.trunc(number, kind)
        if size < 8:
            widen = builder.sext if is_signed else builder.zext
            require_equal(code, widen(stored, LONG), number)
        elif not is_signed:
            code.require(builder.icmp_signed(">=", number, zero()))
        store(code, cell, stored)
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


def set_array(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store an array of the same type and extents."""
    builder = code.builder
    code.require(code.has_type(value, np.ndarray))
    require_equal(code, code.load(value, DESCRIPTOR, LONG), word(code, cell, KIND))
    rank = builder.sext(code.load(value, RANK, INT), LONG)
    require_equal(code, rank, word(code, cell, AXES))
    wanted = ir.Constant(INT, F_CONTIGUOUS | ALIGNED)
    require_equal(code, builder.and_(code.load(value, FLAGS, INT), wanted), wanted)
    size = builder.mul(rank, ir.Constant(LONG, 8))
    extents = code.load(value, EXTENTS, OBJECT)
    found = code.call("memcmp", extents, pointer(code, cell, LENGTHS), size)
    require_equal(code, found, zero(INT))
    memory = code.load(value, DATA, OBJECT)
    code.call(
        "memmove", pointer(code, cell, MEMORY), memory, word(code, cell, BYTE_COUNT)
    )
    builder.ret(zero(INT))


def set_described(code: Code, owner: Any, value: Any, cell: Any) -> None:
    """Store an array in an allocatable that has its extents."""
    code.require(
        code.builder.icmp_unsigned("!=", code.builder.ptrtoint(value, LONG), zero())
    )
    require_known(code, cell, MEMORY)
    set_array(code, owner, value, cell)


def set_text(code: Code, _owner: Any, value: Any, cell: Any) -> None:
    """Store bytes or ASCII characters, cut or followed by blanks."""
    builder = code.builder
    given, is_text, ready = map(code.block, ("characters", "text", "ready"))
    length = code.stack(LONG)
    builder.cbranch(code.has_type(value, bytes), given, is_text)
    builder.position_at_end(given)
    builder.store(code.load(value, SIZE, LONG), length)
    direct = builder.gep(value, [ir.Constant(LONG, BYTES)])
    builder.branch(ready)
    builder.position_at_end(is_text)
    code.require(code.has_type(value, str))
    spelled = code.call("PyUnicode_AsUTF8AndSize", value, length)
    unsuitable, encoded = map(code.block, ("unsuitable", "encoded"))
    builder.cbranch(code.is_null(spelled), unsuitable, encoded)
    with code.branch(unsuitable):
        code.call("PyErr_Clear")  # Python's part says it again
        builder.branch(code.slow)
    builder.position_at_end(encoded)
    count = code.call("PyUnicode_GetLength", value)
    # more bytes than characters: not ASCII
    require_equal(code, count, builder.load(length))
    (text,) = code.merge(
        [(given, [direct]), (builder.block, [close(code, spelled, ready)])], ready
    )
    finish_text(code, text, builder.load(length), cell)


def close(code: Code, value: Any, after: Any) -> Any:
    """End a block with a jump, and return the value that it brings."""
    code.builder.branch(after)
    return value


def finish_text(code: Code, text: Any, given: Any, cell: Any) -> None:
    """Store `given` characters of a text."""
    builder = code.builder
    room = word(code, cell, BYTE_COUNT)
    length = builder.select(builder.icmp_signed("<", given, room), given, room)
    # NumPy's strings end before the last NULs; Python's part knows about these.
    ending = builder.sub(length, ir.Constant(LONG, 1))
    is_empty = builder.icmp_signed("==", length, zero())
    last = builder.select(is_empty, zero(), ending)
    final = builder.load(builder.gep(text, [last]))
    code.require(
        builder.or_(is_empty, builder.icmp_unsigned("!=", final, zero(final.type)))
    )
    memory = pointer(code, cell, MEMORY)
    code.call("memmove", memory, text, length)
    rest = builder.gep(memory, [length])
    code.call("memset", rest, ir.Constant(INT, BLANK), builder.sub(room, length))
    builder.ret(zero(INT))


def set_with_python(code: Code, _owner: Any, _value: Any, _cell: Any) -> None:
    """Leave everything to Python."""
    assert code.slow is not None
    code.builder.branch(code.slow)


def set_attribute(code: Code, owner: Any, name: Any, value: Any) -> None:
    """Do what ``owner.name = value`` does: run the variable's setter, or Python's `__setattr__`."""
    builder = code.builder
    code.require(builder.icmp_unsigned("!=", builder.ptrtoint(value, LONG), zero()))
    found = code.call("_PyType_Lookup", code.load(owner, TYPE, OBJECT), name)
    code.require(builder.icmp_unsigned("!=", builder.ptrtoint(found, LONG), zero()))
    code.require(code.has_type(found, type(type.__dict__["__dict__"])))
    builder.ret(code.call("PyObject_GenericSetAttr", owner, name, value))


def set_attribute_slowly(code: Code, owner: Any, name: Any, value: Any) -> None:
    """Run what every class with a `__setattr__` in Python has in this place."""
    address = word_at(id(_Setting) + SET_ATTRIBUTE)
    code.builder.ret(code.call_address(address, SETTER, [owner, name, value]))


class _Setting:
    def __setattr__(self, name: str, value: Any) -> None: ...


READERS: dict[str, Callable[..., None]] = {"get": get, "get_described": get_described}
WRITERS: dict[str, Callable[..., None]] = {
    "set": set_with_python,
    **{f"set_{name}": set_integer(*form) for name, form in INTEGERS.items()},
    "set_f4": set_real(NUMBER, kind=float, single=True),
    "set_f8": set_real(NUMBER, kind=float, single=False),
    "set_c8": set_real(NUMBER, IMAGINARY, kind=complex, single=True),
    "set_c16": set_real(NUMBER, IMAGINARY, kind=complex, single=False),
    "set_array": set_array,
    "set_text": set_text,
    "set_described": set_described,
    "set_attribute": set_attribute,
}
SLOW: dict[str, Callable[..., None]] = {
    "get": look,
    "set": store_slowly,
    "set_attribute": set_attribute_slowly,
}
