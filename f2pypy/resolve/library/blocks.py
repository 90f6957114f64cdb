"""Which program units may hold variables, and what each of them sees and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.nodes import Expression, ExpressionError, String
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.types.declared import ImplicitTypes


@dataclass(frozen=True)
class Block:
    """A program unit with the constants, implicit types and derived types that it sees."""

    name: str
    items: tuple[syntax.Item, ...]
    constants: Mapping[str, Expression]
    implicit: ImplicitTypes
    types: TypesSeen = field(default_factory=dict)

    @cached_property
    def symbols(self) -> Mapping[str, str]:
        """The names that ``bind(c)`` gives to variables, and to common blocks as ``/name/``."""
        return bound_symbols(self.items, self.constants)


def modules_in(items: Iterable[syntax.Item]) -> Iterator[syntax.Module]:
    """Yield the Fortran modules of a block and of the interfaces in it, without submodules."""
    for item in items:
        if isinstance(item, syntax.Module) and not item.submodule_of:
            yield item
        elif isinstance(item, syntax.Interface):
            yield from modules_in(item.items)


def routines_of(module: syntax.Module) -> list[syntax.Procedure]:
    """Return a module's routines, those in its submodules too; signature files may leave ``contains`` out."""
    own = [item for item in module.items if isinstance(item, syntax.Procedure)]
    return [*own, *module.procedures, *separate_procedures(module)]


def separate_procedures(module: syntax.Module) -> list[syntax.Procedure]:
    """Return the routines whose interface a module has and whose body a submodule."""
    blocks = [item for item in module.items if isinstance(item, syntax.Interface)]
    return [
        body
        for block in blocks
        for body in block.items
        if isinstance(body, syntax.Procedure) and "module" in body.prefixes
    ]


def bound_symbols(
    items: Iterable[syntax.Item], constants: Mapping[str, Expression]
) -> dict[str, str]:
    """Return the names that ``bind(c)`` gives to variables, and to common blocks as ``/name/``."""
    found: dict[str, str] = {}
    for item in items:
        match item:
            case syntax.TypeDeclaration(attributes=attributes, entities=entities):
                pass
            case syntax.AttributeStatement(attribute=attribute, entities=entities):
                attributes = (attribute,)
            case _:
                continue
        for attribute in attributes:
            if attribute.name == "bind":
                for entity in entities:
                    symbol = bound_name(attribute, constants)
                    found[entity.name] = symbol or entity.name.strip("/").lower()
    return found


def bound_name(attribute: syntax.Attribute, constants: Mapping[str, Expression]) -> str:
    """Return the name in ``bind(c, name="...")``, "" where there is none."""
    for text in attribute.arguments or ():
        key, equals, value = text.text.partition("=")
        if equals and key.strip().lower() == "name":
            try:
                literal = fold.fold(fortran.read_expression(value.strip()), constants)
            except ExpressionError:
                return value.strip()  # no symbol has quotes, so that it is refused
            if isinstance(literal, String):
                return literal.value.decode("latin-1").strip()
    return ""
