"""Python names for Fortran's: what Python, NumPy or the runtime need for themselves is left alone."""

from __future__ import annotations

import keyword

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.identifiers import free_name
from f2pypy.expressions.nodes import Kind
from f2pypy.files.runtime_names import runtime_names
from f2pypy.lower.ctypes_map import TABLE
from f2pypy.model import Form

# Built-in names that a wrapper's body may use; a local of such a name would hide it.
USED_BUILTINS = frozenset(
    [
        "abs",
        "bool",
        "bytes",
        "complex",
        "float",
        "getattr",
        "globals",
        "int",
        "isinstance",
        "len",
        "max",
        "min",
        "range",
        "round",
        "slice",
        "str",
        "tuple",
        "type",
    ]
)
# Imports of every generated module, beside what the runtime's parts need.
MODULE_NAMES = frozenset(
    {
        "annotations",
        "np",
        "Any",
        "overload",
        "ArrayLike",
        "NDArray",
        "Callable",
        "math",
        "error",
        "index",
        "_compiler",
        "_library",
    }
)
# The runtime's names of what a dummy is to Fortran.
DEFERRED_USES = {Form.ALLOCATABLE: "ALLOCATABLE", Form.POINTER: "POINTER"}
RESERVED_WORDS = frozenset(keyword.kwlist) | {"None", "True", "False", "__debug__"}


def describer_name(dtype: str, logical: bool, interoperable: bool, use: str) -> str:
    """Return the variable of what describes arrays of a type, for a `use` that the runtime has a name of.

    The type of strings is "".
    """
    parts = [
        "",
        "logical" if logical else "",
        dtype or "text",
        "c" if interoperable else "",
    ]
    parts += [use.lower() or "descriptor"]
    return "_" + "_".join(filter(None, parts))


def attribute_of(name: str) -> str:
    """Return the name that a class body can give to a component or method; Python's own words get an underscore."""
    return f"{name}_" if name in RESERVED_WORDS else name


@dataclass
class Names:
    """The names of one function: each variable of the model gets one that hides nothing.

    `globals` are the module-level names that the function's body may use. One that `is_bare` uses none of Python's.
    """

    globals: frozenset[str]
    is_bare: bool = False
    chosen: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)  # of these, the others

    def __post_init__(self) -> None:
        builtins = frozenset[str]() if self.is_bare else USED_BUILTINS
        self.taken = set(self.globals | RESERVED_WORDS | builtins)

    def add(self, name: str) -> str:
        """Return the Python name of variable `name`, choosing it the first time."""
        if name not in self.chosen:
            self.chosen[name] = free_name(name, self.taken)
            self.taken.add(self.chosen[name])
            if self.chosen[name] != name:
                self.renamed[name] = self.chosen[name]
        return self.chosen[name]

    def fresh(self, wanted: str) -> str:
        """Return a name for something that only the wrapper knows."""
        name = free_name(wanted, self.taken)
        self.taken.add(name)
        return name


def module_globals() -> frozenset[str]:
    """Return every module-level name that generated modules may hold beside the user's."""
    describers = {
        describer_name(row.dtype, kind is Kind.LOGICAL, interoperable, use)
        for (kind, *_), row in TABLE.items()
        for interoperable in (False, True)
        for use in ("", *DEFERRED_USES.values())
    }
    describers |= {describer_name("", False, each, "") for each in (False, True)}
    return MODULE_NAMES | describers | runtime_names().bound
