"""How a signature file writes a routine and its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy.model import Argument, Callback, Check, Intent, Presence, Procedure
from f2pypy.resolve.arguments.intents import ABSENT
from f2pypy.signatures.comments import write_description
from f2pypy.signatures.lines import indented
from f2pypy.signatures.shapes import (
    FORM_ATTRIBUTES,
    asked_modules,
    bounds_text,
    is_asked,
    shape_text,
    type_text,
)
from f2pypy.signatures.types import types_in, use_lines

# Words of the language of signature files that a name may be, too: those stay as they are.
EXPRESSION_WORDS = frozenset(
    {
        "len", "slen", "shape", "size", "rank", "kind", "real", "integer", "logical", "complex", "character",
        "abs", "max", "min", "int", "in", "out", "hide", "copy", "cache", "c", "dimension", "depend", "check",
        "optional", "external", "intent", "parameter", "result", "use", "end", "function", "subroutine", "module",
        "interface", "contains", "common", "data",
    }
)  # fmt: skip
# The keys of intent(...) that are written as they are; the direction comes before them.
KEYS = {
    Intent.INPLACE: "inplace",
    Intent.CACHE: "cache",
    Intent.OVERWRITE: "overwrite",
    Intent.COPY: "copy",
    Intent.CALLBACK: "callback",
    Intent.ALIGNED4: "aligned4",
    Intent.ALIGNED8: "aligned8",
    Intent.ALIGNED16: "aligned16",
}


def write_procedure(procedure: Procedure, place: str) -> list[str]:
    """Return the block of one routine; `place` is what it stands in, for a comment."""
    kind = "subroutine" if procedure.result is None else "function"
    dummies = [a for a in procedure.arguments if is_dummy(a)]
    names = ",".join(a.name for a in dummies)
    head = f"{prefix_of(procedure)}{kind} {procedure.name}({names})"
    body: list[str] = []
    result = procedure.result
    if result is not None and result.name != procedure.name:
        head += f" result ({result.name})"
    body += used_modules(procedure)
    if not procedure.fortran_module:
        body += write_interfaces((p for _, p in procedure.pointed), place)
    arguments = [*procedure.arguments, *([result] if result is not None else [])]
    renamed = procedure.symbol != procedure.name
    if any(argument.interoperable for argument in arguments):
        head += f' bind(c, name="{procedure.symbol}")' if renamed else " bind(c)"
    else:
        if procedure.exact_symbol:
            body.append(f"intent(c) {procedure.name}")
        if renamed:
            body.append(f"fortranname {procedure.symbol}".rstrip())
    if procedure.threadsafe:
        body.append("threadsafe")
    for keyword, text in procedure.codes:
        body += code_lines(keyword, text)
    body += [f"external {name}" for name in procedure.externals]
    # arguments are converted in the order of their declarations, where nothing else decides
    for name in procedure.evaluation:
        body += write_argument(procedure.argument(name), procedure)
    if result is not None:
        type_ = type_text(result.type)
        if result.callback is not None:
            type_ = f"procedure({result.callback.name})"
        body.append(f"{type_}{shape_text(result)} :: {result.name}")
    end = f"end {kind} {procedure.name}"
    comments = write_description(procedure.description)
    return [*comments, f"{head} ! in :{place}", *indented(body), end]


def prefix_of(procedure: Procedure) -> str:
    """Return what stands before the kind of a procedure: that it is elemental, with a blank."""
    if procedure.elemental is None:
        return ""
    return "impure elemental " if procedure.elemental.in_order else "elemental "


def write_interfaces(procedures: Iterable[Procedure], place: str) -> list[str]:
    """Return the interface block of what procedure pointers point to, each once; nothing where there is none."""
    found = {each.name: each for each in procedures}
    lines = [line for each in found.values() for line in write_procedure(each, place)]
    return ["abstract interface", *indented(lines), "end interface"] if lines else []


def used_modules(procedure: Procedure) -> Iterator[str]:
    """Yield the statements that name callbacks' prototypes, those of other names renamed, types and modules of extents.

    The module around a procedure names its types.
    """
    renamed: dict[str, list[str]] = {}
    for argument in procedure.arguments:
        if argument.callback is not None and not argument.is_procedure_pointer:
            names = renamed.setdefault(argument.callback.module, [])
            if argument.callback.name != argument.name:
                names.append(f"{argument.name} => {argument.callback.name}")
    for module in sorted(renamed):
        yield ", ".join([f"use {module}", *renamed[module]])
    if not procedure.fortran_module:
        yield from use_lines((each.module, each.name) for each in types_in(procedure))
    yield from (f"use {module}" for module in asked_modules(procedure))


def code_lines(keyword: str, text: str) -> list[str]:
    """Return a statement that carries C; what has several lines, or could be taken for Fortran, stands in quotes."""
    if any(mark in text for mark in "\n!&'"):
        return f"{keyword} '''{text}'''".split("\n")
    return [f"{keyword} {text}"]


def is_dummy(argument: Argument) -> bool:
    """Whether Fortran has the argument too."""
    by_name = argument.callback is not None and argument.intent & Intent.CALLBACK
    return not (argument.intent & Intent.AUX or by_name)


def write_dummy_procedure(argument: Argument, callback: Callback) -> Iterator[str]:
    """Yield the declaration of a dummy procedure or a pointer to one."""
    is_optional = argument.presence is Presence.OPTIONAL
    if argument.is_procedure_pointer:
        attributes = ["pointer", f"intent({intent_text(argument)})"]
        attributes += ["optional"] * is_optional
        yield f"procedure({callback.name}), {', '.join(attributes)} :: {argument.name}"
        return
    yield f"external {argument.name}"
    if is_optional:
        yield f"optional {argument.name}"
    if argument.absent_as_null:
        yield f"intent({ABSENT}) {argument.name}"
    if argument.intent & Intent.CALLBACK:
        hide = ", hide" if argument.presence is Presence.HIDDEN else ""
        yield f"intent(callback{hide}) {argument.name}"


def write_argument(argument: Argument, procedure: Procedure) -> Iterator[str]:
    """Yield the declaration of one argument, for a callback with its intent."""
    if argument.callback is not None:
        yield from write_dummy_procedure(argument, argument.callback)
        return
    attributes = [type_text(argument.type)]
    if argument.form in FORM_ATTRIBUTES:
        attributes.append(FORM_ATTRIBUTES[argument.form])
    attributes += [f"intent({keys})" for keys in (intent_text(argument),) if keys]
    if argument.presence is Presence.OPTIONAL:
        attributes.append("optional")
    elif argument.presence is Presence.REQUIRED and argument.initial is not None:
        attributes.append("required")
    if argument.by_value and not argument.intent & Intent.C:
        attributes.append("value")
    if argument.contiguous:
        attributes.append("contiguous")
    if argument.bounds is not None:
        attributes.append(f"dimension({bounds_text(argument.bounds)})")
    checks = ", ".join(check.text for check in own_checks(argument))
    if checks:
        attributes.append(f"check({checks})")
    elif argument.absent_as_null and argument.bounds is not None:
        # its extents tell nothing of other arguments, because it may be missing
        attributes.append("check()")
    needed = depends_of(argument, procedure)
    if needed and own_checks(argument) == argument.checks:
        attributes.append(f"depend({','.join(needed)})")
    initial = f" = {argument.initial_text}" if argument.initial is not None else ""
    yield f"{', '.join(attributes)} :: {argument.name}{initial}"


def own_checks(argument: Argument) -> tuple[Check, ...]:
    """Return the checks that can be read: those of an extent that a compiled function computes are made again."""
    asked = {bound.text for bound in argument.bounds or () if is_asked(bound.value)}
    return tuple(c for c in argument.checks if c.text.partition(" == ")[2] not in asked)


def intent_text(argument: Argument) -> str:
    """Return the keys of the argument's intent."""
    intent = argument.intent
    keys = [word for flag, word in KEYS.items() if intent & flag]
    stated = argument.states_direction
    if intent & Intent.AUX:
        keys.append("aux")
    elif intent & Intent.C:
        keys.append("c")
    if argument.absent_as_null:
        keys.append(ABSENT)
    if argument.result_name not in (None, argument.name):
        keys.append(f"out={argument.result_name}")
    if argument.result_name is not None and stated:
        keys.append("out")
    if argument.presence is Presence.HIDDEN and (
        argument.result_name is None or argument.initial is not None
    ):
        keys.append("hide")
    elif intent & Intent.INOUT:
        keys.append("inout")
    elif (
        stated
        and argument.presence is not Presence.HIDDEN
        and not intent & Intent.INPLACE
    ):
        keys.append("in")
    return ",".join(dict.fromkeys(keys))


def depends_of(argument: Argument, procedure: Procedure) -> list[str]:
    """Return the arguments that must have a value first, as the order of evaluation says."""
    before = procedure.evaluation[: procedure.evaluation.index(argument.name)]
    words = {
        word
        for text in (
            argument.initial_text,
            *(bound.text for bound in argument.bounds or ()),
            *(check.text for check in argument.checks),
        )
        for word in names_in(text)
    }
    return [name for name in before if name in words]


def names_in(text: str) -> Iterator[str]:
    """Yield the words of a text that may be names."""
    word = ""
    for letter in f"{text} ":
        if letter.isalnum() or letter == "_":
            word += letter
        elif word:
            yield word
            word = ""
