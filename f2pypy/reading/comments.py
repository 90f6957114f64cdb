r"""Finds the comments of a source that describe a procedure and its dummy arguments.

Three styles are read. Doxygen's, which LAPACK uses: ``!>`` (``*>``, ``C>``) before what it describes, ``!<`` after it,
``\param[in] n`` in the block of the procedure. FORD's: ``!!`` and ``!*`` after what they describe, ``!>`` before it.
And plain comments: a block directly before a procedure's first statement, directly after it or after the
declarations, and a comment before or after a declaration, on its row or on its own. Where a block has marked rows, the
others don't count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from f2pypy import syntax
from f2pypy.dataclass import dataclass
from f2pypy.descriptions import NOTHING_SAID, Description
from f2pypy.diagnostics import Span
from f2pypy.reading.comment_texts import (
    clean,
    is_heading,
    parameters_in,
    without_licence,
)
from f2pypy.reading.forms import Form, cut_comment, without_card_number

Rows = Sequence[str]

# A comment for the compiler, not for readers: OpenMP, OpenACC, f2py, vendors' directives.
_SENTINEL = re.compile(
    r"[!cC*](?:\$|f2py|dir\$|dec\$|gcc\$|ibm\*|pgi\$|nec\$)", re.IGNORECASE
)
# What marks comments that describe something, by where it stands.
BEFORE, AFTER = frozenset(">|"), frozenset("!<*")
_MARKS = BEFORE | AFTER
_RULES = _MARKS | frozenset("-=#")  # what follows a mark in a row that is only a rule
# As many rows of a block after the declarations are text at least; fewer are about the next statement.
_LEAST_ROWS = 2


@dataclass(frozen=True)
class Comment:
    """A row that is a comment: its mark, "" for a plain one, and its text."""

    mark: str
    text: str


def is_code(row: str, form: Form) -> bool:
    """Whether a row is neither empty nor a comment; in column 6 of fixed form ``!`` continues a statement."""
    stripped = row.strip()
    if form is Form.FREE:
        return stripped[:1] not in ("", "!")
    if row[:1] in tuple("cC*!"):
        return False
    is_continued = row[5:6] == "!" and not row[:5].strip()
    return bool(stripped) and (stripped[0] != "!" or is_continued)


def comment_in(row: str, form: Form) -> Comment | None:
    """Return the comment that a row is, None for a row with code, for an empty one and for compilers' directives."""
    comment = (without_card_number(row) if form is Form.FIXED else row).strip()
    if not comment or is_code(row, form) or _SENTINEL.match(comment):
        return None
    return marked(comment[1:])


def comment_after(row: str, form: Form) -> Comment | None:
    """Return the comment at the end of a row with code."""
    if not is_code(row, form):
        return None
    if form is Form.FIXED:
        # in column 6 ``!`` continues a statement
        row = without_card_number(row).removeprefix("     !")
    comment = cut_comment(row, "")[2]
    return marked(comment[1:]) if comment and not _SENTINEL.match(comment) else None


def marked(text: str) -> Comment:
    """Return a comment from what follows its first character; rows of marks alone are rules.

    A plain comment may begin with any number of ``!``.
    """
    mark, following = text[:1], text[1:2]
    if mark in _MARKS and following not in _RULES:
        return Comment(mark, text[1:])
    return Comment("", text.lstrip("!") or text)


def description_of(
    procedure: syntax.Procedure, sources: Mapping[str, Rows], form: Form
) -> Description:
    """Return what comments say about a procedure and its dummy arguments.

    `sources` has the rows of each file; places that come from no file have none.
    """
    rows = sources.get(procedure.span.path, ())
    if not 0 < procedure.span.line <= len(rows):
        return NOTHING_SAID
    page = _Page(rows, form)
    entities = dict(dummies_of(procedure))
    about, taken = page.about_procedure(
        procedure.span.line - 1, last_of(entities.values(), procedure.span)
    )
    texts = page.texts_by_name(about, entities, procedure.span.path, taken)
    text = clean(about)
    arguments = tuple(
        (name, texts[name]) for name in procedure.arguments if texts.get(name)
    )
    result = procedure.result or procedure.name
    if result in texts:
        arguments += ((result, texts[result]),)
    return Description(text, arguments) if text or arguments else NOTHING_SAID


