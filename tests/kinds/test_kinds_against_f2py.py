"""The same calls of f2py's procedures and f2pypy's: value and type, or the class of the exception."""

from __future__ import annotations

from typing import Any

import kind_table
import kind_uses
import pytest
from kind_table import Row

KNOWN = [row for row in kind_table.ROWS if row.known]


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row.name)
def test_outcomes(row: Row, kinds: Any, f2py_outcomes: dict[str, Any]) -> None:
    if row.compiler not in ("", kinds.built_by):
        pytest.skip(f"to {kinds.built_by} it is another type")
    ours = kind_uses.outcomes(kinds, row)
    theirs = f2py_outcomes[row.name]
    # as texts, since not a number is not even itself
    different = {use for use in ours if repr(ours[use]) != repr(theirs[use])}
    if row.family == "integer":
        # f2py cuts what one or two bytes can't hold
        different -= {use for use in different if ours[use] == "OverflowError"}
    assert {use: (ours[use], theirs[use]) for use in different} == {}
