"""Where the components of a derived type lie in its objects.

gfortran and flang lay objects out as C does: components in the order of declaration, each at the next multiple of its
alignment, and the whole rounded up to the widest of them. SEQUENCE and BIND(C) change nothing. A parent comes first,
with the padding at its end. What differs are the words of allocatable, pointer and polymorphic components.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from f2pypy.abi.conventions import Compiler, Descriptor
from f2pypy.abi.targets import target_named
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind
from f2pypy.model import Component, DataType, DerivedType, Storage, TypeName

# The bytes of the fields of descriptors that aren't an address wide, by their codes of the struct module.
_FIELDS = {"i": 4, "h": 2, "b": 1, "B": 1}
# The x87's reals of ten bytes have this many in memory, aligned to as many; on i386 they have twelve.
_EXTENDED = 16
_EXTENDED_ON_I386 = 12


class UnknownLayout(ValueError):
    """Nobody can tell how a type lies in memory; the message is for the user."""


@dataclass(frozen=True)
class Layout:
    """Bytes of an object and their alignment; `offsets` are those of the type's own components, not of its parent's.

    `lengths` say where the length of a component of deferred length stands, if it stands apart.
    """

    size: int
    alignment: int
    offsets: Mapping[str, int]
    lengths: Mapping[str, int]


@dataclass
class _Builder:
    """An object as it grows."""

    size: int = 0
    alignment: int = 1

    def place(self, size: int, alignment: int) -> int:
        """Return the offset of what comes next."""
        offset = -(-self.size // alignment) * alignment
        self.size = offset + size
        self.alignment = max(self.alignment, alignment)
        return offset


def lay_out(
    type_: DerivedType, types: Mapping[TypeName, DerivedType], row: Compiler
) -> Layout:
    """Return the layout of a type's objects; `types` are those that it may need.

    Raises UnknownLayout where it needs another one, or contains itself.
    """
    return _Layouts(types, row).of(type_.name, (), type_)


@dataclass(frozen=True)
class _Layouts:
    types: Mapping[TypeName, DerivedType]
    row: Compiler

    def of(
        self,
        name: TypeName,
        around: tuple[TypeName, ...],
        type_: DerivedType | None = None,
    ) -> Layout:
        """Return the layout of the type `name`, which those `around` contain."""
        if name in around:
            raise UnknownLayout(f"the type {name.name!r} contains itself")
        type_ = type_ or self.types.get(name)
        if type_ is None:
            raise UnknownLayout(f"the type {name.name!r} of module {name.module!r} isn't known")  # fmt: skip
        around = (*around, name)
        built = _Builder()
        if type_.parent is not None:
            parent = self.of(type_.parent, around)
            built.place(parent.size, parent.alignment)
        offsets = {}
        for component in type_.components:
            pieces = [built.place(*p) for p in self.pieces(component, around)]
            offsets[component.name] = pieces[0]
        lengths = {
            each.name: built.place(self.word, self.word)
            for each in type_.components
            if each.type.deferred and self.row.types.lengths_apart
        }
        built.place(0, built.alignment)
        return Layout(built.size, built.alignment, offsets, lengths)

    @property
    def word(self) -> int:
        """Bytes of an address."""
        return self.row.length_size

    def pieces(
        self, component: Component, around: tuple[TypeName, ...]
    ) -> Iterator[tuple[int, int]]:
        """Yield size and alignment of the parts of a component in their order; there is at least one."""
        word = self.word
        if component.storage is Storage.PROCEDURE:
            yield word, word
        elif component.storage is Storage.INLINE:
            size, alignment = self.inline(component.type, around)
            yield size * prod(component.extents), alignment
        else:
            is_class = component.type.polymorphic or component.type.unlimited
            yield self.deferred(component), word
            if is_class and self.row.types.class_form == "container":
                yield word, word
                if component.type.unlimited:
                    yield word, word

    def deferred(self, component: Component) -> int:
        """Return the bytes of what leads to an allocatable or pointer component, without the words of a class."""
        rank, type_ = len(component.extents), component.type
        if not (rank or self.row.described_scalars):
            return self.word
        size = descriptor_size(self.row.arrays, rank, self.word)
        is_derived = type_.kind is Kind.DERIVED
        return size + is_derived * self.row.types.addendum

    def inline(self, type_: DataType, around: tuple[TypeName, ...]) -> tuple[int, int]:
        """Return size and alignment of one element of a component that lies in the object itself."""
        if type_.kind is Kind.DERIVED:
            if type_.derived is None:
                raise UnknownLayout("it has a component of unknown type")
            inner = self.of(type_.derived, around)
            return inner.size, inner.alignment
        if type_.kind is Kind.CHARACTER:
            return type_.size * type_.characters, type_.size
        parts = 2 if type_.kind is Kind.COMPLEX else 1
        size, alignment = self.number(type_.size // parts)
        return size * parts, alignment

    def number(self, size: int) -> tuple[int, int]:
        """Return the bytes of a number in memory, and its alignment."""
        is_i386 = target_named(self.row.target) == "i386"
        if size in (10, 12):
            return (_EXTENDED_ON_I386, 4) if is_i386 else (_EXTENDED, _EXTENDED)
        # the System V ABI of i386 aligns doubles and long longs in structures to four bytes
        return size, 4 if is_i386 and size == 8 else size


def descriptor_size(layout: Descriptor, rank: int, word: int) -> int:
    """Return the bytes of a descriptor of an array with `rank` axes on a machine with addresses of `word` bytes."""
    header = sum(_FIELDS.get(code, word) for _, code in layout.header)
    return -(-header // word) * word + len(layout.dimension) * word * rank
