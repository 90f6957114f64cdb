"""The docstring of a generated module: f2py's text, with literal blocks so that it is valid reStructuredText."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import indent

from f2pypy import plan
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.lower.docstring import signature_in


def module_docstring(
    name: str,
    version: str,
    planned: Iterable[plan.Procedure | plan.Generic],
    objects: Iterable[plan.CommonBlock | plan.FortranModule],
    diagnostics: Diagnostics,
) -> str:
    """Return f2py's text about the module: its functions with their signatures, its objects, and what is left out."""
    objects = tuple(objects)
    commons = [made for made in objects if isinstance(made, plan.CommonBlock)]
    modules = [made for made in objects if isinstance(made, plan.FortranModule)]
    sections = (
        ("Functions", map(signature_in, (p.docstring for p in planned))),
        ("COMMON blocks", map(describe_common, commons)),
        ("Fortran 90/95 modules", map(describe_module, modules)),
        ("Left out", describe_skipped(diagnostics)),
    )
    blocks = [literal(title, lines) for title, lines in sections]
    first = f"This module '{name}' is auto-generated with f2pypy (version:{version})."
    return "\n".join([first, "\n\n".join(filter(None, blocks))]).rstrip()


def literal(title: str, lines: Iterable[str]) -> str:
    """Return a literal block after its title, "" where it has no lines."""
    text = "\n".join(lines)
    return f"{title}::\n\n{indent(text, '    ')}" if text else ""


def describe_common(common: plan.CommonBlock) -> str:
    """Return f2py's line about a common block."""
    return f"/{common.name}/ {','.join(map(declared, common.variables))}"


def describe_module(module: plan.FortranModule) -> str:
    """Return f2py's line about a Fortran module: its variables and routines."""
    names = [v.name for v in module.variables]
    names += [f"{name}()" for name, _ in module.routines]
    names += [each.name for each in module.enumerations]
    names += [f"type({name})" for name, _ in module.types]
    owners = Counter(each.owner for each in module.reexports)
    names += [f"{count} of {owner}" for owner, count in owners.items()]
    return f"{module.name} --- {','.join(names)}"


def declared(variable: plan.FortranVariable) -> str:
    """Return a variable with its extents, as in a declaration."""
    extents = getattr(variable, "extents", ())
    return (
        f"{variable.name}({','.join(map(str, extents))})" if extents else variable.name
    )


def describe_skipped(diagnostics: Diagnostics) -> Iterator[str]:
    """Yield the lines that say what is left out and why."""
    for each in diagnostics.found:
        if each.severity is Severity.SKIPPED:
            yield f"{Path(each.span.path).name}:{each.span.line}: {each.message}"
