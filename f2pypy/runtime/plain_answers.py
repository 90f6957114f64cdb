"""What Fortran calls where a callback gets plain numbers and answers with one."""

from __future__ import annotations

import struct
from typing import Any, Callable, Sequence

from f2pypy.runtime.interpreter import compiled
from f2pypy.runtime.memory import MEMORY
from f2pypy.runtime.scalar_types import FLOAT

# What `raised` is while no call of Fortran is on: Fortran may have kept the pointer.
FINISHED = (None,)

# A function with ``*addresses`` and one call for each number that it reads takes half as long again.
_PLAIN_ANSWER = """
def made(callback, memory, unpack, numbers_at, finished, real, integer, limit):
    {unpacks}*_, = unpack
    def answer({addresses}):
        raised = callback.raised
        if raised:
            if raised is finished:
                callback.warn_if_finished()
            return 0
        try:
            if callback.is_called_with == {count}{there}:
                value = callback.function({reads})
            else:
                value = callback.function(*numbers_at(callback.readers, [{addresses}]), *callback.extra)
            kind = type(value)
            if kind is real or (kind is integer and -limit <= value < limit):
                return value
            if value is None:
                return callback.result(())
            return callback.result(value if isinstance(value, tuple) else (value,))
        except BaseException as failure:
            callback.remember(failure)
            return 0
    return answer
"""


def exact_result(signature: Any) -> tuple[type | None, type | None, int]:
    """Return the types of the answers that are the function's result as they are: real, and integer below a limit."""
    returned = signature.returned
    if returned is None:
        return None, None, 0
    if returned.kind is FLOAT:
        return float, None, 0
    kind, limit = returned.exact
    return (None, kind, limit) if limit else (kind, None, 0)


def plain_answer(callback: Any) -> Callable[..., Any]:
    """Return what Fortran calls where numbers go in and one comes out."""
    kinds = [argument.kind for argument, _ in callback.signature.shown]
    # long doubles are no number that `struct` reads
    places = [] if any(kind.is_extended for kind in kinds) else range(len(kinds))
    text = _PLAIN_ANSWER.format(
        count=len(places),
        addresses="".join(f"a{at}, " for at in range(len(callback.signature.kinds))),
        there="".join(f" and a{at}" for at in places) if places or not kinds else " and False",
        unpacks="".join(f"u{at}, " for at in places),
        reads=", ".join(
            f"complex(*u{at}(memory, a{at}))" if kinds[at].is_complex else f"u{at}(memory, a{at})[0]" for at in places
        ),
    )
    made: dict[str, Any] = {"__tracebackhide__": True}
    exec(compiled(text), made)
    unpack = [struct.Struct(kinds[at].code).unpack_from for at in places]
    answer: Callable[..., Any] = made["made"](
        callback, MEMORY, unpack, _numbers_at, FINISHED, *exact_result(callback.signature)
    )
    return answer


def _numbers_at(readers: Sequence[Any], addresses: Sequence[Any]) -> list[Any]:
    """Return what as many readers find at the first addresses."""
    if not all(addresses[: len(readers)]):
        raise ValueError("Fortran passed a null pointer for a number")
    return [read(address) for read, address in zip(readers, addresses)]
