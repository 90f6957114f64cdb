"""Scalar arguments: any object that a caller gives becomes the int, float, complex or byte that Fortran expects.

These conversions run only when the argument isn't an exact ``int`` or ``float`` already. `what` names the argument in
messages, for instance "blas.ddot() 3rd keyword (incx)". A failed conversion keeps the class of the exception that
Python raised (TypeError, ValueError, IndexError, OverflowError, ...) and says "<what> can't be converted to <C type>".
"""

from __future__ import annotations

import operator
import struct
from typing import Any, Callable

from numpy import asarray, complexfloating, generic, ndarray

from f2pypy.runtime.arrays import type_name
from f2pypy.runtime.interference import carefully, converts

_C_INT = 1 << 31
_C_LONG = 1 << 63
_EXPECTED_CHARACTER = "expected str|bytes|sequence-of-str-or-bytes"


@converts
def integer(value: Any, what: str) -> int:
    """Return `value` as a 32-bit integer; OverflowError beyond it."""
    if type(value) is int and -_C_INT <= value < _C_INT:
        return value
    return _to_int(value, f"{what} can't be converted to int", _bounded_int)


@converts
def integer64(value: Any, what: str, c_type: str = "long_long") -> int:
    """Return `value` as a 64-bit integer; OverflowError beyond it."""
    if type(value) is int and -_C_LONG <= value < _C_LONG:
        return value
    return _to_int(value, f"{what} can't be converted to {c_type}", _bounded_long)


@converts
def integer16(value: Any, what: str) -> int:
    """Return `value` as a 16-bit integer, cut from a 32-bit one as C does: 70000 is 4464."""
    return wrapped(
        _to_int(value, f"{what} can't be converted to short", _bounded_int), 16
    )


@converts
def integer8(value: Any, what: str) -> int:
    """Return `value` as an 8-bit integer, cut from a 32-bit one as C does: 300 is 44."""
    return wrapped(
        _to_int(value, f"{what} can't be converted to signed_char", _bounded_int), 8
    )


@converts
def unsigned8(value: Any, what: str) -> int:
    """Return `value` as an integer from 0 to 255; OverflowError for others."""
    return _to_unsigned(value, f"{what} can't be converted to unsigned_char", 8)


@converts
def unsigned16(value: Any, what: str) -> int:
    """Return `value` as an integer from 0 to 65535; OverflowError for others."""
    return _to_unsigned(value, f"{what} can't be converted to unsigned_short", 16)


@converts
def unsigned(value: Any, what: str) -> int:
    """Return `value` as an unsigned 32-bit integer; OverflowError for what isn't one."""
    return _to_unsigned(value, f"{what} can't be converted to unsigned", 32)


@converts
def unsigned64(value: Any, what: str) -> int:
    """Return `value` as an unsigned 64-bit integer; OverflowError for what isn't one."""
    return _to_unsigned(value, f"{what} can't be converted to unsigned_long_long", 64)


@converts
def real(value: Any, what: str, c_type: str = "double") -> float:
    """Return `value` as a double precision number."""
    return carefully(_real_of, value, what, c_type)


@converts
def _real_of(value: Any, what: str, c_type: str) -> float:
    if isinstance(value, float):
        return float(value)
    message = f"{what} can't be converted to {c_type}"
    try:
        return float(value)
    except Exception as failure:
        part = first_part(value, message, failure)
    return real(part, what, c_type)


@converts
def single(value: Any, what: str) -> float:
    """Return `value` rounded to single precision; infinite where it is too large."""
    return to_single(real(value, what, "float"))


@converts
def complex_number(value: Any, what: str, c_type: str = "complex_double") -> complex:
    """Return `value` as a double precision complex number; strings are refused."""
    return carefully(_complex_of, value, what, c_type)


@converts
def _complex_of(value: Any, what: str, c_type: str) -> complex:
    if isinstance(value, (complex, float, complexfloating)):
        return complex(value)
    message = f"{what} can't be converted to {c_type}"
    if isinstance(value, generic) or (isinstance(value, ndarray) and value.ndim == 0):
        return complex(asarray(value).astype(complex)[()])
    if isinstance(value, int):
        return complex(value)
    if isinstance(value, (bytes, str)):
        raise TypeError(message)
    part = first_part(value, message, TypeError())
    try:
        return complex_number(part, what, c_type)
    except Exception as failure:
        raise _reworded(failure, message) from None


@converts
def single_complex(value: Any, what: str) -> complex:
    """Return `value` as a complex number whose parts are rounded to single precision."""
    number = complex_number(value, what, "complex_float")
    return complex(to_single(number.real), to_single(number.imag))


@converts
def logical(value: Any, what: str = "") -> int:  # noqa: ARG001
    """Return 1 if `value` is true, else 0."""
    return 1 if carefully(bool, value) else 0


@converts
def flag(value: Any) -> int:
    """Return an ``overwrite_`` argument as an int; TypeError for anything but integers."""
    return carefully(operator.index, value)


