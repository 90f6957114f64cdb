"""What came out of a call: results, exceptions, arguments as they are afterwards, and what shares memory with what."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from blas_values import duplicate

# Relative to the largest number in the array: sums of a few products, in another order on every library.
TOLERANCES = {"f": 2e-6, "d": 1e-14, "F": 2e-6, "D": 1e-14}
# How f2py words that arguments don't match a signature. Here the signature is Python's own, and so are the words.
BINDING = (
    "missing required argument",
    "invalid keyword argument",
    "arguments (",
    "given by name",
)
FLAGS = ("c_contiguous", "f_contiguous", "writeable", "aligned")


@dataclass(frozen=True)
class Outcome:
    """One call: its results as a tuple, or the exception, and the arguments it was given."""

    results: tuple[Any, ...]
    is_tuple: bool
    exception: BaseException | None
    arguments: dict[str, Any]
    warned: tuple[type, ...]


def call(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    positional: tuple[str, ...] = (),
) -> Outcome:
    """Call with a duplicate of `arguments`, those named in `positional` by position and the others by name."""
    own = duplicate(arguments)
    named = {name: value for name, value in own.items() if name not in positional}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            returned = function(*(own[name] for name in positional), **named)
        except Exception as exception:
            return Outcome((), False, exception, own, ())
    is_tuple = isinstance(returned, tuple)
    categories = tuple(warning.category for warning in caught)
    return Outcome(
        returned if is_tuple else (returned,), is_tuple, None, own, categories
    )


def call_sparing_read_only(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    positional: tuple[str, ...] = (),
) -> Outcome:
    """Call a function of f2py's, which overwrites read-only arrays, as if it took copies of them.

    It gets writable duplicates of them; the outcome has the arrays themselves, unchanged, as arguments.
    """
    read_only = {
        name: value
        for name, value in arguments.items()
        if isinstance(value, np.ndarray) and not value.flags.writeable
    }
    given = duplicate(arguments)
    for name in read_only:
        given[name].flags.writeable = True
    outcome = call(function, given, positional)
    return replace(outcome, arguments={**outcome.arguments, **read_only})


def differences(
    expected: Outcome, got: Outcome, places: tuple[str, str], factor: float = 1.0
) -> list[str]:
    """All that differs, in words; `places` are the names by which the two modules call themselves in messages."""
    if expected.exception is not None or got.exception is not None:
        found = list(_exceptions(expected.exception, got.exception, places))
    else:
        found = list(_results(expected, got, factor))
    for name, before in expected.arguments.items():
        found += (
            f"argument {name} afterwards: {text}"
            for text in _values(before, got.arguments[name], factor)
        )
    return found


def _exceptions(
    expected: BaseException | None,
    got: BaseException | None,
    places: tuple[str, str],
) -> Iterator[str]:
    if expected is None or got is None:
        yield f"raises {got!r}, expected {expected!r}"
        return
    if isinstance(expected, OverflowError) and type(got).__name__ == "error":
        # an integer that no C type holds meets a check first, where f2py converts all integers before any check
        return
    if type(expected).__name__ != type(got).__name__:
        yield f"raises {type(got).__name__}, expected {type(expected).__name__}"
    if any(text in str(expected) for text in BINDING):
        return
    wanted = str(expected).replace(f"{places[0]}.", f"{places[1]}.")
    if wanted != str(got):
        yield f"says {str(got)!r}, expected {wanted!r}"


def _results(expected: Outcome, got: Outcome, factor: float) -> Iterator[str]:
    if (expected.is_tuple, len(expected.results)) != (got.is_tuple, len(got.results)):
        yield f"returns {got.results!r}, expected {expected.results!r}"
        return
    if expected.warned != got.warned:
        yield f"warns of {got.warned}, expected {expected.warned}"
    for number, (wanted, result) in enumerate(zip(expected.results, got.results)):  # noqa: B905 - as below
        for text in _result(wanted, result, factor):
            yield f"result {number}: {text}"
    for wanted, found in zip(_aliases(expected), _aliases(got)):  # noqa: B905 - not before Python 3.10
        if wanted != found:
            yield f"memory: {found}, expected {wanted}"


def _result(expected: Any, got: Any, factor: float) -> Iterator[str]:
    if type(expected) is not type(got):
        yield f"is of {type(got)}, expected {type(expected)}"
        return
    if isinstance(expected, np.ndarray):
        if expected.dtype != got.dtype or expected.shape != got.shape:
            yield f"is {got.dtype}{got.shape}, expected {expected.dtype}{expected.shape}"
            return
        for flag in FLAGS:
            if getattr(expected.flags, flag) != getattr(got.flags, flag):
                yield f"{flag} is {getattr(got.flags, flag)}, expected {getattr(expected.flags, flag)}"
    yield from _values(expected, got, factor)


def _values(expected: Any, got: Any, factor: float) -> Iterator[str]:
    if not isinstance(expected, (np.ndarray, float, complex)):
        if isinstance(expected, (int, list)) and expected != got:
            yield f"is {got!r}, expected {expected!r}"
        return
    if not close(expected, got, factor):
        yield f"is\n{got!r}, expected\n{expected!r}"


def close(expected: Any, got: Any, factor: float = 1.0) -> bool:
    """Whether the numbers agree up to rounding; NaN and infinities must stand in the same places."""
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.dtype.kind not in "fc" or expected.size == 0:
        return bool(np.array_equal(expected, got))
    if expected.dtype.kind == "c":
        return close(expected.real, got.real, factor) and close(
            expected.imag, got.imag, factor
        )
    tolerance = factor * TOLERANCES.get(expected.dtype.char, TOLERANCES["d"])
    finite = np.isfinite(expected)
    scale = max(1.0, float(np.abs(expected[finite]).max())) if finite.any() else 1.0
    return bool(
        np.allclose(
            expected, got, rtol=tolerance, atol=tolerance * scale, equal_nan=True
        )
    )


def _aliases(outcome: Outcome) -> Iterator[str]:
    """Which results are, or lie in, which arguments and earlier results."""
    others = [
        (name, value)
        for name, value in outcome.arguments.items()
        if isinstance(value, np.ndarray)
    ]
    for number, result in enumerate(outcome.results):
        if not isinstance(result, np.ndarray):
            continue
        for name, other in others:
            if result is other:
                yield f"result {number} is {name}"
            elif np.may_share_memory(result, other):
                yield f"result {number} lies in {name}"
            else:
                yield f"result {number} is apart from {name}"
        others.append((f"result {number}", result))
