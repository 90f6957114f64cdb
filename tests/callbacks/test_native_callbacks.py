"""Callbacks in machine code beside those of ctypes: the same answers, exceptions and warnings."""

from __future__ import annotations

import signal
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from callback_calls import matrix
from callback_tiers import TIERS, load

from f2pypy.runtime import arrays

if "native" not in TIERS:
    pytest.skip("there is no machine code here", allow_module_level=True)

ANSWERS = [
    None,
    (),
    1,
    -1,
    True,
    1.5,
    2.5 - 1j,
    float("nan"),
    float("inf"),
    2**15,
    -(2**31),
    2**31,
    2**63,
    2**80,
    "a",
    b"bc",
    [1.0],
    (1.0, 2.0, 3.0),
    (2, 3),
    [1, 2],
    [[1, 2]],
    object,
    np.float64(3.5),
    np.float32(3.5),
    np.int32(-3),
    np.int64(2**40),
    np.complex128(1 + 2j),
    np.bool_(True),
    np.array(4.0),
    np.array([1.0, 2.0]),
    np.array([1.0, 2.0], ">f8"),
    np.array([1, 2]),
    np.array([1.0, 2.0, 3.0]),
    np.array([[1.0, 2.0]]),
    np.arange(4.0)[::2],
    np.array([1.0, 2.0], "f4"),
    np.arange(6.0).reshape(3, 2, order="F"),
    np.arange(6.0).reshape(3, 2),
    np.ones((2, 3)),
]


@pytest.fixture(scope="module")
def pair(written: Path) -> list[ModuleType]:
    found = []
    for mode in TIERS.values():
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("F2PYPY_NATIVE", mode)
            found.append(load(written))
    return found


def outcome(module: Any, name: str, *arguments: Any) -> Any:
    """Return what a call gives, raises and warns of, as text."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            result = repr(getattr(module, name)(*arguments))
        except Exception as failure:
            result = f"{type(failure).__name__}: {failure}"
    return result, [str(each.message) for each in seen]


CALLS = {
    "sum_up": lambda answer: (lambda x: answer, 3),
    "euler": lambda answer: (lambda t, y: answer, matrix, [1.0, 2.0], 2),
    "euler matrix": lambda answer: (lambda t, y: -y, lambda t, y: answer, [1.0, 2.0]),
    "kinds": lambda answer: (lambda a, b, c, d, e, f, g, h: answer,),
    "in_place": lambda answer: (lambda s, x: answer, np.ones((2, 2), order="F")),
    "apply": lambda answer: (lambda t, x, y: answer, "n", 2, 3, np.ones(8), np.ones(8)),
    "strings": lambda answer: (lambda a, b, c: answer, "text"),
    "named": lambda answer: (lambda k: answer,),
    "words": lambda answer: (lambda w: answer, ["ab", "c"]),
    "choose": lambda answer: (lambda x: answer, [1.0, 2.0]),
    "count_down": lambda answer: (lambda n: answer, 2),
    "by_value": lambda answer: (lambda n, x: answer,),
}


@pytest.mark.parametrize("call", CALLS)
def test_both_take_the_same_answers(pair: list[ModuleType], call: str) -> None:
    python, native = pair
    for answer in ANSWERS:
        arguments = CALLS[call](answer)
        found = outcome(native, call.split()[0], *arguments)
        assert found == outcome(python, call.split()[0], *arguments), answer


def test_what_is_machine_code(pair: list[ModuleType]) -> None:
    _, native = pair
    for call in CALLS:
        outcome(native, call.split()[0], *CALLS[call](0.0))
    refused = {
        name.partition(" cb_")[2].partition("_in_")[0]: reason
        for name, reason in native.__native__.refused.items()
        if name.startswith("callback ")
    }
    assert refused == {
        "change": "s, a number that is changed in place",
        "count_words": "w, an array of strings",
        "name": "a result in memory",
        "op": "an extent that depends on transa",
        "weigh": "arguments by value",
    }


def test_an_interrupt_before_a_function_begins(pair: list[ModuleType]) -> None:
    called: list[float] = []

    def tries(x: float) -> None:
        try:
            called.append(x)
        except ValueError:
            called.clear()

    functions = {
        "written in Python": lambda x: called.append(x),
        "begins with try": tries,
        "of a class": called.append,
        "a class": float,
        "with extra arguments": lambda x, y: called.append(y),
    }
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for module in pair:
            for name, function in functions.items():
                extra = {"f_extra_args": (1.0,)} if name.startswith("with") else {}
                with pytest.raises(KeyboardInterrupt):
                    module.interrupted(function, **extra)
                assert called == [], name
    finally:
        signal.signal(signal.SIGINT, handler)


def test_another_version_of_f2pypy(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from f2pypy.native import thunks

    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    monkeypatch.delattr(thunks.Thunk, "serve")
    module = load(written)
    assert module.sum_up(lambda x: x, 3) == 6.0
    assert (
        "serve"
        in module.__native__.refused["callback cb_f_in_callbacks__user__routines"]
    )


def test_threads_that_ask_at_once_share_the_thunks(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thunk serves one callback, though other threads call while the first has the thunks compiled."""
    from f2pypy.native import thunks

    served: list[int] = []
    serve = thunks.Thunk.serve

    def noted(self: Any, *given: Any) -> None:
        served.append(self.address)
        serve(self, *given)

    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    monkeypatch.setattr(thunks.Thunk, "serve", noted)
    module = load(written)
    ask = type(module.__native__).ask

    def ask_while_another_calls(self: Any, verb: str, argument: Any) -> Any:
        with monkeypatch.context() as inner:
            inner.setattr(type(self), "ask", ask)
            if verb == "compile_thunks":
                assert module.sum_up(lambda x: 2 * x, 3) == 12.0
            return ask(self, verb, argument)

    monkeypatch.setattr(type(module.__native__), "ask", ask_while_another_calls)
    for _ in range(5):
        assert module.sum_up(lambda x: x, 3) == 6.0
    assert served
    assert len(served) == len(set(served))


def test_the_bits_of_intents() -> None:
    from f2pypy.native import thunks

    assert (thunks.INOUT, thunks.OPTIONAL) == (arrays.INOUT, arrays.OPTIONAL)


def test_text_that_is_not_utf8(pair: list[ModuleType]) -> None:
    found = [
        outcome(each, "strings", lambda a, b, c: None, b"\xff\xfe") for each in pair
    ]
    assert found[0] == found[1]
    assert "UnicodeDecodeError" in found[0][0]


def test_more_calls_at_a_time_than_there_are_functions(pair: list[ModuleType]) -> None:
    for module in pair:

        def nested(x: float, depth: int = 0, module: Any = module) -> float:
            if depth == 10:
                return x
            inner = module.sum_up(lambda y: nested(y, depth + 1), 1)
            return float(inner) + 1

        assert module.sum_up(lambda x: nested(x), 1) == 11.0
        assert module.sum_up(lambda x: nested(x), 1) == 11.0


def test_extra_arguments(pair: list[ModuleType]) -> None:
    for module in pair:
        assert module.sum_up(lambda x, a, b: a * x + b, 3, (2.0, 1.0)) == 15.0
        assert module.sum_up(lambda x: x, 3) == 6.0
