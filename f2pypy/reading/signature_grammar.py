# mypy: disallow-subclassing-any=False
"""Tells the statements of signature files apart: by fparser.one's classes, and f2py's own by their first words.

fparser's own reader, block filling and `analyze` are never used: the first loses columns and exits the process, the
second recurses, the third takes C for Fortran. fparser's trees hold no columns either, so what a statement says is read
from its text (`statements`, `headers`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fparser.common.readfortran import Line as FparserLine
from fparser.common.sourceinfo import FortranFormat
from fparser.common.splitline import StringReplaceDict
from fparser.common.utils import AnalyzeError, ParseError
from fparser.one import block_statements, statements, typedecl_statements

from f2pypy.reading.keywords import OPENING, Keyword
from f2pypy.reading.scanner import Scanner, Unreadable

# What fparser's line class writes in place of brackets and quotes; a source must not hold it.
_PLACEHOLDERS = ("F2PY_EXPR_TUPLE_", "_F2PY_STRING_CONSTANT_", "F2PY_REAL_CONSTANT_")
_WORD = re.compile(r"\w*")

_TYPE = (
    r"(?:double\s*precision|double\s*complex|integer|real|complex|logical|character|byte)"
    r"(?:\s*\*\s*(?:\d+|\(\w*\))|\s*\(\w*\))?|(?:type|class)\s*\(\w*\)"
)
_PREFIX = rf"(?:(?:recursive|non_recursive|pure|impure|elemental|module)\b\s*|(?:{_TYPE})\s*)*"

# An END statement: the sort of block that it ends, and its name, after the sort or alone.
END = re.compile(
    r"end(?:\s*(?:abstract\s+(?=interface))?(?P<kind>python\s*module|block\s*data|subroutine|function|interface"
    r"|submodule|module|program|type|enum|procedure)(?:\s+(?P<name>.*)|(?P<glued>\w*))"
    r"|\s+(?!if|do|select|where|forall|associate|block|critical)(?P<alone>[A-Za-z_$][\w$]*))?\Z",
    re.IGNORECASE,
)

Match = Callable[[str], Any]


def _starts(pattern: str) -> Match:
    return re.compile(pattern, re.IGNORECASE).match


# C code first, which need not be balanced.
_CODE: tuple[tuple[Keyword, Match], ...] = (
    (Keyword.CODE, statements.CallStatement.match),
    (Keyword.CODE, statements.CallProtoArgument.match),
    (Keyword.CODE, _starts(r"(?:usercode|pymethoddef)\b")),
    (Keyword.FORTRAN_NAME, _starts(r"fortranname\b")),
    (Keyword.F2PY_ATTRIBUTE, _starts(r"note\s*\(")),
    (Keyword.THREAD_SAFE, statements.Threadsafe.match),
)
_BINDING = _starts(r"(?:procedure|generic|final)\b")
# The order in which a statement is tried. A pattern of our own stands where fparser has none, or a narrower one.
_ORDER: tuple[tuple[Keyword, Match], ...] = (
    (Keyword.END, END.match),
    (Keyword.SUBROUTINE, _starts(_PREFIX + r"subroutine\s+[\w$]")),
    (Keyword.FUNCTION, _starts(_PREFIX + r"function\s+[\w$]")),
    *(
        (Keyword.DECLARATION, each.match)
        for each in (
            *typedecl_statements.intrinsic_type_spec,
            *(typedecl_statements.TypeStmt, typedecl_statements.Class),
        )
    ),
    (Keyword.INTENT, statements.Intent.match),
    (Keyword.F2PY_ATTRIBUTE, statements.Check.match),
    (Keyword.F2PY_ATTRIBUTE, statements.Depend.match),
    (Keyword.DIMENSION, statements.Dimension.match),
    (Keyword.OPTIONAL, statements.Optional.match),
    (Keyword.EXTERNAL, statements.External.match),
    (Keyword.INTRINSIC, statements.Intrinsic.match),
    (Keyword.ALLOCATABLE, statements.Allocatable.match),
    (Keyword.POINTER, statements.Pointer.match),
    (Keyword.TARGET, statements.Target.match),
    (Keyword.VALUE, statements.Value.match),
    (Keyword.VOLATILE, statements.Volatile.match),
    (Keyword.ASYNCHRONOUS, statements.Asynchronous.match),
    (Keyword.PROTECTED, statements.Protected.match),
    (Keyword.USE, statements.Use.match),
    (Keyword.COMMON, statements.Common.match),
    (
        Keyword.INTERFACE,
        _starts(r"(?:interface\b|abstract\s*interface(?:\s+\w+)?\s*\Z)"),
    ),
    (
        Keyword.TYPE,
        _starts(
            r"type\s*(?:,.*::\s*|::\s*|\s)[A-Za-z_$][\w$]*\s*(?:\(\w*\)\s*)?\Z",
        ),
    ),
    (Keyword.PYTHON_MODULE, block_statements.PythonModule.match),
    (Keyword.BLOCK_DATA, block_statements.BlockData.match),
    (Keyword.PROCEDURE, _starts(r"procedure\s*\(")),
    (Keyword.MODULE_PROCEDURE, statements.ModuleProcedure.match),
    (Keyword.MODULE, _starts(r"module\s+[\w$]+\Z")),
    (Keyword.SUBMODULE, _starts(r"submodule\s*\(\w*\)\s*[\w$]+\Z")),
    (Keyword.PROGRAM, block_statements.Program.match),
    (Keyword.PARAMETER, statements.Parameter.match),
    (Keyword.IMPLICIT, typedecl_statements.Implicit.match),
    (
        Keyword.F2PY_ATTRIBUTE,
        _starts(r"(?:required|virtual|contiguous|static|automatic)\b"),
    ),
    (Keyword.BIND, statements.Bind.match),
    (Keyword.ACCESS, statements.Public.match),
    (Keyword.ACCESS, statements.Private.match),
    (Keyword.SAVE, statements.Save.match),
    (Keyword.DATA, statements.Data.match),
    (Keyword.ENTRY, statements.Entry.match),
    (Keyword.EQUIVALENCE, _starts(r"equivalence\s*\(")),
    (Keyword.ENUM, block_statements.Enum.match),
    (Keyword.ENUMERATOR, statements.Enumerator.match),
    (Keyword.CONTAINS, statements.Contains.match),
    (Keyword.IMPORT, statements.Import.match),
    (Keyword.SEQUENCE, _starts(r"sequence\b")),
    # what is executable and says nothing of arguments
    (Keyword.IGNORED, _starts(r"(?:namelist|format)\b|(?:return|continue|stop)\s*\Z")),
    (Keyword.CALL, _starts(r"call\s+[A-Za-z_$]")),
    (
        Keyword.FUNCTION_CALL,
        _starts(
            r"(?a)[A-Za-z_$][\w$]*\s*(?:\(\w*\)\s*)?=\s*[A-Za-z_$][\w$]*\s*\(\w*\)\s*\Z"
        ),
    ),
)
_DECLARING = frozenset(
    {
        *(Keyword.DECLARATION, Keyword.PROCEDURE, Keyword.INTENT),
        *(Keyword.F2PY_ATTRIBUTE, Keyword.DIMENSION, Keyword.OPTIONAL),
        *(Keyword.EXTERNAL, Keyword.INTRINSIC, Keyword.ALLOCATABLE),
        *(Keyword.POINTER, Keyword.TARGET, Keyword.VALUE, Keyword.VOLATILE),
        *(Keyword.ASYNCHRONOUS, Keyword.PROTECTED, Keyword.USE, Keyword.COMMON),
        *(Keyword.PARAMETER, Keyword.BIND, Keyword.ACCESS, Keyword.SAVE),
        *(Keyword.DATA, Keyword.EQUIVALENCE, Keyword.ENUMERATOR),
    }
)
# The statements without C, which fparser.one reads in full.
_CHECKED: dict[Keyword, type] = {
    Keyword.USE: statements.Use,
    Keyword.PARAMETER: statements.Parameter,
    Keyword.COMMON: statements.Common,
    Keyword.DATA: statements.Data,
    Keyword.ENTRY: statements.Entry,
    Keyword.MODULE_PROCEDURE: statements.ModuleProcedure,
}


def recognize(scan: Scanner, *, binds: bool = False) -> Keyword:
    """Return what a statement is; UNKNOWN where nothing begins like it.

    `binds` says that it stands after the CONTAINS of a type, where PROCEDURE doesn't declare a pointer.
    Raises `Unreadable` where fparser's class knows it and can't read it.
    """
    text = scan.text
    if not text and scan.line.block is not None:
        return Keyword.DOCUMENTATION
    for keyword, matches in _CODE:
        if matches(text):
            return keyword
    mask = scan.mask
    if binds and _BINDING(mask):
        return Keyword.BINDING
    for keyword, matches in _ORDER:
        if matches(mask):
            if keyword in _CHECKED:
                _check(scan, _CHECKED[keyword])
            return keyword
    return Keyword.UNKNOWN


def declares(text: str) -> Keyword | None:
    """Return what an unreadable statement is that says something of the names in it and of no others."""
    found = (keyword for keyword, matches in _ORDER if matches(text))
    keyword = next(found, None)
    return keyword if keyword in _DECLARING else None


def opens(text: str) -> Keyword | None:
    """Return what an unreadable statement would have opened, if it would."""
    found = (keyword for keyword, matches in _ORDER if keyword in OPENING and matches(text))  # fmt: skip
    return next(found, None)


def _check(scan: Scanner, cls: Any) -> None:
    """Raise `Unreadable` where fparser's class can't read a statement."""
    statement = cls.__new__(
        cls
    )  # its constructor copies tables that only `analyze` uses
    statement.item = _Placeheld(scan)
    statement.isvalid = True
    try:
        statement.process_item()
    except (
        *(AssertionError, AttributeError, IndexError, TypeError, ValueError),
        *(AnalyzeError, ParseError),
    ):
        statement.isvalid = False
    if not statement.isvalid:
        keyword = re.split(r"\W", scan.text, maxsplit=1)[0]
        raise Unreadable(0, f"this {keyword!r} statement can't be read")


class _Reader:
    """What fparser's statements use of a reader: the format of the source."""

    # free and strict: fparser's name for signature files
    format = FortranFormat(True, True)


