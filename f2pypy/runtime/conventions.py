"""How the compiler of a library returns complex and single precision results."""

from __future__ import annotations

from f2pypy.runtime.libraries import Library


def hides_complex_results(library: Library) -> bool:
    """Say whether complex functions take a hidden first argument for their result."""
    return library.abi == "hidden"
