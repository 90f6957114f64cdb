"""What a text's names are, by CPython's symbol tables and, as on PyPy, by its syntax tree: both say the same."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from f2pypy import generate
from f2pypy.files import scopes
from f2pypy.files.runtime_names import runtime_files, runtime_names

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.py"))
FUTURE = "from __future__ import annotations\n"  # with it, tables don't have the names in annotations
TEXTS = [*runtime_files().values(), *GOLDEN]

HOSTILE = """
import os.path, sys as system
from numpy import (array, zeros as nothing)
total: Sum = 0
total += more
try:
    chosen = first
except (Wrong, Other) as failure:
    chosen = failure
for each in [*several, total]:
    with opened(each) as file:
        pass
squares = [x * scale for x in range(count) if x in allowed for y in rows(x)]

@decorated(before)
def outer(a, /, b: Annotated = default, *rest, key=other, **options) -> Returned:
    global shared
    import json
    c, (d, *e) = a
    met = [last for x in a if (last := x) in wanted]
    def inner(f=c):
        return f + b + outside + json.dumps(key)
    class Local(Base, metaclass=Meta):
        field: Kind = c
        def method(self):
            return super().method() + field
    return [inner(g) + h for g in e], {k: v for k, v in options.items()}, lambda z=d: z + w

class Whole:
    field = 1
    again = field + elsewhere
    def get(self):
        return field
del total
"""


@pytest.fixture
def by_syntax(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Call a function as where there are no symbol tables."""

    def call(function: Callable[[str], Any], text: str) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(scopes, "symtable", None)
            found = function(text)
            return found if isinstance(found, set) else set(found)

    return call


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_modules(path: Path, by_syntax: Callable[..., Any]) -> None:
    text = path.read_text().replace(FUTURE, "")
    assert by_syntax(scopes.global_names, text) == scopes.global_names(text)
    assert by_syntax(scopes.symbols_in, text) == set(scopes.symbols_in(text))
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            function = ast.unparse(node)
            inside = scopes.names_inside(function) - {".0"}
            assert by_syntax(scopes.names_inside, function) == inside


def test_names_of_every_sort(by_syntax: Callable[..., Any]) -> None:
    assert by_syntax(scopes.global_names, HOSTILE) == scopes.global_names(HOSTILE)
    assert by_syntax(scopes.symbols_in, HOSTILE) == set(scopes.symbols_in(HOSTILE))


def test_modules_are_the_same_without_symbol_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = Path(__file__).parent.parent / "examples" / "blas" / "blas.pyf"
    expected = generate(path)
    monkeypatch.setattr(scopes, "symtable", None)
    runtime_names.cache_clear()
    assert generate(path) == expected
    runtime_names.cache_clear()
