"""What comments say about a procedure, in the form in which they are read again."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.descriptions import Description


def write_description(description: Description) -> list[str]:
    """Return the comments that stand before a procedure; nothing where nothing is said."""
    return [f"!> {row}".rstrip() for row in rows_of(description)]


def rows_of(description: Description) -> Iterator[str]:
    """Yield the text about the procedure, and that about each argument after its name."""
    if description.text:
        yield from escaped(description.text)
    for name, text in description.arguments:
        first, *others = escaped(text)
        # the reader takes the same indentation from all rows but the one with the name
        if any(others) and all(row[:1] in ("", " ") for row in others):
            first, others = "", [first, *others]
        yield f"\\param {name} {first}"
        yield from others


def escaped(text: str) -> list[str]:
    """Return the rows of a text in which nothing looks like a tag of HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").splitlines()
