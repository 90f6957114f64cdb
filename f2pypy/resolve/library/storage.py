"""Which variables of a Fortran module have no memory of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.resolve.names.declarations import Declarations, common_members

# A name after a parenthesis or a comma.
EQUIVALENCED = re.compile(r"[(,]\s*([a-z]\w*)")


@dataclass(frozen=True)
class Storage:
    """Which variables of a module lie in common blocks, given by their blocks, or share memory by EQUIVALENCE."""

    commons: Mapping[str, str]
    shared: frozenset[str]


def storage_of(declared: Declarations) -> Storage:
    """Return where the variables of a module lie."""
    commons: dict[str, str] = {}
    for block, members in common_members(declared).items():
        for member in members:
            commons.setdefault(member, block)
    return Storage(commons, equivalenced(declared))


def equivalenced(declared: Declarations) -> frozenset[str]:
    """Return the names in a unit's EQUIVALENCE statements; subscripts are constants, which have no storage."""
    found: set[str] = set()
    for item in declared.of(syntax.Equivalence):
        assert isinstance(item, syntax.Equivalence)
        found |= set(EQUIVALENCED.findall(item.text.text.lower()))
    return frozenset(found)
