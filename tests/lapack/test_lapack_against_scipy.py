"""Every routine against scipy.linalg.lapack: values, types, orders of memory, aliasing, exceptions and their texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import blas_outcomes
import lapack_libraries
import numpy as np
import pytest
from blas_calls import layouts
from blas_refusals import positional_faults, refused_here, signature
from blas_routines import Routine
from lapack_calls import Call, calls, smallest
from lapack_refusals import is_refused_here_alone, spoiled
from lapack_routines import ALL

lapack = pytest.importorskip("scipy.linalg.lapack", reason="scipy is the oracle here")
pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

PLACES = ("_flapack", "lapack")
SHOWN = 3
# Sizes of these routines' arrays are not all checked by scipy.linalg.lapack, and f2py takes an extent of 0 for 1.
OVERRUN_IN_SCIPY = {"sytrf", "hetrf", "ggev", "gttrf", "gttrs"}

each_routine = pytest.mark.parametrize("routine", ALL, ids=lambda routine: routine.name)


@pytest.fixture(scope="module")
def module(load_lapack: Any) -> ModuleType:
    return load_lapack(lapack_libraries.OF_SCIPY)


def compare(
    module: ModuleType,
    routine: Routine,
    given: Iterable[Call],
    positional: bool = False,
) -> int:
    """Make the calls on both modules and fail with the first differences; return how many were compared."""
    ours, theirs = getattr(module, routine.name), getattr(lapack, routine.name)
    required = tuple(signature(theirs.__doc__)[0]) if positional else ()
    compared = 0
    wrong: list[str] = []
    for arguments in given:
        got = blas_outcomes.call(ours, arguments, required)
        if is_refused_here_alone(got.exception):
            continue  # and might end the process there
        overruns = got.exception is not None or any(map(is_empty, arguments.values()))
        if overruns and routine.family in OVERRUN_IN_SCIPY:
            continue  # and might leave memory behind that answers later calls at random
        expected = blas_outcomes.call_sparing_read_only(theirs, arguments, required)
        if is_refused_by_lapack(expected):
            continue
        compared += 1
        found = blas_outcomes.differences(expected, got, PLACES)
        if found:
            wrong.append(
                f"{routine.name}({describe(arguments)}):\n    " + "\n    ".join(found)
            )
    assert not wrong, f"{len(wrong)} of {compared} calls differ\n" + "\n".join(
        wrong[:SHOWN]
    )
    return compared


def is_empty(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.size == 0


def is_refused_by_lapack(outcome: blas_outcomes.Outcome) -> bool:
    """Whether LAPACK called an argument illegal: a leading dimension of 0, where ours is at least 1."""
    last = outcome.results[-1] if outcome.results else 0
    return isinstance(last, int) and last < 0


def describe(arguments: Call) -> str:
    return ", ".join(f"{name}={_described(value)}" for name, value in arguments.items())


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"<{value.dtype}{value.shape} strides {value.strides}>"
    return repr(value)


@each_routine
def test_accepted(module: ModuleType, routine: Routine) -> None:
    assert compare(module, routine, calls(routine)) > 0


@each_routine
def test_required_by_position(module: ModuleType, routine: Routine) -> None:
    assert compare(module, routine, [smallest(routine)], positional=True) == 1


@each_routine
def test_layouts(module: ModuleType, routine: Routine) -> None:
    call = smallest(routine)
    if any(isinstance(value, np.ndarray) for value in call.values()):
        variants = [c for c in layouts(call) if rows(c) == rows(call)]
        assert compare(module, routine, variants) > 0


def rows(arguments: Call) -> list[Any]:
    """The row numbers that a call hands in: other ones may lie outside its matrix."""
    return [
        np.asarray(arguments[name]).tolist()
        for name in ("piv", "ipiv")
        if name in arguments
    ]


@each_routine
def test_refusals(module: ModuleType, routine: Routine) -> None:
    """Ours never overruns memory. SciPy's does for want of some checks, so it is called in another process."""
    documentation = getattr(lapack, routine.name).__doc__
    given = list(spoiled(smallest(routine), documentation))
    for arguments in given:
        blas_outcomes.call(getattr(module, routine.name), arguments)
    status, text = in_another_process(lambda: compare(module, routine, given))
    assert os.WIFEXITED(status), f"killed by signal {os.WTERMSIG(status)}"
    assert os.WEXITSTATUS(status) == 0, text


def in_another_process(work: Callable[[], object]) -> tuple[int, str]:
    """How a forked process ended that did `work`, and what it had to say."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as failure:
            os.write(writer, str(failure)[:4000].encode())
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8", errors="replace") as pipe:
        text = pipe.read()
    return os.waitpid(child, 0)[1], text


@each_routine
def test_faults_of_position(module: ModuleType, routine: Routine) -> None:
    ours, theirs = getattr(module, routine.name), getattr(lapack, routine.name)
    for positional, named in positional_faults(smallest(routine), theirs.__doc__):
        if not signature(theirs.__doc__)[0]:
            continue
        with pytest.raises(TypeError) as expected:
            theirs(*positional, **named)
        with pytest.raises(TypeError) as got:
            ours(*positional, **named)
        assert "flapack." in str(expected.value)
        assert routine.name in str(got.value)


@each_routine
def test_what_f2py_takes_a_number_from(module: ModuleType, routine: Routine) -> None:
    """Text, complex numbers for real ones and several elements: the exception names the argument."""
    documentation = getattr(lapack, routine.name).__doc__
    for name, call in refused_here(smallest(routine), documentation):
        with pytest.raises((TypeError, ValueError)) as refused:
            getattr(module, routine.name)(**call)
        said = str(refused.value)
        assert f"({name})" in said or f"`{name}`" in said, (name, call[name])
