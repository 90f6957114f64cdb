"""What can't be resolved, and what that costs: the routine, variable or block around it; the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from f2pypy.diagnostics import Diagnostics, F2pypyError, Span
from f2pypy.expressions.nodes import ExpressionError

_Decided = TypeVar("_Decided")


class DeclarationError(Exception):
    """A declaration can't be resolved; `span` is the place, `others` are further problems of the same routine.

    `variable` is the one whose declaration is faulty, "" where that isn't known.
    """

    def __init__(
        self, span: Span, message: str, others: Sequence[DeclarationError] = ()
    ) -> None:
        super().__init__(message)
        self.span = span
        self.message = message
        self.others = tuple(others)
        self.variable = ""

    @property
    def all(self) -> tuple[DeclarationError, ...]:
        """The problem and the others."""
        return (self, *self.others)


def decide_each(
    names: Iterable[str], decide: Callable[[str], _Decided]
) -> dict[str, _Decided]:
    """Return the result of `decide` for each name; DeclarationError with the problems of all."""
    found: dict[str, _Decided] = {}
    problems: list[DeclarationError] = []
    for name in names:
        try:
            found[name] = decide(name)
        except DeclarationError as problem:
            for each in problem.all:
                each.variable = each.variable or name
                # its frames would keep alive all that they know
                problems.append(each.with_traceback(None))
    if problems:
        raise joined(problems)
    return found


def joined(problems: Sequence[DeclarationError]) -> DeclarationError:
    """Return the first of the problems, with the others."""
    first = DeclarationError(problems[0].span, problems[0].message, problems[1:])
    first.variable = problems[0].variable
    return first


@contextmanager
def left_out_if_faulty(
    what: str,
    span: Span,
    diagnostics: Diagnostics,
    subject: str = "",
    origin: Callable[[str], str] | None = None,
) -> Iterator[None]:
    """Leave `what`, which begins at `span`, out where its declarations mean nothing; the reason is reported.

    This holds for f2pypy's own faults too, which the message calls so. `subject` is as in `Diagnostic`; `origin`
    returns a message's hint at the module that an unknown name may come from.
    """
    try:
        yield
    except DeclarationError as problem:
        for each in problem.with_traceback(None).all:
            where = "" if origin is None else origin(each.message)
            message = f"{what} is left out: {each.message}{where}"
            diagnostics.skip(each.span, message, subject)
    except ExpressionError as error:
        diagnostics.skip(span, f"{what} is left out: {error.message}", subject)
    except F2pypyError:
        raise
    except Exception as fault:
        diagnostics.skip_by_fault(span, what, fault, subject)
