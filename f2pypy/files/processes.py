"""Work that copies of this process share, where that pays and the system can make copies."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import IO, Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# More copies than these wait for what can't be shared, and each needs memory.
MOST = 8
# Where Linux lists the threads of this process.
THREADS = "/proc/self/task"


def each_shared(
    work: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> list[Result]:
    """Return what `work` makes of each item, as ``list(map(work, items))`` does, in at most so many processes.

    All but one of the processes are copies of this one: what `work` changes is lost there, and what it returns is
    pickled. The items are dealt out like cards, because neighbours often take equally long. Where a copy fails, for
    whatever reason, this process does its work, so that exceptions are raised here.
    """
    count = max(1, min(processes, len(items)))
    shares = [range(first, len(items), count) for first in range(count)]
    found: dict[int, Result] = {}
    with contextlib.ExitStack() as ended:
        copies = [
            ended.enter_context(Copy(work, [items[at] for at in share]))
            for share in shares[1:]
        ]
        for share, copy in zip(shares, (None, *copies), strict=True):
            results = copy.results() if copy else None
            if results is None:
                results = [work(items[at]) for at in share]
            found.update(zip(share, results, strict=True))
    return [found[at] for at in range(len(items))]


def processes_for(size: int, least: int) -> int:
    """Return how many processes share work of some `size`, if each is to get `least` of it."""
    if size < 2 * least or not can_be_copied():
        return 1
    return min(processors(), size // least, MOST)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # PyPy knows all of them only


def can_be_copied() -> bool:
    """Whether a copy of this process works: the locks of other threads would stay locked in it.

    Windows makes no copies, and in those of macOS the system's libraries fail.
    """
    return sys.platform == "linux" and len(os.listdir(THREADS)) == 1  # noqa: PTH208 - only counted


class Copy:
    """A copy of this process, which works on some items and ends; it is ended with the block, too."""

    def __init__(self, work: Callable[[Any], Any], items: Sequence[Any]) -> None:
        self._work = work
        self._items = items
        self._process = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Copy:
        with contextlib.suppress(OSError):  # the system has no room for another
            self._start()
        return self

    def _start(self) -> None:
        # the results wait in a file, where a pipe would hold up the copy until this process reads
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the block
        original, status = os.getpid(), 1
        try:
            self._process = os.fork()
            if self._process == 0:
                self._write_results(self._file)
                status = 0
        finally:
            # also when a signal raises: nothing of the program's may go on in the copy
            if os.getpid() != original:
                os._exit(status)

    def _write_results(self, file: IO[bytes]) -> None:
        for item in self._items:
            pickle.dump(self._work(item), file, pickle.HIGHEST_PROTOCOL)
        file.flush()

    def results(self) -> list[Any] | None:
        """Wait for the results and return them, None where the copy failed."""
        if self._file is None or self._process == 0:
            return None
        try:
            _, status = os.waitpid(self._process, 0)
        except ChildProcessError:  # whoever started the program ignores SIGCHLD
            status = 1
        self._process = 0
        if status:
            return None
        self._file.seek(0)
        return [pickle.load(self._file) for _ in self._items]

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if self._process:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
