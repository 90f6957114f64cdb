"""A line on a terminal that shows how far a build is, and is gone when it is done."""

from __future__ import annotations

import os
import unicodedata
from typing import TextIO

FEW = 4  # steps that are over before anybody has read the line
NARROW = 30  # columns in which there is no room for a bar
BLOCKS = "#-"
_ERASE = "\r\033[K"


class ProgressLine:
    """Draws ``compiling [####----] 12/40 solver.f90`` on one line of `stream`, which is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = False

    def show(self, done: int, total: int, name: str) -> None:
        """Draw the line anew: `done` of `total` steps are over, `name` is at work."""
        if total > FEW:
            width = terminal_width(self._stream)
            self._write(_ERASE + progress_text(done, total, name, width))
            self._is_shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._write(_ERASE)
            self._is_shown = False

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "ascii"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))
        self._stream.flush()


def progress_text(done: int, total: int, name: str, width: int) -> str:
    """Return a text of at most ``width - 1`` columns: in the last one some terminals would start a new line."""
    room = width - 1
    count = f"{done:{len(str(total))}}/{total}"
    if width < NARROW:
        return count[: max(room, 0)]
    length = min(max(width // 4, 8), 30)
    filled = length * done // total
    head = f"compiling [{BLOCKS[0] * filled}{BLOCKS[1] * (length - filled)}] {count}"
    return f"{head} {shorten(printable(name), room - len(head) - 1)}".rstrip()[:room]


def printable(name: str) -> str:
    """Return a name without the characters that a terminal acts upon."""
    return "".join(c if c.isprintable() else "?" for c in name)


def columns(text: str) -> int:
    """Return how many columns a terminal needs for a text."""
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, room: int) -> str:
    """Return the end of a text that fits into `room` columns; two dots stand for what is cut off."""
    if columns(text) <= room:
        return text
    kept = text
    while kept and columns(kept) > room - 2:
        kept = kept[1:]
    return f"..{kept}"[: max(room, 0)]


def terminal_width(stream: TextIO) -> int:
    """Return the columns of the terminal, 80 where it doesn't say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
