"""Fortran sources without their executable parts: what is left declares something, opens or closes a unit.

Executable statements are most of a source, and none of them needs a parser: the first word tells them. They
are dropped here, but for those that use a dummy procedure, from which a callback's signature is inferred.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from f2pypy.diagnostics import Span
from f2pypy.reading.forms import Form
from f2pypy.reading.lines import Line, Role, lower, split_statements


class Keyword(enum.Enum):
    """What a statement is."""

    # open a scope
    PROGRAM = "program"
    SUBROUTINE = "subroutine"
    FUNCTION = "function"
    MODULE = "module"
    SUBMODULE = "submodule"
    BLOCK_DATA = "block data"
    PROCEDURE_BODY = "module procedure"
    INTERFACE = "interface"
    TYPE = "type"
    ENUM = "enum"
    STRUCTURE = "structure"
    BLOCK = "block"
    ASSOCIATE = "associate"
    # close one, or part it
    END = "end"
    CONTAINS = "contains"
    # declare
    DECLARATION = "declaration"
    PROCEDURE = "procedure"
    MODULE_PROCEDURE = "module procedure of an interface"
    BINDING = "binding"
    ENUMERATOR = "enumerator"
    ENTRY = "entry"
    USE = "use"
    IMPORT = "import"
    IMPLICIT = "implicit"
    PARAMETER = "parameter"
    DIMENSION = "dimension"
    VIRTUAL = "virtual"
    COMMON = "common"
    DATA = "data"
    EQUIVALENCE = "equivalence"
    ACCESS = "access"
    BIND = "bind"
    INTENT = "intent"
    OPTIONAL = "optional"
    EXTERNAL = "external"
    INTRINSIC = "intrinsic"
    ALLOCATABLE = "allocatable"
    POINTER = "pointer"
    TARGET = "target"
    VALUE = "value"
    VOLATILE = "volatile"
    ASYNCHRONOUS = "asynchronous"
    CONTIGUOUS = "contiguous"
    PROTECTED = "protected"
    SAVE = "save"
    SEQUENCE = "sequence"
    CODIMENSION = "codimension"
    # the rest
    IGNORED = "ignored"  # understood, and of no use to a wrapper: format, namelist
    EXECUTABLE = "executable"
    REFERENCE = "reference"  # an executable statement that uses a dummy procedure
    DIRECTIVE = "directive"
    PREPROCESSOR = "preprocessor"
    UNKNOWN = "unknown"


PROCEDURES = frozenset(
    {Keyword.PROGRAM, Keyword.SUBROUTINE, Keyword.FUNCTION, Keyword.PROCEDURE_BODY}
)
OPENING = PROCEDURES | {
    Keyword.MODULE,
    Keyword.SUBMODULE,
    Keyword.BLOCK_DATA,
    Keyword.INTERFACE,
    Keyword.TYPE,
    Keyword.ENUM,
    Keyword.STRUCTURE,
}
_CONTAINING = PROCEDURES | {Keyword.MODULE, Keyword.SUBMODULE, Keyword.TYPE}
_DEEPEST = 32  # scopes in one another; the standard's rules allow fewer than ten


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


_FIRST_WORDS: tuple[tuple[str, Keyword], ...] = (
    ("use", Keyword.USE),
    ("implicit", Keyword.IMPLICIT),
    ("parameter", Keyword.PARAMETER),
    ("dimension", Keyword.DIMENSION),
    ("virtual", Keyword.VIRTUAL),
    ("common", Keyword.COMMON),
    ("data", Keyword.DATA),
    ("equivalence", Keyword.EQUIVALENCE),
    ("external", Keyword.EXTERNAL),
    ("intrinsic", Keyword.INTRINSIC),
    (r"intent\(", Keyword.INTENT),
    ("optional", Keyword.OPTIONAL),
    ("allocatable", Keyword.ALLOCATABLE),
    ("pointer", Keyword.POINTER),
    ("target", Keyword.TARGET),
    ("value", Keyword.VALUE),
    ("volatile", Keyword.VOLATILE),
    ("asynchronous", Keyword.ASYNCHRONOUS),
    ("contiguous", Keyword.CONTIGUOUS),
    ("codimension", Keyword.CODIMENSION),
    ("protected", Keyword.PROTECTED),
    ("save", Keyword.SAVE),
    ("public", Keyword.ACCESS),
    ("private", Keyword.ACCESS),
    (r"bind\(", Keyword.BIND),
    ("entry ", Keyword.ENTRY),
    ("enumerator", Keyword.ENUMERATOR),
    ("sequence", Keyword.SEQUENCE),
    ("procedure", Keyword.PROCEDURE),
    ("generic|final", Keyword.BINDING),
    (
        r"integer|real|double ?precision|double ?complex|complex|character|logical|byte|type\(|class\(",
        Keyword.DECLARATION,
    ),
    ("import", Keyword.IMPORT),
    (r"format\(|namelist", Keyword.IGNORED),
)
_DECLARING = re.compile("|".join(f"({pattern})" for pattern, _ in _FIRST_WORDS))

_EXECUTING = re.compile(
    r"call|if\(|do\b|do\d|go ?to|continue|return|stop|pause|read|write|print|open|close|rewind|backspace|inquire"
    r"|allocate|deallocate|nullify|select|where|forall|assign\b|cycle|exit|associate|block\b|critical|sync|error ?stop"
    r"|flush|wait|else|case|accept|type\*|type ?\d|encode|decode|lock|unlock|event|form team|change team|fail image"
    r"|end ?\w|[a-z]\w*:(?!:)"
)
_ASSIGNMENT = re.compile(r"[a-z]\w*(?:\(\)|\[\])*(?:%[a-z]\w*(?:\(\)|\[\])*)*=(?!=)")
_PREFIXED = re.compile(
    r"(?:(?:recursive|non_recursive|pure|impure|elemental|module|integer|real|complex|logical|character|byte"
    r"|double ?precision|double ?complex|type(?=\()|class(?=\())(?:\*\d+|\*?\(\))? ?)*"
    r"(?:(subroutine) ?([a-z]\w*)(?:\(\)| ?bind\(\)|\Z)|(function) ?([a-z]\w*)\(\))"
)
_UNIT = re.compile(
    r"(?:(program) ?([a-z]\w*)|(module) (?!procedure\b)([a-z]\w*)|(submodule)\(\) ?([a-z]\w*)"
    r"|(block ?data)(?: ?([a-z]\w*))?|(structure)(?:/.*)?)\Z"
)
_INTERFACE = re.compile(r"(?:abstract ?)?interface(?: |\Z)")
_TYPE = re.compile(r"type(?:,.*::|::| )([a-z]\w*)(?:\(\))?\Z")
_ENUM = re.compile(r"enum,bind\(\)")
_MODULE_PROCEDURE = re.compile(r"module procedure(?:::| )([a-z]\w*(?:,[a-z]\w*)*)\Z")
_NAMES = re.compile(r"procedure(?:::| )[a-z]\w*(?:,[a-z]\w*)*\Z")
_END = re.compile(
    r"end(?: ?(subroutine|function|program|submodule|module|block ?data|interface|type|enum|structure|procedure)\b"
    r"(?: ?[a-z].*)?)?\Z"
)
# the same in fixed form, where no blank need stand before the name
_GLUED_END = re.compile(
    r"end(subroutine|function|program|submodule|module|blockdata|interface|procedure)([a-z]\w*)?\Z"
)
_GLUED_MODULE = re.compile(r"module(?!procedure|subroutine|function)([a-z]\w*)\Z")
_GLUED_ENTRY = re.compile(r"entry[a-z]\w*(?:\(\)|\Z)")
# in executable parts only these close the unit; `end type` belongs to a BLOCK, `end block` to itself
_UNIT_END = frozenset(
    {
        None,
        "subroutine",
        "function",
        "program",
        "procedure",
        "module",
        "submodule",
        "block data",
        "blockdata",
    }
)
# what opens and ends the constructs in which names have a meaning of their own
_CONSTRUCT = re.compile(r"(?:[a-z]\w*:)?(block|associate)(?:\(\))?\Z")
_CONSTRUCT_END = re.compile(r"end ?(?:block|associate)(?: ?(?!data\b)[a-z]\w*)?\Z")
_MAY_NEST = re.compile(r"block|associate")
_LABEL = re.compile(r"\s*\d+\s*(?=[a-z])")
# the first three letters of what may open a unit
_HEADER_STARTS = frozenset(
    {
        "sub",
        "fun",
        "pro",
        "mod",
        "blo",
        "rec",
        "non",
        "pur",
        "imp",
        "ele",
        "int",
        "rea",
        "dou",
        "com",
        "log",
        "cha",
    }
    | {"byt", "typ", "cla"}
)
_STARTS_OF_INTEREST = _HEADER_STARTS | {"end", "con", "ent", "abs"}
_BRACKETS = re.compile(r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|[()\[\]]")
_BLANKS_IN_WORDS = re.compile(r"(?<=\w)\s+(?=\w)")
_NUL = "\0"


def skeleton(text: str) -> str:
    """Return a lower-case statement with empty parentheses and literals, and blanks between words only.

    ``real*8 function f (x, 'a')`` gives ``real*8 function f()``. One pass, whatever the nesting.
    """
    pieces, depth, end = [], 0, 0
    if "(" in text or "'" in text or '"' in text or "[" in text:
        for found in _BRACKETS.finditer(text):
            token = found.group()
            if depth == 0:
                pieces.append(text[end : found.start()])
            if token in "([":
                depth += 1
                if depth == 1:
                    pieces.append("()" if token == "(" else "[]")
            elif token in ")]":
                depth = max(depth - 1, 0)
            elif depth == 0:
                pieces.append("''")
            end = found.end()
        if depth == 0:
            pieces.append(text[end:])
        text = "".join(pieces)
    if " " not in text and "\t" not in text:
        return text
    return "".join(_BLANKS_IN_WORDS.sub(_NUL, text).split()).replace(_NUL, " ")


def classify(bones: str) -> tuple[Keyword, str]:
    """Tell from its skeleton what a statement outside of executable parts is, and the name of what it opens."""
    if "=" in bones and _ASSIGNMENT.match(bones):
        return Keyword.EXECUTABLE, ""
    if bones[:3] == "end" and _END.match(bones):
        return Keyword.END, ""
    if bones == "contains":
        return Keyword.CONTAINS, ""
    opened = _classify_header(bones)
    if opened is not None:
        return opened
    found = _MODULE_PROCEDURE.match(bones)
    if found:
        return Keyword.MODULE_PROCEDURE, found.group(1)
    found = _EXECUTING.match(bones)
    if found:
        return Keyword.EXECUTABLE, ""
    found = _DECLARING.match(bones)
    if found and found.lastindex:
        return _FIRST_WORDS[found.lastindex - 1][1], ""
    return Keyword.UNKNOWN, ""


def classify_glued(text: str, *, outermost: bool) -> tuple[Keyword, str]:
    """Tell as `classify` does what a statement without blanks is; modules begin in no other unit."""
    bones = skeleton(text)
    if not _ASSIGNMENT.match(bones):
        if _GLUED_END.match(bones):
            return Keyword.END, ""
        found = _GLUED_MODULE.match(bones) if outermost else None
        if found:
            return Keyword.MODULE, found.group(1)
        if _GLUED_ENTRY.match(bones):
            return Keyword.ENTRY, ""
    return classify(bones)


def _classify_header(bones: str) -> tuple[Keyword, str] | None:
    found = _PREFIXED.match(bones) or _UNIT.match(bones)
    if found:
        kind, name = (group for group in _pair(found))
        return Keyword("block data" if kind == "blockdata" else kind), name
    if _INTERFACE.match(bones):
        return Keyword.INTERFACE, bones
    found = _TYPE.match(bones)
    if found:
        return Keyword.TYPE, found.group(1)
    if _ENUM.match(bones):
        return Keyword.ENUM, ""
    return None


def _pair(found: re.Match[str]) -> tuple[str, str]:
    """Return the kind and the name of the alternative that matched."""
    groups = found.groups()
    at = next(i for i in range(0, len(groups), 2) if groups[i])
    return groups[at], (groups[at + 1] or "") if at + 1 < len(groups) else ""


class Part(enum.Enum):
    """In which part of its scope a statement stands."""

    SPECIFICATION = "specification"
    EXECUTION = "execution"
    CONTAINED = "contained"


@dataclass(slots=True)
class _Scope:
    keyword: Keyword
    part: Part = Part.SPECIFICATION
    watched: Callable[[str], bool] | None = None
    constructs: list[Keyword] = field(default_factory=list)  # BLOCKs and ASSOCIATEs
    declares: bool = False  # the declarations of a BLOCK stand here


def _holds(scope: _Scope, keyword: Keyword) -> bool:
    """Tell whether a unit of this kind may begin where the scope is now."""
    if scope.keyword in (Keyword.TYPE, Keyword.ENUM):
        return False
    return (
        keyword not in _UNITS
        or scope.part is Part.CONTAINED
        or scope.keyword in _HOLDING
    )


@dataclass(slots=True)
class Stripper:
    """Follows the scopes of one source and drops what is executable.

    `watched` is asked when a unit's executable part begins, and again after an ENTRY in it, after every statement
    before it has been given: it returns what tells the lower-case statements to keep, those that use the unit's dummy
    procedures, or None.
    """

    form: Form
    watched: Callable[[], Callable[[str], bool] | None]
    scopes: list[_Scope] = field(default_factory=list)

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
        yield from self._close(len(self.scopes), last)

    def _is_dropped(self, text: str) -> bool:
        """Whether a statement is executable and of no interest, as most are; a fast test."""
        top = self.scopes[-1] if self.scopes else None
        if top is None or top.part is not Part.EXECUTION:
            return False
        text = text.lstrip().lower()
        start = text[:3]
        if start in _STARTS_OF_INTEREST or start[:1].isdigit():
            return False
        if start[:1] == "e" and " " in start and self.form is Form.FIXED:
            return False  # EN D, perhaps
        if top.watched is None:
            return True
        return not (top.declares or top.watched(text) or _MAY_NEST.search(text))

    def _read(self, line: Line) -> Iterator[Statement]:
        top = self.scopes[-1] if self.scopes else None
        if top is not None and top.part is Part.EXECUTION:
            yield from self._read_executable(top, line)
            return
        text = lower(line.text)
        label = _LABEL.match(text)
        if label:
            text = " " * label.end() + text[label.end() :]
        line = line._replace(text=text)
        keyword, name = classify(skeleton(text))
        if self.form is Form.FIXED and (
            keyword is Keyword.UNKNOWN
            or (keyword is Keyword.EXECUTABLE and text.lstrip()[:3] == "end")
        ):
            # blanks mean nothing in fixed form, not even inside of words, and none need stand between them
            line = line.squeezed()
            keyword, name = classify_glued(line.text, outermost=top is None)
        if keyword is Keyword.END:
            yield from self._end(line)
        elif top is not None and top.keyword is Keyword.STRUCTURE:
            return
        elif keyword in OPENING:
            yield from self._open(keyword, name, line)
        elif top is not None:
            yield from self._place(top, keyword, name, line)
        elif keyword in _STRAY:
            yield from self._open(Keyword.PROGRAM, "", line._replace(text=""))
            yield from self._place(self.scopes[-1], keyword, name, line)
        elif keyword not in (Keyword.IGNORED, Keyword.IMPORT):
            yield Statement(Keyword.UNKNOWN, line)

    def _place(
        self, top: _Scope, keyword: Keyword, name: str, line: Line
    ) -> Iterator[Statement]:
        """Decide what a statement is from its position."""
        inside = top.keyword
        if keyword is Keyword.CONTAINS and inside in _CONTAINING:
            top.part = Part.CONTAINED
        elif inside is Keyword.TYPE:
            yield from self._component(top, keyword, line)
        elif (
            inside is Keyword.INTERFACE
            and keyword is Keyword.PROCEDURE
            and _NAMES.match(skeleton(line.text))
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
        self, top: _Scope, keyword: Keyword, line: Line
    ) -> Iterator[Statement]:
        if keyword is Keyword.PROCEDURE and top.part is Part.CONTAINED:
            keyword = Keyword.BINDING
        elif keyword not in _COMPONENTS:
            keyword = Keyword.UNKNOWN
        yield Statement(keyword, line)

    def _begin_execution(self, top: _Scope, line: Line) -> Iterator[Statement]:
        if top.keyword not in PROCEDURES:
            yield Statement(Keyword.UNKNOWN, line)
            return
        top.part = Part.EXECUTION
        top.watched = self.watched()
        yield from self._read_executable(top, line)

    def _read_executable(self, top: _Scope, line: Line) -> Iterator[Statement]:
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
            if found and found.group(1) in _UNIT_END:
                yield from self._end(line._replace(text=lower(text)))
            return
        if start == "con" and text.rstrip().lower() == "contains":
            top.part = Part.CONTAINED
            return
        if start == "ent":
            bones = skeleton(lower(text))
            glued = self.form is Form.FIXED and _GLUED_ENTRY.match(bones)
            is_entry = glued or bones.startswith("entry ")
            if is_entry and not _ASSIGNMENT.match(bones):
                yield Statement(Keyword.ENTRY, line._replace(text=lower(line.text)))
                top.watched = self.watched()  # it may bring new dummy procedures
            return
        if start == "abs" or start in _HEADER_STARTS:
            opened = self._opened_in_execution(text)
            if opened is not None:
                yield from self._open(*opened, line._replace(text=lower(line.text)))
                return
        if top.watched is not None and top.watched(line.text.lower()):
            yield Statement(Keyword.REFERENCE, line._replace(text=lower(line.text)))

    def _nest(self, top: _Scope, text: str, line: Line) -> Statement | None:
        """Return a statement that opens or ends a BLOCK or an ASSOCIATE, or declares something in a BLOCK."""
        if not (top.declares or _MAY_NEST.search(text.lower())):
            return None
        bones = skeleton(lower(text))
        said = line._replace(text=lower(line.text))
        ended = _CONSTRUCT_END.match(bones)
        if ended and top.constructs:
            top.declares = False
            return Statement(Keyword.END, said, closes=top.constructs.pop())
        opened = _CONSTRUCT.match(bones)
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
        if _ASSIGNMENT.match(bones):
            return None
        opened = _classify_header(bones)
        return (
            opened
            if opened and (opened[0] in _UNITS or opened[0] is Keyword.INTERFACE)
            else None
        )

    def _open(self, keyword: Keyword, name: str, line: Line) -> Iterator[Statement]:
        yield from self._close(self._misplaced(keyword), line)
        if len(self.scopes) >= _DEEPEST:
            yield Statement(Keyword.UNKNOWN, line)
            return
        self.scopes.append(_Scope(keyword))
        yield Statement(keyword, line, name)

    def _misplaced(self, keyword: Keyword) -> int:
        """Count the scopes that must have ended before a unit of this kind can begin."""
        if keyword in _OUTERMOST:
            return len(self.scopes)
        return sum(
            1
            for _ in itertools.takewhile(
                lambda scope: not _holds(scope, keyword), reversed(self.scopes)
            )
        )

    def _end_of_unit(self, text: str) -> re.Match[str] | None:
        """Return what an END statement says; its first group is the kind of the unit."""
        found = _END.match(skeleton(lower(text)))
        if found is None and self.form is Form.FIXED:
            bones = skeleton("".join(lower(text).split()))
            found = None if _ASSIGNMENT.match(bones) else _GLUED_END.match(bones)
        return found

    def _end(self, line: Line) -> Iterator[Statement]:
        found = self._end_of_unit(line.text)
        said = found.group(1) if found else None
        if not self.scopes:
            yield Statement(Keyword.END, line)
            return
        depth = self._closed_by(said)
        if depth == 0:
            yield Statement(Keyword.UNKNOWN, line)
            return
        yield from self._close(depth - 1, line)
        yield Statement(Keyword.END, line, closes=self.scopes.pop().keyword)

    def _closed_by(self, said: str | None) -> int:
        """Count the scopes that ``end said`` closes, 0 if it closes none."""
        if said is None:
            return 1
        keyword = _ENDED[said.replace(" ", "")]
        for depth, scope in enumerate(reversed(self.scopes), 1):
            if scope.keyword is keyword:
                return depth
        # `end function` of a subroutine: the name of the kind is wrong, the end is meant
        return (
            1 if self.scopes[-1].keyword in PROCEDURES and keyword in PROCEDURES else 0
        )

    def _close(self, count: int, line: Line) -> Iterator[Statement]:
        """Close scopes whose END is missing."""
        for _ in range(count):
            yield Statement(
                Keyword.END,
                line._replace(text=""),
                closes=self.scopes.pop().keyword,
                implied=True,
            )


_UNITS = PROCEDURES | {Keyword.MODULE, Keyword.SUBMODULE, Keyword.BLOCK_DATA}
_OUTERMOST = frozenset(
    {Keyword.PROGRAM, Keyword.MODULE, Keyword.SUBMODULE, Keyword.BLOCK_DATA}
)
_HOLDING = frozenset({Keyword.INTERFACE, Keyword.MODULE, Keyword.SUBMODULE})
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
_ENDED = {keyword.value.replace(" ", ""): keyword for keyword in OPENING} | {
    "procedure": Keyword.PROCEDURE_BODY
}


def span_of(statement: Statement) -> Span:
    """Return the place of a statement's first character that is no blank."""
    text = statement.text
    return statement.line.span(len(text) - len(text.lstrip()))
