"""Reads the C texts of signature files: expressions, callstatements, prototypes and usercode.

pycparser does the parsing. A text is put into a function of its own, on a line of its own, so that
pycparser's columns are those of the text; a text that closes that function is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from pycparser import c_ast
from pycparser.c_parser import CParser, ParseError

from f2pypy.expressions import fortran
from f2pypy.expressions.nodes import (
    AddressOf,
    ArrayConstructor,
    Assignment,
    Binary,
    Block,
    Bounds,
    Break,
    Call,
    CallThrough,
    Cast,
    Character,
    Complex,
    Conditional,
    Continue,
    Declaration,
    Dereference,
    Evaluate,
    Expression,
    ExpressionError,
    For,
    FunctionDefinition,
    If,
    Increment,
    Integer,
    Logical,
    Member,
    Name,
    Parameter,
    Real,
    Return,
    Sequence,
    Statement,
    String,
    Subscript,
    Unary,
    While,
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

# Deeper texts are attacks or accidents; what reads and prints the tree recurses once per level.
MAXIMUM_NESTING = 50
MAXIMUM_DEPTH = 120

_TOKEN = re.compile(
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
_PLACE = re.compile(r"^[^:]*:(\d+):(\d+): *(.*)$", re.DOTALL)

_CONSTRUCTS = {
    "Switch": "switch",
    "Case": "case",
    "Goto": "goto",
    "Label": "a label",
    "CompoundLiteral": "a compound literal",
    "NamedInitializer": "a designated initializer",
    "Struct": "a structure",
    "Union": "a union",
    "Enum": "an enumeration",
    "Typedef": "typedef",
    "Pragma": "#pragma",
    "StaticAssert": "_Static_assert",
    "Alignas": "_Alignas",
    "EllipsisParam": "a variable number of parameters",
}


@lru_cache(maxsize=8192)
def read_expression(text: str, *, complex_wanted: bool = False) -> Expression:
    """Read a C expression, with the Fortran literals that signature files mix in.

    ``1.0D0``, ``.true.``, ``.false.`` may stand anywhere; a text with ``**``, ``.and.``, ``(/ /)`` or kind suffixes is
    read as Fortran. A list ``{a, b}`` becomes an `ArrayConstructor`, as in an initializer. Where `complex_wanted`,
    ``(re, im)`` is a `Complex` and not a comma expression. Raises `ExpressionError`.
    """
    tokens = _scan(text)
    significant = [token for token in tokens if token.kind not in ("blank", "comment")]
    if not significant:
        raise ExpressionError("an expression is missing", 0)
    if _is_fortran(significant):
        return fortran.read_expression(text)
    source = _Source(text, _respell(tokens))
    if significant[0].text == "{":
        body = _only_body(source, "int a[] = \n", "\n;")
        expression = _Reader(source).expression(_only(body, source).init)
    else:
        body = _only_body(source, "(\n", "\n);")
        expression = _Reader(source).expression(_only(body, source))
    return _pair_complex(expression) if complex_wanted else expression


def read_signature_dimension(text: str) -> Bounds | Expression:
    """Read one dimension of a signature file: C parts with Fortran's bounds, ``n``, ``lo:hi``, ``:``, ``*``, ``lo:*``.

    An extent alone is returned as its expression; everything else as `Bounds`. ``..`` (any rank) is `Bounds` with
    neither part and stride 0. Raises `ExpressionError`.
    """
    stripped = text.strip()
    if stripped == "*":
        return Bounds(None, None, assumed_size=True, at=text.index("*"))
    if stripped == "..":
        return Bounds(None, None, Integer(0), at=text.index("."))
    colon = _bounds_colon(_scan(text))
    if colon is None:
        return read_expression(text)
    lower, upper = text[:colon], text[colon + 1 :]
    start = len(text) - len(text.lstrip())
    first = _read_part(lower, 0)
    if upper.strip() == "*":
        return Bounds(first, None, assumed_size=True, at=start)
    return Bounds(first, _read_part(upper, colon + 1), at=start)


@lru_cache(maxsize=2048)
def read_statements(text: str) -> Block:
    """Read the C statements of a callstatement; braces around the whole and a last ``;`` may be there or not.

    Raises `ExpressionError` for everything but expressions, declarations, if, for, while, do, break, continue, return.
    """
    source = _Source(text, _respell(_scan(text)))
    items = _only_body(source, "\n", "\n;")
    block = _Reader(source).block(items)
    while len(block.statements) == 1 and isinstance(block.statements[0], Block):
        block = block.statements[0]
    return block


# Types of one word with their stars, as most prototypes hold: no parser is needed to tell them apart.
_PLAIN_TYPES = re.compile(
    r"\s*(?!void\b)[^\W\d]\w*\s*\**\s*(?:,\s*[^\W\d]\w*\s*\**\s*)*\Z"
)


@lru_cache(maxsize=2048)
def read_prototype(text: str) -> tuple[str, ...]:
    """Read a callprotoargument into the normalised text of each type: ``F_INT*``, ``F_INT(*)(float*,float*)``.

    Names of parameters and qualifiers are dropped, arrays become pointers, ``void`` alone is no parameter.
    Names that are no C keyword and stand where a type must stand are taken as types. Raises `ExpressionError`.
    """
    if _PLAIN_TYPES.match(text):
        return tuple("".join(part.split()) for part in text.split(","))
    tokens = [token for token in _scan(text) if token.kind not in ("blank", "comment")]
    if not tokens:
        return ()
    source = _Source(text, _respell(_scan(text)))
    unit = _parse(source, _prelude(_leading_names(tokens)) + "void f(\n", "\n);")
    declared = [node for node in unit.ext if not isinstance(node, c_ast.Typedef)]
    if len(declared) != 1 or not isinstance(declared[0].type, c_ast.FuncDecl):
        raise ExpressionError(
            "a list of types closes a parenthesis it hasn't opened", 0
        )
    return _Reader(source).parameter_types(declared[0].type)


def read_usercode(text: str, *, integer_64: bool) -> tuple[FunctionDefinition, ...]:
    """Read the C functions that a usercode block defines, in the order of the text.

    ``#ifdef``, ``#if defined``, ``#define`` of constants and types are followed, with HAVE_ILP64 defined where
    `integer_64`. Prototypes and typedefs are passed over; a variable outside functions, and whatever
    `read_statements` refuses, raises `ExpressionError`.
    """
    functions = []
    for part in read_usercode_parts(text, integer_64=integer_64):
        if part.function is None:
            raise ExpressionError(part.problem, part.offset)
        functions.append(part.function)
    return tuple(functions)


@dataclass(frozen=True)
class UsercodePart:
    """A C function or variable of a usercode block; `function` is None where it can't be said in Python.

    `problem` says why then, at `offset` of the text. `is_function` is false for variables.
    """

    name: str
    function: FunctionDefinition | None
    problem: str = ""
    offset: int = 0
    is_function: bool = True


def read_usercode_parts(text: str, *, integer_64: bool) -> tuple[UsercodePart, ...]:
    """Read what `read_usercode` reads, but leave it to the caller what to do about parts that it refuses.

    Raises `ExpressionError` only for a text that is no C.
    """
    source, unit = _parse_usercode(text, integer_64)
    reader = _Reader(source)
    parts = []
    for node in unit.ext:
        if isinstance(node, c_ast.FuncDef):
            parts.append(_usercode_function(reader, node))
        elif _is_alias(node):
            reader.aliases[node.name] = reader.type_text(node.type)
        elif isinstance(node, c_ast.Decl) and not isinstance(
            node.type, c_ast.FuncDecl | c_ast.Struct | c_ast.Enum
        ):
            problem = f"C variable {node.name} outside functions"
            at = source.offset(node.coord)
            parts.append(UsercodePart(node.name, None, problem, at, is_function=False))
    return tuple(parts)


def _is_alias(node: Any) -> bool:
    """Tell whether a node of usercode names another type, and isn't one of those that every text may use."""
    if not isinstance(node, c_ast.Typedef) or node.coord is None or node.coord.line < 2:
        return False
    return isinstance(getattr(node.type, "type", None), c_ast.IdentifierType)


