"""What a module embeds of the runtime: what it uses, whole, and nothing else."""

import ast
import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest

import f2pypy
from f2pypy.files.kept import kept_for
from f2pypy.files.runtime_names import (
    bindings_in,
    runtime_files,
    runtime_names,
    symbols_in,
    without_texts,
)
from f2pypy.files.scopes import global_names, stored
from f2pypy.options import IMPORTED
from f2pypy.printing.embedding import READERS, everything, needed, read_part
from f2pypy.printing.shortening import shortened_lines

VECTORS = """
python module vectors
interface
  {result} function total(n, x)
    integer intent(hide), depend(x) :: n = len(x)
    {kind} dimension(n), intent(in) :: x
    {result} total
  end function
end interface
end python module
"""
# the last one is the symbol table's own, from CPython 3.14 on
KNOWN = {*dir(builtins), "__file__", "__name__", "__conditional_annotations__"}


@pytest.mark.parametrize("name", sorted(runtime_names().definers))
def test_nothing_is_missing(name):
    """Every name in what a name needs is defined there, imported, or Python's."""
    closure = needed([name])
    text = "\n".join(excerpt.text for excerpt in closure.excerpts())
    bound = {bound for node in ast.parse(text).body for bound in stored(node)}
    imports = {n for item in closure.imports() for n in (item.names or (item.module,))}
    imported = {item.rpartition(" as ")[2].partition(".")[0] for item in imports}
    used = global_names(text)
    assert name in bound
    assert used - bound - imported - KNOWN == set()


def test_a_name_means_one_thing_in_all_of_the_runtime():
    """Whole files stand below each other in a module: the later definition would serve both."""
    found = {}
    for part, file in runtime_files().items():
        for node in ast.parse(file.read_text("utf-8")).body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                for name in stored(node):
                    found.setdefault(name, set()).add(part)
    assert {name: parts for name, parts in found.items() if len(parts) > 1} == {}


def test_names_found_without_parsing_are_those_of_the_symbol_table():
    """Also of files that bind names inside of blocks, which are always parsed."""
    definers, imported = {}, set()
    for part, file in runtime_files().items():
        for name, is_imported in symbols_in(file.read_text("utf-8")):
            if is_imported:
                imported.add(name)
            else:
                definers.setdefault(name, part)
    assert definers == runtime_names().definers
    assert {*definers, *imported} - {"annotations"} == runtime_names().bound
    text = "from a import b as c, d\nimport e.f\nfrom g import (\n    h,\n    i as j,  # k\n)\n"
    text += (
        "x: int = 1\ny, z = 1, 2\n\n\nclass A:\n    b = 1\n\n\ndef f():\n    c = 1\n"
    )
    assert dict(bindings_in(text)) == dict(symbols_in(text))


@pytest.mark.parametrize("part", sorted(runtime_files()))
def test_files_of_the_runtime_without_their_docstrings_are_modules(part):
    """From 3.14 on the symbol table, too, refuses `from __future__` after anything but a docstring."""
    compile(without_texts(runtime_files()[part].read_text("utf-8")), part, "exec")


def names_of(text):
    return global_names(text) | {
        line.split("(")[0].split(":")[0].split()[1]
        for line in text.splitlines()
        if line.startswith(("def ", "class "))
    }


def vectors(kind, result):
    text = VECTORS.format(kind=kind, result=result)
    return names_of(f2pypy.generate(text))


@pytest.mark.parametrize("part", sorted(runtime_files()))
def test_later_loops_of_comprehensions_have_no_starred_lists(part):
    """PyPy 7.3.19 (Python 3.11) refuses `[y for x in a for y in [*x]]`."""
    tree = ast.parse(runtime_files()[part].read_text("utf-8"))
    loops = [each for n in ast.walk(tree) for each in getattr(n, "generators", ())[1:]]
    assert not [n for e in loops for n in ast.walk(e.iter) if isinstance(n, ast.Starred)]  # fmt: skip


def test_plain_arrays_carry_nothing_of_the_rest():
    names = vectors("double precision", "double precision")
    assert {"vector", "Library", "Routine", "PYPY"} <= names
    others = {
        "DescriptorLayout",
        "Compiler",
        "CallbackSignature",
        "answering",
        "string",
    }
    others |= {"as_text", "padded", "TextRules", "blas_packages", "matrix", "single"}
    others |= {"LONG_DOUBLE", "COMPLEX_LONG_DOUBLE", "long_double_bytes", "LONG"}
    assert names & others == set()


def test_a_type_brings_what_returns_it():
    double = vectors("double precision", "double precision")
    complex_number = vectors("double complex", "double complex")
    extended = vectors("real*10", "real*10")
    assert "_returning_complex" in complex_number - double
    assert "_returning_long_double" in extended - double - complex_number


def test_strings_bring_their_rules():
    names = vectors("character*4", "integer")
    assert {"TextRules", "padded", "bytes_type"} <= names


def test_statements_say_what_they_are_about():
    part = read_part(
        "part",
        "RULES = {}\nKEY = 1\n\n\ndef rule():\n    pass\n\n\n# why\nRULES[KEY] = rule\nRULES.update({})\n",
    )
    assert [(set(d.names), set(d.about)) for d in part.definitions] == [
        ({"RULES"}, set()),
        ({"KEY"}, set()),
        ({"rule"}, set()),
        (set(), {"RULES", "KEY"}),
        (set(), {"RULES"}),
    ]
    assert part.definitions[3].text == "# why\nRULES[KEY] = rule\n"


