"""The same uses of f2py's objects and f2pypy's: value and type, or exception class and text."""

from __future__ import annotations

from typing import Any

import object_uses
import pytest


@pytest.mark.parametrize(
    "use", [f"{place}-{use}" for place, use in enumerate(object_uses.SAME_AS_F2PY)]
)
def test_outcome(
    use: str, our_outcomes: dict[str, Any], f2py_outcomes: dict[str, Any]
) -> None:
    assert our_outcomes[use] == f2py_outcomes[use]


@pytest.mark.parametrize("name", object_uses.OBJECTS)
def test_what_an_object_says_of_itself(
    name: str, our_outcomes: dict[str, Any], f2py_outcomes: dict[str, Any]
) -> None:
    docstring, names = our_outcomes[name]
    its_docstring, its_names = f2py_outcomes[name]
    assert docstring == its_docstring
    # numpy 2.4's f2py leaves out the names of what isn't allocated
    allocatable = {"table", "list"} if name == "counters" else set()
    assert names == its_names | allocatable


def test_docstring_of_the_module(
    our_outcomes: dict[str, Any], f2py_outcomes: dict[str, Any]
) -> None:
    """The same in literal blocks; f2py puts all Fortran modules on one line, and a full stop after everything."""
    ours, theirs = (
        found["module"].partition("\n") for found in (our_outcomes, f2py_outcomes)
    )
    assert ours[0].startswith("This module 'objects' is auto-generated with f2pypy (")
    words = ours[2].replace("::\n\n", ":\n").split()
    assert "".join(words) == "".join(theirs[2].removesuffix(".").split())
