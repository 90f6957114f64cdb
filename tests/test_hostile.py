"""Broken and hostile signature files: a diagnostic or a correct module, and never code of theirs in it."""

from __future__ import annotations

import ast
import builtins
import ctypes.util
import gc
import importlib.util
import keyword
import sys
import types
import warnings
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

import f2pypy
from f2pypy import F2pypyError, syntax
from f2pypy.building.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import resolve_sources
from f2pypy.printing import render, spelling
from f2pypy.printing.environment import environment
from f2pypy.reading.forms import Form
from f2pypy.resolve.names.declarations import Declarations
from f2pypy.resolve.names.places import Described, Place

EVIL = "evil_marker()"
TEXTS = st.sampled_from(
    [
        EVIL,
        '");evil_marker();("',
        "');evil_marker();('",
        '"""\nevil_marker()\n"""',
        "'''\\nevil_marker()\\n'''",
        "{evil_marker()}",
        "{{evil_marker()}}",
        "{% if evil_marker() %}",
        "%s%(evil_marker)s",
        "\\",
        "\\\\'",
        "\x00\x01",
        "a\nevil_marker()\n",
        "é\u2028evil_marker()",
        "#evil_marker()\\",
        "$(evil_marker())",
        "n)) or evil_marker() or ((0",
        "__import__('os').evil_marker",
        "lambda: evil_marker()",
        "n",
        "n+1",
        "n>0",
        "'a'",
        '"abc"',
        "1.0",
        "(1.0,2.0)",
        "",
    ]
)
NAMES = st.sampled_from(
    [
        "n",
        "x",
        "lambda",
        "print",
        "np",
        "error",
        "class",
        "None",
        "def",
        "type",
        "len",
        "frame",
        "int",
        "array",
        "vector",
        "Routine",
        "Library",
        "_library",
        "__all__",
        "__name__",
        "self",
        "import",
        "result",
        "import os",
        "a b",
        "1x",
        "x;evil_marker()",
        "x-y",
        "x.evil_marker=y",
        "Library.__lt__=evil_marker#",
        "x=evil_marker()",
        "a$b",
        "\uff45vil_marker",
        "évil",
        "_i",
        "globals",
        "address",
    ]
)
TYPES = st.sampled_from(
    [
        "integer",
        "real*8",
        "complex*16",
        "logical",
        "character",
        "character*5",
        "character*(*)",
        "type(t)",
        "double precision",
        "integer*3",
        "real(kind=evil_marker())",
        "character*(evil_marker())",
    ]
)


@st.composite
def declarations(draw: st.DrawFn) -> str:
    """One declaration, its every text hostile at times."""
    attributes = [
        f"{word}({draw(TEXTS)})"
        for word in draw(
            st.lists(
                st.sampled_from(["check", "depend", "intent", "dimension", "note"]),
                max_size=3,
            )
        )
    ]
    attributes += draw(
        st.lists(
            st.sampled_from(["optional", "required", "external", "intent(out)"]),
            max_size=1,
        )
    )
    line = ", ".join([draw(TYPES), *attributes]) + " :: " + draw(NAMES)
    if draw(st.booleans()):
        line += " = " + draw(TEXTS)
    return line


