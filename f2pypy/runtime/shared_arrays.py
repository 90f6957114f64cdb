"""Arrays on their way to another process and back: large ones in shared memory, small ones in the message."""

from __future__ import annotations

from itertools import count
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from numpy import array_equal, empty, ndarray

_LARGE = 16384  # bytes


class SentArray:
    """An array in a message: `name` is that of its shared memory, "" where `content` has its bytes.

    `order` is "C" or "F", "" where the elements aren't next to each other. Raises TypeError for an array of objects.
    """

    def __init__(self, array: ndarray[Any, Any], name: str) -> None:
        if array.dtype.hasobject:
            raise TypeError("an array of Python objects can't be sent to another process")
        flags = array.flags
        self.shape, self.dtype, self.writeable = array.shape, array.dtype, flags.writeable
        self.order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else ""
        self.name = name if array.nbytes > _LARGE and self.order else ""
        self.content = b"" if self.name else array.tobytes("F" if self.order == "F" else "C")

    def over(self, memory: Any) -> Any:
        """Return the array whose elements lie in `memory`, one after the other."""
        return ndarray(self.shape, self.dtype, memory, order="F" if self.order == "F" else "C")

    def copied(self) -> Any:
        """Return a new array with what the message has, as contiguous as the one that was sent."""
        if self.order:
            found: Any = empty(self.shape, self.dtype, "F" if self.order == "F" else "C")
        else:
            *others, last = self.shape
            found = empty((*others, 2 * last), self.dtype)[..., ::2]
        found[...] = self.over(self.content)
        return found


class Again:
    """The array that was the `place`-th of the same message: one that is given twice stays one."""

    def __init__(self, place: int) -> None:
        self.place = place


class Lent:
    """The arrays of a message to the other side; `prefix` begins the names of their shared memory."""

    _numbers = count()

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.arrays: list[tuple[Any, SentArray, SharedMemory | None]] = []
        self.places: dict[int, int] = {}

    def sent(self, array: Any) -> Any:
        """Return what stands for an array in the message."""
        if id(array) in self.places:
            return Again(self.places[id(array)])
        sent = SentArray(array, f"{self.prefix}_{next(self._numbers)}")
        memory = SharedMemory(sent.name, create=True, size=array.nbytes) if sent.name else None
        if memory is not None:
            sent.over(memory.buf)[...] = array
        self.places[id(array)] = len(self.arrays)
        self.arrays.append((array, sent, memory))
        return sent

    def take_back(self, changed: dict[int, bytes]) -> None:
        """Store into the arrays what the other side has changed in them; `changed` has contents of small ones."""
        for place, (array, sent, memory) in enumerate(self.arrays):
            if not sent.writeable:
                continue
            if memory is None:
                if place in changed:
                    array[...] = sent.over(changed[place])
                continue
            there = sent.over(memory.buf)
            # Arrays that overlap are each sent: only what was changed may come back.
            if not array_equal(_as_bytes(array), _as_bytes(there)):
                array[...] = there
            del there

    def close(self, leave: bool = False) -> None:
        """Let go of the shared memory; unless it is for the other side to do so, the system has it back."""
        for _, _, memory in self.arrays:
            if memory is not None:
                memory.close()
                if not leave:
                    memory.unlink()
        self.arrays = []


class Borrowed:
    """The arrays of a message from the other side, in the memory that it shares."""

    def __init__(self) -> None:
        self.arrays: list[tuple[Any, SentArray, SharedMemory | None]] = []

    def received(self, sent: SentArray | Again) -> Any:
        """Return the array of a message."""
        if isinstance(sent, Again):
            return self.arrays[sent.place][0]
        memory = SharedMemory(sent.name) if sent.name else None
        array = sent.copied() if memory is None else sent.over(memory.buf)
        array.flags.writeable = sent.writeable
        self.arrays.append((array, sent, memory))
        return array

    def changed(self) -> dict[int, bytes]:
        """Return the contents of small arrays that aren't what was received, by their places in the message."""
        found = {}
        for place, (array, sent, memory) in enumerate(self.arrays):
            if memory is None and sent.writeable:
                content = array.tobytes(sent.order or "C")
                if content != sent.content:
                    found[place] = content
        return found

    def close(self) -> None:
        """Let go of the shared memory, unless somebody still has one of the arrays: a Fortran pointer may."""
        memories = [memory for _, _, memory in self.arrays if memory is not None]
        self.arrays = []
        for memory in memories:
            try:
                memory.close()
            except BufferError:
                _KEPT_MEMORY.append(memory)


_KEPT_MEMORY: list[SharedMemory] = []


def own_copy(sent: SentArray) -> Any:
    """Return the array of an answer; its shared memory goes back to the system."""
    if sent.name:
        memory = SharedMemory(sent.name)
        array = sent.over(memory.buf).copy(order="K")
        memory.close()
        memory.unlink()
    else:
        array = sent.copied()
    array.flags.writeable = sent.writeable
    return array


def _as_bytes(array: Any) -> Any:
    return array.reshape(-1, order="A").view("u1")
