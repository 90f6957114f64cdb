"""Array arguments: what a caller gives becomes memory that Fortran may read and write.

The rules are f2py's: an array is passed as it is when its type, order, alignment and extents fit, and copied otherwise;
``intent(inout)`` never copies; an extent of -1 is open and takes what the argument has. What Fortran changes is never
read-only memory: that may be shared, or end the process.
"""

from __future__ import annotations

from typing import Any, Sequence

from numpy import array as new_array
from numpy import asarray, bytes_, dtype, empty, ndarray, zeros

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.extents import resolve_extents
from f2pypy.runtime.interference import MOST_LOOKED_AT, PLAIN, carefully
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.pypy_arrays import PassedArray, cffi_allocated, layout_of_passed, passed_array, passed_matrix
from f2pypy.runtime.vectors import made_of, refuse_texts, stated

IN, INOUT, OUT, HIDE, CACHE, COPY, C, OPTIONAL, INPLACE = (1 << bit for bit in range(9))
ALIGNED4, ALIGNED8, ALIGNED16 = 512, 1024, 2048
TRUTH = 4096  # logicals of one byte, which NumPy's bool is
_WRITTEN = OUT | INOUT | INPLACE
_SPECIAL = C | CACHE | HIDE | ALIGNED4 | ALIGNED8 | ALIGNED16
UNUSUAL = _SPECIAL | INOUT | INPLACE | TRUTH

# What is done otherwise with arrays of strings, by NumPy's letter for them: nothing where a module has none.
TEXT_RULES: dict[str, Any] = {}
_C_INT_LIMIT = 1 << 31
_KIND_CLASS = {"i": "integer", "u": "integer", "f": "real", "c": "complex", "b": "logical"}


class Substitute(ndarray):
    """An array passed to Fortran in place of the one the caller knows: a view of another rank, or a copy.

    ``original`` is the caller's (or the returned) array; ``copied`` says that it must be written back after the call.
    """

    original: ndarray[Any, Any]
    copied: bool


def matrix(value: Any, kind: dtype[Any], routine: str, argument: str) -> ndarray[Any, Any]:
    """Return an ``intent(in)`` array of rank 2: `value` itself if Fortran can read it."""
    if type(value) is ndarray and value.dtype is kind:
        if PYPY:
            passed: ndarray[Any, Any] | None = passed_matrix(value)
            if passed is not None:
                return passed
        elif value.ndim == 2:
            flags = value.flags
            return value if flags.f_contiguous and flags.aligned else value.copy("F")
    return array(value, kind, (-1, -1), IN, routine, argument)


def array(
    value: Any, kind: dtype[Any], extents: Sequence[int], intent: int, routine: str, argument: str
) -> ndarray[Any, Any]:
    """Return the array of ``len(extents)`` axes that is passed to Fortran for `value`.

    `kind` is the NumPy type, an ``S`` of no length where the caller's strings decide; `as_text` converts text;
    `extents` has -1 for what the argument decides; `intent` is a sum of this file's
    flags; `routine` ("blas.ddot") and `argument` ("1st argument `x`") go into messages.
    A result that stands in for another object is a `Substitute`: `unfold` gives the
    object back, `write_back` fills it.

    Raises ValueError, TypeError or SystemError with f2py's texts, and what NumPy raises
    for values that it can't convert.
    """
    if type(value) is ndarray and value.dtype is kind and not intent & _SPECIAL and kind.type is not bytes_:
        # What most callers give; the rules below come to the same result more slowly. Strings may be short.
        passed = (_quickly_on_pypy if PYPY else _quickly)(value, extents, intent)
        if passed is not None:
            return passed
    elif not intent & UNUSUAL and kind.kind in "iufc":
        made = made_quickly(value, kind)
        if made is not None and extents == (-1,) * made.ndim:
            return made
        value = value if made is None else made
    prefix = stated(routine, argument)
    if intent & TRUTH and isinstance(value, ndarray) and value.dtype.kind == "b":
        seen = value.view(kind)
        passed = array(seen, kind, extents, intent & ~TRUTH, routine, argument)
        return lent_bools(seen, passed, value)
    absent = intent & HIDE or (value is None and intent & (CACHE | OPTIONAL))
    text = TEXT_RULES.get(kind.char)
    if text is not None and not (absent and kind.itemsize):
        value, kind = carefully(text.convert, value, kind, intent, prefix)
    if absent:
        return allocate(extents, kind, "C" if intent & C else "F", not intent & CACHE)
    wanted = list(extents)
    if isinstance(value, ndarray):
        if intent & CACHE:
            _check_cache(value, kind)
        elif not intent & INOUT:
            refuse_texts(value, kind, prefix)
        resolve_extents(value, wanted, prefix)
        if intent & CACHE or _is_suitable(value, kind, intent):
            return _lent(value, kind, wanted, intent)
        return carefully(_copied, value, kind, wanted, intent)
    converted = carefully(_array_of, value, kind, intent)
    resolve_extents(converted, wanted, prefix)
    return _folded(converted, wanted, intent)