# Every statement that has a name or a text of the user's in it: {n} and {m} are names, {t} is a text.
STATEMENTS = st.sampled_from(
    [
        "callstatement (*f2py_func)({t})",
        "callprotoargument {t}",
        "fortranname {t}",
        "fortranname {n}",
        "'''{t}'''",
        "usercode '''{t}'''",
        "common /{n}/ {m}",
        "common {n}, {m}",
        "bind(c, name={t}) :: /{n}/",
        "bind(c) :: {n}",
        "save /{n}/",
        "use {n}, only: {m}",
        "use {n}, {m} => n",
        "use {n}__user__routines, {m} => n",
        "external {n}",
        "intent(callback) {n}",
        "intent(callback, hide) {n}",
        "intent(c) {n}",
        "intent(in, out={n}) {m}",
        "intent({t}) {n}",
        "depend({n}) {m}",
        "dimension({t}) {n}",
        "call {n}({t}, {m})",
        "{n} = {m}({t})",
        "entry {n}({m})",
        "entry {n}({m}) result({t})",
        "parameter ({n} = {t})",
        "data {n} /{t}/",
        "equivalence ({n}, {m})",
        "implicit {n}({t})",
        "implicit real*8 ({n})",
        "namelist /{n}/ {m}",
        "procedure({n}), pointer :: {m}",
        "type({n}) :: {m}",
        "enumerator :: {n} = {t}",
        "integer, parameter :: {n} = {t}",
        "character*({t}) {n}",
        "real(kind={n}) {m}",
        "integer {n}({t})",
        "interface {n}\nsubroutine {m}({n})\nend subroutine\nend interface",
        "type {n}\ninteger :: {m}\nend type {n}",
        "enum, bind(c)\nenumerator :: {n} = {t}\nend enum",
        "import :: {n}",
        "note({t}) {n}",
        "{n}",
    ]
)
HEADS = st.sampled_from(
    [
        ("subroutine {n}({m})", "end subroutine"),
        ("subroutine {n}({m}) bind(c, name={t})", "end subroutine"),
        ("function {n}({m})", "end function"),
        ("integer function {n}({m}) result({t})", "end function"),
        ("real(kind={t}) function {n}({m}) result({n})", "end function"),
        ("block data {n}", "end block data"),
        ("module {n}", "end module {n}"),
        ("submodule ({n}) {m}", "end submodule"),
        ("program {n}", "end program"),
        ("subroutine n(x)\ninteger x\nend subroutine\nmodule {n}", "end module {n}"),
        ("python module {n}__user__routines\ninterface\nsubroutine {m}({t})",
         "end subroutine\nend interface\nend python module"),
        ("module {n}\ncontains\nsubroutine {m}(n)\ninteger n",
         "end subroutine\nend module"),
    ]
)  # fmt: skip


def filled(draw: st.DrawFn, text: str) -> str:
    """Put drawn names and a drawn text into a pattern."""
    for mark, drawn in (("{n}", NAMES), ("{m}", NAMES), ("{t}", TEXTS)):
        text = text.replace(mark, draw(drawn) if mark in text else "")
    return text


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One statement of a routine or module."""
    if draw(st.booleans()):
        return draw(declarations())
    return filled(draw, draw(STATEMENTS))


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """One block with a few statements."""
    head, end = draw(HEADS)
    lines = draw(st.lists(statements(), max_size=4))
    return filled(draw, "\n".join([head, *lines, end]))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A signature file with a few blocks."""
    lines = [
        f"python module {draw(st.sampled_from(['m', 'm', 'm', 'lambda', 'm__user__x', 'é']))}"
    ]
    lines += draw(st.lists(statements(), max_size=1))
    lines.append("interface")
    lines += draw(st.lists(statements(), max_size=2))
    lines += draw(st.lists(blocks(), min_size=1, max_size=3))
    if draw(st.booleans()):
        lines.append(draw(TEXTS))
    return "\n".join([*lines, "end interface", "end python module", ""])


def assert_ours(text: str) -> None:
    """The module compiles, and what was planted stands in strings and comments alone."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for value in (
            getattr(node, field, None)
            for field in ("id", "attr", "name", "arg", "module")
        ):
            assert not (isinstance(value, str) and "evil" in value), ast.dump(node)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_no_text_becomes_code(source: str) -> None:
    """Whatever a text says, the module holds f2pypy's code alone."""
    try:
        text = f2pypy.generate(source, runtime="import")
    except F2pypyError:
        return
    assert_ours(text)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_option_becomes_code(data: st.DataObject) -> None:
    """Names of libraries, folders, symbols and of the module stand in strings, or are refused."""
    given_texts = st.one_of(NAMES, TEXTS)
    try:
        text = f2pypy.generate(
            HOST.format("integer n"),
            libraries=data.draw(st.lists(given_texts, max_size=2)),
            directories=data.draw(st.lists(given_texts, max_size=2)),
            library_path=data.draw(given_texts),
            symbol=data.draw(st.none() | given_texts.map("{{name}}{}".format)),
            compiler=data.draw(st.just("") | given_texts),
            runtime="import",
        )
    except (F2pypyError, ValueError):
        return
    assert_ours(text)


NAMED_CODE = {
    "common": "common /Library.__lt__=evil_marker#/ n",
    "common_without_blanks": "common /n=evil_marker()/ n",
    "fortranname": "fortranname x');evil_marker('",
    "result": "intent(out=evil_marker()) n",
    "symbol": "common /block/ k\nbind(c, name=\"n');evil_marker('\") :: /block/",
    "special": "common /__getattr__/ n",
}


