"""Characters for C: arrays of single characters for ``bind(c)`` procedures, which C calls strings."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import asarray, dtype, frombuffer, ndarray

from f2pypy.runtime.arrays import CACHE, INOUT, INPLACE, array
from f2pypy.runtime.interference import carefully


def c_text(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return the array of characters that is passed for `value`; bytes and str are their characters, a NUL after them.

    The NUL is no element of the array. Everything else is as in `array`, which see; UnicodeEncodeError, a ValueError,
    is raised for a str that isn't ASCII.
    """
    if isinstance(value, (bytes, str)) and not intent & (INOUT | INPLACE | CACHE):
        content = value if isinstance(value, bytes) else value.encode("ascii")
        value = frombuffer(content + b"\0", kind).copy()[: len(content)]
    elif isinstance(value, (list, tuple)):
        # Here an empty element is C's NUL, and no blank.
        value = carefully(asarray, value, kind)
    return array(value, kind, extents, intent, routine, argument)
