"""Parts of arrays and of texts as actual arguments of dummy procedures: ``x(:, 1)``, ``b%y(2:)``, ``name(2:3)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass

_SUBSCRIPTS = r"\((?:[^()'\"]|\([^()'\"]*\))*\)"
_SECTION = re.compile(
    rf"(?P<base>[a-z_]\w*(?:(?:{_SUBSCRIPTS})?%[a-z_]\w*)*)(?P<index>{_SUBSCRIPTS})(?P<letters>{_SUBSCRIPTS})?",
    re.ASCII,
)
# A lower and an upper bound, and a stride; "" where none is said.
Triplet = tuple[str, str, str]


@dataclass(frozen=True)
class Section:
    """A part of the array or the text `base`, by `subscripts`, with ``:`` in one of them; `letters` of that perhaps."""

    base: str
    subscripts: tuple[str, ...]
    letters: str

    @property
    def axes(self) -> Iterator[tuple[int, Triplet]]:
        """The subscripts that are no single places, each with its number."""
        for axis, subscript in enumerate(self.subscripts):
            bounds = split(subscript, ":")
            if len(bounds) > 1:
                lower, upper, stride = (*bounds, "")[:3]
                yield axis, (lower, upper, stride)


def section_of(text: str) -> Section | None:
    """Return what a text without calls and literals names if it is a part of a variable, else None."""
    found = _SECTION.fullmatch("".join(text.split()).lower())
    if found is None:
        return None
    subscripts = split(found["index"][1:-1], ",")
    section = Section(found["base"], tuple(subscripts), found["letters"] or "")
    return section if section.letters or any(section.axes) else None


def split(text: str, separator: str) -> list[str]:
    """Return the parts of a text between the separators that aren't in parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == separator and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def extents_in(
    section: Section,
    dimensions: Sequence[syntax.Text],
    text: syntax.Text,
    has_many: Callable[[str], bool],
) -> tuple[syntax.Text, ...] | None:
    """Return how many elements a section of an array has along each of its axes.

    None where the declaration and the bounds don't say: of ``x(2:)`` if x is assumed-size, and of ``x(these, :)``, as
    `has_many` says that ``these`` is an array.
    """
    triplets = dict(section.axes)
    places = [s for at, s in enumerate(section.subscripts) if at not in triplets]
    if len(section.subscripts) != len(dimensions) or any(map(has_many, places)):
        return None
    extents = []
    for axis, bounds in triplets.items():
        extent = extent_of(bounds, dimensions[axis].text)
        if extent is None:
            return None
        extents.append(syntax.Text(extent, text.span))
    return tuple(extents)


def extent_of(bounds: Triplet, dimension: str) -> str | None:
    """Return the extent of a subscript triplet for an axis that is declared as `dimension`, None if nothing says it."""
    lower, upper, stride = bounds
    first, _, last = (part.strip() for part in dimension.rpartition(":"))
    start, end = lower or first or "1", upper or last
    if end in ("", "*", "..") or (not lower and dimension.strip() in (":", "..")):
        return None  # what is allocated may begin anywhere
    step = stride or "1"
    if not re.fullmatch(r"-?\d+", step) or int(step) < 0:
        return None  # downwards the bounds that aren't said are the others
    if start == step == "1":
        return end
    return f"max(0, ({end})-({start})+{step})" + f"/{step}" * (step != "1")
