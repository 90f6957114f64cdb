"""How the lines of a signature file are indented."""

from __future__ import annotations

from collections.abc import Iterable

INDENT = "    "


def indented(lines: Iterable[str]) -> list[str]:
    """Return the lines one level deeper."""
    return [f"{INDENT}{line}" if line else line for line in lines]
