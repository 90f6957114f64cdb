"""LLVM's flang, which is flang-new to 19: all descriptors are the standard's, with an addendum for derived types."""

from __future__ import annotations

from dataclasses import replace

from f2pypy.abi.conventions import (
    AbsentValue,
    Compiler,
    Descriptor,
    HiddenOrder,
    Types,
)

# CFI_cdesc_t of flang's ISO_Fortran_binding.h; "other" is 0 where no addendum follows. The codes of logicals are those
# of flang's TypeCode: _Bool and the int_least types.
ARRAYS = Descriptor(
    header=(
        ("base", "P"),
        ("size", "N"),
        ("version", "i"),
        ("rank", "B"),
        ("type", "b"),
        ("attribute", "B"),
        ("other", "B"),
    ),
    dimension=("lower", "extent", "distance"),
    codes=(
        *(("i1", 7), ("i2", 8), ("i4", 9), ("i8", 10)),
        *(("u1", 7), ("u2", 8), ("u4", 9), ("u8", 10)),
        *(("l1", 39), ("l2", 13), ("l4", 14), ("l8", 15)),
        *(("f4", 27), ("f8", 28), ("f16", 29)),
        *(("c8", 34), ("c16", 35), ("c32", 36)),
        ("S", 40),
        ("V", 42),
    ),
    version=20180515,
    attributes=(0, 2, 1),
)
ARRAYS_20 = replace(ARRAYS, version=20240719)
# DerivedType of flang's runtime/type-info.h. The addendum of a descriptor is the address of the table and room for the
# value of one LEN parameter.
TYPES = Types(
    # its names have had no points since 20 or so
    tables=("_QM{module}E.dt.{type}", "_QM{module}EXdtX{type}"),
    size_at=88,
    class_form="descriptor",
    code=42,
    results="hidden",
    bound_results="hidden",
    values="reference",
    addendum=16,
    constants="_QM{module}EC{name}",
    glue="_QM{module}Sf2pypy_typesPf2pypy_{what}_{type}",
    category=5,
)
FLANG_16 = Compiler(
    name="flang",
    first=16,
    procedure="{name}_",
    module_procedure="_QM{module}P{name}",
    submodule_procedure="_QM{module}S{submodule}P{name}",
    module_variable="_QM{module}E{name}",
    length_variable=None,
    length_size=8,
    true=1,
    complex_results="registers",
    arrays=ARRAYS,
    c_arrays=ARRAYS,
    described_scalars=True,
    described_lengths=True,
    described_results=False,
    character_values=False,
    absent_value=AbsentValue.NULL,
    hidden_order=HiddenOrder.FLAGS_FIRST,
    types=TYPES,
    kinds=(
        *(("c_int_fast16_t", 2), ("c_int_fast32_t", 4), ("c_intmax_t", 16)),
        *(("atomic_int_kind", 8), ("atomic_logical_kind", 8)),
        ("real_kinds", (2, 3, 4, 8, 10, 16)),
        ("logical_kinds", (1, 2, 4, 8)),
        ("character_kinds", (1, 2, 4)),
    ),
)
# CFI_VERSION of 20's ISO_Fortran_binding.h; its new codes, and one of its categories of types, are for Fortran's
# unsigned integers.
FLANG_20 = replace(
    FLANG_16,
    first=20,
    arrays=ARRAYS_20,
    c_arrays=ARRAYS_20,
    types=replace(TYPES, category=6),
)
# From 21 on there are reals of 128 bits only where the C library has them: flang's builds for x86-64 do without.
FLANG_21 = replace(
    FLANG_20,
    first=21,
    kinds=tuple(
        {
            **dict(FLANG_20.kinds),
            "c_intmax_t": 8,
            "real128": -1,
            "real_kinds": (2, 3, 4, 8, 10),
        }.items()
    ),
)
# 19 returned structures of 16 bytes from bind(c) functions through memory; 20 and 21 weren't tried.
FLANG_22 = replace(FLANG_21, first=22, types=replace(FLANG_21.types, bound_results="c"))
ROWS = (FLANG_16, FLANG_20, FLANG_21, FLANG_22)
