"""A generated module says why it lacks names of its source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from f2pypy.runtime.left_out import leave_out

REASONS = {"lost": "lost is left out: it can't be told"}


@pytest.fixture
def partial() -> Iterator[ModuleType]:
    module = ModuleType("partial")
    sys.modules["partial"] = module
    module.__dict__["there"] = 1
    leave_out(module.__dict__, REASONS)
    yield module
    del sys.modules["partial"]


def test_reading_gives_the_reason(partial: ModuleType) -> None:
    message = "module 'partial' has no attribute 'lost': lost is left out: it can't be told"  # fmt: skip
    with pytest.raises(AttributeError, match=message):
        partial.lost  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'other'$"):
        partial.other  # noqa: B018
    with pytest.raises(ImportError):
        from partial import lost  # type: ignore[import-not-found]  # noqa: F401
    assert not hasattr(partial, "lost")
    assert getattr(partial, "lost", None) is None


def test_assigning_gives_the_reason(partial: ModuleType) -> None:
    with pytest.raises(AttributeError, match="it can't be told"):
        partial.lost = 3
    partial.there = partial.new = 2
    assert (partial.there, partial.new) == (2, 2)
    del partial.new
    assert not hasattr(partial, "new")
    assert isinstance(partial, ModuleType)


def test_a_module_that_nobody_imported(partial: ModuleType) -> None:
    namespace = {"__name__": "elsewhere"}
    leave_out(namespace, REASONS)
    with pytest.raises(AttributeError, match="'elsewhere' has no attribute 'lost': "):
        namespace["__getattr__"]("lost")  # type: ignore[operator]
    # another module has the name
    stranger = {"__name__": "partial"}
    leave_out(stranger, {"there": "no"})
    partial.there = 3
