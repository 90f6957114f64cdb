"""The prototype of a dummy procedure that a call of it shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Span
from f2pypy.expressions import fortran
from f2pypy.expressions.nodes import (
    Call,
    Expression,
    ExpressionError,
    Integer,
    Member,
    Name,
    Subscript,
)
from f2pypy.expressions.walk import rewrite
from f2pypy.resolve.callbacks.sections import Section, extents_in, section_of
from f2pypy.resolve.callbacks.types_of_actuals import ActualTypes, unknown_extents
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.names.places import Place

# a(i)%b(2)%c without blanks; what has colons is no single element
_SUBSCRIPTS = r"\((?:[^()'\":]|\([^()'\":]*\))*\)"
_PART = rf"([a-z_]\w*)({_SUBSCRIPTS})?"
_PARTS = re.compile(_PART, re.ASCII)
_PATH = re.compile(rf"{_PART}(?:%{_PART})+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class PrototypeWriter:
    """Writes a prototype from a call: variables keep their names and declarations."""

    items: Sequence[syntax.Item]
    place: Place
    types: ActualTypes

    def read(self, call: syntax.CallSite) -> syntax.Procedure:
        """Return the procedure that a call would fit: a dummy argument for each actual one, declared as that is."""
        arguments: list[str] = []
        declared: list[syntax.Item] = []
        for text in call.arguments:
            section = section_of(text.text)
            whole = replace(text, text=section.base) if section else text
            expression = self.expression(whole)
            for items in reversed(call.blocks):
                expression = self.selected(expression, items)
            name = (
                expression.name
                if isinstance(expression, Name) and section is None
                else spelled(text.text)
            )
            free = name
            while free in arguments:
                free += "_"
            arguments.append(free)
            if section is not None:
                declared.append(self.part(section, expression, free, text))
                continue
            known = self.known(expression, text)
            if known is not None:
                spec = known.type or self.types.type_of_variable(known.name, text)
                declared.append(redeclared(known, free, spec))
            elif free != name or not isinstance(expression, Name):
                type_ = self.types.type_of(expression, text)
                extents = self.types.extents_of(expression, text)
                entity = syntax.Entity(free, text.span, extents or None)
                declared.append(syntax.TypeDeclaration(type_, (), (entity,), text.span))
        function = self.place.variable(call.name)
        if call.function and function is not None and function.type is not None:
            # the type may be said in a unit around this one
            declared.append(redeclared(function, call.name, function.type))
        result = self.result(call, arguments)
        if result is not None:
            declared.append(result)
        said = self.items if result is None else untyped(self.items, call.result)
        hidden = names_in_blocks(call.blocks)
        kept = tuple(
            item
            for item in without(said, hidden)
            if not isinstance(
                item, (syntax.CallSite, syntax.PassedProcedure, syntax.Interface)
            )
        )
        return syntax.Procedure(
            "function" if call.function else "subroutine",
            call.name,
            tuple(arguments),
            call.span,
            result=call.result if result is not None else None,
            items=(*kept, *declared),
        )

    def known(self, expression: Expression, text: syntax.Text) -> Declaration | None:
        """Return the declaration of a variable or a component; None for all else."""
        match expression:
            case Name(name):
                return self.place.variable(name)
            case Member():
                return self.types.component(expression, text)
            case _:
                return None

    def part(
        self, section: Section, whole: Expression, name: str, text: syntax.Text
    ) -> syntax.TypeDeclaration:
        """Return the declaration, as `name`, of a part of the array or the text `whole`."""
        known = None
        match whole:
            case Name(variable):
                known = self.place.variable(variable)
            case Member():
                known = self.types.known_part(whole, text)
            case _:
                pass
        if known is None:
            raise unknown_extents(text)
        type_ = known.type or self.types.type_of_variable(known.name, text)
        dimensions = known.dimensions or ()
        if type_.name == "character" and bool(dimensions) == bool(section.letters):
            # Fortran passes the length of what is one text
            is_one = not dimensions or not any(section.axes)
            extents: tuple[syntax.Text, ...] | None = () if is_one else None
            type_ = replace(type_, length=syntax.Text("*", text.span))
            known = replace(known, length=None)
        else:
            extents = extents_in(section, dimensions, text, self.has_many)
        if extents is None or (type_.derived and isinstance(whole, Member)):
            raise unknown_extents(text)
        entity = syntax.Entity(name, text.span, extents or None, known.length)
        return syntax.TypeDeclaration(type_, (), (entity,), text.span)

    def has_many(self, subscript: str) -> bool:
        """Whether a subscript is an array, or may be one."""
        text = syntax.Text(subscript, Span("", 1))
        try:
            return bool(self.types.extents_of(self.expression(text), text))
        except DeclarationError:
            return True

    def result(
        self, call: syntax.CallSite, arguments: Sequence[str]
    ) -> syntax.TypeDeclaration | None:
        """Return the variable that takes a function's value, with the function's own type where it has one.

        None where the function's name serves as well: the variable is an array, or an argument too.
        """
        taken = self.place.variable(call.result)
        if taken is None or taken.dimensions is not None or call.result in arguments:
            return None
        own = self.place.variable(call.name)
        type_ = own.type if own is not None and own.type is not None else taken.type
        if type_ is None:
            return None
        entity = syntax.Entity(call.result, call.span)
        return syntax.TypeDeclaration(type_, (), (entity,), call.span)

    def expression(self, text: syntax.Text) -> Expression:
        """Return what an actual argument says; DeclarationError at the place that can't be read."""
        parts = parts_of_object(text.text)
        if parts:
            subscripts = ",".join(each[1:-1] for _, each in parts).split(",")
            if any(map(self.is_array, subscripts)):
                raise unknown_extents(text)  # b(these)%x has an element for each
            return component_of(parts)
        try:
            return fortran.read_expression(text.text)
        except ExpressionError as error:
            raise DeclarationError(
                text.span.shift(error.offset), error.message
            ) from error

    def is_array(self, name: str) -> bool:
        """Whether a name stands for an array."""
        known = self.place.variable(name)
        return known is not None and bool(known.dimensions)

    def selected(
        self, expression: Expression, items: Iterable[syntax.Item]
    ) -> Expression:
        """Return the expression with selectors in place of the names that an ASSOCIATE gives them."""
        selectors = {
            name: self.expression(text)
            for item in items
            if isinstance(item, syntax.Associate)
            for name, text in item.names
        }

        def select(node: Expression) -> Expression:
            match node:
                case Name(name) if name in selectors:
                    return selectors[name]
                case Call(function, arguments):
                    match selectors.get(function):
                        case Name(name) | Call(name):
                            return Call(name, arguments)
                        case _:
                            return node
                case _:
                    return node

        return rewrite(expression, select) if selectors else expression


