"""The folder of built modules, each under a digest of everything that it was made of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "F2PYPY_CACHE_DIR"
# The file with what f2pypy and the compilers had to say about a module.
REMARKS = "remarks.json"
_TEMPORARY = ".making-"


def cache_folder() -> Path:
    """Return the folder: F2PYPY_CACHE_DIR, or the one that the system has for such files."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        parent = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        parent = "~/Library/Caches"
    else:
        # XDG Base Directory Specification, version 0.8
        parent = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(parent, "f2pypy").expanduser()


@dataclass(frozen=True)
class Entry:
    """A module in the cache: its file, what f2pypy had to say about it, and what the compilers printed."""

    module: Path
    remarks: str
    printed: str


class Cache:
    """The modules in one folder. Several processes may use it at once: an entry appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        # modules are asked for by their paths, wherever the program has gone meanwhile
        self.folder = folder.absolute()

    def find(self, key: str) -> Entry | None:
        """Return what is kept under a key, None where nothing is."""
        try:
            said = json.loads((self.folder / key / REMARKS).read_text("utf-8"))
        except OSError:
            return None
        module = next((self.folder / key).glob("*.py"), None)
        return None if module is None else Entry(module, **said)

    @contextlib.contextmanager
    def making(self, key: str) -> Iterator[Path]:
        """Yield a folder for the files of an entry, which appears when the block ends well.

        Raises OSError where the cache can't be written. If another process has made the entry meanwhile, that stays.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
        try:
            yield made
            try:
                made.rename(self.folder / key)
            except OSError:
                # a folder that isn't empty is another process's entry
                if self.find(key) is None:
                    raise
        finally:
            shutil.rmtree(made, ignore_errors=True)


def digest(words: Iterable[str], files: Iterable[str]) -> str:
    """Return a key for words and for the contents of files; OSError where one can't be read."""
    found = hashlib.sha256()
    for word in words:
        content = word.encode("utf-8", "surrogateescape")
        found.update(b"%d:" % len(content) + content)
    for path in files:
        content = Path(path).read_bytes()
        found.update(b"%d:" % len(content) + content)
    return found.hexdigest()[:32]
