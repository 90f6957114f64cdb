"""Warns about mistakes in hand-written signature files that f2py accepts silently."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics, Span, nearest
from f2pypy.resolve.arguments.intents import keys_of

# Attributes that say something of arguments alone.
OF_ARGUMENTS = frozenset({"intent", "optional", "required", "check", "depend"})
# Intents that give what is no argument a meaning.
OF_OTHERS = frozenset({"aux", "callback", "c", "hide"})
# Keys of which one makes the other mean nothing: the first is what counts.
CONTRADICTIONS = (
    ("in", "inout"),
    ("hide", "inout"),
    ("hide", "inplace"),
    ("inplace", "in"),
    ("inplace", "inout"),
    ("overwrite", "copy"),
    ("required", "optional"),
)

Remark = tuple[Span, str]


def remark_on(items: Iterable[syntax.Item], diagnostics: Diagnostics) -> None:
    """Warn about mistakes in the routines of a module and its interfaces."""
    items = tuple(items)
    has_rules = any(isinstance(item, syntax.Implicit) for item in items)
    outer = frozenset(declared_names(items))
    for item in items:
        match item:
            case syntax.Procedure(kind="subroutine" | "function"):
                for span, message in RoutineRemarks(item, outer, has_rules).all():
                    diagnostics.warn(span, message)
            case syntax.Interface(items=inner) | syntax.Module(items=inner):
                remark_on(inner, diagnostics)
            case _:
                pass


def declared_names(items: Iterable[syntax.Item]) -> Iterator[str]:
    """Yield the names that statements mention."""
    for item in items:
        match item:
            case syntax.TypeDeclaration() | syntax.AttributeStatement():
                yield from (entity.name for entity in item.entities)
            case syntax.Common():
                yield from (entity.name for entity in item.entities)
            case syntax.ParameterStatement(values=values):
                yield from (name for name, _ in values)
            case syntax.Use(renames=renames):
                yield from (local for local, _ in renames)
            case _:
                pass


@dataclass(frozen=True)
class RoutineRemarks:
    """Looks at one routine; `outer` are the names around it, `has_rules` whether implicit rules are."""

    unit: syntax.Procedure
    outer: frozenset[str]
    has_rules: bool

    def all(self) -> Iterator[Remark]:
        """Yield the remarks in the order of the statements."""
        yield from self.undeclared()
        said: dict[str, list[str]] = {}
        defaults = with_defaults(self.unit.items)
        for item in self.unit.items:
            match item:
                case syntax.TypeDeclaration(attributes=attributes):
                    pass
                case syntax.AttributeStatement(attribute=attribute):
                    attributes = (attribute,)
                case _:
                    continue
            for attribute in attributes:
                yield from self.of_strangers(attribute, item.entities)
                yield from self.of_depend(attribute)
                yield from contradictions(attribute, item.entities, said)
                if is_intent_optional(attribute):
                    yield from without_default(attribute, item.entities, defaults)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The dummy arguments, those of entries too."""
        entries = [i for i in self.unit.items if isinstance(i, syntax.Entry)]
        own = (*self.unit.arguments, *(a for e in entries for a in e.arguments))
        return tuple(dict.fromkeys(own))

    @property
    def results(self) -> frozenset[str]:
        """The names that have to do with the routine and its entries themselves."""
        entries = [i for i in self.unit.items if isinstance(i, syntax.Entry)]
        names = {self.unit.name, self.unit.result}
        names |= {name for e in entries for name in (e.name, e.result)}
        return frozenset(name for name in names if name)

    def undeclared(self) -> Iterator[Remark]:
        """Yield the dummy arguments without a declared type."""
        if self.has_rules:
            return
        typed: set[str] = set()
        for item in self.unit.items:
            match item:
                case syntax.Implicit():
                    return
                case syntax.TypeDeclaration(entities=entities):
                    typed |= {entity.name for entity in entities}
                case syntax.AttributeStatement(attribute=attribute, entities=entities):
                    if is_procedure(attribute):
                        typed |= {entity.name for entity in entities}
                case syntax.CallSite(name=name):
                    typed.add(name)
                case syntax.Interface(items=items):
                    bodies = [i for i in items if isinstance(i, syntax.Procedure)]
                    typed |= {body.name for body in bodies}
                case _:
                    pass
        for name in self.arguments:
            if name not in typed and name != "*":
                message = f"argument {name!r} of {self.unit.name} is not declared: its first letter gives it a type"
                yield self.unit.span, message

    def of_strangers(
        self, attribute: syntax.Attribute, entities: Sequence[syntax.Entity]
    ) -> Iterator[Remark]:
        """Yield remarks on attributes of names that are no arguments."""
        if attribute.name not in OF_ARGUMENTS or OF_OTHERS & set(keys_of(attribute)):
            return
        for entity in entities:
            if entity.name not in self.arguments and entity.name not in self.results:
                message = (
                    f"{entity.name!r} is no argument of {self.unit.name}: this {attribute.name} has no effect"
                    + nearest(entity.name, self.arguments)
                )
                yield entity.span, message

    def of_depend(self, attribute: syntax.Attribute) -> Iterator[Remark]:
        """Yield the unknown names in depend(...)."""
        if attribute.name != "depend":
            return
        known = {*self.arguments, *self.results, *self.outer}
        known |= set(declared_names(self.unit.items))
        for text in attribute.arguments or ():
            if text.text and text.text not in known:
                message = (
                    f"depend({text.text}): nothing in {self.unit.name} is named {text.text!r}"
                    + nearest(text.text, self.arguments)
                )
                yield text.span, message


def contradictions(
    attribute: syntax.Attribute,
    entities: Sequence[syntax.Entity],
    said: dict[str, list[str]],
) -> Iterator[Remark]:
    """Yield the keys without effect beside others; `said` collects the keys of each name."""
    new = keys_of(attribute)
    for entity in entities:
        before = said.setdefault(entity.name, [])
        for kept, lost in CONTRADICTIONS:
            both = {kept, lost} <= {*before, *new}
            if both and not {kept, lost} <= set(before):
                yield (
                    attribute.span,
                    f"{entity.name!r} is {kept} and {lost}: {lost} has no effect beside {kept}",
                )
        before += new


def is_intent_optional(attribute: syntax.Attribute) -> bool:
    """Whether an intent says ``optional``, which is an attribute of its own."""
    return attribute.name == "intent" and "optional" in keys_of(attribute)


def with_defaults(items: Iterable[syntax.Item]) -> frozenset[str]:
    """Return the names that are optional without that: they have a default, or the attribute."""
    found: set[str] = set()
    for item in items:
        match item:
            case syntax.TypeDeclaration(attributes=attributes, entities=entities):
                is_optional = any(each.name == "optional" for each in attributes)
            case syntax.AttributeStatement(attribute=attribute, entities=entities):
                is_optional = attribute.name == "optional"
            case _:
                continue
        found |= {e.name for e in entities if is_optional or e.initial is not None}
    return frozenset(found)


def without_default(
    attribute: syntax.Attribute,
    entities: Iterable[syntax.Entity],
    defaults: Container[str],
) -> Iterator[Remark]:
    """Yield the names that ``intent(optional)`` is said of in vain."""
    for entity in entities:
        if entity.name not in defaults:
            effect = f"intent(optional) has no effect, so {entity.name!r} is required"
            yield attribute.span, f"{effect}: optional is an attribute of its own"


def is_procedure(attribute: syntax.Attribute) -> bool:
    """Whether an attribute makes a name that of a procedure."""
    return attribute.name == "external" or "callback" in keys_of(attribute)
