"""What elemental procedures are for arrays of elements."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.model.types import DataType


@dataclass(frozen=True)
class ElementLoop:
    """A loop in compiled code that calls an elemental procedure for one element after the other.

    `arguments` has the type of what is passed by value, and None for a word: the address of an element, or the length
    of characters, which is the same for all. The value of a function comes back in registers, None for one that has
    none or gives it through memory.
    """

    result: DataType | None
    arguments: tuple[DataType | None, ...]

    @property
    def symbol(self) -> str:
        """The name of the C function that runs the loop: it is the same for procedures that are called alike."""
        result = "v" if self.result is None else abbreviated(self.result)
        passed = "".join("w" if a is None else abbreviated(a) for a in self.arguments)
        return f"f2pypy_each_{result}_{passed}"


@dataclass(frozen=True)
class Elemental:
    """How a procedure is applied to arrays.

    An impure one takes the elements in their `order`: that in which Fortran has them. `loop` is None where each element
    takes a call of the wrapper.
    """

    in_order: bool
    loop: ElementLoop | None


def abbreviated(type_: DataType) -> str:
    """Return a short name of a number's type: ``r8``."""
    return f"{type_.kind.value[0]}{type_.size}"
