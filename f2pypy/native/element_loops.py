"""Loops that call an elemental procedure for the elements of arrays, as `f2pypy.runtime.element_loops` runs them."""

from __future__ import annotations

import ctypes
import platform
import re
from collections.abc import Mapping
from typing import Any

from llvmlite import ir

from f2pypy.native.code import (
    BYTE,
    DOUBLE,
    INT,
    LONG,
    NOTHING,
    SINGLE,
    NotNative,
)
from f2pypy.native.invocation import COMPLEX_RESULTS
from f2pypy.native.machine import Written

# The target, the number of calls, the first words and their steps.
LOOP = ir.FunctionType(NOTHING, [LONG, LONG, LONG.as_pointer(), LONG.as_pointer()])
# What a loop's symbol says of the result and of each argument: "w" is a word, anything else passed by value.
TYPE = re.compile(r"[a-z]\d+|[vw]")
INTEGERS: Mapping[str, Any] = {"1": BYTE, "2": ir.IntType(16), "4": INT, "8": LONG}
REALS: Mapping[str, Any] = {"4": SINGLE, "8": DOUBLE}


def write_loop(symbol: str) -> Written:
    """Return the loop that has the symbol in libraries; NotNative for types that native code doesn't know."""
    result, *passed = TYPE.findall(symbol.removeprefix("f2pypy_each_"))
    returned = NOTHING if result == "v" else returned_type(result)
    types = [None if each == "w" else type_of(each) for each in passed]
    module = ir.Module(symbol)
    function = ir.Function(module, LOOP, symbol)
    target, count, words, steps = function.args
    builder = ir.IRBuilder(function.append_basic_block("start"))
    first = 0 if returned is NOTHING else 1
    pairs = [
        tuple(
            builder.load(builder.gep(of, [ir.Constant(LONG, at)]))
            for of in (words, steps)
        )
        for at in range(first + len(types))
    ]
    kinds = [LONG if each is None else each for each in types]
    procedure = builder.inttoptr(target, ir.FunctionType(returned, kinds).as_pointer())
    before, body, after = (
        builder.block,
        *map(function.append_basic_block, ("element", "after")),
    )
    zero, one = ir.Constant(LONG, 0), ir.Constant(LONG, 1)
    builder.cbranch(builder.icmp_signed(">", count, zero), body, after)
    builder.position_at_end(body)
    place = builder.phi(LONG)
    places = [builder.add(word, builder.mul(place, step)) for word, step in pairs]
    arguments = [
        at if kind is None else builder.load(builder.inttoptr(at, kind.as_pointer()))
        for at, kind in zip(places[first:], types)
    ]
    value = builder.call(procedure, arguments)
    if first:
        # a complex number of single precision comes as a vector, which would lie on 8 bytes
        memory = builder.inttoptr(places[0], returned.as_pointer())
        builder.store(value, memory, align=1)
    following = builder.add(place, one)
    place.add_incoming(zero, before)
    place.add_incoming(following, body)
    builder.cbranch(builder.icmp_signed("<", following, count), body, after)
    builder.position_at_end(after)
    builder.ret_void()
    return Written(str(module), symbol, ())


def type_of(name: str) -> Any:
    """Return the type of a real number, an integer or a logical."""
    found = (REALS if name[0] == "r" else INTEGERS).get(name[1:])
    if found is None or name[0] == "c":
        raise NotNative(f"elements of type {name}")
    return found


def returned_type(name: str) -> Any:
    """Return what a function of this type returns in registers."""
    if name[0] != "c":
        return type_of(name)
    part = {"8": SINGLE, "16": DOUBLE}.get(name[1:])
    found = COMPLEX_RESULTS.get((platform.machine().lower(), part))
    if found is None:
        raise NotNative(f"elements of type {name}")
    return found


def callable_loop(address: int, threadsafe: bool) -> Any:
    """Return the function of ctypes for a compiled loop; it lets other threads run if it is `threadsafe`."""
    made = ctypes.CFUNCTYPE if threadsafe else ctypes.PYFUNCTYPE
    return made(None, *[ctypes.c_void_p] * len(LOOP.args))(address)
