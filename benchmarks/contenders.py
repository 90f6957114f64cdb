"""Who makes the calls: each contender gives a statement and the names it uses."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.calls import Call
from benchmarks.prepare import Prepared

PYPY = sys.implementation.name == "pypy"


@dataclass(frozen=True)
class Statement:
    """Python source and the names in it, as `timeit.Timer` takes them."""

    source: str
    names: dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to call: `state` returns the statement, or None for a call that it can't make.

    `on_pypy` tells whether PyPy knows this way.
    """

    state: Callable[[Prepared, Call, dict[str, Any]], Statement | None]
    on_pypy: bool = True


class Complex(ctypes.Structure):
    """A double complex result, as gfortran returns it: in two registers."""

    _fields_ = (("real", ctypes.c_double), ("imaginary", ctypes.c_double))


RESULTS = {
    "": None,
    "double": ctypes.c_double,
    "integer": ctypes.c_int,
    "complex": Complex,
}
SCALARS = {
    **dict.fromkeys(["n", "one"], ctypes.c_int),
    **dict.fromkeys(
        ["half", "minus", "unit", "zero", "a", "b", "c", "s"], ctypes.c_double
    ),
}
VALUES = {"half": 0.5, "minus": -1.0, "unit": 1.0, "a": 3.0, "b": 4.0, "one": 1}
LETTERS = {"T": b"N", "U": b"U"}


def through_module(module: Any, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call a routine of an extension or a generated module."""
    return Statement(
        call.statement, {call.routine: getattr(module, call.routine), **arrays}
    )


def f2py(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    return through_module(importlib.import_module(prepared.f2py_module), call, arrays)


def f2pypy(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call the generated module, which stays Python: F2PYPY_NATIVE is read when it is imported."""
    module = import_with("0", prepared.f2pypy_module)
    return through_module(module, call, arrays)


def native(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement | None:
    """Call a copy of the generated module whose functions are compiled, as hot ones are."""
    module = import_with("1", prepared.native_module)
    module.__native__.compile(call.routine)
    if call.routine not in module.__native__.compiled:
        return None
    return through_module(module, call, arrays)


def import_with(native: str, name: str) -> Any:
    os.environ["F2PYPY_NATIVE"] = native
    return importlib.import_module(name)


def bare(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call the symbol itself with every argument prebuilt: what ctypes costs and nothing else."""
    symbol = symbol_of(prepared, call)
    size = max((len(each) for each in arrays.values()), default=0)
    prebuilt = {name: scalar(name, size) for name in call.fortran if name in SCALARS}
    names = {
        **{name: ctypes.byref(each) for name, each in prebuilt.items()},
        **{name: ctypes.c_char_p(letter) for name, letter in LETTERS.items()},
        **{name: ctypes.c_void_p(each.ctypes.data) for name, each in arrays.items()},
        "length": ctypes.c_size_t(1),
    }
    used = {f"a_{name}": names[name] for name in call.fortran}
    # the arrays stay alive as long as the statement does
    return Statement(
        f"symbol({', '.join(f'a_{name}' for name in call.fortran)})",
        {"symbol": symbol, **used, "_": arrays},
    )


def naive(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call as hand-written wrappers do: argtypes, `asarray`, `data_as`, a new scalar for each argument."""
    symbol = symbol_of(prepared, call)
    symbol.argtypes = [
        ctypes.c_size_t
        if name == "length"
        else ctypes.c_char_p
        if name in LETTERS
        else ctypes.POINTER(SCALARS.get(name, ctypes.c_double))
        for name in call.fortran
    ]
    body = "\n".join(naive_lines(call, arrays))
    inputs = [name for name in arrays if not name.startswith("out")]
    space: dict[str, Any] = {
        "np": np,
        "ctypes": ctypes,
        "symbol": symbol,
        "size": max((len(each) for each in arrays.values()), default=0),
    }
    exec(f"def wrapper({', '.join(inputs)}):\n{body}", space)
    return Statement(
        f"wrapper({', '.join(inputs)})", {"wrapper": space["wrapper"], **arrays}
    )


def naive_lines(call: Call, arrays: dict[str, Any]) -> list[str]:
    """Return the body of a hand-written wrapper."""
    lines = []
    for name, array in arrays.items():
        if name.startswith("out"):
            lines.append(f"    {name} = np.zeros({array.shape}, order='F')")
        else:
            kind = "complex128" if array.dtype == "complex128" else "float64"
            lines.append(
                f"    {name} = np.asarray({name}, np.{kind}, {'None' if array.ndim == 1 else repr('F')})"
            )
    pointer = "ctypes.data_as(ctypes.POINTER(ctypes.c_double))"
    given = [
        f"{name}.{pointer}"
        if name in arrays
        else "1"
        if name == "length"
        else repr(LETTERS[name])
        if name in LETTERS
        else f"ctypes.byref(ctypes.{SCALARS[name].__name__}({scalar_text(name)}))"
        for name in call.fortran
    ]
    lines.append(f"    answer = symbol({', '.join(given)})")
    result = next((name for name in arrays if name.startswith("out")), "answer")
    return [*lines, f"    return {result}"]


def scalar_text(name: str) -> str:
    return "size" if name == "n" else repr(VALUES.get(name, 0.0))


def symbol_of(prepared: Prepared, call: Call) -> Any:
    library = ctypes.CDLL(prepared.library)
    symbol = library[prepared.symbol.format(name=call.routine)]
    symbol.restype = RESULTS[call.result]
    return symbol


def scalar(name: str, size: int) -> Any:
    return SCALARS[name](size if name == "n" else VALUES.get(name, 0))


CONTENDERS = {
    "f2py": Contender(f2py),
    "f2pypy": Contender(f2pypy),
    "native": Contender(native, on_pypy=False),
    "naive ctypes": Contender(naive),
    "bare ctypes": Contender(bare),
}


def contenders_here() -> list[str]:
    """Return the names of those that this interpreter can run."""
    return [name for name, each in CONTENDERS.items() if each.on_pypy or not PYPY]
