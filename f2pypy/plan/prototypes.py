"""What C declares of a procedure."""

from __future__ import annotations

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class CArgument:
    """What C declares for an argument: a type, or its address.

    `code` is the runtime's name of the type, LENGTH for a hidden length, ADDRESS for a C pointer, ``class m.t`` or
    ``type m.t`` for an object, "" where C has none. `words` say what Python gets and gives of it. `extents` are those
    of an array: an int, ``$n`` for the value of the n-th argument, ``*`` for an open one, ``?`` for any other.
    """

    code: str
    by_address: bool = True
    words: tuple[str, ...] = ()
    extents: tuple[int | str, ...] | None = None


@dataclass(frozen=True)
class Prototype:
    """What C declares of a procedure: the code of its `result`, None if there is none, "" for an address.

    One that is `foreign` has types alone: no dummy procedure is the same.
    """

    result: str | None
    arguments: tuple[CArgument, ...]
    foreign: bool = False