def allocate(extents: Sequence[int], kind: dtype[Any], order: Any = "F", zeroed: bool = True) -> ndarray[Any, Any]:
    """Return memory for a hidden, absent or output array; ValueError while an extent is still open (negative)."""
    try:
        if PYPY:
            made: ndarray[Any, Any] = cffi_allocated(extents, kind, order, zeroed)
            return made
        return (zeros if zeroed else empty)(extents, kind, order)
    except (ValueError, MemoryError):
        if max(extents) >= _C_INT_LIMIT:
            raise OverflowError("Python int too large to convert to C int") from None
        if min(extents) >= 0:
            raise
    raise ValueError(
        "failed to create intent(cache|hide)|optional array-- must have defined dimensions but got "
        f"({''.join(f'{extent},' for extent in extents)})"
    )


def unfold(passed: Any) -> ndarray[Any, Any]:
    """Return the array that `passed` stands for, else `passed` itself."""
    kind: Any = type(passed)
    value: ndarray[Any, Any] = passed.original if kind is Substitute or kind is PassedArray else passed
    return value


def write_back(passed: Any) -> None:
    """Copy a copy that stands in for the caller's array back into that, after the call."""
    if type(passed) is Substitute and passed.copied:
        order: Any = "F" if passed.flags.f_contiguous else "C"
        values = passed.reshape(passed.original.shape, order=order)
        text = TEXT_RULES.get(values.dtype.char)
        if text is not None:
            text.give_back(asarray(values), passed.original)
        else:
            passed.original[...] = values


def _lent(value: ndarray[Any, Any], kind: dtype[Any], extents: list[int], intent: int) -> ndarray[Any, Any]:
    """Return the caller's array for Fortran; strings that Fortran changes in place get their blanks."""
    written = intent & (INOUT | INPLACE) and not intent & CACHE
    text = TEXT_RULES.get(kind.char)
    if written and text is not None and text.is_short(value):
        lent: ndarray[Any, Any] = text.lend(value, extents, intent)
        return lent
    return _folded(value, extents, intent)


def lent_bools(seen: ndarray[Any, Any], passed: ndarray[Any, Any], value: ndarray[Any, Any]) -> ndarray[Any, Any]:
    """Return `passed`, which stands for the bools of `value` where it is the view of them that was `seen`."""
    if unfold(passed) is not seen:
        return passed
    view = asarray(passed if type(passed) is Substitute else seen).view(Substitute)
    view.original = value
    view.copied = False
    return view


