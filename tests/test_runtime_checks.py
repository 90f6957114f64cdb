"""The texts of failed checks, as f2py's modules print them."""

import pytest

from f2pypy.runtime.checks import check_failed
from f2pypy.runtime.strings import string


class ModuleError(Exception):
    pass


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("(n>0 && n<10) failed for 1st argument n: ci:n", 0),
            "(n>0 && n<10) failed for 1st argument n: ci:n=0",
        ),
        (("(m>0) failed for hidden m: f:m", -3), "(m>0) failed for hidden m: f:m=-3"),
        (
            ("(x>0) failed for 2nd keyword x: ci:x", 0.0),
            "(x>0) failed for 2nd keyword x: ci:x=0",
        ),
        (
            ("(x>0) failed for 2nd keyword x: ci:x", -1e-7),
            "(x>0) failed for 2nd keyword x: ci:x=-1e-07",
        ),
        (
            ("(x>0) failed for 2nd keyword x: ci:x", -1e20),
            "(x>0) failed for 2nd keyword x: ci:x=-1e+20",
        ),
        (
            ("(x>0) failed for 2nd keyword x: ci:x", -1.23456789),
            "(x>0) failed for 2nd keyword x: ci:x=-1.23457",
        ),
        (
            ("(x>0) failed for 2nd keyword x: ci:x", float("nan")),
            "(x>0) failed for 2nd keyword x: ci:x=nan",
        ),
        (
            ("(c=='a') failed for 4th keyword c: ci:c", b"b"),
            "(c=='a') failed for 4th keyword c: ci:c='b'",
        ),
        (("(z.r>0) failed for 3rd keyword z", 1j), "(z.r>0) failed for 3rd keyword z"),
        (
            ("(len(a)>2) failed for 6th argument a",),
            "(len(a)>2) failed for 6th argument a",
        ),
    ],
)
def test_text(arguments, text):
    failure = check_failed(ModuleError, *arguments)
    assert type(failure) is ModuleError
    assert str(failure) == text


@pytest.mark.parametrize(
    ("value", "bits", "text"),
    [
        (2**31, 32, "Python int too large to convert to C int"),
        (-(2**31) - 1, 32, "Python int too large to convert to C int"),
        (2**63, 64, "int too big to convert"),
    ],
)
def test_value_beyond_its_type(value, bits, text):
    failure = check_failed(
        ModuleError, "(n<9) failed for 1st argument n: f:n", value, bits=bits
    )
    assert type(failure) is OverflowError
    assert str(failure) == text


def test_value_at_the_edge_of_its_type():
    assert str(
        check_failed(
            ModuleError, "(n<9) failed for 1st argument n: f:n", -(2**40), bits=64
        )
    ).endswith("f:n=-1099511627776")


def test_string():
    memory = string("xb", 5, b"", "c.ci", "5th keyword", "s")
    failure = check_failed(
        ModuleError, "(s[0]=='a') failed for 5th keyword s: ci:s", memory
    )
    assert type(failure) is ModuleError
    assert (
        str(failure) == "(s[0]=='a') failed for 5th keyword s: ci:slen(s)=5 s=\"xb   \""
    )
