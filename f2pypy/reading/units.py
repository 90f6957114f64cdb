"""The program units and blocks that are open while a file is read, and what becomes of them.

Sources and signature files nest by the same rules; what is said about a missing END differs.
"""

from __future__ import annotations

import enum
import itertools
from collections import Counter
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.reading.headers import Header
from f2pypy.reading.keywords import CONTAINING, OPENING, PROCEDURES, UNITS, Keyword
from f2pypy.syntax import Item

# What ``end x`` ends.
ENDED = {keyword.value.replace(" ", ""): keyword for keyword in OPENING} | {
    "procedure": Keyword.PROCEDURE_BODY
}


class Part(enum.Enum):
    """In which part of its unit a statement stands."""

    SPECIFICATION = "specification"
    EXECUTION = "execution"
    CONTAINED = "contained"


@dataclass
class Unit:
    """A unit whose END has not come yet, or the file.

    `keyword` is None for the file, `header` where the opening statement can't be read. `items` are its statements and
    the blocks in it, of which the first `divided` stand before its CONTAINS; `contained` are the procedures after it.
    `is_lost` says that something in it can't be read without which a wrapper would be wrong.
    """

    keyword: Keyword | None
    span: Span
    name: str = ""
    header: Header | None = None
    items: list[Item] = field(default_factory=list)
    contained: list[syntax.Procedure] = field(default_factory=list)
    bindings: list[syntax.Binding] = field(default_factory=list)
    divided: int | None = None
    part: Part = Part.SPECIFICATION
    is_lost: bool = False

    def add(self, items: Collection[Item]) -> None:
        """Add what a statement says."""
        self.items += items

    def holds(self, keyword: Keyword) -> bool:
        """Whether a unit or block of this sort may begin where this unit is now."""
        if self.keyword in (Keyword.TYPE, Keyword.ENUM):
            return False
        if self.keyword is None or keyword not in UNITS:
            return True
        if self.keyword in PROCEDURES:
            return self.part is Part.CONTAINED and keyword in PROCEDURES
        return self.keyword is not Keyword.BLOCK_DATA

    def contains(self) -> bool:
        """Take a CONTAINS statement; tell whether it may stand here."""
        if self.keyword in CONTAINING:
            self.part = Part.CONTAINED
            self.divided = len(self.items)
        return self.keyword in CONTAINING


# Blocks whose names are those of what is around them.
_TRANSPARENT = (Keyword.PYTHON_MODULE, Keyword.ENUM)

AnyUnit = TypeVar("AnyUnit", bound=Unit)


class Nest(Generic[AnyUnit]):
    """The units that are open, the file at the bottom."""

    def __init__(self, file: AnyUnit) -> None:
        self.units = [file]
        self.open_keywords: Counter[Keyword | None] = Counter()

    @property
    def top(self) -> AnyUnit:
        """The innermost unit."""
        return self.units[-1]

    def push(self, unit: AnyUnit) -> None:
        """Open a unit."""
        self.units.append(unit)
        self.open_keywords[unit.keyword] += 1

    def pop(self) -> AnyUnit:
        """Close the innermost unit."""
        unit = self.units.pop()
        self.open_keywords[unit.keyword] -= 1
        return unit

    def misplaced(self, keyword: Keyword) -> int:
        """Count the units that must have ended before one of this sort can begin."""
        holding = (unit.holds(keyword) for unit in reversed(self.units))
        return sum(1 for _ in itertools.takewhile(lambda holds: not holds, holding))

    def ended_by(self, said: str) -> int:
        """Count the units that ``end said`` closes, 0 if it closes none; "" closes the innermost."""
        if not said:
            return min(len(self.units) - 1, 1)
        keyword = ENDED["".join(said.split())]
        if self.open_keywords[keyword]:
            return self._depth(lambda unit: unit.keyword is keyword)
        # `end function` of a subroutine: the name of the sort is wrong, the end is meant
        if keyword in PROCEDURES and any(self.open_keywords[k] for k in PROCEDURES):
            return self._depth(lambda unit: unit.keyword in PROCEDURES)
        return 0

    def _depth(self, is_meant: Callable[[AnyUnit], bool]) -> int:
        units = enumerate(reversed(self.units), 1)
        return next(depth for depth, unit in units if is_meant(unit))

    def subject(self, name: str, unit: AnyUnit | None = None) -> str:
        """Return what users call `name`, declared in the innermost unit, as in `Diagnostic.subjects`.

        It is that of a `unit` if one is given, and "" where users don't see the name, as inside of a procedure.
        """
        places = (n for n, each in enumerate(self.units) if each is unit)
        depth = next(places, None)
        around = [u for u in self.units[1:depth] if u.keyword not in _TRANSPARENT]
        if name and around and around[-1].keyword is Keyword.MODULE:
            return f"{around[-1].name}.{name}"
        is_outside = all(unit.keyword is Keyword.INTERFACE for unit in around)
        return f".{name}" if name and is_outside else ""

    def put(self, built: Item) -> None:
        """Make an item a part of the innermost unit."""
        outer = self.top
        is_contained = outer.keyword in CONTAINING
        if is_contained and isinstance(built, syntax.Procedure):
            outer.contained.append(built)
        else:
            outer.items.append(built)


def build(unit: Unit, header: Header) -> Item:
    """Return what a unit is, from its statements."""
    span, items = unit.span, tuple(unit.items)
    match unit.keyword:
        case Keyword.SUBROUTINE | Keyword.FUNCTION | Keyword.PROGRAM:
            return syntax.Procedure(
                unit.keyword.value,
                header.name,
                header.arguments,
                span,
                header.type,
                header.result,
                header.prefixes,
                header.bind,
                items,
                tuple(unit.contained),
            )
        case Keyword.PROCEDURE_BODY:
            return syntax.ModuleProcedure((header.name,), span)
        case Keyword.MODULE | Keyword.SUBMODULE:
            procedures = tuple(unit.contained)
            return syntax.Module(header.name, items, procedures, span, header.parent)
        case Keyword.PYTHON_MODULE:
            return syntax.PythonModule(header.name, items, span)
        case Keyword.BLOCK_DATA:
            return syntax.BlockData(header.name, items, span)
        case Keyword.INTERFACE:
            # f2py gives abstract interfaces a name, which means nothing
            name = "" if header.abstract else header.name
            return syntax.Interface(name, header.abstract, items, span)
        case Keyword.TYPE:
            return _derived_type(unit, header)
        case Keyword.ENUM:
            said = [i for i in items if isinstance(i, syntax.Enumeration)]
            enumerators = tuple(each for item in said for each in item.enumerators)
            places = tuple(each for item in said for each in item.places)
            return syntax.Enumeration(enumerators, span, places)
    raise AssertionError(f"no node stands for {unit.keyword}")


def _derived_type(unit: Unit, header: Header) -> syntax.DerivedType:
    components = (i for i in unit.items if isinstance(i, syntax.TypeDeclaration))
    at = len(unit.items) if unit.divided is None else unit.divided
    before, after = (
        [i.attribute for i in items if isinstance(i, syntax.AttributeStatement)]
        for items in (unit.items[:at], unit.items[at:])
    )
    return syntax.DerivedType(
        header.name,
        (*header.attributes, *(each for each in before if each.name != "private")),
        tuple(components),
        tuple(unit.bindings),
        unit.span,
        any(each.name == "private" for each in after),
        any(each.name == "private" for each in before),
    )
