"""Loops that call an elemental procedure for the elements of arrays, one after the other.

What the procedure is passed are words: the address of an element, which grows by a step from call to call, or the
length of characters, whose step is 0.
"""

from __future__ import annotations

from collections import deque
from struct import pack
from typing import Any, Callable, Iterable, Sequence

from numpy import array as new_array
from numpy import frombuffer, intp, ndarray, uintp

from f2pypy.runtime.routines import Routine, address, pointer_to
from f2pypy.runtime.scalar_types import FLOAT

# Elements that Python visits in the time that the native tier needs to compile a loop.
_MOST_VISITED = 20_000


class ElementLoop:
    """Calls `routine` for elements, through compiled code where there is some.

    `symbol` is that of the loop which f2pypy compiles into libraries.
    """

    def __init__(self, routine: Routine, symbol: str) -> None:
        self.routine, self.symbol = routine, symbol
        self.is_known = False
        self.target = 0
        self.left = _MOST_VISITED
        # takes the procedure's address, the number of elements, and the addresses of the words and of their steps
        self.compiled: Callable[..., Any] | None = None
        self.foreign: Callable[..., Any] | None = None  # the procedure itself

    def is_able(self) -> bool:
        """Whether it can call the procedure: only compiled code passes elements by value."""
        if not self.is_known:
            self.target = self.routine.address
            if self._is_usual():
                self.compiled = self._in_library()
            else:
                self.left = 0
            self.is_known = True
        return self.compiled is not None or not self.routine.by_value

    def run(self, count: int, words: Sequence[tuple[int, int]], value: ndarray[Any, Any] | None) -> None:
        """Call the procedure `count` times with the `words` and what the steps beside them make of these.

        The first word is where a function's `value` goes, an array without gaps; None where it has none in registers.
        """
        compiled = self.compiled or self._made(count)
        if compiled is not None:
            places = new_array([word for word, _ in words], uintp)
            steps = new_array([step for _, step in words], intp)
            compiled(pointer_to(self.target), pointer_to(count), address(places), address(steps))
            return
        passed = words if value is None else words[1:]
        if self.foreign is None:
            self.foreign = self.routine.bound([pointer_to(word) for word, _ in passed])
        found = map(self.foreign, *[_pointers(word, step, count) for word, step in passed])
        if value is None:
            deque(found, maxlen=0)
        else:
            _store_values(list(found), value.ravel("K"), self.routine.result)

    def _is_usual(self) -> bool:
        """Whether compiled code may call the procedure: it calls no Python, and returns its result as C does."""
        library, result = self.routine.library, self.routine.result
        if result is FLOAT and library.returns_double_for_real():
            return False
        is_complex = result is not None and result.is_complex
        return library.by_name is None and not (is_complex and library.hides_complex_results())

    def _in_library(self) -> Callable[..., Any] | None:
        """Return the loop that the library has, None where it has none."""
        library = self.routine.library
        if library.address_of(self.symbol, exact=True) is None:
            return None
        loop = Routine(library, self.symbol, None, (), threadsafe=self.routine.threadsafe, exact=True)
        return lambda *words: loop.call(*words)

    def _made(self, count: int) -> Callable[..., Any] | None:
        """Return the loop that the native tier makes when enough elements were visited."""
        library = self.routine.library
        if self.left and library.native is not None and not library.lends_interpreter:
            self.left = 1 if library.native.mode == "1" else max(self.left - count, 1)
            if self.left == 1 and library.native.ask("compile_loop", self):
                self.left = 0
        return self.compiled


def _store_values(found: Sequence[Any], value: ndarray[Any, Any], kind: Any) -> None:
    """Store numbers in an array; PyPy takes a microsecond for each where NumPy has to look at it."""
    if kind.is_extended:
        value[...] = found
        return
    if kind.is_logical:
        found = [1 if number else 0 for number in found]
    if kind.is_complex:
        found = [part for number in found for part in (number.real, number.imag)]
    value[...] = frombuffer(pack(f"{len(found)}{kind.code[0]}", *found), value.dtype)


def _pointers(word: int, step: int, count: int) -> Iterable[Any]:
    """Return what is passed for a word, call after call."""
    if not step:
        return [pointer_to(word)] * count
    return map(pointer_to, range(word, word + count * step, step))
