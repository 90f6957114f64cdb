"""How a signature file writes what Fortran calls and Python provides."""

from __future__ import annotations

from f2pypy.model import Argument, Callback, Form, Intent, Library, Presence
from f2pypy.resolve.arguments.intents import DESCRIBED
from f2pypy.signatures.lines import indented
from f2pypy.signatures.shapes import dimension_text, type_text

DEFERRED = (Form.ALLOCATABLE, Form.POINTER)


def callback_modules(library: Library) -> list[str]:
    """Return the modules that describe callbacks, each with its prototypes once."""
    inner = (p for module in library.modules for p in module.procedures)
    found: dict[str, dict[str, Callback]] = {}
    for procedure in (*library.procedures, *inner):
        for argument in procedure.arguments:
            if argument.callback is not None and not argument.is_procedure_pointer:
                known = found.setdefault(argument.callback.module, {})
                known[argument.callback.name] = argument.callback
    lines: list[str] = []
    for name, callbacks in found.items():
        prototypes = [line for c in callbacks.values() for line in write_callback(c)]
        lines.append(f"python module {name}")
        lines += indented(["interface", *indented(prototypes), "end interface"])
        lines.append(f"end python module {name}")
    return lines


def write_callback(callback: Callback) -> list[str]:
    """Return the prototype of one callback."""
    kind = "subroutine" if callback.result is None else "function"
    head = f"{kind} {callback.name}({','.join(a.name for a in callback.arguments)})"
    body = [callback_line(argument) for argument in callback.arguments]
    if callback.result is not None:
        name = result_name(callback, callback.result.name)
        if name != callback.name:
            head += f" result ({name})"
        shape = dimension_text(callback.result)
        form = callback.result.form
        deferred = f", {form.value}" if form in DEFERRED else ""
        body.append(f"{type_text(callback.result.type)}{deferred}{shape} :: {name}")
    if not callback.lengths:
        head += " bind(c)"
    return [head, *indented(body), f"end {kind} {callback.name}"]


def result_name(callback: Callback, name: str) -> str:
    """Return a name for the result that no dummy argument has: a callback may be named like one of its own."""
    while name in [argument.name for argument in callback.arguments]:
        name += "_"
    return name


def callback_line(argument: Argument) -> str:
    """Return the declaration of one argument of a callback."""
    keys = []
    if argument.presence is Presence.HIDDEN:
        keys.append("hide")
    elif argument.intent & Intent.INOUT:
        keys.append("inout")
    elif argument.intent & Intent.IN:
        keys.append("in")
    if argument.intent & Intent.OUT:
        keys.append("out")
    if argument.form is Form.ASSUMED_SHAPE:
        keys.append(DESCRIBED)
    attributes = [type_text(argument.type), f"intent({','.join(keys)})"]
    if argument.form in DEFERRED:
        attributes.append(argument.form.value)
    if argument.presence is Presence.OPTIONAL:
        attributes.append("optional")
    if argument.by_value:
        attributes.append("value")
    return f"{', '.join(attributes)}{dimension_text(argument)} :: {argument.name}"