def parts_of_object(text: str) -> list[tuple[str, str]]:
    """Return "a" with "(i)", "b" with "(2)" and "c" with "" of ``a(i)%b(2)%c``; nothing of all else."""
    plain = "".join(text.split()).lower()
    return _PARTS.findall(plain) if _PATH.fullmatch(plain) else []


def component_of(parts: Sequence[tuple[str, str]]) -> Expression:
    """Return the component that the parts of an object name, with 0 for all subscripts.

    The prototype is the same for every element.
    """
    result: Expression | None = None
    for name, subscripts in parts:
        result = Name(name) if result is None else Member(result, name)
        if subscripts:
            result = Subscript(result, Integer(0))
    assert result is not None
    return result


def untyped(items: Iterable[syntax.Item], name: str) -> Iterator[syntax.Item]:
    """Yield the statements without the type that they give to `name`."""
    for item in items:
        if isinstance(item, syntax.TypeDeclaration):
            entities = tuple(e for e in item.entities if e.name != name)
            yield replace(item, entities=entities)
        else:
            yield item


def names_in_blocks(blocks: Iterable[Sequence[syntax.Item]]) -> frozenset[str]:
    """Return the names that the constructs around a call give a meaning of their own."""
    found: set[str] = set()
    for items in blocks:
        for item in items:
            match item:
                case syntax.TypeDeclaration(entities=entities):
                    found.update(entity.name for entity in entities)
                case syntax.Use(renames=renames):
                    found.update(local for local, _ in renames)
                case _:
                    pass
    return frozenset(found)


def without(
    items: Iterable[syntax.Item], names: Collection[str]
) -> Iterator[syntax.Item]:
    """Yield statements without their declarations of the names."""
    for item in items:
        match item:
            case syntax.TypeDeclaration() | syntax.AttributeStatement() if names:
                kept = tuple(e for e in item.entities if e.name not in names)
                if kept or not item.entities:
                    yield replace(item, entities=kept)
            case _:
                yield item


def redeclared(
    known: Declaration, name: str, spec: syntax.TypeSpec
) -> syntax.TypeDeclaration:
    """Return the declaration, under another name perhaps, of a name that this unit, one around it or a module has."""
    entity = syntax.Entity(name, known.span, known.dimensions, known.length)
    return syntax.TypeDeclaration(spec, (), (entity,), known.span)


def spelled(text: str) -> str:
    """Return a name for an argument that is an expression, as f2py makes it: ``a + 1`` is ``e_a___1_e``."""
    letters = (c if c.isascii() and c.isalnum() else "_" for c in text.lower())
    name = "e_" + "".join(letters)
    return name + ("e" if name.endswith("_") else "_e")
