"""What one faulty declaration may cost: the routine, variable or block that has it, never the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from f2pypy.diagnostics import Diagnostics, F2pypyError, Span
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.resolve.types import TypeProblem


@contextmanager
def at_the_cost_of(
    what: str,
    span: Span,
    diagnostics: Diagnostics,
    subject: str = "",
    origin: Callable[[str], str] | None = None,
) -> Iterator[None]:
    """Leave `what`, which begins at `span`, out where its declarations mean nothing; the reason is reported.

    That holds for f2pypy's own faults too, which are called so. `subject` is as in `Diagnostics.skip`,
    `origin` adds to a message from where what it says is unknown may come.
    """
    try:
        yield
    except TypeProblem as problem:
        for each in problem.all:
            where = "" if origin is None else origin(each.message)
            message = f"{what} is left out: {each.message}{where}"
            diagnostics.skip(each.span, message, subject)
    except ExpressionError as error:
        diagnostics.skip(span, f"{what} is left out: {error.message}", subject)
    except F2pypyError:
        raise
    except Exception as fault:
        diagnostics.skip_by_fault(span, what, fault, subject)
