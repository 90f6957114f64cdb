"""What f2pypy writes, read by eye once and compared from then on: one feature in each file."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import regenerate


@pytest.mark.parametrize(
    ("source", "module"),
    [
        pytest.param(*pair, id=pair[0].stem)
        for pair in regenerate.golden_files().items()
    ],
)
def test_the_module_is_as_it_was_read(source: Path, module: Path) -> None:
    expected, got = module.read_text(encoding="utf-8"), regenerate.golden_text(source)
    if got != expected:
        diff = difflib.unified_diff(
            expected.splitlines(),
            got.splitlines(),
            module.name,
            "generated now",
            lineterm="",
        )
        pytest.fail(
            "\n".join(diff)
            + "\n\nIf this is what you want, run `make golden` and read the diff."
        )


def test_every_golden_module_has_its_source() -> None:
    modules = set(regenerate.GOLDEN.glob("*.py"))
    assert modules
    assert modules == set(regenerate.golden_files().values())
