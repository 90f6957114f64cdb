"""Extents that only compiled code can compute: a small Fortran function, compiled with the sources, answers for each.

The function declares what the extent names as the routine sees it: variables of modules by USE, those of common blocks,
the dummy arguments that the extent needs. Python passes these and gets the extent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from f2pypy import syntax
from f2pypy.abi.conventions import Compiler
from f2pypy.diagnostics import Span
from f2pypy.expressions import fortran
from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.nodes import (
    ASKED,
    Call,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
    Stored,
)
from f2pypy.expressions.walk import called_functions, used_names
from f2pypy.model import (
    CommonView,
    DataType,
    FunctionInterface,
    Question,
    SharedName,
)
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.faults import TypeProblem
from f2pypy.resolve.names.association import Entity, declares, own_names
from f2pypy.resolve.names.declarations import Declaration, Declarations, common_members
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import ReadText, read_extent
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    decide_type,
    implicit_type,
    implicit_types,
)

# What fits a line of Fortran with what stands before it.
LONGEST = 100


# These compilers give symbols to what modules keep to themselves.
WITH_PRIVATE_SYMBOLS = ("gfortran", "flang")
SPECIAL = frozenset({"allocatable", "pointer", "optional", "value"})
# Intrinsic functions that extents may call, beside those that f2pypy evaluates.
INTRINSICS = frozenset(
    {
        "allocated", "associated", "ceiling", "dot_product", "findloc", "floor", "iachar", "kind", "lbound", "len",
        "loc", "matmul", "maxloc", "minloc", "norm2", "pack", "reshape", "size", "spread", "storage_size", "transpose",
        "ubound",
    }
)  # fmt: skip
WORD = re.compile(r"[a-z]\w*")


class Unanswerable(Exception):
    """No function outside of the routine can compute the extent."""


@dataclass(frozen=True)
class Asker:
    """Finds what the extents of one routine name; `module` is the one that it stands in, "" for none."""

    unit: syntax.Procedure
    module: str
    scopes: Scopes
    declared: Declarations
    constants: Mapping[str, Expression]
    implicit: ImplicitTypes
    default_integer: int
    compiler: Compiler

    def question(
        self,
        extent: ReadText,
        drafts: Mapping[str, Draft],
        name: str,
        *,
        is_length: bool = False,
    ) -> Question:
        """Return what to ask for an extent.

        Unanswerable where a function can't be told what it means; TypeProblem where a module keeps a name to itself.
        """
        if len(extent.text) > LONGEST or not extent.text.isprintable():
            raise Unanswerable
        try:
            read: Expression = fortran.read_dimension(extent.text)
        except ExpressionError:
            raise Unanswerable from None
        called = called_functions(read)
        names = sorted({each.lower() for each in used_names(read) | called})
        dummies = [each for each in self.unit.arguments if each in names]
        uses: list[SharedName] = []
        commons: dict[str, CommonView] = {}
        private: list[tuple[str, str, DataType, tuple[int, ...]]] = []
        interfaces: list[FunctionInterface] = []
        bodies = bodies_in(self.unit.items)
        constants: list[tuple[str, int, int | None]] = []
        for each in names:
            if each in dummies:
                continue
            constant = self.constants.get(each)
            block = self.block_of(each)
            if isinstance(constant, Integer):
                kind = constant.kind.value if isinstance(constant.kind, Integer) else None  # fmt: skip
                constants.append((each, constant.value, kind))
            elif isinstance(constant, Stored) and constant.axis is None:
                uses.append(SharedName(constant.owner, constant.name, each))
            elif block is not None:
                commons[block] = self.common(block)
            elif each in bodies:
                interfaces.append(self.interface(bodies[each], each, {}))
            else:
                entity = self.entity(each)
                owner = None if entity is None else self.keeper(entity)
                if entity is None and not (each in called and is_intrinsic(each)):
                    raise Unanswerable
                if entity is not None and owner is None:
                    uses.append(SharedName(entity.module, entity.name, each, entity.intrinsic))  # fmt: skip
                elif entity is not None and owner is not None:
                    found = self.kept(owner, entity.name, each, extent)
                    if isinstance(found, FunctionInterface):
                        interfaces.append(found)
                    else:
                        private.append(found)
        return Question(
            name,
            extent.text,
            is_length,
            tuple(self.dummy(drafts[each]) for each in dummies if each in drafts),
            tuple(uses),
            tuple(commons.values()),
            tuple(constants),
            tuple(private),
            tuple(interfaces),
            extent.span,
        )

    def block_of(self, name: str) -> str | None:
        """Return the common block of the routine's own that a variable lies in."""
        for block, members in common_members(self.declared).items():
            if name in members:
                return block
        return None

    def common(self, block: str) -> CommonView:
        """Return a common block as the routine declares it."""
        members = common_members(self.declared)[block]
        found = [self.member(self.declared.names[each]) for each in members]
        return CommonView(block, tuple(found))

    def member(self, declaration: Declaration) -> tuple[str, DataType, tuple[int, ...]]:
        """Return a variable of a common block with its type and its extents."""
        spec = declaration.type or implicit_type(declaration.name, self.implicit)
        if spec is None or declaration.flags & {"allocatable", "pointer"}:
            raise Unanswerable
        try:
            type_ = decide_type(
                spec,
                self.constants,
                entity_length=declaration.length,
                default_integer=self.default_integer,
            )
            extents = [
                read_extent(text, syntax.Dialect.FORTRAN, self.constants)
                for text in declaration.dimensions or ()
            ]
        except TypeProblem:
            raise Unanswerable from None
        counts = [e.expression for e in extents if e is not None]
        values = tuple(e.value for e in counts if isinstance(e, Integer))
        is_open = type_.is_string and not isinstance(type_.length, Integer)
        if type_.derived or is_open or len(values) != len(extents):
            raise Unanswerable
        return declaration.name, type_, values

    def entity(self, name: str) -> Entity | None:
        """Return the entity of a module that a name means, None for one that no scope declares."""
        association = self.scopes.association
        brought = association.brought(self.unit.items)
        if name in brought:
            return lone(brought[name])
        declaration = self.declared.names.get(name)
        own = set(own_names(self.unit.items, self.unit.contained, self.declared))
        if name in own or (declaration is not None and declares(declaration)):
            raise Unanswerable
        host = self.scopes.modules.get(self.module)
        if host is None:
            return None
        declared = self.scopes.declared(host.items)
        if name in own_names(host.items, host.procedures, declared):
            return Entity(host.name, name)
        brought = association.brought(host.items)
        return lone(brought[name]) if name in brought else None

    def keeper(self, entity: Entity) -> syntax.Module | None:
        """Return the module of an entity that it keeps to itself, None for one that everybody may use."""
        owner = self.scopes.modules.get(entity.module)
        if owner is None or entity.intrinsic:
            return None
        return None if self.scopes.is_public(owner, entity.name) else owner

    def kept(
        self, owner: syntax.Module, name: str, local: str, extent: ReadText
    ) -> tuple[str, str, DataType, tuple[int, ...]] | FunctionInterface:
        """Return how a function gets by its symbol what a module keeps to itself; TypeProblem where it can't."""
        inside = self.scopes.inside(owner.name)
        compiler = self.compiler
        if compiler.name.startswith(WITH_PRIVATE_SYMBOLS):
            for unit in owner.procedures:
                if unit.name == name:
                    symbol = compiler.module_procedure.format(module=owner.name, name=name)  # fmt: skip
                    return self.interface(unit, local, inside, symbol)
            declaration = self.scopes.declared(owner.items).names.get(name)
            if declaration is not None:
                implicit = implicit_types(owner.items, None)
                own = replace(self, constants=inside, implicit=implicit)
                _, type_, extents = own.member(declaration)
                if type_.kind is not Kind.CHARACTER:
                    symbol = compiler.module_variable.format(module=owner.name, name=name)  # fmt: skip
                    return symbol, local, type_, extents
        raise TypeProblem(
            extent.span,
            f"{local!r} is private to the module {owner.name}, so that nothing else can ask for it",
        )

    def interface(
        self,
        unit: syntax.Procedure,
        local: str,
        around: Mapping[str, Expression],
        symbol: str = "",
    ) -> FunctionInterface:
        """Return the interface of a function that an extent calls; one with a `symbol` is called as C's are."""
        declared = self.scopes.declared(unit.items).names
        constants = self.scopes.constants(unit.items, around, unit.arguments)
        implicit = implicit_types(unit.items, None)

        def type_of(name: str, own: syntax.TypeSpec | None = None) -> DataType:
            known = declared.get(name) or Declaration(name, unit.span)
            spec = known.type or own or implicit_type(name, implicit)
            if spec is None or known.is_callback or known.flags & SPECIAL:
                raise Unanswerable
            try:
                type_ = decide_type(
                    spec,
                    constants,
                    entity_length=known.length,
                    default_integer=self.default_integer,
                )
            except TypeProblem:
                raise Unanswerable from None
            if type_.derived or (symbol and type_.kind is Kind.CHARACTER):
                raise Unanswerable
            return type_

        def shape_of(name: str) -> tuple[str, ...] | None:
            known = declared.get(name)
            if known is None or known.dimensions is None:
                return None
            texts = tuple(text.text.strip() for text in known.dimensions)
            names = {word for text in texts for word in WORD.findall(text.lower())}
            described = symbol and any(text.endswith(":") for text in texts)
            if described or not names <= set(unit.arguments):
                raise Unanswerable
            return texts

        dummies = tuple((n, type_of(n), shape_of(n)) for n in unit.arguments)
        result = unit.result or unit.name
        if shape_of(result) is not None or unit.kind != "function":
            raise Unanswerable
        return FunctionInterface(local, type_of(result, unit.type), dummies, symbol)

    def dummy(self, draft: Draft) -> tuple[str, DataType, tuple[int, ...] | None]:
        """Return a dummy argument with its type, and the lower bounds of an array."""
        type_ = draft.type
        if draft.declaration.is_callback or type_.derived or draft.assumed_rank:
            raise Unanswerable
        if draft.extents is None:
            return draft.name, type_, None
        lower = tuple(e.value for e in draft.lower if isinstance(e, Integer))
        if len(lower) != len(draft.extents):
            raise Unanswerable
        return draft.name, type_, lower


