"""Give every benchmark the prepared modules, and the figures the version of NumPy."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import pytest

from benchmarks.prepare import Prepared, load


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    folder = os.environ["F2PYPY_BENCH_FOLDER"]
    sys.path.insert(0, folder)
    return load(folder)


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    machine_info["numpy"] = np.__version__
