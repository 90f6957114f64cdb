"""The texts of failed checks, as f2py's modules print them."""

import pytest

from f2pypy.runtime.checks import refused, refused_text
from f2pypy.runtime.strings import string


class ModuleError(Exception):
    pass


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("n>0 && n<10", "1st argument", "ci:n", 0),
            "(n>0 && n<10) failed for 1st argument n: ci:n=0",
        ),
        (("m>0", "hidden", "f:m", -3), "(m>0) failed for hidden m: f:m=-3"),
        (
            ("x>0", "2nd keyword", "ci:x", 0.0),
            "(x>0) failed for 2nd keyword x: ci:x=0",
        ),
        (
            ("x>0", "2nd keyword", "ci:x", -1e-7),
            "(x>0) failed for 2nd keyword x: ci:x=-1e-07",
        ),
        (
            ("x>0", "2nd keyword", "ci:x", -1e20),
            "(x>0) failed for 2nd keyword x: ci:x=-1e+20",
        ),
        (
            ("x>0", "2nd keyword", "ci:x", -1.23456789),
            "(x>0) failed for 2nd keyword x: ci:x=-1.23457",
        ),
        (
            ("x>0", "2nd keyword", "ci:x", float("nan")),
            "(x>0) failed for 2nd keyword x: ci:x=nan",
        ),
        (("z.r>0", "3rd keyword", "z"), "(z.r>0) failed for 3rd keyword z"),
        (("z.r>n", "3rd keyword", "z", None, 5), "(z.r>n) failed for 3rd keyword z"),
        (("len(a)>2", "6th argument", "a"), "(len(a)>2) failed for 6th argument a"),
    ],
)
def test_text(arguments, text):
    failure = refused(ModuleError, *arguments)
    assert type(failure) is ModuleError
    assert str(failure) == text


@pytest.mark.parametrize(
    ("values", "bits", "text"),
    [
        ((2**31,), 32, "Python int too large to convert to C int"),
        ((-(2**31) - 1,), 32, "Python int too large to convert to C int"),
        ((1, 2, 2**31), 32, "Python int too large to convert to C int"),
        ((None, 2**31), 32, "Python int too large to convert to C int"),
        ((2**63,), 64, "int too big to convert"),
    ],
)
def test_value_beyond_its_type(values, bits, text):
    failure = refused(ModuleError, "n<9", "1st argument", "f:n", *values, bits=bits)
    assert type(failure) is OverflowError
    assert str(failure) == text


def test_value_at_the_edge_of_its_type():
    failure = refused(ModuleError, "n<9", "1st argument", "f:n", -(2**40), bits=64)
    assert str(failure).endswith("f:n=-1099511627776")


def test_character():
    failure = refused_text(ModuleError, "c=='a'", "4th keyword", "ci:c", b"b")
    assert type(failure) is ModuleError
    assert str(failure) == "(c=='a') failed for 4th keyword c: ci:c='b'"


def test_string():
    memory = string("xb", 5, b"", "c.ci", "5th keyword", "s")
    failure = refused_text(ModuleError, "s[0]=='a'", "5th keyword", "ci:s", memory)
    assert type(failure) is ModuleError
    text = "(s[0]=='a') failed for 5th keyword s: ci:slen(s)=5 s=\"xb   \""
    assert str(failure) == text


def test_integer_beyond_its_type_beside_a_character():
    failure = refused_text(
        ModuleError, "c=='a'||n>0", "4th keyword", "ci:c", b"b", 2**31
    )
    assert type(failure) is OverflowError
    assert str(failure) == "Python int too large to convert to C int"
