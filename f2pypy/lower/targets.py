"""Which sizes of C types, in which targets differ, a module counts on."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy import model, plan
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.targets import FAST
from f2pypy.expressions.nodes import Integer, Kind
from f2pypy.expressions.walk import parts


def plan_target(library: model.Library, row: Compiler) -> plan.Target | None:
    """Return what the module says of its target; None where it is right on every one."""
    described = (library.procedures, library.commons, library.modules, library.answers)
    found = dict(sizes_in(described))
    if row.name != "gfortran":
        found = {name: size for name, size in found.items() if name not in FAST}
    sizes = tuple(sorted(found.items()))
    return plan.Target(library.name, row.target, sizes) if sizes else None


def sizes_in(described: object) -> Iterator[tuple[str, int]]:
    """Yield the constants of ISO_C_BINDING that types and numbers in a description come from, with their values."""
    for node in parts(described):
        if isinstance(node, model.DataType) and node.constant:
            size = node.size // (2 if node.kind is Kind.COMPLEX else 1)
            yield node.constant, size
        elif isinstance(node, Integer) and node.constant:
            yield node.constant, node.value
