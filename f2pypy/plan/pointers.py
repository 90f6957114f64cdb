"""Procedure pointers."""

from __future__ import annotations

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class ProcedureInterface:
    """The constant `variable` that says what pointers of one interface point to.

    Python calls it by the routine `function`; Fortran calls Python by the constant `signature`, "" where it can't, for
    the `reason`.
    """

    variable: str
    function: str
    signature: str
    reason: str


@dataclass(frozen=True)
class ProcedurePointer:
    """A procedure pointer of a Fortran module, of the constant `interface`; `protected` where it is read-only."""

    name: str
    interface: str
    protected: bool = False


@dataclass(frozen=True)
class PointerCell:
    """Make `cell`, a pointer of the constant `interface` that points to what `name` is, to nothing without a `name`.

    `what` is how messages call it. An `optional` one that is None is absent for Fortran.
    """

    cell: str
    interface: str
    name: str = ""
    what: str = ""
    optional: bool = False
