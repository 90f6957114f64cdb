"""What a source's comments say about a procedure; every stage passes it on as it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Description:
    """The text about a procedure, and those about its dummy arguments and its result, by their names."""

    text: str = ""
    arguments: tuple[tuple[str, str], ...] = ()

    def of(self, name: str) -> str:
        """Return what is said about an argument, or about the result; "" where nothing is."""
        return dict(self.arguments).get(name, "")


NOTHING_SAID = Description()
