"""What is wrong with a command line."""

from __future__ import annotations

from f2pypy.command.flags import SHELLS


class UsageError(Exception):
    """The command line can't be understood."""


def known_shell(name: str | None) -> str:
    """Return the name of a shell that options can be completed in; `UsageError` for any other."""
    if name not in SHELLS:
        raise UsageError(f"--completion {name}: expected one of {', '.join(SHELLS)}")
    return name
