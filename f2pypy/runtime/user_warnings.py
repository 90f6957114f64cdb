"""Warnings of what happens while a user's call runs."""

from __future__ import annotations

import sys
import warnings


def warn(message: str) -> None:
    """Give a RuntimeWarning at the line that called the generated module, which no code of f2pypy's stands in."""
    frame, level = sys._getframe().f_back, 2
    while frame is not None and "__tracebackhide__" in frame.f_globals:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, RuntimeWarning, stacklevel=level)
