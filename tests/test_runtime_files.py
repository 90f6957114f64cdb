"""The runtime's files can be joined into one text, and run on every supported Python."""

import ast
from collections import Counter
from pathlib import Path

import pytest

FILES = sorted(
    path for path in (Path(__file__).parents[1] / "f2pypy" / "runtime").glob("*.py")
)
PARTS = [path for path in FILES if path.stem != "__init__"]


def tree(path):
    return ast.parse(path.read_text("utf-8"), feature_version=(3, 9))


def bound(nodes):
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                name.id
                for target in targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            )
        elif isinstance(node, ast.If):
            yield from set(bound([*node.body, *node.orelse]))


def test_names_are_unique_over_all_files():
    names = Counter(name for path in PARTS for name in set(bound(tree(path).body)))
    assert [name for name, count in names.items() if count > 1] == []


def origins(path):
    """Yield each name that a file binds, with where it comes from."""
    body = tree(path).body
    yield from ((name, path.stem) for name in bound(body))
    for node in body:
        if isinstance(node, ast.Import):
            yield from ((a.asname or a.name, f"import {a.name}") for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.module.startswith("f2pypy"):
            yield from (
                (a.asname or a.name, f"from {node.module} import {a.name}")
                for a in node.names
            )


def test_one_name_means_one_thing_in_the_joined_text():
    found = {}
    for path in PARTS:
        for name, origin in origins(path):
            found.setdefault(name, set()).add(origin)
    assert {name: each for name, each in found.items() if len(each) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_imports(path):
    body = tree(path).body
    inner = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert inner == []
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith("f2pypy"):
            assert node.module.startswith("f2pypy.runtime.")
            assert [alias.name for alias in node.names if alias.asname] == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_imports_stand_before_everything_else(path):
    nodes = [node for node in tree(path).body if not isinstance(node, ast.Expr)]
    imports = [isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes]
    assert imports == sorted(imports, reverse=True)
    assert nodes[0].module == "__future__"
