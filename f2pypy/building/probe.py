"""Asks a Fortran compiler what it makes of kinds, symbols and results with its flags and for its target.

A small source is compiled and never run, so the compiler may be one for another machine. f2pypy reads the answers from
the bytes of the object file: an array of characters after a mark, and symbols.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from f2pypy.abi.conventions import (
    DEFAULT_KINDS,
    ENUMERATOR,
    default_of,
    written,
)

DOUBLE = 8
MARK = b"f2pypy asks:"
# Answers are characters: what is added to a number makes it one that can be printed, also if it is negative.
_SHIFT = 48
KINDS = {
    "integer": (1, 2, 4, 8, 16),
    "real": (4, 8, 10, 16),
    "complex": (4, 8, 10, 16),
    "logical": (1, 2, 4, 8, 16),
}
# Where ISO_FORTRAN_ENV lists the kinds of a type.
KIND_ARRAYS = {
    "integer_kinds": (1, 2, 4, 8, 16),
    "logical_kinds": (1, 2, 4, 8, 16),
    "real_kinds": (2, 3, 4, 8, 10, 16),
    "character_kinds": (1, 2, 4),
}
NAMED = (
    *("c_int", "c_short", "c_long", "c_long_long", "c_signed_char", "c_size_t"),
    *("c_int8_t", "c_int16_t", "c_int32_t", "c_int64_t"),
    *("c_int_least8_t", "c_int_least16_t", "c_int_least32_t", "c_int_least64_t"),
    *("c_int_fast8_t", "c_int_fast16_t", "c_int_fast32_t", "c_int_fast64_t"),
    *("c_intmax_t", "c_intptr_t", "c_float", "c_double", "c_long_double"),
    *("c_float_complex", "c_double_complex", "c_long_double_complex"),
    *("c_bool", "c_char"),
    *("int8", "int16", "int32", "int64", "real32", "real64", "real128"),
    *("character_storage_size", "file_storage_size", "numeric_storage_size"),
    *("atomic_int_kind", "atomic_logical_kind"),
)
_OUTER, _OUTER_UNDERSCORED = "f2pypyouter", "f2pypy_outer"


def _array_of(type_: str) -> str:
    return f"{'real' if type_ == 'complex' else type_}_kinds"


def questions() -> Iterator[tuple[str, str]]:
    """Yield the questions: a name for the answer, and an integer expression in Fortran."""
    for type_ in DEFAULT_KINDS:
        yield default_of(type_), f"kind(default_{type_.replace(' ', '_')})"
    for type_, kinds in KINDS.items():
        for kind in kinds:
            exists = f"any({_array_of(type_)} == {kind})"
            yield written(type_, kind), f"merge(kind({type_}_{kind}), 0, {exists})"
    yield ENUMERATOR, "kind(small)"
    for array, kinds in KIND_ARRAYS.items():
        for kind in kinds:
            yield f"{array}({kind})", f"merge(1, 0, any({array} == {kind}))"
    for name in NAMED:
        yield name, name
    yield "c_ptr", "storage_size(address)/8"


def _declarations() -> Iterator[str]:
    for type_ in DEFAULT_KINDS:
        yield f"{type_} :: default_{type_.replace(' ', '_')}"
    for type_, kinds in KINDS.items():
        for kind in kinds:
            # a kind that the target lacks would be an error; all have 4
            exists = f"any({_array_of(type_)} == {kind})"
            yield f"{type_}(merge({kind}, 4, {exists})) :: {type_}_{kind}"


def probe_source() -> str:
    """Return the source to compile, in free form."""
    mark = ", ".join(f"'{letter}'" for letter in MARK.decode())
    answers = [f"achar({_SHIFT} + {asked})" for _, asked in questions()]
    listed = ", &\n    ".join([mark, *answers])
    declared = "\n".join(f"  {each}" for each in _declarations())
    return f"""\
subroutine f2pypyprobe
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env
  implicit none
  enum, bind(c)
    enumerator :: small = 1
  end enum
  type(c_ptr) :: address
{declared}
  character(1), save :: answers({len(MARK) + len(answers)}) = [ &
    {listed}]
  intrinsic :: csqrt
  external :: {_OUTER}, {_OUTER_UNDERSCORED}
  call {_OUTER}(answers)
  call {_OUTER_UNDERSCORED}(csqrt)
end subroutine
"""


def read_answers(content: bytes) -> tuple[tuple[str, Any], ...]:
    """Return the fields of the compiler's row that the probe's object file gives; none if it contains no answers."""
    _, mark, rest = content.partition(MARK)
    names = [name for name, _ in questions()]
    if not mark or len(rest) < len(names):
        return ()
    found = {name: rest[place] - _SHIFT for place, name in enumerate(names)}
    procedure, underscored = _pattern(content, _OUTER), _pattern(content, _OUTER_UNDERSCORED)  # fmt: skip
    told: list[tuple[str, Any]] = [
        ("procedure", procedure),
        ("underscored", "" if underscored == procedure else underscored),
        ("kinds", tuple(_constants(found))),
        ("meant", tuple(_meant(found))),
        ("length_size", found["c_size_t"]),
    ]
    if b"_f2c_specific__" in content:
        # gfortran's library has its functions twice: the other ones are for callers compiled with -ff2c
        told += [("complex_results", "hidden"), ("real_results", _f2c_results(found))]
    return tuple(told)


def _f2c_results(found: Mapping[str, int]) -> str:
    """Return how functions under -ff2c return reals of default kind: as DOUBLE PRECISION. Other kinds don't change."""
    if found[default_of("double precision")] != DOUBLE:
        return "quad"
    return "double" if found[default_of("real")] < DOUBLE else "float"


def _pattern(content: bytes, name: str) -> str:
    """Return how the object file spells a name of the source: the name and its suffix."""
    said = re.search(rb"\0_?" + name.encode() + rb"(_*)\0", content)
    return "{name}" + (said[1].decode() if said else "_")


def _constants(found: Mapping[str, int]) -> Iterator[tuple[str, int | tuple[int, ...]]]:
    """Yield the constants of the intrinsic modules."""
    for name in (*NAMED, "c_ptr"):
        yield name, found[name]
    yield "c_funptr", found["c_ptr"]
    # C's ptrdiff_t, which Fortran 2018 adds and older compilers lack
    yield "c_ptrdiff_t", found["c_intptr_t"]
    for array, kinds in KIND_ARRAYS.items():
        yield array, tuple(kind for kind in kinds if found[f"{array}({kind})"])


def _meant(found: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the kinds that flags change, and those that don't exist."""
    for type_, usual in DEFAULT_KINDS.items():
        if found[default_of(type_)] != usual:
            yield default_of(type_), found[default_of(type_)]
    for type_, kinds in KINDS.items():
        for kind in kinds:
            if found[written(type_, kind)] != kind:
                yield written(type_, kind), found[written(type_, kind)]
    if found[ENUMERATOR] != found["c_int"]:
        yield ENUMERATOR, found[ENUMERATOR]
