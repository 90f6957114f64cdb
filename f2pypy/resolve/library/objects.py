"""Resolves common blocks and Fortran modules to their variables and routines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from f2pypy import model, syntax
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions.nodes import Expression
from f2pypy.resolve.faults import DeclarationError, left_out_if_faulty
from f2pypy.resolve.library.bindings import (
    BindingReader,
    Bound,
    input_output,
    with_object_in_place,
)
from f2pypy.resolve.library.blocks import Block, modules_in, routines_of
from f2pypy.resolve.library.enumerations import read_enumeration
from f2pypy.resolve.library.generics import GenericReader
from f2pypy.resolve.library.overriding import OverridingReader
from f2pypy.resolve.library.pointers import PointerReader
from f2pypy.resolve.library.records import TypeReader
from f2pypy.resolve.library.reexports import ReexportReader
from f2pypy.resolve.library.storage import Storage, storage_of
from f2pypy.resolve.library.variables import read_variable
from f2pypy.resolve.names.association import is_accessible, own_names
from f2pypy.resolve.names.declarations import Declaration, Declarations, common_members
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.identifiers import check_attribute, check_symbol
from f2pypy.resolve.names.origins import origin_of
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.pointers import module_pointers
from f2pypy.resolve.procedures.procedure import add_procedure, decide
from f2pypy.resolve.procedures.routine import Surroundings
from f2pypy.resolve.types.declared import ImplicitTypes, implicit_types

BLANK = "_BLNK_"
# Names that f2py's C code keeps for itself: a variable of a common block gets such a name with "_bn" appended.
KEPT_BY_F2PY = frozenset(
    {
        "int", "double", "float", "char", "short", "long", "void", "case", "while", "return", "signed", "unsigned",
        "if", "for", "typedef", "sizeof", "union", "struct", "static", "register", "new", "break", "do", "goto",
        "switch", "continue", "else", "inline", "extern", "delete", "const", "auto", "len", "rank", "shape", "index",
        "slen", "size", "_i", "max", "min", "flen", "fshape", "string", "complex_double", "float_double", "stdin",
        "stderr", "stdout", "type", "default",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ObjectReader:
    """Resolves the common blocks and Fortran modules of a library; `is_wanted` selects the routines to wrap."""

    scopes: Scopes
    around: Surroundings
    is_wanted: Callable[..., bool]
    diagnostics: Diagnostics

    # Common blocks.

    def commons(self, items: Iterable[syntax.Item]) -> tuple[model.CommonBlock, ...]:
        """Return the common blocks that any unit mentions; where several do, the first one counts."""
        found: dict[str, model.CommonBlock] = {}
        seen: set[str] = set()
        for block in self.blocks(
            items, self.around.constants, self.around.implicit, {}
        ):
            declared = self.scopes.declared(block.items)
            for name, members in common_members(declared).items():
                if name in seen:
                    continue
                seen.add(name)
                what = f"common block {name or BLANK}"
                span = common_span(name, declared)
                subject = f".{name or BLANK}"
                with left_out_if_faulty(what, span, self.diagnostics, subject):
                    found[name] = self.common(name, members, block, declared)
        return tuple(found.values())

    def blocks(
        self,
        items: Iterable[syntax.Item],
        constants: Mapping[str, Expression],
        implicit: ImplicitTypes | None,
        types: TypesSeen,
    ) -> Iterator[Block]:
        """Yield the units that may hold common blocks, modules before their routines."""
        for item in items:
            match item:
                case syntax.PythonModule(name=name) if "__user__" in name:
                    pass
                case syntax.PythonModule() | syntax.Interface():
                    if any(isinstance(i, syntax.Common) for i in item.items):
                        yield self.block(item, constants, implicit, types)
                    yield from self.blocks(item.items, constants, implicit, types)
                case syntax.Procedure() if not self.is_wanted(item.name):
                    pass
                case syntax.Procedure() | syntax.BlockData():
                    if any(isinstance(i, syntax.Common) for i in item.items):
                        yield self.block(item, constants, implicit, types)
                case syntax.Module():
                    block = self.block(item, constants, implicit, types)
                    yield block
                    yield from self.blocks(
                        routines_of(item),
                        block.constants,
                        block.implicit,
                        block.types,
                    )
                case _:
                    pass

    def block(
        self,
        unit: syntax.Procedure
        | syntax.BlockData
        | syntax.Module
        | syntax.Interface
        | syntax.PythonModule,
        constants: Mapping[str, Expression],
        implicit: ImplicitTypes | None,
        types: TypesSeen,
    ) -> Block:
        """Return a unit with what it sees of its host and its own; `types` are the derived types of the host."""
        if isinstance(unit, syntax.Module):
            seen = self.scopes.of_module(unit, constants)
        else:
            seen = self.scopes.constants(unit.items, constants)
        return Block(
            unit.name,
            unit.items,
            seen,
            implicit_types(unit.items, implicit),
            self.scopes.types.inside(unit.name)
            if isinstance(unit, syntax.Module)
            else self.scopes.types.seen(unit.items, types),
        )

    def common(
        self,
        name: str,
        members: tuple[str, ...],
        block: Block,
        declared: Declarations,
    ) -> model.CommonBlock:
        """Return one common block; DeclarationError where a variable in it can't be decided."""
        span = common_span(name, declared)
        check_attribute(name or BLANK, span)
        variables = tuple(
            kept_apart(read_variable(declared.names[member], block, self.around))
            for member in members
        )
        for variable in variables:
            if -1 in variable.extents:
                raise DeclarationError(
                    variable.span, f"the extents of {variable.name!r} aren't constant"
                )
        symbol = block.symbols.get(f"/{name}/", "")
        if symbol:
            check_symbol(symbol, span)
        return model.CommonBlock(name or BLANK, variables, span, symbol)

    # Fortran modules.

    def modules(self, items: Iterable[syntax.Item]) -> tuple[model.FortranModule, ...]:
        """Return the Fortran modules that show a variable or a routine; of two with one name the first."""
        found: dict[str, model.FortranModule] = {}
        units = tuple(modules_in(items))
        generics = self.generics(units)
        bound = self.binder.bound(units, itertools.chain(*generics.values()))
        for unit in units:
            if unit.name not in found:
                what = f"module {unit.name}"
                subject = f".{unit.name}"
                with left_out_if_faulty(what, unit.span, self.diagnostics, subject):
                    module = self.module(unit, generics, bound)
                    if module.holds_something or self.lacks_something(unit):
                        found[unit.name] = module
        return tuple(found.values())

    def lacks_something(self, unit: syntax.Module) -> bool:
        """Whether something of a module was left out: its object says why."""
        subjects = (s for d in self.diagnostics.found for s in d.subjects)
        return any(subject.startswith(f"{unit.name}.") for subject in subjects)

    def module(
        self,
        unit: syntax.Module,
        generics: Mapping[str, tuple[model.Generic, ...]],
        bound: Bound,
    ) -> model.FortranModule:
        """Return one module with the variables and routines that it shows and that can be wrapped.

        `generics` are the generic names of all modules, `bound` says which procedures have other names than their own.
        """
        check_attribute(unit.name, unit.span)
        origin = partial(origin_of, items=unit.items, modules=self.scopes.modules)
        block = self.block(unit, self.around.constants, self.around.implicit, {})
        declared = self.scopes.declared(unit.items)
        routines = {r.name for p in routines_of(unit) for r in with_entries(p)}
        storage = storage_of(declared)
        variables = []
        for name, declaration in declared.names.items():
            what = f"{unit.name}.{declaration.name}"
            if name in routines or not is_module_variable(declaration, declared):
                continue
            with left_out_if_faulty(
                what, declaration.span, self.diagnostics, what, origin
            ):
                variables.append(self.module_variable(declaration, block, storage))
        module = model.FortranModule(
            unit.name,
            tuple(variables),
            self.module_procedures(unit, block, declared, bound),
            unit.span,
            self.types(unit, block, declared),
            tuple(
                replace(generic, text=unit.description.of(generic.name))
                for generic in generics.get(unit.name, ())
            ),
            self.enumerations(unit, block, declared),
            self.binder.operators(unit),
            module_pointers(unit, declared, self.around, self.diagnostics, decide),
            self.reexporter.of_module(unit, declared),
        )
        return replace(module, description=unit.description.about(module.described))

    @cached_property
    def generic_reader(self) -> GenericReader:
        """What finds the procedures of generic names."""
        return GenericReader(self.scopes, self.diagnostics)

    @cached_property
    def binder(self) -> BindingReader:
        """What finds the procedures that are bound to types."""
        return BindingReader(self.generic_reader)

    @cached_property
    def reexporter(self) -> ReexportReader:
        """What finds the names that modules show of others."""
        return ReexportReader(self.generic_reader, self.is_wanted)

    def generics(
        self, units: Iterable[syntax.Module]
    ) -> dict[str, tuple[model.Generic, ...]]:
        """Return the public generic names of each module that ``only:`` and ``skip:`` leave in."""
        reader = self.generic_reader
        return {
            unit.name: tuple(
                g for g in reader.of_module(unit) if self.is_wanted(g.name)
            )
            for unit in units
        }

    def enumerations(
        self, unit: syntax.Module, block: Block, declared: Declarations
    ) -> tuple[model.Enumeration, ...]:
        """Return the ENUM blocks of a module that have public enumerators."""
        found: list[model.Enumeration] = []
        taken = set(own_names(unit.items, unit.procedures, declared))
        for item in unit.items:
            if not isinstance(item, syntax.Enumeration):
                continue
            names = [name for name, _ in item.enumerators]
            public = [name for name in names if is_accessible(name, declared)]
            read, unknown = read_enumeration(item, public, block.constants, taken)
            for name in unknown:
                message = f"{unit.name}.{name} is left out: the value of this enumerator isn't known"
                self.diagnostics.skip(item.span, message, f"{unit.name}.{name}")
            taken.add(read.name)
            if read.members:
                found.append(read)
        return tuple(found)

    def types(
        self, unit: syntax.Module, block: Block, declared: Declarations
    ) -> tuple[model.DerivedType, ...]:
        """Return the derived types of a module."""
        reader = TypeReader(block, declared, self.around, self.diagnostics)
        overriding = OverridingReader(unit, self.around)
        pointing = PointerReader(unit, self.around)
        for name, span in input_output(unit, declared):
            self.diagnostics.warn(
                span,
                f"{name} is no method: only statements of Fortran call it. A routine "
                "that reads or writes the object can be wrapped",
            )
        return tuple(
            pointing.completed(overriding.completed(self.binder.completed(type_, unit)))
            for type_ in reader.types()
        )

    def module_variable(
        self, declaration: Declaration, block: Block, storage: Storage
    ) -> model.Variable:
        """Return one variable of a module; DeclarationError if it can't be decided."""
        variable = read_variable(declaration, block, self.around)
        if variable.name in storage.commons:
            return replace(variable, common=storage.commons[variable.name] or BLANK)
        if variable.name in storage.shared and not variable.values:
            if not self.around.computes:
                raise DeclarationError(
                    variable.span,
                    "it shares its storage by EQUIVALENCE, and only a compiler knows its address (-c)",
                )
            return replace(variable, shared=not variable.computed)
        is_deferred = variable.allocatable or variable.pointer
        if is_deferred and any(extent >= 0 for extent in variable.extents):
            raise DeclarationError(variable.span, "its extents must be deferred (':')")
        if not is_deferred and -1 in variable.extents:
            raise DeclarationError(variable.span, "its extents aren't constant")
        return variable

    def module_procedures(
        self,
        unit: syntax.Module,
        block: Block,
        declared: Declarations,
        bound: Bound,
    ) -> tuple[model.Procedure, ...]:
        """Return the routines of a module that ``only:`` and ``skip:`` leave in: public ones, and those of generics."""
        found: dict[str, model.Procedure] = {}
        places = self.around.places
        around = replace(
            self.around,
            implicit=block.implicit,
            fortran_module=unit.name,
            host=self.around.host if places is None else places.module(unit),
            types=block.types,
        )
        specific = specific_procedures(unit, declared)

        def seen(routine: syntax.Procedure) -> Surroundings:
            constants = self.scopes.constants(
                routine.items, block.constants, routine.arguments
            )
            return replace(around, constants=constants)

        for owner in routines_of(unit):
            for routine in with_entries(owner):
                name = routine.name
                itself = model.Specific(unit.name, name)
                generics = bound.names.get(itself, ())
                if itself in bound.objects:
                    routine = with_object_in_place(routine, bound.objects[itself])
                shown = is_accessible(name, declared) or name in specific
                is_wanted = bool(shown or generics) and self.is_wanted(name, *generics)
                is_wanted = is_wanted and name not in found
                subject = f"{unit.name}.{name}"
                add_procedure(
                    found, routine, seen, self.diagnostics, subject, is_wanted=is_wanted
                )
                if is_wanted and name in found:
                    hidden = not (shown or itself in bound.generic)
                    found[name] = replace(found[name], hidden=hidden)
        return tuple(found.values())


