"""Locks that a call of Fortran leaves behind when it is ended: the next use of their unit would wait for ever.

Runtime libraries lock a unit, by a mutex beside what they know of it, for as long as a statement works on it. Units are
found as a garbage collector finds objects, by the pointers in the writable memory of the libraries. The words of a
mutex tell which thread holds it; they are those of glibc on machines with 64 bits, and other C libraries' aren't known.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import suppress
from typing import Any, Iterable

from numpy import array as new_array
from numpy import flatnonzero, frombuffer, ndarray, searchsorted

from f2pypy.runtime.elf_slots import LoadedLibrary
from f2pypy.runtime.interpreter import PROCESS
from f2pypy.runtime.unopened_units import disconnect

# How many pointers lead to what a library knows of a unit, and how much of it is looked at.
_DEPTH, _REACH = 2, 2048
_MOST = 64 << 20  # bytes of a library's memory that are worth the time
# glibc's malloc has the size of a block in front of it, with flags; that of the next one says whether this one is used.
_SIZE_FLAGS, _IS_MAPPED, _IS_USED_BEFORE, _ALIGNMENT = 7, 2, 1, 16
_WRITABLE = 2  # elf.h's PF_W
# Words of 32 bits in a mutex: locked, recursion, owner, users, kind; and in flang's Lock, which begins with one.
_OWNER, _KIND = 2, 4
# The kinds that threads of one process lock once (pthread_mutex_init), without those bits that say how they wait.
_KINDS, _WAITING = (0, 2, 3), 256 | 512
_IS_BUSY, _HOLDER = 40, 48
_GLOBAL_LOCALE = -1  # POSIX's LC_GLOBAL_LOCALE, as glibc, musl and macOS define it


class HeldLocks:
    """The locks of some libraries."""

    def __init__(self, libraries: Iterable[LoadedLibrary], handles: Iterable[Any]) -> None:
        # libgfortran's symbols, where one of the libraries has it or needs it
        self.gfortran = next((handle for handle in handles if hasattr(handle, "_gfortran_st_open")), None)
        found = [each for library in libraries for each in library.segments(_WRITABLE)]
        self.roots = [(start, size) for start, size in found if size <= _MOST]
        self.mapped: list[ndarray[Any, Any]] = []

    def release(self) -> None:
        """Unlock what this thread has locked, and give it back the locale of the process.

        Locks stay as they are where the system doesn't show a process its memory.
        """
        # while libgfortran reads or writes, its thread has the locale C, and Python would take text for ASCII
        with suppress(AttributeError):
            PROCESS.uselocale(ctypes.c_void_p(_GLOBAL_LOCALE))
        with suppress(OSError), open("/proc/self/mem", "rb", buffering=0) as memory:
            self.mapped = self.mapped or _mapped_files()
            for place, starts in self._find(memory.fileno()).items():
                # what was read may be gone: a copy of such words in memory that was free, and is Python's by now
                if not any(_locked([place], ctypes.string_at(place, 4 * _KIND + 4), threading.get_native_id())):
                    continue
                _unlock(place)
                if self.gfortran is not None:
                    sizes = {start: _allocated(memory.fileno(), start) for start in starts}
                    for start in sorted(start for start, size in sizes.items() if place < start + size):
                        disconnect(self.gfortran, start, sizes[start])

    def _find(self, memory: int) -> dict[int, set[int]]:
        """Return where mutexes are that this thread has locked, and for each the pointers that led to it.

        No pointer leads to what a library itself has in its memory. Old pointers may lead to the middle of a block.
        """
        owner = threading.get_native_id()
        found: dict[int, set[int]] = {}
        seen: set[int] = set()
        blocks = [([start], ctypes.string_at(start, size)) for start, size in self.roots]
        for depth in range(_DEPTH + 1):
            for starts, block in blocks:
                for place, start in _locked(starts, block, owner):
                    found.setdefault(place, set()).update({start} if depth else ())
            if depth < _DEPTH:
                pointers = {each for _, block in blocks for each in self._pointers(block)} - seen
                seen |= pointers
                blocks = [_read_blocks(memory, pointers)]
        return found

    def _pointers(self, block: bytes) -> list[int]:
        """Return what may point to memory that was allocated, of the words in a block."""
        starts, ends = self.mapped
        words = frombuffer(block, "u8", len(block) // 8)
        words = words[(words > 4096) & (words < 1 << 47) & (words % 16 == 0)]
        is_of_file = words < ends[searchsorted(starts, words, "right") - 1]
        return [int(each) for each in words[~is_of_file]]


def _mapped_files() -> list[ndarray[Any, Any]]:
    """Return where files lie in memory, in order: where each begins and ends."""
    with open("/proc/self/maps", errors="replace") as mappings:
        found = sorted(tuple(int(end, 16) for end in line.split()[0].split("-")) for line in mappings if "/" in line)
    return [new_array(each, "u8") for each in zip((0, 0), *found)]


def _read_blocks(memory: int, places: Iterable[int]) -> tuple[list[int], bytes]:
    """Return those places that are in memory, and what lies there: as many bytes for each."""
    starts, blocks = [], []
    for place in places:
        try:
            block = os.pread(memory, _REACH, place)
        except OSError:  # no pointer
            continue
        starts.append(place)
        blocks.append(block.ljust(_REACH, b"\0"))
    return starts, b"".join(blocks)


def _allocated(memory: int, start: int) -> int:
    """Return the size of the block that malloc gave at `start`, 0 where it gave none."""
    try:
        word = int.from_bytes(os.pread(memory, 8, start - 8), "little")
        size = word & ~_SIZE_FLAGS
        if not _ALIGNMENT < size <= _REACH or size % _ALIGNMENT or word & _IS_MAPPED:
            return 0
        after = int.from_bytes(os.pread(memory, 8, start - 8 + size), "little")
    except OSError:
        return 0
    return size - 8 if after & _IS_USED_BEFORE and after & ~_SIZE_FLAGS else 0


def _locked(starts: list[int], blocks: bytes, owner: int) -> Iterable[tuple[int, int]]:
    """Yield where mutexes are that a thread has locked, in blocks of one size, and where the block starts."""
    words = frombuffer(blocks, "u4", len(blocks) // 4)
    size = len(words) // max(len(starts), 1)
    for at in flatnonzero(words == owner).tolist():
        offset = at % size - _OWNER
        if 0 <= offset < size - _KIND:
            locked, recursion, _, users, kind = words[at - _OWNER : at - _OWNER + _KIND + 1].tolist()
            # glibc ends the process where it is asked to unlock another kind
            if locked in (1, 2) and not recursion and users == 1 and kind & ~_WAITING in _KINDS:
                start = starts[at // size]
                yield start + 4 * offset, start


def _unlock(place: int) -> None:
    # flang's runtime asks itself whether the thread has the lock already.
    is_busy, holder = ctypes.c_ubyte.from_address(place + _IS_BUSY), ctypes.c_ulong.from_address(place + _HOLDER)
    if is_busy.value == 1 and holder.value == threading.get_ident():
        is_busy.value = 0
    PROCESS.pthread_mutex_unlock(ctypes.c_void_p(place))
