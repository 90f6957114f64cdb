"""Signature files: what is read, where it stands, and what is said about what can't be read.

`cases/signature/x.pyf` is read and printed; `x.txt` is what must come out. To write the texts
anew, run with F2PYPY_UPDATE_CASES=1 and read every difference.
"""

from __future__ import annotations

import dataclasses
import enum
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from f2pypy import syntax
from f2pypy.descriptions import NOTHING_SAID
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.reading.directives import read_directives
from f2pypy.reading.lines import Line, decode
from f2pypy.reading.signature import read_signature

CASES = Path(__file__).parent / "cases" / "signature"


def format_tree(units: tuple[syntax.Item, ...]) -> str:
    """One line for each record with its place and the fields that say something."""
    return "\n".join(line for unit in units for line in format_item(unit, ""))


def format_item(item: Any, indent: str) -> list[str]:
    words = [type(item).__name__]
    children: list[str] = []
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if field.name in ("items", "contained", "procedures", "components"):
            label = (
                []
                if field.name == "items" or not value
                else [f"{indent}  {field.name}:"]
            )
            children += [
                *label,
                *(
                    line
                    for child in value
                    for line in format_item(child, indent + "  ")
                ),
            ]
        elif field.name == "span":
            words.insert(1, f"@{value.line}:{value.column}")
        elif (
            field.name != "places" and value not in ("", (), False, None, NOTHING_SAID)
        ) or (field.name == "arguments" and value == ()):
            words.append(f"{field.name}={format_value(value)}")
    return [indent + " ".join(words), *children]


def format_value(value: Any) -> str:
    if isinstance(value, syntax.Text):
        return f"{value.text!r}@{value.span.line}:{value.span.column}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(format_value, value)) + ")"
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return "[" + format_item(value, "")[0] + "]"
    return repr(value)


def read(text: str, **options: Any) -> tuple[syntax.File, Diagnostics]:
    diagnostics = Diagnostics()
    return read_signature(text, "f.pyf", diagnostics, **options), diagnostics


def read_items(text: str) -> tuple[syntax.Item, ...]:
    """The items of a routine with the body `text`, which must be free of errors."""
    file, diagnostics = read(f"subroutine s\n{text}\nend\n")
    diagnostics.stop_on_errors()
    (routine,) = file.units
    assert isinstance(routine, syntax.Procedure)
    return routine.items


@pytest.mark.parametrize("source", sorted(CASES.glob("*.pyf")), ids=lambda p: p.stem)
def test_case(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    diagnostics = Diagnostics()
    file = read_signature(source.read_text(), source.name, diagnostics)
    assert file.path == source.name
    assert file.dialect is syntax.Dialect.SIGNATURE
    messages = "\n".join(d.format() for d in diagnostics.found)
    printed = (
        format_tree(file.units) + "\n" + ("\n" + messages + "\n" if messages else "")
    )
    expected = source.with_suffix(".txt")
    if os.environ.get("F2PYPY_UPDATE_CASES"):
        expected.write_text(printed)
        pytest.fail(f"{expected} is written anew")
    assert printed == expected.read_text()


@pytest.mark.parametrize(
    "name", ["blas", "blocks", "code", "declarations", "statements"]
)
def test_sound_files_give_no_message(name: str) -> None:
    assert not read((CASES / f"{name}.pyf").read_text())[1].found


def test_messages_of_a_template_name_its_lines() -> None:
    texts = {(7, 0): "subroutine s", (9, 1): "  foo", (12, 0): "  bar"}
    rows = [Line(text, ((0, *place),), "t.pyf.src") for place, text in texts.items()]
    diagnostics = Diagnostics(
        sources={"t.pyf.src": tuple(f"line {n}" for n in range(1, 20))}
    )
    text = "\n".join(texts.values())
    read_signature(text, "t.pyf", diagnostics, rows=rows)
    assert [d.format(caret=False) for d in diagnostics.found] == [
        "t.pyf.src:9:3: skipped: s is left out: unknown statement in subroutine 's': 'foo'",
        "t.pyf.src:12: skipped: s is left out: unknown statement in subroutine 's': 'bar'",
        "t.pyf.src:7: error: subroutine 's' is never ended: expected 'end subroutine'",
    ]
    assert diagnostics.found[1].source == "line 12"


def test_directives() -> None:
    diagnostics = Diagnostics()
    rows = {
        3: " intent(in) x",
        5: " integer optional, &",
        6: "  & depend(x) :: n = len(x)",
        9: " callstatement (*f2py_func)(&N) ! C",
        10: " foo",
    }
    items = read_directives(
        [Line(text, ((0, row, 6),), "a.f") for row, text in rows.items()],
        diagnostics,
    )
    assert format_tree(items).splitlines() == [
        "AttributeStatement @3:7 attribute=[Attribute @3:7 name='intent' arguments=('in'@3:14) directive=True]"
        " entities=([Entity @3:18 name='x'])",
        "TypeDeclaration @5:7 type=[TypeSpec name='integer']"
        " attributes=([Attribute @5:15 name='optional' directive=True],"
        " [Attribute @6:10 name='depend' arguments=('x'@6:17) directive=True])"
        " entities=([Entity @6:23 name='n' initial='len(x)'@6:27])",
        "Code @9:7 keyword='callstatement' text='(*f2py_func)(&N)'@9:21",
    ]
    (message,) = diagnostics.found
    assert message.span == Span("a.f", 10, 7)


def test_included_files_are_read_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "deep/a.inc").write_text("real x\ninclude 'b.inc'\n")
    (tmp_path / "elsewhere/b.inc").write_bytes(b"! caf\xe9\nreal, big :: z\n")
    diagnostics = Diagnostics()
    file = read_signature(
        'subroutine s\n include "a.inc"\n real y\nend',
        "deep/f.pyf",
        diagnostics,
        include_dirs=["elsewhere"],
    )
    (message,) = diagnostics.found
    assert (
        message.format()
        == "elsewhere/b.inc:2:7: warning: unknown attribute 'big' is ignored\n    real, big :: z\n          ^"
    )
    (routine,) = file.units
    assert [d.span for d in routine.items] == [
        Span("deep/a.inc", 1, 1),
        Span("elsewhere/b.inc", 2, 1),
        Span("deep/f.pyf", 3, 2),
    ]


