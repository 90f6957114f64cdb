"""Scalar arguments: any object that a caller gives becomes the int, float, complex or byte that Fortran expects.

These conversions run only when the argument isn't an exact ``int`` or ``float`` already. `what` names the argument in
messages, for instance "blas.ddot() 3rd keyword (incx)". A failed conversion keeps the class of the exception that
Python raised (TypeError, ValueError, IndexError, OverflowError, ...) and says "<what> can't be converted to <C type>".
Arrays and sequences of one element stand for that element. Several elements, complex numbers for real ones, text and
dates are no numbers.
"""

from __future__ import annotations

import operator
import reprlib
from contextlib import suppress
from typing import Any, Callable

from numpy import asarray, complexfloating, datetime64, dtype, generic, ndarray, timedelta64, void

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.interference import MOST_LEVELS, carefully
from f2pypy.runtime.scalar_types import TOO_WIDE, to_single

_EXPECTED_CHARACTER = "expected str|bytes|sequence-of-str-or-bytes"
_WHOLE = frozenset([int, bool, *(dtype(letter).type for letter in "?bhilqBHILQ")])  # they run nobody's code
_REAL_TYPES = _WHOLE | {float, dtype("d").type, dtype("f").type}
_COMPLEX_TYPES = _REAL_TYPES - {dtype("?").type} | {complex, dtype("D").type, dtype("F").type}


def integer(value: Any, what: str) -> int:
    """Return `value` as a 32-bit integer; OverflowError beyond it."""
    if type(value) not in _WHOLE:
        value = carefully(lone_number, value, f"{what} can't be converted to int", int)
    whole = int(value)
    if not -(1 << 31) <= whole < 1 << 31:
        raise OverflowError(TOO_WIDE[32])
    return whole


def integer64(value: Any, what: str, c_type: str = "long_long") -> int:
    """Return `value` as a 64-bit integer; OverflowError beyond it."""
    if type(value) not in _WHOLE:
        value = carefully(lone_number, value, f"{what} can't be converted to {c_type}", int)
    whole = int(value)
    if not -(1 << 63) <= whole < 1 << 63:
        raise OverflowError(TOO_WIDE[64])
    return whole


def integer16(value: Any, what: str) -> int:
    """Return `value` as a 16-bit integer; OverflowError beyond it."""
    return whole_number(value, f"{what} can't be converted to short", 16)


def integer8(value: Any, what: str) -> int:
    """Return `value` as an 8-bit integer; OverflowError beyond it."""
    return whole_number(value, f"{what} can't be converted to signed_char", 8)


def unsigned8(value: Any, what: str) -> int:
    """Return `value` as an integer from 0 to 255; OverflowError for others."""
    return whole_number(value, f"{what} can't be converted to unsigned_char", 8, signed=False)


def unsigned16(value: Any, what: str) -> int:
    """Return `value` as an integer from 0 to 65535; OverflowError for others."""
    return whole_number(value, f"{what} can't be converted to unsigned_short", 16, signed=False)


def unsigned(value: Any, what: str) -> int:
    """Return `value` as an unsigned 32-bit integer; OverflowError for what isn't one."""
    return whole_number(value, f"{what} can't be converted to unsigned", 32, signed=False)


def unsigned64(value: Any, what: str) -> int:
    """Return `value` as an unsigned 64-bit integer; OverflowError for what isn't one."""
    return whole_number(value, f"{what} can't be converted to unsigned_long_long", 64, signed=False)


def real(value: Any, what: str, c_type: str = "double") -> float:
    """Return `value` as a double precision number."""
    if type(value) in _REAL_TYPES:
        try:  # `suppress` takes longer than all the rest
            return float(value)
        except OverflowError:  # `_real_of` says what was given
            pass
    return carefully(_real_of, value, what, c_type)


def _real_of(value: Any, what: str, c_type: str) -> float:
    if isinstance(value, float):
        return float(value)
    number: float = lone_number(value, f"{what} can't be converted to {c_type}", float)
    return number


def single(value: Any, what: str) -> float:
    """Return `value` rounded to single precision; infinite where it is too large."""
    return to_single(real(value, what, "float"))


def _reading(parse: Callable[[Any], Any], convert: Any) -> Any:
    """Return a converter that takes the number written in a text, too, and leaves everything else to `convert`."""

    def convert_or_read(value: Any, what: str) -> Any:
        if isinstance(value, (str, bytes)):
            with suppress(ValueError):  # `convert` says what was given
                value = parse(value)
        return convert(value, what)

    return convert_or_read