def _usercode_function(reader: _Reader, node: Any) -> UsercodePart:
    try:
        return UsercodePart(node.decl.name, reader.function(node))
    except ExpressionError as error:
        return UsercodePart(node.decl.name, None, error.message, error.offset)


def read_type_names(text: str, *, integer_64: bool) -> Mapping[str, str]:
    """Return what the typedefs and ``#define`` lines of a usercode block say of type names: ``{"F_INT": "npy_int64"}``.

    Raises `ExpressionError` as `read_usercode` does.
    """
    source, unit = _parse_usercode(text, integer_64)
    names = {name: body for name, body in source.macros if _is_type(body)}
    for node in unit.ext:
        if _is_alias(node):
            names[node.name] = _Reader(source, names).type_text(node.type)
    return names


# ---------------------------------------------------------------------------------------------------------------------
# Tokens: what has to be known about a text before pycparser sees it.


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def _scan(text: str) -> tuple[_Token, ...]:
    tokens = []
    depth = 0
    for found in _TOKEN.finditer(text):
        token = _Token(str(found.lastgroup), found.group(), found.start())
        if token.text in ("(", "[", "{", "(/"):
            depth += 1
            if depth > MAXIMUM_NESTING:
                raise ExpressionError(
                    f"more than {MAXIMUM_NESTING} brackets inside each other", token.at
                )
        elif token.text in (")", "]", "}"):
            depth -= 1
        elif token.text in ("#", "\\", "`", "@", "$"):
            raise ExpressionError(f"{token.text!r} has no place here", token.at)
        elif token.text in ("'", '"'):
            raise ExpressionError("a quote that isn't closed", token.at)
        tokens.append(token)
    return tuple(tokens)


