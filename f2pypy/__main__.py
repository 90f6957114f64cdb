"""``python -m f2pypy`` and the console script ``f2pypy``: the same program."""

from __future__ import annotations

import sys

from f2pypy.cli import run


def main() -> int:
    """Run the command line of this process and return the exit status."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
