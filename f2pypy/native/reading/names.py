"""What the names in a routine's text stand for."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from f2pypy.native.layouts import ELEMENTS

MISSING = object()


@dataclass(frozen=True)
class Names:
    """The globals of a module, and the local names of one of its functions, which hide them.

    A global name of the module's own gives way to a user's object of that name: it has underscores after it then.
    """

    namespace: Mapping[str, Any]
    locals: frozenset[str]

    def function(self, node: ast.expr) -> str:
        """Return the name by which the runtime or Python knows what is called, "" for anything else."""
        found = self.value(node)
        if not isinstance(node, ast.Name) or found is MISSING:
            return ""
        name = node.id.rstrip("_")
        built_in = getattr(builtins, name, MISSING)
        if built_in is not MISSING:
            return name if found is built_in else ""
        # A routine has what it wraps, and so has a function that remembers its values.
        is_routine = hasattr(found, "__wrapped__") and not hasattr(found, "cache_info")
        return name if callable(found) and not is_routine else ""

    def constant(self, node: ast.expr) -> str:
        """Return the name of a constant of the runtime's, "" for anything else."""
        if not isinstance(node, ast.Name) or self.value(node) is MISSING:
            return ""
        return node.id.rstrip("_")

    def element_type(self, node: ast.expr) -> str:
        """Return NumPy's name of a type of elements that native code knows, "" for anything else."""
        found = self.value(node)
        if not isinstance(found, np.dtype) or found.name not in ELEMENTS:
            return ""
        return found.name if ELEMENTS[found.name].descriptor is found else ""

    def value(self, node: ast.expr) -> Any:
        """Return the object that a global name stands for, MISSING for anything else."""
        if not isinstance(node, ast.Name) or node.id in self.locals:
            return MISSING
        found = self.namespace.get(node.id, MISSING)
        return getattr(builtins, node.id, MISSING) if found is MISSING else found

    def name_of(self, wanted: object) -> str:
        """Return the runtime's name of one of its constants, "" where the module has none for it."""
        for name, found in self.namespace.items():
            if found is wanted:
                return name.rstrip("_")
        return ""
