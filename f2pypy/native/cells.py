"""The cells of variables: what machine code knows of each, in words that `Word` names."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from llvmlite import ir

from f2pypy.native.code import LONG, OBJECT, Code
from f2pypy.native.layouts import POINTER


class Word(IntEnum):
    """The words of a cell."""

    VIEW = 0  # what readers get; 0: ask the reader
    MEMORY = 1  # where the value lies; 0: nowhere, or nobody knows
    SIZE = 2  # its bytes
    KIND = 3  # the object of its type
    WRITER = 4  # the Python functions that store and look
    READER = 5
    RANK = 6
    EXTENTS = 7  # where they lie
    # Of what has a descriptor:
    DESCRIPTOR = 8  # where it lies
    DESCRIBED = 9  # its bytes
    KNOWN = 10  # where its bytes of the last look lie
    BUSY = 11  # not 0 while Python replaces the memory
    SHAPES = 12  # where `SHAPES` records lie: bytes of an array, its extents, and its descriptor without the address
    SHAPE_SIZE = 13  # the bytes of a record
    ALLOCATIONS = 14  # the dictionary of the addresses that somebody sees
    ALLOCATE = 15  # malloc and free
    RELEASE = 16
    CONVERTER = 17  # what makes arrays of lists, see `array_conversion`; 0: Python does
    LENGTH = 18  # where the length of a text lies that the descriptor doesn't tell, elsewhere a 0
    TOLD = 19  # where the length lies that Fortran tells of a text, in any case


def word(code: Code, cell: Any, place: int) -> Any:
    """Return the integer that stands at `place`, counted in words."""
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


def store(code: Code, cell: Any, number: Any, offset: int = 0) -> None:
    """Store a number `offset` bytes into the variable."""
    code.builder.store(
        number, code.at(pointer(code, cell, Word.MEMORY), offset, number.type)
    )


def call_word(code: Code, cell: Any, place: int, result: Any, argument: Any) -> Any:
    """Call the C function of one integer whose address is a word of the cell."""
    kind = ir.FunctionType(result, [LONG])
    function = code.builder.inttoptr(word(code, cell, place), kind.as_pointer())
    return code.builder.call(function, [argument])
