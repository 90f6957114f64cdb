"""What is made of f2pypy's own files, kept where Python keeps compiled modules, and under the same conditions."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pickle
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from f2pypy.dataclass import dataclass


def kept_file(path: Path) -> Path:
    """Return the file that keeps what is made of `path`, as Python would name it.

    Raises NotImplementedError where Python keeps nothing.
    """
    return Path(importlib.util.cache_from_source(str(path)))


def keep(file: Path, content: bytes) -> None:
    """Write a file of `kept_file` at once, unless Python was told to write none."""
    if sys.dont_write_bytecode:
        return
    beside = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
    except OSError:
        # a folder that can't be written to is usual for what an administrator has installed
        with contextlib.suppress(OSError):
            beside.unlink()


@dataclass(frozen=True)
class Kept:
    """A value in a file, which holds while the files that it was made of are those of `stamp`."""

    file: Path
    stamp: tuple[tuple[int, int], ...]

    def value(self) -> Any:
        """Return the value, None where nobody has kept one since the files changed."""
        try:
            stamp, value = pickle.loads(self.file.read_bytes())
        except Exception:
            return None
        return value if stamp == self.stamp else None

    @property
    def is_writable(self) -> bool:
        """Whether `put` would keep a value."""
        there = next(each for each in self.file.parents if each.exists())
        return not sys.dont_write_bytecode and os.access(there, os.W_OK)

    def put(self, value: Any) -> None:
        """Keep a value, unless Python was told to keep nothing or the folder can't be written to."""
        keep(self.file, pickle.dumps((self.stamp, value)))


def kept_for(path: Path, what: str, makers: Iterable[Path]) -> Kept | None:
    """Return where the value `what` of a file is kept that the code in the files `makers` makes of it.

    None where nothing can be kept, as in programs that have no files of code.
    """
    try:
        found = [each.stat() for each in (path, *makers)]
        file = kept_file(path.with_suffix(f".{what}.py"))
    except (OSError, NotImplementedError):
        return None
    return Kept(file, tuple((each.st_mtime_ns, each.st_size) for each in found))
