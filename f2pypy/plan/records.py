"""What wrappers do with objects of derived type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordInput:
    """Check that `name` is an object of class `record`; None is let through where it is `optional`."""

    name: str
    record: str
    what: str
    optional: bool = False


@dataclass(frozen=True)
class RecordHidden:
    """``name = record._new()``: an object for Fortran to fill."""

    name: str
    record: str


@dataclass(frozen=True)
class RecordTake:
    """``name = record._taken(value)``: an object with the bytes that a function returned by value."""

    name: str
    record: str
    value: str


@dataclass(frozen=True)
class PassRecord:
    """The address of an object."""

    name: str


@dataclass(frozen=True)
class PassClass:
    """The address of an object together with what its type is."""

    name: str


@dataclass(frozen=True)
class PassRecordValue:
    """An object by value: the bytes of a structure of C, or with `reference` the address of a copy."""

    name: str
    record: str
    reference: bool
