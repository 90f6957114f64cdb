"""The benchmark of kinds runs, every contender answers rightly, and each kind has its figures; no time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.kinds.clock import has_thunks

ROOT = Path(__file__).parent.parent
# What goals are set for.
GROUPS = {
    *("scalars", "arrays", "elementals", "conversions", "shapes", "characters"),
    "results",
    *("allocatables", "reads", "allocatable_reads", "writes", "array_writes"),
    *("character_writes", "allocatable_writes", "resizes", "callbacks", "setup"),
    *("array_callbacks", "character_callbacks", "exceptions", "machine_code"),
}
# where f2py can't do some
WITHOUT_F2PY = {
    *("shapes", "characters", "allocatables", "allocatable_reads"),
    *("allocatable_writes", "machine_code"),
}
# these need numba and SciPy, or aren't passed as machine code
MAY_LACK = {"machine_code"}


def measure(output: Path, *options: str) -> str:
    words = ("-m", "benchmarks", "kinds", "--rounds", "2", "--slice", "1e-6")
    done = subprocess.run(
        [sys.executable, *words, "--output", str(output), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What is printed and written of all kinds."""
    output = tmp_path_factory.mktemp("kinds") / "results.json"
    printed = measure(output)
    return printed, json.loads(output.read_text())["kinds"][0]


def test_every_kind_is_measured(measured: tuple[str, dict[str, Any]]) -> None:
    printed, found = measured
    assert {each["group"] for each in found["kinds"]} >= GROUPS
    lacking = [
        (each["name"], each["reasons"])
        for each in found["kinds"]
        if each["group"] not in MAY_LACK
        and not {"ctypes", "native"} <= {*each["nanoseconds"]}
    ]
    assert lacking == []
    assert all(each["name"] in printed for each in found["kinds"])


def test_f2py_is_measured_beside(measured: tuple[str, dict[str, Any]]) -> None:
    _, found = measured
    without = {
        (each["group"], each["name"]) for each in found["kinds"] if not each["ratios"]
    }
    assert {group for group, _ in without} <= WITHOUT_F2PY


def test_a_group_is_measured_alone(tmp_path: Path) -> None:
    printed = measure(tmp_path / "one.json", "--only", "setup")
    figures = json.loads((tmp_path / "one.json").read_text())["kinds"][0]["kinds"]
    assert [each["group"] for each in figures] == ["setup"]
    assert "a call that takes a callback" in printed
    assert "goal" in printed


@pytest.mark.parametrize("page", ["README.md", "docs/performance.md"])
def test_pages_have_the_figures_of_the_last_run(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import pages

    results = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    text = (ROOT / page).read_text("utf-8")
    assert "<!-- benchmark: blas -->" in text
    assert pages.filled(text, results) == text


def test_callbacks_in_machine_code_count_as_native() -> None:
    signature = SimpleNamespace(native_pool=[], thunks=[])
    python = SimpleNamespace(func=lambda: signature_of_f)  # type: ignore[name-defined] # noqa: F821
    module = SimpleNamespace(signature_of_f=signature, call=python)
    assert not has_thunks(module, "call")
    assert not has_thunks(module, "nothing")
    signature.thunks.append("a thunk")
    assert has_thunks(module, "call")
