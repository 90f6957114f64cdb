"""Arrays: which ones Fortran gets as they are, which ones it gets a copy of, and new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np
from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Complex, Expression, Integer, Real
from f2pypy.native.array_conversion import (
    CONVERTER,
    converter_to,
    made_or_slow,
    new_array,
)
from f2pypy.native.array_fields import (
    extent_of,
    has_elements,
    has_flags,
    has_rank,
    require_element_strides,
    stride_of,
)
from f2pypy.native.code import (
    INT,
    LONG,
    NULL,
    OBJECT,
    Array,
    Code,
    NotNative,
    Scalar,
    whole,
)
from f2pypy.native.conversion import given, required
from f2pypy.native.expressions import integer, is_absent, product
from f2pypy.native.layouts import (
    ALIGNED,
    DATA,
    ELEMENTS,
    F_CONTIGUOUS,
    WRITEABLE,
)

ZERO = ir.Constant(LONG, 0)
FORTRAN_ORDER = ir.Constant(INT, 1)
READ = F_CONTIGUOUS | ALIGNED
# Runtime's flags of the intent -> the flags an array must have to be passed as it is; None stands for a copy.
ACCEPTED: Mapping[tuple[str, ...], int | None] = {
    ("IN",): ALIGNED,
    ("IN", "OUT"): ALIGNED | WRITEABLE,
    ("COPY",): None,
    ("INOUT",): ALIGNED | WRITEABLE,
}
# Runtime's flags that ask for memory at a multiple of so many bytes.
ALIGNMENTS: Mapping[str, int] = {"ALIGNED4": 4, "ALIGNED8": 8, "ALIGNED16": 16}
# The runtime's converters of arrays that lie as Fortran's do, and of those with any strides.
CONTIGUOUS = frozenset({"array", "matrix", "vector"})
STRIDED = frozenset({"strided", "target"})
TEXT_CONVERTERS = frozenset({"text_array", "strided_text"})
CONVERTERS = CONTIGUOUS | STRIDED | TEXT_CONVERTERS
Wanted = Sequence[Optional[Scalar]]


def read_array(code: Code, step: plan.ArrayInput) -> None:
    """Write step ArrayInput."""
    wanted = wanted_extents(code, step)
    found, made = _readable(code, step, required(code, step.name))
    if made is not None:
        code.own(made)
    found = _converted(code, step, found, wanted)
    if step.overwrite is not None or _flags(step.intent) is None:
        code.own(found[0])
    code.variables[step.name] = _array(found, step.dtype)


def read_or_allocate(code: Code, step: plan.ArrayOptional) -> None:
    """Write step ArrayOptional."""
    if step.order != "F":
        raise NotNative("an array in C's order")
    if step.unread:
        code.variables[step.input.name] = given_or_nothing(code, step.input)
        return
    parameter = given(code, step.input.name)
    wanted = wanted_extents(code, step.input)
    new = [whole(0)] * len(wanted) if step.absent else wanted

    merged = code.choose(
        is_absent(code, parameter),
        lambda: _filled(code, step.input.dtype, new, step.initial),
        lambda: _kept(code, step.input, parameter.object, wanted),
    )
    code.own(merged[0])
    code.variables[step.input.name] = _array(merged, step.input.dtype)


def given_or_nothing(
    code: Code, step: plan.ArrayInput, *, changed: bool = False
) -> Array:
    """Return a given array as it is passed, or one without an object where the argument is None.

    Read-only ones are left to Python where Fortran may have them `changed`.
    """
    parameter = given(code, step.name)
    rank = len(step.extents)

    def present() -> list[Any]:
        outside = code.slow
        found, made = _readable(code, step, parameter.object)
        if made is not None:
            code.own(made)
        passed, memory, *extents = _converted(code, step, found, [None] * rank)
        if changed:
            code.require(has_flags(code, passed, WRITEABLE))
        if made is not None:
            code.slow = outside
            code.owned.remove(made)
        strides = [stride_of(code, passed, axis) for axis in range(rank)]
        return [passed, memory, *extents, *strides, NULL if made is None else made]

    nothing = [NULL, NULL, *[ZERO] * (2 * rank), NULL]
    absent = is_absent(code, parameter)
    passed, memory, *axes, made = code.choose(absent, lambda: nothing, present)
    code.own(made)
    extents, strides = tuple(axes[:rank]), tuple(axes[rank:])
    return Array(passed, memory, extents, step.dtype, strides=strides)


def _kept(code: Code, step: plan.ArrayInput, found: Any, wanted: Wanted) -> list[Any]:
    """Return object, memory and extents of what is passed for a given array; the object is owned."""
    outside = code.slow
    found, made = _readable(code, step, found)
    if made is not None:
        code.own(made)
    parts = _converted(code, step, found, wanted)
    if step.overwrite is None and _flags(step.intent) is not None:
        code.keep(parts[0])
    if made is not None:
        code.slow = outside
        code.owned.remove(made)
        code.call("Py_DecRef", made)
    return parts


def allocate(code: Code, step: plan.ArrayHidden) -> None:
    """Write step ArrayHidden."""
    if step.order != "F":
        raise NotNative("an array in C's order")
    wanted = [integer(code, extent) for extent in step.extents]
    if step.scratch and step.initial is None:
        made = _allocated(code, step.dtype, wanted, "PyArray_Empty")
    else:
        made = _filled(code, step.dtype, wanted, step.initial)
    code.own(made[0])
    code.variables[step.name] = _array(made, step.dtype)


def _array(parts: Sequence[Any], dtype: str) -> Array:
    return Array(parts[0], parts[1], tuple(parts[2:]), dtype)


def _is_only_read(step: plan.ArrayInput) -> bool:
    return (
        step.intent == ("IN",)
        and step.overwrite is None
        and step.dtype in ELEMENTS
        and step.converter in CONVERTERS - {"target"}
    )


def _readable(code: Code, step: plan.ArrayInput, found: Any) -> tuple[Any, Any]:
    """Return the array for Fortran to read, and the same where it is a new one, else NULL, for `Code.own`.

    None stands for the new one where the step's rules are other ones.
    """
    if not _is_only_read(step):
        return found, None
    builder = code.builder
    convert, after = code.block("convert"), code.block("read")
    code.slow, outside = convert, code.slow
    _require_array(code, found, step)
    _require_passed(code, found, step, ALIGNED)
    code.slow = outside
    arms = [(builder.block, [found, NULL])]
    builder.branch(after)
    builder.position_at_end(convert)
    rank = ir.Constant(INT, len(step.extents))
    made = code.call_address(converter_to(step.dtype), CONVERTER, [found, rank])
    code.require(code.is_given(made))
    arms.append((builder.block, [made, made]))
    builder.branch(after)
    readable, new = code.merge(arms, after)
    return readable, new


def wanted_extents(code: Code, step: plan.ArrayInput) -> Wanted:
    """Return the extents that an array must have, None where they are the caller's."""
    return [_extent(code, extent) for extent in step.extents]


