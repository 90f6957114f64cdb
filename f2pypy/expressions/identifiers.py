"""Names that nothing else has."""

from __future__ import annotations

from collections.abc import Container


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return `wanted` with as many underscores behind it as make it free."""
    while wanted in taken:
        wanted += "_"
    return wanted
