"""Extents that only compiled code can compute: a small Fortran function, compiled with the sources, answers for each.

The function declares what the extent names as the routine sees it: variables of modules by USE, those of common blocks,
the routine's own constants, the dummy arguments that the extent needs. Python passes these and gets the extent. What a
module keeps to itself is seen by its submodules alone: there stands the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.abi.conventions import Compiler
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.nodes import Expression, Integer, Kind
from f2pypy.model import CommonView, DataType, FunctionInterface, Question, SharedName
from f2pypy.resolve.arguments.drafts import Draft, Reading, declared_type
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.association import declares, own_names, uses_in
from f2pypy.resolve.names.declarations import Declaration, Declarations, common_members
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import ReadText, read_extent
from f2pypy.resolve.shapes.declared_texts import (
    Unanswerable,
    lower_bound_names,
    lower_bounds,
    names_in,
    numbered,
    spelled_type,
    words_of,
)
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    implicit_type,
    implicit_types,
)

SPECIAL = frozenset({"allocatable", "pointer", "optional", "value"})
# Attributes of a routine's own variables that inquiries may depend on.
ATTRIBUTES = ("allocatable", "pointer")
# Intrinsic functions that extents may call, beside those that f2pypy evaluates.
INTRINSICS = frozenset(
    {
        "achar", "all", "allocated", "any", "associated", "bit_size", "ceiling", "char", "cshift", "digits",
        "dot_product", "eoshift", "epsilon", "exponent", "findloc", "floor", "fraction", "huge", "iachar", "iall",
        "iany", "iparity", "is_contiguous", "kind", "lbound", "leadz", "len", "lge", "lgt", "lle", "llt", "loc",
        "maskl", "maskr", "matmul", "maxexponent", "maxloc", "merge_bits", "minexponent", "minloc", "nearest",
        "norm2", "pack", "parity", "poppar", "precision", "radix", "range", "rank", "reshape", "rrspacing", "scale",
        "selected_char_kind", "selected_int_kind", "selected_real_kind", "set_exponent", "shape", "sizeof", "size",
        "spacing", "spread", "storage_size", "tiny", "trailz", "transfer", "transpose", "ubound", "unpack",
    }
)  # fmt: skip
ANY = DataType(Kind.INTEGER, 4)  # of an argument whose type no question says


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

        Raises Unanswerable where no function can evaluate it, DeclarationError where a name is private to a module.
        """
        if not extent.text.isprintable():
            raise Unanswerable
        seen = self.seen(extent)
        if seen.hidden and not self.compiler.submodule_procedure:
            raise DeclarationError(
                extent.span,
                f"{seen.hidden[0]!r} is private to the module {self.module}, so no other code can read it",
            )
        return Question(
            name,
            extent.text,
            is_length,
            tuple(self.dummy(drafts[each]) for each in seen.dummies if each in drafts),
            # a submodule sees all that its module does
            tuple(u for u in seen.uses if u.own or not seen.hidden),
            tuple(self.common(block) for block in seen.blocks),
            tuple(seen.constants),
            tuple(
                self.line(d) for n, d in self.declared.names.items() if n in seen.own
            ),
            tuple(self.interface(body) for body in seen.bodies),
            extent.span,
            self.module if seen.hidden else "",
        )

    def seen(self, extent: ReadText) -> Seen:
        """Return what the words of an extent mean in the routine, and those of the declarations that it needs."""
        seen = Seen()
        waiting = list(names_in(extent.text))
        known: set[str] = set()
        while waiting:
            name, called = waiting.pop(0)
            if name not in known:
                known.add(name)
                waiting += self.look_up(name, seen, called=called)
        seen.dummies = [each for each in self.unit.arguments if each in seen.dummies]
        return seen

    def look_up(
        self, name: str, seen: Seen, *, called: bool
    ) -> Iterable[tuple[str, bool]]:
        """Note what a name means; return the words of its declaration where the function must repeat that."""
        constant = self.constants.get(name)
        declaration = self.declared.names.get(name)
        bodies = bodies_in(self.unit.items)
        block = self.block_of(name)
        if name in self.unit.arguments:
            seen.dummies.append(name)
            return lower_bound_names(declaration)
        if isinstance(constant, Integer):
            kind = constant.kind.value if isinstance(constant.kind, Integer) else None
            seen.constants.append((name, constant.value, kind))
        elif block is not None:
            if block not in seen.blocks:
                seen.blocks.append(block)
        elif name in bodies:
            seen.bodies.append(bodies[name])
        elif name in self.scopes.association.associated(self.unit.items):
            seen.uses += self.used(name, self.unit.items, own=True)
        elif declaration is not None and declares(declaration):
            if declaration.is_callback:
                raise Unanswerable
            seen.own.add(name)
            return words_of(declaration)
        elif not (self.of_host(name, seen) or (called and is_intrinsic(name))):
            raise Unanswerable
        return ()

    def of_host(self, name: str, seen: Seen) -> bool:
        """Note what a name of the routine's module means; return whether it is one."""
        own = own_names(self.unit.items, self.unit.contained, self.declared)
        host = self.scopes.modules.get(self.module)
        if host is None or name in own:
            return False
        declared = self.scopes.declared(host.items)
        if name in own_names(host.items, host.procedures, declared):
            if self.scopes.is_public(host, name):
                seen.uses.append(SharedName(host.name, name, name))
            else:
                seen.hidden.append(name)
            return True
        if name in self.scopes.association.associated(host.items):
            seen.uses += self.used(name, host.items)
            return True
        return False

    def used(
        self, name: str, items: Sequence[syntax.Item], *, own: bool = False
    ) -> Iterator[SharedName]:
        """Yield where USE brings a name from; a generic comes from several modules."""
        association = self.scopes.association
        for uses in uses_in(items):
            listed = dict(uses.renames)
            if name in listed or name in uses.associated(association.exported(uses)):
                origin = listed.get(name, name)
                intrinsic = uses.intrinsic or uses.module not in self.scopes.modules
                known = intrinsic and uses.module in association.intrinsic
                yield SharedName(uses.module, origin, name, known, own)

    def block_of(self, name: str) -> str | None:
        """Return the common block of the routine's own that a variable lies in."""
        for block, members in common_members(self.declared).items():
            if name in members:
                return block
        return None

    def reading(
        self, constants: Mapping[str, Expression], implicit: ImplicitTypes
    ) -> Reading:
        """Return what declarations of the sources are read with."""
        return Reading(
            syntax.Dialect.FORTRAN, constants, implicit, self.default_integer
        )

    def common(self, block: str) -> CommonView:
        """Return a common block as the routine declares it."""
        members = common_members(self.declared)[block]
        found = [self.member(self.declared.names[each]) for each in members]
        return CommonView(block, tuple(found))

    def member(self, declaration: Declaration) -> tuple[str, DataType, tuple[int, ...]]:
        """Return a variable of a common block with its type and its extents."""
        if declaration.flags & {"allocatable", "pointer"}:
            raise Unanswerable
        reading = self.reading(self.constants, self.implicit)
        try:
            type_ = declared_type(declaration, reading)
            extents = [
                read_extent(text, syntax.Dialect.FORTRAN, self.constants)
                for text in declaration.dimensions or ()
            ]
        except DeclarationError:
            raise Unanswerable from None
        counts = [e.expression for e in extents if e is not None]
        values = tuple(e.value for e in counts if isinstance(e, Integer))
        is_open = type_.is_string and not isinstance(type_.length, Integer)
        if is_open or len(values) != len(extents):
            raise Unanswerable
        return declaration.name, type_, values

    def line(self, declaration: Declaration) -> str:
        """Return the declaration of a constant or a variable of the routine's own."""
        spec = declaration.type or implicit_type(declaration.name, self.implicit)
        if spec is None:
            raise Unanswerable
        attributes = [spelled_type(spec, declaration.length)]
        attributes += [each for each in ATTRIBUTES if each in declaration.flags]
        value = ""
        if declaration.is_parameter and declaration.initial is not None:
            attributes.append("parameter")
            value = f" = {declaration.initial.text.strip()}"
        bounds = ",".join(text.text.strip() for text in declaration.dimensions or ())
        shape = f"({bounds})" if bounds else ""
        return f"{', '.join(attributes)} :: {declaration.name}{shape}{value}"

    def interface(self, unit: syntax.Procedure) -> FunctionInterface:
        """Return the interface of a function outside of modules that an extent calls."""
        declared = self.scopes.declared(unit.items).names
        constants = self.scopes.constants(unit.items, {}, unit.arguments)
        reading = self.reading(constants, implicit_types(unit.items, None))

        def type_of(name: str, own: syntax.TypeSpec | None = None) -> DataType:
            known = declared.get(name) or Declaration(name, unit.span)
            if known.is_callback or known.flags & SPECIAL:
                raise Unanswerable
            try:
                return declared_type(replace(known, type=known.type or own), reading)
            except DeclarationError:
                raise Unanswerable from None

        def shape_of(name: str) -> tuple[str, ...] | None:
            known = declared.get(name)
            if known is None or known.dimensions is None:
                return None
            written = (text.text.strip() for text in known.dimensions)
            return tuple(numbered(each, unit.arguments, constants) for each in written)

        dummies = tuple((n, type_of(n), shape_of(n)) for n in unit.arguments)
        result = unit.result or unit.name
        if shape_of(result) is not None or unit.kind != "function":
            raise Unanswerable
        return FunctionInterface(unit.name, type_of(result, unit.type), dummies)

    def dummy(self, draft: Draft) -> tuple[str, DataType, tuple[str, ...] | None]:
        """Return a dummy argument with its type, and the lower bounds of an array."""
        type_ = draft.type
        # Python reads components of objects itself
        is_object = type_.kind is Kind.DERIVED
        if is_object or draft.declaration.is_callback or draft.assumed_rank:
            raise Unanswerable
        if draft.extents is None:
            return draft.name, type_, None
        written = lower_bounds(self.declared.names[draft.name])
        known = draft.lower or (None,) * len(written)
        lower = (
            str(value.value) if isinstance(value, Integer) else text
            for value, text in zip(known, written, strict=True)
        )
        return draft.name, type_, tuple(lower)


