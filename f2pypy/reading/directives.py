"""Reads ``!f2py`` directives: statements of signature files in the comments of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.reading.lines import Line
from f2pypy.reading.signature import SignatureNest
from f2pypy.reading.signature_form import lower_directive, signature_lines


def read_directives(
    rows: Sequence[Line], diagnostics: Diagnostics
) -> tuple[syntax.Item, ...]:
    """Return the items of directives, given from the first character after their sentinels, in lower case.

    Comments may begin like directives, so a line that is no statement only causes a warning, as in f2py.
    """
    nest = SignatureNest(diagnostics, unknown=Severity.WARNING)
    lines = map(lower_directive, signature_lines(rows, diagnostics))
    return tuple(map(_marked, nest.read(lines)))


def _marked(item: syntax.Item) -> syntax.Item:
    """Return an item with its attributes marked as unknown to the compiler."""
    match item:
        case syntax.TypeDeclaration(attributes=attributes):
            marked = tuple(replace(each, directive=True) for each in attributes)
            return replace(item, attributes=marked)
        case syntax.AttributeStatement(attribute=attribute):
            return replace(item, attribute=replace(attribute, directive=True))
        case _:
            return item