def test_what_is_kept_of_a_part_is_the_part(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    file = tmp_path / "part.py"
    file.write_text("one = 1\n")
    kept = kept_for(file, "embedded", READERS)
    assert kept.is_writable
    assert kept.value() is None
    read = read_part("part", file.read_text())
    kept.put(read.parsed())
    again = kept_for(file, "embedded", READERS).value()
    assert again == read
    assert again.definitions[0].pieces[0].uses == frozenset()
    file.write_text("second = 2\n")
    changed = kept_for(file, "embedded", READERS)
    assert changed.value() is None
    kept.file.write_bytes(b"nonsense")
    assert kept.value() is None
    kept.file.unlink()
    kept.file.mkdir()
    kept.put(read)  # can't be written
    assert list(kept.file.parent.iterdir()) == [kept.file]
    assert kept_for(tmp_path / "missing.py", "embedded", READERS) is None
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert not changed.is_writable
    changed.put(read)
    assert changed.value() is None


def test_a_process_takes_what_another_has_kept(tmp_path):
    code = (
        "from f2pypy.printing.embedding import needed, Piece\n"
        "text = ''.join(e.text for e in needed(['Routine']).excerpts())\n"
        "print(len(text), hash(text))"
    )
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", code]
    given = {**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": ""}
    first, second = (
        subprocess.run(command, env=given, capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert list(tmp_path.rglob("routines.embedded.*"))
    assert first.stdout == second.stdout


def test_a_statement_about_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing says what"):
        read_part("part", "print(1)\n")


def test_the_licence_stands_above_embedded_code():
    text = f2pypy.generate(VECTORS.format(kind="real", result="real"))
    notice = text.index("BSD-3-Clause")
    assert text.index("def total(") < notice < text.index("class Library")
    assert "BSD" not in f2pypy.generate(
        VECTORS.format(kind="real", result="real"), runtime="import"
    )


DOT = """
python module dot
interface
  double precision function ddot(n, x, offx, incx, y, offy, incy)
    double precision, intent(in) :: x(*), y(*)
    integer, optional, intent(in), check(incx>0||incx<0) :: incx = 1
    integer, optional, intent(in), check(incy>0||incy<0) :: incy = 1
    integer, optional, intent(in), depend(x), check(offx>=0 && offx<len(x)) :: offx = 0
    integer, optional, intent(in), depend(y), check(offy>=0 && offy<len(y)) :: offy = 0
    integer, optional, intent(in), depend(x,incx,offx,y,incy,offy) :: n = (len(x)-offx)/abs(incx)
    check(len(x)-offx>(n-1)*abs(incx)) n
    check(len(y)-offy>(n-1)*abs(incy)) n
  end function ddot
end interface
end python module dot
"""


def test_a_module_of_one_routine_is_short():
    text = f2pypy.generate(DOT)
    assert len(text.splitlines()) <= 985
    assert "Substitute" not in names_of(text)


def test_a_routine_of_blas_has_70_lines():
    """Its docstring among them, up to what the routines run on."""
    text = f2pypy.generate(Path(__file__).parent.parent / "examples/blas/blas.pyf")
    routines = text[: text.index("# What the routines run on.")]
    functions = [n for n in ast.parse(routines).body if isinstance(n, ast.FunctionDef)]
    assert len(functions) > 150
    assert len(routines.splitlines()) <= 70 * len(functions)


def test_a_class_has_the_methods_that_something_asks_for():
    text = f2pypy.generate(DOT)
    assert "    def find(" in text
    assert "    def compile(" in text  # of __native__, for users
    for method in ("hides_complex_results", "results", "serving", "rename", "letter"):
        assert f"    def {method}(" not in text
    with_results = f2pypy.generate(
        VECTORS.format(kind="real", result="complex").replace(
            "intent(in)", "intent(in)"
        )
    )
    assert "    def hides_complex_results(" in with_results


def test_the_worker_of_an_isolated_module_has_what_it_runs():
    text = f2pypy.generate(DOT, isolated=True)
    for method in ("serve", "restart", "close"):
        assert f"    def {method}(" in text


def test_embedded_docstrings_are_a_paragraph():
    text = f2pypy.generate(DOT)
    runtime = ast.parse(text[text.index("# What the routines run on.") :])
    for node in ast.walk(runtime):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            assert "\n\n" not in (ast.get_docstring(node) or ""), node.name


def shorten(text):
    return "".join(shortened_lines(ast.parse(text), text))


@pytest.mark.parametrize("name", sorted(runtime_files()))
def test_what_is_embedded_differs_from_its_file_in_docstrings_and_lines_alone(name):
    text = runtime_files()[name].read_text("utf-8")

    def code(module):
        for node in ast.walk(module):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                whole = ast.get_docstring(node)
                if whole is not None:
                    node.body[0].value.value = whole.partition("\n\n")[0]
        return ast.dump(module)

    assert code(ast.parse(shorten(text))) == code(ast.parse(text))


def test_signatures_fill_their_lines():
    text = "def f(\n    one: int,\n    *,\n    other: str = '',\n) -> None:\n    pass\n"
    assert shorten(text) == ("def f(one: int, *, other: str = '') -> None:\n    pass\n")
    commented = text.replace("one: int,", "one: int,  # why")
    assert shorten(commented) == commented


def test_what_the_runtime_imports_is_no_name_for_a_module():
    imported = {item.module for item in everything().imports()}
    top = {name.partition(" ")[0].partition(".")[0] for name in imported}
    assert top - {"_cffi_backend", "__pypy__"} <= IMPORTED
