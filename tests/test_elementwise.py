"""What NumPy can evaluate for all elements at once: the tree says it, and the printer prints just that."""

import pytest

from f2pypy.expressions.elementwise import FUNCTIONS, INDEX, OPERATORS, is_elementwise
from f2pypy.expressions.nodes import (
    Binary,
    Bounds,
    Call,
    Complex,
    Conditional,
    Convert,
    ExpressionError,
    Integer,
    Kind,
    Member,
    Name,
    Subscript,
    Unary,
)
from f2pypy.expressions.vocabulary import (
    MATH_FUNCTIONS,
    ROUNDING_FUNCTIONS,
    TRUTH_FUNCTIONS,
)
from f2pypy.printing.vectors import print_elementwise

MANY = Bounds(Integer(0), Name("n"))
BELOW = Bounds(Integer(-3), Name("n"))
ELEMENTS = Subscript(Name("x"), MANY)
INDEXED = Subscript(Name(INDEX), Integer(0))
OTHER_OPERATORS = ("idiv", "imod", "ipow", "<<", ">>", "concat")
OTHER_FUNCTIONS = {*MATH_FUNCTIONS, *ROUNDING_FUNCTIONS, *TRUTH_FUNCTIONS, "user"}
TREES = [
    *(Binary(o, ELEMENTS, Integer(2)) for o in (*sorted(OPERATORS), *OTHER_OPERATORS)),
    *(Binary(o, MANY, Integer(v)) for o in OTHER_OPERATORS for v in (-1, 0, 3)),
    *(Binary(o, BELOW, Integer(3)) for o in OTHER_OPERATORS),
    *(Binary(o, INDEXED, INDEXED) for o in ("+", "idiv", "ipow")),
    *(Binary("+", Name("a"), Binary(o, MANY, MANY)) for o in ("*", "imod")),
    *(Call(f, (ELEMENTS, ELEMENTS)) for f in sorted(FUNCTIONS | OTHER_FUNCTIONS)),
    *(Call(f, (Name("a"),)) for f in sorted(OTHER_FUNCTIONS)),
    *(Unary(o, ELEMENTS) for o in ("-", "~", "!", "+")),
    *(Convert(kind, Unary("-", ELEMENTS)) for kind in (Kind.INTEGER, Kind.REAL)),
    Complex(ELEMENTS, MANY),
    Conditional(Binary("<", MANY, Integer(2)), ELEMENTS, Integer(0)),
    Conditional(Binary("<", MANY, Integer(2)), Call("user", (MANY,)), Integer(0)),
    Member(ELEMENTS, "r"),
    Subscript(Name(INDEX), Call("user", (MANY,))),
    Subscript(Name("x"), Binary("+", MANY, Integer(1))),
    Subscript(Call("ravel", (Name("x"),)), Bounds(Integer(0), Name("n"), Integer(2))),
]


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_the_printer_agrees(tree):
    try:
        print_elementwise(tree)
    except ExpressionError:
        printed = False
    else:
        printed = True
    assert is_elementwise(tree) == printed


def test_both_answers_are_tried():
    assert {is_elementwise(tree) for tree in TREES} == {True, False}
