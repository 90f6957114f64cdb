"""Fortran sources without their executable parts: what is left declares something, opens or closes a unit.

Executable statements are most of a source. They are dropped here, but for those that use a dummy procedure, from which
a callback's signature is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from f2pypy.dataclass import dataclass, field
from f2pypy.reading.classify import (
    ASSIGNMENT,
    CONSTRUCT,
    CONSTRUCT_END,
    END,
    GLUEABLE,
    GLUED_END,
    GLUED_ENTRY,
    HEADER_STARTS,
    LABEL,
    MAY_NEST,
    NAMES,
    STARTS_OF_INTEREST,
    TYPED_AND_GLUED,
    UNIT_END,
    classify,
    classify_glued,
    classify_header,
    skeleton,
)
from f2pypy.reading.dummies import Dummies
from f2pypy.reading.forms import Form
from f2pypy.reading.keywords import OPENING, PROCEDURES, UNITS, Keyword
from f2pypy.reading.lines import Line, Role, lower, split_statements
from f2pypy.reading.units import Nest, Part, Unit
from f2pypy.syntax import Item


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that matters, lower case outside of character literals.

    `name` is what an opening statement calls its unit. For END, `closes` is the kind of the scope that ends, None
    where there is none, and `implied` says that the END statement itself is missing.
    """

    keyword: Keyword
    line: Line
    name: str = ""
    closes: Keyword | None = None
    implied: bool = False

    @property
    def text(self) -> str:
        """The statement's text."""
        return self.line.text


@dataclass
class SourceUnit(Unit):
    """A unit of a source, and what is known of its executable part."""

    watched: Callable[[str], bool] | None = None  # tells which statements are kept
    constructs: list[Keyword] = field(default_factory=list)  # BLOCKs and ASSOCIATEs
    declares: bool = False  # the declarations of a BLOCK stand here
    blocks: list[list[Item]] = field(default_factory=list)  # what they declare
    dummies: Dummies | None = None  # known when the executable part begins
    directives: list[Line] = field(default_factory=list)  # since the last statement
    faults: list[str] = field(default_factory=list)  # why it is odd
    incomplete: bool = False  # a file with declarations was not read

    def fail(self, text: str, fault: str) -> None:
        """Leave the procedure out if the text mentions one of its arguments or its result."""
        header = self.header
        if self.keyword in PROCEDURES and header is not None:
            names = {*header.arguments, header.result or header.name}
            if names & set(_WORD.findall(text)):
                self.faults.append(fault)
                self.is_lost = True


_WORD = re.compile(r"[a-z_]\w*")
_DEEPEST = 32  # units in one another; the standard's rules allow fewer than ten


