"""Smooths signals."""

from smoothing.filters import smooth

__all__ = ["smooth"]
