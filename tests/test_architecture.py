"""The layers: an import may point down or to a neighbour, never up, and never in a circle."""

from __future__ import annotations

import ast
import graphlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from f2pypy import plan

PACKAGE = Path(__file__).parent.parent / "f2pypy"

# From the bottom to the top; "" is the package itself, with the public functions.
LAYERS = (
    ("dataclass",),
    ("diagnostics", "descriptions", "options", "files"),
    ("expressions",),
    ("syntax", "model", "plan"),
    (
        "reading",
        "resolve",
        "abi",
        "printing",
        "native",
    ),
    ("lower", "signatures", "building"),
    ("pipeline",),
    ("compilation", "dependencies"),
    ("command",),
    ("session", "packaging"),
    ("",),
    ("__main__",),
)
# The folders of resolve, each with one question; a folder may use those before it.
RESOLVE = (
    "faults",
    "types",
    "names",
    "arguments",
    "shapes",
    "callbacks",
    "calls",
    "procedures",
    "library",
)
HEIGHT = {unit: height for height, layer in enumerate(LAYERS) for unit in layer}
# What may not know how anything is spelled in the output.
STAGES = {"expressions", "reading", "resolve", "lower"}
# Code that generated modules run; it knows nothing of the generator and the generator nothing of it.
RUNTIME = "runtime"
# What generated modules take from f2pypy where it is installed: an import inside of a function.
OPTIONAL = {("f2pypy.runtime.native", "f2pypy.native.tier")}
# Who may know a package that isn't Python's own.
ALLOWED = {
    "fparser": {"reading", "expressions"},
    "pycparser": {"expressions"},
    "jinja2": {"printing"},
    "markupsafe": {"printing"},
    "hatchling": {"packaging"},
    "setuptools": {"packaging"},
    "llvmlite": {"native"},
    "numpy": {RUNTIME, "native"},
    "ctypes": {RUNTIME, "native"},
    "cffi": {RUNTIME},
    "_cffi_backend": {RUNTIME},
    "__pypy__": {RUNTIME},
}


def unit_of(module: tuple[str, ...]) -> str:
    """Return what a dotted name is in the table: `f2pypy.abi.gfortran` belongs to `abi`."""
    return module[1] if len(module) > 1 else ""


def module_name(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
NAMES = [".".join(name) for name in MODULES]


def imports_of(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield every module that `name` imports, at the top or in a function, with `from` names resolved."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base = (*base, *(node.module.split(".") if node.module else ()))
            for alias in node.names:
                full = (*base, alias.name)
                # the version is a constant that stands above everything the package imports
                if full != (PACKAGE.name, "__version__"):
                    yield full if full in MODULES else base


def is_own(module: tuple[str, ...]) -> bool:
    return module[0] == PACKAGE.name


@pytest.mark.parametrize("name", NAMES)
def test_every_module_has_a_layer(name: str) -> None:
    unit = unit_of(tuple(name.split(".")))
    assert unit in HEIGHT or unit == RUNTIME, f"say in LAYERS where {name} belongs"


@pytest.mark.parametrize(
    "name", [n for n in NAMES if unit_of(tuple(n.split("."))) != RUNTIME]
)
def test_imports_never_point_up(name: str) -> None:
    here = unit_of(tuple(name.split(".")))
    for imported in imports_of(tuple(name.split("."))):
        if is_own(imported):
            there = unit_of(imported)
            assert there != RUNTIME, (
                f"{name} imports the runtime; it may only read its source"
            )
            assert HEIGHT[there] <= HEIGHT[here], (
                f"{name} imports {'.'.join(imported)}, which is above it"
            )


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("f2pypy.resolve.")])
def test_the_questions_of_resolve_build_on_each_other(name: str) -> None:
    here = name.split(".")[2]
    for imported in imports_of(tuple(name.split("."))):
        if imported[:2] == ("f2pypy", "resolve"):
            assert RESOLVE.index(imported[2]) <= RESOLVE.index(here), (
                f"{name} imports {'.'.join(imported)}, which is above it"
            )


@pytest.mark.parametrize(
    "name", [n for n in NAMES if unit_of(tuple(n.split("."))) in STAGES]
)
def test_only_what_prints_asks_how_it_is_printed(name: str) -> None:
    found = filter(is_own, imports_of(tuple(name.split("."))))
    assert "printing" not in map(unit_of, found), f"{name} prints to learn something"


def test_native_code_knows_only_plans_and_expressions() -> None:
    """Python 3.9 runs it, and the first routine that gets hot waits for the import."""
    reached: set[tuple[str, ...]] = set()
    ahead = [name for name in MODULES if unit_of(name) == "native"]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += [each for each in imports_of(name) if each in MODULES]
    known = {"native", "plan", "expressions", "dataclass"}
    assert set(map(unit_of, reached)) == known


