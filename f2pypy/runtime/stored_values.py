"""Assigning to Fortran's memory: what Python gives becomes the bytes of a number, an array or text."""

from __future__ import annotations

import struct
from typing import Any, Callable, NoReturn, Sequence

from numpy import asarray, dtype, full, ndarray, ndim

from f2pypy.runtime.arrays import IN, array
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy import CFFI, FFI
from f2pypy.runtime.pypy_arrays import cffi_address
from f2pypy.runtime.scalars import lone_number, whole_number
from f2pypy.runtime.texts import encoded, padded
from f2pypy.runtime.turns import Turns

# By NumPy's kind and bytes: the struct module's code, and the types whose values it stores as NumPy would.
_NUMBERS: dict[str, tuple[str, tuple[type, ...]]] = {
    "i1": ("b", (int, bool)),
    "i2": ("h", (int, bool)),
    "i4": ("i", (int, bool)),
    "i8": ("q", (int, bool)),
    "u1": ("B", (int, bool)),
    "u2": ("H", (int, bool)),
    "u4": ("I", (int, bool)),
    "u8": ("Q", (int, bool)),
    "f8": ("d", (float, int)),
}
# By NumPy's letter of a kind: the kinds whose arrays are stored without a question.
_STORED_AT_ONCE = {"i": "biu", "u": "biu", "f": "biuf", "c": "biufc"}


def value_writer(
    memory: ndarray[Any, Any], kind: dtype[Any], extents: Sequence[int], turns: Turns, label: str, name: str
) -> Callable[[Any], None]:
    """Return the function that stores a value in `memory`, which holds `extents` elements of type `kind`.

    Scalars fill arrays; strings are cut or padded with blanks. `label` ("module.block") and `name` are for messages.
    What is given raises ValueError, TypeError or OverflowError where Fortran can't hold it.
    """
    store = turns.calling(memory.__setitem__)

    def convert_and_store(value: Any) -> None:
        store(..., stored_value(value, kind, extents, label, name))

    if kind.kind == "S":
        # short elements of arrays want blanks, of whatever type object they are
        return convert_and_store if extents else _text_writer(memory, turns, convert_and_store)
    if extents:
        return _array_writer(memory, kind, turns, convert_and_store)
    if kind.str[1:] in _NUMBERS:
        return _number_writer(memory, turns, convert_and_store)
    if kind.str[1:] == "c16":
        return _complex_writer(memory, turns, convert_and_store)
    return convert_and_store


def _number_writer(memory: ndarray[Any, Any], turns: Turns, otherwise: Callable[[Any], None]) -> Callable[[Any], None]:
    code, exact = _NUMBERS[memory.dtype.str[1:]]
    # What is out of range changes nothing; struct's pack_into would leave zeros.
    place = _bytes_of_scalar(memory).cast(code)
    store, is_alone = turns.calling(place.__setitem__), not turns.needed

    def write(value: Any) -> None:
        if type(value) in exact:
            try:
                if is_alone:
                    place[0] = value
                else:
                    store(0, value)
                return
            except (ValueError, OverflowError, TypeError):  # the last on PyPy
                pass
        otherwise(value)

    return write


def _complex_writer(memory: ndarray[Any, Any], turns: Turns, otherwise: Callable[[Any], None]) -> Callable[[Any], None]:
    pack, place = turns.calling(struct.Struct("dd").pack_into), _bytes_of_scalar(memory)

    def write(value: Any) -> None:
        if type(value) is complex:
            pack(place, 0, value.real, value.imag)
        else:
            otherwise(value)

    return write


def _bytes_of_scalar(memory: ndarray[Any, Any]) -> Any:
    return memory.reshape(1).view("u1").data


