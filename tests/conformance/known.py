"""NumPy's tests that f2pypy doesn't pass, by name, with the reason; docs/conformance.md says what it does instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy

VERSION = tuple(int(part) for part in numpy.__version__.split(".")[:2])


@dataclass(frozen=True)
class Difference:
    """Tests whose names (file::class::test[parameters]) match `name`, with NumPy from `since` on and before `until`."""

    name: str
    reason: str
    since: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (99, 0)


_CONVERSION = r"test_array_from_pyobj\.py::TestSharedMemory::"
_INTEGERS = "U?(SHORT|INT|LONG|LONGLONG)"
_NUMBERS = f"{_INTEGERS}|C?(FLOAT|DOUBLE|LONGDOUBLE)"
_C_CODE = "usercode calls Python's C interface to put an object into the module"
_SWAP = "asserts that the caller's array object takes another type, order and memory"

_FILES = "looks into C, Fortran or meson files of f2py's, of which there are none"
_TEXTS = "looks for words of f2py's about steps that there are none of here"
_DOCUMENTS = "looks for a LaTeX or ReST file; docstrings have those texts"
_COMMANDS = {
    "gh22819_cli": _FILES,
    "gh23598_warn": _FILES,
    "untitled_cli": _FILES,
    "mod_gen_f77": _FILES,
    "debugcapi": _FILES,
    "inclheader": _FILES,
    "cli_obj": _FILES,
    "no_distutils_backend": _TEXTS,
    "no_py312_distutils_fcompiler": _TEXTS,
    "f2py_only": _TEXTS,
    "file_processing_switch": _TEXTS,
    "lower_cmod": _TEXTS,
    "lower_sig": _TEXTS,
    "build_dir": _TEXTS,
    "wrapfunc_def": _TEXTS,
    "verbose": _TEXTS,
    "latexdoc": _DOCUMENTS,
    "shortlatex": _DOCUMENTS,
    "restdoc": _DOCUMENTS,
}

DIFFERENCES = (
    *(
        Difference(rf"test_f2py2e\.py::test_{name}", reason)
        for name, reason in _COMMANDS.items()
    ),
    Difference(r"test_usercode\.py::TestUserCode::test_user_code_success", _C_CODE),
    Difference(rf"{_CONVERSION}test_inplace\[\w+\]", _SWAP, until=(2, 5)),
    Difference(
        rf"{_CONVERSION}test_inplace_from_casttype\[({_NUMBERS})\]",
        _SWAP,
        until=(2, 5),
    ),
)

# What NumPy skips because f2py can't do it, or not on every machine, and f2pypy does.
PASSED_BEYOND_F2PY = {
    "test_character.py::TestCharacter::test_array_return",
    "test_f2py2e.py::test_npdistop",
}


def differences_of(name: str) -> Iterator[Difference]:
    """Yield what is known of a test."""
    for difference in DIFFERENCES:
        is_of_this_numpy = difference.since <= VERSION < difference.until
        if is_of_this_numpy and re.fullmatch(difference.name, name):
            yield difference
