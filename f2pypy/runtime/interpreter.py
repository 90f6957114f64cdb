"""The interpreter that runs a module."""

from __future__ import annotations

import sys

PYPY = sys.implementation.name == "pypy"