def _is_fortran(tokens: list[_Token]) -> bool:
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


def _ends_operand(token: _Token) -> bool:
    return token.kind in ("name", "number", "string", "quoted") or token.text in (
        ")",
        "]",
    )


def _respell(tokens: tuple[_Token, ...]) -> str:
    """Return the text as pycparser reads it, every token at its old place: Fortran literals and comments respelled."""
    return "".join(_respell_token(token) for token in tokens)


def _respell_token(token: _Token) -> str:
    match token.kind:
        case "comment":
            return re.sub(r"[^\n]", " ", token.text)
        case "blank":
            return re.sub(r"[^\n]", " ", token.text)
        case "number" if not token.text.lower().startswith("0x"):
            return re.sub("[dD]", "e", token.text)
        case "dotted":
            return f"_{token.text[1:-1].lower()}_"
        case "quoted":
            length = len(_unescape(token.text[1:-1], token.at))
            # signature files quote strings in Fortran's way too
            return (
                token.text
                if length == 1
                else '"' + token.text[1:-1].replace('"', "'") + '"'
            )
        case _:
            return token.text


def _unescape(body: str, at: int) -> bytes:
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


def _bounds_colon(tokens: tuple[_Token, ...]) -> int | None:
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


def _read_part(text: str, shift: int) -> Expression | None:
    if not text.strip():
        return None
    try:
        return read_expression(" " * shift + text)
    except ExpressionError as error:
        raise ExpressionError(error.message, error.offset) from None


def _leading_names(tokens: list[_Token]) -> list[str]:
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


def _is_type(text: str) -> bool:
    """Tell whether `text` names a type: keywords, names of types and stars."""
    words = re.findall(r"\w+|\S", text)
    return bool(words) and all(
        word == "*" or TYPE_NAME.match(word) or TYPE_WORD.match(word) for word in words
    )


