"""Asks fparser.two whether a statement of a source is Fortran, and spells it so that fparser.two accepts it.

fparser's trees hold no columns, so what a statement says is read from its text (`statements`, `headers`) once fparser
has accepted it.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from f2pypy.expressions.fortran import wire_grammar
from f2pypy.reading.declarations import FORTRAN_ATTRIBUTES
from f2pypy.reading.forms import Form
from f2pypy.reading.keywords import Keyword
from f2pypy.reading.lines import LITERAL, Line

# The grammar's rule for each sort of statement; None for those that are read as they are.
RULES: Mapping[Keyword, str | None] = {
    Keyword.SUBROUTINE: "Subroutine_Stmt",
    Keyword.FUNCTION: "Function_Stmt",
    Keyword.INTERFACE: "Interface_Stmt",
    Keyword.TYPE: "Derived_Type_Stmt",
    Keyword.SUBMODULE: "Submodule_Stmt",
    Keyword.DECLARATION: "Type_Declaration_Stmt",
    Keyword.PROCEDURE: "Procedure_Declaration_Stmt",
    Keyword.MODULE_PROCEDURE: "Procedure_Stmt",
    Keyword.ENTRY: "Entry_Stmt",
    Keyword.USE: "Use_Stmt",
    Keyword.IMPLICIT: "Implicit_Stmt",
    Keyword.PARAMETER: "Parameter_Stmt",
    Keyword.DIMENSION: "Dimension_Stmt",
    Keyword.VIRTUAL: "Dimension_Stmt",
    Keyword.COMMON: "Common_Stmt",
    Keyword.ACCESS: "Access_Stmt",
    Keyword.BIND: "Bind_Stmt",
    Keyword.INTENT: "Intent_Stmt",
    Keyword.OPTIONAL: "Optional_Stmt",
    Keyword.EXTERNAL: "External_Stmt",
    Keyword.INTRINSIC: "Intrinsic_Stmt",
    Keyword.ALLOCATABLE: "Allocatable_Stmt",
    Keyword.POINTER: "Pointer_Stmt",
    Keyword.TARGET: "Target_Stmt",
    Keyword.VALUE: "Value_Stmt",
    Keyword.VOLATILE: "Volatile_Stmt",
    Keyword.ASYNCHRONOUS: "Asynchronous_Stmt",
    # the same list of names; it has no rule of its own
    Keyword.CONTIGUOUS: "Volatile_Stmt",
    Keyword.PROTECTED: "Protected_Stmt",
    Keyword.SAVE: "Save_Stmt",
    Keyword.ASSOCIATE: "Associate_Stmt",
    Keyword.DATA: None,
    Keyword.EQUIVALENCE: None,
    # fparser.two knows nothing of Fortran 2018's
    Keyword.IMPORT: None,
}
# What may stand in blocks that hold other statements.
RULES_INSIDE: Mapping[Keyword | None, Mapping[Keyword, str | None]] = {
    Keyword.TYPE: {
        Keyword.DECLARATION: "Data_Component_Def_Stmt",
        Keyword.PROCEDURE: "Proc_Component_Def_Stmt",
        Keyword.ACCESS: "Access_Stmt",
        Keyword.SEQUENCE: None,
    },
    Keyword.ENUM: {Keyword.ENUMERATOR: "Enumerator_Def_Stmt"},
}
# Literals, numbers with a fraction, and names: no quote or point is beside them, which would make them literals and
# operators.
_NAME = re.compile(
    LITERAL
    + r"|(?<![\w.$])(?:\d+\.\d+(?:[ed][-+]?\d+)?(?![\d.])|[a-z][a-z0-9_]*(?![\w$]|\s*[.'\"]))"
)
_LIST = re.compile(r"\ba(?:\s*,\s*a\b)+")
# The words of statements; their names may be any other.
_SAID_BY_RULES = FORTRAN_ATTRIBUTES | {
    *("integer", "real", "double", "precision", "doubleprecision", "complex"),
    *("doublecomplex", "logical", "character", "byte", "type", "class", "procedure"),
    *("subroutine", "function", "recursive", "pure", "elemental", "impure", "module"),
    *("submodule", "result", "entry", "use", "only", "non_intrinsic", "import"),
    *("interface", "abstract", "operator", "assignment", "read", "write", "formatted"),
    *(
        "unformatted",
        "extends",
        "in",
        "out",
        "inout",
        "c",
        "name",
        "common",
        "implicit",
    ),
    *("none", "enumerator", "associate", "data", "equivalence", "sequence", "block"),
    *("end", "is", "default", "all", "null", "z"),
}
# The plainest statements of the most usual rules. fparser would take all of them, but loading it and parsing them takes
# longer than the rest of the reading. Blanks before what may be missing are missing with it: where two patterns of
# blanks meet, a long row of these is divided between them in every way.
_ATOM = r"(?:[a-z]\w*|\d+)"
_SUM = rf"{_ATOM}(?: ?[-+*] ?{_ATOM})*"
_EXTENT = rf"(?:{_SUM} ?: ?)?{_SUM}"
_SHAPE = (
    rf"\( ?(?::(?: ?, ?:)*|(?:{_EXTENT} ?, ?)*(?:{_EXTENT}|(?:{_SUM} ?: ?)?\*)) ?\)"
)
_ENTITY = rf"[a-z]\w*(?: ?{_SHAPE})?"
_SELECTOR = rf"(?:\*\d+|\( ?(?:kind ?= ?)?{_ATOM} ?\))"
_LENGTH_OF_TEXT = rf"(?:\*\d+|\*\(\*\)|\( ?(?:len ?= ?)?(?:{_ATOM}|\*|:) ?\))"
_BARE_TYPE = (
    r"(?:(?:integer|real|complex|logical|character)(?: ?\*\d+)?|double precision)"
)
_TYPE_SAID = (
    rf"(?:(?:integer|real|complex|logical)(?: ?{_SELECTOR})?|double precision|character(?: ?{_LENGTH_OF_TEXT})?"
    r"|type ?\( ?(?!integer|real|complex|logical|character|double|function)[a-z]\w* ?\))"
)
_ATTRIBUTE = rf"(?:intent ?\( ?(?:in|out|inout) ?\)|optional|value|allocatable|pointer|target|dimension ?{_SHAPE})"
_WORDS_BEFORE = (
    r"(?:pure|elemental|recursive|module|pure module|pure elemental|elemental module) "
)
_DUMMIES = r"\((?: ?[a-z]\w*(?: ?, ?[a-z]\w*)*)? ?\)"
PLAIN: Mapping[str, re.Pattern[str]] = {
    rule: re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.ASCII)
    for rule, pattern in {
        "Type_Declaration_Stmt": rf"(?:{_TYPE_SAID}(?: ?, ?{_ATTRIBUTE})* ?:: ?|{_BARE_TYPE} )"
        rf"{_ENTITY}(?: ?, ?{_ENTITY})*",
        "Subroutine_Stmt": rf"(?:{_WORDS_BEFORE})?subroutine [a-z]\w*(?: ?{_DUMMIES})?",
        "Function_Stmt": rf"(?!.*function.*function)(?:{_WORDS_BEFORE})?(?:{_TYPE_SAID} )?function [a-z]\w* ?{_DUMMIES}"
        r"(?: ?result ?\( ?[a-z]\w* ?\))?",
    }.items()
}
_LONGEST = 200_000  # characters of one statement; the standard allows some 33,000
_ASSUMED_TYPE = re.compile(r"(?<=type)(\s*\(\s*)\*(\s*\))")
_ASSUMED_RANK = re.compile(r"(\(\s*)\.\.(\s*\))")
_DEPTH = re.compile(LITERAL + r"|\(/|/\)|[()\[\]/]|=>|::")
_IMPLICIT_NONE = re.compile(r"implicit\s*(?:none|undefined)\b")


def accepted_spellings(
    rule: str, keyword: Keyword, line: Line, form: Form
) -> Iterator[Line]:
    """Yield the spellings of a statement that are what the rule says; none where it is another statement."""
    if keyword is Keyword.IMPLICIT and _IMPLICIT_NONE.match(line.text):
        yield line
        return
    for spelling in spellings(keyword, line, form):
        shown, spelled = respell(keyword, spelling)
        if is_accepted(rule, spelled.strip()):
            yield shown.stripped()


@functools.lru_cache(maxsize=8192)
def is_accepted(rule: str, text: str) -> bool:
    """Whether fparser.two takes a text for what a rule of its grammar says."""
    if len(text) > _LONGEST:
        return False
    if rule in PLAIN and PLAIN[rule].fullmatch(text):
        return True
    # statements that differ only in names are parsed once
    return is_parsed(rule, shape_of(text)) or is_parsed(rule, text)


@functools.lru_cache(maxsize=8192)
def is_parsed(rule: str, text: str) -> bool:
    """Whether fparser.two parses this very text by a rule of its grammar."""
    try:
        return _grammar()[rule](text) is not None
    except Exception:
        return False


def shape_of(text: str) -> str:
    """Return a lower-case statement with one name for all names to which the grammar gives no meaning, in short lists.

    One text stands for all texts, and one number for all that have a fraction. Lists stay as long as they are beside
    intrinsic functions, whose arguments fparser counts.
    """
    functions = _intrinsic_functions()
    has_functions = False

    def any_name(found: re.Match[str]) -> str:
        nonlocal has_functions
        name = found.group()
        if name in functions:
            has_functions = True
            return name
        if name[0] in "'\"":
            # a letter before it makes a number of it: z'ff'
            before = text[found.start() - 1 : found.start()]
            is_text = name.count(name[0]) % 2 == 0 and not before.isalnum()
            return "''" if is_text else name
        if name[0].isdigit():
            return "1.0"
        return name if name in _SAID_BY_RULES else "a"

    shape = _NAME.sub(any_name, text)
    return shape if has_functions else _LIST.sub("a, a", shape)


@functools.lru_cache(maxsize=1)
def _intrinsic_functions() -> frozenset[str]:
    rule: Any = _grammar()["Intrinsic_Name"]
    return frozenset(name.lower() for name in rule.function_names)


@functools.lru_cache(maxsize=1)
def _grammar() -> Mapping[str, type]:
    """Return fparser.two's classes by name; they are wired together for Fortran 2008 on first use."""
    from fparser.two import Fortran2003, Fortran2008

    # its findings are reported with the user's file and line
    logging.getLogger("fparser").propagate = False
    wire_grammar()
    return {**vars(Fortran2003), **vars(Fortran2008)}


