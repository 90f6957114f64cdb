"""The docstring of a generated module, in f2py's form."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from f2pypy import plan
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.lower.objects import describe_commons, describe_modules


def describe_skipped(diagnostics: Diagnostics) -> str:
    """Return the lines that say what is left out and why; nothing where all is there."""
    skipped = [d for d in diagnostics.found if d.severity is Severity.SKIPPED]
    lines = [
        f"    {Path(d.span.path).name}:{d.span.line}: {d.message}" for d in skipped
    ]
    return "\n".join(["\nLeft out:", *lines]) if lines else ""


def module_docstring(
    name: str,
    version: str,
    planned: Iterable[plan.Procedure | plan.Generic],
    objects: Iterable[plan.CommonBlock | plan.FortranModule],
) -> str:
    """Return f2py's text about the module: its functions with their signatures, and its objects."""
    objects = tuple(objects)
    commons = [made for made in objects if isinstance(made, plan.CommonBlock)]
    modules = [made for made in objects if isinstance(made, plan.FortranModule)]
    functions = "".join(f"    {p.docstring.partition(chr(10))[0]}\n" for p in planned)
    return (
        f"This module '{name}' is auto-generated with f2pypy (version:{version}).\n"
        f"Functions:\n{functions}{describe_commons(commons)}{describe_modules(modules)}."
    )
