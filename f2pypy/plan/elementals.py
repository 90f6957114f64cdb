"""Elemental procedures over arrays."""

from __future__ import annotations

from f2pypy.dataclass import dataclass


@dataclass(frozen=True)
class Each:
    """An argument of an elemental procedure, or its result, as an array.

    `dtype` is "" for strings, of `length` characters, 0 where the caller's arrays decide; those of an output are as
    long as the strings of the argument `like`. `intent` names the runtime's flags, `converter` its function for
    scalars. `position` is how messages call the argument.
    """

    name: str
    dtype: str
    intent: tuple[str, ...]
    position: str = ""
    converter: str = ""
    optional: bool = False
    length: int = 0
    like: str = ""


@dataclass(frozen=True)
class Elemental:
    """The constant `variable` that applies the procedure which `function` wraps to arrays.

    `name` is how messages call it. `loop` is the symbol of the loop in the library that calls what `routine` calls; ""
    for both where `function` is called for each element. `in_order` says that Fortran's order of elements matters.
    """

    variable: str
    function: str
    name: str
    arguments: tuple[Each, ...]
    result: Each | None
    routine: str
    loop: str
    in_order: bool


@dataclass(frozen=True)
class ApplyToArrays:
    """Return what `elemental` makes of the parameters `names` if one of them is an array.

    `exact` has the Python type of the usual scalar for each of them, "" for one that is most often None. Nothing is
    returned without `returns`.
    """

    elemental: str
    names: tuple[str, ...]
    exact: tuple[str, ...]
    returns: bool = True