def respell(keyword: Keyword, line: Line) -> tuple[Line, str]:
    """Return a statement and its text as fparser.two accepts it: of the same length, so that places stay valid.

    ``type(*)`` becomes a type with a name, ``(..)`` a deferred extent, ``=>`` an equals sign; codimensions after names
    become blanks, and so do initial values between slashes in the type declarations that may have them. VIRTUAL is
    DIMENSION, and CONTIGUOUS is written like VOLATILE.
    """
    text = line.text
    match keyword:
        case Keyword.VIRTUAL:
            end = text.index("virtual") + len("virtual")
            line = insert_blank(insert_blank(line, end), end)
            text = line.text.replace("virtual  ", "dimension", 1)
        case Keyword.CONTIGUOUS:
            text = text.replace("contiguous", "volatile  ", 1)
        case Keyword.SUBROUTINE | Keyword.FUNCTION:
            return line, plain_type(text.replace("non_recursive ", " " * 14))
        case Keyword.DECLARATION:
            text = plain_type(text)
            if "*" in text:
                text = _ASSUMED_TYPE.sub(r"\1z\2", text)
            text = text.replace("=>", " =")
        case (
            Keyword.DIMENSION
            | Keyword.COMMON
            | Keyword.POINTER
            | Keyword.TARGET
            | Keyword.ALLOCATABLE
        ):
            pass
        case _:
            return line, text
    if ".." in text:
        text = _ASSUMED_RANK.sub(r"\1: \2", text)
    slashes = keyword is Keyword.DECLARATION and "/" in text and "::" not in text
    return line, _blank_outside(text, slashes) if slashes or "[" in text else text