def _extent(code: Code, extent: Expression | None) -> Scalar | None:
    return None if extent is None else integer(code, extent)


def _converted(
    code: Code, step: plan.ArrayInput, found: Any, wanted: Wanted
) -> list[Any]:
    """Return object, memory and extents of what is passed for an array of the right type and shape.

    Where the step may copy, the object is the function's own.
    """
    if step.dtype not in ELEMENTS or step.converter not in CONVERTERS:
        raise NotNative(f"an array of {step.dtype} made by {step.converter}")
    _flags(step.copying or step.intent)
    extents = _checked_extents(code, step, found, wanted)
    if step.overwrite is None:
        flags = _flags(step.intent)
        if flags is None:
            return [*_copied(code, found, step.dtype, extents), *extents]
        if step.converter == "target":
            flags |= WRITEABLE
        if not _is_only_read(step):
            _require_passed(code, found, step, flags)
            _require_alignment(code, found, step.intent)
        return [found, code.load(found, DATA, OBJECT), *extents]
    return [*_kept_or_copied(code, step, found, extents), *extents]


def _checked_extents(
    code: Code, step: plan.ArrayInput, found: Any, wanted: Wanted
) -> list[Any]:
    if not _is_only_read(step):
        _require_array(code, found, step)
    return require_extents(code, found, wanted)


def require_extents(code: Code, found: Any, wanted: Wanted) -> list[Any]:
    """Return the extents (i64) of an array, which is left to Python unless it has those that are wanted."""
    builder = code.builder
    code.require(has_rank(code, found, len(wanted)))
    extents = [extent_of(code, found, axis) for axis in range(len(wanted))]
    for extent, expected in zip(extents, wanted):
        if expected is not None:
            # A negative extent takes what there is; none is ever taken for zero.
            is_open = builder.icmp_signed("<", expected.value, ZERO)
            agrees = builder.icmp_signed("==", expected.value, extent)
            given_any = builder.icmp_signed(">", extent, ZERO)
            code.require(builder.or_(is_open, builder.and_(agrees, given_any)))
    return extents


def accepted_flags(intent: tuple[str, ...]) -> int | None:
    """Return the flags that an array needs to be passed as it is, None where it is copied.

    Whoever gives bools for logicals, to which TRUTH applies, is left to Python.
    """
    known = tuple(flag for flag in intent if flag != "TRUTH")
    if known not in ACCEPTED:
        raise NotNative(f"an array of intent {' '.join(intent).lower()}")
    return ACCEPTED[known]