def description_of_names(
    item: syntax.DerivedType | syntax.Module,
    sources: Mapping[str, Rows],
    form: Form | None,
) -> Description:
    """Return what comments say about a type and its components, or a module and what it declares.

    In a signature file, which has no `form`, all of it stands before the type or module.
    """
    rows = sources.get(item.span.path, ())
    if not 0 < item.span.line <= len(rows):
        return NOTHING_SAID
    page = _Page(rows, form or Form.FREE)
    entities = dict(names_in(item))
    about, taken = page.about_names(item.span.line - 1, entities.values())
    looked_at = entities if form is not None else {}
    texts = page.texts_by_name(about, looked_at, item.span.path, taken)
    said = tuple((name, texts[name]) for name in entities if texts.get(name))
    text = clean(about)
    return Description(text, said) if text or said else NOTHING_SAID


def described(
    item: syntax.Item, sources: Mapping[str, Rows], form: Form | None
) -> syntax.Item:
    """Return a procedure, type or module with what comments say about it, anything else as it is.

    In a signature file, which has no `form`, only comments with ``!>`` before it are about it.
    """
    if not isinstance(item, syntax.Procedure | syntax.DerivedType | syntax.Module):
        return item
    if form is None:
        rows, above = sources.get(item.span.path, ()), item.span.line - 2
        if not (0 <= above < len(rows) and rows[above].lstrip().startswith("!>")):
            return item
    if isinstance(item, syntax.Procedure):
        found = description_of(item, sources, form or Form.FREE)
    else:
        found = description_of_names(item, sources, form)
    return item if found is NOTHING_SAID else replace(item, description=found)


def names_in(
    item: syntax.DerivedType | syntax.Module,
) -> Iterator[tuple[str, Span]]:
    """Yield the places where a type has its components, or a module its variables, generic names and enumerators."""
    inside: Iterable[syntax.Item] = (
        item.components if isinstance(item, syntax.DerivedType) else item.items
    )
    for inner in inside:
        match inner:
            case syntax.TypeDeclaration(entities=entities):
                yield from ((each.name, each.span) for each in entities)
            case syntax.Interface(name=name) if name.isidentifier():
                yield name, inner.span
            case syntax.Enumeration(enumerators=enumerators, places=places):
                yield from zip((name for name, _ in enumerators), places, strict=False)
            case _:
                pass


def dummies_of(procedure: syntax.Procedure) -> Iterator[tuple[str, Span]]:
    """Yield the places where dummy arguments and the result are declared."""
    wanted = {*procedure.arguments, procedure.result or procedure.name}
    for item in procedure.items:
        if isinstance(item, syntax.TypeDeclaration):
            for entity in item.entities:
                if entity.name in wanted:
                    yield entity.name, entity.span


def last_of(spans: Iterable[Span], header: Span) -> int:
    """Return the index of the last row with one of the places in the header's file."""
    return max((s.line - 1 for s in spans if s.path == header.path), default=-1)


