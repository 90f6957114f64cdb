"""Where an executable part uses a dummy procedure: the only place where a callback's arguments are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from f2pypy.reading.fortran_lines import Line
from f2pypy.syntax import CallSite, Text

_TOKEN = re.compile(
    r"'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|[a-z_]\w*|[()\[\],%;]|[^\s\w]|\d\w*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Dummies:
    """The names that may be called: by CALL, and as functions where ``name(`` can't mean an array or a string."""

    subroutines: frozenset[str]
    functions: frozenset[str]

    def pattern(self) -> re.Pattern[str] | None:
        """Return what a lower-case statement holds that may use one of them, None if there are none."""
        called = "|".join(sorted(map(re.escape, self.subroutines | self.functions)))
        used = "|".join(sorted(map(re.escape, self.functions)))
        if not called:
            return None
        return re.compile(
            rf"\bcall\s*(?:{called})\b" + (rf"|\b(?:{used})\s*\(" if used else "")
        )


def find_calls(line: Line, dummies: Dummies) -> Iterator[CallSite]:
    """Give the uses of dummy procedures in a statement, outer ones before those in their arguments."""
    tokens = list(_TOKEN.finditer(line.text))
    words = [token.group() for token in tokens]
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        follows = words[at + 1] if at + 1 < len(words) else ""
        called = before == "call"
        named = word in (dummies.subroutines if called else dummies.functions) or (
            called and word in dummies.functions
        )
        if not named or before == "%" or not (called or follows == "("):
            continue
        span = line.span(tokens[at].start())
        arguments = (
            tuple(_read_arguments(line, tokens, at + 1)) if follows == "(" else ()
        )
        yield CallSite(word, arguments, not called, span)


def _read_arguments(
    line: Line, tokens: list[re.Match[str]], opening: int
) -> Iterator[Text]:
    """Give the texts between the commas of a parenthesis."""
    depth = 0
    start = tokens[opening].end()
    for token in tokens[opening:]:
        word = token.group()
        depth += (word in "([") - (word in ")]")
        if depth == 0 or (depth == 1 and word == ","):
            text = line.text[start : token.start()]
            if text.strip():
                yield Text(
                    text.strip(), line.span(start + len(text) - len(text.lstrip()))
                )
            start = token.end()
        if depth == 0:
            return


def callable_names(names: Collection[str]) -> frozenset[str]:
    """Return the names without ``*``, an alternate return."""
    return frozenset(name for name in names if name != "*")
