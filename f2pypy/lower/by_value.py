"""Which structure of C stands for an object of derived type that is passed or returned by value.

Where parts of a structure go (registers of which kind, or memory) depends on the types of its fields in all that is
up to 64 bytes long: four long doubles, on ARM. What is longer goes through memory everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from f2pypy.abi.conventions import Compiler
from f2pypy.abi.layout import lay_out
from f2pypy.expressions.nodes import Kind
from f2pypy.model import Component, DerivedType, Storage, TypeName

LONGEST = 64
LETTERS = {
    Kind.INTEGER: {1: "b", 2: "h", 4: "i", 8: "q"},
    Kind.LOGICAL: {1: "b", 2: "h", 4: "i", 8: "q"},
    Kind.REAL: {4: "f", 8: "d"},
    Kind.COMPLEX: {8: "f", 16: "d"},
}
WORD = "q"
WORD_BYTES = 8
Types = Mapping[TypeName, DerivedType]


def fields_of(type_: DerivedType, types: Types, row: Compiler) -> str:
    """Return the fields: letters of the struct module after counts; "" where C has no such structure."""
    size = lay_out(type_, types, row).size
    if not size or row.length_size != WORD_BYTES:
        return ""
    if size > LONGEST:
        words, rest = divmod(size, WORD_BYTES)
        return f"{size}b" if rest else f"{words}{WORD}"
    fields = []
    end = 0
    for offset, letter, width in parts_of(type_, types, row, 0):
        if not letter:
            return ""
        # what a nested object has at its end belongs to it
        missing = offset - -(-end // width) * width
        fields += filled(offset - end if missing else 0)
        fields.append(letter)
        end = offset + width
    fields += filled(size - end) if size - end >= WORD_BYTES else []
    return "".join(counted(fields))


def filled(gap: int) -> list[str]:
    """Return fields for what has no type of its own: the words of a descriptor, and padding."""
    words, rest = divmod(gap, WORD_BYTES)
    return [*["b"] * rest, *[WORD] * words]


def parts_of(
    type_: DerivedType, types: Types, row: Compiler, start: int
) -> Iterator[tuple[int, str, int]]:
    """Yield offset, letter and bytes of every number in an object at `start`, "" where there is no letter for it."""
    layout = lay_out(type_, types, row)
    if type_.parent is not None:
        yield from parts_of(types[type_.parent], types, row, start)
    for component in type_.components:
        offset = start + layout.offsets[component.name]
        yield from parts_of_component(component, types, row, offset)
    for place in layout.lengths.values():
        yield start + place, WORD, WORD_BYTES


def parts_of_component(
    component: Component, types: Types, row: Compiler, offset: int
) -> Iterator[tuple[int, str, int]]:
    """Yield offset, letter and bytes of every number in a component."""
    type_, count = component.type, prod(component.extents)
    if component.storage is not Storage.INLINE:
        yield offset, WORD, WORD_BYTES
    elif type_.kind is Kind.DERIVED and type_.derived is not None:
        inner = types[type_.derived]
        size = lay_out(inner, types, row).size
        for at in range(count):
            yield from parts_of(inner, types, row, offset + at * size)
    elif type_.kind is Kind.CHARACTER:
        for at in range(count * type_.characters):
            yield offset + at, "b", 1
    else:
        width = type_.size // 2 if type_.kind is Kind.COMPLEX else type_.size
        letter = LETTERS[type_.kind].get(type_.size, "")
        for at in range(count * (type_.size // width)):
            yield offset + at * width, letter, width


def counted(fields: list[str]) -> Iterator[str]:
    """Yield each letter once after how often it stands there in a row."""
    at = 0
    while at < len(fields):
        count = 1
        while fields[at : at + count + 1] == [fields[at]] * (count + 1):
            count += 1
        yield f"{count if count > 1 else ''}{fields[at]}"
        at += count
