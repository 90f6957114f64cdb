"""What is known of a routine while its text is read."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from f2pypy import plan
from f2pypy.expressions.nodes import Expression
from f2pypy.native.reading.expressions import Expressions
from f2pypy.native.reading.names import Names

Statements = Sequence[ast.stmt]
Read = Optional[tuple[plan.Step, int]]


@dataclass(frozen=True)
class Routine:
    """What is known while the statements of one function are read."""

    names: Names
    expressions: Expressions
    defaults: Mapping[str, Expression | None]
