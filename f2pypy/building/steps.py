"""The steps of a build, and those who watch them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from f2pypy.dataclass import dataclass, field

# The progress of a build: how many of how many steps are done, and the file that was begun last.
Progress = Callable[[int, int, str], None]


@dataclass
class Steps:
    """Counts the steps of a build and reports them to the watchers."""

    told: Progress | None
    total: int = 0
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, count: int) -> None:
        """Take so many steps more into account."""
        with self.lock:
            self.total += count

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell the watchers that a step begins, and that it has ended."""
        self._tell(0, name)
        yield
        self._tell(1, name)

    def _tell(self, done: int, name: str) -> None:
        with self.lock:
            self.done += done
            if self.told is not None:
                self.told(self.done, self.total, name)