# For scalars whose intent no source states: f2py takes "12" for them, and old programs pass what they have read.
integer_or_text = _reading(int, integer)
integer64_or_text = _reading(int, integer64)
integer16_or_text = _reading(int, integer16)
integer8_or_text = _reading(int, integer8)
real_or_text = _reading(float, real)
single_or_text = _reading(float, single)


def first_of(value: Any) -> Any:
    """Return the first element of several; of a complex number without an imaginary part its real part.

    Programs pass the whole answer of a query for `lwork`, which complex routines give as complex numbers.
    """
    for _ in range(MOST_LEVELS):
        elements = value.flat if isinstance(value, ndarray) else value
        if not isinstance(value, (list, tuple, ndarray)) or not len(elements):
            break
        value = elements[0]
    return value.real if isinstance(value, (complex, complexfloating)) and not value.imag else value


def integer_or_first(value: Any, what: str) -> int:
    """Return the first of several integers, for optional arguments with a default; else see `integer`."""
    return integer(value if type(value) in _WHOLE else first_of(value), what)


def integer64_or_first(value: Any, what: str) -> int:
    """Return the first of several integers, for optional arguments with a default; else see `integer64`."""
    return integer64(value if type(value) in _WHOLE else first_of(value), what)


def integer16_or_first(value: Any, what: str) -> int:
    """Return the first of several integers, for optional arguments with a default; else see `integer16`."""
    return integer16(value if type(value) in _WHOLE else first_of(value), what)


def integer8_or_first(value: Any, what: str) -> int:
    """Return the first of several integers, for optional arguments with a default; else see `integer8`."""
    return integer8(value if type(value) in _WHOLE else first_of(value), what)


def complex_number(value: Any, what: str, c_type: str = "complex_double") -> complex:
    """Return `value` as a double precision complex number; strings are refused."""
    if type(value) in _COMPLEX_TYPES:
        return complex(value)
    return carefully(_complex_of, value, what, c_type)


def _complex_of(value: Any, what: str, c_type: str) -> complex:
    if isinstance(value, (complex, float, complexfloating)):
        return complex(value)
    message = f"{what} can't be converted to {c_type}"
    number = lone_number(value, message, is_complex=True)
    if isinstance(number, generic):
        return complex(asarray(number).astype(complex)[()])
    if isinstance(number, (int, float, complex)):
        return complex(number)
    raise TypeError(message)


def single_complex(value: Any, what: str) -> complex:
    """Return `value` as a complex number whose parts are rounded to single precision."""
    number = complex_number(value, what, "complex_float")
    return complex(to_single(number.real), to_single(number.imag))


def logical(value: Any, what: str = "") -> int:
    """Return 1 if `value` is true, else 0; TypeError for a list or tuple of several elements."""
    if isinstance(value, (list, tuple)) and len(value) > 1:
        message = f"{what} can't be converted to a logical"
        raise TypeError(_refusal(message, value, "single value"))
    return 1 if carefully(bool, value) else 0


def flag(value: Any) -> int:
    """Return an ``overwrite_`` argument as an int; TypeError for anything but integers."""
    return int(value) if type(value) is bool else carefully(operator.index, value)


def character(value: Any, what: str) -> bytes:
    """Return the first character of `value` as one byte, NUL of an empty string.

    Raises TypeError or IndexError for anything but bytes, str and sequences or arrays of them, and UnicodeEncodeError
    (a ValueError) for a character that isn't ASCII.
    """
    if type(value) is bytes:
        return value[:1] or b"\0"
    if type(value) is str and value.isascii():
        return value[:1].encode() or b"\0"
    try:
        return carefully(_first_character, value)
    except UnicodeEncodeError:
        raise
    except Exception as failure:
        failure.args = (f"{what} can't be converted to character -- {_EXPECTED_CHARACTER}, got {description(value)}",)
        raise


def write_scalar(target: Any, value: Any) -> None:
    """Write an ``intent(inout)`` scalar into the first element of the array it came from.

    A `target` that is no array is left alone, as f2py does. Raises ValueError if the array is read-only.
    """
    if not isinstance(target, ndarray):
        return
    kind = target.dtype
    if kind.kind == "O":
        target.flat[0] = value
        return
    number: Any = asarray(value)
    if number.dtype.kind == "c" and kind.kind != "c":
        number = number.real
    target.flat[0] = number.astype(kind)


