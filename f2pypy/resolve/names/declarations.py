"""Gathers a block's declarations: one record per name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.model import DataType
from f2pypy.resolve.faults import DeclarationError

# Attributes that are only flags; everything else has arguments or means nothing to a wrapper.
FLAGS = frozenset(
    {
        "allocatable",
        "asynchronous",
        "contiguous",
        "external",
        "intrinsic",
        "nopass",
        "optional",
        "parameter",
        "pass",
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

# Attribute statements that may give a shape: allocatable a(:). A shape in other statements has no effect.
SHAPING = frozenset(
    {"dimension", "virtual", "allocatable", "pointer", "target", "codimension"}
)
# The flag of a coarray.
CODIMENSION = "codimension"
# The flag of a dummy argument that Fortran itself calls optional.
MAY_BE_ABSENT = "may be absent"
# The flag of one that Fortran itself says it only reads.
READ_ONLY = "read only"


@dataclass(frozen=True)
class Declaration:
    """The declaration of one name; fields are None or () if no statement sets them.

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

    @property
    def length_text(self) -> syntax.Text | None:
        """The length of characters as the source writes it."""
        of_type = self.type.length if self.type is not None else None
        return self.length or of_type


@dataclass(frozen=True)
class Declarations:
    """The names of one block in the order of their first mention, and its other statements.

    `accessibility` is what a PUBLIC or PRIVATE statement says of all names, "" where there is none.
    """

    names: dict[str, Declaration]
    items: tuple[syntax.Item, ...]
    block_intents: tuple[str, ...]
    accessibility: str

    def of(self, kind: type[syntax.Item]) -> list[syntax.Item]:
        """Return the block's items of one class, in order."""
        return [item for item in self.items if isinstance(item, kind)]


@dataclass(slots=True)
class _Said:
    """The declaration of one name so far; the fields are those of `Declaration`."""

    name: str
    span: Span
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

    def declaration(self) -> Declaration:
        """Return what all statements together say, which no statement can change any more."""
        return Declaration(
            self.name, self.span, self.type, self.dimensions, self.length, self.initial, self.intents, self.checks,
            self.depends, self.flags, self.notes, self.is_parameter,
        )  # fmt: skip

    def add_entity(self, entity: syntax.Entity, type_: syntax.TypeSpec | None) -> None:
        """Add the entity's shape, length, value and type; if a directive contradicts, the first one counts."""
        if type_ is not None and self.type is None:
            self.type, self.span = type_, entity.span
        elif type_ is not None and self.type is not None:
            self.type = completed(self.type, type_)
        if entity.dimensions is not None and self.dimensions is None:
            self.dimensions = entity.dimensions
        if entity.length is not None and self.length is None:
            self.length = entity.length
        if entity.initial is not None:
            self.initial = entity.initial
        if entity.codimensions:
            self.flags |= {CODIMENSION}

    def add_attribute(
        self, attribute: syntax.Attribute, diagnostics: Diagnostics
    ) -> None:
        """Note an attribute; a warning says which ones have no effect. The first `dimension` counts, others add up."""
        arguments = attribute.arguments or ()
        match attribute.name:
            case "intent":
                keys = intent_keys(attribute)
                if "in" in keys and not attribute.directive:
                    self.flags |= {READ_ONLY}
                self.intents += tuple(k for k in keys if k not in self.intents)
            case "dimension" | "virtual":
                # An entity's own dimensions win over the attribute of its statement.
                if self.dimensions is None and arguments:
                    self.dimensions = arguments
            case "check":
                self.checks = (*(self.checks or ()), *arguments)
            case "depend":
                self.depends = (*(self.depends or ()), *(t.text for t in arguments))
            case "note":
                self.notes += (",".join(text.text for text in arguments),)
            case "parameter":
                self.is_parameter = True
            case "optional":
                absent = () if attribute.directive else (MAY_BE_ABSENT,)
                self.flags |= {"optional", *absent}
            case name if name in FLAGS:
                self.flags |= {name}
            case "codimension":
                self.flags |= {CODIMENSION}
            case "bind" | "kind" | "len" | "extends":
                pass
            case name:
                diagnostics.warn(
                    attribute.span, f"attribute {name!r} has no effect here"
                )


def completed(first: syntax.TypeSpec, later: syntax.TypeSpec) -> syntax.TypeSpec:
    """Return the type from two statements: the later one may add a kind, or a length for ``len=*``."""
    if first.name != later.name:
        return first
    kind = first.kind or later.kind
    has_any_length = first.length is None or first.length.text.strip() == "*"
    length = later.length if has_any_length and later.length else first.length
    star = later.star if first.kind is None and first.length is None else first.star
    return replace(first, kind=kind, length=length, star=star)


