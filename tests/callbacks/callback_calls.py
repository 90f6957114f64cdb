"""Calls of the routines in fortran/callbacks.f90, each a function of the module."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Call = Callable[[Any], Any]


def passing_on(function: Any) -> Any:
    """Return a function that passes on whatever it gets."""

    @functools.wraps(function)
    def pass_on(*arguments: Any) -> Any:
        return function(*arguments)

    return pass_on


class Doubler:
    """What a callback may be besides a function."""

    partly = functools.partialmethod(lambda self, a, b: a * b, 2)

    @passing_on
    def cached(self, x: float) -> float:
        return 2 * x

    def __call__(self, x: float) -> float:
        return 2 * x

    def method(self, x: float) -> float:
        return 3 * x

    def method_without_arguments(self) -> float:
        return 5.0

    def method_with_default(self, x: float, y: float = 3) -> float:
        return x * y

    @staticmethod
    def static(x: float) -> float:
        return 4 * x

    @classmethod
    def of_class(cls, x: float) -> float:
        return 6 * x


class Counted:
    """A class is called like a function."""

    def __init__(self, *arguments: object) -> None:
        self.count = len(arguments)

    def __float__(self) -> float:
        return float(self.count)


def summed(function: Any, *extra: Any) -> Call:
    return lambda m: m.sum_up(function, 4, *extra)


def integrated(rhs: Any, jac: Any, *more: Any, **keywords: Any) -> Call:
    return lambda m: m.euler(rhs, jac, [1.0, 2.0], *more, **keywords)


def answering(*answers: Any) -> Call:
    """Let the callback of every scalar type return so much."""
    return lambda m: m.kinds(lambda: answers)


def decay(t: float, y: Any) -> Any:
    return -y


def matrix(t: float, y: Any) -> Any:
    answer = np.zeros((len(y) + 1, len(y)))
    answer[0, 1] = 1
    return answer


def every_scalar(i2, i4, i8, r4, r8, c4, c8, flag):
    return i2 - 1, i4 - 1, i8 + 1, r4 * 2, r8 * 2, c4 * 2, c8 * 2, not flag


def types_of_scalars(*scalars):
    raise KeyError([type(scalar).__name__ for scalar in scalars])


def changed_in_place(change: Callable[..., Any]) -> Call:
    def call(m: Any) -> Any:
        x = np.ones((3, 2), order="F")
        return m.in_place(change, x), x

    return call


def double_and_number(s: Any, x: Any) -> None:
    s[...] = s * 2
    x[:] = np.arange(x.size).reshape(x.shape, order="F")


def look_at_views(s: Any, x: Any) -> None:
    raise KeyError(
        [
            (v.shape, v.dtype.str, v.flags.f_contiguous, v.flags.writeable)
            for v in (s, x)
        ]
    )


def operated(flag: str) -> Call:
    def write_lengths(transa: str, x: Any, y: Any) -> None:
        y[:] = len(x)

    def call(m: Any) -> Any:
        y = np.zeros(8)
        m.apply(write_lengths, flag, 2, 3, np.arange(8.0), y)
        return y

    return call


def edited(callback: Callable[..., Any]) -> Call:
    return lambda m: m.strings(callback, "hello")


def show_strings(text: str, brief: str, letter: str) -> bytes:
    raise KeyError((text, brief, letter))


def describe_words(w: Any) -> int:
    raise KeyError((w.dtype.str, w.shape, w.tolist()))


def count_down_with_wrapper(m: Any) -> Any:
    def step(n: int) -> int:
        return 0 if n <= 0 else 1 + m.count_down(step, n - 1)

    return m.count_down(step, 30)


def fail(x: float) -> float:
    raise ZeroDivisionError(f"at {x:g}")


# f2py's answer is right for all of these, so f2pypy's must be the same.
SAME_AS_F2PY: dict[str, Call] = {
    "function": summed(lambda x: x),
    "no parameters": summed(lambda: 2),
    "extra argument": summed(lambda x, y: x * y, (3,)),
    "extra arguments cut": summed(lambda x, y: x * y, (3, 4, 5)),
    "extra in place of Fortran's": lambda m: m.sum_up(
        lambda x: x, 4, f_extra_args=(9,)
    ),
    "any arguments": summed(lambda *a: len(a), (9, 8)),
    "one and any": summed(lambda x, *a: len(a), (9, 8)),
    "default and any": summed(lambda x, y=2, *a: y, (9, 8)),
    "default": summed(lambda x, y=3: y),
    "default overruled": summed(lambda x, y=3: y, (8,)),
    "too many parameters": summed(lambda x, y: x),
    "too many even with extra": summed(lambda x, y, z: x, (1,)),
    "int": summed(3),
    "None": summed(None),
    "str": summed("abc"),
    "list": summed([]),
    "builtin": summed(math.sqrt),
    "builtin with extra": summed(math.hypot, (3,)),
    "abs": summed(abs),
    "ufunc": summed(np.sin),
    "instance": summed(Doubler()),
    "method": summed(Doubler().method),
    "method without arguments": summed(Doubler().method_without_arguments),
    "method with default": summed(Doubler().method_with_default),
    "method with extra": summed(Doubler().method, (1,)),
    "static method": summed(Doubler.static),
    "class method": summed(Doubler.of_class),
    "unbound method": summed(Doubler.method),
    "unbound method with extra": summed(Doubler.method, (1,)),
    "float": summed(float),
    "class": summed(Counted, (1, 2)),
    "partial": summed(functools.partial(lambda a, b: a + b, 1)),
    "generated routine": lambda m: m.sum_up(m.square, 4),
    "extra list": summed(lambda x: x, [1]),
    "extra None": summed(lambda x: x, None),
    "extra list and worse": lambda m: m.sum_up(f_extra_args=[], f=1, n="a"),
    "uncallable before a wrong number": lambda m: m.sum_up(1, "a"),
    "returns None": summed(lambda x: None),
    "returns nothing": summed(lambda x: ()),
    "returns too much": summed(lambda x: (x, 2, 3)),
    "returns str": summed(lambda x: "a"),
    "returns empty list": summed(lambda x: []),
    "returns dict": summed(lambda x: {}),
    "returns array": summed(lambda x: np.array([x])),
    "returns empty array": summed(lambda x: np.array([])),
    "returns float32": summed(lambda x: np.float32(x)),
    "returns huge int": summed(lambda x: 10**400),
    "returns object": summed(lambda x: object()),
    "returns bool": summed(lambda x: True),
    "returns None in a tuple": summed(lambda x: (None,)),
    "raises": summed(fail),
    "two callbacks": integrated(decay, matrix, 4, 0.1),
    "first isn't callable": integrated(3, 3),
    "second isn't callable": integrated(decay, 3),
    "fewer parameters": integrated(lambda t: [1, 2], lambda: np.ones((3, 2))),
    "two extras": integrated(
        lambda t, y, a: a * y,
        lambda t, y, a, b: np.ones((3, 2)) * b,
        rhs_extra_args=(2,),
        jac_extra_args=(3, 4),
    ),
    "second extra list": integrated(decay, matrix, 1, 0.1, (), []),
    "first extra list": integrated(decay, matrix, 1, 0.1, [], ()),
    "array None": integrated(lambda t, y: None, matrix),
    "array from a number": integrated(lambda t, y: 5, matrix),
    "array from str": integrated(lambda t, y: "a", matrix),
    "array in C order": integrated(decay, lambda t, y: np.arange(6.0).reshape(3, 2)),
    "array in F order": integrated(decay, lambda t, y: np.ones((3, 2), order="F")),
    "flat array": integrated(decay, lambda t, y: np.arange(6.0)),
    "array of three axes": integrated(decay, lambda t, y: np.ones((3, 2, 1))),
    "array of ints": integrated(decay, lambda t, y: np.ones((3, 2), "i")),
    "big-endian array": integrated(lambda t, y: np.array([1, 2], ">f8"), matrix),
    "complex array": integrated(lambda t, y: np.array([1, 2j]), matrix),
    "array and more": integrated(lambda t, y: (np.array([1.0, 2]), 3), matrix),
    "every scalar": lambda m: m.kinds(every_scalar),
    "what scalars are": lambda m: m.kinds(types_of_scalars),
    "scalars unchanged": lambda m: m.kinds(lambda *a: None),
    "some scalars": answering(2, 3),
    "int too large": answering(1, 2**40),
    "long too large": answering(1, 2, 2**70),
    "truncated": answering(1, 2.5, 3.7),
    "float32 overflows": answering(1, 2, 2, 1e300),
    "wrong short": answering("a"),
    "wrong int": answering(1, "a"),
    "wrong long": answering(1, 1, "a"),
    "wrong float": answering(1, 1, 2, "a"),
    "wrong double": answering(1, 1, 2, 2, "a"),
    "wrong complex float": answering(1, 1, 2, 2, 1, "a"),
    "wrong complex": answering(1, 1, 2, 2, 1, 1, "a"),
    "wrong logical": answering(1, 1, 2, 2, 1, 1, 1, "a"),
    "in place": changed_in_place(double_and_number),
    "in place ignores answers": changed_in_place(lambda s, x: (4, 5)),
    "views": changed_in_place(look_at_views),
    "shape by one flag": operated("n"),
    "shape by another flag": operated("t"),
    "strings in": edited(show_strings),
    "string out": edited(lambda: b"abcdef"),
    "long string out": edited(lambda: b"abcdefghi"),
    "number for a string": edited(lambda: 3),
    "no string out": edited(lambda: None),
    "character result": lambda m: m.named(lambda k: b"w" * 5),
    "long character result": lambda m: m.named(lambda k: b"w" * 9),
    "words": lambda m: m.words(describe_words, ["abcd", "wxyz"]),
    "logical result": lambda m: m.choose(lambda x: x > 1, [0, 1, 2, 3.0]),
    "logical from 1 and 0": lambda m: m.choose(lambda x: int(x), [0, 1, 0.5]),
    "wrong logical result": lambda m: m.choose(lambda x: "a", [0.0]),
    "recursion": count_down_with_wrapper,
    "truncated int result": lambda m: m.count_down(lambda n: 2.7, 5),
    "int result too large": lambda m: m.count_down(lambda n: 2**40, 5),
    "int result None": lambda m: m.count_down(lambda n: None, 5),
    "by value": lambda m: m.by_value(lambda n, x: n * x),
    "by value, cut": lambda m: m.by_value(lambda n: n),
    "many calls": lambda m: m.until(lambda n: -1 if n > 5 else 1),
}

# What comes to something else than in f2py, and what: f2py passes an extra argument too many, takes the first element,
# the digits or the real part, and drops bits that don't fit. A name is that of an exception.
OTHERWISE_IN_F2PY: dict[str, tuple[Call, Any, Any]] = {
    "builtin with extra too many": (summed(math.sqrt, (3,)), 6.928203230275509, "TypeError"),
    "instance with extra": (summed(Doubler(), (1,)), 8.0, "TypeError"),
    "partial with extra": (summed(functools.partial(lambda a, b: a + b, 1), (2,)), 12.0, "TypeError"),
    "class of complex": (summed(complex), "TypeError", 10.0),
    "returns list": (summed(lambda x: [x, 1]), "TypeError", 10.0),
    "returns digits": (summed(lambda x: "12"), "ValueError", 48.0),
    "returns bytes": (summed(lambda x: b"12"), "ValueError", 48.0),
    "returns complex": (summed(lambda x: 1j), "TypeError", 0.0),
    "returns array": (summed(lambda x: np.array([x, 1])), "TypeError", 10.0),
    "returns matrix": (summed(lambda x: np.ones((2, 2))), "TypeError", 4.0),
    "short wraps": (answering(70000), "OverflowError", [4464.0, -4.0, 1099511627776.0, 0.5, 0.25, 2.0, -4.0, 1.0]),
}  # fmt: skip