# ---------------------------------------------------------------------------------------------------------------------
# pycparser


@dataclass(frozen=True)
class _Source:
    """A text as written and as pycparser reads it (`spelled`, on the lines from 2 on), with the macros it defines."""

    text: str
    spelled: str
    macros: tuple[tuple[str, str], ...] = ()

    def offset(self, coord: Any) -> int:
        """Return the offset in `text` of one of pycparser's places; 0 where it has none."""
        if coord is None or coord.line < 2:
            return 0
        start = 0
        for _ in range(coord.line - 2):
            newline = self.text.find("\n", start)
            if newline < 0:
                return len(self.text)
            start = newline + 1
        return min(start + max((coord.column or 1) - 1, 0), len(self.text))


@dataclass(frozen=True)
class _Place:
    line: int
    column: int


@cache
def _parser() -> CParser:
    return CParser()


def _prelude(names: list[str] | tuple[str, ...]) -> str:
    # only the names that occur: a typedef for each known one would cost more than most texts
    return f"typedef int {','.join(sorted(set(names)))}; " if names else ""


def _parse(source: _Source, before: str, after: str) -> Any:
    """Return pycparser's tree; `before` ends the first line, so that line 2 begins the text."""
    try:
        unit = _parser().parse(before + source.spelled + after)
    except ParseError as error:
        raise _explain(source, str(error)) from None
    except RecursionError:
        raise ExpressionError("nested too deeply", 0) from None
    except (
        AssertionError,
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ):
        raise ExpressionError(
            "can't be read as C", 0
        ) from None  # pycparser's own slips on malformed texts
    _refuse_depth(source, unit)
    return unit


def _explain(source: _Source, message: str) -> ExpressionError:
    found = _PLACE.match(message)
    if found is None:
        return ExpressionError("the C text ends too early", len(source.text))
    line, column, reason = int(found[1]), int(found[2]), found[3]
    offset = source.offset(_Place(line, column))
    if line > source.text.count("\n") + 2 or offset >= len(source.text):
        return ExpressionError("the C text ends too early", len(source.text))
    if reason.startswith("before:"):
        return ExpressionError(f"unexpected {reason[7:].strip()!r}", offset)
    return ExpressionError(f"can't be read as C: {reason}", offset)


def _refuse_depth(source: _Source, unit: Any) -> None:
    """Raise `ExpressionError` for a tree deeper than what follows can walk."""
    level = [unit]
    for _ in range(MAXIMUM_DEPTH + 8):  # a few levels are the function around the text
        level = [child for node in level for _, child in node.children()]
        if not level:
            return
    raise ExpressionError(
        f"nested more than {MAXIMUM_DEPTH} deep", source.offset(level[0].coord)
    )


def _only_body(source: _Source, before: str, after: str) -> list[Any]:
    """Return the statements of the function that holds the text."""
    names = [
        name
        for name in re.findall(r"[A-Za-z_]\w*", source.spelled)
        if TYPE_NAME.match(name)
    ]
    unit = _parse(source, _prelude(names) + "void f(void){" + before, after + "}")
    declared = [node for node in unit.ext if not isinstance(node, c_ast.Typedef)]
    if (
        len(declared) != 1
        or len(unit.ext) > 2
        or not isinstance(declared[0], c_ast.FuncDef)
    ):
        raise ExpressionError("the text closes a brace it hasn't opened", 0)
    return list(declared[0].body.block_items or ())


def _only(items: list[Any], source: _Source) -> Any:
    if len(items) != 1 or isinstance(items[0], c_ast.EmptyStatement):
        raise ExpressionError(
            "one expression expected", source.offset(items[-1].coord) if items else 0
        )
    return items[0]


