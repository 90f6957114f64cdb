"""Who owns what objects of derived type hold: allocatable components, and what FINAL procedures look after."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable

from f2pypy.runtime.descriptors import Heap
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.record_tables import TypeTable, find_glue


class Storage:
    """Memory with `count` objects of a type at `address`: they are finalized as Fortran does once nobody sees them.

    `memory` is kept as long, and what pointers among the components point to is in `kept`. Memory of the C library,
    which somebody has allocated for Python, is given back to `heap`.
    """

    __slots__ = ("__weakref__", "address", "count", "heap", "kept", "kind", "memory")

    def __init__(self, kind: Any, address: int, memory: Any, count: int = 1, heap: Heap | None = None) -> None:
        self.kind, self.address, self.memory, self.count, self.heap = kind, address, memory, count, heap
        self.kept: dict[int, Any] = {}

    def __del__(self) -> None:
        if sys.is_finalizing():
            return  # the memory goes with the process
        for place in range(self.count):
            self.kind.destroy(self.address + place * self.kind.size)
        if self.heap is not None:
            self.heap.release(self.address)


def kept_by(record: Any) -> dict[int, Any]:
    """Return what pointers in an object, and in what it holds, point to for Python, by the addresses of the pointers.

    It is kept as long as the memory of the object; that of Fortran's own objects is never given back.
    """
    storage = record._storage
    kept: dict[int, Any] = storage.kept if isinstance(storage, Storage) else record._type.kept
    return kept


def heap_of(library: Library) -> Heap:
    """Return the memory from which a library allocates."""
    heap: Heap = library.compiler.heap(library.handles[0])
    return heap


def destroyer(kind: Any, table: TypeTable | None) -> Callable[[int], Any]:
    """Return what finalizes an object at an address and frees what it holds; the memory itself stays."""
    if table is None or not table.tables.final:
        return _glue(kind, "clear", None) or _piecemeal_destroyer(kind)
    place = table.word(table.tables.final)
    if not place:
        return lambda address: None  # noqa: ARG005
    final = _foreign(ctypes.c_int, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_bool)(place)
    describe, code = kind.library.compiler.arrays.describe, table.tables.code
    final = kind.library.turns.calling(final)
    return lambda address: final(describe(address, kind.size, code, (), ()), kind.size, True)


def duplicator(kind: Any, table: TypeTable | None) -> Callable[[int, int], Any]:
    """Return what makes the object at the second address a deep copy of that at the first: what it held is lost."""
    # gfortran 12's own copies of types that contain themselves share what is two levels down
    if not kind.opaque:
        return _piecemeal_duplicator(kind)
    if table is None or not table.tables.copy or not table.word(table.tables.copy):
        copy = _glue(kind, "copy", ctypes.c_void_p)
        if copy is not None:
            return _moving(copy, kind)
        raise TypeError(
            f"{kind.label}: f2pypy can't copy or assign these objects: they have components that it doesn't know"
        )
    copy = _foreign(None, ctypes.c_void_p, ctypes.c_void_p)(table.word(table.tables.copy))
    copy = kind.library.turns.calling(copy)
    image = kind.image()

    def duplicate(source: int, target: int) -> None:
        ctypes.memmove(target, image, len(image))
        copy(source, target)

    return duplicate


def told_image(kind: Any) -> bytes | None:
    """Return the bytes of a default-initialised object as the library says them: of an abstract type a child's.

    None where it doesn't.
    """
    table = kind.table()
    told: bytes | None = None if table is None else table.image()
    if told is None:
        new = _glue(kind, "new", ctypes.c_void_p)
        told = None if new is None else ctypes.string_at(new(), kind.size)
    if told is None:
        children = (told_image(each._type) for each in kind.record.__subclasses__() if is_fortrans(each))
        told = next((image[: kind.size] for image in children if image is not None), None)
    return told


def is_fortrans(record: type) -> bool:
    """Whether a class is that of a Fortran type, and not one of Python's that extends it."""
    kind = vars(record).get("_type")
    return kind is not None and kind.extends is None


def _glue(kind: Any, what: str, result: Any) -> Callable[..., Any] | None:
    """Return what the library does with objects of a type for Python, None where it has no procedure for that."""
    address = find_glue(kind.library, kind.module, kind.name, what)
    if address is None:
        return None
    arguments = () if what == "new" else (ctypes.c_void_p,)
    function: Callable[..., Any] = kind.library.turns.calling(_foreign(result, *arguments)(address))
    return function


def _moving(copy: Callable[..., Any], kind: Any) -> Callable[[int, int], None]:
    """Return what has a copy made, of which what it holds goes to the object at the second address."""
    heap = heap_of(kind.library)

    def duplicate(source: int, target: int) -> None:
        made = copy(source)
        ctypes.memmove(target, made, kind.size)
        heap.release(made)

    return duplicate


def _foreign(*types: Any) -> Any:
    # the interpreter lock is kept, as in calls of routines: a FINAL procedure may call Python
    return getattr(ctypes, "PYFUNCTYPE", ctypes.CFUNCTYPE)(*types)


def _piecemeal_destroyer(kind: Any) -> Callable[[int], None]:
    def destroy(address: int) -> None:
        record = kind.record._at(address, None)
        for component in kind.record._parts():
            component.destroy(record)

    return destroy


def _piecemeal_duplicator(kind: Any) -> Callable[[int, int], None]:
    def duplicate(source: int, target: int) -> None:
        ctypes.memmove(target, source, kind.size)
        given, copied = kind.record._at(source, None), kind.record._at(target, None)
        for component in kind.record._parts():
            component.duplicate(given, copied)

    return duplicate
