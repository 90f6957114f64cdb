"""What the names of an expression stand for."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import Expression, Kind
from f2pypy.expressions.statements import FunctionDefinition


class Role(enum.Enum):
    """What a name stands for."""

    SCALAR = "scalar"
    ARRAY = "array"
    STRING = "string"
    CALLBACK = "callback"
    FUNCTION = "function"


@dataclass(frozen=True)
class Symbol:
    """One name: a scalar (a single character too) or array of `kind`, a string, ...

    `lower` are an array's lower bounds, 1 where the tuple ends; only Fortran's ``x(i)``
    looks at them. `size` are the bytes of a value, 0 where nothing needs them.
    """

    role: Role
    kind: Kind | None = None
    rank: int = 0
    lower: tuple[Expression, ...] = ()
    size: int = 0


@dataclass(frozen=True)
class Environment:
    """The names that an expression may use; `fortran` where Fortran's rules hold.

    `functions` are those that usercode defines. `lacking_axes` allows questions about axes that an array lacks: they
    raise IndexError when Python computes them.
    """

    symbols: Mapping[str, Symbol]
    functions: Mapping[str, FunctionDefinition] = field(default_factory=dict)
    fortran: bool = False
    lacking_axes: bool = False

    def find(self, name: str) -> Symbol | None:
        """Return what `name` is, or None; Fortran doesn't look at case."""
        found = self.symbols.get(name)
        if found is None and self.fortran:
            found = self.symbols.get(name.lower())
        return found

    def spelling(self, name: str) -> str:
        """Return `name` as the symbols spell it."""
        return name if name in self.symbols or not self.fortran else name.lower()

    def declare(self, name: str, symbol: Symbol) -> Environment:
        """Return the environment with one more name."""
        return replace(self, symbols={**self.symbols, name: symbol})
