"""Limits the cost of a faulty declaration to the routine, variable or block around it; the run goes on."""

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

    This holds for f2pypy's own faults too, which the message calls so. `subject` is as in `Diagnostics.skip`; `origin`
    returns a message's hint at the module that an unknown name may come from.
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
