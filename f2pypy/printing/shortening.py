"""The runtime's text as modules embed it: docstrings of one paragraph, and signatures that fill their lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from f2pypy.printing.filling import fill

# The fields of a statement that hold statements.
BLOCKS = ("body", "orelse", "handlers", "finalbody")
# The lines from the first of the pair up to the second, counted from 0, and what stands in their place.
Passage = tuple[int, int, str]


def shortened_lines(tree: ast.Module, text: str) -> list[str]:
    """Return the lines of a file of the runtime, whose tree is given, in the form that modules embed.

    What is shortened stands in its first line and leaves the others empty, without an end: lines keep their numbers.
    """
    lines = text.splitlines(keepends=True)
    for start, end, shorter in [*find_passages(tree, lines)]:
        lines[start:end] = [shorter, *[""] * (end - start - 1)]
    return lines


def find_passages(tree: ast.Module, lines: list[str]) -> Iterator[Passage]:
    """Yield what is shortened."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            yield from signature(node, lines)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield from first_paragraph(node, lines)
        for block in BLOCKS:
            waiting += getattr(node, block, ())


def first_paragraph(
    node: ast.FunctionDef | ast.ClassDef, lines: list[str]
) -> Iterator[Passage]:
    """Yield a docstring that has more than one paragraph, as its first."""
    if ast.get_docstring(node, clean=False) is None:
        return
    docstring = node.body[0]
    start, end = docstring.lineno - 1, docstring.end_lineno or 0
    for line in range(start, end):
        if not lines[line].strip():
            paragraph = "".join(lines[start:line]).rstrip()
            yield start, end, f'{paragraph}"""\n'
            return


def signature(node: ast.FunctionDef, lines: list[str]) -> Iterator[Passage]:
    """Yield a signature that has a line for each parameter, as one with as many in a line as fit."""
    if node.returns is None or node.returns.end_lineno in (None, node.lineno):
        return
    start, end = node.lineno - 1, node.returns.end_lineno or 0
    header = lines[start:end]
    if any("#" in line for line in header):  # a comment goes on to the end of its line
        return
    margin = header[0][: node.col_offset]
    joined = " ".join(line.strip() for line in header).replace("( ", "(")
    text = joined.replace(", )", ")").replace(" )", ")")
    yield start, end, fill(margin + text) + "\n"
