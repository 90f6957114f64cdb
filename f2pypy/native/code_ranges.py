"""Where Fortran can be left, between any two instructions: in the code of a library itself.

Not in a compiler's runtime that was linked into the library, whose units have locks, and not near a call that allocates
or frees memory. Around such a call gfortran stores an array's bounds and its address, and who reads an array that is
left in between reads what isn't there.

A loop may lie that near. It is one if the processor has been further on, has allocated nothing since, and no such call
lies between that place and this one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from f2pypy.dataclass import dataclass

Table = np.ndarray[
    Any, Any
]  # n addresses, each with the one where its range ends: an n x 2 array

# Libraries that compilers bring along, with locks of their own.
_RUNTIMES = (
    "libgfortran.",
    "libflang",
    "libFortran",
    "libgomp.",
    "libomp.",
    "libiomp5.",
)
# What a library calls that runs threads of its own: they wait for the one that was in it.
_STARTS_THREADS = {"pthread_create"}
_STARTS_TEAMS = {"GOMP_parallel", "GOMP_task", "__kmpc_fork_call"}
_MATHEMATICS = ("libm.so.6", "libmvec.so.1")
_ALLOCATES = {
    "malloc",
    "calloc",
    "realloc",
    "free",
    "_Znwm",
    "_Znam",
    "_ZdlPv",
    "_ZdlPvm",
    "_ZdaPv",
}
# Bytes before and after a call that allocates, in which an array's description is written (gfortran 12 takes 210 for
# seven dimensions); those in which the address is stored; and those of a stub, by which calls leave a library.
_BEFORE, _AFTER, _STORED, _STUB = 128, 512, 32, 16
# Tags of the dynamic section, see elf.h.
_HASH, _STRTAB, _SYMTAB, _GNU_HASH = 4, 5, 6, 0x6FFFFEF5
_EXECUTABLE = 1
_SYMBOL = np.dtype("u4, u1, u1, u2, u8, u8")  # name, info, other, section, value, size
_FUNCTION = 2
_CALL, _JUMP, _CALL_BY_ADDRESS = 0xE8, (0xFF, 0x25), (0xFF, 0x15)


@dataclass(frozen=True)
class Ranges:
    """The ranges of libraries: where they may be left, those in which a loop may be, and all of their code."""

    strict: Table
    lax: Table
    own: Table


def runs_teams(libraries: Iterable[Any]) -> bool:
    """Whether one of the libraries uses OpenMP: who leaves a team of threads alone can't have another."""
    return any(any(each.slots(_STARTS_TEAMS)) for each in libraries)


def ranges_of(libraries: Sequence[Any]) -> tuple[Ranges, list[Any]]:
    """Return the ranges of a `LoadedLibrary` and those that it needs, and which of them have any.

    A library that runs threads of its own has none. The C library's mathematics may be left if it has been called
    by none of these.
    """
    users = [each for each in libraries if not each.name.startswith(_RUNTIMES)]
    found = [each for each in users if not any(each.slots(_STARTS_THREADS))]
    mathematics = [
        each for each in libraries[0].all_loaded() if each.name in _MATHEMATICS
    ]
    ranges = [
        _ranges(each) for each in (*found, *(mathematics if found == users else ()))
    ]
    nothing = np.empty((0, 2), "u8")
    tables = [
        np.concatenate([nothing, *[getattr(each, name) for each in ranges]])
        for name in ("strict", "lax", "own")
    ]
    return Ranges(*tables), found


def _ranges(library: Any) -> Ranges:
    segments = np.array(list(library.segments(_EXECUTABLE)), "u8").reshape(-1, 2)
    segments[:, 1] += segments[:, 0]
    own = _without(segments, _runtime(library))
    calls, stubs = _allocating_calls(library, segments)
    called = _without(own, _around(stubs, 0, _STUB))
    return Ranges(
        _without(called, _around(calls, _BEFORE, _AFTER)),
        _without(called, _around(calls, 0, _STORED)),
        own,
    )


def _around(places: Table, before: int, after: int) -> Table:
    return np.stack([places - np.uint64(before), places + np.uint64(after)], axis=1)


