"""gfortran from 9 to 15, with libgfortran 5: descriptors haven't changed since gfortran 8."""

from __future__ import annotations

from dataclasses import replace

from f2pypy.abi.conventions import (
    AbsentValue,
    Compiler,
    Descriptor,
    HiddenOrder,
    Types,
)

# GFC_ARRAY_DESCRIPTOR and dtype_type of libgfortran.h; the codes are BT_INTEGER, BT_LOGICAL, ... there. Unsigned
# integers, new in 15, have a code of their own at the end that nothing here needs.
ARRAYS = Descriptor(
    header=(
        ("base", "P"),
        ("offset", "n"),
        ("size", "N"),
        ("version", "i"),
        ("rank", "b"),
        ("type", "b"),
        ("attribute", "h"),
        ("span", "n"),
    ),
    dimension=("stride", "lower", "upper"),
    codes=(("i", 1), ("u", 1), ("l", 2), ("f", 3), ("c", 4), ("S", 6), ("V", 5)),
)
# CFI_cdesc_t of gfortran's ISO_Fortran_binding.h. A code is that of the type plus 256 times the bytes of a part.
C_ARRAYS = Descriptor(
    header=(
        ("base", "P"),
        ("size", "N"),
        ("version", "i"),
        ("rank", "b"),
        ("attribute", "b"),
        ("type", "h"),
    ),
    dimension=("lower", "extent", "distance"),
    codes=(
        *((f"i{size}", 1 + 256 * size) for size in (1, 2, 4, 8)),
        *((f"u{size}", 1 + 256 * size) for size in (1, 2, 4, 8)),
        *((f"l{size}", 2 + 256 * size) for size in (1, 2, 4, 8)),
        *((f"f{size}", 3 + 256 * size) for size in (4, 8)),
        ("f16", 3 + 256 * 10),
        *((f"c{2 * size}", 4 + 256 * size) for size in (4, 8)),
        ("c32", 4 + 256 * 10),
        ("S", 5 + 256),
        ("V", 6),
    ),
    version=1,
    attributes=(2, 1, 0),
    lower=0,
)
# The structure that class.cc of gfortran calls vtype: {hash, size, parent, initial image, copy, final,
# deallocate, type-bound procedures}.
# "__class_", which gfortran writes before some such names, and their rank must fit in its symbols of 63 characters.
TYPES = Types(
    tables=("__{module}_MOD___vtab_{module}_{Type}",),
    hashed="__{module}_MOD___vtab_{hash:X}",
    longest=48,
    size_at=8,
    class_form="container",
    code=5,
    results="c",
    bound_results="c",
    values="c",
    lengths_apart=True,
    image_at=24,
    copy_at=32,
    final_at=40,
    parent_at=16,
    bindings_at=56,
)
# To 12 a procedure takes hidden lengths and flags in the order of its dummies (and its callers in gfortran pass the
# flags first: a fault that 13 mends). What is called here is the procedure.
GFORTRAN_9 = Compiler(
    name="gfortran",
    first=9,
    procedure="{name}_",
    module_procedure="__{module}_MOD_{name}",
    submodule_procedure="__{module}.{submodule}_MOD_{name}",
    module_variable="__{module}_MOD_{name}",
    length_variable="_F.{module}_MOD_{name}",
    length_size=8,
    true=1,
    complex_results="registers",
    arrays=ARRAYS,
    c_arrays=C_ARRAYS,
    described_scalars=False,
    described_lengths=False,
    described_results=True,
    character_values=True,
    absent_value=AbsentValue.FLAG,
    hidden_order=HiddenOrder.DECLARED,
    types=TYPES,
)
GFORTRAN_13 = replace(GFORTRAN_9, first=13, hidden_order=HiddenOrder.FLAGS_FIRST)
ROWS = (GFORTRAN_9, GFORTRAN_13)
