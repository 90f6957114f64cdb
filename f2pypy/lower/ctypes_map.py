"""What each Fortran type is called elsewhere: one table.

`code` is the runtime's constant for ctypes and cffi, `dtype` NumPy's name, `char` NumPy's one-letter code (which
f2py's documentation shows), `c_name` f2py's C type, `word` the type in documentation, `exact` the Python type
that needs no conversion, `converter` the runtime function for every other value, `format` how C prints it.
"""

from __future__ import annotations

from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind
from f2pypy.model import DataType


@dataclass(frozen=True)
class Mapping:
    """One row of the table."""

    code: str
    dtype: str
    char: str
    c_name: str
    word: str
    exact: str
    converter: str
    format: str
    rounds: bool = False  # conversion changes exact values too, or refuses them
    computed: str = ""  # the runtime function for values that the wrapper computes
    scalar: str = ""  # the type of a Python value, where `word` names none
    in_array: bool = False  # a scalar lies in an array of rank 0: `struct` has none

    @property
    def annotation(self) -> str:
        """The type of a value in the annotations of generated code."""
        return self.scalar or self.word.replace("long", "int")

    @property
    def accepted(self) -> str:
        """The type that annotations ask of a caller."""
        return f"{self.word} | {self.scalar}" if self.scalar else self.annotation


# Converters that have a form which reads numbers from text, for scalars whose intent no source states.
READS_TEXT = frozenset(
    {"integer", "integer64", "integer16", "integer8", "real", "single"}
)

# (kind, bytes, unsigned)
TABLE: dict[tuple[Kind, int, bool], Mapping] = {
    (Kind.INTEGER, 1, False): Mapping(
        "INT8", "int8", "b", "signed_char", "int", "int", "integer8", "%d", rounds=True
    ),
    (Kind.INTEGER, 2, False): Mapping(
        "INT16", "int16", "h", "short", "int", "int", "integer16", "%hd", rounds=True
    ),
    (Kind.INTEGER, 4, False): Mapping(
        "INT", "int32", "i", "int", "int", "int", "integer", "%d"
    ),
    (Kind.INTEGER, 8, False): Mapping(
        "LONG", "int64", "q", "long_long", "long", "int", "integer64", "%Ld"
    ),
    (Kind.INTEGER, 1, True): Mapping(
        "UINT8",
        "uint8",
        "B",
        "unsigned_char",
        "int",
        "int",
        "unsigned8",
        "%d",
        rounds=True,
    ),
    (Kind.INTEGER, 2, True): Mapping(
        "UINT16",
        "uint16",
        "H",
        "unsigned_short",
        "int",
        "int",
        "unsigned16",
        "%hd",
        rounds=True,
    ),
    (Kind.INTEGER, 4, True): Mapping(
        "UINT", "uint32", "I", "unsigned", "int", "int", "unsigned", "%d", rounds=True
    ),
    (Kind.INTEGER, 8, True): Mapping(
        "ULONG",
        "uint64",
        "Q",
        "unsigned_long_long",
        "int",
        "int",
        "unsigned64",
        "%Ld",
        rounds=True,
    ),
    (Kind.REAL, 4, False): Mapping(
        "FLOAT",
        "float32",
        "f",
        "float",
        "float",
        "float",
        "single",
        "%g",
        rounds=True,
        computed="to_single",
    ),
    (Kind.REAL, 8, False): Mapping(
        "DOUBLE", "float64", "d", "double", "float", "float", "real", "%g"
    ),
    (Kind.REAL, 10, False): Mapping(
        "LONG_DOUBLE",
        "longdouble",
        "g",
        "long_double",
        "float",
        "",
        "extended",
        "%g",
        computed="long_double",
        scalar="np.longdouble",
        in_array=True,
    ),
    (Kind.COMPLEX, 8, False): Mapping(
        "COMPLEX",
        "complex64",
        "F",
        "complex_float",
        "complex",
        "complex",
        "single_complex",
        "(%g,%g)",
        rounds=True,
    ),
    (Kind.COMPLEX, 16, False): Mapping(
        "DOUBLE_COMPLEX",
        "complex128",
        "D",
        "complex_double",
        "complex",
        "complex",
        "complex_number",
        "(%g,%g)",
    ),
    (Kind.COMPLEX, 20, False): Mapping(
        "COMPLEX_LONG_DOUBLE",
        "clongdouble",
        "G",
        "complex_long_double",
        "complex",
        "",
        "extended_complex",
        "(%g,%g)",
        computed="complex_long_double",
        scalar="np.clongdouble",
        in_array=True,
    ),
    (Kind.LOGICAL, 1, False): Mapping(
        "LOGICAL8", "int8", "b", "char", "int", "bool", "logical", "%d"
    ),
    (Kind.LOGICAL, 2, False): Mapping(
        "LOGICAL16", "int16", "h", "short", "int", "bool", "logical", "%hd"
    ),
    (Kind.LOGICAL, 4, False): Mapping(
        "LOGICAL", "int32", "i", "int", "int", "bool", "logical", "%d"
    ),
    (Kind.LOGICAL, 8, False): Mapping(
        "LOGICAL64", "int64", "q", "long_long", "long", "bool", "logical", "%Ld"
    ),
    (Kind.CHARACTER, 1, False): Mapping(
        "CHARACTER", "bytes1", "c", "character", "bytes", "", "character", "'%c'"
    ),
}


def mapping_of(type_: DataType) -> Mapping | None:
    """Return the row of a type, None where NumPy or ctypes has nothing for it."""
    row = TABLE.get((type_.kind, type_.size, type_.unsigned))
    return replace(row, converter="c_address") if row and type_.address else row


# Bits of the significands of reals that NumPy has no type for, by the bytes of one real.
SIGNIFICANDS = {16: 113, 12: 64, 10: 64}


def missing_type(type_: DataType) -> str:
    """Return what there is to say of a type without a row in the table."""
    kind = type_.kind.value
    size = type_.size // (2 if type_.kind is Kind.COMPLEX else 1)
    bits = SIGNIFICANDS.get(size) if type_.kind in (Kind.REAL, Kind.COMPLEX) else None
    if bits is not None:
        return f"NumPy has no {bits}-bit {kind}({size})"
    return f"NumPy has no {kind} of {type_.size} bytes"
