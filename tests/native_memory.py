"""Long runs of native code: what they must not leave allocated, nor referenced."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from collections.abc import Callable, Sequence

from heap import bytes_in_use, resident_bytes

SOAK = int(os.environ.get("F2PYPY_SOAK", "100000"))
# For each of many cases: all of them only where they are asked for.
SHORT_SOAK = SOAK if "F2PYPY_SOAK" in os.environ else SOAK // 20


def settle() -> None:
    """Collect garbage, and let Python forget the names, each perhaps a new text, by which it found attributes."""
    gc.collect()
    if sys.version_info < (3, 13):
        sys._clear_type_cache()


def assert_nothing_is_left(
    run: Callable[[], object], repeats: int, watched: Sequence[object]
) -> None:
    """Run again and again; neither memory may grow, nor the reference counts of what is `watched`."""

    def counts() -> list[int]:
        settle()
        return [sys.getrefcount(each) for each in watched]

    for _ in range(max(20, repeats // 10)):
        run()
    before = counts()
    resident, heap = resident_bytes(), bytes_in_use()
    tracemalloc.start()
    try:
        # objects that pools keep are traced as soon as they are made anew
        for _ in range(max(20, repeats // 10)):
            run()
        settle()
        start, _ = tracemalloc.get_traced_memory()
        for _ in range(repeats):
            run()
        settle()
        end, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - start < 20_000
    assert bytes_in_use() - heap < 100_000
    assert resident_bytes() - resident < 8_000_000
    assert all(
        abs(after - earlier) < 10
        for after, earlier in zip(counts(), before, strict=True)
    )