def test_neighbours_do_not_import_in_circles() -> None:
    graph: dict[str, set[str]] = {}
    for name in MODULES:
        needs = graph.setdefault(unit_of(name), set())
        needs |= {unit_of(each) for each in imports_of(name) if is_own(each)} - {
            unit_of(name)
        }
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"these import each other: {' <- '.join(error.args[1])}")


def test_modules_do_not_import_in_circles() -> None:
    graph = {
        name: {each for each in imports_of(name) if each in MODULES and each != name}
        for name in MODULES
    }
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(
            f"these import each other: {' <- '.join('.'.join(each) for each in error.args[1])}"
        )


def test_each_grammar_of_fparser_has_one_door_into_the_reading_stage() -> None:
    known: dict[str, set[str]] = {}
    for name in NAMES:
        if unit_of(tuple(name.split("."))) == "reading":
            for imported in imports_of(tuple(name.split("."))):
                if imported[0] == "fparser":
                    known.setdefault(name, set()).add(imported[1])
    assert known == {
        "f2pypy.reading.signature_grammar": {"common", "one"},
        "f2pypy.reading.source_grammar": {"two"},
    }


# Both front ends read what a statement says with the same functions; what is read knows nothing of them.
@pytest.mark.parametrize(
    "name", ["lines", "scanner", "declarations", "statements", "headers", "units"]
)
def test_readers_of_statements_know_no_front_end(name: str) -> None:
    front_ends = {"signature", "fortran", "strip", "classify", "directives"}
    found = {
        imported[2]
        for imported in imports_of(("f2pypy", "reading", name))
        if imported[:2] == ("f2pypy", "reading")
    }
    assert not found & front_ends


@pytest.mark.parametrize("name", NAMES)
def test_foreign_packages_stay_where_they_belong(name: str) -> None:
    here = unit_of(tuple(name.split(".")))
    for imported in imports_of(tuple(name.split("."))):
        package = imported[0]
        if package in ALLOWED:
            assert here in ALLOWED[package], (
                f"{name} imports {package}, which only {ALLOWED[package]} may know"
            )
        elif not is_own(imported):
            assert package in sys.stdlib_module_names, (
                f"{name} imports {package}, which is no dependency"
            )


@pytest.mark.parametrize(
    "name", [n for n in NAMES if unit_of(tuple(n.split("."))) == RUNTIME]
)
def test_the_runtime_stands_alone(name: str) -> None:
    for imported in imports_of(tuple(name.split("."))):
        if is_own(imported) and (name, ".".join(imported)) not in OPTIONAL:
            assert unit_of(imported) == RUNTIME, (
                f"{name} imports {'.'.join(imported)}: it is copied into modules"
            )


# Their functions are text with as many parameters as there are scalars, or as many statements as there are axes, and
# nothing of any names.
TEXTS_OF_NUMBERS = {
    "f2pypy.runtime.made_calls",
    "f2pypy.runtime.plain_answers",
    "f2pypy.runtime.pypy_arrays",
}


@pytest.mark.parametrize("name", NAMES)
def test_no_module_keeps_or_runs_what_it_should_not(name: str) -> None:
    """No function rebinds a global, and a source text never reaches eval or exec."""
    for node in ast.walk(
        ast.parse(MODULES[tuple(name.split("."))].read_text(encoding="utf-8"))
    ):
        assert not isinstance(node, ast.Global), (
            f"{name}:{node.lineno}: a global that functions rebind"
        )
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            allowed = {"exec"} if name in TEXTS_OF_NUMBERS else set()
            assert node.func.id not in {"eval", "exec"} - allowed, (
                f"{name}:{node.lineno}: {node.func.id}"
            )


def test_only_the_command_line_prints() -> None:
    printing = {
        ".".join(name)
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert printing <= {"f2pypy.command.cli"}


# A longer file holds more than one concept.
MOST_LINES = 400


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_long(name: str) -> None:
    text = MODULES[tuple(name.split("."))].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES, "split it by what its parts are about"


def test_the_templates_are_short_and_choose_nothing() -> None:
    """Which form a line has, and whether it is there, is for `f2pypy.printing`."""
    folder = PACKAGE.parent / "templates"
    lines = [
        line
        for path in sorted(folder.iterdir())
        if path.is_file()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) <= 320
    assert [line for line in lines if re.search(r"{%[-+]? *(if|set|elif)", line)] == []
    assert [line for line in lines if re.search(r"{{.* if .*}}", line)] == []


def test_each_step_has_a_macro() -> None:
    """One macro for each class of steps; those with several forms have one for each."""
    text = (PACKAGE.parent / "templates" / "steps.py.j2").read_text(encoding="utf-8")
    macros = re.findall(r"{% macro (\w+)", text)
    assert sorted(set(macros)) == sorted(macros)
    classes = {each.__name__ for each in get_args(plan.Step)}
    assert classes <= set(macros)
    forms = set(macros) - classes
    assert forms == {
        "ArrayOptionalUnread",
        "ChooseOrElse",
        "DeferredAsked",
        "DeferredGiven",
    }


def test_files_of_tests_have_names_of_their_own() -> None:
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))  # pytest imports each by its name alone