def _flags(intent: tuple[str, ...]) -> int | None:
    """Return `accepted_flags` but for where memory must lie: NumPy's own, and so each copy, lies anywhere it may."""
    return accepted_flags(tuple(flag for flag in intent if flag not in ALIGNMENTS))


def _require_alignment(code: Code, found: Any, intent: tuple[str, ...]) -> None:
    """Leave to Python an array whose memory doesn't lie where the intent wants it."""
    multiple = max((ALIGNMENTS.get(flag, 1) for flag in intent), default=1)
    if multiple > 1:
        builder = code.builder
        place = builder.ptrtoint(code.load(found, DATA, OBJECT), LONG)
        beyond = builder.and_(place, ir.Constant(LONG, multiple - 1))
        code.require(builder.icmp_signed("==", beyond, ZERO))


def _require_array(code: Code, found: Any, step: plan.ArrayInput) -> None:
    code.require(code.has_type(found, np.ndarray))
    code.require(has_elements(code, found, ELEMENTS[step.dtype].descriptor))


def _require_passed(code: Code, found: Any, step: plan.ArrayInput, flags: int) -> None:
    """Leave to Python an array without these flags, or one that doesn't lie as Fortran wants it."""
    if step.converter not in STRIDED:
        code.require(has_flags(code, found, flags | F_CONTIGUOUS))
        return
    rank = len(step.extents)
    code.require(has_flags(code, found, flags))
    code.require(has_rank(code, found, rank))
    size = ELEMENTS[step.dtype].size
    require_element_strides(code, found, rank, size)


def _kept_or_copied(
    code: Code, step: plan.ArrayInput, found: Any, extents: Sequence[Any]
) -> list[Any]:
    """Return the caller's array where its ``overwrite_`` argument is true, else a copy; owned both ways."""
    builder = code.builder
    flag = code.variables[step.overwrite or ""]
    assert isinstance(flag, Scalar)
    keep, copy, after = (code.block(name) for name in ("keep", "copy", "input"))
    builder.cbranch(flag.value, keep, copy)
    arms: list[tuple[Any, list[Any]]] = []
    for block, intent in ((keep, step.intent), (copy, step.copying)):
        builder.position_at_end(block)
        flags = _flags(intent)
        if flags is None:
            parts = _copied(code, found, step.dtype, extents)
        else:
            _require_passed(code, found, step, flags)
            _require_alignment(code, found, intent)
            code.keep(found)
            parts = [found, code.load(found, DATA, OBJECT)]
        arms.append((builder.block, parts))
        builder.branch(after)
    return code.merge(arms, after)


def _copied(code: Code, found: Any, dtype: str, extents: Sequence[Any]) -> list[Any]:
    """Return a copy in Fortran's order and its memory; NumPy does what isn't one piece."""
    builder = code.builder
    in_order, scattered, after = (
        code.block(name) for name in ("in_order", "scattered", "copied")
    )
    builder.cbranch(has_flags(code, found, READ), in_order, scattered)
    builder.position_at_end(in_order)
    new = new_array(code, dtype, extents, "PyArray_Empty")
    size = builder.mul(product(code, extents), ir.Constant(LONG, ELEMENTS[dtype].size))
    code.copy_memory(new[1], code.load(found, DATA, OBJECT), size)
    arms = [(builder.block, new)]
    builder.branch(after)
    builder.position_at_end(scattered)
    new = made_or_slow(code, code.call("PyArray_NewCopy", found, FORTRAN_ORDER))
    arms.append((builder.block, new))
    builder.branch(after)
    return code.merge(arms, after)


def _filled(
    code: Code, dtype: str, wanted: Wanted, initial: Expression | None
) -> list[Any]:
    """Return object, memory and extents of a new array of which each element is `initial`, zero for None."""
    if initial is None or is_zero(initial):
        return _allocated(code, dtype, wanted, "PyArray_Zeros")
    raise NotNative("a new array of a value")


def is_zero(value: Expression) -> bool:
    """Whether an expression is the number zero as it stands, without a sign."""
    if isinstance(value, Complex):
        return is_zero(value.real) and is_zero(value.imaginary)
    return isinstance(value, (Integer, Real)) and str(value.value) in ("0", "0.0")


def _allocated(code: Code, dtype: str, wanted: Wanted, function: str) -> list[Any]:
    """Return object, memory and extents of a new array."""
    extents = new_extents(code, wanted)
    return [*new_array(code, dtype, extents, function), *extents]


def new_extents(code: Code, wanted: Wanted) -> list[Any]:
    """Return the extents (i64) of a new array; Python refuses negative ones."""
    extents = []
    for extent in wanted:
        if extent is None:
            raise NotNative("a new array of unknown extents")
        code.require(code.builder.icmp_signed(">=", extent.value, ZERO))
        extents.append(extent.value)
    return extents
