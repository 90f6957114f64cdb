"""Of which type and kind something is."""

from __future__ import annotations

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import Expression, Integer, Kind


@dataclass(frozen=True)
class TypeName:
    """A derived type: the Fortran module that defines it, and its name there."""

    module: str
    name: str


@dataclass(frozen=True)
class DataType:
    """A Fortran type with its kind decided.

    `size` is in bytes: of the whole number for complex (16 for double precision parts), of one character for
    characters. `is_string` distinguishes ``character*n`` from a single ``character``; its `length` is an expression,
    or None where the length is assumed (``*(*)``) or `deferred` (``:``). `derived` is the derived type of ``type(t)``
    and ``class(t)``, whose kind is DERIVED and whose size its components decide; a `polymorphic` one is ``class(t)``,
    an `unlimited` one ``class(*)``, an `assumed` one ``type(*)``. `is_character` is a function's result that is passed
    as a string and returned as the one character that it is. An `address` is that of ``type(c_ptr)`` or
    ``type(c_funptr)``. `constant` is the constant of ISO_C_BINDING that gives the size, where targets differ in it.
    """

    kind: Kind
    size: int
    is_string: bool = False
    length: Expression | None = None
    unsigned: bool = False
    derived: TypeName | None = None
    polymorphic: bool = False
    unlimited: bool = False
    assumed: bool = False
    is_character: bool = False
    address: bool = False
    deferred: bool = False
    constant: str = field(default="", compare=False)

    @property
    def characters(self) -> int:
        """The characters of an element: none where the length is negative or deferred, 1 where none is declared."""
        if isinstance(self.length, Integer):
            return max(self.length.value, 0)
        return 0 if self.deferred else 1
