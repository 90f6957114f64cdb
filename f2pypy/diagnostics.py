"""Where something is wrong, what it is, and how it is shown.

Every stage reports through `Diagnostics`; the stages carry on after an error so
that one run shows all of them, and `Diagnostics.stop` ends the run.
"""

from __future__ import annotations

import enum
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

from f2pypy.dataclass import dataclass, field


class Severity(enum.Enum):
    """How bad it is: an error stops the run, a skip costs what it is about, a warning nothing."""

    ERROR = "error"
    SKIPPED = "skipped"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source file; `line` and `column` count from 1, 0 means the whole file or the whole line."""

    path: str
    line: int
    column: int = 0

    def shift(self, columns: int) -> Span:
        """Return the place `columns` characters to the right on the same line."""
        return Span(self.path, self.line, self.column + columns)


@dataclass(frozen=True)
class Diagnostic:
    """One message about one place; `source` is the text of that line where it is known.

    `subjects` are what is left out of the Python module: ``module.name``, or ``.name`` where no Fortran module has it.
    """

    severity: Severity
    span: Span
    message: str
    source: str = ""
    subjects: tuple[str, ...] = ()

    def format(self, *, caret: bool = True, label: str = "") -> str:
        """Return ``path:line:column: severity: message`` with the line and a caret below it.

        `label` is written for the severity's name if given: the same word in colour.
        """
        place = self.span.path
        if self.span.line:
            place += f":{self.span.line}"
        if self.span.column:
            place += f":{self.span.column}"
        text = f"{place}: {label or self.severity.value}: {self.message}"
        if not caret or not self.source.strip():
            return text
        text += f"\n    {self.source.rstrip()}"
        if self.span.column:
            indent = "".join(
                "\t" if c == "\t" else " " for c in self.source[: self.span.column - 1]
            )
            text += f"\n    {indent}^"
        return text


class F2pypyError(Exception):
    """The input can't be wrapped; `diagnostics` says what is wrong and where."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n".join(d.format() for d in diagnostics))
        self.diagnostics = diagnostics


@dataclass
class Diagnostics:
    """The messages of one run, in the order in which they were found.

    `sources` maps a path to its lines, so that a message can show the line it is about.
    """

    sources: dict[str, Sequence[str]] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    _seen: set[Diagnostic] = field(default_factory=set, repr=False, compare=False)

    def report(
        self,
        severity: Severity,
        span: Span,
        message: str,
        subjects: tuple[str, ...] = (),
    ) -> None:
        """Add one message."""
        lines = self.sources.get(span.path, ())
        source = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
        self.add(Diagnostic(severity, span, message, source, subjects))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a message that has its source line, once."""
        if diagnostic not in self._seen:
            self._seen.add(diagnostic)
            self.found.append(diagnostic)

    def error(self, span: Span, message: str) -> None:
        """Report something that stops the run."""
        self.report(Severity.ERROR, span, message)

    def skip(self, span: Span, message: str, *subjects: str) -> None:
        """Report why something can't be wrapped; `subjects` are as in `Diagnostic`, empty ones say nothing."""
        self.report(Severity.SKIPPED, span, message, tuple(filter(None, subjects)))

    def skip_by_fault(
        self, span: Span, what: str, fault: Exception, subject: str = ""
    ) -> None:
        """Report that f2pypy itself fails on something, which is left out like what can't be wrapped."""
        frames = traceback.extract_tb(fault.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        self.skip(
            span,
            f"{what} is left out: a fault of f2pypy, {type(fault).__name__}: {fault} ({place})",
            subject,
        )

    def warn(self, span: Span, message: str) -> None:
        """Report something that is odd but understood."""
        self.report(Severity.WARNING, span, message)

    def stop_on_errors(self) -> None:
        """Raise `F2pypyError` with every error found so far, if there is one."""
        errors = tuple(d for d in self.found if d.severity is Severity.ERROR)
        if errors:
            raise F2pypyError(errors)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a question whether the name that is nearest was meant, "" where none is near."""
    from difflib import get_close_matches  # good input has no need of it

    near = get_close_matches(name, sorted(names), n=1, cutoff=0.65)
    return f"; did you mean {near[0]!r}?" if near else ""
