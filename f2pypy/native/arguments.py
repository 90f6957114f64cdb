"""How a vectorcall brings its arguments to the parameters: by position, by keyword, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.native.code import LONG, NULL, OBJECT, Code, Given
from f2pypy.native.layouts import ITEMS, SIZE

COUNT = ir.Constant(LONG, (1 << 63) - 1)  # without PY_VECTORCALL_ARGUMENTS_OFFSET
ZERO = ir.Constant(LONG, 0)
ONE = ir.Constant(LONG, 1)


def read_arguments(
    code: Code, parameters: Sequence[plan.Parameter], function: Any
) -> None:
    """Make each parameter a variable of `code`; calls that don't fit the signature go to Python."""
    _, arguments, flagged, names = function.args
    builder = code.builder
    count = builder.and_(flagged, COUNT)
    by_position, by_name, after = (
        code.block(name) for name in ("by_position", "by_name", "arguments")
    )
    builder.cbranch(code.is_null(names), by_position, by_name)
    with code.branch(by_position):
        arms = _read_positions(code, parameters, arguments, count, after)
    with code.branch(by_name):
        arms += _read_names(code, parameters, arguments, count, names, after)
    found = code.merge(arms, after)
    for parameter, each in zip(parameters, found):
        code.variables[parameter.name] = Given(each, not _is_required(parameter))


def _is_required(parameter: plan.Parameter) -> bool:
    return parameter.default is None and not parameter.optional and not parameter.empty


def _read_positions(
    code: Code,
    parameters: Sequence[plan.Parameter],
    arguments: Any,
    count: Any,
    after: Any,
) -> list[Any]:
    """Write a way to `after` for each number of arguments that the signature allows."""
    assert code.slow is not None
    required = sum(map(_is_required, parameters))
    switch = code.builder.switch(count, code.slow)
    arms = []
    for number in range(required, len(parameters) + 1):
        arm = code.block(f"given_{number}")
        switch.add_case(ir.Constant(LONG, number), arm)
        with code.branch(arm):
            loaded = [
                code.object_at(arguments, ir.Constant(LONG, place))
                for place in range(number)
            ]
            code.builder.branch(after)
        arms.append((arm, loaded + [NULL] * (len(parameters) - number)))
    return arms


def _read_names(
    code: Code,
    parameters: Sequence[plan.Parameter],
    arguments: Any,
    count: Any,
    names: Any,
    after: Any,
) -> list[Any]:
    """Write the way to `after` for calls with keywords, whose names are interned strings."""
    builder = code.builder
    total = len(parameters)
    code.require(builder.icmp_unsigned("<=", count, ir.Constant(LONG, total)))
    room = code.stack(OBJECT, total)
    places = [builder.gep(room, [ir.Constant(LONG, k)]) for k in range(total)]
    for place in places:
        builder.store(NULL, place)
    _copy_positions(code, arguments, count, room)
    _place_keywords(code, parameters, arguments, count, names, places)
    found = [builder.load(place) for place in places]
    for parameter, each in zip(parameters, found):
        if _is_required(parameter):
            code.require(builder.not_(code.is_null(each)))
    end = builder.block
    builder.branch(after)
    return [(end, found)]


def _copy_positions(code: Code, arguments: Any, count: Any, room: Any) -> None:
    builder = code.builder
    before = builder.block
    test, copy, done = (code.block(name) for name in ("position", "copy", "copied"))
    builder.branch(test)
    builder.position_at_end(test)
    place = builder.phi(LONG)
    place.add_incoming(ZERO, before)
    builder.cbranch(builder.icmp_unsigned("<", place, count), copy, done)
    builder.position_at_end(copy)
    builder.store(code.object_at(arguments, place), builder.gep(room, [place]))
    place.add_incoming(builder.add(place, ONE), copy)
    builder.branch(test)
    builder.position_at_end(done)


def _place_keywords(
    code: Code,
    parameters: Sequence[plan.Parameter],
    arguments: Any,
    count: Any,
    names: Any,
    places: Sequence[Any],
) -> None:
    """Store each keyword's value in the place of its parameter; unknown and doubled ones go to Python."""
    assert code.slow is not None
    builder = code.builder
    before = builder.block
    test, keyword, following, done = (
        code.block(name) for name in ("keyword", "named", "following", "placed")
    )
    number = code.load(names, SIZE, LONG)
    items = code.at(names, ITEMS, OBJECT)
    builder.branch(test)
    builder.position_at_end(test)
    current = builder.phi(LONG)
    current.add_incoming(ZERO, before)
    builder.cbranch(builder.icmp_unsigned("<", current, number), keyword, done)
    builder.position_at_end(keyword)
    name = builder.ptrtoint(code.object_at(items, current), LONG)
    value = code.object_at(arguments, builder.add(count, current))
    switch = builder.switch(name, code.slow)
    for parameter, place in zip(parameters, places):
        interned = sys.intern(parameter.name)
        code.kept.append(interned)
        case = code.block(parameter.name)
        switch.add_case(ir.Constant(LONG, id(interned)), case)
        with code.branch(case):
            code.require(code.is_null(builder.load(place)))
            builder.store(value, place)
            builder.branch(following)
    builder.position_at_end(following)
    current.add_incoming(builder.add(current, ONE), following)
    builder.branch(test)
    builder.position_at_end(done)