def write_character(target: Any, value: Any) -> None:
    """Write an ``intent(inout)`` character into the first byte of the array it came from; None was left out.

    Raises ValueError unless `target` is an array of bytes.
    """
    if target is None:
        return
    if not isinstance(target, ndarray) or (target.dtype.kind not in "SV" and target.dtype.char not in "bB"):
        raise ValueError(
            f"try_pyarr_from_character failed -- expected bytes array-scalar|array, got {description(target)}"
        )
    first = target[(slice(0, 1),) * target.ndim] if target.ndim else target.reshape(1)
    if not target.flags.writeable:
        raise ValueError("output array is read-only")
    element = bytearray(first.tobytes())
    element[:1] = value
    first[...] = asarray(bytes(element)).view(target.dtype) if element.rstrip(b"\0") else b""


def description(value: Any) -> str:
    """Say what `value` is as f2py does: "3-list", "(2,)-i8-numpy.ndarray"."""
    if isinstance(value, ndarray):
        element = f"{value.dtype.kind}{value.itemsize}-numpy.ndarray"
        return f"({', '.join(map(str, value.shape))},)-{element}" if value.ndim else f"{element}-scalar"
    if isinstance(value, (dict, set, frozenset)) or not hasattr(value, "__len__"):
        return f"{type_name(value)} instance"
    return f"{len(value)}-{type_name(value)}"


def lone_number(value: Any, message: str, make: Any = None, is_complex: bool = False) -> Any:
    """Return what `make` (int, float) makes of the only element of an array or sequence, however nested.

    What is neither counts as the element; without `make` it is returned as it is. Raises IndexError with the text
    `message` where there is none; TypeError for several elements, dates, records and, unless `is_complex`, complex
    numbers; ValueError (for complex numbers TypeError, as f2py) for text.

    What an ``intent(inout)`` scalar is mostly given, an array of one number, is read without looking at it in steps.
    """
    value = value.item() if type(value) is ndarray and value.size == 1 and value.dtype.kind in "biuf" else value
    for _ in range(MOST_LEVELS + 1):
        if isinstance(value, (str, bytes, bytearray, datetime64, timedelta64, void)):
            is_value = isinstance(value, (str, bytes, bytearray)) and not is_complex
            raise (ValueError if is_value else TypeError)(_refusal(message, value))
        if not is_complex and isinstance(value, (complex, complexfloating)):
            raise TypeError(_refusal(message, value, "real number"))
        elements = asarray(value).reshape(-1) if isinstance(value, ndarray) else value
        has_elements = not isinstance(value, dict) and hasattr(value, "__getitem__")
        is_single = elements is value and (hasattr(value, "__float__") or not has_elements)
        if not is_single and (not hasattr(elements, "__len__") or len(elements) > 1):
            raise TypeError(_refusal(message, value, "single number"))
        try:
            if is_single:
                return value if make is None else make(value)
            value = elements[0]
        except Exception as failure:
            failure.args = (message,)
            raise
    raise TypeError(_refusal(message, value))  # a list that contains itself


def _refusal(message: str, value: Any, wanted: str = "number") -> str:
    given = " ".join(reprlib.repr(value).split())
    return f"{message} -- expected a {wanted}, got {type(value).__name__} {given}"


def whole_number(value: Any, message: str, bits: int, signed: bool = True) -> int:
    """Return `value` as an integer of so many bits; OverflowError with `message` and its limits beyond it."""
    number: int = carefully(lone_number, value, message, int)
    lowest, beyond = (-(1 << (bits - 1)), 1 << (bits - 1)) if signed else (0, 1 << bits)
    if not lowest <= number < beyond:
        raise OverflowError(f"{message}: {number} is outside the range {lowest} to {beyond - 1}")
    return number


def _is_sequence(value: Any) -> bool:
    return hasattr(value, "__getitem__") and not isinstance(value, (dict, generic))


def _first_character(value: Any) -> bytes:
    _refuse_several(value)
    if isinstance(value, str):
        return value[:1].encode("ascii") or b"\0"
    if isinstance(value, bytes):
        return value[:1] or b"\0"
    if isinstance(value, ndarray) and value.dtype.kind == "U":
        return _first_character(str(value.flat[0]))
    if isinstance(value, ndarray) and (value.dtype.kind == "S" or value.dtype.char == "B"):
        return asarray(value.flat[0]).tobytes()[:1] or b"\0"
    if isinstance(value, (bytearray, memoryview, ndarray)) or not _is_sequence(value):
        raise TypeError
    return _first_character(value[0])


def _refuse_several(value: Any) -> None:
    """Raise TypeError for several strings; an array of single bytes, which is one, has a first character."""
    several = isinstance(value, (list, tuple)) and len(value) > 1
    if isinstance(value, ndarray) and value.size > 1:
        several = value.dtype.kind in "UOT" or value.itemsize > 1
    if several:
        raise TypeError