def _without(ranges: Table, holes: Table) -> Table:
    """Return what is left of ranges without the holes, both in order."""
    found = []
    for start, end in ranges.tolist():
        at = start
        for first, last in holes.tolist():
            if last <= at or first >= end:
                continue
            if first > at:
                found.append((at, first))
            at = last
        if at < end:
            found.append((at, end))
    return np.array(found, "u8").reshape(-1, 2)


def _runtime(library: Any) -> Table:
    """Return where a library has the code of a compiler's runtime, which begins and ends with its functions."""
    runs: list[list[int]] = []
    before = False
    for start, end, name in sorted(_functions(library)):
        is_runtime = (
            name.startswith(("_gfortran", "_Fortran", "CFI_")) or "7Fortran" in name
        )
        if is_runtime and before:
            runs[-1][1] = max(end, runs[-1][1])
        elif is_runtime:
            runs.append([start, end])
        elif before:
            # what has no name of its own lies between
            runs[-1][1] = max(start, runs[-1][1])
        before = is_runtime
    return np.array(runs, "u8").reshape(-1, 2)


def _functions(library: Any) -> Iterator[tuple[int, int, str]]:
    """Yield where the functions of a library begin and end, and their names."""
    table = library.address_of(_SYMTAB)
    size = _symbol_count(library) * _SYMBOL.itemsize
    for name, info, _, section, value, length in np.frombuffer(
        ctypes.string_at(table, size), _SYMBOL
    ).tolist():
        if info & 15 == _FUNCTION and section:
            start = library.base + value
            text = ctypes.string_at(library.address_of(_STRTAB) + name)
            yield start, start + length, text.decode("utf-8", "replace")


def _symbol_count(library: Any) -> int:
    """Return how many symbols a library has, which only its hash tables tell."""
    table = library.address_of(_GNU_HASH)
    if not table:
        table = library.address_of(_HASH)
        return ctypes.c_uint32.from_address(table + 4).value if table else 0
    buckets, first, words = (
        ctypes.c_uint32.from_address(table + 4 * place).value for place in range(3)
    )
    at = table + 16 + 8 * words
    last: int = max(np.frombuffer(ctypes.string_at(at, 4 * buckets), "u4").tolist())
    if last < first:
        return first
    # the chain of the last bucket ends with an odd number
    chains = at + 4 * buckets
    while not ctypes.c_uint32.from_address(chains + 4 * (last - first)).value & 1:
        last += 1
    return last + 1


def _allocating_calls(library: Any, segments: Table) -> tuple[Table, Table]:
    """Return where calls end that allocate or free memory, in x86-64 code, and the stubs by which they may go."""
    slots = np.array([place for _, place in library.slots(_ALLOCATES)], "u8")
    codes = [
        (start, np.frombuffer(ctypes.string_at(start, end - start), "u1"))
        for start, end in segments.tolist()
    ]
    jumps = [_targets(start, code, _JUMP) for start, code in codes]
    stubs = np.concatenate([place[np.isin(target, slots)] for place, target in jumps])
    # a stub may begin with ENDBR64, and the jump with BND
    stubs = np.concatenate([stubs - np.uint64(offset) for offset in (0, 1, 4, 5)])
    ends = []
    for start, code in codes:
        for pattern, wanted in (((_CALL,), stubs), (_CALL_BY_ADDRESS, slots)):
            place, target = _targets(start, code, pattern)
            ends.append(place[np.isin(target, wanted)] + np.uint64(len(pattern) + 4))
    return np.sort(np.concatenate(ends)), np.sort(stubs)


def _targets(start: int, code: Table, pattern: tuple[int, ...]) -> tuple[Table, Table]:
    """Return where a pattern stands in code that lies at `start`, and the address that the distance after it means."""
    last = max(len(code) - len(pattern) - 4, 0)
    matches = np.ones(last, bool)
    for offset, byte in enumerate(pattern):
        matches &= code[offset : last + offset] == byte
    at = np.flatnonzero(matches)
    first = at + len(pattern)
    distance = np.zeros(len(at), "i8")
    for byte in range(4):
        distance |= code[first + byte].astype("i8") << (8 * byte)
    distance -= (distance >> 31) << 32
    place = (at + start).astype("i8")
    return place.astype("u8"), (place + len(pattern) + 4 + distance).astype("u8")