@converts
def character(value: Any, what: str) -> bytes:
    """Return the first character of `value` as one byte, NUL of an empty string.

    Raises TypeError or IndexError for anything but bytes, str and sequences or arrays of them, and UnicodeEncodeError
    (a ValueError) for a character that isn't ASCII.
    """
    try:
        return carefully(_first_character, value)
    except UnicodeEncodeError:
        raise
    except Exception as failure:
        message = f"{what} can't be converted to character -- {_EXPECTED_CHARACTER}, got {description(value)}"
        raise _reworded(failure, message) from None


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
    number = asarray(value)
    if number.dtype.kind == "c" and kind.kind != "c":
        number = number.real
    target.flat[0] = number.astype(kind)


def write_character(target: Any, value: bytes) -> None:
    """Write an ``intent(inout)`` character into the first byte of the array it came from.

    Raises ValueError unless `target` is an array of bytes.
    """
    if not isinstance(target, ndarray) or (
        target.dtype.kind not in "SV" and target.dtype.char not in "bB"
    ):
        raise ValueError(
            f"try_pyarr_from_character failed -- expected bytes array-scalar|array, got {description(target)}"
        )
    first = target[(slice(0, 1),) * target.ndim] if target.ndim else target.reshape(1)
    if not target.flags.writeable:
        raise ValueError("output array is read-only")
    element = bytearray(first.tobytes())
    element[:1] = value
    first[...] = (
        asarray(bytes(element)).view(target.dtype) if element.rstrip(b"\0") else b""
    )


def to_single(value: float) -> float:
    """Return `value` rounded to an IEEE single precision number; infinite where it is too large."""
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return rounded


def description(value: Any) -> str:
    """Say what `value` is as f2py does: "3-list", "(2,)-i8-numpy.ndarray"."""
    if isinstance(value, ndarray):
        element = f"{value.dtype.kind}{value.itemsize}-numpy.ndarray"
        shape = (
            "("
            + "".join(f"{extent}," for extent in value.shape).replace(
                ",", ", ", value.ndim - 1
            )
            + ")-"
        )
        return shape + element if value.ndim else f"{element}-scalar"
    if isinstance(value, (dict, set, frozenset)) or not hasattr(value, "__len__"):
        return f"{type_name(value)} instance"
    return f"{len(value)}-{type_name(value)}"


def wrapped(value: int, bits: int) -> int:
    """Return `value` as a signed integer of so many bits, the upper ones cut off."""
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half


def first_part(value: Any, message: str, failure: Exception) -> Any:
    """Return what counts of a `value` that is no number: its real or first part.

    Where there is none, `failure` is raised anew with the text `message`.
    """
    if isinstance(value, complex):
        return value.real
    if isinstance(value, (bytes, str)) or not _is_sequence(value):
        raise _reworded(failure, message) from None
    try:
        return value[0]
    except Exception as missing:
        raise _reworded(missing, message) from None


@converts
def _to_int(value: Any, message: str, bounded: Callable[[int], int]) -> int:
    return carefully(_int_of, value, message, bounded)


@converts
def _int_of(value: Any, message: str, bounded: Callable[[int], int]) -> int:
    if isinstance(value, int):
        return bounded(int(value))
    try:
        number = int(value)
    except Exception as failure:
        part = first_part(value, message, failure)
    else:
        return bounded(number)
    try:
        return _to_int(part, message, bounded)
    except Exception as failure:
        raise _reworded(failure, message) from None


@converts
def _to_unsigned(value: Any, message: str, bits: int) -> int:
    def bounded(number: int) -> int:
        if not 0 <= number < 1 << bits:
            raise OverflowError(
                f"{message}: {number} isn't from 0 to {(1 << bits) - 1}"
            )
        return number

    return _to_int(value, message, bounded)


def _bounded_int(value: int) -> int:
    if not -_C_INT <= value < _C_INT:
        raise OverflowError("Python int too large to convert to C int")
    return value


def _bounded_long(value: int) -> int:
    if not -_C_LONG <= value < _C_LONG:
        raise OverflowError("int too big to convert")
    return value


def _is_sequence(value: Any) -> bool:
    return hasattr(value, "__getitem__") and not isinstance(value, (dict, generic))


def _reworded(failure: Exception, message: str) -> Exception:
    try:
        return type(failure)(message)
    except (
        TypeError
    ):  # an exception with a constructor of its own, such as UnicodeError
        return (
            ValueError(message)
            if isinstance(failure, ValueError)
            else TypeError(message)
        )


def _first_character(value: Any) -> bytes:
    if isinstance(value, str):
        return value[:1].encode("ascii") or b"\0"
    if isinstance(value, bytes):
        return value[:1] or b"\0"
    if isinstance(value, ndarray) and value.dtype.kind == "U":
        return _first_character(str(value.flat[0]))
    if isinstance(value, ndarray) and (
        value.dtype.kind == "S" or value.dtype.char == "B"
    ):
        return asarray(value.flat[0]).tobytes()[:1] or b"\0"
    if isinstance(value, (bytearray, memoryview, ndarray)) or not _is_sequence(value):
        raise TypeError
    return _first_character(value[0])
