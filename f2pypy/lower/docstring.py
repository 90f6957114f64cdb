"""A wrapper's docstring in f2py's form."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from textwrap import indent
from typing import Any

from f2pypy.descriptions import Description
from f2pypy.expressions.nodes import Complex, Integer, Kind, Real
from f2pypy.lower.ctypes_map import mapping_of
from f2pypy.lower.markup import inert, prose
from f2pypy.model import (
    Argument,
    Callback,
    DataType,
    Intent,
    Presence,
    Procedure,
)

# What Fortran writes after a number for its kind: ``1_8``.
KIND_SUFFIX = re.compile(r"(?<=[\d.])_\d+\b")
# What f2py doesn't say of an elemental procedure.
ELEMENTAL = (
    "Elemental: arrays are broadcast together, and what is returned has their shape."
)
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def describe_procedure(procedure: Procedure, wrapped: str = "") -> str:
    """Return the whole docstring: signature line, then the sections that aren't empty.

    `wrapped` is what Fortran calls it where users call it otherwise.
    """
    fortran = wrapped or procedure.name
    said = procedure.description
    lines = [literal_if_marked(signature_line(procedure)), ""]
    lines += [prose(said.text), ""] if said.text else []
    lines += [f"Wrapper for ``{fortran}``."]
    shown = [a for a in procedure.arguments if not a.intent & Intent.AUX]
    lines += section("Parameters", required_lines(shown, said))
    lines += section("Other Parameters", optional_lines(shown, said))
    returned = described_results(procedure)
    lines += section(
        "Returns",
        [with_text(described(result_line(a)), said.of(a.name)) for a in returned],
    )
    # pointers may share an interface
    called = {a.callback.name: a.callback for a in shown if a.callback}
    callbacks = [line for each in called.values() for line in callback_lines(each)]
    if callbacks:
        lines += ["", "Notes", "-----", "Call-back functions::", "", *callbacks]
    if procedure.elemental is not None:
        lines += section("Notes", [ELEMENTAL])
    return "\n".join(lines)


def signature_line(procedure: Procedure) -> str:
    """Return ``out = name(required,[optional])``."""
    required = [a.name for a in procedure.arguments if a.presence is Presence.REQUIRED]
    optional = [a.name for a in procedure.arguments if a.presence is Presence.OPTIONAL]
    optional += extra_parameters(procedure)
    inside = ",".join(required)
    if optional:
        inside += ("," if required else "") + f"[{','.join(optional)}]"
    returned = ",".join(a.result_name or "" for a in results(procedure))
    return (f"{returned} = " if returned else "") + f"{procedure.name}({inside})"


def literal_if_marked(text: str) -> str:
    """Return text of one line; a literal as a whole if it has names such as ``x_``, which are links for Sphinx."""
    return text if inert(text) == text else f"``{text}``"


def signature_in(docstring: str) -> str:
    """Return the signature that a docstring begins with."""
    return docstring.partition("\n")[0].strip("`")


def described(line: str) -> str:
    """Return the line of a parameter, and of its default, so that nothing of its type is markup by accident."""
    line, _, default = line.partition("\n    Default: ")
    name, colon, type_ = line.partition(" : ")
    line = name + colon + inert(type_)
    return f"{line}\n    Default: {literal_if_marked(default)}" if default else line


def extra_parameters(procedure: Procedure) -> list[str]:
    """Return the parameters that f2py adds at the end, in order."""
    extra = []
    for argument in procedure.arguments:
        if argument.presence is Presence.HIDDEN:
            continue
        if argument.callback is not None and not argument.is_procedure_pointer:
            extra.append(f"{argument.name}_extra_args")
        elif is_overwritable(argument):
            extra.append(f"overwrite_{argument.name}")
    return extra


def is_overwritable(argument: Argument) -> bool:
    """Whether the argument has an ``overwrite_`` flag."""
    flags = Intent.COPY | Intent.OVERWRITE
    return argument.is_array and bool(argument.intent & flags)


def results(procedure: Procedure) -> list[Argument]:
    """Return what is returned, the function's result first."""
    candidates = [
        *([procedure.result] if procedure.result else []),
        *procedure.arguments,
    ]
    return [a for a in candidates if a.result_name is not None]


def described_results(procedure: Procedure) -> list[Argument]:
    """Return what f2py describes as returned: a function's hidden result too."""
    hidden = procedure.result is not None and procedure.result.result_name is None
    first = [procedure.result] if hidden and procedure.result else []
    return [*first, *results(procedure)]


def section(title: str, lines: Iterable[str]) -> list[str]:
    """Return a numpydoc section, nothing where it has no lines."""
    lines = list(lines)
    return ["", title, "-" * len(title), *lines] if lines else []


