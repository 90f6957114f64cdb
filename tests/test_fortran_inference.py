"""What is concluded from Fortran sources: which arguments a caller must give, defaults, checks, types, callbacks."""

from __future__ import annotations

import textwrap
from typing import Any

from f2pypy import model
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.options import Options
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.sources import SourcesReader


def resolve(*texts: str, **options: Any) -> tuple[model.Library, Diagnostics]:
    """Return the library of free-form sources, and what was said about them."""
    diagnostics = Diagnostics()
    files = [
        read_fortran(textwrap.dedent(text).lstrip("\n"), f"s{number}.f90", diagnostics)
        for number, text in enumerate(texts, 1)
    ]
    library = SourcesReader(files, Options(module="m", **options), diagnostics).read()
    return library, diagnostics


def routine(*texts: str) -> model.Procedure:
    """Return the first routine of sources about which there is nothing to say."""
    library, diagnostics = resolve(*texts)
    assert [str(found.message) for found in diagnostics.found] == []
    routines = [
        *library.procedures,
        *(p for m in library.modules for p in m.procedures),
    ]
    return routines[0]


def skipped(*texts: str) -> list[tuple[int, str]]:
    """Return the line and the message of everything that was left out."""
    _, diagnostics = resolve(*texts)
    return [
        (found.span.line, found.message)
        for found in diagnostics.found
        if found.severity is Severity.SKIPPED
    ]


def told(procedure: model.Procedure, name: str) -> tuple[str, str, list[str]]:
    """Return whether an argument must be given, its default and its checks."""
    argument = procedure.argument(name)
    checks = [check.text for check in argument.checks]
    return argument.presence.value, argument.initial_text, checks


def test_what_two_variables_need_stays_required_though_another_array_tells_it() -> None:
    found = routine(
        """
        subroutine s(n, k, w, v)
          integer n, k
          real w(n + 2*k), v(n)
        end
        """
    )
    assert told(found, "n") == ("required", "shape(v, 0)", ["shape(v, 0) == n"])
    assert told(found, "k") == ("required", "", [])
    assert told(found, "w")[2] == ["shape(w, 0) == 2 * k + n"]


def test_arrays_that_tell_each_others_extents_are_checked_in_turn() -> None:
    found = routine(
        """
        subroutine s(m, l, a, b)
          integer m, l
          real a(m*m, l), b(m, l)
        end
        """
    )
    assert told(found, "m") == ("required", "", [])
    assert told(found, "l") == ("optional", "shape(a, 1)", ["shape(a, 1) == l"])
    assert told(found, "b")[2] == ["shape(b, 0) == m"]


def test_an_argument_may_be_called_shape() -> None:
    found = routine(
        """
        subroutine s(n, x, shape, size, len)
          integer n
          real x(n), shape(n), size, len
        end
        """
    )
    assert told(found, "n") == (
        "optional",
        "f2py_shape(x, 0)",
        ["f2py_shape(x, 0) == n"],
    )