def plain_type(text: str) -> str:
    """Return a statement with ``type(real(8))`` written as ``real(8)`` with blanks around: Fortran 2008 has both."""
    found = _TYPE_OF_INTRINSIC.search(text)
    if found is None:
        return text
    opening, end = found.start(1), _closing(text, found.start(1))
    inner = text[opening + 1 : end - 1]
    before = text[: found.start()] + " " * (opening + 1 - found.start())
    return f"{before}{inner} {text[end:]}"


_TYPE_OF_INTRINSIC = re.compile(
    r"(?<!\w)type\s*(\()(?=\s*(?:integer|real|double\s*precision|complex|logical|character)\s*[(*)])"
)


def _blank_outside(text: str, slashes: bool) -> str:
    """Blank what stands in brackets after a name, or between slashes, outside of parentheses."""
    pieces = list(text)
    depth, opened = 0, -1
    for found in _DEPTH.finditer(text):
        token, at = found.group(), found.start()
        if token[0] in "'\"" or (
            opened >= 0 and token != ("]" if text[opened] == "[" else "/")
        ):
            continue
        if opened >= 0:
            pieces[opened : at + 1] = " " * (at + 1 - opened)
            opened = -1
        elif depth == 0 and (
            (token == "/" and slashes) or (token == "[" and _follows_name(text[:at]))
        ):
            opened = at
        elif token in ("(", "(/", "["):
            depth += 1
        elif token in (")", "/)", "]"):
            depth -= 1
    return "".join(pieces)


