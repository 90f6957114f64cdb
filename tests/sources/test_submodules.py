"""Procedures of submodules belong to the module that has their interface."""

from __future__ import annotations

from typing import Any

import numpy as np


def test_procedures_of_submodules(submodules: Any) -> None:
    prices = submodules.prices
    assert prices.tax(8.0) == 2.0
    assert prices.total(8.0) == 10.0
    p = np.arange(4.0)
    prices.raise_all(p[::2])
    prices.raise_all(p[1::2], 10.0)
    assert p.tolist() == [1, 11, 3, 13]


def test_what_a_submodule_keeps_for_itself(submodules: Any) -> None:
    assert not hasattr(submodules.prices, "share")
