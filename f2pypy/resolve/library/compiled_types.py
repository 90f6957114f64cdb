"""Derived types of modules that no file defines: those of compiled modules, such as ``type(mpi_comm)`` of MPI's."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.diagnostics import Diagnostics
from f2pypy.resolve.library.objects import ObjectReader


def with_compiled_types(library: model.Library, reader: ObjectReader) -> model.Library:
    """Return a library with the compiled modules whose types its procedures and variables name.

    These modules show these types, and nothing else: what else they have belongs to another library.
    """
    known, defined = reader.scopes.modules, set(reader.scopes.modules)
    named: dict[str, set[str]] = {}
    for type_ in library.named_types():
        if type_.module not in defined and type_.module in known:
            named.setdefault(type_.module, set()).add(type_.name)
    found = (compiled_module(known[name], types, reader) for name, types in named.items())  # fmt: skip
    modules = (*library.modules, *(module for module in found if module.types))
    return replace(library, modules=modules)


def compiled_module(
    unit: syntax.Module, wanted: set[str], reader: ObjectReader
) -> model.FortranModule:
    """Return a module with those of its types that are wanted."""
    # what its file has that isn't understood is none of the user's business
    silent = replace(reader, diagnostics=Diagnostics())
    around = reader.around
    block = silent.block(unit, around.constants, around.implicit, {})
    types = silent.types(unit, block, reader.scopes.declared(unit.items))
    shown = tuple(type_ for type_ in types if type_.name.name in wanted)
    return model.FortranModule(unit.name, (), (), unit.span, shown)
