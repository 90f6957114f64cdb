"""Arrays on PyPy: what Fortran is passed of them, read from NumPy's array objects as they lie in memory."""

from __future__ import annotations

import struct
from typing import Any, Callable, Sequence

from numpy import dtype, empty, ndarray, zeros

from f2pypy.runtime.interference import ARRAY_TYPES
from f2pypy.runtime.interpreter import PYPY, compiled
from f2pypy.runtime.pypy import CFFI, CHARACTER_POINTER, FFI, VOID_POINTER, WORDS

_C_CONTIGUOUS, _F_CONTIGUOUS, _ALIGNED, _WRITEABLE = 0x1, 0x2, 0x100, 0x400  # bits of NumPy's array flags
# Fields of PyArrayObject_fields in ndarraytypes.h, in words: PyPy has three before them. The rank and flags are ints.
_CLASS, _DATA, _RANK, _EXTENTS, _STRIDES, _BASE, _TYPE, _FLAGS = 2, 3, 4, 5, 6, 7, 8, 9
_INT = 0xFFFF_FFFF
_LAYOUT_OF_A_VECTOR = 6  # how many numbers describe it
_MOST_MODELS, _MOST_BYTES_OF_A_MODEL = 256, 1024
_STRING_LENGTHS: dict[int, tuple[Any, int]] = {}  # by addresses of types: the types, how long their strings are
_MODELS: dict[Sequence[int], Any] = {}  # by extents: type, order, zeros, shape and flags of the array made last
_MOST_KEPT_BYTES, _MOST_KEPT_AXES = 4096, 3
_HOLDERS: list[tuple[Any, Any]] = []  # arrays of one object, each with the place of its address
_SEEN: list[tuple[Any, Any]] = [(None, None)] * 4  # small arrays that were read last, with their words
_GIVEN: list[tuple[Any, Any]] = [(None, None)]  # the array that a callback got last, with its words: it may return it
MOST_BYTES_READ = 4096  # of an array of strings, to look for NULs at once


def _asked(value: ndarray[Any, Any]) -> Any:
    """Return the fields of an array that `header` gives, as NumPy tells them: slowly."""
    extents, location = FFI.new("intptr_t[]", value.shape), value.__array_interface__["data"][0]
    return {_DATA: location, _RANK: value.ndim, _EXTENTS: extents, _FLAGS: value.flags.num}


def _read(value: ndarray[Any, Any]) -> Any:
    """Return the words of NumPy's array object: its `_DATA`, `_RANK`, `_EXTENTS` and `_FLAGS`.

    Every question to NumPy is slow on PyPy, because it goes through an emulation of CPython's C interface. But an array
    of objects holds the addresses of its elements' C structures: PyPy compiles storing the array in one, and reading
    fields there, to a few loads. Such holders come from a pool, as other threads may read, too; each keeps a small
    array until its next use. What programs pass again and again, and what one call asks for several times, is found
    among the last small arrays.
    """
    one, two, three, four = _SEEN
    seen = one if one[0] is value else two if two[0] is value else three if three[0] is value else four
    if seen[0] is value:
        return seen[1]
    try:
        holder, cell = _HOLDERS.pop()
    except IndexError:
        holder = empty(1, object)
        cell = CFFI.cast(WORDS, holder.__array_interface__["data"][0])
    holder[0] = value
    words = CFFI.cast(WORDS, cell[0])
    base = CFFI.cast(WORDS, words[_BASE] or cell[0])
    base = base if base[_CLASS] == words[_CLASS] else words
    extents, strides, rank = CFFI.cast(WORDS, base[_EXTENTS]), CFFI.cast(WORDS, base[_STRIDES]), base[_RANK] & _INT
    size = max(extents[0] * strides[0], extents[rank - 1] * strides[rank - 1]) if rank else 0  # of the outer axis
    if base[_BASE] or size >= _MOST_KEPT_BYTES or rank > _MOST_KEPT_AXES:
        holder[0] = None
    else:
        _SEEN[:] = (value, words), one, two, three
    _HOLDERS.append((holder, cell))
    return words


def _location_of_new(value: ndarray[Any, Any]) -> int:
    """Return where the elements of a small new array lie; results displace one array of those that were read last."""
    try:
        holder, cell = _HOLDERS.pop()
    except IndexError:
        return cffi_location(value)
    holder[0] = value
    words = CFFI.cast(WORDS, cell[0])
    _HOLDERS.append((holder, cell))
    _SEEN[3] = value, words
    return int(words[_DATA])


def _shape_in(words: Any) -> tuple[int, ...]:
    """Return the extents of an array object."""
    extents, rank = CFFI.cast(WORDS, words[_EXTENTS]), words[_RANK] & _INT
    if rank <= 2:
        return (extents[0], extents[1]) if rank == 2 else (extents[0],) if rank else ()
    return tuple([extents[axis] for axis in range(rank)])


