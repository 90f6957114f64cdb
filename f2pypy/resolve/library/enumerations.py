"""ENUM blocks: their enumerators' values, and the name of the class that holds them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

from f2pypy import model, syntax
from f2pypy.expressions.nodes import Expression, Integer

# The class of enumerators that have nothing in common.
UNNAMED = "enumerators"


def read_enumeration(
    block: syntax.Enumeration,
    public: Collection[str],
    constants: Mapping[str, Expression],
    taken: Collection[str],
) -> tuple[model.Enumeration, list[str]]:
    """Return one block with its `public` enumerators, and those whose values aren't known.

    `taken` are names of its module that a class can't have.
    """
    members, unknown = [], []
    for name, _ in block.enumerators:
        if name not in public:
            continue
        match constants.get(name):
            case Integer(value):
                members.append((name, value))
            case _:
                unknown.append(name)
    name = class_name([name for name, _ in members], taken)
    return model.Enumeration(name, tuple(members), block.span), unknown


def class_name(members: Sequence[str], taken: Collection[str]) -> str:
    """Return the words with which all members begin, as ``color`` of ``color_red`` and ``color_blue``.

    Where they have none in common, or something else has that name, it is ``enumerators``, with a number if need be.
    """
    columns = zip(*(name.split("_") for name in members), strict=False)
    words = itertools.takewhile(lambda column: len(set(column)) == 1, columns)
    common = "_".join(column[0] for column in words) if len(members) > 1 else ""
    numbers = (f"{UNNAMED}_{number}" for number in itertools.count(2))
    wanted = itertools.chain([common, UNNAMED], numbers)
    return next(
        name
        for name in wanted
        if name.isidentifier() and name not in taken and name not in members
    )
