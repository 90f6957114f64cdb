"""Names that nothing else has."""

from __future__ import annotations

from collections.abc import Container


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return `wanted` with as many trailing underscores as make it unique."""
    while wanted in taken:
        wanted += "_"
    return wanted