@dataclass(frozen=True)
class Gathered:
    """The declarations of units; the items of each are looked through once."""

    diagnostics: Diagnostics
    # by the identity of a unit's items, which live as long as the entry
    _known: dict[int, Declarations] = field(default_factory=dict)

    def of(self, items: Sequence[syntax.Item]) -> Declarations:
        """Return the declarations among the items of a unit."""
        known = self._known.get(id(items))
        if known is None or known.items is not items:
            known = self._known[id(items)] = gather(items, self.diagnostics)
        return known


def gather(items: Iterable[syntax.Item], diagnostics: Diagnostics) -> Declarations:
    """Return one record for each name that a block declares, from all statements that mention it."""
    names: dict[str, _Said] = {}
    block_intents: tuple[str, ...] = ()
    accessibility = ""
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
                    said = said_of(names, name, value.span)
                    said.initial, said.is_parameter = value, True
            case syntax.Common():
                for entity in item.entities:
                    said = said_of(names, entity.name, entity.span)
                    said.add_entity(entity, None)
            case syntax.DerivedType(name=name, attributes=attributes):
                access = {each.name for each in attributes} & {"public", "private"}
                if access:
                    said_of(names, name, item.span).flags |= access
            case (
                # rules and names from elsewhere; values and storage
                syntax.Implicit()
                | syntax.Use()
                | syntax.Import()
                | syntax.Data()
                | syntax.Equivalence()
                # what declares for itself: `own_names` has these names
                | syntax.Interface()
                | syntax.ModuleProcedure()
                | syntax.Associate()
                | syntax.Enumeration()
                | syntax.Procedure()
                | syntax.Entry()
                | syntax.Module()
                | syntax.BlockData()
                | syntax.PythonModule()
                # what is about the whole routine, or its calls
                | syntax.Code()
                | syntax.FortranName()
                | syntax.ThreadSafe()
                | syntax.Documentation()
                | syntax.CallSite()
                | syntax.PassedProcedure()
            ):
                pass
            case _:
                assert_never(item)
    declared = {name: said.declaration() for name, said in names.items()}
    return Declarations(declared, items, block_intents, accessibility)


def declare_entities(
    names: dict[str, _Said], item: syntax.TypeDeclaration, diagnostics: Diagnostics
) -> None:
    """Add a type declaration to the record of each of its entities."""
    for entity in item.entities:
        said = said_of(names, entity.name, entity.span)
        said.add_entity(entity, item.type)
        for attribute in item.attributes:
            said.add_attribute(attribute, diagnostics)


def attribute_entities(
    names: dict[str, _Said], item: syntax.AttributeStatement, diagnostics: Diagnostics
) -> None:
    """Add an attribute statement to the record of each of its entities."""
    shapes = item.attribute.name in SHAPING
    for entity in item.entities:
        said = said_of(names, entity.name, entity.span)
        if shapes:
            said.add_entity(entity, None)
        elif entity.initial is not None:
            said.initial = entity.initial
        said.add_attribute(item.attribute, diagnostics)


def said_of(names: dict[str, _Said], name: str, span: Span) -> _Said:
    """Return the record of a name, a new one at its first mention."""
    said = names.get(name)
    if said is None:
        said = names[name] = _Said(name, span)
    return said


def result_of(unit: syntax.Procedure) -> str | None:
    """Return the name of a function's result, None for a subroutine."""
    return None if unit.kind != "function" else unit.result or unit.name


def declaration_of_result(
    name: str, unit: syntax.Procedure, declared: Declarations
) -> Declaration:
    """Return the declaration of a function's result: its type may stand in the prefix, or with the function's name."""
    declaration = declared.names.get(name) or Declaration(name, unit.span)
    if declaration.type is not None:
        return declaration
    of_function = declared.names.get(unit.name)
    return replace(
        declaration,
        type=unit.type or (of_function.type if of_function else None),
    )


def intent_keys(attribute: syntax.Attribute) -> tuple[str, ...]:
    """Return the keys of an intent attribute without blanks, so that ``in out`` is ``inout``."""
    return tuple("".join(t.text.split()) for t in attribute.arguments or ())


def refuse_deferred_length(declaration: Declaration, type_: DataType) -> None:
    """Raise DeclarationError for a length ``:`` of an entity that is neither allocatable nor a pointer."""
    if type_.deferred and not {"allocatable", "pointer"} & declaration.flags:
        raise DeclarationError(
            declaration.span,
            f"the length ':' of {declaration.name!r} needs an allocatable or a pointer",
        )


def common_members(declared: Declarations) -> dict[str, tuple[str, ...]]:
    """Return the variables of each common block in a unit; blocks that are continued later are one."""
    found: dict[str, tuple[str, ...]] = {}
    for item in declared.of(syntax.Common):
        assert isinstance(item, syntax.Common)
        names = tuple(entity.name for entity in item.entities)
        found[item.block] = (*found.get(item.block, ()), *names)
    return {name: members for name, members in found.items() if members}
