"""Reads the statements that signature files have and Fortran doesn't: C code, names of symbols, examples of calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from f2pypy import syntax
from f2pypy.reading.keywords import Keyword
from f2pypy.reading.scanner import Scanner, Unreadable
from f2pypy.reading.statements import READERS, Items, read_attribute_statement
from f2pypy.syntax import Text


def read_code(scan: Scanner) -> Items:
    """Read C code, verbatim: the rest of the statement or its ''' text; a ``callstatement`` must have some."""
    keyword, end = scan.name(0, "a keyword")
    text = scan.line.block or scan.words(end)
    is_empty = not text.text.strip()
    if is_empty and keyword.lower() == "callstatement":
        raise Unreadable(end, f"{keyword!r} holds no code")
    if is_empty and keyword.lower() != "callprotoargument":
        return ()
    return (syntax.Code(keyword.lower(), text, scan.span()),)


def read_fortran_name(scan: Scanner) -> Items:
    """Read ``fortranname [name]``, also ``fortranname F_FUNC(name,NAME)``."""
    return (syntax.FortranName(scan.words(len("fortranname")).text, scan.span()),)


def read_thread_safe(scan: Scanner) -> Items:
    """Read ``threadsafe``."""
    return (syntax.ThreadSafe(scan.span()),)


def read_documentation(scan: Scanner) -> Items:
    """Read a ''' text on its own."""
    assert scan.line.block is not None
    return (syntax.Documentation(scan.line.block.text, scan.span()),)


def read_call(scan: Scanner) -> Items:
    """Read ``call name(arguments)``: shows how a dummy procedure is called."""
    return (_read_call(scan, scan.skip(len("call")), function=False),)


def read_function_call(scan: Scanner) -> Items:
    """Read ``result = name(arguments)``: shows how a dummy function is called."""
    equals = scan.mask.index("=")
    call = _read_call(scan, scan.skip(equals + 1), function=True)
    result = scan.text[:equals].strip()
    return (replace(call, result=result if result.isidentifier() else ""),)


def _read_call(scan: Scanner, offset: int, *, function: bool) -> syntax.CallSite:
    name, end = scan.name(offset, "the name of a routine")
    end = scan.skip(end)
    arguments: tuple[Text, ...] = ()
    if scan.has("(", end):
        start, stop = scan.group(end)
        arguments, end = scan.arguments(start, stop), stop + 1
    scan.end(end, "the call")
    return syntax.CallSite(name, arguments, function, scan.span(offset))


# Signature files have all of Fortran's statements, too.
SIGNATURE_READERS: Mapping[Keyword, Callable[[Scanner], Items]] = {
    **READERS,
    Keyword.F2PY_ATTRIBUTE: read_attribute_statement,
    Keyword.CODE: read_code,
    Keyword.FORTRAN_NAME: read_fortran_name,
    Keyword.THREAD_SAFE: read_thread_safe,
    Keyword.DOCUMENTATION: read_documentation,
    Keyword.CALL: read_call,
    Keyword.FUNCTION_CALL: read_function_call,
}
