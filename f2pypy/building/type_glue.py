"""Fortran glue that keeps what a library says of its types, where the compiler drops what nothing there needs."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.model import DerivedType, Library


def kept_types(library: Library) -> Iterator[DerivedType]:
    """Yield the types whose tables are needed: those of objects that CLASS dummies may get, which glue can name."""
    for module in library.modules:
        for type_ in module.types:
            is_extensible = not (type_.sequence or type_.interoperable)
            if is_extensible and not (type_.hidden or type_.abstract):
                yield type_


def write_type_tables(library: Library) -> str:
    """Return a Fortran module with a procedure for each type that needs its table; nobody calls them."""
    lines = ["module f2pypy_types", "  implicit none", "contains"]
    for number, type_ in enumerate(kept_types(library), 1):
        lines += [
            f'  subroutine keep_{number}() bind(c, name="f2pypy_types_{number}")',
            f"    use {type_.name.module}, only: &\n      kind_of => {type_.name.name}",
            "    class(kind_of), pointer :: object",
            "    allocate(kind_of :: object)",
            "  end subroutine",
        ]
    return "\n".join([*lines, "end module", ""])
