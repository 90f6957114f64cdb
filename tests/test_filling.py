"""Long lines of generated modules are broken, and mean what they meant."""

import ast

import pytest

from f2pypy.printing.filling import WIDTH, fill

NAMES = [f"argument_{number}" for number in range(20)]
MANY = ", ".join(NAMES)
LONG = [
    f"x = f({MANY})",
    f"def f({', '.join(f'{n}: int | None = None' for n in NAMES)}) -> tuple[int, float]:\n    pass",
    f"def f(x: int) -> tuple[{MANY}]:\n    pass",
    f'_f = Routine(_library, "f", None, ({", ".join(NAMES)}), threadsafe=True)',
    f"x = f({MANY}, ({MANY}), [{MANY}])",
    f"x = f(g(h({MANY})))",
    f"x = f(lambda {MANY}: 0)",
    f"x = {' + '.join(NAMES[:5])} if {' and '.join(NAMES)} else {' * '.join(NAMES[:5])}",
    f"x: int = {' or '.join(NAMES)}",
    f"if {' and '.join(NAMES)}:\n    pass",
    f"while not ({' and '.join(NAMES)}):\n    pass",
    f"assert f(({MANY},), {MANY},)",
    f"x = f(max({MANY}) if {' or '.join(NAMES)} else 0, 1)",
    f"x = sum(a for a, b in f({MANY}))",
]


@pytest.mark.parametrize("text", LONG)
def test_long_lines_are_broken_and_mean_the_same(text):
    broken = fill(text)
    assert ast.dump(ast.parse(broken)) == ast.dump(ast.parse(text))
    assert broken != text
    # but for a first line whose bracket is far to the right
    assert max(map(len, broken.split("\n")[1:])) <= WIDTH


@pytest.mark.parametrize(
    "text",
    [
        f"x = f({MANY[:80]})",
        f"x = {' + '.join(NAMES)}",
        f'x = f("{MANY}, (and [{MANY}")',
        f'x = "{MANY}"',
        f"import {MANY}",
        "",
    ],
)
def test_short_lines_and_those_without_a_place_to_break_stay(text):
    assert fill(text) == text


def test_strings_are_never_broken():
    condition = "a, b) and (c, d " * 12
    text = f'raise refused(error, "{condition}\\"", b"{condition}", "1st argument", "f:n", n)'
    broken = fill(text)
    assert ast.dump(ast.parse(broken)) == ast.dump(ast.parse(text))
    assert f'"{condition}\\"",' in broken


def test_lines_go_on_below_their_bracket():
    first, second, *_ = fill(f"    value = function({MANY})").split("\n")
    assert first.startswith("    value = function(argument_0, argument_1,")
    assert second.startswith("                     argument_")


def test_other_lines_stay():
    text = f"    if x:\n        y = f({MANY})\n    return y"
    broken = fill(text).split("\n")
    assert broken[0] == "    if x:"
    assert broken[-1] == "    return y"


@pytest.mark.parametrize(
    "line",
    [
        f"delimiter: bytes | None = None, {'b' * 60}: int | None = None, {'c' * 20}: int | None = None,",
        f"delimiter: bytes | None = None, {'b' * 60}: int | None = None, {'c' * 20}: int | None = None) -> None:",
    ],
)
def test_parameters_of_a_signature_are_no_assignment(line: str) -> None:
    """Rows that are still too long are filled as well."""
    assert fill(" " * 19 + line) == " " * 19 + line


def test_a_condition_before_a_far_bracket_is_put_into_parentheses_as_a_whole() -> None:
    names = [f"kind_of_argument_{letter} is int" for letter in "abcdefg"]
    line = f"    if {' and '.join(names)} and is_array(a_, complex128, 2) and is_array(b_, complex128, 2):"
    filled = fill(line)
    trees = [
        ast.dump(ast.parse(f"{each}\n        pass".lstrip())) for each in (filled, line)
    ]
    assert trees[0] == trees[1]
    assert max(map(len, filled.split("\n"))) <= WIDTH
