"""The procedures of generic names: what Python tells them apart by, and how messages and documentation show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from f2pypy import model, plan
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.any_type import is_of_any_type, takes_any_rank
from f2pypy.lower.docstring import literal_if_marked, parameter_line, signature_line
from f2pypy.lower.markup import prose
from f2pypy.model import Argument, Generic, Intent, Presence

LETTERS = {
    Kind.INTEGER: "i",
    Kind.REAL: "f",
    Kind.COMPLEX: "c",
    Kind.LOGICAL: "b",
    Kind.CHARACTER: "S",
}
# Intents of what Fortran changes in the caller's own memory.
IN_PLACE = Intent.INOUT | Intent.INPLACE


@dataclass(frozen=True)
class Candidate:
    """A procedure of a generic name with its wrapper; `returned` are the results that a caller may ask for.

    One that a type binds is called by the `method` of an object, "" where it isn't. That object is the parameter at a
    `place`, which is -1 for a procedure that gets none.
    """

    procedure: model.Procedure
    wrapper: plan.Procedure
    returned: tuple[plan.Asked, ...] = ()
    method: str = ""
    place: int = -1

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The arguments that callers give, in the order of the wrapper's parameters."""
        return self.procedure.given

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """The names of its parameters, as users know them."""
        renamed = dict(self.wrapper.renamed)
        return tuple(renamed.get(p.name, p.name) for p in self.wrapper.parameters)

    @cached_property
    def required(self) -> int:
        """The number of arguments that must be given."""
        return sum(a.presence is Presence.REQUIRED for a in self.arguments)

    @property
    def is_elemental(self) -> bool:
        """Whether it takes arrays of any rank for its scalars."""
        return self.procedure.elemental is not None

    @property
    def interface(self) -> tuple[object, ...]:
        """What it shows of its parameters, but their types."""
        parameters = self.wrapper.parameters
        shown = tuple((p.name, p.default, p.optional, p.empty) for p in parameters)
        return (shown, self.required)

    @property
    def key(self) -> tuple[object, ...]:
        """What Python tells it apart from others by: the types and ranks of what must be given."""
        return tuple((code_of(a), rank_of(a)) for a in self.arguments[: self.required])


def code_of(argument: Argument) -> str:
    """Return the code of an argument's type, as in `plan.Wanted`."""
    if argument.callback is not None:
        return "F"
    if argument.type.address:
        return "p"
    if is_of_any_type(argument):
        return "*"
    if argument.type.kind is Kind.DERIVED:
        name = argument.type.derived
        return f"t{name.module}%{name.name}" if name else "t"
    letter = LETTERS[argument.type.kind]
    return letter if letter == "S" else f"{letter}{argument.type.size}"


def rank_of(argument: Argument) -> int | None:
    """Return an argument's rank, None where it takes every rank."""
    if takes_any_rank(argument):
        return None
    return len(argument.bounds or ())


def interface_text(candidate: Candidate, asked: Sequence[str] = ()) -> str:
    """Return a procedure as messages show it: ``area(x: real(8), rank 1)``; `asked` asks for what it returns."""
    shown = []
    for position, argument in enumerate(candidate.arguments):
        text = f"{candidate.keywords[position]}: {type_text(argument)}"
        if candidate.is_elemental:
            text += " of any rank"
        optional = argument.presence is Presence.OPTIONAL
        shown.append(f"[{text}]" if optional else text)
    shown += asked
    return f"{candidate.procedure.name}({', '.join(shown)})"


def type_text(argument: Argument) -> str:
    """Return an argument's type, with its extents' number and what else a caller must know."""
    if argument.callback is not None:
        return "function"
    type_ = argument.type
    if type_.kind is Kind.DERIVED:
        word = "class" if type_.polymorphic or type_.unlimited else "type"
        text = f"{word}({type_.derived.name if type_.derived else '*'})"
        rank = rank_of(argument)
        if rank is None:
            return f"{text} of any rank"
        return f"{text} array of rank {rank}" if rank else text
    size = type_.size // (2 if type_.kind is Kind.COMPLEX else 1)
    text = type_.kind.value
    if type_.address:
        text = "address"
    elif type_.kind is not Kind.CHARACTER:
        text += f"({size})"
    rank = rank_of(argument)
    if rank is None:
        text += " of any rank"
    elif rank:
        text += f" array of rank {rank}"
    return f"{text}, changed in place" if argument.intent & IN_PLACE else text


def describe_generic(
    generic: Generic,
    candidates: Sequence[Candidate],
    asked: Mapping[str, Sequence[str]],
    *,
    is_packed: bool,
) -> str:
    """Return the docstring of a generic name, which lists its procedures; `asked` are the ways to ask for some."""
    first = signature_line(candidates[0].procedure)
    inside = "..." if is_packed else first.partition("(")[2].rpartition(")")[0]
    listed = ", ".join(f"``{each.procedure.name}``" for each in candidates)
    choice = ": the arguments choose one of them" if len(candidates) > 1 else ""
    lines = [
        literal_if_marked(f"{generic.name}({inside})"),
        "",
        *([prose(generic.text), ""] if generic.text else []),
        f"Generic name of {listed}{choice}.",
    ]
    if asked:
        lines += [
            "",
            "Where several take the same arguments, give the type of the result that you want:",
        ]
        lines += ["``float`` for a real number, ``[float]`` for an array of them."]
    lines += ["", "Specific procedures::", ""]
    for each in candidates:
        lines.append(f"    {signature_line(each.procedure)}")
        for argument in each.arguments:
            text = parameter_line(argument)
            lines += [f"        {line}" for line in text.split("\n")]
        if asked.get(each.wrapper.function):
            ways = ", ".join(asked[each.wrapper.function])
            lines.append(f"        asked for by {ways}")
    return "\n".join(lines)
