"""Module files for submodules that f2pypy adds to the user's modules.

A submodule sees what its module keeps to itself. gfortran writes that down (``lists.smod``) only for modules with an
interface of a module procedure: it compiles, for nothing but this file, a copy of the source that has one more.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from f2pypy.building.sources import Source
from f2pypy.reading.forms import joined_lines
from f2pypy.reading.lines import Line, Role, split_rows, split_statements

# In columns that both forms have for statements.
INTERFACE = """
      interface
      module subroutine f2pypy_opened()
      end subroutine
      end interface
"""
MODULE = re.compile(r"\s*module\s*(\w+)\s*\Z", re.IGNORECASE)
TYPE = re.compile(r"\s*type\s*(?:,.*|::.*|\w+)\s*\Z", re.IGNORECASE)
END_TYPE = re.compile(r"\s*end\s*type\b|\s*endtype\w*\s*\Z", re.IGNORECASE)
CONTAINS = re.compile(r"\s*contains\s*\Z", re.IGNORECASE)


def opened(source: Source, modules: Collection[str]) -> Source | None:
    """Return a copy of a source whose `modules` have one more interface, None for one without such modules."""
    rows = split_rows(source.text)
    places = [place for name, place in places_of(source) if name in modules]
    for row, column in sorted(places, reverse=True):
        text = rows[row]
        rows[row] = text[:column] + INTERFACE + "      " + text[column:]
    return replace(source, text="\n".join(rows)) if places else None


def places_of(source: Source) -> list[tuple[str, tuple[int, int]]]:
    """Return each module with the row and the column, from 0, of the CONTAINS before its procedures."""
    assert source.form is not None
    found: list[tuple[str, tuple[int, int]]] = []
    module, in_type = "", False
    for line in joined_lines(
        split_rows(source.text),
        str(source.path),
        source.form,
        source.layout.last_column,
    ):
        if line.role is not Role.STATEMENT:
            continue
        for statement in split_statements(line):
            text = statement.text
            if said := MODULE.match(text):
                module, in_type = said[1].lower(), False
            elif module and CONTAINS.match(text) and not in_type:
                found.append((module, place_of(statement)))
                module = ""
            elif END_TYPE.match(text):
                in_type = False
            elif TYPE.match(text):
                in_type = True
    return found


def place_of(statement: Line) -> tuple[int, int]:
    """Return the row and the column, from 0, at which a statement begins."""
    blanks = len(statement.text) - len(statement.text.lstrip())
    span = statement.span(blanks)
    return span.line - 1, span.column - 1
