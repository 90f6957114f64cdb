"""Translates the C functions of usercode blocks, and gives the reasons for those that it can't translate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions import c_usercode
from f2pypy.expressions.functions import typed_function
from f2pypy.expressions.nodes import ExpressionError
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.expressions.walk import called_functions


@dataclass(frozen=True)
class Usercode:
    """The functions and types that a module's usercode defines.

    `functions` can be called from expressions, each follows those that it calls; `refused` gives the reason for every
    other function; `types` are the names of C types.
    """

    functions: Mapping[str, FunctionDefinition] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    def defines(self, symbol: str) -> bool:
        """Whether usercode defines a routine's body, under its own name or its Fortran symbol."""
        names = {*self.functions, *self.refused}
        return symbol in names or f"{symbol}_" in names


def read_usercode(
    items: Sequence[syntax.Item], diagnostics: Diagnostics, *, integer_64: bool
) -> Usercode:
    """Read every usercode block among the items of a module; a block that isn't C causes a warning."""
    blocks = Blocks()
    functions: dict[str, FunctionDefinition] = {}
    refused: dict[str, str] = {}
    types: dict[str, str] = {}
    for item in code_blocks(items):
        if item.keyword == "pymethoddef":
            diagnostics.warn(
                item.text.span,
                "pymethoddef is left out: it contains C for f2py's module",
            )
            continue
        longer = blocks.with_block(item.text)
        try:
            parts = c_usercode.read_usercode_parts(longer.text, integer_64=integer_64)
            types |= c_usercode.read_type_names(longer.text, integer_64=integer_64)
        except ExpressionError as error:
            place = longer.place(error.offset)
            diagnostics.warn(place, f"usercode is left out: {error.message}")
            continue
        except Exception as fault:
            diagnostics.skip_by_fault(item.text.span, "usercode", fault)
            continue
        blocks = longer
        for part in parts:
            if part.function is not None:
                functions[part.name] = part.function
            else:
                place = blocks.place(part.offset)
                refused[part.name] = f"{part.problem} ({shown(place)})"
    refused |= refused_functions(functions, blocks)
    known = {n: f for n, f in functions.items() if n not in refused}
    return Usercode(order_by_call(known), refused, types)


def code_blocks(items: Sequence[syntax.Item]) -> Iterator[syntax.Code]:
    """Yield the blocks of C among the items of a module and of its interfaces."""
    for item in items:
        match item:
            case syntax.Code(keyword="usercode" | "pymethoddef"):
                yield item
            case syntax.Interface(items=inner):
                yield from code_blocks(inner)
            case _:
                pass


@dataclass(frozen=True)
class Blocks:
    """Blocks of C that are read as one text, so each can use the definitions of the earlier ones."""

    parts: tuple[syntax.Text, ...] = ()

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(part.text for part in self.parts)

    def with_block(self, block: syntax.Text) -> Blocks:
        """Return the blocks with one more."""
        return Blocks((*self.parts, block))

    def place(self, offset: int) -> Span:
        """Return where one character of the whole text comes from."""
        for part in self.parts[:-1]:
            if offset <= len(part.text):
                return place_in(part, offset)
            offset -= len(part.text) + 1
        return place_in(self.parts[-1], offset)


def refused_functions(
    functions: Mapping[str, FunctionDefinition], blocks: Blocks
) -> dict[str, str]:
    """Return the functions that can't be translated to Python, with the reason, and those that call them."""
    refused: dict[str, str] = {}
    while True:
        known = {n: f for n, f in functions.items() if n not in refused}
        before = len(refused)
        for name, definition in known.items():
            try:
                typed_function(definition, known)
            except ExpressionError as error:
                called = sorted(called_functions(definition) & refused.keys())
                if called:
                    refused[name] = f"it calls {called[0]}: {refused[called[0]]}"
                else:
                    place = blocks.place(error.offset)
                    refused[name] = f"{error.message} ({shown(place)})"
        if len(refused) == before:
            return refused


def order_by_call(
    functions: Mapping[str, FunctionDefinition],
) -> dict[str, FunctionDefinition]:
    """Return the functions so that each follows those that it calls, unless they call each other."""
    ordered: dict[str, FunctionDefinition] = {}
    open_names: set[str] = set()

    def visit(name: str) -> None:
        if name in ordered or name in open_names:
            return
        open_names.add(name)
        for called in sorted(called_functions(functions[name]) & functions.keys()):
            visit(called)
        ordered[name] = functions[name]

    for name in functions:
        visit(name)
    return ordered


def needed_functions(
    wanted: Iterable[str], functions: Mapping[str, FunctionDefinition]
) -> frozenset[str]:
    """Return the names of the wanted functions and of all that they call."""
    found: set[str] = set()
    waiting = [name for name in wanted if name in functions]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += called_functions(functions[name]) & functions.keys()
    return frozenset(found)


def place_in(text: syntax.Text, offset: int) -> Span:
    """Return the place of one character of a text that may have several lines."""
    before = text.text[: max(offset, 0)]
    lines = before.count("\n")
    if not lines:
        return text.span.shift(len(before))
    return Span(
        text.span.path, text.span.line + lines, len(before) - before.rfind("\n")
    )


def shown(place: Span) -> str:
    """Return a place for the middle of a message."""
    return f"line {place.line}" + (f", column {place.column}" if place.column else "")
