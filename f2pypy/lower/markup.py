"""Text that reStructuredText reads as it is meant, so that Sphinx shows what ``help()`` shows.

The rules are docutils': a mark begins something after a blank or an opening bracket and before a character, and ends it
the other way round. What authors of comments mark in pairs stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest
from textwrap import indent

from f2pypy.dataclass import dataclass

_OPEN = r"(?<![^\s'\"(\[{<\-/:])"
_CLOSE = r"(?=$|[\s'\")\]}>\-/\\:.,;!?])"
# Quotation marks, dashes and signs beyond ASCII may do so, too.
_MAY_OPEN = r"(?:(?<![\w!-~])|(?<=['\"(\[{<\-/:]))"
_MAY_CLOSE = rf"(?:{_CLOSE}|(?=[^\w\x00-\x7f]))"
# Literals, and marks around words.
_MEANT = re.compile(
    rf"{_OPEN}(?:``\S(?:.*?\S)??``|(\*\*?|`)[^\s*`'\")\]}}>](?:[^*`]*[^\s*`])??(?<!\\)\1){_CLOSE}"
)
# ``|x|`` stands for a substitution, ``x_`` and ``[1]_`` for a target, which nobody has defined.
_ACCIDENT = re.compile(
    rf"{_MAY_OPEN}(?:\*+(?=[^\s*])|\*{{3}}|\|(?=[^\s|]))|[^\W_]_{{1,2}}{_MAY_CLOSE}|\]_{_MAY_CLOSE}"
)
# What stands between blanks, or between bars.
_WORD = re.compile(rf"({_OPEN}\|[^|\s](?:[^|]*[^|\s])?\|{_CLOSE}|\s+)")
# Marks that brackets or quotes enclose begin nothing: ``class(*)``.
_ENCLOSED = re.compile(r"\(\*\*?\)|'\*'|\"\*\"|'\|'|\"\|\"")

# How lines begin that docutils doesn't take for those of a paragraph.
_SPECIAL = re.compile(
    r"[-*+\u2022\u2023\u2043](?:\s|$)|\(?(?:\w|\d+|[ivxlcdmIVXLCDM]+|\#)[.)](?:\s|$)|:(?![:\s]).*:(?:\s|$)|(?:--?|\+)\w"
    r"|/[A-Za-z]|>>>|(?:\.\.|__)(?:\s|$)|\|(?:\s|$)|=+\s+=|\+[-=]|([^\w\s])\1*\s*$"
)
_ITEM = re.compile(r"\s*(?:([-*+])|(\d+)([.)]))\s+(?=\S)")


def inert(line: str) -> str:
    """Return a line with double backticks around the words that would be markup by accident."""
    found, end = "", 0
    for meant in _MEANT.finditer(line):
        found += _quoted(line[end : meant.start()]) + meant[0]
        end = meant.end()
    return found + _quoted(line[end:])


def _quoted(text: str) -> str:
    """Return text without pairs of marks, of which accidents stand in double backticks."""
    words = _WORD.split(text.replace("`", "'"))
    return "".join(map(_literal, words))


def _literal(word: str) -> str:
    """Return a word in double backticks, without what ends a sentence, if it would be markup; else as it is."""
    if _ACCIDENT.search(_ENCLOSED.sub("", word)) is None:
        return word
    inside = word.rstrip(".,;:!?")
    return f"``{inside}``{word[len(inside) :]}"


@dataclass(frozen=True)
class _Part:
    """Lines of a paragraph or list, or of a block whose lines are shown as they are."""

    lines: Sequence[str]
    is_literal: bool = False

    @property
    def margin(self) -> int:
        """The least indentation."""
        return min(map(_indentation, self.lines))

    def announces(self, following: _Part) -> bool:
        """Whether a paragraph ends in a colon that may announce what follows it as literal."""
        last = self.lines[-1]
        is_meant = last.endswith("::") and following.margin > self.margin
        is_paragraph = not any(map(_ITEM.match, self.lines))
        return (
            is_paragraph and last.endswith(":") and (following.is_literal or is_meant)
        )


def prose(text: str) -> str:
    """Return the text of comments as paragraphs and lists; what has another shape becomes literal blocks."""
    blocks = re.split(r"\n(?:[ \t]*\n)+", text)
    parts = [part for block in blocks for part in _parts(block.split("\n"))]
    return "\n\n".join(_printed(parts))


def _parts(lines: Sequence[str]) -> Iterator[_Part]:
    """Yield the parts of a block between empty lines."""
    if _is_list(lines) or _is_definition(lines):
        yield _Part(lines)
        return
    margin = _indentation(lines[0])
    flat = takewhile(lambda line: _indentation(line) == margin and not _is_special(line), lines)  # fmt: skip
    count = len(list(flat))
    if count == 0:
        yield _Part(lines, is_literal=True)
        return
    yield _Part(lines[:count])
    rest = lines[count:]
    deeper = list(takewhile(lambda line: _indentation(line) > margin, rest))
    if deeper:
        yield _Part(deeper, is_literal=not _is_list(deeper))
    if rest[len(deeper) :]:
        yield from _parts(rest[len(deeper) :])


def _printed(parts: Sequence[_Part]) -> Iterator[str]:
    """Yield the texts of the parts; ``::`` announces what is literal."""
    margin, is_announced = 0, False
    for part, following in zip_longest(parts, parts[1:]):
        if part.is_literal or (is_announced and part.margin > margin):
            if not is_announced:
                yield " " * margin + "::"
            missing = 0 if part.margin > margin else margin + 4 - part.margin
            yield indent("\n".join(part.lines), " " * missing)
            is_announced = True
            continue
        margin = part.margin
        text = "\n".join(map(inert, part.lines))
        is_announced = following is not None and part.announces(following)
        yield re.sub(r":+\Z", "::" if is_announced else ":", text)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_special(line: str) -> bool:
    return _SPECIAL.match(line.lstrip()) is not None


def _is_list(lines: Sequence[str]) -> bool:
    """Whether all lines are items of one list, or go on below the text of one."""
    margin, inside, marks = _indentation(lines[0]), -1, []
    for line in lines:
        item = _ITEM.match(line)
        if item is not None and _indentation(line) == margin:
            marks.append(item)
            inside = item.end()
        elif _indentation(line) != inside:
            return False
        if _is_special(line[inside:]):
            return False
    numbers = [int(item[2]) for item in marks if item[2]]
    kinds = {item[1] or item[3] for item in marks}
    ascending = range(numbers[0], numbers[0] + len(marks)) if numbers else ()
    return len(kinds) == 1 and numbers == list(ascending)


def _is_definition(lines: Sequence[str]) -> bool:
    """Whether one line has the others below it, all of them indented alike."""
    depths = {_indentation(line) for line in lines[1:]}
    is_shaped = len(depths) != 1 or min(depths) <= _indentation(lines[0])
    announces = any(line.endswith(":") for line in lines)
    return not (is_shaped or announces or any(map(_is_special, lines)))
