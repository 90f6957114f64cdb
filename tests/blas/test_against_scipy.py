"""Every routine against scipy.linalg.blas: values, types, orders of memory, aliasing, exceptions and their texts."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import blas_libraries
import blas_outcomes
import numpy as np
import pytest
from blas_calls import accepted, layouts, overlapping
from blas_refusals import positional_faults, refused_here, signature, spoiled
from blas_routines import ADDED_CHECKS, ALL, BEYOND_SCIPY, OF_LAPACK, Routine

blas = pytest.importorskip("scipy.linalg.blas", reason="scipy is the oracle here")
pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

COMMON = [routine for routine in ALL if routine.name not in BEYOND_SCIPY]
OTHER_LIBRARIES = [
    kind for kind in blas_libraries.KINDS if kind is not blas_libraries.OPENBLAS32
]
PLACES = ("_fblas", "blas")
SHOWN = 5

each_routine = pytest.mark.parametrize(
    "routine", COMMON, ids=lambda routine: routine.name
)


def unsafe_in_scipy(routine: Routine, arguments: dict[str, Any]) -> bool:
    """Whether scipy.linalg.blas crashes or returns what happened to lie in memory."""
    if routine.family in ("ger", "geru", "gerc") and "a" not in arguments:
        # f2py's default of an array runs over an empty one
        return any(_empty(arguments.get(name)) for name in "xy")
    if any(
        _empty(arguments.get(name)) and np.ndim(arguments[name]) < 2
        for name in _given_results(routine)
    ):
        # f2py takes an empty vector for a matrix of one element, and BLAS writes beyond it
        return True
    # OpenBLAS's kernel starts at the wrong end
    return (
        routine.name in ("cspr", "zspr")
        and np.ndim(arguments.get("incx", 1)) == 0
        and _negative(arguments)
    )


def _given_results(routine: Routine) -> tuple[str, ...]:
    """The matrices that may be given for the result, of extents that follow from the other arguments."""
    return (
        ("a", "c")
        if routine.family in ("ger", "geru", "gerc", "syr", "her", "syr2", "her2")
        else ("c",)
    )


def _empty(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.size == 0
    return isinstance(value, (list, tuple, str, bytes)) and (
        len(value) == 0 or value == [[]]
    )


def _negative(arguments: dict[str, Any]) -> bool:
    try:
        return int(arguments["incx"]) < 0
    except (KeyError, TypeError, ValueError, OverflowError):
        return False


def compare(
    module: ModuleType,
    routine: Routine,
    calls: Iterable[dict[str, Any]],
    positional: bool = False,
    factor: float = 1.0,
) -> int:
    """Make the calls on both modules and fail with the first differences; return how many were compared."""
    ours, theirs = getattr(module, routine.name), getattr(blas, routine.name)
    required = tuple(signature(theirs.__doc__)[0]) if positional else ()
    compared = 0
    wrong: list[str] = []
    for arguments in calls:
        if unsafe_in_scipy(routine, arguments):
            continue
        got = blas_outcomes.call(ours, arguments, required)
        if any(f"({check})" in str(got.exception) for check in ADDED_CHECKS):
            continue
        expected = blas_outcomes.call_sparing_read_only(theirs, arguments, required)
        if routine.name in ("crotg", "zrotg"):
            # the cosine is real; f2py leaves its imaginary part as it was in memory
            got, expected = _real_cosine(got), _real_cosine(expected)
        compared += 1
        found = blas_outcomes.differences(expected, got, PLACES, factor)
        if found:
            wrong.append(
                f"{routine.name}({describe(arguments)}):\n    " + "\n    ".join(found)
            )
    assert not wrong, f"{len(wrong)} of {compared} calls differ\n" + "\n".join(
        wrong[:SHOWN]
    )
    return compared


def _real_cosine(outcome: blas_outcomes.Outcome) -> blas_outcomes.Outcome:
    if outcome.exception is not None:
        return outcome
    cosine, sine = outcome.results
    return blas_outcomes.Outcome(
        (complex(cosine.real), sine), True, None, outcome.arguments, outcome.warned
    )


def describe(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_described(value)}" for name, value in arguments.items())


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"<{value.dtype}{value.shape} strides {value.strides}>"
    return repr(value)


def representatives(routine: Routine) -> list[dict[str, Any]]:
    """A few calls of several elements: with what is required alone, and with all that is optional."""
    calls = [
        call
        for call in accepted(routine)
        if all(np.size(v) > 1 for v in call.values() if np.ndim(v))
    ]
    most = max(len(call) for call in calls)
    least = min(len(call) for call in calls)
    return [
        next(call for call in calls if len(call) == size) for size in {least, most}
    ] + calls[len(calls) // 2 :][:1]


@pytest.fixture(scope="module")
def module(load_blas: Any) -> ModuleType:
    return load_blas(blas_libraries.OPENBLAS32)


@each_routine
def test_accepted(module: ModuleType, routine: Routine) -> None:
    assert compare(module, routine, accepted(routine)) > 4


@each_routine
def test_required_by_position(module: ModuleType, routine: Routine) -> None:
    assert compare(module, routine, accepted(routine)[::9], positional=True) > 0


@each_routine
def test_layouts(module: ModuleType, routine: Routine) -> None:
    calls = [
        variant
        for call in representatives(routine)
        for variant in (*layouts(call), *overlapping(call))
    ]
    assert compare(module, routine, calls) > 0


@each_routine
def test_refusals(module: ModuleType, routine: Routine) -> None:
    documentation = getattr(blas, routine.name).__doc__
    calls = [
        variant
        for call in representatives(routine)[:2]
        for variant in spoiled(call, documentation)
    ]
    assert compare(module, routine, calls) > 20


@each_routine
def test_faults_of_position(module: ModuleType, routine: Routine) -> None:
    ours, theirs = getattr(module, routine.name), getattr(blas, routine.name)
    for positional, named in positional_faults(
        representatives(routine)[0], theirs.__doc__
    ):
        with pytest.raises(TypeError) as expected:
            theirs(*positional, **named)
        with pytest.raises(TypeError) as got:
            ours(*positional, **named)
        assert "blas." in str(expected.value)
        assert routine.name in str(got.value)


@pytest.mark.parametrize("kind", OTHER_LIBRARIES, ids=lambda kind: kind.name)
@pytest.mark.parametrize("family", sorted({routine.family for routine in COMMON}))
def test_other_libraries(
    load_blas: Any, kind: blas_libraries.LibraryKind, family: str
) -> None:
    """A selection of the calls on another library; rounding may differ a little more."""
    module = load_blas(kind)
    compared = 0
    for number, routine in enumerate(
        routine for routine in COMMON if routine.family == family
    ):
        if kind is blas_libraries.REFERENCE and routine.name in OF_LAPACK:
            continue
        calls = [*accepted(routine)[number::11], *layouts(representatives(routine)[0])]
        compared += compare(module, routine, calls, factor=4.0)
    assert compared > 0


def test_empty_outer_product(module: ModuleType) -> None:
    for routine in ALL:
        if routine.family in ("ger", "geru", "gerc"):
            for m, n in ((0, 3), (3, 0), (0, 0)):
                a = getattr(module, routine.name)(1.0, np.ones(m), np.ones(n))
                assert a.shape == (m, n)
                assert a.dtype == routine.dtype


@pytest.mark.parametrize(
    "empty",
    [[], (), np.zeros(0), np.zeros((1, 0))],
    ids=["list", "tuple", "vector", "matrix"],
)
def test_empty_array_is_no_matrix_of_one_element(
    module: ModuleType, empty: Any
) -> None:
    for call in (
        lambda: module.dsyr(1.0, [2.0], a=empty),
        lambda: module.dgemm(1.0, [[2.0]], [[2.0]], c=empty),
    ):
        with pytest.raises(
            ValueError,
            match="unexpected array size: new_size=1, got array with arr_size=0",
        ):
            call()


ILLEGAL = {
    "dgbmv": (
        {
            "m": 3,
            "n": 3,
            "kl": 1,
            "ku": 1,
            "alpha": 1,
            "a": np.ones((2, 3)),
            "x": np.ones(3),
        },
        "lda>=kl+ku+1",
    ),
    "zherk": ({"alpha": 1, "a": np.ones((2, 2)), "trans": 1}, "trans<1||trans>1"),
    "csyrk": ({"alpha": 1, "a": np.ones((2, 2)), "trans": 2}, "trans<2||trans>2"),
    "cher2k": (
        {"alpha": 1, "a": np.ones((2, 2)), "b": np.ones((2, 2)), "trans": 1},
        "trans<1||trans>1",
    ),
    "dsymm": (
        {"alpha": 1, "a": np.ones((5, 3)), "b": np.ones((3, 3))},
        "side?lda>=n:ldb>=m",
    ),
    "dsyr2k": (
        {"alpha": 1, "a": np.ones((2, 3)), "b": np.ones((2, 2)), "trans": 1},
        "trans?kb>=n:ldb>=n",
    ),
}


@pytest.mark.parametrize("name", sorted(ILLEGAL))
def test_illegal_values_never_reach_xerbla(module: ModuleType, name: str) -> None:
    arguments, check = ILLEGAL[name]
    with pytest.raises(Exception) as refused:
        getattr(module, name)(**arguments)
    assert type(refused.value).__name__ == "error"
    assert f"({check})" in str(refused.value)


@each_routine
def test_what_f2py_takes_a_number_from(module: ModuleType, routine: Routine) -> None:
    """Text, complex numbers for real ones and several elements: the exception names the argument."""
    documentation = getattr(blas, routine.name).__doc__
    for name, call in refused_here(representatives(routine)[0], documentation):
        with pytest.raises((TypeError, ValueError)) as refused:
            getattr(module, routine.name)(**call)
        said = str(refused.value)
        assert f"({name})" in said or f"`{name}`" in said, (name, call[name])
