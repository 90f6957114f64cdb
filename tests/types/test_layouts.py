"""Where components lie: f2pypy's rule against what the compilers say themselves.

A Fortran function for each type in `fortran/types/layouts.f90` tells the bytes of an object, the distance of two
elements of an array, and the place of each component. LOC of an allocatable or pointer component is that of its target:
the components around it tell its place.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from f2pypy.abi.compilers import compiler_named
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.layout import UnknownLayout, lay_out
from f2pypy.diagnostics import Diagnostics
from f2pypy.model import Component, DerivedType, Storage, TypeName
from f2pypy.options import Options
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.library.fortran_sources import SourcesReader

SOURCE = Path(__file__).parents[2] / "fortran" / "types" / "layouts.f90"
COMPILERS = {
    "gfortran": shutil.which("gfortran"),
    "gfortran-11": shutil.which("gfortran-11"),
    "flang-19": shutil.which("flang-new-19"),
}
Types = Mapping[TypeName, DerivedType]


def resolved(text: str) -> Types:
    """Return the types of a source by name."""
    diagnostics = Diagnostics()
    file = read_fortran(text, "layouts.f90", diagnostics)
    library = SourcesReader((file,), Options(), diagnostics).read()
    assert diagnostics.found == []
    return {type_.name: type_ for m in library.modules for type_ in m.types}


def members(type_: DerivedType, types: Types, row: Compiler) -> Iterator[tuple[int, Component]]:  # fmt: skip
    """Yield the components of a type with their offsets, inherited ones first."""
    if type_.parent is not None:
        yield from members(types[type_.parent], types, row)
    offsets = lay_out(type_, types, row).offsets
    yield from ((offsets[each.name], each) for each in type_.components)


def told(type_: DerivedType, types: Types, row: Compiler) -> list[tuple[int, str]]:
    """Return the offsets that a compiler can tell."""
    found = members(type_, types, row)
    return [(at, each.name) for at, each in found if each.storage is Storage.INLINE]


def functions(types: Types, row: Compiler) -> str:
    """Return Fortran with a function for each type that fills an array with its numbers."""
    lines = ["module told", "  use iso_c_binding, only: c_intptr_t", "contains"]
    for type_ in types.values():
        name = type_.name.name
        lines += [
            f'  subroutine tell_{name}(words) bind(c, name="{name}")',
            f"    use layouts, only: {name}",
            "    integer(c_intptr_t), intent(out) :: words(*)",
            f"    type({name}), pointer :: x(:)",
            "    allocate(x(2))",
            "    words(1) = storage_size(x) / 8",
            "    words(2) = loc(x(2)) - loc(x(1))",
        ]
        for number, (_, component) in enumerate(told(type_, types, row), 3):
            place = f"loc(x(1)%{component}) - loc(x(1))"
            lines.append(f"    words({number}) = {place}")
        lines.append("  end subroutine")
    return "\n".join([*lines, "end module", ""])


@pytest.mark.parametrize("name", COMPILERS)
def test_against_the_compiler(name: str, tmp_path: Path) -> None:
    command = COMPILERS[name]
    if command is None:
        pytest.skip(f"needs {name}")
    source = SOURCE.read_text()
    row, types = compiler_named(name), resolved(source)
    (tmp_path / "layouts.f90").write_text(source)
    (tmp_path / "told.f90").write_text(functions(types, row))
    files = ("layouts.f90", "told.f90", "-o", "lib.so")
    subprocess.run(
        [command, "-shared", "-fPIC", "-w", *files], cwd=tmp_path, check=True
    )
    library = ctypes.CDLL(str(tmp_path / "lib.so"))
    assert len(types) == 16
    for type_ in types.values():
        layout = lay_out(type_, types, row)
        offsets = [offset for offset, _ in told(type_, types, row)]
        words = (ctypes.c_ssize_t * (len(offsets) + 2))()
        library[type_.name.name](words)
        here = (layout.size, layout.size, *offsets)
        assert tuple(words) == here, type_.name


def test_lengths() -> None:
    """gfortran keeps lengths after the other components of the same type, flang in descriptors."""
    types = resolved(SOURCE.read_text())
    texts, more = (types[TypeName("layouts", n)] for n in ("open_texts", "more_texts"))
    layout = lay_out(texts, types, compiler_named("gfortran"))
    first = layout.size - 24
    assert layout.lengths == {"b": first, "d": first + 8, "f": first + 16}
    own = lay_out(more, types, compiler_named("gfortran"))
    assert (own.offsets["h"], own.lengths["h"]) == (layout.size, layout.size + 16)
    assert lay_out(texts, types, compiler_named("flang")).lengths == {}


@pytest.mark.parametrize(
    ("machine", "size", "second"),
    [("x86_64-linux-gnu", 32, 8), ("i386-linux-gnu", 24, 4), ("arm-linux-gnu", 32, 8)],
)
def test_machines(machine: str, size: int, second: int) -> None:
    """i386 aligns doubles in structures to four bytes; addresses are as wide as the machine's."""
    types = resolved(SOURCE.read_text())
    row = compiler_named(f"{machine}-gfortran")
    mixed = lay_out(types[TypeName("layouts", "mixed")], types, row)
    assert (mixed.size, mixed.offsets["second"]) == (size, second)
    pointers = lay_out(types[TypeName("layouts", "pointers")], types, row)
    assert pointers.offsets["b"] == row.length_size


def test_types_without_layout() -> None:
    types = resolved(SOURCE.read_text())
    row, outer = compiler_named("gfortran"), TypeName("layouts", "outer")
    known = {name: type_ for name, type_ in types.items() if name.name != "mixed"}
    with pytest.raises(UnknownLayout, match="'mixed' of module 'layouts' isn't known"):
        lay_out(types[outer], known, row)
    round_ = replace(types[outer], name=TypeName("layouts", "mixed"))
    with pytest.raises(UnknownLayout, match="'mixed' contains itself"):
        lay_out(round_, {**types, round_.name: round_}, row)