@pytest.mark.parametrize("statement", NAMED_CODE.values(), ids=NAMED_CODE)
def test_names_that_are_code(statement: str) -> None:
    """A name that Python would run, or ask for by itself, costs what has it, with a message that shows it."""
    said = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            text = f2pypy.generate(HOST.format(f"integer n\n{statement}"))
        except F2pypyError as error:
            said, text = str(error), ""
    said += "".join(str(each.message) for each in caught)
    assert "<text>:5:" in said
    assert_ours(text)
    assert "__getattr__ =" not in text


def test_names_are_checked_where_they_are_printed() -> None:
    """What the earlier stages let through by mistake fails where it is printed."""
    for name in ("a b", "x.y", "lambda", "x=1", "", "1x"):
        with pytest.raises(ValueError, match="name"):
            spelling.identifier(name)
    for text in ("int; x", "f(x)", "x = 1"):
        with pytest.raises(ValueError, match="annotation"):
            spelling.annotation(text)
    with pytest.raises(ValueError, match="int"):
        spelling.element_type("bytes_type(evil_marker())")
    template = environment().from_string("{{ name }} = {{ value | quote }}")
    assert template.render(name="x", value="y z") == 'x = "y z"'
    with pytest.raises(ValueError, match="name"):
        template.render(name="x = evil_marker()", value="")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_broken_files(data: st.DataObject) -> None:
    """Lines lost, doubled, cut and exchanged give a module that compiles or a diagnostic."""
    lines = (Path(__file__).parent / "golden" / "matrix.pyf").read_text().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.integers(0, 3))
        if change == 0:
            del lines[place]
            lines = lines or [""]
        elif change == 1:
            lines.insert(place, lines[data.draw(st.integers(0, len(lines) - 1))])
        elif change == 2:
            lines[place] = lines[place][: data.draw(st.integers(0, 40))]
        else:
            lines[place] += data.draw(st.text(max_size=10))
    try:
        text = f2pypy.generate("\n".join(lines) + "\n", runtime="import")
    except F2pypyError:
        return
    ast.parse(text)


