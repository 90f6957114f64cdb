"""The memory of the scalars that a procedure takes by reference: a frame for each call under way."""

from __future__ import annotations

import ctypes
import struct
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
        codes = [*(kind.code for kind in scalars.values()), "b"]
        # A count of zero aligns for the type that follows it without adding anything.
        starts = [struct.calcsize(f"@{''.join(codes[:at])}0{code[0]}") for at, code in enumerate(codes)]
        self.memory = ctypes.create_string_buffer(starts[-1])
        self.places: list[Any] = []
        for (name, kind), start in zip(scalars.items(), starts):
            part: Any = memoryview(self.memory).cast("B")[start:][: struct.calcsize("=" + kind.code)]
            pointer = FFI.cast(kind.c_name + " *", ctypes.addressof(self.memory) + start) if PYPY else None
            self.places.append(pointer or part.cast(kind.code[0]))
            # not through __dict__, which CPython reads more slowly afterwards
            setattr(self, name, pointer or ctypes.byref(self.memory, start))


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
