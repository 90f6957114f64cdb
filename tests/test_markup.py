"""Comments in docstrings are reStructuredText that docutils reads without a warning."""

from __future__ import annotations

import io
import random
import textwrap

import pytest

from f2pypy.lower.markup import inert, prose

INERT = {
    "see x_ and b__, [1]_.": "see ``x_`` and ``b__``, ``[1]_``.",
    "by |x| or |x + y|": "by ``|x|`` or ``|x + y|``",
    "a *b and **c": "a ``*b`` and ``**c``",
    "the `distance' of it": "the 'distance' of it",
    "bounds (*,n)": "bounds ``(*,n)``",
    "x_old, 2**n, a*b, a * b, class(*), a || b": "x_old, 2**n, a*b, a * b, class(*), a || b",
    "*** Note *** of “x_” — *a": "``***`` Note ``***`` of ``“x_”`` — ``*a``",
    "``x_``, `x` and *really*": "``x_``, `x` and *really*",
}


@pytest.mark.parametrize("text", INERT)
def test_words_that_would_be_markup_are_literals(text: str) -> None:
    assert inert(text) == INERT[text]


SHAPES = {
    "a paragraph": ("one\ntwo", "one\ntwo"),
    "indented below": ("where\n  y = x\nthen", "where\n\n::\n\n  y = x\n\nthen"),
    "after a colon": ("where:\n  1 2\n  3 4", "where::\n\n  1 2\n  3 4"),
    "a list in a paragraph": ("either\n- a\n  b\n- c", "either\n\n- a\n  b\n- c"),
    "a list that ends early": ("1. a\n2. b\nc", "::\n\n    1. a\n    2. b\n    c"),
    "a definition": ("n is integer\n  the order", "n is integer\n  the order"),
    "options": ("-x  off", "::\n\n    -x  off"),
    "announced": ("so::\n\n  x_\n\nand::", "so::\n\n  x_\n\nand:"),
}


@pytest.mark.parametrize(("text", "shown"), SHAPES.values(), ids=SHAPES)
def test_shapes(text: str, shown: str) -> None:
    assert prose(text) == shown


WORDS = """
x_ a_b b__ [1]_ |x| ||x|| *a *a* **b** **c 2**n `x` `y z' ``l`` ``m (*) (*,n) class(*) text: see:: 1. - (i) -x --long
/V >>> .. | +--+ :field: :: : a. '*' "q_" http://a.b/c_ _`t` `a`_ \\alpha #. & <= {x_} [#]_ * word
*** __ “x_” «*a» —*b x_… ‣ `\\` @param éx_
""".split()  # noqa: SIM905
PHRASES = [
    "|x + y|",
    ":x :y z: t",
    "*** Note ***",
    "- item",
    "* item",
    "2) two",
    ".. note::",
    "=====  ===",
    "`a <b>`_",
]


def test_docutils_reads_all_of_it_without_a_warning() -> None:
    core = pytest.importorskip("docutils.core")
    draw = random.Random(0)
    for _ in range(600):
        lines = [
            " " * draw.choice([0, 0, 0, 2, 3, 4])
            + " ".join(draw.choices([*WORDS, *PHRASES], k=draw.randint(0, 4)))
            for _ in range(draw.randint(1, 7))
        ]
        text = textwrap.dedent("\n".join(line.rstrip() for line in lines)).strip()
        warned = io.StringIO()
        settings = {"report_level": 2, "halt_level": 5, "warning_stream": warned}
        core.publish_doctree(prose(text), settings_overrides=settings)
        assert warned.getvalue() == "", text
