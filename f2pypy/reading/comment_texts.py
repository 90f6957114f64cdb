"""The text of comments, without the commands of Doxygen, LaTeX and HTML."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

_RULE = re.compile(r"[\s*=\-_+#!.~/\\|]*")
_PARAMETER = re.compile(
    r"\s*[\\@]param(?:\s*\[[^\]]*\])?\s+([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*(.*)"
)
# Commands that begin a paragraph about something else than the use of a procedure.
_ASIDE = re.compile(
    r"\s*[\\@](?:author|authors|date|version|copyright|ingroup|defgroup|addtogroup|todo|bug|test|file|since"
    r"|callgraph|callergraph|htmlonly|latexonly|cond|image|dot|msc)\b"
)
_ASIDE_ENDS = re.compile(r"\s*[\\@]end(?:htmlonly|latexonly|cond|dot|msc)\b")
# Commands that begin a paragraph about it, after an aside too.
_PARAGRAPH = re.compile(
    r"(\s*)[\\@](par|brief|short|details|note|warning|remarks?|returns?|result|see|sa)\b ?"
)
_TITLES = {
    "note": "Note: ",
    "warning": "Warning: ",
    "see": "See ",
    "sa": "See ",
    "return": "Returns ",
    "returns": "Returns ",
    "result": "Returns ",
}
_COMMAND = re.compile(
    r"[\\@](?:f[$\[\]]|(?:end)?verbatim|(?:end)?code|(?:li|arg|n|c|b|e|em|a|p|ref)\s)"
)
# HTML's tags that Doxygen knows: "a<b and c>d" and <https://netlib.org> have none.
_TAG = re.compile(
    r"""</?(?:a|b|blockquote|br|caption|center|code|dd|del|details|dfn|div|dl|dt|em|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre
        |s|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)
        (?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""",
    re.IGNORECASE | re.VERBOSE,
)
_FRACTION = re.compile(r"\\d?frac\{([^{}]*)\}\{([^{}]*)\}")
_LATEX_ARGUMENT = re.compile(r"\\[A-Za-z]+\{([^{}]*)\}")
_LATEX_WORD = re.compile(r"\\([A-Za-z]+)")
# LAPACK's headings of declarations: ``.. Scalar Arguments ..``.
_DOTTED = re.compile(r"\s*\.\.\s.*\s\.\.\s*|\s*--.*--\s*")
_LICENCE = re.compile(r"copyright|licen[cs]e|all rights reserved", re.IGNORECASE)
_HEADING = re.compile(
    r"""\W*(?:(?:list|of|the|scalar|array|local|dummy|formal|function|subroutine|procedure|input|output|in|out|inout
        |i/o|and|or|optional|external|global|intrinsic
        |derived|public|private|module|data)\W+)*
        (?:arguments?|args|parameters?|variables?|scalars?|arrays?|inputs?|outputs?|declarations?|locals?|dummies
        |types?|constants?|components?|members?|interfaces?|functions?|subroutines?|results?|return\ values?|i/o|in|out
        |implicit\ none)\W*""",
    re.IGNORECASE | re.VERBOSE,
)


def parameters_in(rows: Sequence[str]) -> dict[str, str]:
    """Return what Doxygen's param commands say of arguments, by the names in lower case."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for row in rows:
        if said := _PARAMETER.match(row):
            names = [name.lower() for name in re.split(r"\s*,\s*", said[1])]
            for name in names:
                found[name] = [said[2]]
        elif _ASIDE.match(row) or _PARAGRAPH.match(row):
            names = []
        for name in names if not said else ():
            found[name].append(row)
    return {name: _plain(rows) for name, rows in found.items()}


def clean(rows: Sequence[str]) -> str:
    """Return comments as text: paragraphs as they are written, without commands, parameters and rules."""
    return _plain(_about(rows))


def _about(rows: Iterable[str]) -> Iterator[str]:
    """Yield the rows that are about the procedure itself."""
    is_aside = False
    for row in rows:
        if _PARAMETER.match(row) or _ASIDE.match(row):
            is_aside = True
        elif _PARAGRAPH.match(row):
            is_aside = False
        if not is_aside:
            yield row
        if _ASIDE_ENDS.match(row):
            is_aside = False


def _plain(rows: Iterable[str]) -> str:
    kept: list[str] = []
    for row in rows:
        if _PARAGRAPH.match(row):
            kept.append("")
        kept.append(_without_commands(row))
    kept = [
        "" if _RULE.fullmatch(row) or _DOTTED.fullmatch(row) else row for row in kept
    ]
    first = next((n for n, row in enumerate(kept) if row), len(kept))
    # what follows a command on its row isn't indented as the rows below are
    hangs = bool(kept) and kept[0][:1] not in ("", " ")
    head, rest = (kept[:1], kept[1:]) if hangs else ([], kept[first:])
    text = "\n".join([*head, textwrap.dedent("\n".join(rest))])
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_commands(row: str) -> str:
    row = _PARAGRAPH.sub(lambda said: said[1] + _TITLES.get(said[2], ""), row)
    row = _COMMAND.sub("", row)
    row = html.unescape(_TAG.sub("", row))
    row = _FRACTION.sub(r"\1/\2", row)
    row = _LATEX_ARGUMENT.sub(r"\1", row)
    return _LATEX_WORD.sub(r"\1", row).rstrip().expandtabs()


def without_licence(rows: list[str]) -> list[str]:
    """Return the rows, none where they are about rights."""
    return [] if any(map(_LICENCE.search, rows)) else rows


def is_heading(rows: Sequence[str]) -> bool:
    """Whether a comment is only a heading, such as "Arguments:"."""
    words = " ".join(row for row in rows if not _RULE.fullmatch(row)).strip()
    return (
        not words
        or _HEADING.fullmatch(words) is not None
        or _DOTTED.fullmatch(words) is not None
    )
