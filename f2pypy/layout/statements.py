"""Breaks a statement: which of its expressions break, and in which order."""

import ast
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from f2pypy.layout.line import Bracket, Line, Parentheses, UnknownForm, end_of
from f2pypy.layout.page import INDENT, Page, column_after

NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def lay_statement(line: str, width: int) -> str:
    """Break `line`, or return it as it is if it is no statement on one line of a form known here."""
    text = line.lstrip(" ")
    indent = len(line) - len(text)
    try:
        statement = parse(text)
        laid = FORMS[type(statement)](Page(Line(text), width), statement, indent)
    except (SyntaxError, UnknownForm):
        return line
    return " " * indent + laid


def parse(text: str) -> ast.stmt:
    """Return the statement `text` is, or the head of one with a body.

    Raises SyntaxError or UnknownForm if it is neither.
    """
    # The parser counts columns in bytes of UTF-8; a letter for every other character makes them columns of the text.
    source = text if text.isascii() else NOT_ASCII.sub("x", text)
    if source.startswith("elif "):
        source = "if   " + source[len("elif ") :]
    if source.endswith(":"):
        source += " pass"
    statements = ast.parse(source).body
    if len(statements) != 1 or statements[0].end_col_offset != len(source):
        raise UnknownForm("several statements, or a comment")
    if hasattr(statements[0], "body") != text.endswith(":"):
        raise UnknownForm("a head with its body")
    if type(statements[0]) not in FORMS:
        raise UnknownForm(type(statements[0]).__name__)
    return statements[0]


def lay_assignment(
    page: Page, node: ast.Assign | ast.AugAssign | ast.AnnAssign, indent: int
) -> str:
    """Lay out an assignment; an annotation breaks as a target does."""
    match node:
        case (
            ast.Assign(targets=[target])
            | ast.AugAssign(target=target)
            | ast.AnnAssign(annotation=target)
        ):
            pass
        case _:
            raise UnknownForm("assignment to several targets")
    if node.value is None:
        raise UnknownForm("annotation without a value")
    if isinstance(target, (ast.Subscript, ast.BinOp)) or page.line.is_bare_tuple(
        target
    ):
        return lay_after_target(page, target, node.value, indent)
    start = page.line.span(node.value)[0]
    return page.line.text[:start] + page.lay_value(
        node.value, indent, indent + start, 0
    )


def lay_after_target(page: Page, target: ast.expr, value: ast.expr, indent: int) -> str:
    """Lay out an assignment whose target can break too, which it does only if that of the value is not enough."""
    line = page.line
    start = line.span(value)[0]
    operator = line.text[end_of(target) : start]
    row = line.row(value, inline=True)
    if (
        isinstance(value, ast.UnaryOp)
        or line.parentheses(value) is not Parentheses.IF_FITTING
    ):
        head = (
            lay_target(page, target, indent, len(operator) + line.value_reach(value, 0))
            + operator
        )
        return head + page.lay_value(value, indent, column_after(head, indent), 0)
    column = indent + start
    if (
        any(isinstance(piece, Bracket) for piece in row)
        and column + line.reach(row, 0) <= page.width
    ):
        return line.text[:start] + page.lay_row(row, indent, column, 0)
    if column + len("(") <= page.width:
        return line.text[:start] + page.parenthesize(value, indent)
    head = lay_target(page, target, indent, page.width) + operator
    return head + page.lay_row(row, indent, column_after(head, indent), 0)


def lay_target(page: Page, target: ast.expr, indent: int, tail: int) -> str:
    """Lay out an assignment up to the end of its target, which breaks if `tail` more columns don't fit."""
    start, end = target.col_offset, end_of(target)
    if page.fits(page.line.text[:end], indent, tail):
        return page.line.text[:end]
    head = page.line.text[:start]
    if isinstance(target, ast.Subscript):
        return head + page.lay_row(
            page.line.row(target, inline=True), indent, indent + start, tail
        )
    return head + page.parenthesize(target, indent)


def lay_return(page: Page, node: ast.Return, indent: int) -> str:
    """Lay out the return of a value."""
    if node.value is None:
        raise UnknownForm("return without a value")
    start = page.line.span(node.value)[0]
    return page.line.text[:start] + page.lay_value(
        node.value, indent, indent + start, 0
    )