def _quickly(value: ndarray[Any, Any], extents: Sequence[int], intent: int) -> ndarray[Any, Any] | None:
    """Return `value` or its copy where this is all that `array` would do, else None."""
    if extents != (-1,) * value.ndim and not has_extents(value.shape, extents):
        return None
    flags = value.flags
    if flags.f_contiguous and not intent & COPY:
        # What `numpy.broadcast_arrays` returns warns whoever asks whether it is writeable.
        return value if (flags.behaved if intent & _WRITTEN else flags.aligned) else None
    return None if intent & (INOUT | INPLACE) else value.copy("F")


def _quickly_on_pypy(value: ndarray[Any, Any], extents: Sequence[int], intent: int) -> ndarray[Any, Any] | None:
    """Do the same; a copy isn't asked for anything that the argument was asked for."""
    if intent & COPY and not intent & INOUT:
        copy: ndarray[Any, Any] = passed_array(value.copy("F"))
        if has_extents(copy.shape, extents):
            return copy
    passed, shape, contiguous, behaved = layout_of_passed(value, intent & _WRITTEN)
    if not has_extents(shape, extents):
        return None
    if contiguous and not intent & COPY:
        return passed if behaved else None
    return None if intent & (INOUT | INPLACE) else passed_array(value.copy("F"))


def made_quickly(value: Any, kind: dtype[Any]) -> ndarray[Any, Any] | None:
    """Return numbers of another type or a sequence as an array of type `kind`, None for anything else."""
    if type(value) is ndarray:
        found = value.dtype
        found_class = _KIND_CLASS.get(found.kind)
        is_other = found_class is not None and (
            found.itemsize != kind.itemsize or found_class != _KIND_CLASS.get(kind.kind)
        )
        return value.astype(kind, "F") if is_other else None
    if type(value) not in (list, tuple):
        return None
    if len(value) <= MOST_LOOKED_AT and PLAIN.issuperset(map(type, value)):
        return asarray(value, kind)
    return carefully(made_of, value, kind, "F")


def has_extents(shape: tuple[int, ...], extents: Sequence[int]) -> bool:
    """Whether an array of this shape needs no other for these extents, -1 where they are open."""
    if len(shape) != len(extents):
        return False
    if 1 <= len(shape) <= 2:  # a loop takes longer
        return _is_extent(shape[0], extents[0]) and _is_extent(shape[-1], extents[-1])
    return all(map(_is_extent, shape, extents))


def _is_extent(extent: int, wanted: int) -> bool:
    # An extent of zero isn't what it seems where it isn't open.
    return wanted < 0 or wanted == extent > 0


def _folded(value: ndarray[Any, Any], extents: list[int], intent: int) -> ndarray[Any, Any]:
    if value.shape == tuple(extents):
        return value
    return substitute(value, value, extents, intent, copied=False)


def substitute(
    memory: ndarray[Any, Any], original: ndarray[Any, Any], extents: list[int], intent: int, copied: bool
) -> Substitute:
    """Return the memory with these extents, as an array that stands in for `original`."""
    order: Any = "F" if memory.flags.f_contiguous and not (intent & C and memory.flags.c_contiguous) else "C"
    view = memory.reshape(extents, order=order).view(Substitute)
    view.original = original
    view.copied = copied
    return view


def _array_of(value: Any, kind: dtype[Any], intent: int) -> ndarray[Any, Any]:
    """Return an array of what is none, where Fortran changes nothing that the caller has."""
    if intent & (INOUT | INPLACE | CACHE):
        raise TypeError(
            f"failed to initialize intent(inout|inplace|cache) array, input '{type_name(value)}' object is not an array"
        )
    return made_of(value, kind, "C" if intent & C else "F")


def _copied(value: ndarray[Any, Any], kind: dtype[Any], extents: list[int], intent: int) -> ndarray[Any, Any]:
    if intent & INOUT:
        raise ValueError("failed to initialize intent(inout) array" + _why_unsuitable(value, kind, intent))
    if intent & INPLACE:
        _check_inplace(value, kind)
    text = TEXT_RULES.get(kind.char)
    order = "C" if intent & C else "F"
    copy = copy_of(value, kind, order) if text is None else text.copy(value, kind, order)
    if intent & INPLACE:
        return substitute(copy, value, extents, intent, copied=True)
    return _folded(copy, extents, intent)


