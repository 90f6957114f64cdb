"""The tiers that the module of callbacks is tested with, and how it is loaded for one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

# What F2PYPY_NATIVE is for each; machine code where it can be made.
TIERS = {"python": "0"}
if sys.implementation.name == "cpython" and importlib.util.find_spec("llvmlite"):
    TIERS["native"] = "1"


def load(path: Path) -> ModuleType:
    """Return the module of a file, a new one each time."""
    spec = importlib.util.spec_from_file_location("callbacks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
