"""What a source's comments say about a procedure; every stage passes it on as it is."""

from __future__ import annotations

from collections.abc import Container

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class Description:
    """The text about a procedure, and those about its dummy arguments and its result, by their names.

    Of a derived type or a module the `arguments` are its components, or its variables, generic names and enumerators.
    """

    text: str = ""
    arguments: tuple[tuple[str, str], ...] = ()

    def of(self, name: str) -> str:
        """Return what is said about an argument, or about the result; "" where nothing is."""
        return dict(self.arguments).get(name, "")

    def about(self, names: Container[str]) -> Description:
        """Return the same without what is said of other names."""
        kept = tuple(pair for pair in self.arguments if pair[0] in names)
        return Description(self.text, kept)


NOTHING_SAID = Description()