@dataclass(frozen=True)
class _Reader:
    """pycparser's nodes -> ours; `aliases` are the types that the text itself names."""

    source: _Source
    aliases: dict[str, str] = field(default_factory=dict)

    def at(self, node: Any) -> int:
        return self.source.offset(node.coord)

    def refuse(self, node: Any, what: str = "") -> ExpressionError:
        name = type(node).__name__
        return ExpressionError(
            f"{what or _CONSTRUCTS.get(name, name)} can't be said in Python",
            self.at(node),
        )

    def expression(self, node: Any) -> Expression:
        at = self.at(node)
        match node:
            case c_ast.ID(name=name):
                return self.name(name, at)
            case c_ast.Constant():
                return self.constant(node)
            case c_ast.BinaryOp(op=operator, left=left, right=right):
                return Binary(
                    operator, self.expression(left), self.expression(right), at
                )
            case c_ast.UnaryOp():
                return self.unary(node)
            case c_ast.TernaryOp(cond=test, iftrue=then, iffalse=otherwise):
                return Conditional(
                    self.expression(test),
                    self.expression(then),
                    self.expression(otherwise),
                    at,
                )
            case c_ast.FuncCall(name=function, args=arguments):
                values = self.expressions(arguments)
                if isinstance(function, c_ast.ID):
                    return Call(function.name, values, at=at)
                return CallThrough(self.expression(function), values, at)
            case c_ast.ArrayRef(name=base, subscript=index):
                return Subscript(self.expression(base), self.expression(index), at)
            case c_ast.StructRef(name=base, type=arrow, field=field):
                return Member(self.expression(base), field.name, arrow == "->", at)
            case c_ast.Cast(to_type=to_type, expr=operand):
                return Cast(self.type_text(to_type), self.expression(operand), at)
            case c_ast.ExprList():
                return Sequence(self.expressions(node), at)
            case c_ast.InitList():
                return ArrayConstructor(self.expressions(node), at)
            case c_ast.Assignment(op=operator, lvalue=target, rvalue=value):
                return Assignment(
                    self.expression(target), operator, self.expression(value), at
                )
            case _:
                raise self.refuse(node)

    def expressions(self, node: Any) -> tuple[Expression, ...]:
        return (
            ()
            if node is None
            else tuple([self.expression(item) for item in node.exprs or ()])
        )

    def name(self, name: str, at: int) -> Expression:
        if name in ("_true_", "_false_") and self.source.text[at : at + 1] == ".":
            return Logical(name == "_true_", at)
        return Name(name, at)

    def constant(self, node: Any) -> Expression:
        at, text = self.at(node), node.value
        if node.type == "string":
            return String(_unescape(_strip_quotes(text, '"', at), at), at)
        if node.type == "char":
            value = _unescape(_strip_quotes(text, "'", at), at)
            if len(value) != 1:
                raise ExpressionError(f"{text} isn't one character", at)
            return Character(value, at)
        if "int" in node.type:
            return Integer(_integer_value(text, at), at)
        if text.lower().startswith("0x"):
            raise ExpressionError("a hexadecimal real can't be said in Python", at)
        return Real(float(text.rstrip("fFlL")), text[-1] in "fF", at)

    def unary(self, node: Any) -> Expression:
        at, operator = self.at(node), node.op
        if operator in ("sizeof", "_Alignof"):
            at = max(self.source.text.find(operator), 0)
            raise ExpressionError(f"{operator} can't be said in Python", at)
        if not operator.startswith("p"):  # pycparser gives the operand's place
            at = max(self.source.text.rfind(operator, 0, at), 0)
        operand = self.expression(node.expr)
        match operator:
            case "&":
                return AddressOf(operand, at)
            case "*":
                return Dereference(operand, at)
            case "++" | "--" | "p++" | "p--":
                return Increment(
                    operand,
                    1 if "+" in operator else -1,
                    not operator.startswith("p"),
                    at,
                )
            case "-" | "+" | "!" | "~":
                return Unary(operator, operand, at)
            case _:
                raise self.refuse(node, f"the operator {operator}")

    def block(self, items: list[Any] | None) -> Block:
        return Block(
            tuple(part for item in items or () for part in self.statements(item))
        )

    def branch(self, node: Any) -> Block:
        """Return the body of a loop or a branch as a block, with braces or without."""
        if isinstance(node, c_ast.Compound):
            return self.block(node.block_items)
        return self.block([node])

    def statements(self, node: Any) -> Iterator[Statement]:
        """Yield what one statement says: nothing for ``;``, several declarations for ``int i, j;``."""
        match node:
            case c_ast.EmptyStatement():
                return
            case c_ast.Compound():
                yield self.block(node.block_items)
            case c_ast.DeclList(decls=declarations):
                for declaration in declarations:
                    yield self.declaration(declaration)
            case c_ast.Decl():
                yield self.declaration(node)
            case c_ast.If(cond=test, iftrue=then, iffalse=otherwise):
                branch = None if otherwise is None else self.branch(otherwise)
                yield If(
                    self.expression(test),
                    self.branch(then) if then is not None else Block(()),
                    branch,
                )
            case c_ast.For():
                yield self.for_loop(node)
            case (
                c_ast.While(cond=test, stmt=body) | c_ast.DoWhile(cond=test, stmt=body)
            ):
                yield While(
                    self.expression(test),
                    self.branch(body),
                    isinstance(node, c_ast.DoWhile),
                )
            case c_ast.Return(expr=value):
                yield Return(None if value is None else self.expression(value))
            case c_ast.Break():
                yield Break()
            case c_ast.Continue():
                yield Continue()
            case _:
                yield Evaluate(self.expression(node))

    def for_loop(self, node: Any) -> For:
        initial = () if node.init is None else tuple(self.statements(node.init))
        test = None if node.cond is None else self.expression(node.cond)
        step = None if node.next is None else self.expression(node.next)
        return For(initial, test, step, self.branch(node.stmt))

    def declaration(self, node: Any) -> Declaration:
        if "static" in node.storage or "extern" in node.storage:
            raise ExpressionError(
                f"{node.name}: a {node.storage[0]} variable can't be said in Python",
                self.at(node),
            )
        if isinstance(
            node.type, c_ast.FuncDecl | c_ast.Struct | c_ast.Union | c_ast.Enum
        ):
            raise self.refuse(node.type, f"the declaration of {node.name or 'a type'}")
        initial = None if node.init is None else self.expression(node.init)
        return Declaration(self.type_text(node.type, local=True), node.name, initial)

    def function(self, node: Any) -> FunctionDefinition:
        declared = node.decl.type
        if node.param_decls:
            raise self.refuse(node, f"the old-style definition of {node.decl.name}")
        parameters = []
        for parameter in declared.args.params if declared.args is not None else ():
            if isinstance(parameter, c_ast.EllipsisParam):
                raise self.refuse(parameter)
            type_text = self.type_text(parameter.type)
            if type_text == "void":
                continue
            if not isinstance(parameter, c_ast.Decl) or not parameter.name:
                raise ExpressionError(
                    f"{node.decl.name}: a parameter without a name", self.at(parameter)
                )
            parameters.append(Parameter(type_text, parameter.name))
        result = self.type_text(declared.type)
        return FunctionDefinition(
            node.decl.name, result, tuple(parameters), self.block(node.body.block_items)
        )

    def parameter_types(self, declared: Any) -> tuple[str, ...]:
        """Return the types of a function's parameters."""
        types = []
        for parameter in declared.args.params if declared.args is not None else ():
            if not isinstance(parameter, c_ast.Decl | c_ast.Typename):
                raise self.refuse(parameter)
            types.append(self.type_text(parameter.type))
        return () if types == ["void"] else tuple(types)

    def type_text(self, node: Any, *, local: bool = False) -> str:
        """Return a C type in its shortest spelling; an array is a pointer, but for a local variable's ``int[3]``."""
        match node:
            case c_ast.Typename(type=inner) | c_ast.TypeDecl(type=inner):
                return self.type_text(inner)
            case c_ast.IdentifierType(names=names):
                return " ".join(self.aliases.get(name, name) for name in names)
            case c_ast.PtrDecl(type=c_ast.FuncDecl() as function) | (
                c_ast.FuncDecl() as function
            ):
                return f"{self.type_text(function.type)}(*)({','.join(self.parameter_types(function))})"
            case c_ast.PtrDecl(type=inner):
                return f"{self.type_text(inner)}*"
            case c_ast.ArrayDecl(type=inner, dim=extent) if local:
                if not isinstance(extent, c_ast.Constant) or "int" not in extent.type:
                    raise ExpressionError(
                        "a local array needs a constant extent", self.at(node)
                    )
                return f"{self.type_text(inner)}[{_integer_value(extent.value, self.at(extent))}]"
            case c_ast.ArrayDecl(type=inner):
                return f"{self.type_text(inner)}*"
            case c_ast.Struct(name=name) if name and not node.decls:
                return f"struct {name}"
            case _:
                raise self.refuse(node)


