"""Dummies of any rank take whatever there is, where it lies."""

from __future__ import annotations

from typing import Any

import numpy as np


def test_assumed_rank_takes_any_rank(assumed_rank: Any) -> None:
    assert assumed_rank.axes(1.0) == 0
    assert assumed_rank.axes([[1, 2]]) == 2
    assert assumed_rank.axes(np.zeros((4, 3, 2))[::2]) == 3
