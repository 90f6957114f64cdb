"""Fortran glue for the types of a library: what makes, finalizes and copies their objects, and keeps their tables.

Compilers need it whose tables of types don't lead to such procedures, and which leave out the tables that nothing in a
file needs. It stands in submodules, which see private types, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from f2pypy.model import (
    Component,
    DerivedType,
    FortranModule,
    Library,
    Storage,
    TypeName,
)

# Names with this prefix hide none of the user's module. The standard allows BIND(C) only for procedures that the module
# itself declares, and flang 23 says so. Without it a TYPE(C_PTR) is returned through memory: addresses are integers.
ISO_C_BINDING = (
    "    use, intrinsic :: iso_c_binding, only: &",
    "      f2pypy_word => c_intptr_t, f2pypy_null => c_null_ptr, f2pypy_loc => c_loc, &",
    "      f2pypy_pointer => c_f_pointer",
)
OPENED = "    call f2pypy_pointer(transfer(f2pypy_address, f2pypy_null), f2pypy_object)"
SUBMODULE = "f2pypy_types"  # `Types.glue` spells the symbols of its procedures


def write_type_glue(library: Library) -> str:
    """Return submodules with the procedures for each type."""
    lines: list[str] = []
    for module in library.modules:
        if module.types:
            lines += [f"submodule ({module.name}) {SUBMODULE}", "contains"]
            pointed = pointing_types(module)
            for type_ in pointed.values():
                lines += write_pointing(type_, pointed)
            for type_ in module.types:
                lines += write_type(type_, type_.name in pointed)
            lines.append("end submodule")
    return "\n".join([*lines, ""]) if lines else ""


def pointing_types(module: FortranModule) -> dict[TypeName, DerivedType]:
    """Return the types of a module whose objects have procedure pointers with targets as defaults."""
    found: dict[TypeName, DerivedType] = {}
    for type_ in module.types:
        held = [c.type.derived for c in type_.components if c.storage is Storage.INLINE]
        own = any(map(has_target, type_.components))
        if own or any(name in found for name in (type_.parent, *held)):
            found[type_.name] = type_
    return found


def has_target(component: Component) -> bool:
    """Whether a component is a procedure pointer that points to a procedure in a new object."""
    is_pointer = component.storage is Storage.PROCEDURE
    return is_pointer and component.initial_word not in ("", "null()")


def write_pointing(
    type_: DerivedType, pointed: Mapping[TypeName, DerivedType]
) -> Iterator[str]:
    """Yield what points the procedure pointers of objects to where those of others point."""
    name = type_.name.name
    yield f"  impure elemental subroutine f2pypy_point_{name}(f2pypy_a, f2pypy_b)"
    yield f"    type({name}), intent(inout) :: f2pypy_a"
    yield f"    type({name}), intent(in) :: f2pypy_b"
    if type_.parent is not None and type_.parent in pointed:
        parent = type_.parent.name
        parts = f"f2pypy_a%{parent}, f2pypy_b%{parent}"
        yield f"    call f2pypy_point_{parent}({parts})"
    for component in type_.components:
        parts = f"f2pypy_a%{component.name}, f2pypy_b%{component.name}"
        inner = component.type.derived
        if has_target(component):
            yield f"    {parts.replace(',', ' =>')}"
        elif (
            inner is not None
            and inner in pointed
            and component.storage is Storage.INLINE
        ):
            yield f"    call f2pypy_point_{inner.name}({parts})"
    yield "  end subroutine"


def write_type(type_: DerivedType, pointed: bool) -> Iterator[str]:
    """Yield the procedures for a type; new objects of it have procedure pointers that are `pointed` to something."""
    name = type_.name
    if not (type_.sequence or type_.interoperable):
        yield from write_keeper(name.name, f"f2pypy_keep_{name.name}")
    if type_.abstract:
        return
    yield from write_new(name.name, f"f2pypy_new_{name.name}", pointed)
    yield from write_clear(name.name, f"f2pypy_clear_{name.name}")
    yield from write_copy(name.name, f"f2pypy_copy_{name.name}")


def write_keeper(type_: str, procedure: str) -> Iterator[str]:
    """Yield a function that nobody calls, for which the compiler needs the table of a type."""
    yield f"  function {procedure}() result(f2pypy_object)"
    yield f"    class({type_}), pointer :: f2pypy_object"
    yield "    nullify(f2pypy_object)"
    yield "  end function"


def write_new(type_: str, procedure: str, pointed: bool) -> Iterator[str]:
    """Yield the function that returns the address of an object with its default initialisation, which stays as it is.

    Components without a default are zeros in it. flang 19 leaves the `pointed` procedure pointers of static objects
    null in all files but that of the type; those of allocated objects are right.
    """
    yield f"  function {procedure}() result(f2pypy_address)"
    yield from ISO_C_BINDING
    yield "    integer(f2pypy_word) :: f2pypy_address"
    yield f"    type({type_}), save, target :: f2pypy_object"
    if pointed:
        yield f"    type({type_}), pointer :: f2pypy_allocated"
        yield "    allocate(f2pypy_allocated)"
        yield f"    call f2pypy_point_{type_}(f2pypy_object, f2pypy_allocated)"
    yield "    f2pypy_address = transfer(f2pypy_loc(f2pypy_object), f2pypy_address)"
    yield "  end function"


def write_clear(type_: str, procedure: str) -> Iterator[str]:
    """Yield the subroutine that finalizes an object and frees what it holds, as a call with ``intent(out)`` does."""
    yield f"  subroutine {procedure}(f2pypy_address)"
    yield from ISO_C_BINDING
    yield "    integer(f2pypy_word), value :: f2pypy_address"
    yield f"    type({type_}), pointer :: f2pypy_object"
    yield OPENED
    yield "    call f2pypy_wipe(f2pypy_object)"
    yield "  contains"
    yield "    subroutine f2pypy_wipe(f2pypy_given)"
    yield f"      type({type_}), intent(out) :: f2pypy_given"
    yield "    end subroutine"
    yield "  end subroutine"


def write_copy(type_: str, procedure: str) -> Iterator[str]:
    """Yield the function that returns the address of a new object with the value of another.

    An assignment would finalize what the new object was before, and may be one that the type defines.
    """
    yield f"  function {procedure}(f2pypy_address) result(f2pypy_new)"
    yield from ISO_C_BINDING
    yield "    integer(f2pypy_word), value :: f2pypy_address"
    yield "    integer(f2pypy_word) :: f2pypy_new"
    yield f"    type({type_}), pointer :: f2pypy_object, f2pypy_copied"
    yield OPENED
    yield "    allocate(f2pypy_copied, source=f2pypy_object)"
    yield "    f2pypy_new = transfer(f2pypy_loc(f2pypy_copied), f2pypy_new)"
    yield "  end function"