@dataclass
class _Page:
    """The rows of one file, numbered from 0."""

    rows: Rows
    form: Form

    def comment(self, at: int) -> Comment | None:
        return (
            comment_in(self.rows[at], self.form) if 0 <= at < len(self.rows) else None
        )

    def before(self, at: int) -> tuple[range, list[Comment]]:
        """Return the block of comments that ends directly before a row."""
        start = at
        while self.comment(start - 1) is not None:
            start -= 1
        return range(start, at), self.block(start)

    def block(self, start: int) -> list[Comment]:
        """Return the block of comments that begins at a row."""
        found = []
        while (comment := self.comment(start)) is not None:
            found.append(comment)
            start += 1
        return found

    def after_statement(self, at: int) -> int:
        """Return the row after the statement that begins at a row; comments and empty rows may stand inside it."""
        while self.continues(at, following := self.next_code(at + 1)):
            at = following
        return at + 1

    def next_code(self, at: int) -> int:
        """Return the first row from this one on that is neither empty nor a comment."""
        while at < len(self.rows) and not is_code(self.rows[at], self.form):
            at += 1
        return at

    def continues(self, at: int, following: int) -> bool:
        """Whether the statement on a row goes on in a following one."""
        if following == len(self.rows):
            return False
        if self.form is Form.FIXED:
            return _CONTINUED.match(self.rows[following]) is not None
        return cut_comment(self.rows[at], "")[0].rstrip().endswith("&")

    def about_procedure(self, header: int, last: int) -> tuple[list[str], range]:
        """Return the rows of text about the procedure, and those that can't be about its first dummy.

        `last` is the row of the last declaration of a dummy, -1 where there is none.
        """
        above = self.before(header)[1]
        first = self.after_statement(header)
        below = self.block(first)
        opening = range(first, first + len(below))
        # before a declaration a block with ``!>`` describes the declaration
        is_next = bool(below) and below[0].mark in BEFORE and first + len(below) <= last
        if any(comment.mark for comment in above):
            return texts(above), range(0)
        if below and below[0].mark and not is_next:
            return texts(below), opening
        for block, place in ((above, range(0)), (below, opening)):
            found = without_licence(texts(block))
            if (
                not any(c.mark for c in block)
                and found
                and not (place and is_heading(found))
            ):
                return found, place
        return self.after_declarations(last), range(0)

    def about_names(
        self, header: int, places: Collection[Span]
    ) -> tuple[list[str], range]:
        """Return the rows of text about a type or module, and those that can't be about its first name.

        A block after the statement that ends directly before a declaration, at one of the `places`, describes that.
        """
        above = self.before(header)[1]
        first = self.after_statement(header)
        below = self.block(first)
        opening = range(first, first + len(below))
        is_next = any(span.line - 1 == opening.stop for span in places)
        marked = list(dropwhile(lambda comment: comment.mark not in BEFORE, above))
        if marked:
            return texts(marked), range(0)
        if is_next:
            # what follows rows with FORD's marks is about the declaration
            below = list(takewhile(lambda comment: comment.mark in AFTER, below))
        if below and below[0].mark:
            return texts(below), range(0) if is_next else opening
        for block, place in ((above, range(0)), (below, opening)):
            found = without_licence(texts(block))
            if found and not any(c.mark for c in block) and not is_heading(found):
                return found, place
        return [], range(0)

    def texts_by_name(
        self,
        about: Sequence[str],
        entities: Mapping[str, Span],
        path: str,
        taken: range,
    ) -> dict[str, str]:
        """Return what is said of the names in a file, by commands in the text `about` them all or beside each."""
        found = parameters_in(about)
        for name, span in entities.items():
            if name not in found and span.path == path:
                text = self.about_dummy(span.line - 1, taken)
                if text:
                    found[name] = text
        return found

    def after_declarations(self, last: int) -> list[str]:
        """Return the text of a block after the declarations, where old libraries describe a procedure."""
        if last < 0:
            return []
        at = self.after_statement(last)
        while at < len(self.rows) and _DECLARES.match(self.rows[at]):
            at = self.after_statement(at)
        found = without_licence(texts(self.block(at)))
        return found if sum(1 for row in found if clean([row])) >= _LEAST_ROWS else []

    def about_dummy(self, at: int, taken: range) -> str:
        """Return the text about what is declared on a row: that at its end, after it, or before it."""
        tail = comment_after(self.rows[at], self.form)
        following = self.block(self.after_statement(at))
        after = [] if following and following[0].mark not in AFTER else following
        if tail is not None:
            return clean([tail.text, *texts([c for c in after if c.mark])])
        if after and after[0].mark:
            return clean(texts(after))
        place, above = self.before(at)
        # after another declaration ``!!`` describes that
        first = next((n for n, c in enumerate(above) if c.mark in BEFORE), None)
        if first is not None:
            return clean(texts(above[first:]))
        if place.start in taken:
            return ""
        # what stands below the marked rows of the declaration before
        at = max((n for n, c in enumerate(above, 1) if c.mark), default=0)
        found = texts(above[at:])
        return "" if is_heading(found) else clean(found)


_CONTINUED = re.compile(r" {5}[^ 0]|\t[1-9]")
_DECLARES = re.compile(
    r"\s*(?:integer|real|double|complex|logical|character|dimension|external|intrinsic|parameter|common|data|save"
    r"|implicit|type|class|equivalence|include|use)\b",
    re.IGNORECASE,
)


def texts(block: Sequence[Comment]) -> list[str]:
    """Return the text of a block: of its marked rows if it has any."""
    has_marks = any(comment.mark for comment in block)
    return [comment.text for comment in block if comment.mark or not has_marks]
