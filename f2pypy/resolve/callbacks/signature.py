"""From the prototype of a dummy procedure to the signature under which Fortran calls Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from f2pypy import syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.f2py_texts import default_text, extent_text
from f2pypy.expressions.nodes import Expression, ExpressionError, Kind, Stored
from f2pypy.model import Bound, Callback, CallbackArgument, Form, Intent, Presence
from f2pypy.resolve.arguments.drafts import Draft, read_draft
from f2pypy.resolve.arguments.expression_scope import Meaning
from f2pypy.resolve.arguments.intents import DESCRIBED, combine_intents, presence_of
from f2pypy.resolve.arguments.order import order_by_dependency
from f2pypy.resolve.faults import TypeProblem, at_the_cost_of
from f2pypy.resolve.names.declarations import (
    Declaration,
    Declarations,
    refuse_deferred_length,
)
from f2pypy.resolve.names.identifiers import check_name
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import ReadText, names_in
from f2pypy.resolve.shapes.inference import infer_extents
from f2pypy.resolve.types.compiler_kinds import as_returned
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    decide_type,
    implicit_type,
    implicit_types,
    refuse_derived,
)


@dataclass(frozen=True)
class CallbackReader:
    """Decides the callbacks of one ``x__user__y`` module or interface block."""

    module: str
    dialect: syntax.Dialect
    default_integer: int
    constants: Mapping[str, Expression]
    diagnostics: Diagnostics
    implicit: ImplicitTypes | None = None
    scopes: Scopes | None = None  # of the modules that prototypes use
    compiler: Compiler = field(default_factory=chosen_compiler)

    def read(self, unit: syntax.Procedure) -> Callback | None:
        """Return the signature, or None after reporting why Fortran can't call it."""
        with at_the_cost_of(f"callback {unit.name}", unit.span, self.diagnostics):
            return self.decide(unit)
        return None

    def decide(self, unit: syntax.Procedure) -> Callback:
        """Return the signature; TypeProblem for the first thing that can't be decided."""
        scopes = self.scopes or Scopes({}, self.diagnostics)
        declared = scopes.declared(unit.items)
        seen = scopes.constants(unit.items, self.constants, unit.arguments)
        # a callback's description is made before there are modules to ask
        constants = {k: v for k, v in seen.items() if not isinstance(v, Stored)}
        is_c = unit.bind is not None or "c" in declared.block_intents
        result = None if unit.kind != "function" else unit.result or unit.name
        names = [a for a in unit.arguments if a != "*"]
        variables = taken_by_c(names)
        implicit = implicit_types(unit.items, self.implicit)
        for name in (self.module, unit.name):
            check_name(name, unit.span)
        drafts: dict[str, Draft] = {}
        for name in [*names, *([result] if result else [])]:
            declaration = declared.names.get(name) or Declaration(name, unit.span)
            check_name(name, declaration.span)
            if name != result and declaration.is_callback:
                raise TypeProblem(
                    declaration.span, f"its argument {name!r} is a procedure"
                )
            spec = declaration.type
            if spec is None and name == result:
                of_function = declared.names.get(unit.name)
                spec = unit.type or (of_function.type if of_function else None)
            spec = spec or implicit_type(name, implicit)
            if spec is None:
                raise TypeProblem(declaration.span, f"{name!r} has no type")
            decided = decide_type(
                spec,
                constants,
                entity_length=declaration.length,
                default_integer=self.default_integer,
            )
            if decided.derived:
                refuse_derived(name, spec, declaration.span)
            refuse_deferred_length(declaration, decided)
            if name == result:
                decided = as_returned(decided, self.compiler)
            # A default in a signature file only says that f2py gives the argument last.
            optional = declaration.initial is not None and name != result
            drafts[name] = replace(
                read_draft(
                    replace(declaration, initial=None, checks=None),
                    decided,
                    self.dialect,
                    constants,
                    variables,
                ),
                optional=optional or "optional" in declaration.flags,
            )
            self.refuse_descriptor(drafts[name])
        drafts = infer_extents(drafts, names)
        meaning = self.meaning(drafts)
        order, _ = order_by_dependency(names, self.dependences(drafts, names))
        return Callback(
            unit.name,
            self.module,
            tuple(
                replace(
                    self.argument(drafts[n], meaning, self.form(drafts[n])),
                    interoperable=unit.bind is not None,
                    initial_text=self.default(declared.names.get(n), drafts[n]),
                )
                for n in names
            ),
            self.result(drafts[result], meaning) if result is not None else None,
            order,
            lengths=not is_c and not declares_c(declared, unit.name),
        )

    def default(self, declared: Declaration | None, draft: Draft) -> str:
        """Return the default of an argument as the file gives it, or as an array's extent tells it, as f2py does."""
        if declared is not None and declared.initial is not None:
            return default_text(declared.initial.text.strip())
        return "" if draft.initial is None else draft.initial.text

    def refuse_descriptor(self, draft: Draft) -> None:
        """Raise TypeProblem for allocatable, pointer and assumed-rank arguments."""
        what = {"allocatable", "pointer"} & draft.declaration.flags
        if draft.assumed_rank or what:
            raise TypeProblem(
                draft.declaration.span,
                f"its argument {draft.name!r} is {' '.join(what) or 'of assumed rank'}",
            )

    def form(self, draft: Draft) -> Form:
        """Return what Fortran passes for an argument."""
        said = DESCRIBED in draft.declaration.intents
        described = said or self.dialect is syntax.Dialect.FORTRAN
        return Form.ASSUMED_SHAPE if described and draft.assumed_shape else Form.ADDRESS

    def result(self, draft: Draft, meaning: Meaning) -> CallbackArgument:
        """Return a function's result; some compilers describe the memory for an array."""
        found = self.argument(draft, meaning, Form.ADDRESS)
        if found.bounds is None:
            return found
        described = self.compiler.described_results
        form = Form.ASSUMED_SHAPE if described else Form.ADDRESS
        return replace(found, form=form, intent=Intent.OUT, presence=Presence.HIDDEN)

    def dependences(
        self, drafts: Mapping[str, Draft], names: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """Return for each argument those that must be converted before it."""
        return {
            n: tuple(
                m for m in names if m != n and m in names_in(drafts[n].extents or ())
            )
            for n in names
        }

    def meaning(self, drafts: Mapping[str, Draft]) -> Meaning:
        """Return the reader of expressions over the callback's arguments."""
        meaning = Meaning.over({})
        for draft in drafts.values():
            if draft.extents is not None:
                meaning = meaning.with_array(
                    draft.name, draft.type.kind, len(draft.extents), draft.lower
                )
            elif draft.type.is_string:
                meaning = meaning.with_string(draft.name)
            else:
                meaning = meaning.with_scalar(draft.name, draft.type.kind)
        return meaning

    def argument(self, draft: Draft, meaning: Meaning, form: Form) -> CallbackArgument:
        """Return one argument of the callback."""
        keys = draft.declaration.intents
        bounds = None
        if draft.extents is not None:
            shown = "*" if form is Form.ADDRESS else ":"
            bounds = tuple(self.bound(e, meaning, shown) for e in draft.extents)
        intent = combine_intents(keys)
        return CallbackArgument(
            draft.name,
            draft.type,
            bounds,
            intent,
            presence_of(keys, optional=draft.optional, required=False),
            by_value=draft.extents is None
            and (bool(intent & Intent.C) or "value" in draft.declaration.flags),
            form=form,
        )

    def bound(self, extent: ReadText | None, meaning: Meaning, shown: str) -> Bound:
        """Return one extent of an array that Fortran passes; `shown` documents an open one."""
        if extent is None:
            return Bound(None, shown)
        value = self.typed(extent, meaning, Kind.INTEGER)
        return Bound(value, extent_text(extent.expression, extent.text))

    def typed(self, text: ReadText, meaning: Meaning, kind: Kind) -> Expression:
        """Return the expression with names resolved and conversions explicit."""
        try:
            return meaning.value(text.expression, kind)
        except ExpressionError as error:
            raise TypeProblem(
                text.span.shift(max(error.offset, 0)),
                f"{error.message} among the arguments that Fortran passes to the callback",
            ) from error


def declares_c(declared: Declarations, name: str) -> bool:
    """Whether a callback is a C function by ``intent(c)`` for its own name."""
    declaration = declared.names.get(name)
    return declaration is not None and "c" in declaration.intents
