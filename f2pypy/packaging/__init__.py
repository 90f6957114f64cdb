"""Builds modules for packages: what build backends call."""
