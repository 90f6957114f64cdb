"""Which extents and lengths of a routine compiled code must compute, because Python can't."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from f2pypy import model
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import (
    ASKED,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
)
from f2pypy.expressions.statements import ANYTHING, Block, FunctionDefinition, Parameter
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.expression_scope import ExpressionScope
from f2pypy.resolve.names.places import Places
from f2pypy.resolve.names.texts import ReadText
from f2pypy.resolve.procedures.routine import Routine
from f2pypy.resolve.procedures.scope import scope_in
from f2pypy.resolve.shapes.answers import call_of
from f2pypy.resolve.shapes.compiled_extents import Asker, asker_of, without_source
from f2pypy.resolve.shapes.declared_texts import Unanswerable

Functions = dict[str, FunctionDefinition]


def ask_compiled_code(
    routine: Routine, drafts: dict[str, Draft]
) -> tuple[dict[str, Draft], Functions]:
    """Return the drafts with calls of compiled functions where Python can't compute, and these functions by name."""
    questions = routine.around.questions
    if questions is None:
        return drafts, {}
    asking = _Asking(routine, drafts, questions)
    found = {name: asking.in_draft(draft) for name, draft in drafts.items()}
    return found, asking.asked


@dataclass(frozen=True)
class _Asking:
    """Asks for the extents of one routine; `questions` and `asked` gather what is asked."""

    routine: Routine
    drafts: Mapping[str, Draft]
    questions: list[model.Question]
    asked: Functions = field(default_factory=dict)

    @cached_property
    def scope(self) -> ExpressionScope:
        """What Python can compute with."""
        return scope_in(self.routine, self.drafts, {})

    @cached_property
    def asker(self) -> Asker | None:
        """What finds the meaning of the names in an extent; None where only the sources would."""
        around = self.routine.around
        if around.places is None:
            return None if around.sources is None else self.in_sources(around.sources())
        return Asker(
            self.routine.unit,
            around.fortran_module,
            around.places.scopes,
            self.routine.declared,
            around.constants,
            self.routine.implicit,
            around.default_integer,
            around.compiler,
        )

    def in_sources(self, places: Places) -> Asker | None:
        """Return what knows the names of a signature file's routine as its source does, None without that source."""
        around = self.routine.around
        return asker_of(
            self.routine.unit.name,
            around.fortran_module,
            places.scopes,
            places.external,
            around.default_integer,
            around.compiler,
        )

    def question(self, text: ReadText, name: str, *, is_length: bool) -> model.Question:
        """Return what to ask for an extent; Unanswerable or DeclarationError where nothing can be asked."""
        if self.asker is not None:
            return self.asker.question(text, self.drafts, name, is_length=is_length)
        if self.routine.around.sources is not None:
            raise Unanswerable
        # for -h, which writes another signature file without knowing the sources
        self.routine.diagnostics.warn(
            text.span,
            f"{text.text!r} stays as it is written: only a compiler that has the sources can know its value",
        )
        arguments = self.routine.unit.arguments
        return without_source(text, arguments, name, is_length=is_length)

    def in_draft(self, draft: Draft) -> Draft:
        """Return a variable with calls of compiled functions for extents and the length that Python can't compute."""
        if draft.extents is not None:
            extents = tuple(
                e and replace(e, expression=self.computed(e)) for e in draft.extents
            )
            draft = replace(draft, extents=extents)
        length = draft.type.length
        text = draft.declaration.length_text
        if length is not None and text is not None:
            read = ReadText(length, text.text.strip(), text.span)
            value = self.computed(read, is_length=True)
            draft = replace(draft, type=replace(draft.type, length=value))
        return draft

    def computed(self, text: ReadText, *, is_length: bool = False) -> Expression:
        """Return a call of a compiled function; the expression itself where Python computes it, or nothing can."""
        if is_plain_extent(text.expression, self.drafts):
            return text.expression
        scope = self.scope.in_fortran() if is_length else self.scope
        with contextlib.suppress(ExpressionError):
            scope.value(text.expression, Kind.INTEGER)
            return text.expression
        with contextlib.suppress(Unanswerable):
            name = f"extent_{len(self.questions) + 1}"
            question = self.question(text, name, is_length=is_length)
            self.questions.append(question)
            call = call_of(question)
            self.asked[call.function] = definition_for(question)
            return call
        return text.expression


def is_plain_extent(expression: Expression, drafts: Mapping[str, Draft]) -> bool:
    """Whether an extent is a number or an argument."""
    match expression:
        case Integer():
            return True
        case Name(name):
            return name in drafts
        case _:
            return False


def definition_for(question: model.Question) -> FunctionDefinition:
    """Return the compiled function that answers a question as the typing of expressions takes it."""
    parameters = tuple(Parameter(ANYTHING, name) for name, _, _ in question.dummies)
    return FunctionDefinition(f"{ASKED}{question.name}", "long", parameters, Block(()))
