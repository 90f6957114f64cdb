"""What actions read and change: a node that these questions don't know is an error, never nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from f2pypy.expressions.nodes import Integer, Name
from f2pypy.model import (
    ArrayAddress,
    Assign,
    CallRoutine,
    Choose,
    ChosenAddress,
    Continue,
    Loop,
    NullAddress,
    ScalarReference,
)
from f2pypy.resolve.calls.dead_stores import drop_stores
from f2pypy.resolve.calls.endings import with_step
from f2pypy.resolve.calls.flow import (
    expressions_in,
    expressions_of,
    inner_actions,
    names_read,
    own_expressions,
)
from f2pypy.resolve.calls.loops import recognise_loops


@dataclass(frozen=True)
class Stranger:
    """A node that nobody has said anything of."""

    target: str = ""


@pytest.mark.parametrize(
    "question",
    [
        inner_actions,
        own_expressions,
        expressions_of,
        lambda node: with_step((node,), ()),
        lambda node: drop_stores((node,), frozenset(), frozenset()),
        lambda node: recognise_loops((node,), frozenset(), frozenset()),
    ],
)
def test_a_new_node_is_not_lost(question: Callable[[Any], Iterable[object]]) -> None:
    with pytest.raises(AssertionError, match="unexpected Stranger"):
        list(question(Stranger()))


CALL = CallRoutine(
    (
        ScalarReference("n"),
        ArrayAddress("x", Name("k")),
        ChosenAddress(Name("t"), ArrayAddress("y", Name("j")), NullAddress()),
    ),
    None,
)


def test_what_is_deep_inside_is_found() -> None:
    inner = Assign("i", Name("m"))
    loop = Loop((Assign("i", Integer(0)),), Name("test"), (inner, CALL), (Continue(),))
    action = Choose(Name("c"), (loop,), ())
    assert inner in set(inner_actions(action))
    assert {node.name for node in expressions_in(action) if isinstance(node, Name)} == {
        "c", "test", "m", "k", "t", "j",
    }  # fmt: skip
    assert names_read(action) >= {"n", "x", "y"}


def test_continue_does_the_step_first_but_not_an_inner_loops() -> None:
    step = (Assign("i", Integer(1)),)
    inner = Loop((), Name("t"), (Continue(),), ())
    assert with_step((Choose(Name("c"), (Continue(),), ()), inner), step) == (
        Choose(Name("c"), (*step, Continue()), ()),
        inner,
    )
