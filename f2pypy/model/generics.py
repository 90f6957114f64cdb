"""Generic names, which stand for several procedures, and enumerations."""

from __future__ import annotations

from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span


@dataclass(frozen=True)
class Specific:
    """One of the procedures of a generic name: that of a Fortran module, or an external one where `module` is ""."""

    module: str
    name: str


@dataclass(frozen=True)
class Generic:
    """A generic name: a call of it is one of a procedure that its arguments choose.

    `specifics` are in the order of declaration, those that the name has from other modules last. `text` is what
    comments say of it.
    """

    name: str
    specifics: tuple[Specific, ...]
    span: Span = field(compare=False)
    text: str = field(default="", compare=False)


def function_name(name: str) -> str:
    """Return the name of the function that a defined operator is, ``operator(.cross.)``; any other name as it is."""
    return name.removeprefix("operator(.").removesuffix(".)")


@dataclass(frozen=True)
class Reexport:
    """A name that a module shows and has from others: that of what stands in them under the names `entities`.

    Several entities are the parts of a generic name, whose procedures `generic` lists.
    """

    name: str
    entities: tuple[Specific, ...]
    generic: Generic | None = None


@dataclass(frozen=True)
class Enumeration:
    """An ENUM block: its public enumerators with their values, and the `name` of the class that holds them."""

    name: str
    members: tuple[tuple[str, int], ...]
    span: Span = field(compare=False)
