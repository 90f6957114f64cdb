"""What a declaration tells about constants: the value of a PARAMETER, and the kind or length of a variable."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from f2pypy.expressions import fold, fortran
from f2pypy.expressions.constants import as_string, as_type
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Bounds,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
)
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.declarations import Declaration
from f2pypy.resolve.types.compiler_kinds import as_compiled
from f2pypy.resolve.types.declared import decide_type

MOST_PARAMETERS = 200  # that need each other's values, from the last to the first
WORD = re.compile(r"[a-z]\w*")
NOT_WRAPPED = frozenset(
    {"type", "class", "procedure"}
)  # variables that Python can't ask


def is_stored_integer(declaration: Declaration) -> bool:
    """Whether a variable of a module is an integer whose value Python can ask for."""
    assert declaration.type is not None
    deferred = {"allocatable", "pointer", "external"} & declaration.flags
    return (
        declaration.type.name == "integer"
        and not deferred
        and not declaration.is_parameter
    )


def in_order_of_value(
    declared: Mapping[str, Declaration],
    types: Mapping[str, Mapping[str, Declaration]],
) -> list[Declaration]:
    """Return the parameters, each after those whose values it needs; the declaration of a name may begin elsewhere.

    A constant of derived type also needs what the defaults of its components use: `types` are those with components.
    """
    ordered: dict[str, Declaration] = {}
    entered: set[str] = set()
    needed = {
        name: {word for component in components.values() for word in words(component)}
        for name, components in types.items()
    }
    for declaration in declared.values():
        add_by_value(declaration, declared, needed, ordered, entered, 0)
    return list(ordered.values())


def add_by_value(
    declaration: Declaration,
    declared: Mapping[str, Declaration],
    needed: Mapping[str, set[str]],
    ordered: dict[str, Declaration],
    entered: set[str],
    depth: int,
) -> None:
    """Add a parameter to those that are `ordered`, after those whose values it needs; each is `entered` once.

    `needed` are the words of the definitions of derived types.
    """
    if declaration.name in ordered or depth > MOST_PARAMETERS:
        return
    if not declaration.is_parameter or declaration.initial is None:
        return
    of_type = declaration.type.derived.lower() if declaration.type else ""
    for name in (*words(declaration), *needed.get(of_type, ())):
        if name != declaration.name and name in declared and name not in entered:
            entered.add(name)
            add_by_value(declared[name], declared, needed, ordered, entered, depth + 1)
    ordered[declaration.name] = declaration


def words(declaration: Declaration) -> Iterator[str]:
    """Yield the words of a parameter's value, type and bounds."""
    type_ = declaration.type
    texts = (
        declaration.initial,
        declaration.length,
        *(declaration.dimensions or ()),
        *((type_.kind, type_.length) if type_ is not None else ()),
    )
    for text in texts:
        if text is not None:
            yield from WORD.findall(text.text.lower())


def answer_inquiries(
    declaration: Declaration,
    declared: Mapping[str, Declaration],
    known: dict[str, Expression],
) -> None:
    """Add to what is `known` the kinds of variables that a declaration asks for: ``real(kind(x)) :: y``."""
    texts = [declaration.initial] if declaration.is_parameter else []
    texts += [declaration.type.kind] if declaration.type is not None else []
    for text in texts:
        if text is None or "kind" not in text.text:
            continue
        with contextlib.suppress(ExpressionError, DeclarationError):
            for name in used_names(fortran.read_expression(text.text)):
                asked = declared.get(name)
                if asked is None or asked.type is None or name == declaration.name:
                    continue
                known[fold.inquiry("kind", Name(name))] = kind_of_type(asked, known)


def known_kind(
    declaration: Declaration, known: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return the kind of a variable as the answer to the inquiry, where it has one that is known."""
    if declaration.type is None or declaration.type.name in NOT_WRAPPED:
        return {}
    with contextlib.suppress(DeclarationError):
        kind = kind_of_type(declaration, known)
        return {fold.inquiry("kind", Name(declaration.name)): kind}
    return {}


def known_length(
    declaration: Declaration, known: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return the length of characters as the answer to the inquiry, where it is constant."""
    if declaration.type is None or declaration.type.name != "character":
        return {}
    with contextlib.suppress(DeclarationError):
        decided = decide_type(declaration.type, known, entity_length=declaration.length)
        length = decided.length if decided.is_string else Integer(1)
        if isinstance(length, Integer):
            return {fold.inquiry("len", Name(declaration.name)): length}
    return {}


def kind_of_type(declaration: Declaration, known: Mapping[str, Expression]) -> Integer:
    """Return the kind of a variable: bytes, of one part of a complex number."""
    assert declaration.type is not None
    decided = decide_type(declaration.type, known, entity_length=declaration.length)
    size = decided.size // (2 if decided.kind is Kind.COMPLEX else 1)
    return Integer(size, constant=decided.constant)


def constant_value(
    declaration: Declaration, known: Mapping[str, Expression]
) -> Expression | None:
    """Return the value of a PARAMETER as its type holds it; None for one that can't be read, such as a structure."""
    assert declaration.initial is not None
    try:
        read = as_compiled(fortran.read_expression(declaration.initial.text), known)
        value = fold.fold(read, known)
        if declaration.type is not None:
            value = in_type(value, declaration, known)
    except (ExpressionError, OverflowError):
        return None
    except DeclarationError:
        pass  # of an unknown kind, or of a derived type
    if isinstance(value, ArrayConstructor):
        return replace(value, lower=lower_bound(declaration, known))
    return value


def in_type(
    value: Expression, declaration: Declaration, known: Mapping[str, Expression]
) -> Expression:
    """Return a constant converted to the declared type; DeclarationError where that isn't known."""
    assert declaration.type is not None
    decided = decide_type(declaration.type, known, entity_length=declaration.length)
    if decided.kind is Kind.CHARACTER:
        # one character where no length is given
        length = decided.length if decided.is_string else Integer(1)
        return as_string(value, length.value) if isinstance(length, Integer) else value
    return as_type(value, decided.kind, decided.size)


def lower_bound(declaration: Declaration, known: Mapping[str, Expression]) -> int:
    """Return the index of the first element of an array constant; 1 where it isn't given or isn't constant."""
    for text in declaration.dimensions or ():
        try:
            bounds = fortran.read_dimension(text.text)
        except ExpressionError:
            return 1
        if isinstance(bounds, Bounds) and bounds.lower is not None:
            lower = fold.fold(bounds.lower, known)
            return lower.value if isinstance(lower, Integer) else 1
    return 1