def with_text(line: str, text: str) -> str:
    """Return the line of a parameter with what is said about it below: after its default as a paragraph of its own."""
    if not text:
        return line
    gap = "\n" if "\n" in line else ""
    return f"{line}\n{gap}{indent(prose(text), '    ')}"


def with_names(about: str, names: Iterable[str], said: Description) -> str:
    """Return a docstring that begins with a sentence, goes on with the text of a source, and ends with its names.

    These are a definition list of reStructuredText: numpydoc's sections would document attributes a second time.
    """
    texts = [(name, said.of(name)) for name in names]
    parts = [inert(about), prose(said.text)]
    parts += [with_text(inert(name), text) for name, text in texts if text]
    return "\n\n".join(filter(None, parts))


def required_lines(arguments: Iterable[Argument], said: Description) -> Iterable[str]:
    """Yield the lines of the arguments that callers must give."""
    for argument in arguments:
        if argument.presence is Presence.REQUIRED:
            yield with_text(described(parameter_line(argument)), said.of(argument.name))


def optional_lines(arguments: Iterable[Argument], said: Description) -> Iterable[str]:
    """Yield the lines of the optional arguments and of f2py's additions, in the order of the arguments."""
    for argument in arguments:
        if argument.presence is Presence.OPTIONAL:
            yield with_text(described(parameter_line(argument)), said.of(argument.name))
        if argument.presence is Presence.HIDDEN:
            continue
        if argument.callback is not None and not argument.is_procedure_pointer:
            yield f"{argument.name}_extra_args : input tuple, optional\n    Default: ()"
        elif is_overwritable(argument):
            default = int(bool(argument.intent & Intent.OVERWRITE))
            yield (
                f"overwrite_{argument.name} : input int, optional\n    Default: {default}"
            )


def parameter_line(argument: Argument) -> str:
    """Return ``name : input rank-1 array('d') with bounds (n)`` and its like."""
    if argument.callback is not None and argument.is_procedure_pointer:
        return f"{argument.name} : procedure pointer => {argument.callback.name}"
    if argument.callback is not None:
        other = argument.callback.name
        arrow = f" => {other}" if other != argument.name else ""
        return f"{argument.name} : call-back function{arrow}"
    direction = ""
    if argument.intent & Intent.IN:
        direction = "input"
    elif argument.intent & Intent.INOUT:
        direction = "in/output"
    default = ""
    if argument.initial is not None:
        default = f", optional\n    Default: {default_text(argument)}"
    return f"{argument.name} : {direction} {type_text(argument)}{default}"


def default_text(argument: Argument) -> str:
    """Return the default as documentation shows it; strings always in single quotes."""
    text = argument.initial_text
    constant = constant_text(argument)
    if constant:
        return constant
    if argument.type.kind is Kind.CHARACTER and text[:1] in ("'", '"'):
        return f"'{text[1:-1]}'"
    return text


def constant_text(argument: Argument) -> str:
    """Return the default of a number as f2py evaluates it: ``2*3`` is 6; "" where it isn't constant, or no Python.

    f2py lets Python evaluate what it can, whatever the argument's type: ``1`` of a real one stays 1, and ``1.1L``
    stays as it is written. A quotient is shown as C computes it, which is the value that the argument gets.
    """
    value = argument.initial
    if argument.is_array or not isinstance(value, (Integer, Real, Complex)):
        return ""
    try:
        tree = ast.parse(KIND_SUFFIX.sub("", argument.initial_text), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    shown = evaluated(tree.body)
    if shown is not None:
        return shown if isinstance(shown, str) else str(shown)
    match value:
        case Complex(Real(real), Real(imaginary)):
            return f"({real!r}, {imaginary!r})"
        case Integer(number) | Real(number):
            return repr(number)
        case _:
            return ""


def evaluated(node: ast.expr) -> Any:
    """Return what Python makes of sums and products of numbers, of pairs of them, and of text; None for the rest."""
    match node:
        case ast.Constant(str(value)):
            return repr(value)
        case ast.Constant(int() | float() as value):
            return value
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, operand):
            value = number_in(operand)
            if value is None:
                return None
            return -value if isinstance(sign, ast.USub) else value
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as kind, right):
            one, other = number_in(left), number_in(right)
            if one is None or other is None:
                return None
            return ARITHMETIC[type(kind)](one, other)
        case ast.Tuple([first, second]):
            pair = number_in(first), number_in(second)
            return None if None in pair else pair
        case _:
            return None


def number_in(node: ast.expr) -> Any:
    """Return the number that Python makes of an expression; None where it is none."""
    value = evaluated(node)
    return value if isinstance(value, (int, float)) else None


