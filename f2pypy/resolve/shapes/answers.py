"""The compiled functions that answer questions, as a source would declare them and as the library has them."""

from __future__ import annotations

from dataclasses import replace

from f2pypy import syntax
from f2pypy.abi.conventions import Compiler
from f2pypy.diagnostics import Span
from f2pypy.expressions.nodes import ASKED, ASKED_MODULE, Call, Kind, Name
from f2pypy.model import DataType, Procedure, Question


def call_of(question: Question) -> Call:
    """Return the call whose value is the extent, with the arguments that the question needs."""
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
    lower: tuple[str, ...] | None, span: Span
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


def answer_of(
    procedure: Procedure, question: Question, compiler: Compiler
) -> Procedure:
    """Return the function that answers, with its symbol where it stands in a submodule."""
    if not question.host:
        return procedure
    pattern = compiler.submodule_procedure
    name, submodule = question.name, ASKED_MODULE
    symbol = pattern.format(module=question.host, submodule=submodule, name=name)
    return replace(procedure, symbol=symbol, exact_symbol=True)
