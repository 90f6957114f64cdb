"""Who makes the calls: each contender gives a statement and the names it uses."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.calls import Call
from benchmarks.prepare import Prepared


@dataclass(frozen=True)
class Statement:
    """Python source and the names in it, as `timeit.Timer` takes them."""

    source: str
    names: dict[str, Any]


class Complex(ctypes.Structure):
    """A double complex result, as gfortran returns it: in two registers."""

    _fields_ = (("real", ctypes.c_double), ("imaginary", ctypes.c_double))


def through_module(module: str, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call a routine of an extension or a generated module."""
    routine = getattr(importlib.import_module(module), call.routine)
    return Statement(call.statement, {call.routine: routine, **arrays})


def f2py(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    return through_module(prepared.f2py_module, call, arrays)


def f2pypy(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    return through_module(prepared.f2pypy_module, call, arrays)


def bare(prepared: Prepared, call: Call, arrays: dict[str, Any]) -> Statement:
    """Call the symbol itself with every argument prebuilt: what ctypes costs and nothing else."""
    library = ctypes.CDLL(prepared.library)
    symbol = library[prepared.symbol.format(name=call.routine)]
    results = {"": None, "double": ctypes.c_double, "complex": Complex}
    symbol.restype = results[call.result]
    names = {
        **bare_scalars(arrays),
        **{name: ctypes.c_void_p(each.ctypes.data) for name, each in arrays.items()},
    }
    used = {f"a_{name}": names[name] for name in call.fortran}
    # the arrays stay alive as long as the statement does
    return Statement(
        f"symbol({', '.join(f'a_{name}' for name in call.fortran)})",
        {"symbol": symbol, **used, "_": arrays},
    )


def bare_scalars(arrays: dict[str, Any]) -> dict[str, Any]:
    size = max((len(each) for each in arrays.values()), default=0)
    integers = {"n": size, "one": 1}
    doubles = {
        "half": 0.5,
        "minus": -1.0,
        "unit": 1.0,
        "zero": 0.0,
        "a": 3.0,
        "b": 4.0,
        "c": 0.0,
        "s": 0.0,
    }
    return {
        **{name: ctypes.byref(ctypes.c_int(value)) for name, value in integers.items()},
        **{
            name: ctypes.byref(ctypes.c_double(value))
            for name, value in doubles.items()
        },
        "T": ctypes.c_char_p(b"N"),
        "length": ctypes.c_size_t(1),
    }


CONTENDERS: dict[str, Callable[[Prepared, Call, dict[str, Any]], Statement]] = {
    "f2py": f2py,
    "f2pypy": f2pypy,
    "bare ctypes": bare,
}
