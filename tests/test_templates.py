"""Templates: the same text as `numpy.f2py._src_pyf`, with a line map and messages of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f2pypy.diagnostics import F2pypyError, Span
from f2pypy.reading.templates import expand

_src_pyf = pytest.importorskip("numpy.f2py._src_pyf")

ROOT = Path(__file__).parent.parent


def words(text: str) -> list[str]:
    """The lines that say something, blanks squeezed, comments left out."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("!")]


SAME_AS_NUMPY = {
    "predefined": (
        "subroutine <prefix>f(x)\n <ftype> x\n <ftypereal> y\n"
        " callprotoargument <ctype>*,<ctypereal>*\nend subroutine"
    ),
    "predefined short": "subroutine <_c>f(x)\n <_t> x\nend subroutine <_c>f\n",
    "list": "function <s,d>f(x)\n <real,double precision> x\nend function <s,d>f\n",
    "named between": "! <t=real,double precision>\n <p=s,d>\nsubroutine <p>f(x)\n <t> x\nend subroutine <p>f\n",
    "named inside": "subroutine <p=s,d>f(x)\n ! <t=real,double precision>\n <t> x\nend subroutine <p>f\n",
    "named inside, used later": "subroutine <p=s,d>f\nend subroutine\nsubroutine <p>g\nend subroutine\n",
    "named anew": "<p=a,b>\nsubroutine <p>f\nend subroutine\n<p=c,d>\nsubroutine <p>g\nend subroutine\n",
    "named anew inside": "<p=a,b>\nsubroutine <p=c,d>f\nend subroutine\nsubroutine <p>g\nend subroutine\n",
    "back references": "subroutine <sy,\\0,\\0,he,\\3,x>f\n real <a,b,\\1,c,d,\\2>\nend subroutine\n",
    "forward reference": "subroutine <\\1,a>f\nend subroutine\n",
    "escapes": "subroutine <s,d>f\n callstatement for(i=0;i\\<n;++i) a-\\>b\n <a\\,b,c\\,\\<d\\>> x\nend subroutine\n",
    "empty alternatives": "subroutine <s,d>ger<,u>(x)\n real <,\\0> x\nend subroutine\n",
    "blanks": "subroutine < s , d >f(x)\n < t = real , double precision > x\nend subroutine\n",
    "comparison left alone": "subroutine <s,d>f\n check(n<3)\n check(n<m && k<l) n\nend subroutine\n",
    "no list": "subroutine f(x)\n check(n<3)\nend subroutine f\n",
    "outside": "python module <p>\n interface\n <x=1,2> text\nsubroutine f\nend subroutine\n end interface <q>\n",
    "several": "subroutine <s,d>f\nend subroutine\n real g\nfunction <c,z>g\nendfunction\n",
    "unended": "subroutine <s,d>f\n real x\n",
    "one alternative with a name": "subroutine <p=s>f\n <p>\nend subroutine\n",
    "commented routine": "! subroutine <nothing>\nsubroutine f\nend subroutine\n",
    "case": "SubRoutine <s,d>F\nEND SUBROUTINE\n",
    "within a word": "subroutine x<s,d>y\n cb_<s,d>select_in_<ge,he>es\nend subroutine\n",
    "unused list": "<unused=a,b,c>\nsubroutine <s,d>f\nend subroutine\n",
}


@pytest.mark.parametrize("text", SAME_AS_NUMPY.values(), ids=SAME_AS_NUMPY.keys())
def test_same_as_numpy(text: str) -> None:
    # numpy loses the first character of a routine that begins a text and the last of one that ends it
    text = f"! template\n{text}\n"
    expanded = expand(text, "f.pyf.src")
    assert words(expanded.text) == words(_src_pyf.process_str(text))
    assert len(expanded.rows) == expanded.text.count("\n") + 1


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").rglob("*.pyf.src")), ids=lambda p: p.name
)
def test_examples_are_the_same_as_numpy(path: Path) -> None:
    assert words(expand(path.read_text(), str(path)).text) == words(
        _src_pyf.process_file(str(path))
    )


def test_includes_are_the_same_as_numpy(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.pyf.src").write_text(
        "python module m\ninclude 'sub/b.src'\n include \"none.src\"\nend python module\n"
    )
    (tmp_path / "sub/b.src").write_text("<p=s,d>\n include 'c.src'\n")
    (tmp_path / "sub/c.src").write_text("subroutine <p>f\nend subroutine <p>f\n")
    path = tmp_path / "a.pyf.src"
    expanded = expand(path.read_text(), str(path))
    assert words(expanded.text) == words(_src_pyf.process_file(str(path)))
    row = expanded.rows[expanded.text.split("\n").index("subroutine df")]
    assert row.span(11) == Span(str(tmp_path / "sub/c.src"), 1, 12)
    assert set(expanded.sources) == {
        str(path),
        str(tmp_path / "sub/b.src"),
        str(tmp_path / "sub/c.src"),
    }