def _follows_name(before: str) -> bool:
    """Whether a bracket after this text is a codimension, and neither an attribute nor an array constructor."""
    before = before.rstrip()
    return bool(re.search(r"[\w)]\Z", before)) and not before.endswith("codimension")


# --- blanks --------------------------------------------------------------------------------------------------------

_TYPE_WORD = re.compile(
    r"\s*(?:integer|real|double\s*precision|double\s*complex|complex|character|logical|byte|type|class)\s*"
)
_SIZE = re.compile(r"\*\s*\d*")
_KEYWORD = re.compile(
    r"(?:dimension|virtual|common|external|intrinsic|optional|allocatable|pointer|target|value|volatile|protected|save"
    r"|implicit|use|entry|public|private)(?=\w)"
)
_PREFIX = re.compile(
    r"(?:recursive|pure|elemental|impure|module|integer|real|complex|logical|character|byte"
    r"|doubleprecision|doublecomplex|\)|\*\d+)(?=[a-z])"
)
_HEADER = re.compile(r"(subroutine|function)([a-z])")


def spellings(keyword: Keyword, line: Line, form: Form) -> Iterator[Line]:
    """Give a statement as it is written, then with the blanks where fparser.two wants them.

    Those between words may be missing after a parenthesis, ``real(8)x``; in fixed form blanks mean nothing at all.
    """
    yield line
    if keyword is Keyword.DECLARATION:
        yield separate_type(line)
    if form is Form.FIXED:
        squeezed = line.squeezed()
        if keyword is Keyword.DECLARATION:
            yield separate_type(squeezed)
        elif keyword in (Keyword.SUBROUTINE, Keyword.FUNCTION):
            yield squeezed._replace(text=separate_header(squeezed.text))
        else:
            yield squeezed._replace(
                text=_KEYWORD.sub(r"\g<0> ", squeezed.text, count=1)
            )


def separate_call(line: Line, names: Collection[str]) -> Line:
    """Put a blank between CALL and one of the names."""
    found = _GLUED_CALL.search(line.text)
    if found is None or found.group(1) not in names:
        return line
    return insert_blank(line, found.start(1))


_GLUED_CALL = re.compile(r"(?:\A[\s\d]*|\)\s*)call([a-z]\w*)\s*(?:\(|\Z)")


def separate_header(text: str) -> str:
    """Put blanks between the words of a SUBROUTINE or FUNCTION statement that has none."""
    found = _HEADER.search(text)
    if found is None:
        return text
    prefix = _PREFIX.sub(r"\g<0> ", text[: found.start() + 1])[:-1]
    return f"{prefix} {found.group(1)} {text[found.start(2) :]}"


def separate_type(line: Line) -> Line:
    """Put a blank between the type of a declaration and the first name."""
    found = _TYPE_WORD.match(line.text)
    if found is None:
        return line
    end = found.end()
    if line.text[end : end + 1] == "*":
        size = _SIZE.match(line.text, end)
        end = size.end() if size else end
    if line.text[end : end + 1] == "(":
        end = _closing(line.text, end)
    return insert_blank(line, end) if re.match(r"[a-z]", line.text[end:]) else line


def _closing(text: str, opening: int) -> int:
    """Return where the parenthesis ends that opens at `opening`."""
    depth = 0
    for found in _DEPTH.finditer(text, opening):
        depth += found.group().startswith("(") - found.group().endswith(")")
        if depth == 0:
            return found.end()
    return len(text)


def insert_blank(line: Line, at: int) -> Line:
    """Return the line with one more blank; what follows keeps its place in the file."""
    here = line.span(at)
    before = [place for place in line.places if place[0] <= at]
    after = [
        (offset + 1, row, column) for offset, row, column in line.places if offset > at
    ]
    places = (*before, (at + 1, here.line, here.column), *after)
    return line._replace(text=f"{line.text[:at]} {line.text[at:]}", places=places)
