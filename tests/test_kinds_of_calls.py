"""Every kind of call that the benchmark has: many times, and with whatever else callers may give.

Native code and Python must answer alike, raise alike and leave the arguments alike, and neither may leave anything
behind. `tests/soak` makes a million calls of each kind.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from native_arguments import Number, laid_out, number, outcome, seen
from native_memory import SOAK, assert_nothing_is_left

pytest.importorskip("llvmlite")
from benchmarks.kinds.build import build_f2pypy
from benchmarks.kinds.clock import Contender, Failure, prepared
from benchmarks.kinds.table import GROUPS, Kind

SEEDS = max(100, SOAK // 1000)
CALLS = SOAK // 100 if SOAK <= 100_000 else SOAK
KINDS = {
    f"{group.name}: {kind.name}": kind
    for group in GROUPS
    for kind in group.kinds
    # megabytes, or what needs other packages: see tests/sources/test_numba_and_scipy.py
    if group.name not in ("large", "machine_code") and "10^" not in kind.name
}
CALLED = {
    name: kind
    for name, kind in KINDS.items()
    if "(" in kind.statement and "try" not in kind.statement
}
# They are extents and lengths, or how often something is called.
SMALL = (
    0,
    1,
    3,
    True,
    2.5,
    "2",
    "x",
    None,
    [2],
    [],
    [1, 2],
    Number(),
    np.int32(3),
    np.int64(2),
    np.float32(2),
    np.array(3),
    1j,
)
TEXTS = (
    "abc",
    b"abc",
    "",
    b"",
    "a",
    b"a\0b",
    "abcdefghij",
    "ä",
    None,
    3,
    ["abc"],
    np.str_("ab"),
    np.bytes_(b"ab"),
    np.array(b"abcdefgh"),
    np.array("abc"),
    np.array([b"abc", b"d"]),
    bytearray(b"ab"),
)


@pytest.fixture(scope="module")
def contenders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Contender]:
    """The modules of the benchmark as native code and as Python, each with a library of its own."""
    folder = tmp_path_factory.mktemp("kinds")
    build_f2pypy(folder / "made", ("ctypes", "native"))
    return {name: Contender(name, str(folder / name)) for name in ("ctypes", "native")}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("tier", ["ctypes", "native"])
def test_nothing_is_left_behind(
    contenders: dict[str, Contender], tier: str, name: str
) -> None:
    kind = KINDS[name]
    names = contenders[tier].names(kind)
    code = compile(kind.statement, "kind", "exec")
    watched = [each for each in names.values() if isinstance(each, np.ndarray)]
    calls = max(1, CALLS // kind.calls)
    assert_nothing_is_left(lambda: exec(code, names), calls, watched)
    prepared(kind, contenders[tier])  # WrongAnswer if it is one now


@pytest.mark.parametrize("name", CALLED)
def test_native_code_does_what_python_does(
    contenders: dict[str, Contender], name: str
) -> None:
    kind = CALLED[name]
    calls = {
        tier: call_of(kind, {**contender.names(kind), "N": 3})
        for tier, contender in contenders.items()
    }
    for seed in range(SEEDS):
        came = {}
        for tier, (function, makers) in calls.items():
            pick = random.Random(seed)
            given = [make(pick) for make in makers]
            answer, warned = outcome(function, *given)
            came[tier] = named(answer), warned, [*map(after, given)]
        assert came["native"] == came["ctypes"], (seed, given)


def named(answer: Any) -> Any:
    """Return an exception's class by its name: each module has its own."""
    if isinstance(answer[0], type) and issubclass(answer[0], Exception):
        return answer[0].__name__, *answer[1:]
    return answer


def after(given: Any) -> Any:
    """Return what there is to compare of an argument after the call."""
    return seen(given) if isinstance(given, np.ndarray) else None


def call_of(
    kind: Kind, names: dict[str, Any]
) -> tuple[Any, list[Callable[[random.Random], Any]]]:
    """Return the function that the statement of `kind` calls, and what makes each of its arguments."""
    call = ast.parse(kind.statement, mode="eval").body
    assert isinstance(call, ast.Call)
    parts = (
        compile(ast.Expression(part), "kind", "eval")
        for part in (call.func, *call.args)
    )
    function, *given = [eval(part, names) for part in parts]
    if kind.statement in ("b.total_of()", "p.shifted(1.0)"):
        given.append(names["x3"] if "total" in kind.statement else 1.0)
    is_size = not given or callable(given[0]) or function.__name__ in SIZED
    return function, [*makers_of(given, is_size)]


# whose number is an extent, or a length
SIZED = {"ramp", "doubled", "spell", "letters", "made", "allocated_result"}


def makers_of(
    given: list[Any], is_size: bool
) -> Iterator[Callable[[random.Random], Any]]:
    """Yield what makes something in place of each of the arguments `given`: mostly of its sort, seldom of another."""
    for value in given:
        if callable(value):
            yield lambda pick, value=value: pick.choice((value, value, *FUNCTIONS))
        elif (
            isinstance(value, (str, bytes))
            or getattr(value, "dtype", np.dtype("f8")).char == "S"
        ):
            yield lambda pick, value=value: copy.deepcopy(pick.choice((value, *TEXTS)))
        elif isinstance(value, (np.ndarray, list)):
            yield array_maker(np.asarray(value))
        elif is_size:
            yield lambda pick: copy.deepcopy(pick.choice(SMALL))
        else:
            yield number


def array_maker(value: Any) -> Callable[[random.Random], Any]:
    """Return what makes arrays, lists and numbers; none is empty, where the procedures would read beyond the end."""

    def make(pick: random.Random) -> Any:
        form = pick.randrange(8)
        if form == 0:
            return value.copy()
        if form == 1:
            return value.tolist()
        if form == 2:
            return np.asfortranarray(value).astype(
                pick.choice(("i4", "f4", ">f8", "c16", "U5", "O"))
            )
        if form == 3:
            return number(pick)
        return laid_out(pick, value.shape, "f8")

    return make


def raises(*_: Any) -> Any:
    raise Failure


class Called:
    def __call__(self, *given: Any) -> Any:
        return given[0]


FUNCTIONS = (
    lambda *_: 2,
    lambda *_: None,
    lambda *_: "x",
    lambda *_: (1, 2),
    lambda x: x,
    lambda _, y: y * 2,
    lambda *_: np.ones(3),
    lambda *_: [1, 2, 3],
    lambda *_: np.ones(2),
    lambda *_: 1j,
    raises,
    Called(),
    None,
    3,
    len,
)