@dataclass(slots=True)
class Stripper:
    """Follows the scopes of one source and drops what is executable.

    `watched` is asked when a unit's executable part begins, and again after an ENTRY in it, after every statement
    before it has been given: it returns what tells the lower-case statements to keep, those that use the unit's dummy
    procedures, or None.
    """

    form: Form
    watched: Callable[[], Callable[[str], bool] | None]
    nest: Nest[SourceUnit]

    def strip(self, lines: Iterable[Line]) -> Iterator[Statement]:
        """Give the statements that matter, in order; scopes are always closed, in order, by an END."""
        last = Line("", ((0, 1, 0),), "")
        for line in lines:
            if line.role is Role.DIRECTIVE:
                yield Statement(Keyword.DIRECTIVE, line)
            elif line.role is Role.PREPROCESSOR:
                yield Statement(Keyword.PREPROCESSOR, line)
            elif ";" in line.text:
                for part in split_statements(line):
                    yield from self._read(part)
            elif not self._is_dropped(line.text):
                yield from self._read(line)
            last = line
        yield from self._close(len(self.nest.units) - 1, last)

    def _is_dropped(self, text: str) -> bool:
        """Whether a statement is executable and of no interest, as most are; a fast test."""
        top = self.nest.top
        if top.part is not Part.EXECUTION:
            return False
        text = text.lstrip().lower()
        start = text[:3]
        if start in STARTS_OF_INTEREST or start[:1].isdigit():
            return False
        if start[:1] == "e" and " " in start and self.form is Form.FIXED:
            return False  # EN D, perhaps
        if top.watched is None:
            return True
        return not (top.declares or top.watched(text) or MAY_NEST.search(text))

    def _read(self, line: Line) -> Iterator[Statement]:
        top = self.nest.top
        if top.part is Part.EXECUTION:
            yield from self._read_executable(top, line)
            return
        text = lower(line.text)
        label = LABEL.match(text)
        if label:
            text = " " * label.end() + text[label.end() :]
        line = line._replace(text=text)
        bones = skeleton(text)
        keyword, name = classify(bones)
        holds_function = top.holds(Keyword.FUNCTION)
        may_be_array = self.form is not Form.FIXED or not holds_function
        if may_be_array and keyword in GLUEABLE and TYPED_AND_GLUED.match(bones):
            keyword, name = Keyword.DECLARATION, ""  # real functions(10)
        if self.form is Form.FIXED and (
            keyword is Keyword.UNKNOWN
            or (keyword is Keyword.EXECUTABLE and text.lstrip()[:3] == "end")
            or (
                keyword is Keyword.DECLARATION
                and holds_function
                and "function" in line.squeezed().text
            )
        ):
            # blanks mean nothing in fixed form, not even inside of words, and none need stand between them
            line = line.squeezed()
            keyword, name = classify_glued(line.text, outermost=top.keyword is None)
        if keyword is Keyword.END:
            yield from self._end(line)
        elif top.keyword is Keyword.STRUCTURE:
            return
        elif keyword in OPENING:
            yield from self._open(keyword, name, line)
        elif top.keyword is not None:
            yield from self._place(top, keyword, name, line)
        elif keyword in _STRAY:
            yield from self._open(Keyword.PROGRAM, "", line._replace(text=""))
            yield from self._place(self.nest.top, keyword, name, line)
        elif keyword not in (Keyword.IGNORED, Keyword.IMPORT):
            yield Statement(Keyword.UNKNOWN, line)

    def _place(
        self, top: SourceUnit, keyword: Keyword, name: str, line: Line
    ) -> Iterator[Statement]:
        """Decide what a statement is from its position."""
        inside = top.keyword
        if keyword is Keyword.CONTAINS and top.contains():
            return
        if inside is Keyword.TYPE:
            yield from self._component(top, keyword, line)
        elif (
            inside is Keyword.INTERFACE
            and keyword is Keyword.PROCEDURE
            and NAMES.match(skeleton(line.text))
        ):
            yield Statement(Keyword.MODULE_PROCEDURE, line)
        elif keyword is Keyword.MODULE_PROCEDURE and inside is not Keyword.INTERFACE:
            yield from self._open(Keyword.PROCEDURE_BODY, name, line)
        elif keyword is Keyword.IGNORED:
            return
        elif top.part is Part.CONTAINED:
            yield Statement(Keyword.UNKNOWN, line)
        elif keyword is Keyword.EXECUTABLE:
            yield from self._begin_execution(top, line)
        else:
            yield Statement(keyword, line)

    def _component(
        self, top: SourceUnit, keyword: Keyword, line: Line
    ) -> Iterator[Statement]:
        if keyword is Keyword.PROCEDURE and top.part is Part.CONTAINED:
            keyword = Keyword.BINDING
        elif keyword not in _COMPONENTS:
            keyword = Keyword.UNKNOWN
        yield Statement(keyword, line)

    def _begin_execution(self, top: SourceUnit, line: Line) -> Iterator[Statement]:
        if top.keyword not in PROCEDURES:
            yield Statement(Keyword.UNKNOWN, line)
            return
        top.part = Part.EXECUTION
        top.watched = self.watched()
        yield from self._read_executable(top, line)

    def _read_executable(self, top: SourceUnit, line: Line) -> Iterator[Statement]:
        text = line.text.lstrip()
        if text[:1].isdigit():
            text = text.lstrip("0123456789").lstrip()
        start = text[:3].lower()
        if start[:1] == "e" and " " in start and self.form is Form.FIXED:
            text = line._replace(text=text).squeezed().text
            start = text[:3].lower()
        if top.watched is not None:
            nested = self._nest(top, text, line)
            if nested is not None:
                yield nested
                return
        if start == "end":
            found = self._end_of_unit(text)
            if found and found.group(1) in UNIT_END:
                yield from self._end(line._replace(text=lower(text)))
            return
        if start == "con" and text.rstrip().lower() == "contains":
            top.part = Part.CONTAINED
            return
        if start == "ent":
            bones = skeleton(lower(text))
            glued = self.form is Form.FIXED and GLUED_ENTRY.match(bones)
            is_entry = glued or bones.startswith("entry ")
            if is_entry and not ASSIGNMENT.match(bones):
                yield Statement(Keyword.ENTRY, line._replace(text=lower(line.text)))
                top.watched = self.watched()  # it may bring new dummy procedures
            return
        if start == "abs" or start in HEADER_STARTS:
            opened = self._opened_in_execution(text)
            if opened is not None:
                yield from self._open(*opened, line._replace(text=lower(line.text)))
                return
        if top.watched is not None and top.watched(line.text.lower()):
            yield Statement(Keyword.REFERENCE, line._replace(text=lower(line.text)))

    def _nest(self, top: SourceUnit, text: str, line: Line) -> Statement | None:
        """Return a statement that opens or ends a BLOCK or an ASSOCIATE, or declares something in a BLOCK."""
        if not (top.declares or MAY_NEST.search(text.lower())):
            return None
        bones = skeleton(lower(text))
        said = line._replace(text=lower(line.text))
        ended = CONSTRUCT_END.match(bones)
        if ended and top.constructs:
            top.declares = False
            return Statement(Keyword.END, said, closes=top.constructs.pop())
        opened = CONSTRUCT.match(bones)
        if opened:
            keyword = Keyword(opened.group(1))
            top.constructs.append(keyword)
            top.declares = keyword is Keyword.BLOCK
            return Statement(keyword, said)
        if top.declares:
            keyword, _ = classify(bones)
            if keyword in _IN_BLOCK:
                return Statement(keyword, said)
            top.declares = keyword in (Keyword.IGNORED, Keyword.INTERFACE, Keyword.TYPE)
        return None

    def _opened_in_execution(self, text: str) -> tuple[Keyword, str] | None:
        """Whether a statement opens a scope: an interface in a BLOCK, or a unit after a forgotten END."""
        bones = skeleton(lower(text))
        if ASSIGNMENT.match(bones):
            return None
        opened = classify_header(bones)
        return (
            opened
            if opened and (opened[0] in UNITS or opened[0] is Keyword.INTERFACE)
            else None
        )

    def _open(self, keyword: Keyword, name: str, line: Line) -> Iterator[Statement]:
        yield from self._close(self._misplaced(keyword), line)
        if len(self.nest.units) > _DEEPEST:
            yield Statement(Keyword.UNKNOWN, line)
        else:
            yield Statement(keyword, line, name)

    def _misplaced(self, keyword: Keyword) -> int:
        """Count the units that must have ended before a unit of this kind can begin."""
        if keyword in _OUTERMOST:
            return len(self.nest.units) - 1
        return self.nest.misplaced(keyword)

    def _end_of_unit(self, text: str) -> re.Match[str] | None:
        """Return what an END statement says; its first group is the kind of the unit."""
        found = END.match(skeleton(lower(text)))
        if found is None and self.form is Form.FIXED:
            bones = skeleton("".join(lower(text).split()))
            found = None if ASSIGNMENT.match(bones) else GLUED_END.match(bones)
        return found

    def _end(self, line: Line) -> Iterator[Statement]:
        found = self._end_of_unit(line.text)
        said = (found.group(1) if found else None) or ""
        if self.nest.top.keyword is None:
            yield Statement(Keyword.END, line)
            return
        depth = self.nest.ended_by(said)
        if depth == 0:
            yield Statement(Keyword.UNKNOWN, line)
            return
        yield from self._close(depth - 1, line)
        yield Statement(Keyword.END, line, closes=self.nest.top.keyword)

    def _close(self, count: int, line: Line) -> Iterator[Statement]:
        """Close scopes whose END is missing."""
        for _ in range(count):
            yield Statement(
                Keyword.END,
                line._replace(text=""),
                closes=self.nest.top.keyword,
                implied=True,
            )


_OUTERMOST = frozenset(
    {Keyword.PROGRAM, Keyword.MODULE, Keyword.SUBMODULE, Keyword.BLOCK_DATA}
)
# what may stand alone in a file: the statements of a main program without its PROGRAM statement
_STRAY = (
    frozenset(Keyword)
    - OPENING
    - {
        Keyword.END,
        Keyword.CONTAINS,
        Keyword.UNKNOWN,
        Keyword.IGNORED,
        Keyword.IMPORT,
    }
)
_IN_BLOCK = frozenset(
    {
        Keyword.DECLARATION,
        Keyword.PROCEDURE,
        Keyword.USE,
        Keyword.DIMENSION,
        Keyword.PARAMETER,
        Keyword.EXTERNAL,
        Keyword.ALLOCATABLE,
        Keyword.POINTER,
        Keyword.TARGET,
    }
)
_COMPONENTS = frozenset(
    {
        Keyword.DECLARATION,
        Keyword.PROCEDURE,
        Keyword.BINDING,
        Keyword.ACCESS,
        Keyword.SEQUENCE,
        Keyword.UNKNOWN,
    }
)
