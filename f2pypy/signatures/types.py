"""How a signature file writes derived types: in Fortran's own syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from f2pypy.model import (
    Binding,
    Component,
    DerivedType,
    FortranModule,
    Generic,
    Procedure,
    Specific,
    Storage,
    TypeName,
)
from f2pypy.signatures.comments import write_description
from f2pypy.signatures.lines import indented
from f2pypy.signatures.literals import values_text
from f2pypy.signatures.shapes import type_text

# Texts, logical values, and numbers with exponents and kinds: a default that has letters besides these names something.
LITERALS = re.compile(
    r"""'[^']*'|"[^"]*"|\.[a-z]+\.|\d+(\.\d*)?([ed][+-]?\d+)?(_\d+)?\b""",
    re.IGNORECASE,
)
NAMED = re.compile("[a-z]", re.IGNORECASE)
STORAGE = {Storage.ALLOCATABLE: "allocatable", Storage.POINTER: "pointer"}


def write_types(module: FortranModule) -> list[str]:
    """Return the definitions of a module's types, each after those that it needs."""
    return [line for type_ in module.types for line in write_type(type_)]


def write_type(type_: DerivedType) -> list[str]:
    """Return the definition of a type."""
    attributes = ["type"]
    if type_.hidden:
        attributes.append("private")
    if type_.abstract:
        attributes.append("abstract")
    if type_.interoperable:
        attributes.append("bind(c)")
    if type_.parent is not None:
        attributes.append(f"extends({type_.parent.name})")
    name = type_.name.name
    body = ["sequence"] if type_.sequence else []
    body += [component_line(component) for component in type_.components]
    bound = [binding_line(binding) for binding in type_.bindings]
    if type_.finals:
        bound.append(f"final :: {', '.join(type_.finals)}")
    return [
        *write_description(type_.description),
        f"{', '.join(attributes)} :: {name}",
        *indented(body),
        *(["contains", *indented(bound)] if bound else []),
        f"end type {name}",
    ]


def component_line(component: Component) -> str:
    """Return the declaration of a component; what private procedure pointers point to has no interface."""
    if component.storage is Storage.PROCEDURE:
        interface = "" if component.pointed is None else component.pointed.name
        passed = f"pass({component.passed})" if component.passed else "nopass"
        attributes = [f"procedure({interface})", "pointer", passed]
    else:
        attributes = [type_text(component.type)]
    if component.storage in STORAGE:
        attributes.append(STORAGE[component.storage])
    if component.hidden:
        attributes.append("private")
    if component.extents:
        extents = (":" if e < 0 else str(e) for e in component.extents)
        attributes.append(f"dimension({','.join(extents)})")
    line = f"{', '.join(attributes)} :: {component.name}"
    if not component.initial_text:
        return line
    is_pointer = component.storage in (Storage.POINTER, Storage.PROCEDURE)
    return f"{line} {'=>' if is_pointer else '='} {default_text(component)}"


def default_text(component: Component) -> str:
    """Return the default of a component: its values where the source names constants, which the file may lack."""
    if not (component.initial and NAMED.search(LITERALS.sub("", component.initial_text))):  # fmt: skip
        return component.initial_text
    if len(component.initial) == 1:  # one value for all elements
        return values_text(component.initial, component.type, ())
    return values_text(component.initial, component.type, component.extents)


def binding_line(binding: Binding) -> str:
    """Return what binds a procedure, or a generic name or operator, to a type."""
    access = ", private" if binding.hidden else ""
    if binding.specifics:
        return f"generic{access} :: {binding.name} => {', '.join(binding.specifics)}"
    if binding.deferred:
        name, passed = binding.name, ""
        if binding.interface is not None:
            name = binding.interface.name
            passed = f", pass({binding.passed})" if binding.passed else ", nopass"
        return f"procedure({name}), deferred{passed}{access} :: {binding.name}"
    passed = "nopass" if binding.passed is None else f"pass({binding.passed})"
    target = "" if binding.procedure is None else f" => {binding.procedure.name}"
    return f"procedure, {passed}{access} :: {binding.name}{target}"


def operators_of(module: FortranModule) -> Iterator[Generic]:
    """Yield the operators of a module, and the constructors of its types, as generic names."""
    yield from module.operators
    for type_ in module.types:
        if type_.constructors:
            yield Generic(type_.name.name, type_.constructors, type_.span)


def named_elsewhere(module: FortranModule) -> Iterator[tuple[str, str]]:
    """Yield the modules and names of what a module has from others: types, and procedures that generic names mean."""
    specifics: list[Specific] = []
    for generic in (*module.generics, *operators_of(module)):
        specifics += generic.specifics
    names: list[TypeName | None] = [variable.type.derived for variable in module.variables]  # fmt: skip
    for type_ in module.types:
        names += [type_.parent, *(c.type.derived for c in type_.components)]
        specifics += (b.procedure for b in type_.bindings if b.procedure is not None)
    pointed = (pointer.procedure for pointer in module.pointers)
    for procedure in (*module.procedures, *pointed, *interfaces_in(module)):
        names += types_in(procedure)
    found = [(each.module, each.name) for each in specifics]
    found += [(name.module, name.name) for name in names if name is not None]
    yield from (each for each in found if each[0] not in ("", module.name))


def shown_elsewhere(module: FortranModule) -> Iterator[tuple[str, str]]:
    """Yield the modules and names, with their new ones, of what a module shows of others."""
    for each in module.reexports:
        for source in each.entities:
            renamed = "" if source.name == each.name else f"{each.name} => "
            yield source.module, f"{renamed}{source.name}"


def interfaces_in(module: FortranModule) -> Iterator[Procedure]:
    """Yield the interfaces of the deferred bindings of a module's types, and of their procedure pointers."""
    for type_ in module.types:
        yield from (c.pointed for c in type_.components if c.pointed is not None)
        for binding in type_.bindings:
            if binding.interface is not None:
                yield binding.interface


def types_in(procedure: Procedure) -> list[TypeName]:
    """Return the derived types of a procedure's arguments and its result, and of what is called through pointers."""
    result = () if procedure.result is None else (procedure.result,)
    types = [each.type.derived for each in (*procedure.arguments, *result)]
    found = [name for name in types if name is not None]
    return found + [
        name for _, called in procedure.pointed for name in types_in(called)
    ]


def use_lines(names: Iterable[tuple[str, str]]) -> list[str]:
    """Return the statements that name what comes from other modules; `names` are modules and names in them."""
    used: dict[str, dict[str, None]] = {}
    for owner, name in names:
        used.setdefault(owner, {})[name] = None
    return [f"use {owner}, only: {', '.join(found)}" for owner, found in used.items()]