def _strip_quotes(text: str, quote: str, at: int) -> str:
    if not text.startswith(quote):
        raise ExpressionError(
            f"{text}: only plain characters can be said in Python", at
        )
    return text[1:-1]


def _integer_value(text: str, at: int) -> int:
    digits = text.rstrip("uUlL").lower()
    try:
        if digits.startswith(("0x", "0b")):
            return int(digits, 0)
        return int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)
    except ValueError:
        raise ExpressionError(f"{text[:40]} isn't an integer", at) from None


def _pair_complex(expression: Expression) -> Expression:
    """Return the tree with every ``(re, im)`` as a complex value."""
    match expression:
        case Sequence((real, imaginary)):
            return Complex(real, imaginary, expression.at)
        case Conditional(test, then, otherwise):
            return Conditional(
                test, _pair_complex(then), _pair_complex(otherwise), expression.at
            )
        case ArrayConstructor(items):
            return ArrayConstructor(
                tuple(_pair_complex(item) for item in items), expression.at
            )
        case Unary(operator, operand):
            return Unary(operator, _pair_complex(operand), expression.at)
        case Binary(operator, left, right):
            return Binary(
                operator, _pair_complex(left), _pair_complex(right), expression.at
            )
        case _:
            return expression


# ---------------------------------------------------------------------------------------------------------------------
# The preprocessor's few lines that usercode has.

