"""The tokens of C texts: what has to be known about a text before pycparser sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import (
    ExpressionError,
)

# Names of types that signature files use without declaring them.
TYPE_NAME = re.compile(
    r"(?:F_INT|CBLAS_INT|npy_\w+|u?int(?:8|16|32|64|ptr)_t|ptrdiff_t|s?size_t|Py_ssize_t|Py(?:Array)?Object"
    r"|complex_(?:float|double|long_double)|long_double|(?:un)?signed_(?:char|short|int|long|long_long)|long_long)\Z"
)

# The words that types are made of.
TYPE_WORD = re.compile(
    r"(?:char|const|double|enum|float|int|long|restrict|short|signed|struct|union|unsigned|void|volatile|_Bool|_Complex)\Z"
)

# Every keyword of C, pycparser's own among them.
KEYWORDS = frozenset(
    {
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "offsetof", "register", "restrict", "return", "short",
        "signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while",
        "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Noreturn", "_Pragma", "_Static_assert",
        "_Thread_local", "__builtin_va_arg", "__int128",
    }
)  # fmt: skip
# The first letter, in a respelled text, of a variable that C takes for a word of its own; no text has it.
MARK = "$"

# Deeper texts are attacks or accidents; what reads and prints the tree recurses once per level.
MAXIMUM_NESTING = 50
TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<comment>/\*.*?(?:\*/|\Z)|//[^\n]*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<quoted>'(?:\\.|[^'\\\n])*')
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*
      |(?:\d+(?:\.(?![A-Za-z]+\.)\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?(?:_\w+|[uUlLfF]*))
  | (?P<dotted>\.[A-Za-z]+\.)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<operator>\*\*|\(/(?!\*|/)|->|\+\+|--|<<=?|>>=?|[-+*/%&|^=!<>]=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPES = {
    "a": 7,
    "b": 8,
    "f": 12,
    "n": 10,
    "r": 13,
    "t": 9,
    "v": 11,
    "\\": 92,
    "'": 39,
    '"': 34,
    "?": 63,
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(.))", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A token of C or of the Fortran that is mixed in; `kind` is the name of its group in TOKEN."""

    kind: str
    text: str
    at: int


def scan(text: str) -> tuple[Token, ...]:
    """Return every token of a text, blanks and comments too; raises `ExpressionError` for what no C text has."""
    tokens = []
    depth = 0
    for found in TOKEN.finditer(text):
        token = Token(str(found.lastgroup), found.group(), found.start())
        if token.text in ("(", "[", "{", "(/"):
            depth += 1
            if depth > MAXIMUM_NESTING:
                raise ExpressionError(
                    f"more than {MAXIMUM_NESTING} brackets inside each other", token.at
                )
        elif token.text in (")", "]", "}"):
            depth -= 1
        elif token.text in ("#", "\\", "`", "@", "$"):
            raise ExpressionError(f"{token.text!r} is unexpected here", token.at)
        elif token.text in ("'", '"'):
            raise ExpressionError("a quote that isn't closed", token.at)
        tokens.append(token)
    return tuple(tokens)


def is_fortran(tokens: list[Token]) -> bool:
    """Tell whether `tokens` hold what only Fortran has: ``**``, ``(/``, ``.and.``, ``1.0_dp``."""
    for position, token in enumerate(tokens):
        if token.kind == "dotted" and token.text.lower() not in (".true.", ".false."):
            return True
        if token.kind == "number" and "_" in token.text:
            return True
        if token.text == "(/":
            return True
        # `a ** b` is a power, while `**p`, `(**p)`, `2 * **p` follow two pointers
        if token.text == "**" and position and _ends_operand(tokens[position - 1]):
            return True
    return False


def _ends_operand(token: Token) -> bool:
    return token.kind in ("name", "number", "string", "quoted") or token.text in (
        ")",
        "]",
    )


def taken_by_c(names: Iterable[str]) -> frozenset[str]:
    """Return those of the names that C reads as a keyword or a type, whatever the routine's variables are called."""
    return frozenset(n for n in names if n in KEYWORDS or TYPE_NAME.match(n))


def respell(tokens: tuple[Token, ...], variables: frozenset[str] = frozenset()) -> str:
    """Return the text as pycparser reads it, every token at its old place.

    Fortran literals and comments are respelled, and `variables` that C takes for words of its own.
    """
    return "".join(_respell_token(token, variables) for token in tokens)


def _respell_token(token: Token, variables: frozenset[str]) -> str:
    match token.kind:
        case "name" if token.text in variables:
            return MARK + token.text[1:]
        case "comment":
            return re.sub(r"[^\n]", " ", token.text)
        case "blank":
            return re.sub(r"[^\n]", " ", token.text)
        case "number" if not token.text.lower().startswith("0x"):
            return re.sub("[dD]", "e", token.text)
        case "dotted":
            return f"_{token.text[1:-1].lower()}_"
        case "quoted":
            length = len(unescape(token.text[1:-1], token.at))
            # signature files quote strings in Fortran's way too
            return (
                token.text
                if length == 1
                else '"' + token.text[1:-1].replace('"', "'") + '"'
            )
        case _:
            return token.text


def unescape(body: str, at: int) -> bytes:
    """Return the bytes of a C literal's inside; raises `ExpressionError` for escapes that don't fit a byte."""

    def value(found: re.Match[str]) -> str:
        hexadecimal, octal, other = found.groups()
        if hexadecimal is not None or octal is not None:
            code = int(hexadecimal, 16) if hexadecimal is not None else int(octal, 8)
            if code > 255:
                raise ExpressionError(
                    f"the escape {found.group()} doesn't fit a byte", at
                )
            return chr(code)
        if other not in _ESCAPES:
            raise ExpressionError(f"unknown escape \\{other}", at)
        return chr(_ESCAPES[other])

    try:
        return _ESCAPE.sub(value, body).encode("latin-1")
    except UnicodeEncodeError:
        raise ExpressionError("a character that doesn't fit a byte", at) from None


def bounds_colon(tokens: tuple[Token, ...]) -> int | None:
    """Return where the ``:`` between two bounds stands: outside brackets and belonging to no ``?``."""
    depth = questions = 0
    for token in tokens:
        if token.kind != "operator":
            continue
        depth += (token.text in ("(", "[", "{", "(/")) - (token.text in (")", "]", "}"))
        if depth == 0 and token.text == "?":
            questions += 1
        elif depth == 0 and token.text == ":":
            if not questions:
                return token.at
            questions -= 1
    return None


def leading_names(tokens: list[Token]) -> list[str]:
    """Return the names that begin a parameter and so must be types."""
    names = []
    expected = True
    for token in tokens:
        if token.text in ("(", ","):
            expected = True
        elif token.text in ("const", "volatile", "restrict"):
            continue
        else:
            if expected and token.kind == "name" and not TYPE_WORD.match(token.text):
                names.append(token.text)
            expected = False
    return names


def is_type(text: str) -> bool:
    """Tell whether `text` names a type: keywords, names of types and stars."""
    words = re.findall(r"\w+|\S", text)
    return bool(words) and all(
        word == "*" or TYPE_NAME.match(word) or TYPE_WORD.match(word) for word in words
    )


def blank_comments(text: str) -> str:
    """Return a text with blanks in place of its comments."""
    return "".join(
        re.sub(r"[^\n]", " ", found.group())
        if found.lastgroup == "comment"
        else found.group()
        for found in TOKEN.finditer(text)
    )
