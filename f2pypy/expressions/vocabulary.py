"""The constants, functions and types that C texts and Fortran expressions use, by all their spellings."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from f2pypy.expressions.nodes import (
    Expression,
    Integer,
    Kind,
    Logical,
    Real,
)

# Constants of C's headers.
CONSTANTS: Mapping[str, Expression] = {
    "M_PI": Real(math.pi),
    "M_PI_2": Real(math.pi / 2),
    "M_E": Real(math.e),
    "INT_MAX": Integer(2**31 - 1),
    "INT_MIN": Integer(-(2**31)),
    "LONG_MAX": Integer(2**63 - 1),
    "DBL_EPSILON": Real(2.0**-52),
    "DBL_MAX": Real(1.7976931348623157e308),
    "DBL_MIN": Real(2.2250738585072014e-308),
    "FLT_EPSILON": Real(2.0**-23),
    "FLT_MAX": Real(3.4028234663852886e38),
    "FLT_MIN": Real(1.1754943508222875e-38),
    "TRUE": Logical(True),
    "FALSE": Logical(False),
}

# Real functions of real arguments that Python's math has under the same name.
MATH_FUNCTIONS: Mapping[str, int] = {
    **dict.fromkeys(
        ["sqrt", "exp", "log", "log10", "log2", "log1p", "expm1", "sin", "cos", "tan"],
        1,
    ),
    **dict.fromkeys(["asin", "acos", "atan", "sinh", "cosh", "tanh"], 1),
    **dict.fromkeys(["asinh", "acosh", "atanh", "gamma", "lgamma", "erf", "erfc"], 1),
    **dict.fromkeys(["atan2", "hypot", "fmod", "copysign", "pow"], 2),
}

# Functions from real to whole numbers; C's give them as doubles.
ROUNDING_FUNCTIONS = frozenset({"ifloor", "iceil", "itrunc", "nint"})

TRUTH_FUNCTIONS = frozenset({"isnan", "isinf", "isfinite"})

# Functions of whole arrays, masks, texts and bits that specification expressions may call, with the runtime's names.
REDUCTIONS: Mapping[str, str] = {
    name: f"{name}_of"
    for name in (
        "sum",
        "product",
        "maxval",
        "minval",
        "count",
        "any",
        "all",
        "size",
    )
}
SEARCHES: Mapping[str, str] = {
    "index": "index_in",
    "scan": "scanned",
    "verify": "verified",
}
TEXT_FUNCTIONS: Mapping[str, str] = {
    "trim": "trimmed",
    "adjustl": "adjusted_left",
    "adjustr": "adjusted_right",
    "repeat": "repeated",
}
TEXT_LENGTHS: Mapping[str, str] = {"len_trim": "trimmed_length", "len": "text_length"}
BIT_FUNCTIONS: Mapping[str, str] = {
    "popcnt": "ones",
    "leadz": "leading_zeros",
    "trailz": "trailing_zeros",
}
SHIFTS: Mapping[str, str] = {"ishft": "shifted", "shiftl": "shifted", "shiftr": "shifted"}  # fmt: skip
# Functions of arrays and texts: C has none of them.
WHOLE_FUNCTIONS = frozenset({*REDUCTIONS, *SEARCHES, *TEXT_FUNCTIONS, *TEXT_LENGTHS})
# What typing leaves for the runtime.
COMPUTED_BY_RUNTIME = frozenset(
    {
        *REDUCTIONS.values(),
        *SEARCHES.values(),
        *TEXT_FUNCTIONS.values(),
        *TEXT_LENGTHS.values(),
        *BIT_FUNCTIONS.values(),
        "shifted",
        "section",
        "content",
        "substring",
        "listed_values",
    }
)

# Other spellings of functions, C's and Fortran's specific names.
ALIASES: Mapping[str, str] = {
    **dict.fromkeys(["MAX", "max0", "amax1", "dmax1", "fmax"], "max"),
    **dict.fromkeys(["MIN", "min0", "amin1", "dmin1", "fmin"], "min"),
    **dict.fromkeys(["iabs", "dabs", "ABS"], "abs"),
    **{
        f"d{name}": name
        for name in ("sqrt", "exp", "log", "log10", "sin", "cos", "tan")
    },
    **{f"d{name}": name for name in ("asin", "acos", "atan", "atan2", "sinh", "cosh")},
    "alog": "log",
    "alog10": "log10",
    "dtanh": "tanh",
    "tgamma": "gamma",
    "floor": "ifloor",
    "ceiling": "iceil",
    "aint": "itrunc",
    "dint": "itrunc",
    "idnint": "nint",
    "anint": "nint",
    "lround": "nint",
    "log_gamma": "lgamma",
    "amod": "mod",
    "dmod": "mod",
    "ifix": "int",
    "idint": "int",
    "float": "real",
    "dble": "real",
    "sngl": "real",
    "dfloat": "real",
    "iachar": "ichar",
    "isign": "sign",
    "dsign": "sign",
    "idim": "dim",
    "ddim": "dim",
    "ieor": "xor",
    "labs": "abs",
    "llabs": "abs",
}

_INTEGER_TYPE = re.compile(
    r"(?:F_INT|CBLAS_INT|(?:npy_)?u?int(?:8|16|32|64|ptr|p)?(?:_t)?|npy_u?(?:byte|short|int|long|longlong|bool)"
    r"|s?size_t|Py_ssize_t|ptrdiff_t|signed_char|_Bool|(?:(?:un)?signed[ _]?|long[ _]?|short[ _]?|int|char)+)\Z"
)
_REAL_TYPE = re.compile(
    r"(?:float|double|long[ _]double|npy_(?:float|double|longdouble|float32|float64))\Z"
)
_COMPLEX_TYPE = re.compile(
    r"(?:complex_(?:float|double|long_double)|npy_(?:cfloat|cdouble|complex64|complex128))\Z"
)


def kind_of_c_type(type_text: str) -> Kind | None:
    """Return what a value of a C type is; None for pointers and unknown types."""
    if _INTEGER_TYPE.match(type_text):
        return Kind.INTEGER
    if _REAL_TYPE.match(type_text):
        return Kind.REAL
    return Kind.COMPLEX if _COMPLEX_TYPE.match(type_text) else None


# C's own meaning where Fortran has a function of the same name.
_C_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(["abs", "labs", "llabs"], "abs of an int"),
    "floor": "ifloor of a double",
    "ceil": "iceil of a double",
    "trunc": "itrunc of a double",
    "round": "nint of a double",
}


def canonical_function(name: str, *, fortran: bool) -> str:
    """Return the one spelling of a function that Fortran or C calls `name`."""
    if fortran:
        return ALIASES.get(name.lower(), name.lower())
    return _C_FUNCTIONS.get(name) or ALIASES.get(name, name)