_DIRECTIVE = re.compile(r"\s*#\s*(\w*)\s*(.*?)\s*$", re.DOTALL)
_DEFINE = re.compile(r"(\w+)(\()?\s*(.*)$", re.DOTALL)


def _parse_usercode(text: str, integer_64: bool) -> tuple[_Source, Any]:
    code, macros = _preprocess(_blank_comments(text), integer_64)
    spelled = _expand(code, macros)
    source = _Source(
        text,
        spelled,
        tuple((name, body) for name, body in macros.items() if body is not None),
    )
    names = [
        name for name in re.findall(r"[A-Za-z_]\w*", spelled) if TYPE_NAME.match(name)
    ]
    return source, _parse(source, _prelude(names) + "\n", "\n")


def _blank_comments(text: str) -> str:
    return "".join(
        re.sub(r"[^\n]", " ", found.group())
        if found.lastgroup == "comment"
        else found.group()
        for found in _TOKEN.finditer(text)
    )


def _preprocess(text: str, integer_64: bool) -> tuple[str, dict[str, str | None]]:
    """Return the lines that remain, all others blank, and the macros; None for a macro with parameters."""
    macros: dict[str, str | None] = {"HAVE_ILP64": "1"} if integer_64 else {}
    kept = []
    branches: list[tuple[bool, bool]] = []  # (this branch is read, one before it was)
    offset = 0
    for line in _logical_lines(text):
        found = _DIRECTIVE.match(line) if line.lstrip().startswith("#") else None
        reading = all(taken for taken, _ in branches)
        if found is not None:
            _follow(found[1], found[2].replace("\\\n", " "), macros, branches, offset)
        kept.append(line if reading and found is None else re.sub(r"[^\n]", " ", line))
        offset += len(line)
    if branches:
        raise ExpressionError("#if without #endif", len(text))
    return "".join(kept), macros


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends; lines joined by a backslash are one."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if not line.rstrip("\r\n").endswith("\\"):
            yield pending
            pending = ""
    if pending:
        yield pending


