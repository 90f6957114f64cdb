"""How messages look on a terminal: colours, and what no terminal may act on."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from f2pypy.diagnostics import Diagnostic, Severity

COLOURS = {
    Severity.ERROR: "\033[1;31m",
    Severity.SKIPPED: "\033[1;33m",
    Severity.WARNING: "\033[1;35m",
    Severity.NOTE: "\033[1;36m",
}
PLAIN = "\033[0m"
# a source line may hold anything; a terminal would act on some of it
UNPRINTABLE = {
    code: "?" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"
}


def printable(diagnostic: Diagnostic) -> Diagnostic:
    """Return a message without the control characters of the source that it quotes."""
    return replace(
        diagnostic,
        message=diagnostic.message.translate(UNPRINTABLE),
        source=diagnostic.source.translate(UNPRINTABLE),
    )


def wants_colours() -> bool:
    """Whether messages have colours: on a terminal, unless NO_COLOR is set."""
    return is_terminal() and not os.environ.get("NO_COLOR")


def is_terminal() -> bool:
    """Whether messages go to a terminal that can do more than print."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def reason(error: OSError | ValueError) -> str:
    """Return what went wrong with a file."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