def is_intrinsic(name: str) -> bool:
    """Whether an extent may call the function though nothing declares it; C's functions stay out."""
    return name in INTRINSICS or is_known_function(name, fortran=True)


def bodies_in(items: Sequence[syntax.Item]) -> dict[str, syntax.Procedure]:
    """Return the procedures outside of modules that a routine's interface blocks describe."""
    return {
        body.name: body
        for item in items
        if isinstance(item, syntax.Interface) and not item.abstract
        for body in item.items
        if isinstance(body, syntax.Procedure)
    }


def lone(entities: Sequence[Entity]) -> Entity:
    """Return the one entity that a name means; a generic has procedures of several modules."""
    if len(entities) != 1:
        raise Unanswerable
    return entities[0]


def call_of(question: Question) -> Call:
    """Return the expression that asks a question."""
    arguments = tuple(Name(name) for name, _, _ in question.dummies)
    return Call(f"{ASKED}{question.name}", arguments)


def asking(question: Question) -> syntax.Procedure:
    """Return the function that answers, as a source would declare it."""
    span = question.span
    arguments = tuple(name for name, _, _ in question.dummies)
    attribute = syntax.Attribute("intent", (syntax.Text("in", span),), span)
    items = [
        syntax.TypeDeclaration(
            written_type(type_, span),
            (attribute,),
            (syntax.Entity(name, span, dimensions=assumed_shape(lower, span)),),
            span,
        )
        for name, type_, lower in question.dummies
    ]
    return syntax.Procedure(
        "function",
        question.name,
        arguments,
        span,
        type=syntax.TypeSpec("integer", syntax.Text("8", span)),
        items=tuple(items),
    )


def assumed_shape(
    lower: tuple[int, ...] | None, span: Span
) -> tuple[syntax.Text, ...] | None:
    """Return the dimensions of an array with these lower bounds, None for a scalar."""
    if lower is None:
        return None
    return tuple(syntax.Text(f"{bound}:", span) for bound in lower)


def written_type(type_: DataType, span: Span) -> syntax.TypeSpec:
    """Return a type that was decided as a source would write it."""
    if type_.kind is Kind.CHARACTER:
        return syntax.TypeSpec("character", length=syntax.Text("*", span))
    size = type_.size // 2 if type_.kind is Kind.COMPLEX else type_.size
    return syntax.TypeSpec(type_.kind.value, syntax.Text(str(size), span))
