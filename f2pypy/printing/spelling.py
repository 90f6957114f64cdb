"""How plain values of the plan look as Python: names, texts, expressions, tuples."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from f2pypy import plan
from f2pypy.expressions.functions import typed_function
from f2pypy.expressions.nodes import Bounds, Expression, Unary
from f2pypy.printing.functions import print_function
from f2pypy.printing.levels import Level
from f2pypy.printing.python import format_python
from f2pypy.printing.vectors import print_elementwise

ANNOTATION = re.compile(r"[\w.\[\], |]+")


@cache
def identifier(name: str) -> str:
    """Return a name that is printed as it stands; ValueError for what isn't one, whoever let it into the plan."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} can't stand for a name in the output")
    return name


def parameters(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(map(identifier, names))


def declared(given: Iterable[plan.Parameter], itself: str = "") -> str:
    """Return the parameters of a function with their annotations and defaults, which are constants.

    A method gets its object as `itself`, before them.
    """
    first = [identifier(itself)] if itself else []
    return ", ".join([*first, *map(_parameter, given)])


def _parameter(parameter: plan.Parameter) -> str:
    text = f"{identifier(parameter.name)}: {annotation(parameter.annotation)}"
    if parameter.empty:
        return f"{text} = ()"
    if parameter.optional:
        text += " | None"
    if parameter.default is not None:
        return f"{text} = {format_python(parameter.default)}"
    return f"{text} = None" if parameter.optional else text


def flags(names: Iterable[str]) -> str:
    """Return the union of the runtime's flags."""
    return " | ".join(map(identifier, names))


def annotation(text: str) -> str:
    """Return an annotation; ValueError for what none of f2pypy's looks like."""
    if ANNOTATION.fullmatch(text) is None:
        raise ValueError(f"{text!r} can't be an annotation")
    return text


def element_type(text: str) -> str:
    """Return the runtime's name of a type of elements, with its length in brackets for strings."""
    name, bracket, rest = text.partition("(")
    length = f"({int(rest.removesuffix(')'))})" if bracket else ""
    return identifier(name) + length


def quote(text: str) -> str:
    """Return a string literal in double quotes where that needs no escapes."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal


def escape_docstring(text: str) -> str:
    """Return text that stands in a docstring as it is, indented like the def's body."""
    safe = text.replace("\\", "\\\\")
    # three quotes end the docstring, and so does one beside those that end it anyway
    safe = re.sub(r'"{3,}|"+\Z', lambda found: '\\"' * len(found.group()), safe)
    return "\n".join(
        line
        if line.isprintable()
        else "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
        for line in safe.split("\n")
    )


def indent_docstring(text: str) -> str:
    """Return a function's docstring with its lines indented."""
    lines = escape_docstring(text).split("\n")
    return "\n".join([lines[0], *[f"    {line}" if line else "" for line in lines[1:]]])


def ranks_of(procedure: plan.Procedure) -> Mapping[str, int]:
    """Return the ranks of a procedure's arrays."""
    return dict(procedure.ranks)


def python(
    expression: Expression,
    procedure: plan.Procedure,
    facts: tuple[Expression, ...] = (),
) -> str:
    """Return an expression as Python text; `facts` are conditions that hold there and let divisions print as ``//``."""
    return format_python(expression, ranks=ranks_of(procedure), facts=facts)


def truth(
    expression: Expression,
    procedure: plan.Procedure,
    level: Level = Level.CONDITIONAL,
) -> str:
    """Return an expression that only decides something, so that an integer may stand for its truth.

    It is in parentheses if it binds less than `level`.
    """
    ranks = ranks_of(procedure)
    return format_python(expression, ranks=ranks, truth=True, level=level)


def refused(expression: Expression, procedure: plan.Procedure) -> str:
    """Return the condition that the expression does not hold."""
    return format_python(Unary("!", expression), ranks=ranks_of(procedure), truth=True)


def elementwise(expression: Expression, procedure: plan.Procedure) -> str:
    """Return an expression as NumPy operations on all elements at once."""
    return print_elementwise(expression, ranks=ranks_of(procedure))


def c_function(function: plan.Function) -> str:
    """Return a function of usercode or a macro as a Python function, without the newline at its end."""
    names = dict(function.names)
    known = {definition.name: definition for definition in function.known}
    return print_function(typed_function(function.definition, known), names).rstrip(
        "\n"
    )


def places(bounds: Bounds, procedure: plan.Procedure) -> str:
    """Return the places in an array as the arguments of `span`."""
    parts = (bounds.lower, bounds.upper, bounds.stride)
    return ", ".join(python(part, procedure) for part in parts if part is not None)


def extents(
    values: Iterable[Expression | None], procedure: plan.Procedure | None = None
) -> str:
    """Return a tuple of extents, -1 for those that are open."""
    ranks = {} if procedure is None else ranks_of(procedure)
    return tuple_of(
        ["-1" if v is None else format_python(v, ranks=ranks) for v in values]
    )


def tuple_of(texts: Sequence[str]) -> str:
    """Return a tuple of values that are spelled already."""
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def call(function: str, *arguments: str, **keywords: str | bool) -> str:
    """Return a call; keywords that are empty or false have their default and are left out."""
    given = [f"{name}={value}" for name, value in keywords.items() if value]
    return f"{function}({', '.join([*arguments, *given])})"


def maybe(spelled: Callable[[Any], str], value: Any) -> str:
    """Return a value as `spelled` has it, "" for one that is empty."""
    return spelled(value) if value else ""


def quoted_tuple(names: Iterable[str]) -> str:
    """Return the names as a tuple of string literals."""
    return tuple_of(list(map(quote, names)))


def names_list(names: tuple[str, ...]) -> str:
    """Return the names as a list of string literals."""
    return f"[{', '.join(quote(name) for name in names)}]"


def targets(names: tuple[str, ...]) -> str:
    """Return the left side of an unpacking assignment."""
    return f"({parameters(names)},)" if len(names) == 1 else parameters(names)


# What callers get of the local {0}, which the holder {1} may have.
RETURNED = {
    plan.ReturnedForm.PLAIN: "{0}",
    plan.ReturnedForm.ARRAY: "unfold({0})",
    plan.ReturnedForm.STRING: "string_result({0})",
    plan.ReturnedForm.CHARACTER: "{0}.tobytes()",
    plan.ReturnedForm.TAKEN: "{1}.take()",
    plan.ReturnedForm.RECEIVED: "{1}.receive({0})",
    plan.ReturnedForm.GIVEN_BACK: "{1}.give_back({0})",
    plan.ReturnedForm.POINTED: "{0}.target()",
    plan.ReturnedForm.CODE: "{1}.target({0})",
}


def returned(value: plan.Returned, procedure: plan.Procedure) -> str:
    """Return a value as callers get it."""
    holder = identifier(value.holder) if value.holder else ""
    text = RETURNED[value.form].format(python(value.value, procedure), holder)
    return f"None if {identifier(value.absent)} else {text}" if value.absent else text


def return_values(step: plan.Return, procedure: plan.Procedure) -> str:
    """Return what a wrapper returns: nothing, one value, or several."""
    return ", ".join(returned(value, procedure) for value in step.values)


def routine(function: plan.Procedure | plan.Generic, decorator: str) -> str:
    """Return what users get of a function, which takes keywords by the names that Fortran gave its parameters."""
    made = call(decorator, identifier(function.function))
    names = {identifier(python): quote(name) for python, name in function.renamed}
    return f"{call('renamed', **names)}({made})" if names else made
