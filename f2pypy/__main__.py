"""``python -m f2pypy`` and the console script ``f2pypy``: the same program."""

from __future__ import annotations

import gc
import io
import signal
import sys
from types import FrameType

from f2pypy.command.cli import run


def main() -> int:
    """Run the command line of this process and return the exit status."""
    # One run makes many small objects that all live to its end: looking for garbage only costs time.
    gc.disable()
    signal.signal(signal.SIGTERM, leave)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names of files may have letters that the terminal doesn't
        sys.stdout.reconfigure(errors="backslashreplace")
    return run(sys.argv[1:])


def leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - Python passes it
    """End the program after it has ended its compilers and removed what isn't finished."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
