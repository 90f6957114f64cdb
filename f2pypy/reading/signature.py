"""Signature files and `!f2py` directives, read into `syntax` records.

Every statement goes through a class of `pyf_dialect`; this module puts the blocks together. An unreadable statement
costs one message and the routine around it. Reading continues, so that one run shows all errors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.reading import pyf_blocks as blocks
from f2pypy.reading import pyf_dialect as dialect
from f2pypy.reading.includes import Includes, Splicer
from f2pypy.reading.lines import Line, Role, row_lines, split_rows
from f2pypy.reading.pyf_line import (
    Plain,
    Reader,
    SignatureLine,
    UnknownStatement,
    Unreadable,
)
from f2pypy.reading.signature_form import signature_lines

__all__ = ["read_directives", "read_signature"]

# Fortran has no use for more, and the later stages walk the blocks by recursion.
_DEPTH = 50

_PROCEDURES = ("subroutine", "function", "program")
_NAME_OF_ROUTINE = re.compile(r"\b(?:subroutine|function|program)\s+(\w+)", re.I)
_OUTER_BLOCKS = (*_PROCEDURES, "python module", "module", "block data")


def read_signature(
    text: str,
    path: str,
    diagnostics: Diagnostics,
    *,
    line_spans: Sequence[Span] | None = None,
    include_dirs: Sequence[str] = (),
    lower_case: bool = False,
) -> syntax.File:
    """Return the items of the signature file `text`, with names in lower case if requested.

    `line_spans` gives the place of each line of a text made from a template: column 1 if the line is the same there, 0
    if it differs. Errors go to `diagnostics`; the result holds everything that could be read.
    """
    texts = split_rows(text)
    rows = row_lines(texts, path)
    if line_spans is None:
        diagnostics.sources.setdefault(path, tuple(texts))
    else:
        rows = [
            row._replace(places=((0, span.line, span.column),), path=span.path)
            for row, span in zip(rows, line_spans, strict=False)
        ]

    def join(rows: Sequence[Line]) -> Iterator[Line]:
        return signature_lines(rows, diagnostics, lower_case=lower_case)

    splicer = Splicer(
        Includes(include_dirs),
        lambda texts, path: join(row_lines(texts, path)),
        diagnostics,
        Severity.ERROR,
    )
    found = (
        line
        for line in splicer.splice(join(rows), (path,))
        if line.role is not Role.PREPROCESSOR  # a file that isn't found
    )
    return syntax.File(path, syntax.Dialect.SIGNATURE, _Nest(diagnostics).read(found))


def read_directives(
    lines: Sequence[tuple[Span, str]], diagnostics: Diagnostics
) -> tuple[syntax.Item, ...]:
    """Return the items of `!f2py` lines, given as (place of the first character after the sentinel, text).

    Comments may begin like directives, so a line that is no statement only causes a warning, as in f2py.
    """
    rows = [
        Line(text, ((0, span.line, span.column),), span.path) for span, text in lines
    ]
    nest = _Nest(diagnostics, unknown=Severity.WARNING)
    return nest.read(signature_lines(rows, diagnostics))


@dataclass
class _Open:
    """A block that isn't closed yet; None stands for the file."""

    block: blocks.Block | blocks.UnreadBlock | None
    body: blocks.Body = field(default_factory=blocks.Body)
    is_after_contains: bool = False
    is_lost: bool = False  # something in it can't be read
    routine: _Open | None = None  # the outermost one that it stands in or is
    is_callbacks: bool = (
        False  # it stands in a callback module, which other routines need
    )


