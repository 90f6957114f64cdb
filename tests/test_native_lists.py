"""Lists that are assigned to arrays of Fortran modules: as machine code stores them and as Python does."""

from __future__ import annotations

import random
import shutil
from typing import Any

import pytest
from native_arguments import laid_out, loaded, number, seen
from native_memory import SHORT_SOAK, assert_nothing_is_left

pytest.importorskip("llvmlite")
from f2pypy.command.cli import run
from f2pypy.native import objects

KINDS = {
    **{f"i{size}": f"integer({size})" for size in (1, 2, 4, 8)},
    "r4": "real",
    "r8": "real(8)",
    "c8": "complex",
    "c16": "complex(8)",
    "l4": "logical",
}
VARIABLES = "".join(
    f"  {kind} :: {name}(3), {name}_table(2, 3)\n"
    f"  {kind}, allocatable :: {name}_given(:)\n"
    for name, kind in KINDS.items()
)
ALLOCATIONS = "".join(f"    allocate ({name}_given(3))\n" for name in KINDS)
SOURCE = f"""
module held
  implicit none
{VARIABLES}
contains
  subroutine allocate_all()
{ALLOCATIONS}
  end subroutine
end module held
"""
NAMES = [f"{name}{form}" for name in KINDS for form in ("", "_table", "_given")]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: Any) -> Any:
    """The variables as machine code stores them, from the second list on, and as Python does."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    folder = tmp_path_factory.mktemp("lists")
    made = []
    text = folder / "lists.f90"
    text.write_text(SOURCE)
    for mode in ("", "0"):
        path = folder / f"mode{mode}" / "lists.py"
        path.parent.mkdir()
        assert run(["-c", "-m", "lists", str(text), "-o", str(path), "--quiet"]) == 0
        made.append(loaded(path, mode))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "LISTS", 1)
        made[0].__native__.compile()
        for module in made:
            module.held.allocate_all()
            for name in NAMES:
                getattr(module.held, name)
                setattr(module.held, name, [0, 0, 0] if "_table" not in name else 0)
    return [module.held for module in made]


def given(pick: random.Random) -> Any:
    what = pick.random()
    if what < 0.7:
        return [number(pick) for _ in range(pick.choice((3, 3, 3, 3, 2, 4, 0)))]
    if what < 0.8:
        return [[pick.choice((1, 2.5)) for _ in range(3)] for _ in range(2)]
    if what < 0.9:
        return laid_out(pick, pick.choice(((3,), (2, 3), ())), "f8")
    return tuple(number(pick) for _ in range(3))


def stored(owner: Any, name: str, value: Any) -> Any:
    """Return what storing raises, and what the variable holds then."""
    try:
        setattr(owner, name, value)
    except Exception as failure:
        return type(failure), str(failure), seen(getattr(owner, name))
    return seen(getattr(owner, name))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_the_outcome_that_python_gives(modules: Any, name: str) -> None:
    native, python = modules
    for seed in range(300):
        values = [given(random.Random(seed)) for _ in modules]
        if name.endswith("_given"):
            for owner in modules:
                setattr(owner, name, [1, 2, 3])
        got = stored(native, name, values[0])
        assert got == stored(python, name, values[1]), values[0]


@pytest.mark.parametrize("name", ["r8", "i4", "c16", "r8_given"])
def test_nothing_is_left_behind(modules: Any, name: str) -> None:
    native, _ = modules
    items = [1000, 2000, 3000]
    assert_nothing_is_left(
        lambda: setattr(native, name, items), SHORT_SOAK, [items, *items]
    )
    assert getattr(native, name).tolist() == items


def test_lists_of_another_length_are_refused_in_pythons_words(modules: Any) -> None:
    messages = []
    for owner in modules:
        with pytest.raises(ValueError, match="must be fixed to 3") as caught:
            owner.r8 = [1.0, 2.0]
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
