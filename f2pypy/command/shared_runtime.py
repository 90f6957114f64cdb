"""The runtime as a file of the user's package: how modules import it."""

from __future__ import annotations

import os
import re
from pathlib import Path

MODULE = re.compile(r"\.*[^\W\d]\w*(\.[^\W\d]\w*)*")
SUFFIX = ".py"


def split_runtime(word: str) -> tuple[str, str]:
    """Return the module's name, "" where it isn't given, and the file of ``FILE.py`` or ``NAME=FILE.py``."""
    name, equals, file = word.rpartition("=")
    if equals and MODULE.fullmatch(name):
        return name, file
    return "", word


def importable_name(file: str, folder: str) -> str:
    """Return the name by which a module in `folder` imports the runtime in `file`.

    It is relative where `folder` is a package's. Raises ValueError where the path doesn't tell the name.
    """
    *parents, last = Path(os.path.relpath(file, folder)).parts
    up = parents.count(os.pardir)
    name = ".".join([*parents[up:], last.removesuffix(SUFFIX)])
    is_package = Path(folder, "__init__.py").exists()
    if not MODULE.fullmatch(name) or (up and not is_package):
        raise ValueError(
            f"the path doesn't show the name by which modules import {file}: "
            f"give the name, as in --runtime package._f2pypy={file}"
        )
    return f"{'.' * (up + 1)}{name}" if is_package else name
