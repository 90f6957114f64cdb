"""What flags do to kinds, symbols and results, for existing libraries, whose compiler can't be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from f2pypy.abi.conventions import (
    DEFAULT_KINDS,
    ENUMERATOR,
    Compiler,
    default_of,
    written,
)

Meant = dict[str, int]
Change = Callable[[Meant], None]
# The kinds that gfortran's and flang's default flags give a type of default kind.
_REAL_TYPES = ("real", "complex")
_DOUBLE_TYPES = ("double precision", "double complex")


def _defaults(kind: int, *types: str) -> Change:
    def change(meant: Meant) -> None:
        meant.update({default_of(each): kind for each in types})

    return change


def _default_real(kind: int) -> Change:
    def change(meant: Meant) -> None:
        _defaults(kind, *_REAL_TYPES)(meant)
        _defaults(16, *_DOUBLE_TYPES)(meant)

    return change


def _promote(old: int, new: int, *types: str) -> Change:
    """Return the change that -freal-4-real-8 and similar flags make: every type of one kind gets the other."""

    def change(meant: Meant) -> None:
        for type_ in types:
            meant[written(type_, old)] = new
        for type_, kind in DEFAULT_KINDS.items():
            base = {"double precision": "real", "double complex": "complex"}
            if kind == old and base.get(type_, type_) in types:
                meant[default_of(type_)] = new

    return change


def _promote_integers(meant: Meant) -> None:
    _promote(4, 8, "integer")(meant)
    # logicals follow where no kind is written
    _defaults(8, "logical")(meant)


def _short_enums(meant: Meant) -> None:
    meant[ENUMERATOR] = 1


# Later rows win over earlier ones, in whatever order the flags are given: so do compilers.
KIND_FLAGS: Mapping[str, Change] = {
    "-fdefault-integer-8": _defaults(8, "integer", "logical"),
    "-fdefault-real-8": _default_real(8),
    "-fdefault-real-10": _default_real(10),
    "-fdefault-real-16": _default_real(16),
    "-fdefault-double-8": _defaults(8, *_DOUBLE_TYPES),
    "-finteger-4-integer-8": _promote_integers,
    **{
        f"-freal-{old}-real-{new}": _promote(old, new, *_REAL_TYPES)
        for old in (4, 8)
        for new in (4, 8, 10, 16)
        if new != old
    },
    "-fshort-enums": _short_enums,
}
# flag -> the fields of the row that it changes
_SYMBOLS = ("procedure", "underscored")
_PLAIN, _SECOND, _BARE = ("{name}_", ""), ("{name}_", "{name}__"), ("{name}", "")
ROW_FLAGS: Mapping[str, Mapping[str, str]] = {
    "-ff2c": dict(
        complex_results="hidden",
        real_results="double",
        **dict(zip(_SYMBOLS, _SECOND, strict=True)),
    ),
    "-fsecond-underscore": dict(zip(_SYMBOLS, _SECOND, strict=True)),
    "-fno-second-underscore": dict(zip(_SYMBOLS, _PLAIN, strict=True)),
    "-fno-underscoring": dict(zip(_SYMBOLS, _BARE, strict=True)),
}


def with_flags(row: Compiler, flags: Iterable[str]) -> Compiler:
    """Return the row of a compiler with the given flags; ValueError for an unknown flag."""
    given = list(flags)
    for flag in given:
        if flag not in KIND_FLAGS and flag not in ROW_FLAGS:
            known = ", ".join((*KIND_FLAGS, *ROW_FLAGS))
            raise ValueError(
                f"{flag} doesn't change how procedures are called; these flags do: {known}"
            )
    meant: Meant = dict(row.meant)
    for flag, change in KIND_FLAGS.items():
        if flag in given:
            change(meant)
    for flag, fields in ROW_FLAGS.items():
        if flag in given:
            row = replace(row, **fields)  # type: ignore[arg-type]
    if row.real_results == "double":
        double = meant.get(default_of("double precision"), 8)
        wide = meant.get(default_of("real"), 4) >= double
        row = replace(
            row,
            real_results="quad" if double != 8 else "float" if wide else "double",
        )
    usual = {(default_of(type_), kind) for type_, kind in DEFAULT_KINDS.items()}
    return replace(row, meant=tuple(sorted({*meant.items()} - usual)))
