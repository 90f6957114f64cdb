"""The steps of a wrapper that passes Python functions to Fortran.

Functions that are written in Python, have no attributes and take all arguments that Fortran passes are called by thunks
without further ado. Machine code that Python has accepted before is passed as it is. Extra arguments and everything
else that can be called are left to Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.native.callback_pool import Pool, give_back, raise_first, take
from f2pypy.native.code import INT, LONG, OBJECT, Callback, Code, NotNative
from f2pypy.native.conversion import given, required
from f2pypy.native.function_layouts import (
    ARGUMENT_COUNT,
    FUNCTION_CODE,
    FUNCTION_DICTIONARY,
)
from f2pypy.native.known_code import FIND, FOUND
from f2pypy.native.layouts import SIZE

ZERO = ir.Constant(LONG, 0)


def require_no_extra(code: Code, step: plan.ExtraArguments) -> None:
    """Write step ExtraArguments: there are none, or an empty tuple."""
    extra = given(code, step.name)
    present, after = code.block("extra"), code.block("none")
    code.builder.cbranch(code.is_null(extra.object), after, present)
    code.builder.position_at_end(present)
    code.require(code.has_type(extra.object, tuple))
    size = code.load(extra.object, SIZE, LONG)
    code.require(code.builder.icmp_signed("==", size, ZERO))
    code.builder.branch(after)
    code.builder.position_at_end(after)


def read_callback(
    code: Code, step: plan.CallbackInput, pools: Mapping[str, Any]
) -> None:
    """Write step CallbackInput; `pools` has the thunks of each signature."""
    pool = pools[step.signature]
    function = required(code, step.name)

    def python() -> list[Any]:
        _require_plain(code, function, pool)
        return [ZERO]

    def machine_code() -> list[Any]:
        return [_known_address(code, function, pool)]

    is_code = code.builder.not_(code.has_type(function, FunctionType))
    (address,) = code.choose(is_code, machine_code, python)
    found = Callback(function, pool, step.companion, is_code, address)
    code.variables[step.bound] = found


def _known_address(code: Code, function: Any, pool: Pool) -> Any:
    """Return the address of machine code that Python has accepted before; all else goes to Python."""
    table = code.builder.inttoptr(ir.Constant(LONG, pool.known.location), OBJECT)
    find = code.load(table, 8 * FIND, FOUND.as_pointer())
    code.require(code.is_given(find))
    address = code.builder.call(find, [function, table])
    # neither -1, which says that it isn't known, nor a null pointer
    code.require(code.builder.icmp_signed(">", address, ZERO))
    return address


def _require_plain(code: Code, function: Any, pool: Pool) -> None:
    """Leave functions to Python that have attributes, or take another number of arguments."""
    _require_no_attributes(code, function)
    compiled = code.load(function, FUNCTION_CODE, OBJECT)
    count = code.load(compiled, ARGUMENT_COUNT, INT)
    wanted = ir.Constant(INT, pool.count)
    code.require(code.builder.icmp_signed("==", count, wanted))


def _require_no_attributes(code: Code, function: Any) -> None:
    """Leave functions with attributes to Python: they may wrap others."""
    builder = code.builder
    attributes = code.load(function, FUNCTION_DICTIONARY, OBJECT)
    some, after = code.block("attributes"), code.block("plain")
    builder.cbranch(code.is_null(attributes), after, some)
    builder.position_at_end(some)
    used = code.load(attributes, SIZE, LONG)  # of a dict: how many items it has
    code.require(builder.icmp_signed("==", used, ZERO))
    builder.branch(after)
    builder.position_at_end(after)


def passed_thunk(code: Code, argument: plan.PassPointer, _: Any) -> Any:
    """Return what Fortran calls for a callback, whose thunk is taken now."""
    return code.builder.inttoptr(_taken(code, argument.name).address, OBJECT)


def _taken(code: Code, bound: str) -> Callback:
    callback = _callback_named(code, bound)
    if callback.cell is None:
        companion = callback.companion
        raised = None if companion is None else _taken(code, companion).raised
        callback = code.variables[bound] = take(code, callback, raised)
    return callback


def give_back_thunks(code: Code) -> None:
    """Give back all thunks after the call, and raise what a Python function has raised."""
    taken = _taken_thunks(code)
    for callback in taken.values():
        give_back(code, callback)
    for callback in taken.values():
        raise_first(code, callback.raised)


def finish_thunks(code: Code) -> None:
    """Write no more calls with the thunks that were taken."""
    for name, callback in _taken_thunks(code).items():
        code.variables[name] = replace(callback, cell=None)


def _taken_thunks(code: Code) -> dict[str, Callback]:
    return {
        name: each
        for name, each in code.variables.items()
        if isinstance(each, Callback) and each.cell is not None
    }


def check_raised(code: Code, step: plan.CallbackRaise) -> None:
    """Write nothing for step CallbackRaise: it was done after the call."""
    if not step.last or _callback_named(code, step.bound).raised is None:
        raise NotNative("a callback of several calls, or of none")


def _callback_named(code: Code, name: str) -> Callback:
    found = code.variables.get(name)
    if not isinstance(found, Callback):
        raise NotNative(f"{name} as a callback")
    return found
