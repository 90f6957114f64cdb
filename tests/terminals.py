"""A terminal for programs that look whether they have one."""

import pty

import pytest


def open_terminal() -> tuple[int, int]:
    """Return the two ends of a terminal; skips the test where none can be had, as in a container without /dev/pts."""
    try:
        return pty.openpty()
    except OSError as failure:
        pytest.skip(f"no terminal can be had: {failure}")