def _is_suitable(value: ndarray[Any, Any], kind: dtype[Any], intent: int) -> bool:
    return (
        not intent & COPY
        and is_of_kind(value.dtype, kind)
        and _is_aligned(value, intent)
        and is_behaved(value, "C" if intent & C else "F", bool(intent & _WRITTEN))
    )


def _alignment(intent: int) -> int:
    return 4 if intent & ALIGNED4 else 8 if intent & ALIGNED8 else 16 if intent & ALIGNED16 else 1


def _is_aligned(value: ndarray[Any, Any], intent: int) -> bool:
    alignment = _alignment(intent)
    return alignment == 1 or bool(value.__array_interface__["data"][0] % alignment == 0)


def copy_of(value: ndarray[Any, Any], kind: dtype[Any], order: Any) -> ndarray[Any, Any]:
    """Return a copy of an array, of another type."""
    return new_array(value, dtype=kind, order=order, copy=True, subok=False)


def is_behaved(value: ndarray[Any, Any], order: str, written: bool) -> bool:
    """Whether compilers' code can use the memory of an array as it lies, to write to it if `written`."""
    flags = value.flags
    contiguous = flags.f_contiguous if order == "F" else flags.c_contiguous
    return bool(contiguous and flags.aligned and value.dtype.isnative and (not written or flags.writeable))


def is_of_kind(found: dtype[Any], kind: dtype[Any]) -> bool:
    """Whether elements of type `found` can be taken for `kind` as they are."""
    return found.itemsize == kind.itemsize and same_class(found, kind)


def same_class(one: dtype[Any], other: dtype[Any]) -> bool:
    """Whether Fortran has one word for both types, whatever their kinds."""
    return _KIND_CLASS.get(one.kind, one.kind) == _KIND_CLASS.get(other.kind, other.kind)


def _why_unsuitable(value: ndarray[Any, Any], kind: dtype[Any], intent: int) -> str:
    reasons = ""
    if not is_behaved(value, "C" if intent & C else "F", written=True):
        reasons += " -- input not contiguous" if intent & C else " -- input not fortran contiguous"
    if value.itemsize != kind.itemsize:
        reasons += f" -- expected elsize={kind.itemsize} but got {value.itemsize}"
    if not same_class(value.dtype, kind):
        reasons += f" -- input '{value.dtype.char}' not compatible to '{kind.char}'"
    if intent & COPY:
        reasons += " -- a copy of it is requested"
    if not _is_aligned(value, intent):
        reasons += f" -- input not {_alignment(intent)}-aligned"
    return reasons


def _check_cache(value: ndarray[Any, Any], kind: dtype[Any]) -> None:
    one_segment = value.ndim == 0 or value.flags.c_contiguous or value.flags.f_contiguous
    writeable = value.flags.writeable
    if one_segment and writeable and value.itemsize >= kind.itemsize:
        return
    message = "failed to initialize intent(cache) array"
    if not one_segment:
        message += " -- input must be in one segment"
    if not writeable:
        message += " -- input is read-only"
    if value.itemsize < kind.itemsize:
        message += f" -- expected at least elsize={kind.itemsize} but got {value.itemsize}"
    raise ValueError(message)


def _check_inplace(value: ndarray[Any, Any], kind: dtype[Any]) -> None:
    kinds = {value.dtype.kind, kind.kind}
    same = same_class(value.dtype, kind) and kinds != {"i", "u"}
    if not same and kinds != {"S", "U"}:
        raise ValueError(
            f"failed to initialize intent(inplace) array -- input '{value.dtype.char}' not compatible to '{kind.char}'"
        )
    if not value.flags.writeable:
        raise ValueError("WRITEBACKIFCOPY base is read-only")