FIXED_FORM = """\
C     comments of Fortran 77
*     and others
      INTEGER NMAX
      PARAMETER (NMAX
     &           = 3)
c     what follows goes on beyond column 72
      COMMON /BLOCK/ A(NMAX), B,
     1               C(NMAX)
"""


@pytest.mark.parametrize("name", ["a.inc", "A.INC", "a.h", "a.f", "a"])
def test_included_files_may_be_in_fixed_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(FIXED_FORM)
    file, diagnostics = read(f"subroutine s(x)\n include '{name}'\n real x\nend")
    assert not diagnostics.found
    (routine,) = file.units
    assert isinstance(routine, syntax.Procedure)
    kinds = [type(item).__name__ for item in routine.items]
    assert kinds == [
        "TypeDeclaration",
        "ParameterStatement",
        "Common",
        "TypeDeclaration",
    ]
    common = routine.items[2]
    assert isinstance(common, syntax.Common)
    assert [entity.name for entity in common.entities] == ["A", "B", "C"]
    assert [item.span.line for item in routine.items] == [3, 4, 7, 3]


@pytest.mark.parametrize("name", ["a.inc", "a.pyf", "a.pyf.src"])
def test_included_signatures_keep_their_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ["        integer :: n", "        ! a comment", "        check(n != 0) n"]
    Path(name).write_text("\n".join(lines))
    file, diagnostics = read(f"subroutine s(n)\n include '{name}'\nend")
    assert not diagnostics.found
    (routine,) = file.units
    assert isinstance(routine, syntax.Procedure)
    assert "n != 0" in format_item(routine, "")[-1]


def test_files_that_include_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.inc").write_text("include 'b.inc'\n")
    (tmp_path / "b.inc").write_text("include 'a.inc'\n")
    _, diagnostics = read("include 'a.inc'\n")
    assert [d.format(caret=False) for d in diagnostics.found] == [
        "b.inc:1:1: error: 'a.inc' includes itself"
    ]


def test_include_that_grows_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("f2pypy.reading.includes.LINE_LIMIT", 100)
    for number in range(20):
        (tmp_path / f"{number}.inc").write_text(f"include '{number + 1}.inc'\n" * 2)
    _, diagnostics = read("include '0.inc'\n")
    errors = [d for d in diagnostics.found if d.severity is Severity.ERROR]
    assert "included files hold more than 100 lines" in errors[0].message
    assert len(diagnostics.found) < 200


def test_include_of_what_is_no_file() -> None:
    _, diagnostics = read("include '/dev/zero'\ninclude 'a\0b'\ninclude '.'\n")
    assert [d.severity for d in diagnostics.found] == [Severity.WARNING] * 3


@pytest.mark.parametrize(
    "raw",
    [
        "real é".encode(),
        "real é".encode("latin-1"),
        "real é".encode("utf-8-sig"),
        "real é".encode("utf-16"),
        b"\xfe\xff" + "real é".encode("utf-16-be"),
        "real é".encode("utf-32"),
        b"\x00\x00\xfe\xff" + "real é".encode("utf-32-be"),
    ],
)
def test_decode(raw: bytes) -> None:
    assert decode(raw) == "real é"


def test_decode_never_fails() -> None:
    assert decode(b"\xff\xfea") == "�"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending: str) -> None:
    (file, diagnostics) = read(f"subroutine s{ending}real x{ending}end{ending}")
    assert not diagnostics.found
    assert file.units[0].items[0].span.line == 2


