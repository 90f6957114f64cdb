"""``python -m f2pypy`` and the console script ``f2pypy``: the same program."""

from __future__ import annotations

import gc
import sys

from f2pypy.cli import run


def main() -> int:
    """Run the command line of this process and return the exit status."""
    # One run makes many small objects that all live to its end: looking for garbage only costs time.
    gc.disable()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
