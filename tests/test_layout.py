"""Lines that are too long, broken as `ruff format` leaves them; the formatter itself is the judge."""

from __future__ import annotations

import ast
import subprocess
import sys
from textwrap import dedent

import pytest
from random_statements import Statements

from f2pypy.layout import layout

# Statement, and what it becomes at 40 columns.
BROKEN = {
    "call": (
        "_dgemm.call(frame.transa, frame.transb, m, n, k)",
        """\
        _dgemm.call(
            frame.transa,
            frame.transb,
            m,
            n,
            k,
        )""",
    ),
    "only argument": (
        'raise error("a text that is far too long to stand on this line")',
        """\
        raise error(
            "a text that is far too long to stand on this line"
        )""",
    ),
    "cause": (
        "raise error(name_of_something, other_name) from None",
        """\
        raise error(
            name_of_something,
            other_name,
        ) from None""",
    ),
    "call in a call": (
        "x = array(x, (m, offset(columns_of_x, rows_of_x, leading)), IN)",
        """\
        x = array(
            x,
            (
                m,
                offset(
                    columns_of_x,
                    rows_of_x,
                    leading,
                ),
            ),
            IN,
        )""",
    ),
    "name that fits alone": (
        "a_name_that_is_long = another_name_that_is",
        """\
        a_name_that_is_long = (
            another_name_that_is
        )""",
    ),
    "name that never fits": (
        "x = another_name_that_is_longer_than_any_line",
        "x = another_name_that_is_longer_than_any_line",
    ),
    "sum": (
        "lwork = rows_of_the_matrix + columns * 3 + 1",
        """\
        lwork = (
            rows_of_the_matrix + columns * 3 + 1
        )""",
    ),
    "longer sum": (
        "lwork = rows_of_the_matrix * rows_of_it + columns * 3 + 1",
        """\
        lwork = (
            rows_of_the_matrix * rows_of_it
            + columns * 3
            + 1
        )""",
    ),
    "sum that ends in a call": (
        "lwork = 3 + max(rows_of_it, columns_of_it, 1)",
        """\
        lwork = 3 + max(
            rows_of_it,
            columns_of_it,
            1,
        )""",
    ),
    "conditions in a row": (
        'trans = b"C" if conjugated else b"T" if transposed else b"N"',
        """\
        trans = (
            b"C"
            if conjugated
            else b"T"
            if transposed
            else b"N"
        )""",
    ),
    "if": (
        "if rows_of_it > 0 and (columns == 1 or not columns):",
        """\
        if rows_of_it > 0 and (
            columns == 1 or not columns
        ):""",
    ),
    "if not": (
        "if not (rows_of_it > 0 and columns == 1 and trans):",
        """\
        if not (
            rows_of_it > 0
            and columns == 1
            and trans
        ):""",
    ),
    "elif": (
        "elif rows_of_it > 0 or columns == 1 or trans:",
        """\
        elif (
            rows_of_it > 0
            or columns == 1
            or trans
        ):""",
    ),
    "while": (
        "while lowest_index <= place <= highest_index:",
        """\
        while (
            lowest_index
            <= place
            <= highest_index
        ):""",
    ),
    "for": (
        "for place in range(first_place, last_place, step):",
        """\
        for place in range(
            first_place,
            last_place,
            step,
        ):""",
    ),
    "return of several": (
        "return first_of_them, second_of_them, third",
        """\
        return (
            first_of_them,
            second_of_them,
            third,
        )""",
    ),
    "tuple of targets": (
        "first_of_them, second_of_them = frame.results()",
        """\
        first_of_them, second_of_them = (
            frame.results()
        )""",
    ),
    "long tuple of targets": (
        "first_of_them, second_of_them, third_of_them = frame.results()",
        """\
        (
            first_of_them,
            second_of_them,
            third_of_them,
        ) = frame.results()""",
    ),
    "slice as target": (
        "values[first_of_them:last_of_all_them_here] += 1",
        """\
        values[
            first_of_them:last_of_all_them_here
        ] += 1""",
    ),
    "dictionary": (
        '_ddot = Routine(_library, "ddot", DOUBLE, {"n": INT, "incx": INT})',
        """\
        _ddot = Routine(
            _library,
            "ddot",
            DOUBLE,
            {"n": INT, "incx": INT},
        )""",
    ),
    "import": (
        "from numpy.typing import ArrayLike, NDArray",
        """\
        from numpy.typing import (
            ArrayLike,
            NDArray,
        )""",
    ),
    "definition": (
        "def dot(x: ArrayLike, n: int | None = None, *, incx: int = 1) -> float:",
        """\
        def dot(
            x: ArrayLike,
            n: int | None = None,
            *,
            incx: int = 1,
        ) -> float:""",
    ),
    "what a definition returns": (
        "def eigenvalues(a: ArrayLike) -> tuple[NDArray[np.float64], NDArray]:",
        """\
        def eigenvalues(
            a: ArrayLike,
        ) -> tuple[
            NDArray[np.float64],
            NDArray,
        ]:""",
    ),
}

