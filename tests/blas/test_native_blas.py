"""Native code beside the Python that it stands for: the same results to the last bit, for all of BLAS."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from blas_arguments import Arguments, calls
from blas_calls import accepted
from blas_outcomes import call
from blas_routines import ALL, Routine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from native_outcomes import bits_of

pytest.importorskip("llvmlite")
pytestmark = [
    pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]
EACH = pytest.mark.parametrize("routine", ALL, ids=lambda routine: routine.name)


@pytest.fixture(scope="module")
def python(new_blas: Callable[[], ModuleType]) -> ModuleType:
    """The module without native code."""
    module = new_blas("0")
    assert module.__native__.reason == "F2PYPY_NATIVE is 0"
    return module


@pytest.fixture(scope="module")
def native(new_blas: Callable[[], ModuleType]) -> ModuleType:
    """The module with every routine compiled; its list `slow` gets the names of those that Python called."""
    module = new_blas("")
    module.__native__.compile()
    assert not module.__native__.reason
    module.slow = []
    for routine in ALL:
        variable = f"_{routine.name}"
        watched = Watched(getattr(module, variable), module.slow, routine.name)
        setattr(module, variable, watched)
    return module


class Watched:
    """A routine's binding that notes whenever a Python function looks something up in it."""

    def __init__(self, binding: Any, names: list, name: str) -> None:
        self._binding = binding
        self._names = names
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        self._names.append(self._name)
        return getattr(self._binding, attribute)


def test_every_routine_is_native(native: ModuleType) -> None:
    assert native.__native__.refused == {}
    assert set(native.__native__.compiled) == {routine.name for routine in ALL}


@EACH
def test_accepted_calls_give_the_same_bits(
    python: ModuleType, native: ModuleType, routine: Routine
) -> None:
    for arguments in accepted(routine):
        expected = call(getattr(python, routine.name), arguments)
        got = call(getattr(native, routine.name), arguments)
        assert bits_of(got) == bits_of(expected), arguments


@EACH
def test_usual_calls_never_reach_python(native: ModuleType, routine: Routine) -> None:
    native.slow.clear()
    tried = 0
    for arguments in accepted(routine):
        fitting = all(
            value.flags.f_contiguous
            and value.dtype in (routine.dtype, routine.dtype.char.lower())
            for value in arguments.values()
            if isinstance(value, np.ndarray)
        )
        # an empty array has to be given as many elements as it lacks, which is Python's part
        empty = any(
            isinstance(value, np.ndarray) and not value.size
            for value in arguments.values()
        )
        if fitting and not empty:
            tried += call(getattr(native, routine.name), arguments).exception is None
    assert tried
    assert native.slow == []


@settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_call_does_the_same(
    python: ModuleType, native: ModuleType, data: st.DataObject
) -> None:
    routine = data.draw(st.sampled_from(ALL))
    given_arguments = data.draw(calls(getattr(python, routine.name), routine.dtype))
    if hangs(routine, given_arguments):
        return
    expected = made(getattr(python, routine.name), given_arguments)
    got = made(getattr(native, routine.name), given_arguments)
    assert bits_of(got) == bits_of(expected)


def made(function: Callable[..., Any], arguments: Arguments) -> Any:
    """The outcome of a call; arguments by position are those whose names are numbers."""
    given_arguments = {
        **{str(place): value for place, value in enumerate(arguments.positional)},
        **arguments.named,
    }
    return call(
        function, given_arguments, tuple(map(str, range(len(arguments.positional))))
    )


def hangs(routine: Routine, arguments: Arguments) -> bool:
    """Whether the library would not come back: rotmg scales an infinity down for ever."""
    values = (*arguments.positional, *arguments.named.values())
    return routine.family == "rotmg" and not all(
        isinstance(value, (int, float)) and abs(value) < 1e9 for value in values
    )
