"""Which constants the intrinsic modules define, with their values on the usual targets."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy.abi.targets import SIZES_BY_TARGET, USUAL_KINDS
from f2pypy.expressions.nodes import ArrayConstructor, Expression, Integer
from f2pypy.resolve.types.declared import SIZES, name_in_map

# Kinds in bytes, as gfortran, flang, ifx and nagfor (with -kind=byte) have them on 64-bit machines.
ADDRESS = 8
ISO_FORTRAN_ENV = {
    "int8": 1, "int16": 2, "int32": 4, "int64": 8,
    "real32": 4, "real64": 8, "real128": 16,
    "logical8": 1, "logical16": 2, "logical32": 4, "logical64": 8,
    "character_storage_size": 8, "file_storage_size": 8, "numeric_storage_size": 32,
    "atomic_int_kind": 4, "atomic_logical_kind": 4,
    "input_unit": 5, "output_unit": 6, "error_unit": 0, "iostat_end": -1, "iostat_eor": -2,
}  # fmt: skip
ISO_C_BINDING = {
    "c_int": 4, "c_short": 2, "c_long": 8, "c_long_long": 8, "c_signed_char": 1, "c_size_t": 8,
    "c_int8_t": 1, "c_int16_t": 2, "c_int32_t": 4, "c_int64_t": 8,
    "c_int_least8_t": 1, "c_int_least16_t": 2, "c_int_least32_t": 4, "c_int_least64_t": 8,
    "c_int_fast8_t": 1, "c_int_fast16_t": 8, "c_int_fast32_t": 8, "c_int_fast64_t": 8,
    "c_intmax_t": 8, "c_intptr_t": 8, "c_ptrdiff_t": 8,
    "c_float": 4, "c_double": 8, "c_long_double": 10,
    "c_float_complex": 4, "c_double_complex": 8, "c_long_double_complex": 10,
    "c_bool": 1, "c_char": 1,
    "c_ptr": ADDRESS, "c_funptr": ADDRESS,  # types, which no kind has the name of where they are used
}  # fmt: skip
Constant = int | tuple[int, ...]
INTRINSIC_MODULES: Mapping[str, Mapping[str, Constant]] = {
    "iso_fortran_env": {**ISO_FORTRAN_ENV, **USUAL_KINDS},
    "iso_c_binding": ISO_C_BINDING,
}


def kinds_without_use(own: Mapping[str, Constant]) -> dict[str, Expression]:
    """Return the kinds of the intrinsic modules as a kind map: signature files may name c_int without ``use``.

    `own` are those that the compiler has otherwise.
    """
    kinds = {n: k for m in INTRINSIC_MODULES.values() for n, k in {**m, **own}.items()}
    return {
        name_in_map(type_.value, name): constant_of(name, kind)
        for type_ in SIZES
        for name, kind in kinds.items()
        if isinstance(kind, int)
    }


def constant_of(name: str, value: Constant) -> Expression:
    """Return the value of a constant; one whose value depends on the target keeps its name."""
    if isinstance(value, int):
        return Integer(value, constant=name if name in SIZES_BY_TARGET else "")
    return ArrayConstructor(tuple(map(Integer, value)))
