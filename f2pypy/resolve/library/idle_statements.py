"""Finds statements in a Python module and its interfaces, outside routines, that have no effect there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.resolve.names.intrinsic_modules import INTRINSIC_MODULES

# What other readers take out of a module, or what says nothing that could be lost.
READ_ELSEWHERE = (
    syntax.Procedure,
    syntax.Module,
    syntax.BlockData,
    syntax.Interface,
    syntax.ModuleProcedure,
    syntax.Common,
    syntax.ParameterStatement,
    syntax.Enumeration,
    syntax.Implicit,
    syntax.Documentation,
)


def statements_of(items: Sequence[syntax.Item]) -> Iterator[syntax.Item]:
    """Yield the statements of a Python module and those directly in its interfaces, which share constants."""
    for item in items:
        if isinstance(item, syntax.Interface):
            yield from statements_of(item.items)
        else:
            yield item


def common_names(items: Sequence[syntax.Item]) -> frozenset[str]:
    """Return the variables of the common blocks of one level, and the blocks as ``/name/``."""
    found: set[str] = set()
    for item in items:
        if isinstance(item, syntax.Common):
            found |= {f"/{item.block}/", *(entity.name for entity in item.entities)}
    return frozenset(found)


def parameter_names(items: Sequence[syntax.Item]) -> frozenset[str]:
    """Return the names that PARAMETER statements of one level give a value."""
    return frozenset(
        name
        for item in items
        if isinstance(item, syntax.ParameterStatement)
        for name, _ in item.values
    )


def warn_of_idle(
    items: Sequence[syntax.Item], modules: Container[str], diagnostics: Diagnostics
) -> None:
    """Warn about statements without effect in a module and its interfaces; `modules` are those that can be used."""
    held, parameters = common_names(items), parameter_names(items)
    for item in items:
        if isinstance(item, syntax.Interface):
            warn_of_idle(item.items, modules, diagnostics)
            continue
        for span, what in idle_parts(item, held, parameters, modules):
            diagnostics.warn(span, f"{what} has no effect outside of a routine")


def idle_parts(
    item: syntax.Item,
    held: frozenset[str],
    parameters: frozenset[str],
    modules: Container[str],
) -> Iterator[tuple[Span, str]]:
    """Yield place and description of each part of a statement without effect; `held` are common blocks' variables."""
    match item:
        case syntax.TypeDeclaration(attributes=attributes, entities=entities):
            if not any(attribute.name == "parameter" for attribute in attributes):
                for entity in entities:
                    if entity.name not in held | parameters:
                        yield entity.span, f"the declaration of {entity.name!r}"
                    elif entity.initial is not None:
                        yield entity.span, f"the value of {entity.name!r}"
        case syntax.AttributeStatement(attribute=attribute, entities=entities):
            idle = [e for e in entities if e.name not in held | parameters]
            if idle or not entities or attribute.name == "save":
                yield item.span, f"'{attribute.name}'"
        case syntax.Use(module=module):
            if module.lower() not in modules and module not in modules:
                yield item.span, f"'use {module}' of an unknown module"
        case syntax.Code(keyword="usercode" | "pymethoddef"):
            pass
        case syntax.PythonModule(name=name):
            if "__user__" not in name:
                yield item.span, f"python module {name!r}"
        case _ if isinstance(item, READ_ELSEWHERE):
            pass
        case _:
            yield item.span, f"this {described(item)}"


def described(item: syntax.Item) -> str:
    """Return a statement's description for messages."""
    match item:
        case syntax.Code(keyword=keyword):
            return keyword
        case syntax.DerivedType(name=name):
            return f"type {name!r}"
        case syntax.CallSite(name=name):
            return f"call of {name!r}"
        case _:
            return type(item).__name__.lower()


def known_modules(modules: Iterable[str], callbacks: Iterable[str]) -> frozenset[str]:
    """Return the names that `use` may have: the file's own modules, those of callbacks, and Fortran's."""
    return frozenset({*modules, *callbacks, *INTRINSIC_MODULES})
