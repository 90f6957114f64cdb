"""Finds the uses of dummy procedures: without an interface, only they show a callback's arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.reading.lines import LITERAL, Line
from f2pypy.syntax import CallSite, Item, PassedProcedure, Text

_TOKEN = re.compile(
    LITERAL + r"|[a-z_]\w*|[()\[\],%;]|[^\s\w]|\d\w*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Dummies:
    """The names that may be called: by CALL, and as functions where ``name(`` can't mean an array or a string.

    Those in `procedures` are declared to be procedures, so a use as an actual argument passes them on.
    """

    subroutines: frozenset[str]
    functions: frozenset[str]
    procedures: frozenset[str] = frozenset()

    def may_call(self, word: str, before: str) -> bool:
        """Whether a name is called if a parenthesis follows it or CALL precedes it."""
        return word in self.functions or (before == "call" and word in self.subroutines)

    def are_used_in(self, text: str) -> bool:
        """Whether a lower-case statement may use one of them; a fast test with false positives."""
        if self.functions and any(
            name in self.functions for name in _APPLIED.findall(text)
        ):
            return True
        if self.procedures and any(
            name in self.procedures for name in _LISTED.findall(text)
        ):
            return True
        return "call" in text and any(
            self.may_call(name, "call") for name in _CALLED.findall(text)
        )


_CALLED = re.compile(r"\bcall\s*([a-z]\w*)")
_LISTED = re.compile(r"[(,=]\s*([a-z]\w*)\s*(?=[,)])")
_APPLIED = re.compile(r"([a-z]\w*)\s*\(")
_DEEPEST = 50  # parentheses around a call; deeper ones are not looked for, so that no text is copied without end


@dataclass(slots=True)
class _Open:
    """A parenthesis that is not closed yet, and where its next argument starts.

    `call` is None where no dummy procedure is called; `callee` is the name before the parenthesis.
    """

    start: int
    callee: str
    call: CallSite | None = None
    arguments: list[Text] = field(default_factory=list)
    position: int = 0


def find_calls(line: Line, dummies: Dummies) -> tuple[CallSite | PassedProcedure, ...]:
    """Return the uses of dummy procedures in a statement, in the order of their names."""
    found: list[CallSite | PassedProcedure] = []
    parentheses: list[_Open] = []
    before, called = "", None
    for token in [*_TOKEN.finditer(line.text), None]:
        word = token.group() if token else ""
        here = token.start() if token else len(line.text)
        if word and word in "([":
            callee = before if word == "(" and before.isidentifier() else ""
            parentheses.append(_Open(here + 1, callee, called if callee else None))
        elif word and word in ")]" and parentheses:
            closed = parentheses.pop()
            found += _end_argument(line, closed, here, dummies)
            if closed.call is not None and not leads_to_binding(
                line.text, here, closed.call
            ):
                found.append(replace(closed.call, arguments=tuple(closed.arguments)))
        elif word == "," and parentheses:
            found += _end_argument(line, parentheses[-1], here, dummies)
        if called is not None and not called.function and word not in ("(", "%"):
            found.append(called)
        called = None
        if (
            before != "%"
            and len(parentheses) <= _DEEPEST
            and dummies.may_call(word, before)
        ):
            called = CallSite(word, (), before != "call", line.span(here))
        before = word
    return tuple(sorted(found, key=lambda call: (call.span.line, call.span.column)))


def leads_to_binding(text: str, end: int, call: CallSite) -> bool:
    """Whether CALL with what ends at `end` calls a binding of an element, as ``call list(i)%write()`` does."""
    return not call.function and text[end + 1 :].lstrip().startswith("%")


def _end_argument(
    line: Line, parenthesis: _Open, end: int, dummies: Dummies
) -> list[PassedProcedure]:
    """Take the text up to a comma or the closing parenthesis for an actual argument; return it if it is a procedure."""
    text = line.text[parenthesis.start : end]
    span = line.span(parenthesis.start + len(text) - len(text.lstrip()))
    position = parenthesis.position
    if parenthesis.call is not None and text.strip():
        parenthesis.arguments.append(Text(text.strip(), span))
    parenthesis.start = end + 1
    parenthesis.position += 1
    if not parenthesis.callee:
        return []
    keyword, _, value = text.rpartition("=")
    if value.strip() not in dummies.procedures:
        return []
    return [
        PassedProcedure(
            value.strip(), parenthesis.callee, position, keyword.strip(), span
        )
    ]


def find_dummies(
    arguments: Iterable[str],
    items: Iterable[Item],
    outer: Dummies | None,
    *,
    incomplete: bool,
) -> Dummies:
    """Return the names of dummy procedures in a unit: its own and those of its host, `outer`.

    If a part of its declarations is in a file that was not read, `incomplete`, a name may be an array unless it is
    declared to be a procedure.
    """
    names = set(arguments)
    declared: set[str] = set(names)
    data: set[str] = set()
    external: set[str] = set()
    for item in items:
        match item:
            case syntax.TypeDeclaration() | syntax.AttributeStatement():
                declared |= {entity.name for entity in item.entities}
                callbacks, procedures, others = _sort_entities(item)
                names |= callbacks
                external |= procedures
                data |= others
            case syntax.Entry():
                names |= set(item.arguments)
            case syntax.Interface():
                bodies = (b for b in item.items if isinstance(b, syntax.Procedure))
                external |= {body.name for body in bodies}
            case _:
                pass
    names.discard("*")  # an alternate return
    functions = names & external if incomplete else names - (data - external)
    # other procedures matter where dummy ones are handed on to them, or with them
    passable = frozenset(external if names & external else ())
    if outer is None:
        return Dummies(frozenset(names), frozenset(functions), passable)
    hosted = (outer.functions | outer.subroutines) - declared
    return Dummies(
        frozenset(names) | hosted,
        frozenset(functions) | (outer.functions & hosted),
        passable | (outer.procedures & hosted),
    )


def _sort_entities(
    item: syntax.TypeDeclaration | syntax.AttributeStatement,
) -> tuple[set[str], set[str], set[str]]:
    """Return the names that a statement makes callbacks, procedures, and data with which ``name(`` is no call."""
    names = {entity.name for entity in item.entities}
    shaped = {entity.name for entity in item.entities if entity.dimensions is not None}
    if isinstance(item, syntax.AttributeStatement):
        said = {item.attribute.name: item.attribute}
        spec = ""
    else:
        said = {attribute.name: attribute for attribute in item.attributes}
        spec = item.type.name
    keys = (
        {key.text for key in said["intent"].arguments or ()}
        if "intent" in said
        else set()
    )
    callbacks = names if "callback" in keys else set()
    procedures = (
        names if "external" in said or spec == "procedure" or callbacks else set()
    )
    others = (
        names if ("dimension" in said and not shaped) or spec in _INDEXED else shaped
    )
    return callbacks, procedures, others


_INDEXED = frozenset({"character", "type", "class"})


def names_declared(items: Iterable[Item]) -> Iterator[str]:
    """Yield the names that type declarations and ASSOCIATE statements give a meaning."""
    for item in items:
        match item:
            case syntax.TypeDeclaration(entities=entities):
                yield from (entity.name for entity in entities)
            case syntax.Associate(names=names):
                yield from (name for name, _ in names)
            case _:
                pass
