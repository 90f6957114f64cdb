"""Fortran sources: what is read in both forms, where it stands, and what is said about what can't be read.

`cases/fortran/x.f90` is read and printed; `x.txt` is what must come out. To write the texts anew, run with
F2PYPY_UPDATE_CASES=1 and read every difference.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_signature_reader import format_tree

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.reading.classify import skeleton
from f2pypy.reading.fortran import Form, guess_form, read_fortran
from f2pypy.reading.lines import decode
from f2pypy.reading.source_grammar import PLAIN, is_accepted, is_parsed, shape_of

CASES = Path(__file__).parent / "cases" / "fortran"
SOURCES = sorted(
    path for path in CASES.iterdir() if path.suffix in (".f", ".f90", ".F90")
)


def read(
    text: str, form: Form = Form.FREE, path: str = "a.f90"
) -> tuple[syntax.File, Diagnostics]:
    diagnostics = Diagnostics()
    return read_fortran(text, path, diagnostics, form=form), diagnostics


def read_procedure(text: str, form: Form = Form.FREE) -> syntax.Procedure:
    """The one procedure of a text, which must be free of messages."""
    file, diagnostics = read(text, form)
    assert diagnostics.found == []
    (procedure,) = file.units
    assert isinstance(procedure, syntax.Procedure)
    return procedure


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_case(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    diagnostics = Diagnostics()
    file = read_fortran(decode(source.read_bytes()), source.name, diagnostics)
    assert (file.path, file.dialect) == (source.name, syntax.Dialect.FORTRAN)
    messages = "\n".join(found.format() for found in diagnostics.found)
    printed = (
        format_tree(file.units) + "\n" + ("\n" + messages + "\n" if messages else "")
    )
    expected = source.with_suffix(".txt")
    if os.environ.get("F2PYPY_UPDATE_CASES"):
        expected.write_text(printed)
        pytest.fail(f"{expected} is written anew")
    assert printed == expected.read_text()


# --- form ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        ("a.f", "x", Form.FIXED),
        ("a.F", "x", Form.FIXED),
        ("a.for", "x", Form.FIXED),
        ("a.ftn", "x", Form.FIXED),
        ("a.f77", "x", Form.FIXED),
        ("a.f90", "x", Form.FREE),
        ("a.F95", "x", Form.FREE),
        ("a.f03", "x", Form.FREE),
        ("a.f08", "x", Form.FREE),
        ("a.f", "! -*- f90 -*-\nx", Form.FREE),
        ("a.f90", "! -*- fix -*-\nx", Form.FIXED),
        ("a.inc", "C -*- fortran -*-\nx", Form.FIXED),
        ("a.inc", "      real x\nc comment\n", Form.FIXED),
        ("a.inc", "! comment\nreal x\n", Form.FREE),
        ("a.inc", "      subroutine s(a, &\n      b)\n", Form.FREE),
        ("a.inc", "\treal x\n", Form.FIXED),
        ("a", "", Form.FIXED),
        # f2py compiles such files in fixed form, or did
        ("a.f90", "c comment\n      real x\n", Form.FIXED),
        ("a.f90", "C\n      real x\n", Form.FIXED),
        ("a.F90", "c$omp parallel\n      x = 1\n", Form.FIXED),
        ("a.f90", "*     comment\n\treal x\n", Form.FIXED),
        ("a.f90", "      real x,\n! comment\n     &     y\n", Form.FIXED),
        ("a.f90", "      real x, &\n! comment\n     &     y\n", Form.FREE),
        ("a.f90", "      real x, & ! this &\n\n     &     y\n", Form.FREE),
        ("a.f90", "c = 3\n      x = 1\n", Form.FREE),
        ("a.f90", "      x = 1\nc (2) = 3\n", Form.FREE),
        ("a.f90", "call t\n      x = 1\n", Form.FREE),
        ("a.f90", "c comment?\nreal x\n", Form.FREE),
        ("a.f90", "      real x\n     x y = 3\n", Form.FREE),
    ],
)
def test_form_is_guessed_as_f2py_does(path: str, text: str, form: Form) -> None:
    assert guess_form(path, text) is form


def test_form_can_be_told() -> None:
    text = (
        "C free form would not know this\n      subroutine s(\n     & x)\n      end\n"
    )
    file = read_fortran(text, "a.f95", diagnostics := Diagnostics(), form=Form.FIXED)
    assert [
        unit.arguments for unit in file.units if isinstance(unit, syntax.Procedure)
    ] == [("x",)]
    assert diagnostics.found == []


def test_fixed_form_ends_at_column_72_but_directives_do_not() -> None:
    text = (
        "      subroutine s(a)" + " " * 51 + "garbage ( 'here\n"
        "      real a" + " " * 60 + ", b\n"
        "cf2py intent(out)" + " " * 60 + " a\n"
        "      end\n"
    )
    declaration, directive = read_procedure(text, Form.FIXED).items
    assert isinstance(declaration, syntax.TypeDeclaration)
    assert [entity.name for entity in declaration.entities] == ["a"]
    assert isinstance(directive, syntax.AttributeStatement)
    assert [entity.name for entity in directive.entities] == ["a"]


def test_a_message_says_that_a_row_is_cut() -> None:
    _, diagnostics = read(
        "      subroutine s\n      real a" + " " * 58 + ", b(3)\n      end\n",
        Form.FIXED,
    )
    (found,) = diagnostics.found
    assert "after column 72" in found.message


def test_a_message_names_the_flag_for_long_rows() -> None:
    text = f"      subroutine s(a{' ' * 55}, b)\n      end\n"
    _, diagnostics = read(text, Form.FIXED)
    (found,) = diagnostics.found
    assert found.message.endswith(
        "(text after column 72 is ignored; --f77flags=-ffixed-line-length-none reads it)"
    )


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("comment", ["! comment", "", "!"])
def test_thousands_of_comments(form: Form, comment: str) -> None:
    text = (
        "      subroutine s(a,&\n" if form is Form.FREE else "      subroutine s(a,\n"
    )
    text += (
        f"{comment}\n" * 5000
        + "     &b)\n"
        + f"{comment}\n" * 5000
        + "      real a, b\n      end\n"
    )
    procedure = read_procedure(text, form)
    assert procedure.arguments == ("a", "b")
    assert [item.span.line for item in procedure.items] == [10003]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str) -> None:
    text = newline.join(
        [
            "subroutine s(a) ! \f form feed, \x0b and \u2028 end no line",
            "real a",
            "end",
            "",
        ]
    )
    (item,) = read_procedure(text).items
    assert item.span.line == 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"]
)
def test_encodings(encoding: str) -> None:
    text = "subroutine s(a) ! é\u00a0\ncharacter, parameter :: a = 'É'\nend\n"
    (item,) = read_procedure(decode(text.encode(encoding))).items
    assert isinstance(item, syntax.TypeDeclaration)
    assert item.entities[0].initial == syntax.Text("'É'", item.span)


def test_letters_that_grow_when_lowered_move_no_place() -> None:
    (item,) = read_procedure(
        "subroutine s(a)\nreal, parameter :: b = f('İ', İİ), a = 1\nend"
    ).items
    assert isinstance(item, syntax.TypeDeclaration)
    assert [entity.span.column for entity in item.entities] == [20, 36]


# --- included files ------------------------------------------------------------------------------------------------


def test_included_files_are_read_in_place(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "beside.inc").write_text("      include 'deep.inc'\n      real b(3)\n")
    (tmp_path / "more" / "deep.inc").write_bytes(
        "c é\n      integer a\n      oops\n".encode("latin-1")
    )
    text = "      subroutine s(a, b)\n      INCLUDE 'beside.inc'\n      end\n"
    diagnostics = Diagnostics()
    file = read_fortran(
        text, str(tmp_path / "a.f"), diagnostics, include_dirs=[str(tmp_path / "more")]
    )
    (unit,) = file.units
    assert isinstance(unit, syntax.Procedure)
    places = [
        (Path(item.span.path).relative_to(tmp_path).as_posix(), item.span.line)
        for item in unit.items
    ]
    assert places == [("more/deep.inc", 2), ("beside.inc", 2)]
    (found,) = diagnostics.found
    assert (found.span.line, found.source) == (3, "      oops")


def test_an_included_file_may_hold_whole_procedures() -> None:
    files = {"a.inc": "contains\nsubroutine s\nend subroutine\n"}
    file = read_fortran(
        "module m\ninclude 'a.inc'\nend module",
        "m.f90",
        Diagnostics(),
        read_include=files.get,
    )
    (module,) = file.units
    assert isinstance(module, syntax.Module)
    assert [procedure.name for procedure in module.procedures] == ["s"]


def test_a_file_that_includes_itself() -> None:
    text = "subroutine s(a)\ninclude 'b.inc'\nreal a\nend"
    diagnostics = Diagnostics()
    read_fortran(
        text, "a.f90", diagnostics, read_include={"b.inc": "include 'b.inc'\n"}.get
    )
    assert [found.message for found in diagnostics.found] == [
        "'b.inc' includes itself, or is included too deeply; it is left out"
    ]


@pytest.mark.parametrize("name", ["/dev/zero", "a\0b", "", ".", "x" * 5000])
def test_what_is_no_file_is_not_included(name: str) -> None:
    _, diagnostics = read(f"subroutine s\ninclude '{name}'\nend")
    assert [found.severity for found in diagnostics.found] == [Severity.WARNING]


# --- units ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "if = 1",
        "end = 2",
        "real(1) = 3",
        "data(1) = 3",
        "endif (1) = 2",
        "a%b(1)%end = 3",
        "function = 1",
        "p => x",
    ],
)
def test_assignments_to_names_like_keywords_begin_the_executable_part(
    statement: str,
) -> None:
    text = f"subroutine s(x)\nreal x\n{statement}\nendif\nend if\nend select\nend block\nend\n"
    assert len(read_procedure(text).items) == 1


def test_a_bad_statement_costs_itself_alone() -> None:
    text = "subroutine s(a)\nreal a\nreal, bogus :: local\ninteger k\nk = 1\nend\nsubroutine t\nend\n"
    file, diagnostics = read(text)
    assert [unit.name for unit in file.units if isinstance(unit, syntax.Procedure)] == [
        "s",
        "t",
    ]
    assert [(found.severity, found.span.line) for found in diagnostics.found] == [
        (Severity.WARNING, 3)
    ]


def test_a_bad_statement_about_an_argument_costs_the_procedure() -> None:
    text = "subroutine s(a)\nreal, bogus :: a\nend\nsubroutine t\nend\n"
    file, diagnostics = read(text)
    assert [unit.name for unit in file.units if isinstance(unit, syntax.Procedure)] == [
        "t"
    ]
    assert [found.severity for found in diagnostics.found] == [
        Severity.WARNING,
        Severity.SKIPPED,
    ]


def test_a_bad_directive_costs_the_procedure() -> None:
    text = "subroutine s(a)\nreal a\n!f2py intent(in a\nend\nsubroutine t\nend\n"
    file, diagnostics = read(text)
    assert [unit.name for unit in file.units if isinstance(unit, syntax.Procedure)] == [
        "t"
    ]
    (found,) = diagnostics.found
    assert found.severity is Severity.SKIPPED
    assert "a.f90:3" in found.message


def test_a_bad_interface_costs_the_procedure_that_needs_it() -> None:
    text = "subroutine s(f)\ninterface\nfunction f(x)\nreal, bogus :: x\nend function\nend interface\nend\n"
    file, diagnostics = read(text)
    assert file.units == ()
    assert [found.severity for found in diagnostics.found] == [
        Severity.WARNING,
        Severity.SKIPPED,
        Severity.SKIPPED,
    ]


def test_deeper_nesting_than_fortran_has_is_refused() -> None:
    file, diagnostics = read("subroutine s\ncontains\n" * 3000)
    assert len(diagnostics.found) > 1
    assert len(file.units) <= 1
    hash(file)


# --- anything ------------------------------------------------------------------------------------------------------

ROWS = [row for path in SOURCES for row in path.read_text().split("\n")]
WORDS = [
    *(
        "subroutine",
        "function",
        "end",
        "module",
        "interface",
        "type",
        "contains",
        "procedure",
        "enum, bind(c)",
    ),
    *(
        "::",
        "(",
        ")",
        ",",
        "&",
        "'",
        '"',
        "!",
        "!f2py",
        "=",
        "=>",
        "/",
        "[",
        "]",
        "..",
        "*",
        "%",
        ";",
        "\t",
        "\0",
    ),
    *(
        "real*8",
        "integer",
        "character*(*)",
        "dimension",
        "intent(in)",
        "common /x/",
        "data",
        "implicit",
        "none",
    ),
    *(
        "a",
        "f(x)",
        "1",
        "call f",
        "use",
        "only:",
        "result(r)",
        "bind(c)",
        "entry",
        "block data",
        "end type",
    ),
    *(
        "#include 'x'",
        "include 'y'",
        "é",
        "\f",
        "\\",
        "public",
        "program",
        "structure /s/",
        "     &",
        "C",
    ),
]


def shuffled(parts: list[str], separator: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), max_size=40).map(separator.join)


TEXTS = st.one_of(
    st.binary(max_size=400).map(decode),
    st.text(max_size=200),
    shuffled(ROWS, "\n"),
    shuffled(WORDS, " "),
    st.lists(shuffled(WORDS, " "), max_size=12).map("\n".join),
)


@settings(max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.sampled_from(Form))
def test_any_text_gives_a_file(text: str, form: Form) -> None:
    files: Callable[[str], str | None] = {"y": text}.get
    diagnostics = Diagnostics()
    file = read_fortran(text, "any.f", diagnostics, form=form, read_include=files)
    rows = text.count("\n") + text.count("\r") + 1
    assert all(1 <= found.span.line <= rows for found in diagnostics.found)
    hash(file)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "subroutine s(f)\nexternal f\nreal a"
            + "(" * 20000
            + "\nx = "
            + "f(" * 20000,
            id="parentheses",
        ),
        pytest.param(
            "subroutine s(a,&\n" + "b,&\n" * 20000 + "c)\nend", id="continuation"
        ),
        pytest.param(
            "subroutine s\ncharacter a = " + "'a\"" * 5000 + "\nend", id="quotes"
        ),
        pytest.param("interface\nsubroutine s\n" * 20000, id="scopes"),
        pytest.param("pure " * 20000 + "subroutine s", id="prefixes"),
        pytest.param(";" * 20000 + "a;" * 20000, id="semicolons"),
        pytest.param("a%" * 20000 + "b = 3", id="components"),
        pytest.param(f"real{' ' * 80000}x y\nreal(8){' ' * 80000}x y", id="blanks"),
        pytest.param("module m\n" * 5000, id="modules"),
        pytest.param("foo bar\n" * 5000, id="unknown"),
        pytest.param(
            "subroutine s\n" + "!f2py & a &\n" * 20000 + "end", id="directives"
        ),
    ],
)
def test_time_grows_with_the_length_alone(text: str, form: Form) -> None:
    indent = " " * 6 if form is Form.FIXED else ""
    start = time.process_time()
    file, _ = read(indent + text.replace("\n", f"\n{indent}"), form)
    hash(file)
    repr(file)
    assert (
        time.process_time() - start < 10
    )  # seconds; where time grows with the square it is minutes


def test_rows_may_be_longer_than_72_columns() -> None:
    wide = " " * 6 + "subroutine s(a," + " " * 60 + "b)\n      end\n"
    for last in (132, None):
        unit = read_fortran(wide, "s.f", Diagnostics(), last_column=last).units[0]
        assert isinstance(unit, syntax.Procedure)
        assert unit.arguments == ("a", "b")


def test_blanks_inside_of_end() -> None:
    text = "      subroutine s(a)\n      a = 1\n      E = 2\n      EN D\n      subroutine t\n      x = 1\n      e n d\n"
    file, diagnostics = read(text, Form.FIXED, "a.f")
    assert diagnostics.found == []
    assert [unit.name for unit in file.units if isinstance(unit, syntax.Procedure)] == [
        "s",
        "t",
    ]


@pytest.mark.parametrize(
    ("text", "bones"),
    [
        ("real*8 function f (x, 'a')", "real*8 function f()"),
        ("call f(a(1), (/ 'b)' /)) + c", "call f()+c"),
        ("x = a) + f(b) + c", "x=a+f()+c"),
        ("a)) = b(1)", "a=b()"),
        ("x] = y(1", "x=y()"),
    ],
)
def test_a_bracket_that_closes_nothing_hides_nothing(text: str, bones: str) -> None:
    assert skeleton(text) == bones


DECLARATION = "Type_Declaration_Stmt"


@pytest.mark.parametrize(
    ("rule", "text", "accepted"),
    [
        (DECLARATION, "integer(ik), intent(in) :: n, m, real, only(3)", True),
        (DECLARATION, "real :: x = 1.0_dp, y = .5e0, z = 1.e-3", True),
        (DECLARATION, "logical :: l = a .and. .not. b .or. .true._lk", True),
        (DECLARATION, "integer :: i = int(z'ff', ik), j = b'01'", True),
        (DECLARATION, "character(len=*), parameter :: a = 'a, b' // \"c, 'd\"", True),
        (DECLARATION, "type(list), intent(inout) :: a%b", False),
        (DECLARATION, "real :: x(size(a, b, c), size(a, b))", True),
        (DECLARATION, "real :: x(size(a, b))", True),
        (DECLARATION, "real, bogus :: x", False),
        (DECLARATION, "real :: x y", False),
        (DECLARATION, "real :: x, , y", False),
        ("Subroutine_Stmt", "pure module subroutine subroutine(a, b, *)", True),
        ("Subroutine_Stmt", "pur subroutine s(a)", False),
        ("Function_Stmt", "real(dp) function f(x, y) result(r) bind(c)", True),
        ("Function_Stmt", "real(dp) function f(x, y) results(r)", False),
        ("Use_Stmt", "use m, only: a, b => c, operator(.x.), assignment(=)", True),
        ("Use_Stmt", "use m, onl: a", False),
        ("Access_Stmt", "private a, operator(+)", True),
        ("Common_Stmt", "common /blk/ a, b(3) // c", True),
        ("Associate_Stmt", "associate (a => b%c(1), d => e)", True),
        ("Interface_Stmt", "interface read(formatted)", True),
        ("Interface_Stmt", "interface reads(formatted)", False),
    ],
)
def test_statements_with_other_names_are_accepted_alike(
    rule: str, text: str, accepted: bool
) -> None:
    assert is_parsed(rule, text) is accepted
    assert is_accepted(rule, text) is accepted


def test_the_shape_of_a_statement_has_one_name_and_short_lists() -> None:
    assert shape_of("integer, intent(in) :: n, m, k(n, 3)") == "integer, intent(in) :: a, a(a, 3)"  # fmt: skip
    assert shape_of("real x(max(n, m, k)), y") == "real a(max(a, a, a)), a"
    assert shape_of("real :: x = 2.5d-3, y = 3.0_dp") == "real :: a = 1.0, a = 1.0_dp"
    assert (
        shape_of("""type(t) :: x = t("it's", 'b''s')""") == "type(a) :: a = a('', '')"
    )
    for kept in ("integer :: a = int(z'fg')", "character :: a = 'a''", "real :: a = 5"):
        assert shape_of(kept) == kept


def plain_statement(choose: Callable[[list[str]], str]) -> tuple[str, str]:
    """A statement of words that mostly make one of the plainest, with names that mean something elsewhere."""
    name = partial(choose, ["a", "n", "kind", "real", "function", "in", "e1", "end", "type", "value"])  # fmt: skip
    blank = partial(choose, ["", " ", "  "])

    def extent() -> str:
        total = f"{name()}{blank()}{choose(['+', '-', '*'])}{blank()}{choose(['1', '20', name()])}"
        return choose(
            [
                name(),
                "3",
                ":",
                "*",
                "0:*",
                f"{name()}{blank()}:{total}",
                total,
                f"{name()}:",
            ]
        )

    def entity() -> str:
        return name() + choose(
            ["", "", f"{blank()}({extent()}{blank()},{extent()})", f"({extent()})"]
        )

    def type_said() -> str:
        word = choose(
            ["integer", "real", "complex", "logical", "double precision", "character"]
        )
        kind = choose(
            [
                "",
                "*8",
                f"({name()})",
                f"(kind={blank()}{name()})",
                f"{blank()}(len = *)",
                "*(*)",
            ]
        )
        return choose([word + kind, word, f"type({name()})"])

    def attribute() -> str:
        words = [
            "intent(in)",
            "intent ( inout )",
            "optional",
            "value",
            "pointer",
            "save",
            f"dimension({extent()})",
        ]
        return f"{blank()},{blank()}{choose(words)}"

    before = choose(
        [
            "",
            "",
            "pure ",
            "recursive ",
            "elemental  module ",
            "pure elemental ",
            "module pure ",
        ]
    )
    dummies = f"({name()}{choose(['', f', {name()}', ', *'])})"
    match choose([DECLARATION, DECLARATION, "Subroutine_Stmt", "Function_Stmt"]):
        case "Subroutine_Stmt" as rule:
            return rule, f"{before}subroutine {name()}{choose(['', dummies])}"
        case "Function_Stmt" as rule:
            result = choose(["", f" result({name()})"])
            return (
                rule,
                f"{before}{choose(['', type_said() + ' '])}function {name()}{dummies}{result}",
            )
        case rule:
            middle = choose([f"{attribute()}{blank()}::", " :: ", " "])
            return (
                rule,
                f"{type_said()}{middle}{entity()}{choose(['', f', {entity()}'])}",
            )


def test_the_plainest_statements_are_what_fparser_takes() -> None:
    draw = random.Random(12)
    plain = 0
    for _ in range(1500):
        rule, text = plain_statement(draw.choice)
        if PLAIN[rule].fullmatch(text):
            plain += 1
            assert is_parsed(rule, shape_of(text)) or is_parsed(rule, text), text
    assert plain > 300