def type_text(argument: Argument) -> str:
    """Return the type as a parameter's documentation shows it."""
    if argument.type.kind is Kind.DERIVED:
        return record_text(argument)
    mapping = mapping_of(argument.type)
    word = mapping.word if mapping is not None else "void"
    char = char_of(argument.type)
    if argument.is_array:
        return f"rank-{len(argument.bounds or ())} array('{char}') with bounds ({bounds_text(argument)})"
    if argument.type.is_string:
        text = f"string(len={length_text(argument.type)})"
        return f"rank-0 array({text},'c')" if argument.intent & Intent.INOUT else text
    if argument.intent & Intent.INOUT:
        return f"rank-0 array({word},'{char}')"
    return word


def record_text(argument: Argument) -> str:
    """Return a derived type as documentation shows it."""
    name = "*" if argument.type.derived is None else argument.type.derived.name
    word = f"{'class' if argument.type.polymorphic else 'type'}({name})"
    if not argument.is_array:
        return word
    return f"rank-{len(argument.bounds or ())} array({word}) with bounds ({bounds_text(argument)})"


def char_of(type_: DataType) -> str:
    """Return NumPy's letter for the element type."""
    if type_.is_string:
        return "S"
    mapping = mapping_of(type_)
    return mapping.char if mapping is not None else "V"


def bounds_text(argument: Argument) -> str:
    """Return the extents as documentation shows them."""
    return ",".join(bound.text for bound in argument.bounds or ())


def length_text(type_: DataType) -> str:
    """Return the length of a string; -1 where it is assumed."""
    match type_.length:
        case None:
            return "-1"
        case Integer(value):
            return str(value)
        case expression:
            return getattr(expression, "name", "-1")


def result_line(argument: Argument) -> str:
    """Return how f2py describes a returned value: ``x : rank-1 array('d') with bounds (n)``."""
    name = argument.result_name or argument.name
    if argument.callback is not None:
        return parameter_line(argument)
    if argument.type.kind is Kind.DERIVED:
        return f"{name} : {record_text(argument)}"
    if not argument.is_array:
        if argument.type.is_string and not argument.type.is_character:
            return f"{name} : string(len={length_text(argument.type)})"
        mapping = mapping_of(argument.type)
        return f"{name} : {mapping.word if mapping is not None else 'void'}"
    line = (
        f"{name} : rank-{len(argument.bounds or ())} array('{char_of(argument.type)}') "
        f"with bounds ({bounds_text(argument)})"
    )
    return line if name == argument.name else f"{line} and {argument.name} storage"


def callback_lines(callback: Callback) -> list[str]:
    """Return how the caller's function is called and what it may return."""
    shown = [a for a in callback.arguments if a.presence is not Presence.HIDDEN]
    required = [a.name for a in shown if a.presence is Presence.REQUIRED]
    optional = [a.name for a in shown if a.presence is Presence.OPTIONAL]
    inside = ",".join(required)
    if optional:
        inside += ("," if required else "") + f"[{','.join(optional)}]"
    returned = [*([callback.result] if callback.result else [])]
    returned += [a for a in callback.arguments if a.intent & Intent.OUT]
    names = ",".join(a.name for a in returned)
    lines = [f"    def {callback.name}({inside}): return {names}"]
    for title, arguments in (
        ("Required arguments:", [a for a in shown if a.presence is Presence.REQUIRED]),
        ("Optional arguments:", [a for a in shown if a.presence is Presence.OPTIONAL]),
        ("Return objects:", returned),
    ):
        if arguments:
            lines.append(f"    {title}")
            going_in = arguments is not returned
            lines += [f"        {callback_type_line(a, going_in)}" for a in arguments]
    return lines


def callback_type_line(argument: Argument, going_in: bool) -> str:
    """Return the line of one argument of a callback, or of what it returns."""
    mapping = mapping_of(argument.type)
    word = mapping.word if mapping is not None else "void"
    if argument.type.kind is Kind.DERIVED:
        return f"{argument.name} : {record_text(argument)}"
    direction = ""
    if going_in and argument.intent & Intent.IN:
        direction = "input "
    elif going_in and argument.intent & Intent.INOUT:
        direction = "in/output "
    default = ""
    if going_in and argument.initial_text:
        default = f", optional\n    Default: {argument.initial_text}"
    if argument.bounds is not None:
        extents = ",".join(b.text for b in argument.bounds)
        return (
            f"{argument.name} : {direction}rank-{len(argument.bounds)} "
            f"array('{char_of(argument.type)}') with bounds ({extents}){default}"
        )
    if argument.type.is_string:
        word = f"string(len={length_text(argument.type)})"
    if going_in and argument.intent & Intent.INOUT:
        word = f"rank-0 array({word},'{char_of(argument.type)}')"
    return f"{argument.name} : {direction}{word}{default}"
