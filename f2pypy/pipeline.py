"""The program on one screen: text, declarations, library, plan, text."""

from __future__ import annotations

from dataclasses import dataclass

from f2pypy import __version__
from f2pypy.diagnostics import Diagnostic, Diagnostics, Severity
from f2pypy.lower.module import plan_module
from f2pypy.options import Options
from f2pypy.reading.signature import read_signature
from f2pypy.reading.templates import expand
from f2pypy.render import render
from f2pypy.resolve.library import LibraryReader


@dataclass(frozen=True)
class Generated:
    """A generated module: its text and name, the routines in it, and what there is to say about it."""

    text: str
    module: str
    wrapped: tuple[str, ...]
    skipped: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]


def generate_module(text: str, path: str, options: Options) -> Generated:
    """Return the Python module for the signature file (or template, by its name) `text`.

    Raises F2pypyError with every error of the file; with `options.strict` a routine that can't be wrapped is one.
    """
    diagnostics = Diagnostics()
    spans = None
    if path.endswith(".src"):
        expanded = expand(text, path, include_dirs=options.include_dirs)
        text, spans = expanded.text, expanded.lines
    file = read_signature(
        text, path, diagnostics, line_spans=spans, include_dirs=options.include_dirs
    )
    diagnostics.stop_on_errors()
    library = LibraryReader(file, options, diagnostics).read()
    diagnostics.stop_on_errors()
    module = plan_module(library, options, __version__, diagnostics)
    skipped = found(diagnostics, Severity.SKIPPED)
    if options.strict:
        for diagnostic in skipped:
            diagnostics.error(diagnostic.span, diagnostic.message)
        diagnostics.stop_on_errors()
    return Generated(
        render(module),
        module.name,
        module.public,
        skipped,
        found(diagnostics, Severity.WARNING),
    )


def found(diagnostics: Diagnostics, severity: Severity) -> tuple[Diagnostic, ...]:
    """Return the messages of one severity."""
    return tuple(d for d in diagnostics.found if d.severity is severity)
