"""The columns of the table: what a call needs to know of the Fortran compiler."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass

# The Fortran module of a library that holds the constants which only its compiler can compute.
COMPUTED = "f2pypy_constants"


# The kinds of types without one, for every compiler here unless flags say otherwise.
DEFAULT_KINDS = {
    "integer": 4,
    "real": 4,
    "double precision": 8,
    "complex": 4,
    "double complex": 8,
    "logical": 4,
}
# The kind of enumerators with small values.
ENUMERATOR = "enumerator*"


def default_of(type_: str) -> str:
    """Return the key for the kind of a type that is written without one; no name in a source can equal it."""
    return f"{type_}*"


def written(type_: str, kind: int) -> str:
    """Return the key for the kind that a compiler gives to a type that is written with a kind."""
    return f"{type_}*{kind}"


class AbsentValue(enum.Enum):
    """How a call marks an ``optional, value`` dummy as absent."""

    FLAG = (
        "flag"  # the value goes by value, a flag of one byte among the hidden arguments
    )
    NULL = "null"  # it goes by address, and NULL is absent


class HiddenOrder(enum.Enum):
    """The order of the hidden arguments, which follow the others."""

    DECLARED = (
        "declared"  # lengths and flags in the order of the dummies they belong to
    )
    FLAGS_FIRST = "flags first"  # all flags, then all lengths


@dataclass(frozen=True)
class Descriptor:
    """The layout of array descriptors; the fields are those of the runtime's `DescriptorLayout`.

    `header` are its fields in order with their codes of the struct module, `dimension` the three words of each
    dimension, `codes` the numbers of types by NumPy's kind and bytes. `attributes` are the numbers of ordinary,
    allocatable and pointer arrays, `lower` is the lower bound of ordinary ones.
    """

    header: tuple[tuple[str, str], ...]
    dimension: tuple[str, str, str]
    codes: tuple[tuple[str, int], ...]
    version: int = 0
    attributes: tuple[int, int, int] = (0, 0, 0)
    lower: int = 1


@dataclass(frozen=True)
class Types:
    """How a compiler lays derived types out, passes objects, and what the library says of its types.

    `tables` are the symbols that what the library says of a type may have; `{Type}` is its name with a capital. Where
    that name with the module's is longer than `longest`, a number stands for both: `hashed`. `size_at` is the offset
    in the table at which the bytes of an object stand. What goes to a polymorphic dummy is, by `class_form`, a
    "container" of addresses of the object (or of a descriptor of the array) and of the table, or a "descriptor" which
    says both. Descriptors of objects of derived type, and those that may hold them, have `addendum` bytes at their
    end, and the type's code is `code`; objects inside objects are described in the table by the code `category`.
    Lengths of components of deferred length stand after the others of their type, `lengths_apart`, or in descriptors.
    The type-bound procedures begin in the table at `bindings_at`. Where the table doesn't say how objects are made,
    finalized and copied, and is left out if nothing in the library needs it, `glue` is the symbol of the procedure
    that does it for a type: `{what}` is "new", "clear" or "copy".

    Objects come back by the rules of "c" or through a "hidden" first argument, those of ``bind(c)`` functions
    (`bound_results`) and of others (`results`). Without ``bind(c)`` a dummy with VALUE gets them by the rules of "c" or
    as a "reference" to a copy (`values`).
    """

    tables: tuple[str, ...]
    size_at: int
    class_form: str
    code: int
    results: str
    bound_results: str
    values: str
    hashed: str = ""
    longest: int = 0
    addendum: int = 0
    lengths_apart: bool = False
    image_at: int = 0
    copy_at: int = 0
    final_at: int = 0
    parent_at: int = 0
    constants: str = ""
    glue: str = ""
    bindings_at: int = 0
    category: int = 0


@dataclass(frozen=True)
class Compiler:
    """The conventions of one compiler, from version `first` on; properties that all compilers here share have no field.

    All of them pass scalars, arrays and procedures by address, return ``bind(c)`` characters in registers and character
    results through an address and a length that come first, and have hidden lengths at the end, one for each argument
    of characters and for each dummy procedure that returns them.

    `procedure` is the symbol of an external procedure, `module_procedure` of one in a module (or in a submodule, where
    the module has its interface), `module_variable` of a variable and `length_variable` of the length of one with
    deferred length, None where descriptors have lengths. `arrays` describes arrays for Fortran procedures, `c_arrays`
    for those with ``bind(c)``; `described_scalars` says that allocatable and pointer scalars have a descriptor too.
    `length_size` are the bytes of a hidden length, `true` is what ``.true.`` is in memory, `complex_results` says
    whether complex functions return in "registers" or through a "hidden" first argument. `character_values` says that
    characters with the attribute ``value`` go by value, and not by address, `described_lengths` says that characters
    passed by descriptor have no additional hidden length. An array result of known extents comes back through a
    descriptor (`described_results`) or the plain address of its memory. `kinds` are the constants of ISO_C_BINDING and
    ISO_FORTRAN_ENV in which it differs from gfortran.

    The rest is what flags and targets change. `underscored` is the symbol of an external procedure or common block
    whose name has an underscore, "" where it is like the others. `real_results` says how functions return reals of
    default kind: as "float", or as -ff2c has it, "double" (and "quad" where flags make DOUBLE PRECISION that). `meant`
    holds the kinds that types have otherwise than they are written, by `default_of` and `written`; a kind of 0 doesn't
    exist. `target` names the machine and its system ("x86_64-linux").

    `submodule_procedure` is the symbol of a procedure that only a submodule has, "" where that isn't known. `types` are
    its conventions for derived types.
    """

    name: str
    first: int
    procedure: str
    module_procedure: str
    module_variable: str
    length_variable: str | None
    length_size: int
    true: int
    complex_results: str
    arrays: Descriptor
    c_arrays: Descriptor
    described_scalars: bool
    described_lengths: bool
    described_results: bool
    character_values: bool
    absent_value: AbsentValue
    hidden_order: HiddenOrder
    types: Types
    kinds: tuple[tuple[str, int | tuple[int, ...]], ...] = ()
    underscored: str = ""
    real_results: str = "float"
    meant: tuple[tuple[str, int], ...] = ()
    target: str = "x86_64-linux"
    submodule_procedure: str = ""

    def symbol_of(self, name: str) -> str:
        """Return the symbol of an external procedure or common block."""
        has_pattern = "_" in name and self.underscored
        return (self.underscored if has_pattern else self.procedure).format(name=name)