def test_nesting_is_bounded() -> None:
    depth = 3000
    file, diagnostics = read("interface\n" * depth + "end interface\n" * depth)
    assert {d.message for d in diagnostics.found} == {
        "blocks are nested more than 50 deep"
    }
    item, levels = file.units[0], 1
    while item.items:
        (item,), levels = item.items, levels + 1
    assert levels == 50


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("integer a, b, 3", 15),
        ("integer a, &\n  b, 3", 6),
        ("\tinteger a b", 12),
        ("real, intent(in), dimension(n :: a", 28),
        ("integer :: a = f(x, (y)", 17),
        ("real x; real 3", 14),
        ("implicit real (a-h), intger (i)", 22),
        ("call f(x) y", 11),
        ("parameter (a = )", 12),
        ("bind(c, nam=3) :: x; entry 3", 22),
    ],
)
def test_column_of_an_error(line: str, column: int) -> None:
    _, diagnostics = read(f"subroutine s\n{line}\nend")
    (error,) = diagnostics.found
    assert error.span == Span("f.pyf", line.count("\n") + 2, column)


def test_many_comments_and_long_continuations() -> None:
    comments = "! nothing\n" * 5000
    arguments = ", &\n".join(f"a{n}" for n in range(5000))
    file, diagnostics = read(
        f"{comments}subroutine s({arguments})\n{comments}end\n{comments}"
    )
    assert not diagnostics.found
    assert len(file.units[0].arguments) == 5000


def test_repeated_messages_and_reserved_names() -> None:
    _, diagnostics = read("subroutine s\nuse F2PY_EXPR_TUPLE_1\nend")
    assert "reserved" in diagnostics.found[0].message


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("check(a != b) :: n ! c", "a != b"),
        ("check(!a) n", "!a"),
        ("check(a && !(b)) n", "a && !(b)"),
        ('check(*c == "!") n', '*c == "!"'),
    ],
)
def test_exclamation_mark_in_c(text: str, kept: str) -> None:
    (item,) = read_items(text)
    assert isinstance(item, syntax.AttributeStatement)
    assert item.attribute.arguments is not None
    assert item.attribute.arguments[0].text == kept
    assert item.entities[0].name == "n"


_PIECES = st.sampled_from(
    [
        *(
            "python module",
            "interface",
            "subroutine s(a, b)",
            "end",
            "contains",
            "module m",
        ),
        *(
            "real*8 function f(x) result(r)",
            "block data",
            "end interface",
            "end subroutine s",
        ),
        "integer, intent(in,out,copy,out=z) :: n = (len(x)-1)/abs(incx)",
        *("check(n!=3) :: n", "character*(*) a(3)*2, b", "common /x/ a(3), b /y/ c"),
        *(
            "data a /1,2/",
            "parameter (a=1)",
            "implicit real (a-h)",
            "use m, only: a=>b",
        ),
        *(
            "entry e(a) result(b)",
            "callstatement (*f2py_func)(&n)",
            "usercode '''",
            "'''",
        ),
        *(
            "type, extends(t) :: q",
            "enum, bind(c)",
            "enumerator :: a",
            "public operator(+)",
        ),
        *(
            "procedure(f), pointer :: p",
            "save /a/",
            "depend(a) b",
            "note(it's)",
            "call f(x)",
        ),
        *("y = f(x)", "fortranname", "threadsafe", "include 'x'", "F2PY_EXPR_TUPLE_1"),
        *("!f2py", "::", *"()[]{}'\"!&;,=/*\\<>$1\0\t\f", "\xe9", "\u017f", "\u0130"),
    ]
)
_SPACES = st.sampled_from(["", " ", "\n", "\n", " &\n "])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_PIECES, _SPACES), max_size=30))
def test_anything_gives_a_file_or_messages(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + space for piece, space in pieces)
    file, diagnostics = read(text)
    format_tree(file.units)
    lines = text.split("\n")
    for found in diagnostics.found:
        assert found.format()
        assert 1 <= found.span.line <= len(lines)
        assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_file_or_messages(raw: bytes) -> None:
    file, diagnostics = read(decode(raw))
    assert file.units == () or diagnostics.found is not None


def test_ten_thousand_lines_take_seconds_not_minutes() -> None:
    routine = (CASES / "blas.pyf").read_text()
    text = routine * (10_000 // routine.count("\n") + 1)
    start = time.process_time()
    file, diagnostics = read(text)
    assert time.process_time() - start < 10
    assert not diagnostics.found
    assert len(file.units) == text.count("end python module")


@pytest.mark.parametrize(
    "text",
    [
        "x " + "\\'" * 20_000,
        "check(" + "!a " * 20_000 + ") n",
        "subroutine s(a" + ", &\n b" * 20_000 + ")",
        "end\n" * 20_000,
    ],
    ids=["quotes", "marks", "continuations", "messages"],
)
def test_time_grows_with_the_length_alone(text: str) -> None:
    start = time.process_time()
    file, diagnostics = read(text)
    assert file.units or diagnostics.found
    assert time.process_time() - start < 10


def test_abstract_interfaces_may_have_the_name_that_f2py_gives_them() -> None:
    text = """
        abstract interface unknown_abstract_interface
          subroutine s(x)
            real x
          end subroutine s
        end abstract interface unknown_abstract_interface
        """
    diagnostics = Diagnostics()
    (interface,) = read_signature(text, "a.pyf", diagnostics).units
    assert diagnostics.found == []
    assert isinstance(interface, syntax.Interface)
    assert (interface.name, interface.abstract) == ("", True)
