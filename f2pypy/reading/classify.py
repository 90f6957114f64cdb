"""Tells from its first words what a statement of a source is; most are executable, and need no parser."""

from __future__ import annotations

import re

from f2pypy.reading.keywords import Keyword
from f2pypy.reading.lines import LITERAL

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
ASSIGNMENT = re.compile(r"[a-z][\w$]*(?:\(\)|\[\])*(?:%[a-z]\w*(?:\(\)|\[\])*)*=(?!=)")
_PREFIXED = re.compile(
    r"(?:(?:recursive|non_recursive|pure|impure|elemental|module|integer|real|complex|logical|character|byte"
    r"|double ?precision|double ?complex|type(?=\()|class(?=\())(?:\*\d+|\*?\(\))? ?)*"
    r"(?:(subroutine) ?([a-z][\w$]*)(?:\(\)| ?bind\(\)|\Z)|(function) ?([a-z][\w$]*)\(\))"
)
# what may be an array, too: `real functions(10)`
GLUEABLE = (Keyword.SUBROUTINE, Keyword.FUNCTION)
TYPED_AND_GLUED = re.compile(
    r"(?:integer|real|complex|logical|character|byte|double ?precision|double ?complex|type(?=\()|class(?=\())"
    r"(?:\*\d+|\*?\(\))? ?(?:subroutine|function)[a-z]\w*\(\)"
)
_UNIT = re.compile(
    r"(?:(program) ?([a-z]\w*)|(module) (?!procedure\b)([a-z]\w*)|(submodule)\(\) ?([a-z]\w*)"
    r"|(block ?data)(?: ?([a-z]\w*))?|(structure)(?:/.*)?)\Z"
)
_INTERFACE = re.compile(r"(?:abstract ?)?interface(?: |\Z)")
_TYPE = re.compile(r"type(?:,.*::|::| )([a-z]\w*)(?:\(\))?\Z")
_ENUM = re.compile(r"enum,bind\(\)")
_MODULE_PROCEDURE = re.compile(r"module procedure(?:::| )([a-z]\w*(?:,[a-z]\w*)*)\Z")
NAMES = re.compile(r"procedure(?:::| )[a-z]\w*(?:,[a-z]\w*)*\Z")
END = re.compile(
    r"end(?: ?(subroutine|function|program|submodule|module|block ?data|interface|type|enum|structure|procedure)\b"
    r"(?: ?[a-z].*)?)?\Z"
)
# the same in fixed form, where no blank need stand before the name
GLUED_END = re.compile(
    r"end(subroutine|function|program|submodule|module|blockdata|interface|procedure)([a-z]\w*)?\Z"
)
_GLUED_MODULE = re.compile(r"module(?!procedure|subroutine|function)([a-z]\w*)\Z")
GLUED_ENTRY = re.compile(r"entry[a-z]\w*(?:\(\)|\Z)")
# in executable parts only these close the unit; `end type` belongs to a BLOCK, `end block` to itself
UNIT_END = frozenset(
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
CONSTRUCT = re.compile(r"(?:[a-z]\w*:)?(block|associate)(?:\(\))?\Z")
CONSTRUCT_END = re.compile(r"end ?(?:block|associate)(?: ?(?!data\b)[a-z]\w*)?\Z")
MAY_NEST = re.compile(r"block|associate")
LABEL = re.compile(r"\s*\d+\s*(?=[a-z])")
# the first three letters of what may open a unit
HEADER_STARTS = frozenset(
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
STARTS_OF_INTEREST = HEADER_STARTS | {"end", "con", "ent", "abs"}
_BRACKETS = re.compile(LITERAL + r"|[()\[\]]")
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
    if "=" in bones and ASSIGNMENT.match(bones):
        return Keyword.EXECUTABLE, ""
    if bones[:3] == "end" and END.match(bones):
        return Keyword.END, ""
    if bones == "contains":
        return Keyword.CONTAINS, ""
    opened = classify_header(bones)
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
    if not ASSIGNMENT.match(bones):
        if GLUED_END.match(bones):
            return Keyword.END, ""
        found = _GLUED_MODULE.match(bones) if outermost else None
        if found:
            return Keyword.MODULE, found.group(1)
        if GLUED_ENTRY.match(bones):
            return Keyword.ENTRY, ""
    return classify(bones)


def classify_header(bones: str) -> tuple[Keyword, str] | None:
    """Tell what unit or block a statement opens, and its name; None where it opens none."""
    found = _PREFIXED.match(bones) or _UNIT.match(bones)
    if found:
        kind, name = _pair(found)
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