class _Nest:
    """The blocks that are open while statements are read, the file itself at the bottom."""

    def __init__(
        self, diagnostics: Diagnostics, unknown: Severity = Severity.ERROR
    ) -> None:
        self.diagnostics = diagnostics
        self.unknown = unknown
        self.reader = Reader(diagnostics)
        self.stack = [_Open(None)]
        self.kinds: Counter[str] = Counter()  # of the blocks that are open

    def read(self, found: Iterable[Line]) -> tuple[syntax.Item, ...]:
        """Return the items at the top level of `found`."""
        for statement in found:
            line = SignatureLine(statement, self.reader)
            try:
                self.place(dialect_statement(line, self.stack[-1].block))
            except Unreadable as error:
                self.open_unread(line)
                self.refuse(error, statement.span(error.offset))
        while len(self.stack) > 1:
            self.close_unended()
        return tuple(self.stack[0].body.items)

    def refuse(self, error: Unreadable, span: Span) -> None:
        """Report a statement that can't be read: it costs the routine around it; outside a routine it is an error."""
        top = self.stack[-1]
        routine = None if top.is_callbacks else top.routine
        if routine is not None and routine.block is not None:
            routine.is_lost = True
            name = routine.block.name or "this routine"
            self.diagnostics.skip(span, f"{name} is left out: {error.message}")
            return
        is_unknown = isinstance(error, UnknownStatement)
        severity = self.unknown if is_unknown else Severity.ERROR
        self.diagnostics.report(severity, span, error.message)

    def place(self, statement: Plain) -> None:
        """Put a statement where it belongs."""
        top = self.stack[-1]
        match statement:
            case blocks.Block():
                self.open(statement)
            case blocks.End():
                self.end(statement)
            case dialect.Contains():
                top.is_after_contains = True
            case dialect.Enumerator() if isinstance(top.block, blocks.Enumeration):
                top.body.enumerators += statement.enumerators
            case dialect.Binding() if isinstance(top.block, blocks.DerivedType):
                top.body.bindings.append(statement.text)
            case dialect.Enumerator():
                self.diagnostics.error(
                    statement.item.at(0), "an enumerator stands outside of an enum"
                )
            case _:
                top.body.items += statement.said

    def open(self, block: blocks.Block | blocks.UnreadBlock) -> None:
        """Begin a block, after closing those that can't contain it."""
        while self._must_end_before(block):
            self.close_unended()
        if len(self.stack) > _DEPTH and isinstance(block, blocks.Block):
            self.push(blocks.UnreadBlock(block.kind, block.item, block.name))
            if len(self.stack) == _DEPTH + 2:  # those inside it say no more
                message = f"blocks are nested more than {_DEPTH} deep"
                self.diagnostics.error(block.item.at(0), message)
            return
        self.push(block)

    def push(self, block: blocks.Block | blocks.UnreadBlock) -> None:
        """Push a block on the stack."""
        outer, opened = self.stack[-1], _Open(block)
        opened.is_callbacks = outer.is_callbacks or (
            block.kind == "python module" and "__user__" in block.name
        )
        is_routine = block.kind in _PROCEDURES
        opened.routine = outer.routine or (opened if is_routine else None)
        self.kinds[block.kind] += 1
        self.stack.append(opened)

    def open_unread(self, line: SignatureLine) -> None:
        """Begin the block that an unreadable statement would have begun, if it would."""
        for cls in blocks.BLOCKS:
            if cls.match(line.line):
                found = _NAME_OF_ROUTINE.search(line.line)
                name = found[1] if found else ""
                self.open(blocks.UnreadBlock(cls.kind, line, name))
                return

    def _must_end_before(self, inner: blocks.Block | blocks.UnreadBlock) -> bool:
        outer = self.stack[-1]
        if outer.block is None:
            return False
        if outer.block.kind in ("type", "enum"):
            return True
        if inner.kind not in _OUTER_BLOCKS:
            return False
        if outer.block.kind in _PROCEDURES and outer.is_after_contains:
            return inner.kind not in _PROCEDURES
        return outer.block.kind in (*_PROCEDURES, "block data")

    def end(self, end: blocks.End) -> None:
        """Close the block that `end` ends, and those inside it that were left open."""
        if len(self.stack) == 1:
            raise Unreadable(0, f"{end.item.line!r} ends nothing: no block is open")
        if end.kind and end.kind != "procedure":
            self._close_up_to(end)
        block = self._top()
        is_other = end.name and end.name.lower() != block.name.lower()
        if is_other and isinstance(block, blocks.Block):
            message = f"{end.item.line!r} ends {self._describe(block)}"
            self.diagnostics.warn(end.item.at(0), message)
        self.close()

    def _close_up_to(self, end: blocks.End) -> None:
        """Close the open blocks inside the one that `end` ends."""
        if self.kinds[end.kind]:
            while self._top().kind != end.kind:
                self.close_unended()
        elif end.kind in _PROCEDURES and any(self.kinds[k] for k in _PROCEDURES):
            while self._top().kind not in _PROCEDURES:
                self.close_unended()
            message = f"{end.item.line!r} ends {self._describe(self._top())}"
            self.diagnostics.error(end.item.at(0), message)
        else:
            message = f"{end.item.line!r} ends nothing: no {end.kind} is open"
            raise Unreadable(0, message)

    def _top(self) -> blocks.Block | blocks.UnreadBlock:
        block = self.stack[-1].block
        assert block is not None
        return block

    def _describe(self, block: blocks.Block | blocks.UnreadBlock) -> str:
        return (
            f"{block.kind} {block.name!r}" if block.name else f"an unnamed {block.kind}"
        )

    def close_unended(self) -> None:
        """Close the innermost block with the message that its end is missing."""
        block = self._top()
        self.diagnostics.error(
            block.item.at(0),
            f"{self._describe(block)} is never ended: expected 'end {block.kind}'",
        )
        self.close()

    def close(self) -> None:
        """Close the innermost block and give it to the one around it."""
        closed = self.stack.pop()
        if closed.block is not None:
            self.kinds[closed.block.kind] -= 1
        if closed.is_lost or not isinstance(closed.block, blocks.Block):
            return
        built = closed.block.build(closed.body)
        outer = self.stack[-1]
        if outer.is_after_contains and isinstance(built, syntax.Procedure):
            outer.body.contained.append(built)
        else:
            outer.body.items.append(built)


def dialect_statement(
    line: SignatureLine, block: blocks.Block | blocks.UnreadBlock | None
) -> Plain:
    """Return the statement that `line` is inside `block`, read by its class of the dialect.

    Raises `Unreadable` where no class knows it.
    """
    text = line.line
    if not text and line.statement.block is not None:
        return dialect.Documentation(block, line)
    for cls in dialect.CODE_STATEMENTS:
        if cls.match(text):
            return cls(block, line)
    mask = line.mask
    if isinstance(block, blocks.DerivedType) and dialect.Binding.match(mask):
        return dialect.Binding(block, line)
    for cls in dialect.STATEMENTS:
        if cls.match(mask):
            return cls(block, line)
    where = (
        f"in {block.kind} {block.name!r}"
        if block is not None
        else "outside of every block"
    )
    raise UnknownStatement(0, f"unknown statement {where}: {text[:60]!r}")
