"""From the prototype of a dummy procedure to the signature under which Fortran calls Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from f2pypy import syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.f2py_texts import default_text
from f2pypy.expressions.nodes import Expression, Stored
from f2pypy.model import Argument, Callback, Direction, Form
from f2pypy.resolve.arguments.drafts import Draft, Reading, draft_of
from f2pypy.resolve.arguments.dummies import Owner, dummy_argument
from f2pypy.resolve.arguments.expression_scope import scope_of
from f2pypy.resolve.arguments.order import order_by_dependency
from f2pypy.resolve.faults import DeclarationError, left_out_if_faulty
from f2pypy.resolve.names.declarations import (
    Declaration,
    Declarations,
    declaration_of_result,
    result_of,
)
from f2pypy.resolve.names.derived_types import TypesSeen
from f2pypy.resolve.names.identifiers import check_name
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import names_in
from f2pypy.resolve.shapes.inference import infer_extents
from f2pypy.resolve.types.compiler_kinds import as_returned
from f2pypy.resolve.types.declared import ImplicitTypes, implicit_types

# Keys by which a routine's Fortran gets other memory than the caller's
COPIES = frozenset({"copy", "overwrite", "cache"})
DEFERRED = frozenset({"allocatable", "pointer"})


@dataclass(frozen=True)
class CallbackReader:
    """Decides the callbacks of one ``x__user__y`` module or interface block, `module`."""

    module: str
    dialect: syntax.Dialect
    default_integer: int
    constants: Mapping[str, Expression]
    diagnostics: Diagnostics
    implicit: ImplicitTypes | None = None
    scopes: Scopes | None = None  # of the modules that prototypes use
    compiler: Compiler = field(default_factory=chosen_compiler)
    types: TypesSeen = field(default_factory=dict)  # that declarations may name

    def read(self, unit: syntax.Procedure) -> Callback | None:
        """Return the signature, or None after reporting why Fortran can't call it."""
        with left_out_if_faulty(f"callback {unit.name}", unit.span, self.diagnostics):
            return self.decide(unit)
        return None

    def decide(self, unit: syntax.Procedure) -> Callback:
        """Return the signature; DeclarationError for the first thing that can't be decided."""
        scopes = self.scopes or Scopes({}, self.diagnostics)
        declared = scopes.declared(unit.items)
        for name in (self.module, unit.name):
            check_name(name, unit.span)
        names = [name for name in unit.arguments if name != "*"]
        result = result_of(unit)
        drafts = self.drafts(unit, declared, scopes)
        order, _ = order_by_dependency(names, needed_extents(drafts, names))
        owner = Owner(
            unit,
            Direction.TO_PYTHON,
            self.dialect,
            scope_of(drafts.values(), {}, {}),
            order,
            self.compiler,
        )
        return Callback(
            unit.name,
            self.module,
            tuple(
                with_default(dummy_argument(drafts[name], owner), declared)
                for name in names
            ),
            self.result(drafts[result], owner) if result is not None else None,
            order,
            lengths=unit.bind is None and not declares_c(declared, unit.name),
        )

    def drafts(
        self, unit: syntax.Procedure, declared: Declarations, scopes: Scopes
    ) -> dict[str, Draft]:
        """Return the arguments and the result, each with what the extents of arrays tell about it."""
        names = [name for name in unit.arguments if name != "*"]
        seen = scopes.constants(unit.items, self.constants, unit.arguments)
        reading = Reading(
            self.dialect,
            # a callback's description is made before there are modules to ask
            {k: v for k, v in seen.items() if not isinstance(v, Stored)},
            implicit_types(unit.items, self.implicit),
            self.default_integer,
            taken_by_c(names),
            self.types,
        )
        result = result_of(unit)
        drafts: dict[str, Draft] = {}
        procedures = described_procedures(unit)
        for name in names:
            declaration = declared.names.get(name) or Declaration(name, unit.span)
            check_name(name, declaration.span)
            if declaration.is_callback or name in procedures:
                declaration = address_of_procedure(declaration)
            drafts[name] = draft_of_argument(declaration, reading)
        if result is not None:
            declaration = declaration_of_result(result, unit, declared)
            check_name(result, declaration.span)
            # what is said of the procedure's name, ``intent(callback)``, is not about the result
            draft = draft_of(
                replace(declaration, initial=None, checks=None, intents=("out",)),
                reading,
            )
            refuse_descriptor(draft)
            returned = as_returned(draft.type, self.compiler)
            drafts[result] = replace(draft, type=returned)
        return infer_extents(drafts, names)

    def result(self, draft: Draft, owner: Owner) -> Argument:
        """Return a function's result; some compilers describe the memory for an array.

        An object that C's rules return is `by_value`, as an allocatable or pointer is that they do.
        """
        argument = dummy_argument(draft, owner)
        is_deferred = argument.form in (Form.ALLOCATABLE, Form.POINTER)
        is_object = draft.type.derived is not None and draft.extents is None
        if is_object or is_deferred:
            types = self.compiler.types
            bound = owner.unit.bind is not None
            rule = types.bound_results if bound else types.results
            return replace(argument, by_value=rule == "c")
        is_described = draft.extents is not None and self.compiler.described_results
        form = Form.ASSUMED_SHAPE if is_described else Form.ADDRESS
        return replace(argument, form=form)