KEPT = [
    "# call(aaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, cccccccccccc)",
    "x = call(aaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb)  # comment",
    "first = second = call(aaaaaaaaaaaaa, bbbbbbbbbbbbbbbbb)",
    "x = [aaaaaaaaa + bbbbbbbbb for aaaaaaaaa in cccccccccccc]",
    "if aaaaaaaaaaaaaa: call(bbbbbbbbbbbbbbbbbbbb, ccccccccc)",
    "call(aaaaaaaaaaaaa, bbbbbbbbb); call(ccccccccccccc, ddd)",
    "from aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa import *",
    "this is not Python (at all, as everybody can see), is it",
    "x = call(aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbb",
    "global aaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbb",
]


def ruff_format(text, width):
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        f"--line-length={width}",
        "-",
    ]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_function(statement, laid, indent):
    """A function with a statement, which may be laid out, at an indentation of 4, 8 or 12."""
    lines = ["def function():"]
    lines += [" " * depth + "if condition:" for depth in range(4, indent, 4)]
    if statement.startswith("elif "):
        lines += [" " * indent + "if condition:", " " * indent + "    pass"]
    else:
        lines += [" " * indent + "# the statement"]
    lines.append(laid)
    if statement.endswith(":"):
        lines.append(" " * indent + "    pass")
    return "\n".join(lines)


@pytest.mark.parametrize(("statement", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_a_statement_breaks(statement, expected):
    assert layout(statement, width=40) == dedent(expected)


@pytest.mark.parametrize(("statement", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_the_formatter_keeps_it(statement, expected):
    indented = "\n".join("    " + line for line in dedent(expected).split("\n"))
    text = in_function(statement, indented, 4) + "\n"
    assert ruff_format(text, 44) == text


@pytest.mark.parametrize("line", KEPT)
def test_what_is_no_statement_of_a_known_form_stays(line):
    assert len(line) > 40
    assert (
        layout(f"before\n    {line}\nafter\n", width=40)
        == f"before\n    {line}\nafter\n"
    )


def test_a_line_of_just_the_width_stays():
    line = "x = call(aaaaaaaaa, bbbbbbbbb)"
    assert layout(line, width=len(line)) == line
    assert (
        layout(line, width=len(line) - 1)
        == "x = call(\n    aaaaaaaaa,\n    bbbbbbbbb,\n)"
    )


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_lines_of_strings_stay(quotes):
    call = "call(aaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, cccccccccccc)"
    broken = layout(call, width=40)
    assert broken != call
    text = f"# it's\n'\"' + \"'\"\n{call}\nr{quotes}\n{call}\n\\{quotes}\n{call}\n{quotes}\n{call}\n"
    assert (
        layout(text, width=40)
        == text.replace(call, broken, 1).removesuffix(call + "\n") + broken + "\n"
    )


def test_lines_in_broken_brackets_stay():
    text = "f(\n    key=a_name_that_is_longer_than_the_line_may_be,\n    other=call(aaaaaaaaaaaaa, bbbbbbbbbbbb),\n)\n"
    assert layout(text, width=40) == text


def test_a_comment_that_ends_in_a_comma_opens_nothing():
    assert layout("# first,\ncall(aaaaaaaaaaaaa, bbbbbbbbb)", width=20) == (
        "# first,\ncall(\n    aaaaaaaaaaaaa,\n    bbbbbbbbb,\n)"
    )


def long_statements(seed, count, width):
    """Statements that are too long at their indentation, but not beyond what the formatter takes as one line."""
    source = Statements(seed)
    found = []
    while len(found) < count:
        statement, indent = source.statement(), source.random.choice([4, 4, 8, 12])
        if width < indent + len(statement) <= 320:
            found.append((statement, indent))
    return found


@pytest.mark.parametrize(("seed", "width"), [(1, 88), (2, 88), (3, 120)])
def test_random_statements(seed, width):
    """The formatter leaves at least 99.9 % of them as they are laid out, and all mean what they meant."""
    statements = long_statements(seed, 1000, width)
    flat = [
        in_function(statement, " " * indent + statement, indent)
        for statement, indent in statements
    ]
    laid = [
        in_function(statement, layout(" " * indent + statement, width), indent)
        for statement, indent in statements
    ]
    for before, after in zip(flat, laid, strict=True):
        assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(before))
        assert layout(after, width) == after
    separator = "\n\n\n# next\n\n\n"
    # Otherwise the formatter would change more than line breaks, and the comparison would say nothing.
    assert ruff_format(separator.join(flat) + "\n", 320) == separator.join(flat) + "\n"
    kept = ruff_format(separator.join(laid) + "\n", width).rstrip("\n").split(separator)
    changed = [
        (after, wanted)
        for after, wanted in zip(laid, kept, strict=True)
        if after != wanted
    ]
    assert len(changed) <= len(statements) // 1000, "\n".join(changed[0])
