"""What depends on the machine that a library was compiled for: kinds, and the sizes of C's types.

The rows of compilers are those of x86-64 with Linux; a target here is the first part of the name of a cross compiler's
command (``aarch64-linux-gnu-gfortran``), or this machine. `tests/targets` asks the compilers of Debian.
"""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import replace

from f2pypy.abi.conventions import Compiler, written

_ADDRESSES = ("c_ptr", "c_funptr", "c_size_t", "c_intptr_t", "c_ptrdiff_t")
# All constants that are an address wide, and C's long, on machines of 32 bits.
_NARROW = dict.fromkeys((*_ADDRESSES, "c_long"), 4)
# C libraries differ in these, and gfortran follows; flang has kinds of its own.
FAST = frozenset({"c_int_fast16_t", "c_int_fast32_t"})
_FAST = dict.fromkeys(FAST, 4)
# Constants that are sizes of C types in which targets differ.
SIZES_BY_TARGET = FAST.union(_NARROW)
QUAD = 16  # bytes of a real of 113 bits
_LONG_DOUBLES = ("c_long_double", "c_long_double_complex")
# target -> the constants of intrinsic modules in which it differs
TARGETS: dict[str, dict[str, int | tuple[int, ...]]] = {
    "x86_64": {},
    "i386": {
        **_NARROW,
        **_FAST,
        "integer_kinds": (1, 2, 4, 8),
        "logical_kinds": (1, 2, 4, 8),
    },
    "arm": {
        **_NARROW,
        **_FAST,
        "integer_kinds": (1, 2, 4, 8),
        "logical_kinds": (1, 2, 4, 8),
        "real_kinds": (4, 8),
        "real128": -1,
        **dict.fromkeys(_LONG_DOUBLES, 8),
    },
    # reals of 113 bits are C's long double
    "quad": {"real_kinds": (4, 8, 16), **dict.fromkeys(_LONG_DOUBLES, QUAD)},
    # C's long double is its double
    "darwin-arm64": {
        "real_kinds": (4, 8),
        "real128": -1,
        **dict.fromkeys(_LONG_DOUBLES, 8),
        "c_int_fast16_t": 2,
        "c_int_fast32_t": 4,
    },
    "darwin-x86_64": {"c_int_fast16_t": 2, "c_int_fast32_t": 4},
    "win64": {"c_long": 4, "c_int_fast16_t": 2, "c_int_fast32_t": 4},
}
# What a machine of 64 bits is with programs of 32 bits.
NARROWED = {"x86_64": "i686", "amd64": "i686", "aarch64": "arm", "arm64": "arm"}
# The first pattern that fits a triplet, or a machine's name and its system.
NAMES = (
    (r"(?:x86_64|amd64)\b.*(?:mingw|win32).*", "win64"),
    (r"(?:aarch64|arm64)\b.*(?:darwin|apple).*", "darwin-arm64"),
    (r"x86_64\b.*(?:darwin|apple).*", "darwin-x86_64"),
    (r"(?:x86_64|amd64)\b.*", "x86_64"),
    (r"i[3-6]86\b.*", "i386"),
    (r"(?:aarch64|arm64|s390x|riscv64|loongarch64|mips64el|sparc64)\b.*", "quad"),
    (r"arm.*", "arm"),
)
# Which types have the kinds of an array of ISO_FORTRAN_ENV.
KIND_ARRAYS = {
    "integer_kinds": ("integer",),
    "logical_kinds": ("logical",),
    "real_kinds": ("real", "complex"),
}
# gfortran's kinds on x86-64 with Linux, smallest first, as ISO_FORTRAN_ENV lists them.
USUAL_KINDS = {
    "integer_kinds": (1, 2, 4, 8, 16),
    "logical_kinds": (1, 2, 4, 8, 16),
    "real_kinds": (4, 8, 10, 16),
    "character_kinds": (1, 4),
}


def target_named(triplet: str) -> str | None:
    """Return the target of "aarch64-linux-gnu", "arm64-darwin", ...; None for an unknown one."""
    found = (t for pattern, t in NAMES if re.fullmatch(pattern, triplet.lower()))
    return next(found, None)


def this_machine() -> str:
    """Return the machine and the system of this Python, perhaps one of 32 bits on a machine of 64: "x86_64-linux"."""
    machine = platform.machine().lower()
    if sys.maxsize < 2**32:
        machine = NARROWED.get(machine, machine)
    return f"{machine}-{sys.platform}"


def for_target(row: Compiler, machine: str) -> Compiler:
    """Return a compiler's row for a machine and its system: the table's rows are for x86-64 with Linux.

    A machine that f2pypy doesn't know is taken to be like it.
    """
    row = replace(row, target=machine)
    changes = TARGETS[target_named(machine) or "x86_64"]
    if not changes:
        return row
    kinds = dict(row.kinds)
    for name, value in changes.items():
        known = kinds.get(name)
        if name in FAST and row.name != "gfortran":
            continue
        # flang has more kinds than gfortran, and lacks what no compiler has for the target
        if isinstance(known, tuple) and isinstance(value, tuple):
            gone = set(USUAL_KINDS[name]) - set(value)
            value = tuple(kind for kind in known if kind not in gone)
        kinds[name] = value
    if changes.get("c_long_double") == QUAD and row.name == "flang":
        # where it is C's long double, from 21 on, too
        kinds |= {"real_kinds": (2, 3, 4, 8, 16), "real128": 16}
    meant = dict(row.meant)
    for array, types in KIND_ARRAYS.items():
        listed = changes.get(array)
        if isinstance(listed, tuple):
            missing = (kind for kind in USUAL_KINDS[array] if kind not in listed)
            meant |= {written(t, kind): 0 for kind in missing for t in types}
    return replace(
        row,
        kinds=tuple(kinds.items()),
        meant=tuple(meant.items()),
        length_size=4 if changes.get("c_size_t") == 4 else row.length_size,
    )
