"""The memory of the scalars that a procedure takes by reference: a frame for each call under way."""

from __future__ import annotations

import ctypes
from functools import lru_cache, partial
from typing import Any, Callable, Mapping, Sequence

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import FFI
from f2pypy.runtime.scalar_types import ScalarType

compiled: Callable[[str], Any] = lru_cache(None)(partial(compile, filename="<frames>", mode="exec"))

# A function with ``*values`` and a loop over them takes three times as long. `p0` is where the first scalar lies.
_FRAME_FUNCTIONS = """
def frame({values}):
    try:
        taken = take()
    except IndexError:
        taken = new()
    {places}, = taken.places
    try:
        {stores}
    except (ValueError, TypeError, OverflowError):
        {values}, = fitting({values})
        {stores}
    return taken
def results(self):
    {places}, = self.places
    return ({outputs})
"""


class Frame:
    """Memory for the scalars of one call, with an attribute for each: the pointer to pass to Fortran for it.

    `places` stores and reads their parts. Each routine has a subclass with ``results``: a tuple of what it returns.
    """

    def __init__(self, scalars: Mapping[str, ScalarType]) -> None:
        self.places: list[Any] = []
        for name, kind in scalars.items():
            memory = FFI.new(f"{kind.c_name}[]", len(kind.code)) if PYPY else (kind.ctype * len(kind.code))()
            part: Any = None if PYPY else memoryview(memory).cast("B")
            self.places.append(memory if PYPY else part.cast(kind.code[0]))
            # not through __dict__, which CPython reads more slowly afterwards
            setattr(self, name, memory if PYPY else ctypes.byref(memory))


def new_frames(scalars: Mapping[str, ScalarType], outputs: Sequence[str]) -> tuple[Callable[..., Frame], Any]:
    """Return what stores values in a frame that no call uses, and what gives a frame back.

    `scalars` maps names to types in the order of the values, of which complex numbers have two; `outputs` names those
    that ``results`` reads. The first function raises OverflowError for integers that C can't store.
    """
    places = {name: f"p{at}" for at, name in enumerate(scalars)}
    parts = [(f"{places[name]}[{part}]", kind) for name, kind in scalars.items() for part in range(len(kind.code))]
    text = _FRAME_FUNCTIONS.format(
        values=", ".join(f"v{at}" for at in range(len(parts))),
        places=", ".join(places.values()),
        stores="; ".join(f"{part} = v{at}" for at, (part, _) in enumerate(parts)),
        outputs="".join(scalars[name].read.format(places[name]) + ", " for name in outputs),
    )
    pool: list[Frame] = []
    made: dict[str, Any] = {"__tracebackhide__": True, "take": pool.pop}
    made["fitting"] = lambda *values: [kind.stored(value) for (_, kind), value in zip(parts, values)]
    exec(compiled(text), made)
    made["new"] = partial(type("Frame", (Frame,), {"results": made["results"]}), scalars)
    return made["frame"], pool.append