def draft_of_argument(declaration: Declaration, reading: Reading) -> Draft:
    """Return an argument that Fortran passes.

    A default in a signature file only says that f2py gives the argument last. Python gets Fortran's memory, whatever is
    said of copies: a prototype that is read off a call has the intents of the caller's variables.
    """
    intents = tuple(key for key in declaration.intents if key not in COPIES)
    if DEFERRED & declaration.flags and not {"in", "out"} & {*intents}:
        # Python may return another object for what Fortran lets go of
        intents = ("in", "out")
    own = replace(declaration, initial=None, checks=None, intents=intents)
    draft = draft_of(own, reading)
    refuse_descriptor(draft)
    has_default = declaration.initial is not None
    return replace(draft, optional=has_default or "optional" in declaration.flags)


def described_procedures(unit: syntax.Procedure) -> frozenset[str]:
    """Return the names of the procedures that interface blocks in a unit describe."""
    return frozenset(
        item.name
        for block in unit.items
        if isinstance(block, syntax.Interface)
        for item in block.items
        if isinstance(item, syntax.Procedure)
    )


def address_of_procedure(declaration: Declaration) -> Declaration:
    """Return a dummy procedure as the address that Fortran passes, which Python doesn't get, as with f2py."""
    address = syntax.TypeSpec("type", derived="c_ptr")
    return replace(
        declaration,
        type=address,
        initial=None,
        checks=None,
        intents=("hide",),
        flags=frozenset({"value"}),
    )


def refuse_descriptor(draft: Draft) -> None:
    """Raise DeclarationError for assumed-rank arguments, and for allocatables and pointers that are no objects."""
    what = DEFERRED & draft.declaration.flags
    if draft.type.derived is not None or draft.type.unlimited:
        what = frozenset()
    if draft.assumed_rank or what:
        raise DeclarationError(
            draft.declaration.span,
            f"its argument {draft.name!r} is {' '.join(what) or 'of assumed rank'}",
        )


def needed_extents(
    drafts: Mapping[str, Draft], names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return for each argument those that its extents need."""
    mentioned = {name: names_in(drafts[name].extents or ()) for name in names}
    return {
        name: tuple(n for n in names if n != name and n in mentioned[name])
        for name in names
    }


def with_default(argument: Argument, declared: Declarations) -> Argument:
    """Return the argument with the default that the file gives, which documentation shows as f2py does."""
    declaration = declared.names.get(argument.name)
    if declaration is None or declaration.initial is None:
        return argument
    text = default_text(declaration.initial.text.strip())
    return replace(argument, initial_text=text)


def declares_c(declared: Declarations, name: str) -> bool:
    """Whether a callback is a C function by ``intent(c)`` for its own name or for all that it has."""
    declaration = declared.names.get(name)
    of_name = declaration is not None and "c" in declaration.intents
    return of_name or "c" in declared.block_intents