def _follow(
    directive: str,
    rest: str,
    macros: dict[str, str | None],
    branches: list[tuple[bool, bool]],
    offset: int,
) -> None:
    """Obey one preprocessor line: change `macros` or `branches`."""
    match directive:
        case "ifdef" | "ifndef" | "if":
            taken = _condition(directive, rest, macros, offset)
            branches.append((taken, taken))
        case "else" | "elif":
            if not branches:
                raise ExpressionError(f"#{directive} without #if", offset)
            _, before = branches.pop()
            taken = not before and (
                directive == "else" or _condition("if", rest, macros, offset)
            )
            branches.append((taken, before or taken))
        case "endif":
            if not branches:
                raise ExpressionError("#endif without #if", offset)
            branches.pop()
        case _ if not all(taken for taken, _ in branches):
            return
        case "define":
            found = _DEFINE.match(rest)
            if found is None:
                raise ExpressionError("#define without a name", offset)
            macros[found[1]] = None if found[2] else found[3]
        case "undef":
            macros.pop(rest, None)
        case "include" | "pragma" | "":
            return
        case _:
            raise ExpressionError(f"#{directive} can't be followed", offset)


def _condition(
    directive: str, rest: str, macros: Mapping[str, str | None], offset: int
) -> bool:
    if directive != "if":
        return (rest in macros) == (directive == "ifdef")
    try:
        return bool(
            _constant(
                read_expression(re.sub(r"\bdefined\s+(\w+)", r"defined(\1)", rest)),
                macros,
                8,
            )
        )
    except ExpressionError as error:
        raise ExpressionError(f"#if {rest}: {error.message}", offset) from None


def _constant(
    expression: Expression, macros: Mapping[str, str | None], levels: int
) -> int:
    """Return the value of a ``#if`` expression; an unknown name is 0, as in C."""
    match expression:
        case Integer(value):
            return value
        case Call("defined", (Name(name),)):
            return int(name in macros)
        case Name(name):
            body = macros.get(name)
            return (
                _constant(read_expression(body), macros, levels - 1)
                if body and levels
                else 0
            )
        case Unary("!", operand):
            return int(not _constant(operand, macros, levels))
        case Binary(operator, left, right):
            a, b = _constant(left, macros, levels), _constant(right, macros, levels)
            results = {
                "&&": a and b,
                "||": a or b,
                "==": a == b,
                "!=": a != b,
                "<": a < b,
                "<=": a <= b,
            }
            results |= {">": a > b, ">=": a >= b, "+": a + b, "-": a - b, "*": a * b}
            if operator in results:
                return int(results[operator])
    raise ExpressionError(
        "only constants, defined(), ! && || and comparisons are followed", expression.at
    )


def _expand(code: str, macros: Mapping[str, str | None]) -> str:
    """Return `code` with every macro replaced by its body, as often as bodies hold macros (C's rule, 8 levels)."""
    for _ in range(8):
        pieces = []
        replaced = False
        for found in _TOKEN.finditer(code):
            piece = found.group()
            if found.lastgroup == "name" and piece in macros:
                body = macros[piece]
                if body is None:
                    raise ExpressionError(
                        f"the macro {piece} has parameters", found.start()
                    )
                replaced = replaced or body != piece
                piece = body
            pieces.append(piece)
        code = "".join(pieces)
        if len(code) > 1_000_000:
            raise ExpressionError(
                "the macros expand to more than a million characters", 0
            )
        if not replaced:
            break
    return code
