"""Reads the C functions, variables and type names of usercode."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pycparser import c_ast

from f2pypy.dataclass import dataclass
from f2pypy.expressions.c_nodes import Reader
from f2pypy.expressions.c_preprocessor import expand, preprocess
from f2pypy.expressions.c_syntax import Source, parse, prelude
from f2pypy.expressions.c_tokens import TYPE_NAME, blank_comments, is_type
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.expressions.statements import FunctionDefinition


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
    """A C function or variable of a usercode block; `function` is None where it can't be translated to Python.

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
    reader = Reader(source)
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


def _usercode_function(reader: Reader, node: Any) -> UsercodePart:
    try:
        return UsercodePart(node.decl.name, reader.function(node))
    except ExpressionError as error:
        return UsercodePart(node.decl.name, None, error.message, error.offset)


def read_type_names(text: str, *, integer_64: bool) -> Mapping[str, str]:
    """Return what the typedefs and ``#define`` lines of a usercode block say of type names: ``{"F_INT": "npy_int64"}``.

    Raises `ExpressionError` as `read_usercode` does.
    """
    source, unit = _parse_usercode(text, integer_64)
    names = {name: body for name, body in source.macros if is_type(body)}
    for node in unit.ext:
        if _is_alias(node):
            names[node.name] = Reader(source, names).type_text(node.type)
    return names


def _parse_usercode(text: str, integer_64: bool) -> tuple[Source, Any]:
    code, macros = preprocess(blank_comments(text), integer_64)
    spelled = expand(code, macros)
    source = Source(
        text,
        spelled,
        tuple((name, body) for name, body in macros.items() if body is not None),
    )
    names = [
        name for name in re.findall(r"[A-Za-z_]\w*", spelled) if TYPE_NAME.match(name)
    ]
    return source, parse(source, prelude(names) + "\n", "\n")
