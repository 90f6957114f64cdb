"""Elemental procedures over arrays: arguments are broadcast as NumPy's functions do it.

The elements are visited by compiled code: a loop that f2pypy has compiled into the library, or one that the native tier
makes. Where there is neither, Python calls the procedure with the address of each element.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator

from numpy import array as new_array
from numpy import (
    asarray,
    bool_,
    broadcast_to,
    dtype,
    empty,
    generic,
    may_share_memory,
    ndarray,
    ndim,
    ndindex,
    not_equal,
    shares_memory,
)

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.arrays import COPY, IN, INOUT, OUT, TRUTH, array, is_of_kind, unfold
from f2pypy.runtime.element_loops import ElementLoop
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.routines import location

_SCALARS = (int, float, complex, str, bytes, bytearray, memoryview, generic, type(None))


def has_axes(*values: Any) -> bool:
    """Whether any of the values is an array or a sequence, which has several elements or none."""
    return any(map(_has_axes, values))


def _has_axes(value: Any) -> bool:
    if isinstance(value, ndarray):
        return value.ndim > 0
    if isinstance(value, _SCALARS):
        return False
    return isinstance(value, (list, tuple)) or _rank_of(value) != 0


def _rank_of(value: Any) -> int:
    """Return how many axes NumPy makes of a value, -1 where it makes nothing of it."""
    try:
        return ndim(value)
    except Exception:
        return -1


class Each:
    """One element's argument of an elemental procedure, or its result.

    `kind` is the type of the arrays, an ``S`` without length where the caller's strings decide; those of an output are
    as long as the strings of the argument `like`. `intent` is a sum of the flags of `arrays`: with COPY Fortran may
    change what comes in, and TRUTH marks logicals. `position` is how messages call what the caller gives ("1st
    argument"), `convert` what makes a number of a scalar.
    """

    def __init__(
        self,
        name: str,
        kind: dtype[Any],
        intent: int,
        position: str = "",
        convert: Callable[[Any, str], Any] | None = None,
        optional: bool = False,
        like: str = "",
    ) -> None:
        self.name, self.kind, self.intent, self.position = name, kind, intent, position
        self.convert, self.optional, self.like = convert, optional, like
        self.is_given = bool(intent & (IN | INOUT))

    def converted(self, value: Any, routine: str) -> Any:
        """Return the array for what the caller gives: the caller's own where that is changed in place."""
        if value is None and self.optional:
            return None
        what = f"{routine}() {self.position} ({self.name})"
        if self.intent & INOUT:
            return self._changed(value, what)
        kind, argument = self.kind, f"{self.position} `{self.name}`"
        if type(value) is ndarray:
            if value.dtype is kind and kind.char != "S" and value.flags.aligned:
                return value
            if value.flags.c_contiguous:
                # the conversion makes Fortran's order
                turned = array(value.T, kind, (-1,) * value.ndim, IN, routine, argument)
                return asarray(unfold(turned)).T
        rank = _rank_of(value)
        if rank < 0:
            raise ValueError(f"{what}: NumPy can't make an array of this {type_name(value)}")
        if rank == 0 and self.convert is not None:
            return new_array(self.convert(value, what), kind)
        return asarray(unfold(array(value, kind, (-1,) * rank, IN, routine, argument)))

    def _changed(self, value: Any, what: str) -> Any:
        """Return an array that Fortran may change in place."""
        if not isinstance(value, ndarray):
            raise TypeError(f"{what} is changed in place: an array is expected, got {type_name(value)}")
        value = asarray(value)
        if self.intent & TRUTH and value.dtype == bool_ and self.kind.itemsize == 1:
            value = value.view(self.kind)
        is_text = self.kind.char == "S" and value.dtype.char == "S"
        fits = is_text or (is_of_kind(value.dtype, self.kind) and value.dtype.isnative)
        if not fits or not value.flags.aligned:
            expected = "text" if self.kind.char == "S" else self.kind
            raise ValueError(f"{what} is changed in place: an array of {expected} is expected, got {value.dtype}")
        if not value.flags.writeable:
            raise ValueError(f"{what} is changed in place, but the array is read-only")
        return value


class Elemental:
    """An elemental procedure over arrays; `scalar` is the function of its module that takes scalars.

    `name` goes into messages ("special.m.hypot"). `arguments` are in Fortran's order. An impure procedure takes the
    elements in the order in which Fortran has them, the first index fastest (`in_order`). `loop` calls the
    procedure itself; without one, each element takes a call of `scalar`.

    A call takes the arguments that callers give, the required ones first, and returns the result and the output
    arguments: arrays with the shape to which the arguments are broadcast, in C's order where the arguments have that.
    An ``inout`` array must have that shape. Raises ValueError for shapes that don't fit together, and what arrays as
    arguments raise.
    """

    def __init__(
        self,
        scalar: Callable[..., Any],
        name: str,
        *arguments: Each,
        result: Each | None = None,
        loop: ElementLoop | None = None,
        in_order: bool = False,
    ) -> None:
        self.scalar, self.name, self.in_order = scalar, name, in_order
        self.all = arguments if result is None else (result, *arguments)
        self.given = sorted([each for each in arguments if each.is_given], key=lambda each: each.optional)
        self.changed = [each for each in self.given if each.intent & INOUT]
        self.returned = [each for each in self.all if each.intent & OUT]
        # characters that a function returns come through memory
        self.returns_text = result is not None and result.kind.char == "S"
        self.value = None if self.returns_text else result
        self.loop = loop

    def __call__(self, *given: Any) -> Any:
        """Return what the procedure makes of the elements of arrays."""
        arrays = {each.name: each.converted(value, self.name) for each, value in zip(self.given, given)}
        shape = self._common_shape(arrays)
        if self.loop is None or not self.loop.is_able():
            self._call_scalar(arrays, shape)
        else:
            self._visit(arrays, shape)
        found = tuple([arrays[each.name] for each in self.returned])
        for each, value in zip(self.returned, found):
            if each.intent & TRUTH and not each.intent & INOUT:
                not_equal(value, 0, out=value, casting="unsafe")
        return found[0] if len(found) == 1 else found or None

    def _common_shape(self, arrays: dict[str, Any]) -> tuple[int, ...]:
        """Return the shape to which the arguments are broadcast; ValueError with their shapes where they don't fit."""
        shapes = {name: value.shape for name, value in arrays.items() if value is not None}
        rank = max(map(len, shapes.values()))
        common = [1] * rank
        for extents in shapes.values():
            for axis, extent in enumerate(extents, rank - len(extents)):
                if common[axis] == 1:
                    common[axis] = extent
                elif extent not in (1, common[axis]):
                    told = ", ".join([f"{name} {each}" for name, each in shapes.items()])
                    raise ValueError(f"{self.name}(): arrays of these shapes can't be broadcast together: {told}")
        shape = tuple(common)
        for each in self.changed:
            if each.name in shapes and shapes[each.name] != shape:
                raise ValueError(
                    f"{self.name}() {each.position} ({each.name}) is changed in place: an array of shape {shape} is "
                    f"expected, got {shapes[each.name]}"
                )
        return shape

    def _order(self, arrays: dict[str, Any], shape: tuple[int, ...]) -> Any:
        """Return the order of memory in which the elements are visited: that of the first array that has one."""
        for value in () if self.in_order else arrays.values():
            if value is not None and value.shape == shape:
                flags = value.flags
                if flags.c_contiguous != flags.f_contiguous:
                    return "C" if flags.c_contiguous else "F"
        return "F"

    def _visit(self, arrays: dict[str, Any], shape: tuple[int, ...]) -> None:
        """Let the loop call the procedure for all elements; outputs are added to the `arrays`."""
        order = self._order(arrays, shape)
        self._complete(arrays, shape, order)
        if 0 in shape:
            return
        lined = {name: None if value is None else _lined(value, shape, order) for name, value in arrays.items()}
        words, lengths = [], []
        for each in self.all:
            found = lined[each.name]
            words.append((0, 0) if found is None else (location(found[0]), found[1]))
            if each.kind.char == "S":
                lengths.append((0 if found is None else found[0].itemsize, 0))
        if self.returns_text:
            words.insert(1, lengths.pop(0))
        assert self.loop is not None
        value = None if self.value is None else arrays[self.value.name]
        self.loop.run(elements_in(shape), words + lengths, value)
        for each in self.changed:
            given, found = arrays[each.name], lined[each.name]
            if found is not None and found[0] is not given:
                given[...] = found[0]

    def _complete(self, arrays: dict[str, Any], shape: tuple[int, ...], order: Any) -> None:
        """Add memory for what is returned, and replace by copies what Fortran changes and callers keep."""
        changed = [arrays[each.name] for each in self.changed if arrays[each.name] is not None]
        self._refuse_shared(changed)
        for each in self.all:
            value = arrays.get(each.name)
            if not each.is_given:
                kind = arrays[each.like].dtype if each.like else each.kind
                arrays[each.name] = empty(shape, kind, order)
            elif value is None or each.intent & INOUT:
                continue
            elif each.intent & (OUT | COPY):
                arrays[each.name] = _filled(value, shape, order)
            elif any(may_share_memory(value, other) for other in changed):
                arrays[each.name] = new_array(value, order=order, copy=True)

    def _refuse_shared(self, changed: list[ndarray[Any, Any]]) -> None:
        """Raise ValueError where two arrays that are changed have elements in common."""
        for place, value in enumerate(changed):
            for other in changed[:place]:
                if may_share_memory(value, other) and shares_memory(value, other):
                    raise ValueError(f"{self.name}(): two arrays that are changed in place share memory")

    def _call_scalar(self, arrays: dict[str, Any], shape: tuple[int, ...]) -> None:
        """Call the wrapper for each element in Fortran's order; outputs are added to the `arrays`."""
        self._refuse_shared([arrays[each.name] for each in self.changed if arrays[each.name] is not None])
        columns = [_visited(arrays[each.name], shape, bool(each.intent & INOUT)) for each in self.given]
        found = [self.scalar(*elements) for elements in zip(*columns)] if 0 not in shape else []
        for place, each in enumerate(self.returned):
            if not each.intent & INOUT:
                values = found if len(self.returned) == 1 else [one[place] for one in found]
                arrays[each.name] = _array_of_elements(values, each.kind, shape)


def _visited(value: Any, shape: tuple[int, ...], changed: bool) -> Iterator[Any]:
    """Yield the elements of an array that is broadcast, those that are `changed` as arrays of rank 0; None for None."""
    if value is None:
        yield from [None] * elements_in(shape)
    elif changed:
        for place in ndindex(shape[::-1]):
            yield value[place[::-1] + (...,)]  # noqa: RUF005 - Python 3.9
    else:
        # all at once: what the procedure changes may be the same memory
        yield from broadcast_to(value, shape).reshape(-1, order="F").tolist()


def _array_of_elements(values: list[Any], kind: dtype[Any], shape: tuple[int, ...]) -> ndarray[Any, Any]:
    """Return the array of these elements, strings with blanks up to the length of the longest."""
    if kind.char == "S":
        longest = max(map(len, values), default=0)
        values = [value.ljust(kind.itemsize or longest) for value in values]
    return new_array(values, kind).reshape(shape, order="F")


def _lined(value: ndarray[Any, Any], shape: tuple[int, ...], order: Any) -> tuple[ndarray[Any, Any], int]:
    """Return an array whose elements follow each other in this order, and the bytes from each to the next.

    It is a copy where those of `value` don't lie so; an array of one element stays on the spot.
    """
    if value.size == 1:
        return value, 0
    step = _step_of(value, order) if value.shape == shape else None
    if step is not None:
        return value, step
    return _filled(value, shape, order), value.itemsize


def _step_of(value: ndarray[Any, Any], order: Any) -> int | None:
    """Return the bytes from one element to the next, None where they differ."""
    axes = [(extent, stride) for extent, stride in zip(value.shape, value.strides) if extent > 1]
    if order == "C":
        axes.reverse()
    following = step = axes[0][1]
    for extent, stride in axes:
        if stride != following:
            return None
        following = stride * extent
    return step


def _filled(value: ndarray[Any, Any], shape: tuple[int, ...], order: Any) -> ndarray[Any, Any]:
    """Return a copy of an array that is broadcast to the shape."""
    return new_array(broadcast_to(value, shape), order=order, copy=True)
