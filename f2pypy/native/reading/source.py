"""The text of a function, as a tree that is known to be what runs."""

from __future__ import annotations
import __future__

import ast
import inspect
import linecache
import tokenize
from collections.abc import Hashable
from types import CodeType, FunctionType

from f2pypy.native.code import NotNative

FUTURE_FLAGS = 0
for feature in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, feature).compiler_flag
# What two functions that do the same have in common. Line numbers and names of files aren't among it.
COMPARED = (
    *("co_name", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_flags"),
)


def has_source(function: FunctionType) -> bool:
    """Return whether there is a file with the function's text."""
    return bool(_lines(function))


def definition_of(function: FunctionType) -> ast.FunctionDef:
    """Return the tree of the function's definition, without decorators.

    Raises NotNative where the text is not to be had, or was changed since the function was made of it.
    """
    lines = _lines(function)
    if not lines:
        raise NotNative("its source text is not to be had")
    code = function.__code__
    try:
        text = "".join(inspect.getblock(lines[code.co_firstlineno - 1 :]))
        (tree,) = ast.parse(text).body
    except (SyntaxError, ValueError, tokenize.TokenError):
        tree = ast.Pass()
    if not isinstance(tree, ast.FunctionDef) or not _makes(tree, code):
        raise NotNative("its source text is not what runs")
    return tree


def _lines(function: FunctionType) -> list[str]:
    return linecache.getlines(function.__code__.co_filename, function.__globals__)


def _makes(tree: ast.FunctionDef, code: CodeType) -> bool:
    """Return whether the definition compiles to `code`; its decorators are removed."""
    tree.decorator_list = []
    module = ast.Module(body=[tree], type_ignores=[])
    flags = code.co_flags & FUTURE_FLAGS
    made = compile(module, code.co_filename, "exec", flags, dont_inherit=True)
    parts = [part for part in made.co_consts if isinstance(part, CodeType)]
    return _likeness(code) in map(_likeness, parts)


def _likeness(code: CodeType) -> Hashable:
    # by their spelling, since 1 equals True and 0.0 equals -0.0
    constants = tuple(
        _likeness(part) if isinstance(part, CodeType) else repr(part)
        for part in code.co_consts
    )
    return (*(getattr(code, name) for name in COMPARED), constants)
