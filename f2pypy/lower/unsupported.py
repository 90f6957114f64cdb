"""What a generated module can't do."""

from __future__ import annotations

from f2pypy.diagnostics import Span


class Unsupported(Exception):
    """The routine needs something that a generated module can't do; the message says what.

    `span` is the declaration that asks for it, None where the routine as a whole does.
    """

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.span = span