def lay_call(page: Page, node: ast.Raise | ast.Expr, indent: int) -> str:
    """Lay out a call or the raising of what a call returns, which get no parentheses."""
    value = node.exc if isinstance(node, ast.Raise) else node.value
    if not isinstance(value, ast.Call):
        raise UnknownForm("neither a call nor the raising of one")
    start, end = page.line.span(value)
    after = page.line.text[end:]
    row = page.line.row(value, inline=True)
    return (
        page.line.text[:start]
        + page.lay_row(row, indent, indent + start, len(after))
        + after
    )


def lay_condition(page: Page, node: ast.If | ast.While, indent: int) -> str:
    """Lay out the head of a branch or of a loop with a condition."""
    start = page.line.span(node.test)[0]
    return (
        page.line.text[:start]
        + page.lay_value(node.test, indent, indent + start, len(":"))
        + ":"
    )


def lay_loop(page: Page, node: ast.For, indent: int) -> str:
    """Lay out the head of a loop over values."""
    line = page.line
    start = line.span(node.iter)[0]
    head = line.text[:start]
    if target_breaks(page, node, indent):
        target = page.parenthesize(node.target, indent)
        head = head[: node.target.col_offset] + target + head[end_of(node.target) :]
    return (
        head
        + page.lay_value(node.iter, indent, column_after(head, indent), len(":"))
        + ":"
    )


def target_breaks(page: Page, node: ast.For, indent: int) -> bool:
    """Whether the target of a loop breaks; a single one does only if all of it then fits."""
    start, end = node.target.col_offset, end_of(node.target)
    after = (
        page.line.span(node.iter)[0] - end + page.line.value_reach(node.iter, len(":"))
    )
    if indent + end + after <= page.width:
        return False
    broken = max(indent + INDENT + end - start, indent + len(")") + after)
    return page.line.is_bare_tuple(node.target) or broken <= page.width


def lay_import(page: Page, node: ast.ImportFrom, indent: int) -> str:
    """Lay out the import of names from a module, one a line."""
    if node.names[0].name == "*":
        raise UnknownForm("import of all names")
    text = page.line.text
    names = [text[name.col_offset : name.end_col_offset] for name in node.names]
    lines = [" " * (indent + INDENT) + name + "," for name in names]
    head = text[: node.names[0].col_offset].removesuffix("(")
    return "\n".join((head + "(", *lines, " " * indent + ")"))


def lay_definition(page: Page, node: ast.FunctionDef, indent: int) -> str:
    """Lay out the head of a definition: its parameters break first, then what it returns."""
    text = page.line.text
    opening = len("def ") + len(node.name)
    if text[opening] != "(":
        raise UnknownForm("type parameters")
    end = page.line.span(node.returns)[0] if node.returns else len(text)
    closing = text.rindex(")", 0, end) + 1
    head = text[:opening]
    if closing - opening == len("()"):
        head += "()"
    else:
        head += page.break_bracket(Bracket(opening, closing, node.args), indent)
    head += text[closing:end]
    return (
        head + lay_returned(page, node.returns, head, indent) + ":"
        if node.returns
        else head
    )


def lay_returned(page: Page, node: ast.expr, head: str, indent: int) -> str:
    """Lay out the annotation after `head`, of what a definition returns."""
    column = column_after(head, indent)
    row = page.line.row(node, inline=True)
    # Where no parameters have broken, it gets parentheses even if they are of no use.
    if "\n" not in head and not page.fits_broken(row, indent, column, len(":")):
        return page.parenthesize(node, indent)
    return page.lay_value(node, indent, column, len(":"))


FORMS: Mapping[type[ast.stmt], Callable[..., str]] = MappingProxyType(
    {
        ast.Assign: lay_assignment,
        ast.AugAssign: lay_assignment,
        ast.AnnAssign: lay_assignment,
        ast.Return: lay_return,
        ast.Raise: lay_call,
        ast.Expr: lay_call,
        ast.If: lay_condition,
        ast.While: lay_condition,
        ast.For: lay_loop,
        ast.ImportFrom: lay_import,
        ast.FunctionDef: lay_definition,
    }
)
