"""The extents of an array argument: f2py's rules for arrays of other ranks and extents than Fortran declares."""

from __future__ import annotations

from typing import Any, Sequence

from numpy import ndarray

from f2pypy.runtime.vectors import unexpected_size


def elements_in(extents: Sequence[int]) -> int:
    """Return how many elements an array with these extents has."""
    count = 1
    for extent in extents:
        count *= extent
    return count


def resolve_extents(value: ndarray[Any, Any], extents: list[int], prefix: str) -> None:
    """Fill the open places of `extents` from the shape of `value`; ValueError when they don't go together."""
    if len(extents) > value.ndim:
        _spread_extents(value, extents)
    elif len(extents) == value.ndim:
        _match_extents(value, extents, prefix)
    else:
        _fold_extents(value, extents, prefix)


def _spread_extents(value: ndarray[Any, Any], extents: list[int]) -> None:
    """Add axes where more are wanted than there are: [1, 2] is a column, and one open extent takes what is left."""
    size = value.size
    total = 1
    for axis, extent in enumerate(value.shape):
        if extents[axis] >= 0:
            if extent > 1 and extents[axis] != extent:
                raise ValueError(f"{axis}-th dimension must be fixed to {extents[axis]} but got {extent}\n")
            extents[axis] = extents[axis] or 1
        else:
            extents[axis] = extent or 1
        total *= extents[axis]
    open_axis = -1
    for axis in range(value.ndim, len(extents)):
        if extents[axis] > 1:
            raise ValueError(f"{axis}-th dimension must be {extents[axis]} but got 0 (not defined).\n")
        if open_axis < 0:
            open_axis = axis
        else:
            extents[axis] = 1
    wanted = extents[open_axis]
    extents[open_axis] = size // total
    # f2py takes an empty array for one of a single element here, and Fortran writes beyond it.
    total *= extents[open_axis] or max(wanted, 0)
    if total != size:
        raise ValueError(
            f"unexpected array size: new_size={total}, got array with arr_size={size} (maybe too many free indices)\n"
        )


def _match_extents(value: ndarray[Any, Any], extents: list[int], prefix: str) -> None:
    total = 1
    for axis, extent in enumerate(value.shape):
        if extents[axis] >= 0:
            if extent > 1 and extent != extents[axis]:
                raise ValueError(f"{prefix} -- {axis}-th dimension must be fixed to {extents[axis]} but got {extent}")
            extents[axis] = extents[axis] or 1
        else:
            extents[axis] = extent
        total *= extents[axis]
    if total != value.size:
        raise ValueError(f"unexpected array size: new_size={total}, got array with arr_size={value.size}\n")


def _fold_extents(value: ndarray[Any, Any], extents: list[int], prefix: str) -> None:
    """Drop axes where fewer are wanted than there are: axes of extent 1 vanish, axes too many join the last."""
    rank = len(extents)
    proper = [(axis, extent) for axis, extent in enumerate(value.shape) if extent > 1]
    if (not extents or extents[-1] >= 0) and len(proper) > rank:
        raise ValueError(f"too many axes: {value.ndim} (effrank={len(proper)}), expected rank={rank}\n")
    real_axes = iter([*proper, *[(value.ndim - 1, 1)] * value.ndim])
    for index in range(rank):
        axis, extent = next(real_axes)
        if extents[index] >= 0:
            if extent > 1 and extent != extents[index]:
                raise ValueError(
                    f"{prefix} -- {index}-th dimension must be fixed to {extents[index]} but got {extent} "
                    f"(real index={axis})\n"
                )
            extents[index] = extents[index] or 1
        else:
            extents[index] = extent
    for _, extent in proper[rank:]:
        extents[-1] *= extent
    if elements_in(extents) != value.size:
        raise unexpected_size(value, extents, elements_in(extents))