@dataclass
class Seen:
    """What the words of one extent mean; `hidden` are names that the routine's module keeps to itself.

    `own` are constants and variables that the routine declares, `bodies` the interfaces of functions outside of
    modules, `blocks` common blocks.
    """

    dummies: list[str] = field(default_factory=list)
    uses: list[SharedName] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    constants: list[tuple[str, int, int | None]] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    bodies: list[syntax.Procedure] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def asker_of(
    name: str,
    module: str,
    scopes: Scopes,
    external: Mapping[str, syntax.Procedure],
    default_integer: int,
    compiler: Compiler,
) -> Asker | None:
    """Return what knows the names in a routine of the sources, None for one that they don't have."""
    host = scopes.modules.get(module)
    inside = {} if host is None else separate_bodies(host)
    inside |= {} if host is None else {unit.name: unit for unit in host.procedures}
    unit = inside.get(name) if module else external.get(name)
    if unit is None:
        return None
    around = None if host is None else scopes.inside(module)
    of_host = None if host is None else implicit_types(host.items, None)
    return Asker(
        unit,
        module,
        scopes,
        scopes.declared(unit.items),
        scopes.constants(unit.items, around, unit.arguments),
        implicit_types(unit.items, of_host),
        default_integer,
        compiler,
    )


def separate_bodies(module: syntax.Module) -> dict[str, syntax.Procedure]:
    """Return the interfaces of procedures that a module's submodules hold."""
    bodies = bodies_in(module.items)
    return {name: body for name, body in bodies.items() if "module" in body.prefixes}


def without_source(
    extent: ReadText, arguments: Sequence[str], name: str, *, is_length: bool
) -> Question:
    """Return a question that nobody can ask, for an extent whose names only the sources know."""
    words = {word for word, _ in names_in(extent.text)}
    dummies = tuple((each, ANY, None) for each in arguments if each in words)
    return Question(
        name, extent.text, is_length, dummies, (), (), (), (), (), extent.span
    )


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
