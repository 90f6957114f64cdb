"""Finds a compiler's row in the table by its name and version, or by its ``--version`` output."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from f2pypy.abi import flang, gfortran
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.flags import with_flags
from f2pypy.abi.targets import NARROWED, for_target, target_named, this_machine

ROWS: tuple[Compiler, ...] = (*gfortran.ROWS, *flang.ROWS)
# What `--version` prints in its first line: "GNU Fortran (Debian 12.2.0) 12.2.0", "GNU Fortran (GCC) 12-posix" (that of
# MinGW), "Debian flang-new version 19.1.7".
BANNERS = (
    (
        "gfortran",
        re.compile(r"GNU Fortran .*?(?P<version>\d+)((\.\d+){1,2}\S*|-\w+)\s*$"),
    ),
    ("flang", re.compile(r"flang(-new)? version (?P<version>\d+)\.")),
)


NARROW = 4  # bytes of an address on machines of 32 bits
# A target, a compiler and a version: "aarch64-linux-gnu-gfortran-12".
COMMAND = re.compile(
    r"(?:(?P<target>[\w.-]+)-)?(?P<compiler>(?:gfortran|flang)(?:-\d+)?)"
)


def names() -> tuple[str, ...]:
    """Return the names of the compilers in the table."""
    return tuple(dict.fromkeys(row.name for row in ROWS))


def compiler_named(choice: str) -> Compiler:
    """Return the row of "gfortran", "gfortran-12", ...; a name without a version means the newest.

    A target may come first, as in the names of cross compilers ("aarch64-linux-gnu-gfortran-12"); without one it is
    this machine. Flags that change how procedures are called may follow: "gfortran-12 -fdefault-real-8". Raises
    ValueError, with a sentence for the user, for an unknown compiler, one that is too old, and an unknown flag.
    """
    command, *flags = choice.split()
    row = _row_named(command)
    return with_flags(row, flags) if flags else row


def _row_named(choice: str) -> Compiler:
    """Return the row of a compiler for its target, without flags."""
    said = COMMAND.fullmatch(choice)
    if said is None or not said["target"]:
        return for_target(_usual_row(choice), this_machine())
    target = said["target"].lower()
    if target_named(target) is None:
        raise ValueError(f"f2pypy doesn't know the machine {said['target']!r} of {choice!r}")  # fmt: skip
    return for_target(_usual_row(said["compiler"]), target)


def _usual_row(choice: str) -> Compiler:
    name, _, version = choice.partition("-")
    rows = [row for row in ROWS if row.name == name]
    if not rows or (version and not version.isdigit()):
        raise ValueError(
            f"compiler is one of {', '.join(names())}, optionally with a version after a hyphen; {choice!r} was given"
        )
    found = [row for row in rows if not version or row.first <= int(version)]
    if not found:
        raise ValueError(
            f"f2pypy knows {name} {rows[0].first} and later; {choice!r} was given"
        )
    return found[-1]


def chosen_compiler(
    choice: str = "", answers: Iterable[tuple[str, Any]] = ()
) -> Compiler:
    """Return the row of a compiler; an empty choice means the newest gfortran.

    `answers` are fields of the row, found by asking the compiler itself.
    """
    row = compiler_named(choice or "gfortran")
    if not answers:
        return row
    asked = replace(row, **dict(answers))
    machine, _, system = row.target.partition("-")
    # -m32: another target by a flag
    is_narrow = asked.length_size == NARROW and machine in NARROWED
    return (
        replace(asked, target=f"{NARROWED[machine]}-{system}") if is_narrow else asked
    )


def recognize(banner: str) -> str | None:
    """Return the compiler and version ("gfortran-12") from the output of ``--version``; None if unknown."""
    line = banner.partition("\n")[0]
    for name, pattern in BANNERS:
        found = pattern.search(line)
        if found:
            return f"{name}-{found['version']}"
    return None
