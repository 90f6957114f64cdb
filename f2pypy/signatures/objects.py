"""How a signature file writes Fortran modules and common blocks."""

from __future__ import annotations

from collections.abc import Iterable

from f2pypy.model import (
    CommonBlock,
    Enumeration,
    FortranModule,
    Generic,
    ProcedurePointer,
    Variable,
)
from f2pypy.signatures.comments import write_description
from f2pypy.signatures.lines import indented
from f2pypy.signatures.literals import values_text
from f2pypy.signatures.procedures import write_interfaces, write_procedure
from f2pypy.signatures.shapes import type_text
from f2pypy.signatures.types import (
    interfaces_in,
    named_elsewhere,
    operators_of,
    shown_elsewhere,
    use_lines,
    write_types,
)


def write_module(module: FortranModule, place: str) -> list[str]:
    """Return the block of a Fortran module."""
    body = use_lines((*named_elsewhere(module), *shown_elsewhere(module)))
    if module.reexports:
        body.append(f"public {', '.join(each.name for each in module.reexports)}")
    body += [line for each in module.enumerations for line in write_enumeration(each)]
    body += write_types(module)
    body += interface_lines(module, f"{place}:{module.name}")
    body += [variable_line(variable) for variable in module.variables]
    body += [pointer_line(pointer) for pointer in module.pointers]
    body += common_lines(module.variables)
    shared = [variable.name for variable in module.variables if variable.shared]
    if shared:
        body.append(f"equivalence ({','.join(shared)})")
    for generic in (*module.generics, *operators_of(module)):
        body += write_generic(generic, module.name)
    if module.hidden:
        body.append(f"private {', '.join(sorted(module.hidden))}")
    if module.procedures:
        inside = f"{place}:{module.name}"
        routines = [
            line for p in module.procedures for line in write_procedure(p, inside)
        ]
        body += ["contains", *routines]
    return [
        *write_description(module.description),
        f"module {module.name} ! in :{place}",
        *indented(body),
        f"end module {module.name}",
    ]


def interface_lines(module: FortranModule, place: str) -> list[str]:
    """Return the interfaces of a module's procedure pointers, of those that its procedures get, of what types have.

    The module's own procedures need none.
    """
    called = [pointer.procedure for pointer in module.pointers]
    called += [c for procedure in module.procedures for _, c in procedure.pointed]
    called += interfaces_in(module)
    own = {procedure.name for procedure in module.procedures}
    return write_interfaces((c for c in called if c.name not in own), place)


def pointer_line(pointer: ProcedurePointer) -> str:
    """Return the declaration of a procedure pointer."""
    protected = ", protected" if pointer.protected else ""
    return f"procedure({pointer.callback.name}), pointer{protected} :: {pointer.name}"


def write_generic(generic: Generic, module: str) -> list[str]:
    """Return the interface block of a generic name of a Fortran module."""
    lines = [
        f"{'module ' if s.module == module else ''}procedure {s.name}"
        for s in generic.specifics
    ]
    return [
        f"interface {generic.name}",
        *indented(lines),
        f"end interface {generic.name}",
    ]


def write_enumeration(enumeration: Enumeration) -> list[str]:
    """Return an ENUM block."""
    lines = [f"enumerator :: {name} = {value}" for name, value in enumeration.members]
    return ["enum, bind(c)", *indented(lines), "end enum"]


def common_lines(variables: Iterable[Variable]) -> list[str]:
    """Return the statements that put a module's variables into common blocks."""
    held: dict[str, list[str]] = {}
    for variable in variables:
        if variable.common:
            held.setdefault(variable.common, []).append(variable.name)
    return [f"common {block_label(b)} {','.join(names)}" for b, names in held.items()]


def block_label(name: str) -> str:
    """Return the name of a common block between slashes."""
    return "//" if name == "_BLNK_" else f"/{name}/"


def variable_line(variable: Variable) -> str:
    """Return the declaration of a variable or constant."""
    attributes = [type_text(variable.type)]
    if variable.allocatable:
        attributes.append("allocatable")
    if variable.pointer:
        attributes.append("pointer")
    if variable.protected:
        attributes.append("protected")
    if variable.exact:
        attributes.append(f'bind(c, name="{variable.symbol}")')
    if variable.extents:
        extents = (":" if e < 0 else str(e) for e in variable.extents)
        attributes.append(f"dimension({','.join(extents)})")
    if variable.parameter:
        attributes.append("parameter")
    value = ""
    if variable.values:
        value = f" = {values_text(variable.values, variable.type, variable.extents)}"
    elif variable.computed:
        value = f" = {variable.computed}"
    return f"{', '.join(attributes)} :: {variable.name}{value}"


def write_common(common: CommonBlock) -> list[str]:
    """Return a block data unit that holds one common block."""
    # f2py's "_bn" after a name is not Fortran's
    plain = [variable.name.removesuffix("_bn") for variable in common.variables]
    needed = dict.fromkeys(v.type.derived for v in common.variables)
    lines = [f"use {t.module}, only: {t.name}" for t in needed if t is not None]
    for name, variable in zip(plain, common.variables, strict=True):
        extents = ",".join(map(str, variable.extents))
        shape = f", dimension({extents})" if variable.extents else ""
        lines.append(f"{type_text(variable.type)}{shape} :: {name}")
    if common.symbol:
        lines.append(f'bind(c, name="{common.symbol}") :: /{common.name}/')
    lines.append(f"common {block_label(common.name)} {','.join(plain)}")
    return ["block data", *indented(lines), "end block data"]