def load(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Import the generated module over the C library of mathematics, which has none of its routines."""
    library = ctypes.util.find_library("m")
    assert library is not None
    monkeypatch.setenv("F2PYPY_AWKWARD_LIBRARY", library)
    path = folder / "awkward.py"
    path.write_text(text, "utf-8")
    spec = importlib.util.spec_from_file_location("awkward", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "awkward", module)
    spec.loader.exec_module(module)
    return module


AWKWARD = [
    *sorted(w for w in keyword.kwlist if w.islower()),
    # f2py's own question to an array keeps its meaning
    *sorted(n for n in vars(builtins) if n.islower() and n.isalpha() and n != "len"),
    *[
        "np",
        "error",
        "frame",
        "array",
        "vector",
        "address",
        "math",
        "routine",
        "result",
        "self",
    ],
]


def test_awkward_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Routines and arguments named like keywords, builtins or our own names are reached by their names."""
    blocks = "\n".join(
        f"""
        subroutine {name}(n, {name})
          integer intent(hide), depend({name}) :: n = len({name})
          double precision dimension(n), check(len({name})>2), intent(in) :: {name}
        end subroutine {name}"""
        for name in AWKWARD
    )
    source = f"python module awkward\ninterface\n{blocks}\nend interface\nend python module awkward\n"
    module = load(f2pypy.generate(source), tmp_path, monkeypatch)
    for name in AWKWARD:
        routine = getattr(module, name)
        assert routine.__name__ == name
        with pytest.raises(module._awkward_error, match="failed for 1st argument"):
            routine(**{name: [1.0, 2.0]})
        # The symbol is looked up last, and the C library's function of that name is none.
        with pytest.raises(AttributeError):
            routine([1.0, 2.0, 3.0])


HOST = """python module m
interface
subroutine f(n)
{}
end subroutine f
end interface
end python module m
"""


def test_many_lines() -> None:
    """A file of ten thousand lines is read, one that never ends its blocks is refused."""
    comments = "! nothing to say\n" * 10_000
    source = HOST.format(comments + "integer n")
    assert "def f(" in f2pypy.generate(source, runtime="import")
    with pytest.raises(F2pypyError, match="python module"):
        f2pypy.generate("python module m\ninterface\n" + "subroutine f(n)\n" * 2_000)


def test_nested_blocks() -> None:
    """Blocks inside each other without end are refused once, where the limit is."""
    text = "python module m\n" + "interface\n" * 30_000 + "end interface\n" * 30_000
    with pytest.raises(F2pypyError) as caught:
        f2pypy.generate(text + "end python module\n")
    (message,) = caught.value.diagnostics
    assert (message.span.line, message.message) == (
        51, "blocks are nested more than 50 deep"
    )  # fmt: skip


def test_many_arguments() -> None:
    """A routine of a thousand arrays, each with an extent of its own, is wrapped."""
    names = [f"x{k}" for k in range(1000)]
    extents = [f"n{k}" for k in range(1000)]
    declared = "".join(
        f"integer :: {n}\nreal :: {x}({n})\n"
        for n, x in zip(extents, names, strict=True)
    )
    header = ",&\n".join((*names, *extents))
    routine = f"subroutine f({header})\n{declared}end subroutine"
    text = f2pypy.generate(
        f"python module m\ninterface\n{routine}\nend interface\nend python module\n",
        runtime="import",
    )
    assert "len(x999)" in text.partition("\ndef f(")[2]


def test_output_is_checked_in_parts() -> None:
    """What isn't Python is found in any part; a string may hold what looks like a new definition."""
    sound = 'x = """a\n\n\ndef f(:\n"""\n\n\ndef g():\n    return x\n'
    render.check_syntax([sound], "sound")
    for broken in ("x = (", "\n\n\ndef f(:\n    pass\n", "\n\n\n_x = = 1\n"):
        with pytest.raises(SyntaxError):
            render.check_syntax([f"x = 1\n{broken}"], "broken")


@pytest.mark.parametrize("chunk", [0, 1, 20, 1000])
def test_a_text_in_pieces_has_the_same_parts(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Templates yield pieces that end anywhere, in front of what tells a definition too."""
    monkeypatch.setattr(render, "CHUNK", chunk)
    parts = ["import a\n\n\n", "@b\ndef c():\n    d\n\n\n", "# e\n", "_f = g()\n", "_h = i(\n    1)\n"]  # fmt: skip
    text = "".join(parts)
    for size in (1, 2, 3, 7, len(text)):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert list(render.definitions(pieces)) == parts


def test_memory_of_large_builds() -> None:
    """What was read is freed before the text is printed, although no garbage is collected; messages have their rows."""
    text = """\
module m
use, intrinsic :: iso_c_binding
integer, parameter :: n = k*2, k = 3
type t
  integer :: i
end type
contains
subroutine s(x, f, y)
  real(c_double) :: x(n), y(*)
  external f
  x = f(y)
end subroutine
subroutine left_out(a)
  type(unknown) :: a
end subroutine
end module
"""
    sources = [Source(Path("m.f90"), text, Form.FREE)]
    diagnostics = Diagnostics()
    gc.collect()
    gc.disable()
    try:
        library = resolve_sources(sources, Options(module="m"), diagnostics)
        kept = [
            each
            for each in gc.get_objects()
            if isinstance(each, Declarations | Place | Described | syntax.Procedure)
        ]
    finally:
        gc.enable()
    assert [each.name for each in library.modules[0].procedures] == ["s"]
    if sys.implementation.name == "cpython":  # PyPy frees nothing at once
        assert not kept
    (skipped,) = diagnostics.found
    assert skipped.source == "  type(unknown) :: a"


def test_deep_expressions() -> None:
    """Nesting without end is refused, not a RecursionError."""
    deep = "(" * 5_000 + "1" + ")" * 5_000
    source = HOST.format(f"integer optional :: n = {deep}")
    try:
        text = f2pypy.generate(source, runtime="import")
    except F2pypyError:
        return
    assert "def f(" not in text


def test_circular_dependence() -> None:
    """Arguments that need each other leave their routine out, with the reason."""
    source = """python module m
interface
subroutine f(a, b)
integer intent(in), depend(b) :: a = b
integer intent(in), depend(a) :: b = a
end subroutine f
subroutine g(n)
integer n
end subroutine g
end interface
end python module m
"""
    with pytest.warns(UserWarning, match="circle"):
        text = f2pypy.generate(source, runtime="import")
    assert "def g(" in text
    assert "def f(" not in text