class _Placeheld(FparserLine):
    """fparser's line over a `Scanner`: it gives the text with placeholders for brackets and quotes."""

    def __init__(self, scan: Scanner) -> None:
        self.scan = scan
        self.line = scan.text
        self.span = (scan.span().line,) * 2
        self.label = self.name = None
        self.strline: str | None = None
        self.reader = _Reader()
        self.is_f2py_directive = False

    def copy(self, line: str | None = None, apply_map: bool = False) -> _Placeheld:
        """Return a line with the text `line`, as fparser's classes ask for one."""
        text = self.line if line is None else line
        if apply_map:
            text = self.apply_map(text)
        part = self.scan.line._replace(text=text)
        return _Placeheld(Scanner(part, self.scan.diagnostics, self.scan.dialect))

    def get_line(self, apply_map: bool = False) -> str:
        """Return the text with fparser's placeholders for brackets and quotes."""
        if apply_map:
            return self.line
        if self.strline is None:
            self.strline, self.strlinemap = self._write_placeholders()
        return self.strline

    def _write_placeholders(self) -> tuple[str, StringReplaceDict]:
        if any(p in self.line for p in _PLACEHOLDERS):
            raise Unreadable(
                0, f"names that begin with {_PLACEHOLDERS[0]!r} are reserved"
            )
        replaced = StringReplaceDict()
        pieces, start = [], 0
        for number, (inner, stop) in enumerate(self.scan.groups(), 1):
            is_quoted = self.line[stop] in "'\""
            key = (
                f"_F2PY_STRING_CONSTANT_{number}_"
                if is_quoted
                else f"F2PY_EXPR_TUPLE_{number}"
            )
            # fparser leaves single words as they are, and its classes rely on it
            if not _WORD.fullmatch(self.line, inner, stop):
                replaced[key] = self.line[inner:stop]
                pieces += [self.line[start:inner], key]
                start = stop
        pieces.append(self.line[start:])
        return "".join(pieces), replaced