def _reads_right(probe: ndarray[Any, Any]) -> bool:
    """Whether `_read` finds what NumPy tells."""
    both = (_read(probe), _asked(probe))
    return len({(w[_DATA], w[_RANK] & _INT, w[_FLAGS] & _INT, CFFI.cast(WORDS, w[_EXTENTS])[1]) for w in both}) == 1


header: Callable[[ndarray[Any, Any]], Any] = _read if PYPY and _reads_right(zeros((2, 3, 4))[1:, :, 2]) else _asked


def reads_strides(probe: ndarray[Any, Any]) -> bool:
    """Whether `header` gives the strides of an array as well."""
    words = header(probe)
    if isinstance(words, dict):
        return False
    strides = CFFI.cast(WORDS, words[_STRIDES])
    return all(strides[axis] == stride for axis, stride in enumerate(probe.strides))


def cffi_is_strided(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether `value` is an array of this type and rank that a descriptor can describe as it lies."""
    return _lies_well(value, kind, rank, _ALIGNED)


def cffi_is_strided_output(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether it is one that Fortran may write to."""
    return _lies_well(value, kind, rank, _ALIGNED | _WRITEABLE)


def _lies_well(value: Any, kind: dtype[Any], rank: int, wanted: int) -> bool:
    if type(value) is not ndarray or value.dtype is not kind:
        return False
    words = header(value)
    flags = words[_FLAGS]
    if words[_RANK] & _INT != rank or flags & wanted != wanted:
        return False
    if flags & (_C_CONTIGUOUS | _F_CONTIGUOUS):
        return True
    extents, strides = CFFI.cast(WORDS, words[_EXTENTS]), CFFI.cast(WORDS, words[_STRIDES])
    size = kind.itemsize
    for axis in range(rank):
        stride = strides[axis]
        if stride % size or (not stride and extents[axis] > 1):
            return False
    return True


def cffi_is_contiguous(value: Any, kind: dtype[Any], rank: int) -> bool:
    """Whether `value` is an array of this type and rank, aligned and in Fortran order."""
    return _lies_well(value, kind, rank, _ALIGNED | _F_CONTIGUOUS)


def cffi_describer(layout: Any, kind: dtype[Any], logical: bool, use: int) -> Callable[[Any], Any]:
    """Return what makes the descriptor of an array of type `kind`, as `describer` does."""
    known: dict[int, Callable[[Any], Any]] = {}

    def describe(value: Any) -> Any:
        words = header(value if isinstance(value, ndarray) else value.original)
        rank = words[_RANK] & _INT
        if rank not in known:
            known[rank] = _describer_of_rank(layout, kind, logical, use, rank)
        return known[rank](words)

    return describe


# Loops over the axes take PyPy longer than all the rest, and so does new memory. Fortran may change what describes an
# allocatable or a pointer; other descriptors serve again as long as they say the same.
_DESCRIBE = """
def maker(cast, newp, kind, array_type):
  last = [newp(array_type, {size})]
  def describe(words):
    extents, strides = cast(kind, words[{extents}]), cast(kind, words[{strides}])
    described = last[0]
    if {is_the_same}:
      return described
    described = newp(array_type, {size})
    {stores}
    last[0] = described
    return described
  return describe
"""


def _describer_of_rank(layout: Any, kind: dtype[Any], logical: bool, use: int, rank: int) -> Callable[[Any], Any]:
    lower, in_elements, place_of = layout.lower_bound(use), "stride" in layout.dimension, layout.dimension.index
    # Where the words of the dimensions begin, and the words before them, of which two depend on the array.
    first = layout.size(0) // FFI.sizeof("intptr_t")
    head = struct.unpack_from(f"{first}n", layout.pack(0, kind, (0,) * rank, (0,) * rank, logical, use))
    stores = {place: str(word) for place, word in enumerate(head) if word}
    stores[0] = f"words[{_DATA}]"
    offset = ""
    for axis in range(rank):
        place, stride = first + 3 * axis, f"strides[{axis}]"
        stores[place + place_of("lower")] = str(lower)
        if use and not axis:  # see `passed_strides`
            stride = f"({stride} if extents[0] > 1 else {kind.itemsize})"
        if in_elements:
            stride += f" // {kind.itemsize or 1}"
            offset += f" - ({stride}) * {lower}"
            stores[place + place_of("upper")] = f"extents[{axis}] - {1 - lower}"
            stores[place + place_of("stride")] = stride
        else:
            stores[place + place_of("extent")] = f"extents[{axis}]"
            stores[place + place_of("distance")] = stride
    if layout.fields[1] == "offset" and offset:
        stores[1] = offset
    size = first + 3 * rank
    same = "False" if use else " and ".join([f"described[{at}] == {stores.get(at, 0)}" for at in range(size)])
    made: dict[str, Any] = {}
    lines = "; ".join([f"described[{place}] = {value}" for place, value in stores.items()])
    text = _DESCRIBE.format(extents=_EXTENTS, strides=_STRIDES, size=size, is_the_same=same, stores=lines)
    exec(compiled(text), made)
    describe: Callable[[Any], Any] = made["maker"](CFFI.cast, CFFI.newp, WORDS, FFI.typeof("intptr_t[]"))
    return describe


class PassedArray:
    """An array on its way to Fortran, with what it was asked once, as each question costs PyPy a lot.

    `original` is the array, `location` the address of its first element, `layout` are NumPy's flags as a number;
    everything else is as if it were the array itself, which is asked for `itemsize` where nobody has done so yet.
    """

    __slots__ = ("itemsize", "layout", "location", "original", "shape")

    def __init__(self, original: ndarray[Any, Any], location: int, shape: tuple[int, ...], layout: int) -> None:
        self.original, self.location, self.shape, self.layout = original, location, shape, layout

    def __len__(self) -> int:
        return self.shape[0]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def __getitem__(self, place: Any) -> Any:
        return self.original[place]

    def __setitem__(self, place: Any, value: Any) -> None:
        self.original[place] = value


ARRAY_TYPES[PassedArray] = "an array, for whoever asks what it is"


def passed_array(value: ndarray[Any, Any]) -> Any:
    """Return a `PassedArray` of any array, in whatever order its elements lie."""
    words = header(value)
    return PassedArray(value, words[_DATA], _shape_in(words), words[_FLAGS] & _INT)


def passed_vector(value: ndarray[Any, Any]) -> Any:
    """Return an array as it is passed to Fortran: its copy if it isn't contiguous and aligned; None for other ranks."""
    words, wanted = header(value), _C_CONTIGUOUS | _ALIGNED
    if words[_RANK] & _INT != 1:
        return None
    if words[_FLAGS] & wanted != wanted:
        return passed_vector(value.copy())
    return PassedArray(value, words[_DATA], (CFFI.cast(WORDS, words[_EXTENTS])[0],), words[_FLAGS] & _INT)


def passed_matrix(value: ndarray[Any, Any]) -> Any:
    """Return an array as it is passed to Fortran, None if it isn't of rank 2, in Fortran order and aligned."""
    passed, wanted = passed_array(value), _F_CONTIGUOUS | _ALIGNED
    return passed if len(passed.shape) == 2 and passed.layout & wanted == wanted else None


def passed_text(value: ndarray[Any, Any]) -> tuple[Any, tuple[int, ...], int, bytes]:
    """Return an array as passed, its extents, the length of its strings and its memory.

    The length is 0 where it holds no strings, isn't in Fortran's order or is large.
    """
    words = header(value)
    length = _length_of_strings(value, words)
    if not length:
        return value, (), 0, b""
    passed = passed_array(value)
    size = length * _product(passed.shape)
    if size > MOST_BYTES_READ or not passed.layout & _F_CONTIGUOUS:
        return value, (), 0, b""
    passed.itemsize = length
    memory = CFFI.cast(CHARACTER_POINTER, passed.location)
    return passed, passed.shape, length, FFI.buffer(memory, size)[:]


def _length_of_strings(value: ndarray[Any, Any], words: Any) -> int:
    """Return how many bytes the elements of an array of strings have, 0 where it holds anything else."""
    known = _STRING_LENGTHS.get(words[_TYPE]) if _TYPES_ARE_KNOWN else None
    if known is None:
        kind = value.dtype
        known = kind, kind.itemsize if kind.char == "S" else 0
        if _TYPES_ARE_KNOWN:
            if len(_STRING_LENGTHS) >= _MOST_MODELS:
                _STRING_LENGTHS.clear()
            _STRING_LENGTHS[words[_TYPE]] = known
    return known[1]


def _product(shape: Sequence[int]) -> int:
    """Return how many elements there are; PyPy's compiler would make a call of a loop."""
    return shape[0] * _product(shape[1:]) if len(shape) > 1 else shape[0] if shape else 1


def cffi_allocated(extents: Sequence[int], kind: dtype[Any], order: Any, zeroed: bool) -> Any:
    """Return a new array as it is passed, of zeros if `zeroed`; ValueError for negative extents.

    A copy of a small array of zeros takes PyPy less time than a new one does, and its extents and flags are known.
    """
    known = _MODELS.get(extents) if type(extents) is tuple else None
    if known is not None and known[0] is kind and known[1] == order:
        memory = known[2].__copy__()
        return PassedArray(memory, _location_of_new(memory), known[3], known[4])
    passed = passed_array((zeros if zeroed else empty)(extents, kind, order))
    if header is _read and type(extents) is tuple and passed.nbytes <= _MOST_BYTES_OF_A_MODEL:
        if len(_MODELS) >= _MOST_MODELS:
            _MODELS.clear()
        _MODELS[extents] = kind, order, zeros(extents, kind, order), passed.shape, passed.layout
    return passed


def layout_of_passed(value: ndarray[Any, Any], written: int) -> tuple[Any, tuple[int, ...], bool, bool]:
    """Return an array as passed, its extents, if in Fortran order, and if aligned (and writeable if `written`)."""
    passed, wanted = passed_array(value), _WRITEABLE | _ALIGNED if written else _ALIGNED
    return passed, passed.shape, passed.layout & _F_CONTIGUOUS != 0, passed.layout & wanted == wanted


def _knows_types() -> bool:
    """Whether the words of an array object tell its type and strides, too."""
    if header is _asked:
        return False
    cube, other = header(zeros((2, 3, 4))), header(zeros(3, "i4"))
    strides = CFFI.cast(WORDS, cube[_STRIDES])
    return (strides[0], strides[2]) == (96, 8) and cube[_TYPE] == header(zeros(1))[_TYPE] != other[_TYPE]


_TYPES_ARE_KNOWN = PYPY and _knows_types()


def _layout_in(words: Any) -> tuple[int, ...]:
    """Return where an array object's elements lie, and its flags, type, rank, extents and strides."""
    extents, strides = CFFI.cast(WORDS, words[_EXTENTS]), CFFI.cast(WORDS, words[_STRIDES])
    rank = words[_RANK] & _INT
    found = [words[_DATA], words[_FLAGS] & _INT, words[_TYPE], rank]
    for axis in range(rank):
        found.append(extents[axis])
        found.append(strides[axis])
    return tuple(found)


def _lies_as(words: Any, layout: tuple[int, ...]) -> bool:
    """Whether `_layout_in` gives this still; a loop would take longer than all the rest."""
    if words[_RANK] & _INT != 1 or len(layout) != _LAYOUT_OF_A_VECTOR:
        return _layout_in(words) == layout
    data, flags, kind, _, extent, stride = layout
    extents, strides = CFFI.cast(WORDS, words[_EXTENTS]), CFFI.cast(WORDS, words[_STRIDES])
    is_same: bool = words[_DATA] == data and words[_FLAGS] & _INT == flags and words[_TYPE] == kind
    return is_same and extents[0] == extent and strides[0] == stride


def cffi_views(make: Callable[[], ndarray[Any, Any]]) -> Callable[[], ndarray[Any, Any]]:
    """Return what gives the array that `make` makes, made again after somebody has changed its shape, type or flags."""
    array = make()
    if not _TYPES_ARE_KNOWN:
        return make
    given = array, header(array)
    layout = _layout_in(given[1])

    def give() -> ndarray[Any, Any]:
        nonlocal given
        if not _lies_as(given[1], layout):
            array = make()
            given = array, header(array)
        _GIVEN[0] = given
        return given[0]

    return give


def cffi_array_writer(memory: ndarray[Any, Any], order: str, convert: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return what copies an array of the same type and shape into `memory`, which is in C or Fortran `order`.

    It gives `convert` anything else, and what isn't in that order.
    """
    if not _TYPES_ARE_KNOWN:
        return convert
    wanted = _ALIGNED | (_C_CONTIGUOUS if order == "C" else _F_CONTIGUOUS)
    location, kind, shape, size = cffi_address(memory), header(memory)[_TYPE], memory.shape, memory.nbytes

    def write(answer: Any) -> None:
        if type(answer) is ndarray:
            given, its_words = _GIVEN[0]
            words = its_words if answer is given else header(answer)
            if words[_TYPE] == kind and words[_FLAGS] & wanted == wanted and _shape_in(words) == shape:
                FFI.memmove(location, CFFI.cast(CHARACTER_POINTER, words[_DATA]), size)
                return
        convert(answer)

    return write


def cffi_address(value: Any) -> Any:
    """Return a pointer to the first element of an array."""
    return CFFI.cast(VOID_POINTER, value.location if type(value) is PassedArray else header(value)[_DATA])


def cffi_location(value: Any) -> int:
    """Return the address of the first element."""
    return int(value.location if type(value) is PassedArray else header(value)[_DATA])


def cffi_shape(value: Any) -> tuple[int, ...]:
    """Return the extents of an array or a `PassedArray` without asking NumPy."""
    shape: tuple[int, ...] = value.shape if type(value) is PassedArray else _shape_in(header(value))
    return shape
