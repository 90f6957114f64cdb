"""The call of a Fortran procedure as one function of its arguments, which is made of a text at the first call.

On CPython a scalar passed by reference lies in a new bytes object, which nobody else has. On PyPy it lies in a variable
of cffi: a call takes those of all its scalars from a list and puts them back, each in one step. So calls may run in
each other and in several threads.
"""

from __future__ import annotations

import struct
from typing import Any, Callable, Collection, Mapping, Sequence, Union

from f2pypy.runtime.interpreter import PYPY, compiled
from f2pypy.runtime.pypy import FFI
from f2pypy.runtime.scalar_types import ScalarType

# What becomes of an argument that is no scalar: the address of an array is passed, everything else as it is.
ARRAY = "an array"
PASSED = "as given"
# A number is the place of an earlier argument, whose memory is passed again.
ArgumentKind = Union[ScalarType, str, int]
# What makes the address of an argument {0} that is no scalar, and what the text names.
POINTERS: dict[Any, tuple[str, dict[str, Any]]] = {}

# PyPy compiles variables of an enclosing function to constants, but looks up globals of what `exec` runs at each call.
_CALL = "def maker({known}):\n  def call({given}):{body}\n  return call" if PYPY else "def call({given}):{body}"
_TAKE = """
    try:
        taken = take()
    except IndexError:
        taken = new()
    {memories}, = taken"""
_PACK = """
    try:
        {packs}
    except (ValueError, TypeError, OverflowError, refused):
        {careful}"""


def made_call(
    kinds: Sequence[ArgumentKind],
    outputs: Sequence[int],
    left_out: Collection[int],
    returns: str,
    function: Callable[..., Any],
) -> Any:
    """Return what calls `function` with the addresses of its arguments, as `Routine` describes it.

    `returns` makes Python's value of the function's result, "" where it has none.
    """
    scalars = {at: kind for at, kind in enumerate(kinds) if isinstance(kind, ScalarType)}
    known = {"function": function, "refused": struct.error, "NULL": FFI.NULL if PYPY else None}
    passed: list[str] = []
    for at, kind in enumerate(kinds):
        pointer, names = ("m{0}", {}) if at in scalars else POINTERS.get(kind, ("a{0}", {}))
        known.update(names)
        text = (f"NULL if a{at} is None else {pointer}" if at in left_out else pointer).format(at)
        passed.append(passed[kind] if isinstance(kind, int) else text)
    body = f"\n    result = function({', '.join(passed)})"
    values = [scalars[at].value.format(f"v{at}_0", f"v{at}_1") for at in outputs]
    values = [f"(None if a{at} is None else {v})" if at in left_out else v for at, v in zip(outputs, values)]
    if scalars:
        body = _pack_text(scalars, left_out) + body
        if outputs:
            body += _unpack_text(scalars, outputs)
        if PYPY:
            body = _TAKE.format(memories=", ".join([f"m{at}" for at in scalars])) + body + "\n    give(taken)"
        known.update(_names_of(scalars, outputs))
    body += f"\n    return {', '.join([returns.format('result')] * bool(returns) + values) or None}"
    given = ", ".join([f"a{at}" for at in range(len(kinds))])
    made: dict[str, Any] = {"__tracebackhide__": True, **known}
    exec(compiled(_CALL.format(known=", ".join(known), given=given, body=body)), made)
    return made["maker"](**known) if PYPY else made["call"]


def _pack_text(scalars: Mapping[int, ScalarType], left_out: Collection[int]) -> str:
    """Return the statements that put scalars into memory; `careful` are those that do it as C does."""
    packs: tuple[list[str], list[str]] = [], []
    for at, kind in scalars.items():
        parts = [f"a{at}.real", f"a{at}.imag"] if kind.is_complex else [f"a{at}"]
        for texts, stored in zip(packs, (parts, [f"stored{at}({part})" for part in parts])):
            stores = [f"m{at}[{place}] = {part}" for place, part in enumerate(stored)]
            pack = "; ".join(stores) if PYPY else f"m{at} = pack{at}({', '.join(stored)})"
            absent = "" if PYPY else f"m{at} = {bytes(struct.calcsize(_format_of(kind)))!r}\n        "
            texts.append(f"{absent}if a{at} is not None: {pack}" if at in left_out else pack)
    return _PACK.format(packs="\n        ".join(packs[0]), careful="\n        ".join(packs[1]))


def _unpack_text(scalars: Mapping[int, ScalarType], outputs: Sequence[int]) -> str:
    """Return the statement that reads scalars: CPython takes less time to join memory and read it at once."""
    parts = [(at, place) for at in outputs for place in range(len(scalars[at].code))]
    values = ", ".join([f"v{at}_{place}" for at, place in parts])
    joined = " + ".join([f"m{at}" for at in outputs])
    read = f"({', '.join([f'm{at}[{place}]' for at, place in parts])},)" if PYPY else f"unpack({joined})"
    return f"\n    {values}, = {read}"


def _names_of(scalars: Mapping[int, ScalarType], outputs: Sequence[int]) -> dict[str, Any]:
    """Return what the texts about scalars name."""
    names: dict[str, Any] = {f"stored{at}": kind.stored for at, kind in scalars.items()}
    if PYPY:
        pool: list[Any] = []
        places = [(f"{kind.c_name}[]", len(kind.code)) for kind in scalars.values()]
        return {**names, "take": pool.pop, "give": pool.append, "new": lambda: [FFI.new(*each) for each in places]}
    names["unpack"] = struct.Struct("=" + "".join([_format_of(scalars[at]) for at in outputs])).unpack
    return {**names, **{f"pack{at}": struct.Struct(_format_of(kind)).pack for at, kind in scalars.items()}}


def _format_of(kind: ScalarType) -> str:
    # All bytes objects of one byte with the same content are one object, which Fortran must not write to.
    return kind.code + "x" * (struct.calcsize(kind.code) == 1)
