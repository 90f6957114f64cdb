"""What ``-l`` and ``-L`` gave: libraries by their names, in folders and where the system looks."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Iterator, Sequence

from f2pypy.runtime.libraries import FILE_NAMES, Library


class Links:
    """The libraries `names`, which ``-l`` gave, and the folders to search for them, relative to the module."""

    def __init__(self, names: Sequence[str], directories: Sequence[str] = ()) -> None:
        self.names = names
        self.directories = directories

    def load(self, library: Library) -> list[ctypes.CDLL]:
        """Return those of the libraries that load; what was tried is noted in `library`."""
        folders = [os.path.join(library.directory, each) for each in self.directories]
        # Without a file of its own the module has no folder, and the current one is anybody's.
        folders = [folder for folder in folders if os.path.isabs(folder)]
        # Windows looks for what a library needs beside it and in folders that it is told; Python took PATH from it.
        if hasattr(os, "add_dll_directory"):
            for folder in filter(os.path.isdir, folders):
                os.add_dll_directory(folder)
        return [handle for name in self.names for handle in library.first(self._places(library, name, folders))]

    def _places(self, library: Library, name: str, folders: Sequence[str]) -> Iterator[str]:
        """Yield what ``-l name`` may mean, for the system's loader to try."""
        for folder in (*folders, library.directory):
            yield from library.files(folder, name)
            # A linker takes it; the loader refuses it, and the message says why.
            yield from filter(os.path.isfile, [os.path.join(folder, f"lib{name}.a")])
        for place in self._names(name):
            # macOS looks for a bare name in the current folder, too, which anybody may have filled.
            if sys.platform == "darwin" and os.path.exists(place) and not os.path.dirname(place):
                library.tried.append(f"{place}: not taken from the current folder")
            else:
                yield place

    def _names(self, name: str) -> Iterator[str]:
        """Yield the names for the system's loader."""
        yield from (pattern.format(name) for pattern in FILE_NAMES[:2])
        if sys.platform.startswith("linux"):
            # Without development packages a system has run-time names only: libblas.so.3
            yield from (f"lib{name}.so.{version}" for version in range(9, -1, -1))
        # Slow, as it may run a compiler: the last resort.
        from ctypes.util import find_library

        found = find_library(name)
        if found:
            yield found
