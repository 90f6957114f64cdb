"""Give every benchmark the prepared modules."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.prepare import Prepared, load


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    folder = os.environ["F2PYPY_BENCH_FOLDER"]
    sys.path.insert(0, folder)
    return load(folder)
