"""Parameters that keep Fortran's names.

In the plan they hide nothing that any function may use, and here nothing that their own function does use.
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from f2pypy import plan
from f2pypy.files.scopes import names_inside

Function = TypeVar("Function", plan.Procedure, plan.Generic)


def with_fortran_names(
    module: plan.Module, printed: Callable[[plan.Procedure | plan.Generic], str]
) -> plan.Module:
    """Return the module with those parameters marked that go by Fortran's names; `printed` prints a function."""
    return replace(
        module,
        procedures=tuple(marked(each, printed) for each in module.procedures),
        generics=tuple(marked(each, printed) for each in module.generics),
    )


def marked(
    function: Function, printed: Callable[[plan.Procedure | plan.Generic], str]
) -> Function:
    """Return a function with the parameters marked whose own names hide nothing that it uses.

    Python's reserved words can't be names. A text that has the other name in a string is left alone.
    """
    wanted = [
        (python, fortran)
        for python, fortran in function.renamed
        if not (keyword.iskeyword(fortran) or fortran == "__debug__")
    ]
    if not wanted:
        return function
    text = printed(function)
    used = names_inside(text)
    restored = tuple(
        (python, fortran)
        for python, fortran in wanted
        if fortran not in used and python not in words_in_strings(text)
    )
    renamed = tuple(pair for pair in function.renamed if pair not in restored)
    return replace(function, restored=restored, renamed=renamed)


def restored_names(text: str, names: tuple[tuple[str, str], ...]) -> str:
    """Return the text of a function whose locals have other names: pairs of the old name and the new one.

    Attributes, and the function itself, may be called like a local.
    """
    wanted = dict(names)
    lines = text.split("\n")
    before = ""
    edits = []
    for token in tokens_of(text):
        is_local = token.type == tokenize.NAME and before not in (".", "def")
        if is_local and token.string in wanted:
            edits.append((*token.start, token.string))
        before = token.string
    for row, column, name in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + wanted[name] + line[column + len(name) :]
    return "\n".join(lines)


def words_in_strings(text: str) -> set[str]:
    """Return the words in the strings of a function after its docstring; parts of f-strings are code."""
    strings = [t.string for t in tokens_of(text) if t.type == tokenize.STRING]
    return {word for each in strings[1:] for word in re.findall(r"\w+", each)}


def tokens_of(text: str) -> list[tokenize.TokenInfo]:
    """Return the tokens of a text."""
    return list(tokenize.generate_tokens(io.StringIO(text).readline))
