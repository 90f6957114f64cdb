"""Finds the uses of dummy procedures: without an interface, only they show a callback's arguments."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from f2pypy.reading.lines import Line
from f2pypy.syntax import CallSite, PassedProcedure, Text

_TOKEN = re.compile(
    r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|[a-z_]\w*|[()\[\],%;]|[^\s\w]|\d\w*",
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
            if closed.call is not None:
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


def callable_names(names: Collection[str]) -> frozenset[str]:
    """Return the names without ``*``, an alternate return."""
    return frozenset(name for name in names if name != "*")