def test_include_directories(tmp_path: Path) -> None:
    (tmp_path / "x.src").write_text("real x")
    assert (
        expand("include 'x.src'", "f.pyf.src", include_dirs=[str(tmp_path)]).text
        == "real x"
    )


def test_every_character_has_its_place_in_the_template() -> None:
    text = "! c\nsubroutine <s,d>f(n)\n <p=real,double precision> x \\< y\nend subroutine\nend"
    rows = expand(text, "f.pyf.src").rows

    def place(row: int, piece: str) -> tuple[int, int]:
        span = rows[row].span(rows[row].text.index(piece))
        return span.line, span.column

    assert [row.text for row in rows if row.text] == [
        *("! c", "subroutine sf(n)", " real x < y", "end subroutine"),
        *("subroutine df(n)", " double precision x < y", "end subroutine", "end"),
    ]
    assert place(0, "c") == (1, 3)
    assert [place(1, piece) for piece in ("sub", "s", "f", "n")] == [(2, 1), (2, 1), (2, 17), (2, 9)]  # fmt: skip
    assert [place(5, piece) for piece in ("df", "f(", "(n")] == [
        (2, 12),
        (2, 17),
        (2, 18),
    ]
    assert [place(6, piece) for piece in ("double", "x", "<", "y")] == [(3, 2), (3, 28), (3, 31), (3, 33)]  # fmt: skip
    assert rows[-1].span() == Span("f.pyf.src", 5, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "subroutine <p>f\nend subroutine",
            "f.pyf.src:1:12: error: there is no list named 'p'",
        ),
        (
            "subroutine <s,d>f\n <a,b,c>\nend subroutine",
            "f.pyf.src:2:2: error: <a,b,c> has 3 alternatives",
        ),
        (
            "subroutine <s,\\2>f\nend subroutine",
            "f.pyf.src:1:12: error: \\2 is out of range",
        ),
        (
            "subroutine <s,\\99999999999999999999>f\nend subroutine",
            "is out of range: <s,\\9999",
        ),
        ("subroutine <s,\\1>f\nend subroutine", "\\1 in <s,\\1> refers to itself"),
        ("subroutine <\\1,\\0>f\nend subroutine", "in <\\1,\\0> refers to itself"),
        (
            "<p=\\0,b>\nsubroutine <p>f\nend subroutine",
            "f.pyf.src:1:1: error: \\0 in <p=\\0,b> refers to itself",
        ),
        (
            "<p=\\<p\\>,b>\nsubroutine <p><q>\nend subroutine",
            "f.pyf.src:2:15: error: there is no list named 'q'",
        ),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(F2pypyError) as error:
        expand(text, "f.pyf.src")
    assert message in str(error.value)


def test_all_errors_are_found_in_one_run() -> None:
    with pytest.raises(F2pypyError) as error:
        expand(
            "subroutine <p>f\nend subroutine\nfunction <q>g\nend function", "f.pyf.src"
        )
    assert [d.span.line for d in error.value.diagnostics] == [1, 3]


def test_a_list_that_names_itself_is_written_once() -> None:
    expanded = expand("subroutine <p=\\<p\\>,b>f\nend subroutine", "f.pyf.src")
    assert "subroutine <p>f" in expanded.text


def test_c_arrows_and_comparisons_need_no_escape() -> None:
    body = " callstatement for(i=0;i<n;++i) (a+k)->r=0;"
    expanded = expand(f"subroutine <c,z>f\n{body}\nend subroutine", "f.pyf.src")
    assert expanded.text.count(body) == 2


def test_templates_that_include_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.src"
    path.write_text("include 'b.src'\n")
    (tmp_path / "b.src").write_text(" include 'a.src'\n")
    with pytest.raises(
        F2pypyError, match=r"b\.src:1:11: error: 'a\.src' includes itself"
    ):
        expand(path.read_text(), str(path))


def test_includes_that_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("f2pypy.reading.templates._LINE_LIMIT", 100)
    for number in range(10):
        (tmp_path / f"{number}.src").write_text(f"include '{number + 1}.src'\n" * 2)
    with pytest.raises(F2pypyError, match="hold more than 100 lines"):
        expand("include '0.src'", str(tmp_path / "f.pyf.src"))


_PIECES = st.sampled_from(
    [
        *(
            "subroutine ",
            "function ",
            "\nend subroutine\n",
            "end function",
            "include 'f.src'\n",
        ),
        *(
            "<p=s,d>",
            "<p>",
            "<a,b>",
            "<",
            ">",
            ",",
            "\\",
            "\\0",
            "\\1",
            "\\<",
            "\\>",
            "\\,",
        ),
        *("=", "\n", " ", "!", "x", "<_c>", "<x<y,z>>", "\xb2", "\0"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_anything_is_expanded_or_refused(text: str) -> None:
    last = text.count("\n") + 1
    try:
        expanded = expand(text, "nowhere/f.pyf.src")
    except F2pypyError as refused:
        lines = [d.span.line for d in refused.diagnostics]
    else:
        assert len(expanded.rows) == expanded.text.count("\n") + 1
        lines = [row.span().line for row in expanded.rows]
    assert all(1 <= line <= last for line in lines)