def kept_apart(variable: model.Variable) -> model.Variable:
    """Return a variable of a common block with f2py's name for it, which ends in ``_bn`` if C reserves its own."""
    if variable.name not in KEPT_BY_F2PY:
        return variable
    return replace(variable, name=f"{variable.name}_bn")


def common_span(block: str, declared: Declarations) -> Span:
    """Return the place of the first statement that names a common block."""
    items = [i for i in declared.items if isinstance(i, syntax.Common)]
    return next(item.span for item in items if item.block == block)


def specific_procedures(unit: syntax.Module, declared: Declarations) -> frozenset[str]:
    """Return the procedures, private ones too, that a public generic name or operator stands for."""
    return frozenset(
        name
        for block in unit.items
        if isinstance(block, syntax.Interface) and is_accessible(block.name, declared)
        for item in block.items
        if isinstance(item, syntax.ModuleProcedure)
        for name in item.names
    )


def is_module_variable(declaration: Declaration, declared: Declarations) -> bool:
    """Whether the name is a public variable or constant, or a public function's."""
    is_described = (
        declaration.type is not None
        or declaration.dimensions is not None
        or declaration.is_parameter
    )
    if not is_described or declaration.is_callback:
        return False
    is_hidden = "hide" in declaration.intents
    return is_accessible(declaration.name, declared) and not is_hidden
