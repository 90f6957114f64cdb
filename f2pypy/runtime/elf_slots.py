"""Where a loaded library keeps the addresses of the functions that it calls, on Linux with 64 bits.

The layouts are those of elf.h and link.h: a handle of the loader is the address of a ``struct link_map``, whose dynamic
section names the relocations. One that refers to a symbol says where the loader has put that symbol's address.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import Any, Collection, Iterator

_NEEDED, _PLTRELSZ, _STRTAB, _SYMTAB, _RELA, _RELASZ, _JMPREL = 1, 2, 5, 6, 7, 8, 23
_RTLD_LAZY, _RTLD_NOLOAD = 1, 4
_READ_WRITE, _LOAD = 3, 1
# What the C library and the compilers bring along, and Python itself: no procedures of a user's.
_OTHERS = ("libc.", "libm.", "libdl.", "librt.", "libpthread.", "ld-", "libgcc_s.", "libstdc++.", "libpython")


class LoadedLibrary:
    """One library of the process, by the address of its link_map."""

    def __init__(self, link_map: int) -> None:
        self.base, name, dynamic, self.next, self.previous = struct.unpack("5P", ctypes.string_at(link_map, 40))
        self.name = ctypes.string_at(name).rpartition(b"/")[2].decode("utf-8", "replace") if name else ""
        self.tags: dict[int, int] = {}
        self.needed: list[int] = []
        while dynamic:
            tag, value = struct.unpack("qQ", ctypes.string_at(dynamic, 16))
            if not tag:
                break
            if tag == _NEEDED:
                self.needed.append(value)
            self.tags.setdefault(tag, value)
            dynamic += 16

    def address_of(self, tag: int) -> int:
        """Return the address in an entry of the dynamic section, 0 if there is none."""
        # glibc adds the library's base to these addresses, musl doesn't.
        value = self.tags.get(tag, 0)
        return value + self.base if 0 < value < self.base else value

    def _text(self, offset: int) -> str:
        return ctypes.string_at(self.address_of(_STRTAB) + offset).decode("utf-8", "replace")

    def segments(self, wanted: int) -> Iterator[tuple[int, int]]:
        """Yield the address and the size of the parts of memory that have a flag: 1 for code, 2 where it writes."""
        header = ctypes.string_at(self.base, 64)
        if header[:4] != b"\x7fELF":
            return
        (table,), (size, count) = struct.unpack_from("Q", header, 32), struct.unpack_from("HH", header, 54)
        for at in range(self.base + table, self.base + table + size * count, size):
            kind, flags, _, start, _, _, length, _ = struct.unpack("II6Q", ctypes.string_at(at, 56))
            if kind == _LOAD and flags & wanted:
                yield self.base + start, length

    def slots(self, names: Collection[str]) -> Iterator[tuple[str, int]]:
        """Yield a name and the address of the slot for each slot that has the address of one of `names`."""
        for start, size in ((_JMPREL, _PLTRELSZ), (_RELA, _RELASZ)):
            table = ctypes.string_at(self.address_of(start), self.tags.get(size, 0)) if start in self.tags else b""
            for place, info, _ in struct.iter_unpack("QQq", table):
                symbol = info >> 32
                if symbol:
                    (offset,) = struct.unpack("I", ctypes.string_at(self.address_of(_SYMTAB) + 24 * symbol, 4))
                    if self._text(offset) in names:
                        yield self._text(offset), self.base + place

    def with_needed(self) -> Iterator[LoadedLibrary]:
        """Yield this library and those that it needs, but for the system's."""
        loaded = {each.name: each for each in self.all_loaded()}
        waiting, seen = [self], {self.name}
        while waiting:
            library = waiting.pop()
            yield library
            names = {library._text(offset).rpartition("/")[2] for offset in library.needed} - seen
            seen |= names
            waiting += [loaded[name] for name in sorted(names) if name in loaded and not name.startswith(_OTHERS)]

    def all_loaded(self) -> Iterator[LoadedLibrary]:
        """Yield this library and all others of the process."""
        yield self
        for direction in ("previous", "next"):
            at = getattr(self, direction)
            while at:
                library = LoadedLibrary(at)
                yield library
                at = getattr(library, direction)


def loaded_library(path: str) -> LoadedLibrary:
    """Return a library that was loaded from `path`; OSError where none was or the system is another."""
    if not sys.platform.startswith("linux") or struct.calcsize("P") != 8 or sys.byteorder != "little":
        raise OSError("this needs 64-bit Linux")
    opened = ctypes.CDLL(None)["dlopen"]
    opened.restype, opened.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
    handle = opened(path.encode(), _RTLD_LAZY | _RTLD_NOLOAD)
    if not handle:
        raise OSError(f"{path} isn't loaded")
    return LoadedLibrary(handle)


def write_slot(slot: int, address: int) -> int:
    """Put an address into a slot, and return the one that was there."""
    pages: Any = ctypes.CDLL(None, use_errno=True)
    pages.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    size = pages.getpagesize()
    start = slot // size * size
    # The loader protects its slots once it has filled them (RELRO).
    if pages.mprotect(start, size, _READ_WRITE):
        raise OSError(ctypes.get_errno(), f"the address at {slot:#x} can't be changed")
    place = ctypes.c_void_p.from_address(slot)
    former, place.value = place.value, address
    return former or 0