def _array_writer(
    memory: ndarray[Any, Any], kind: dtype[Any], turns: Turns, otherwise: Callable[[Any], None]
) -> Callable[[Any], None]:
    at_once, extents = _STORED_AT_ONCE.get(kind.kind, ""), memory.shape
    store, is_alone = turns.calling(memory.__setitem__), not turns.needed
    takes_lists = PYPY and len(extents) == 1 and kind.str[1:] == "f8"
    store_list = cffi_list_writer(memory, turns.calling(FFI.memmove)) if takes_lists else _stores_nothing

    def write(value: Any) -> None:
        if type(value) is ndarray and value.dtype is kind and value.shape == extents:
            if is_alone:
                memory[...] = value
            else:
                store(..., value)
            return
        if takes_lists and type(value) is list and store_list(value):
            return
        given = _listed(value) if type(value) is list else value
        if type(given) is ndarray and given.dtype.kind in at_once and given.shape == extents:
            store(..., given)
        else:
            otherwise(value)

    return write


def _stores_nothing(_: list[Any]) -> bool:
    return False


def _listed(value: list[Any]) -> Any:
    """Return a list as NumPy reads it, None where it is no array."""
    try:
        return asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None


def _text_writer(memory: ndarray[Any, Any], turns: Turns, otherwise: Callable[[Any], None]) -> Callable[[Any], None]:
    length = memory.itemsize
    pack, place = turns.calling(struct.Struct(f"{length}s").pack_into), _bytes_of_scalar(memory)

    def write(value: Any) -> None:
        text = value.encode("ascii") if type(value) is str else value
        if type(text) is bytes:
            # NumPy's strings end before the last NULs.
            pack(place, 0, text[:length].rstrip(b"\0").ljust(length))
        else:
            otherwise(value)

    return write


def stored_value(value: Any, kind: dtype[Any], extents: Sequence[int], label: str, name: str) -> ndarray[Any, Any]:
    """Return `value` as an array of type `kind` and `extents`, a scalar as every element of it; see `value_writer`."""
    if extents and fills(value, kind):
        filled = stored_value(value, kind, (), label, name)
        return full(tuple(extents), filled[()], kind)
    if kind.kind == "S":
        value = padded(encoded(value), kind)
    memory = array(value, kind, extents, IN, label, f"value of {name}")
    if not extents and kind.kind != "S":
        _refuse_number(value, kind, f"value of {label}.{name}")
    return memory


def fills(value: Any, kind: dtype[Any]) -> bool:
    """Whether every element gets the value: a scalar, but no string for an array of single characters."""
    if value is None or ndim(value):
        return False
    return kind != dtype("S1") or encoded(value).itemsize == 1


def refusing(message: str) -> Callable[[Any], NoReturn]:
    """Return the function that raises AttributeError in place of storing a value."""

    def refuse(_value: Any) -> NoReturn:
        raise AttributeError(message)

    return refuse


def _refuse_number(value: Any, kind: dtype[Any], what: str) -> None:
    """Raise TypeError, ValueError or OverflowError for what NumPy makes a number of, and a scalar of `kind` isn't."""
    message = f"{what} can't be converted to {kind.name}"
    number = lone_number(value, message, is_complex=kind.kind == "c")
    if number is None:
        raise TypeError(f"{message} -- expected a number, got None")
    if kind.kind in "iu":
        whole_number(number, message, 8 * kind.itemsize, signed=kind.kind == "i")


def cffi_list_writer(memory: ndarray[Any, Any], copy: Callable[..., Any]) -> Callable[[list[Any]], bool]:
    """Return what stores a list of Python's own numbers in an array of doubles, and says whether it has done so.

    NumPy takes PyPy twenty times as long to read such a list. `copy` is cffi's memmove.
    """
    location, size, doubles = cffi_address(memory), memory.nbytes, FFI.typeof("double[]")

    def write(numbers: list[Any]) -> bool:
        for number in numbers:
            if type(number) is not float and type(number) is not int:
                return False
        try:
            found = CFFI.newp(doubles, numbers)
        except OverflowError:
            return False
        if len(found) * 8 != size:
            return False
        copy(location, found, size)
        return True

    return write
