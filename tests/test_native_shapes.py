"""Arrays that Fortran sees through descriptors, optional arguments and array results: as native code and as Python."""

from __future__ import annotations

import shutil
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from native_arguments import loaded, python_calls, seen
from native_memory import SHORT_SOAK, SOAK, assert_nothing_is_left
from native_shapes import FORMS, LEFT, MAKERS, PAIRS, every_maker, same_outcomes, source

pytest.importorskip("llvmlite")
from f2pypy.command.cli import run

SEEDS = SOAK // 5000
COMPILERS = {"gfortran": "gfortran", "flang": "flang-new-19"}


@pytest.fixture(scope="module", params=COMPILERS)
def modules(request: Any, tmp_path_factory: Any) -> Any:
    """The module as native code and as Python."""
    command = COMPILERS[request.param]
    if shutil.which(command) is None:
        pytest.skip(f"needs {command}")
    folder = tmp_path_factory.mktemp(f"shapes_{request.param}")
    text, path = folder / "shapes.f90", folder / "made_shapes.py"
    text.write_text(source())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FC", command)
        words = ["-c", "-m", path.stem, str(text), "-o", str(path), "--quiet"]
        assert run(words) == 0
    native = loaded(path, "")
    native.__native__.compile()
    assert native.__native__.refused == {}
    return native.shapes, loaded(path, "0").shapes


@pytest.mark.parametrize("form", [*FORMS, *LEFT, "both"])
def test_arrays_of_every_type_and_rank(modules: Any, form: str) -> None:
    makers = every_maker()
    for name, rank in PAIRS:
        routine = f"{form}_{name}_{rank}"
        for seed in range(SEEDS):
            same_outcomes(modules, routine, seed, makers[routine])


@pytest.mark.parametrize("name", MAKERS)
def test_other_forms(modules: Any, name: str) -> None:
    for seed in range(8 * SEEDS):
        same_outcomes(modules, name, seed, MAKERS[name])


def test_a_copy_that_is_asked_for_is_made(modules: Any) -> None:
    for module in modules:
        x = np.arange(6.0)[::2]
        assert module.copied(x) == module.copied(x) == 6.0
        assert module.copied(x, overwrite_x=1) == 6.0
        assert x.tolist() == [0.0, 0.0, 0.0]


WHOLE, TABLE = np.arange(12.0), np.arange(12.0).reshape(3, 4)
CALLS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "whole": ("read_r8_1", (WHOLE,)),
    "strided": ("read_r8_1", (WHOLE[::-3],)),
    "table in C's order": ("read_r8_2", (TABLE,)),
    "table with gaps": ("read_r8_2", (TABLE[::2, ::-1],)),
    "list": ("read_r8_1", ([1.5, 2],)),
    "other type": ("read_r8_2", (np.ones((2, 2), "i4"),)),
    "changed": ("turn_r8_2", (np.ones((4, 4))[::2],)),
    "optional array": ("maybe_r8_1", (WHOLE[::2],)),
    "optional list": ("maybe_r8_1", ([1, 2.5],)),
    "left out": ("maybe_r8_2", ()),
    "None": ("maybe_r8_2", (None,)),
    "result": ("like_c16_2", (np.ones((3, 2), "c16")[::2],)),
    "extents": ("table", (2, 3)),
    "allocatable": ("given_r8_2", (np.ones((2, 3), order="F"),)),
    "allocatable list": ("given_r8_1", ([1.5, 2],)),
    "no allocatable": ("given_r8_1", (None,)),
    "pointer": ("points_r8_2", (np.ones((2, 3))[:, ::2],)),
    "no pointer": ("points_r8_1", (None,)),
    "allocated": ("made_r8_2", (np.ones((2, 3)),)),
    "not allocated": ("made_r8_1", (np.ones(2),)),
    "allocatable changed": ("changed_r8_2", (np.ones((3, 3), order="F"),)),
    "allocatable with another shape": ("both_r8_1", (np.ones(4), None)),
    "allocatable with gaps": ("both_r8_2", (np.ones((4, 4))[::2, ::3], None)),
    "allocatable result": ("allocated_c16_1", (np.ones(3, "c16"),)),
    "pointer to a part": ("pointed_r8_2", (np.ones((4, 2)),)),
    "pointer changed": ("moved_r8_1", (np.ones(3),)),
    "asked": ("asked_r8_1", (np.ones(3),)),
    "several": ("several", (3, None)),
    "scalars": ("total", (None, 2.5, 3)),
    "no scalars": ("total", ()),
    "copied": ("copied", (WHOLE,)),
    "values": ("values", (3, 1.5)),
}
REFUSED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "other shape now": ("changed_r8_1", (np.ones(4),)),
    "deallocated": ("changed_r8_1", (np.ones(2),)),
    "other shape among several": ("several", (3, np.ones((2, 2)))),
    "refused after one that is held": ("both_r8_1", (np.ones(4), ["a"])),
    "read-only": ("turn_r8_1", (np.broadcast_to(1.0, (3,)),)),
    "other type changed": ("turn_r8_1", (np.ones(3, "i4"),)),
    "no number": ("read_r8_1", (["a"],)),
    "optional of another type": ("maybe_changed", (np.ones(3, "i4"),)),
    "text for a scalar": ("total", ([1.5], "a")),
}


@pytest.mark.parametrize("case", CALLS)
def test_no_python_runs(modules: Any, case: str) -> None:
    name, given = CALLS[case]
    native, python = (getattr(module, name) for module in modules)
    assert python_calls(native, *given) == 0
    assert python_calls(python, *given) > 0
    assert seen(native(*given)) == seen(python(*given))


@pytest.mark.parametrize("case", [*CALLS, *REFUSED])
def test_nothing_is_left_behind(modules: Any, case: str) -> None:
    native, _ = modules
    name, given = {**CALLS, **REFUSED}[case]
    function = getattr(native, name)
    watched = [each for each in given if isinstance(each, (np.ndarray, list))]
    watched += [each for values in watched for each in values if values is list]
    watched += [np.dtype("float64"), np.ndarray, None]

    def call() -> None:
        if case not in REFUSED:
            function(*given)
            return
        with pytest.raises((TypeError, ValueError)):
            function(*given)

    repeats = SHORT_SOAK // 10 if case in REFUSED else SHORT_SOAK
    assert_nothing_is_left(call, repeats, watched)


def test_a_conversion_may_call_the_function_again(modules: Any) -> None:
    native, python = modules

    class Numbers:
        def __init__(self, module: ModuleType) -> None:
            self.module = module

        def __array__(self, *_: Any, **__: Any) -> Any:
            return np.array([self.module.copied(WHOLE), self.module.total(TABLE)[0]])

    assert seen(native.read_r8_1(Numbers(native))) == seen(
        python.read_r8_1(Numbers(python))
    )


def test_arguments_keep_their_reference_counts(modules: Any) -> None:
    native, _ = modules
    x = np.ones(6)
    part = x[::2]
    before = sys.getrefcount(x), sys.getrefcount(part)
    kept = [native.both(x), native.like_r8_1(part)]
    for _ in range(100):
        native.read_r8_1(part)
        native.maybe_r8_1(x=part)
        native.turn_r8_1(part)
        native.points_r8_1(part)
    assert sys.getrefcount(part) == before[1]
    assert kept[0] is x
    assert sys.getrefcount(x) == before[0] + 1
