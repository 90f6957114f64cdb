"""Everything that a block's statements say of each of its names, gathered in one record per name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Span

# Attributes that are only flags; everything else has arguments or means nothing to a wrapper.
FLAGS = frozenset(
    {
        "allocatable",
        "asynchronous",
        "contiguous",
        "external",
        "intrinsic",
        "optional",
        "parameter",
        "pointer",
        "private",
        "protected",
        "public",
        "required",
        "save",
        "target",
        "value",
        "volatile",
    }
)

# Attribute statements that may give a shape: allocatable a(:). What others have behind a name means nothing.
SHAPING = frozenset(
    {"dimension", "virtual", "allocatable", "pointer", "target", "codimension"}
)
# The flag of a coarray.
CODIMENSION = "codimension"
# The flag of a dummy argument that Fortran itself calls optional.
MAY_BE_ABSENT = "may be absent"


@dataclass(frozen=True)
class Declaration:
    """What is said of one name: None and () where nothing is.

    `checks` and `depends` are None where there is no such attribute, () for ``check()`` and ``depend()``.
    """

    name: str
    span: Span = field(compare=False)
    type: syntax.TypeSpec | None = None
    dimensions: tuple[syntax.Text, ...] | None = None
    length: syntax.Text | None = None
    initial: syntax.Text | None = None
    intents: tuple[str, ...] = ()
    checks: tuple[syntax.Text, ...] | None = None
    depends: tuple[str, ...] | None = None
    flags: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    is_parameter: bool = False

    @property
    def is_callback(self) -> bool:
        """Whether the name is a dummy procedure."""
        procedure = self.type is not None and self.type.name == "procedure"
        return "external" in self.flags or procedure


@dataclass(frozen=True)
class Declarations:
    """The names of one block in the order of their first mention, and its other statements."""

    names: dict[str, Declaration]
    items: tuple[syntax.Item, ...]
    block_intents: tuple[str, ...]
    accessibility: str

    def of(self, kind: type[syntax.Item]) -> list[syntax.Item]:
        """Return the block's items of one class, in order."""
        return [item for item in self.items if isinstance(item, kind)]


def gather(items: Iterable[syntax.Item], diagnostics: Diagnostics) -> Declarations:
    """Collect the declarations of one block."""
    names: dict[str, Declaration] = {}
    block_intents: tuple[str, ...] = ()
    accessibility = "public"
    items = tuple(items)
    for item in items:
        match item:
            case syntax.TypeDeclaration():
                declare_entities(names, item, diagnostics)
            case syntax.AttributeStatement() if item.entities:
                attribute_entities(names, item, diagnostics)
            case syntax.AttributeStatement():
                if item.attribute.name == "intent":
                    block_intents += intent_keys(item.attribute)
                elif item.attribute.name in ("private", "public"):
                    accessibility = item.attribute.name
            case syntax.ParameterStatement():
                for name, value in item.values:
                    declaration = names.get(name, Declaration(name, value.span))
                    names[name] = replace(declaration, initial=value, is_parameter=True)
            case syntax.Common():
                for entity in item.entities:
                    names[entity.name] = add_entity(names, entity, None)
            case _:
                pass
    return Declarations(names, items, block_intents, accessibility)


def declare_entities(
    names: dict[str, Declaration],
    item: syntax.TypeDeclaration,
    diagnostics: Diagnostics,
) -> None:
    """Add what a type declaration says of each of its entities."""
    for entity in item.entities:
        declaration = add_entity(names, entity, item.type)
        for attribute in item.attributes:
            declaration = add_attribute(declaration, attribute, diagnostics)
        names[entity.name] = declaration


def attribute_entities(
    names: dict[str, Declaration],
    item: syntax.AttributeStatement,
    diagnostics: Diagnostics,
) -> None:
    """Add what an attribute statement says of each of its entities."""
    for entity in item.entities:
        if item.attribute.name not in SHAPING:
            entity = replace(entity, dimensions=None, length=None)
        declaration = add_entity(names, entity, None)
        names[entity.name] = add_attribute(declaration, item.attribute, diagnostics)


def add_entity(
    names: dict[str, Declaration], entity: syntax.Entity, type_: syntax.TypeSpec | None
) -> Declaration:
    """Return the record of the entity's name with what the entity itself says."""
    known = names.get(entity.name, Declaration(entity.name, entity.span))
    return replace(
        known,
        flags=known.flags | {CODIMENSION} if entity.codimensions else known.flags,
        span=entity.span if type_ is not None else known.span,
        type=type_ if type_ is not None else known.type,
        dimensions=entity.dimensions
        if entity.dimensions is not None
        else known.dimensions,
        length=entity.length if entity.length is not None else known.length,
        initial=entity.initial if entity.initial is not None else known.initial,
    )


def intent_keys(attribute: syntax.Attribute) -> tuple[str, ...]:
    """Return the keys of an intent attribute without blanks, so that ``in out`` is ``inout``."""
    return tuple("".join(t.text.split()) for t in attribute.arguments or ())


def add_attribute(
    declaration: Declaration, attribute: syntax.Attribute, diagnostics: Diagnostics
) -> Declaration:
    """Return the record with one more attribute."""
    arguments = attribute.arguments or ()
    texts = tuple(argument.text for argument in arguments)
    match attribute.name:
        case "intent":
            new = [k for k in intent_keys(attribute) if k not in declaration.intents]
            return replace(declaration, intents=(*declaration.intents, *new))
        case "dimension" | "virtual":
            # An entity's own dimensions win over the attribute of its statement.
            if declaration.dimensions is not None:
                return declaration
            return replace(declaration, dimensions=arguments)
        case "check":
            return replace(
                declaration, checks=(*(declaration.checks or ()), *arguments)
            )
        case "depend":
            return replace(declaration, depends=(*(declaration.depends or ()), *texts))
        case "note":
            return replace(declaration, notes=(*declaration.notes, ",".join(texts)))
        case "parameter":
            return replace(declaration, is_parameter=True)
        case name if name in FLAGS:
            flags = {name}
            if name == "optional" and not attribute.directive:
                flags.add(MAY_BE_ABSENT)
            return replace(declaration, flags=declaration.flags | flags)
        case "codimension":
            return replace(declaration, flags=declaration.flags | {CODIMENSION})
        case "bind" | "kind" | "len" | "extends":
            return declaration
        case name:
            diagnostics.warn(attribute.span, f"attribute {name!r} means nothing here")
            return declaration
