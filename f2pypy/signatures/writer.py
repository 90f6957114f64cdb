"""From a library to the signature file that describes it; what is written reads back to the same module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from f2pypy.expressions.literals import DIGITS, decimal_text
from f2pypy.expressions.nodes import (
    ASKED,
    OWNED_FUNCTION,
    Call,
    Complex,
    Expression,
    Integer,
    ItemSize,
    Kind,
    Logical,
    Name,
    Real,
    Stored,
    String,
)
from f2pypy.expressions.walk import walk
from f2pypy.model import (
    Argument,
    Bound,
    Callback,
    Check,
    CommonBlock,
    DataType,
    Form,
    FortranModule,
    Intent,
    Library,
    Presence,
    Procedure,
    Variable,
)
from f2pypy.resolve.arguments.intents import ABSENT, DESCRIBED
from f2pypy.signatures.expressions import (
    Unwritable,
    is_of_runtime,
    quoted,
    signature_expression,
)

INDENT = "    "
WORD_OR_LITERAL = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|!.*|\w+")
SHAPE = re.compile(r"\bshape\((\w+), (\d+)\)")
LENGTH = re.compile(r"\bslen\(")
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
FORM_ATTRIBUTES = {Form.ALLOCATABLE: "allocatable", Form.POINTER: "pointer"}
HEADER = (
    "!    -*- f90 -*-",
    "! Note: the context of this file is case sensitive.",
    "",
)


def write_signature(
    library: Library, spellings: Mapping[str, str] | None = None
) -> str:
    """Return the text of the signature file, callbacks first.

    `spellings` are the names of sources as they stand there, by their lower case.
    """
    library = in_own_words(library)
    inner: list[str] = []
    for procedure in library.procedures:
        inner += write_procedure(procedure, library.name)
    # of several mentions of a block the first one counts
    for common in library.commons:
        inner += write_common(common)
    for module in library.modules:
        inner += write_module(module, library.name)
    if spellings is not None:
        inner = respell(inner, spellings, library)
    lines = [*HEADER, *callback_modules(library)]
    lines.append(f"python module {library.name} ! in")
    for text in library.codes:
        lines += code_lines("usercode", text)
    lines += indented(["interface", *indented(inner), "end interface"])
    lines += [f"end python module {library.name}", ""]
    return "\n".join(lines)


def in_own_words(library: Library) -> Library:
    """Return the library with the lengths that compiled functions compute as their texts, which f2pypy can't read."""
    texts = {f"{ASKED}{q.name}": q.dimension for q in library.questions if q.is_length}

    def with_text(type_: DataType) -> DataType:
        match type_.length:
            case Call(function) if function in texts:
                return replace(type_, length=Name(texts[function]))
            case _:
                return type_

    def written(procedure: Procedure) -> Procedure:
        arguments = tuple(replace(a, type=with_text(a.type)) for a in procedure.arguments)  # fmt: skip
        result = procedure.result
        if result is not None:
            result = replace(result, type=with_text(result.type))
        return replace(procedure, arguments=arguments, result=result)

    if not texts:
        return library
    modules = (
        replace(m, procedures=tuple(map(written, m.procedures)))
        for m in library.modules
    )
    procedures = tuple(map(written, library.procedures))
    return replace(library, procedures=procedures, modules=tuple(modules))


def respell(
    lines: Iterable[str], spellings: Mapping[str, str], library: Library
) -> list[str]:
    """Return the lines with the library's own names as the sources spell them."""
    own = {*names_of(library)} - EXPRESSION_WORDS
    known = {name: spelled for name, spelled in spellings.items() if name in own}

    def spell(word: re.Match[str]) -> str:
        return known.get(word.group(), word.group())

    return [WORD_OR_LITERAL.sub(spell, line) for line in lines]


def names_of(library: Library) -> Iterator[str]:
    """Yield the names of routines, arguments, modules, common blocks and variables."""
    owners: list[FortranModule | CommonBlock] = [*library.modules, *library.commons]
    procedures = [*library.procedures, *(p for m in library.modules for p in m.procedures)]  # fmt: skip
    for procedure in procedures:
        yield procedure.name
        yield from (argument.name for argument in procedure.arguments)
        if procedure.result is not None:
            yield procedure.result.name
    for owner in owners:
        yield owner.name
        yield from (variable.name for variable in owner.variables)


def indented(lines: Iterable[str]) -> list[str]:
    """Return the lines one level deeper."""
    return [f"{INDENT}{line}" if line else line for line in lines]


# Procedures.


def write_procedure(procedure: Procedure, place: str) -> list[str]:
    """Return the block of one routine; `place` is what it stands in, for a comment."""
    kind = "subroutine" if procedure.result is None else "function"
    dummies = [a for a in procedure.arguments if is_dummy(a)]
    head = f"{kind} {procedure.name}({','.join(a.name for a in dummies)})"
    body: list[str] = []
    result = procedure.result
    if result is not None and result.name != procedure.name:
        head += f" result ({result.name})"
    body += used_modules(procedure)
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
        body.append(f"{type_text(result.type)}{shape_text(result)} :: {result.name}")
    end = f"end {kind} {procedure.name}"
    return [f"{head} ! in :{place}", *indented(body), end]


def used_modules(procedure: Procedure) -> Iterator[str]:
    """Yield the statements that name callbacks' prototypes, those of other names renamed, and modules of extents."""
    renamed: dict[str, list[str]] = {}
    for argument in procedure.arguments:
        if argument.callback is not None:
            names = renamed.setdefault(argument.callback.module, [])
            if argument.callback.name != argument.name:
                names.append(f"{argument.name} => {argument.callback.name}")
    for module in sorted(renamed):
        yield ", ".join([f"use {module}", *renamed[module]])
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


def write_argument(argument: Argument, procedure: Procedure) -> Iterator[str]:
    """Yield the declaration of one argument, for a callback with its intent."""
    if argument.callback is not None:
        yield f"external {argument.name}"
        if argument.presence is Presence.OPTIONAL:
            yield f"optional {argument.name}"
        if argument.absent_as_null:
            yield f"intent({ABSENT}) {argument.name}"
        if argument.intent & Intent.CALLBACK:
            hide = ", hide" if argument.presence is Presence.HIDDEN else ""
            yield f"intent(callback{hide}) {argument.name}"
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


# Types.


def type_text(type_: DataType) -> str:
    """Return a type as a signature file spells it."""
    if type_.is_character:
        return "character"
    if type_.kind is Kind.CHARACTER:
        return f"character({length_text(type_)})" if type_.is_string else "character"
    if type_.address:
        return f"type({type_.constant or 'c_ptr'})"
    if type_.unsigned:
        return f"integer(kind=-{type_.size})"
    if type_.constant:
        # a module says which of these it counts on
        return f"{type_.kind.value}(kind={type_.constant})"
    size = type_.size // 2 if type_.kind is Kind.COMPLEX else type_.size
    return f"{type_.kind.value}(kind={size})"


def length_text(type_: DataType) -> str:
    """Return the length of a string."""
    match type_.length:
        case None if type_.deferred:
            return "len=:"
        case None:
            return "len=*"
        case Integer(value):
            return f"len={value}"
        case length:
            try:
                return f"len={signature_expression(length)}"
            except Unwritable:
                return "len=*"


def shape_text(argument: Argument) -> str:
    """Return the dimension and the form of a function's result."""
    text = ""
    if argument.form in FORM_ATTRIBUTES:
        text += f", {FORM_ATTRIBUTES[argument.form]}"
    if argument.bounds is not None:
        text += f", dimension({bounds_text(argument.bounds)})"
    return text


def asked_modules(procedure: Procedure) -> list[str]:
    """Return the Fortran modules, but the procedure's own, whose variables are extents."""
    values = [
        bound.value
        for argument in procedure.arguments
        for bound in argument.bounds or ()
        if bound.value is not None
    ]
    values += [
        argument.type.length
        for argument in (*procedure.arguments, procedure.result)
        if argument is not None and argument.type.length is not None
    ]
    if procedure.result is not None:
        bounds = procedure.result.bounds or ()
        values += [bound.value for bound in bounds if bound.value is not None]
    owners = {
        owner
        for value in values
        for node in walk(value)
        if (owner := owner_asked(node)) is not None
    }
    return sorted(owners - {procedure.fortran_module})


def owner_asked(node: object) -> str | None:
    """Return the Fortran module whose variable or function stands in an extent, None for anything else."""
    match node:
        case Stored(owner):
            return owner
        case Call(function) if OWNED_FUNCTION in function and not is_asked(node):
            return function.partition(OWNED_FUNCTION)[0]
        case _:
            return None


def is_asked(node: object) -> bool:
    """Whether a compiled function computes an extent."""
    return isinstance(node, Call) and node.function.startswith(ASKED)


def bounds_text(bounds: Sequence[Bound]) -> str:
    """Return the extents of an array."""
    return ",".join(map(bound_text, bounds))


def bound_text(bound: Bound) -> str:
    """Return what an extent means, or its own words where a signature file has no others.

    Lower bounds of assumed-shape arrays are such: ``ubound(a, 1)`` isn't the extent of what reads as ``a(:)``.
    """
    if bound.value is None or not bound.known:
        return bound.text
    if isinstance(bound.value, Stored) and bound.value.axis is None:
        return bound.value.name
    if is_asked(bound.value):
        return bound.text
    try:
        meant = signature_expression(bound.value)
    except Unwritable:
        # sections count from the array's lower bound, which signature files don't have
        parts = [n for n in walk(bound.value) if is_of_runtime(n)]
        return "*" if parts else bound.text
    if any(is_of_runtime(n) or isinstance(n, ItemSize) for n in walk(bound.value)):
        # `len` of an array is its first extent there
        return meant
    # the text itself has sums in the order of documentation
    return in_fortran(meant) if "shape(" not in bound.text else meant


def in_fortran(meant: str) -> str:
    """Return an extent with SIZE and LEN for f2py's functions, as documentation shows it for a source with these."""
    sized = SHAPE.sub(lambda said: f"size({said[1]}, {int(said[2]) + 1})", meant)
    return LENGTH.sub("len(", sized)


# Callbacks.


def callback_modules(library: Library) -> list[str]:
    """Return the modules that describe callbacks, each with its prototypes once."""
    inner = (p for module in library.modules for p in module.procedures)
    found: dict[str, dict[str, Callback]] = {}
    for procedure in (*library.procedures, *inner):
        for argument in procedure.arguments:
            if argument.callback is not None:
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
        if callback.result.name != callback.name:
            head += f" result ({callback.result.name})"
        shape = dimension_text(callback.result)
        body.append(
            f"{type_text(callback.result.type)}{shape} :: {callback.result.name}"
        )
    if not callback.lengths:
        head += " bind(c)"
    return [head, *indented(body), f"end {kind} {callback.name}"]


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
    if argument.presence is Presence.OPTIONAL:
        attributes.append("optional")
    if argument.by_value:
        attributes.append("value")
    return f"{', '.join(attributes)}{dimension_text(argument)} :: {argument.name}"


def dimension_text(argument: Argument) -> str:
    """Return the attribute for the extents of a callback's argument or result, "" for a scalar."""
    if argument.bounds is None:
        return ""
    return f", dimension({bounds_text(argument.bounds)})"


# Fortran modules and common blocks.


def write_module(module: FortranModule, place: str) -> list[str]:
    """Return the block of a Fortran module."""
    body = [variable_line(variable) for variable in module.variables]
    body += common_lines(module.variables)
    shared = [variable.name for variable in module.variables if variable.shared]
    if shared:
        body.append(f"equivalence ({','.join(shared)})")
    if module.procedures:
        inside = f"{place}:{module.name}"
        routines = [
            line for p in module.procedures for line in write_procedure(p, inside)
        ]
        body += ["contains", *routines]
    return [
        f"module {module.name} ! in :{place}",
        *indented(body),
        f"end module {module.name}",
    ]


def common_lines(variables: Iterable[Variable]) -> list[str]:
    """Return the statements that put a module's variables into common blocks."""
    held: dict[str, list[str]] = {}
    for variable in variables:
        if variable.common:
            held.setdefault(variable.common, []).append(variable.name)
    return [f"common {block_label(b)} {','.join(names)}" for b, names in held.items()]


def block_label(name: str) -> str:
    """Return the name of a common block between slashes."""
    return "//" if name == "_BLNK_" else f"/{name}/"


def variable_line(variable: Variable) -> str:
    """Return the declaration of a variable or constant."""
    attributes = [type_text(variable.type)]
    if variable.allocatable:
        attributes.append("allocatable")
    if variable.pointer:
        attributes.append("pointer")
    if variable.protected:
        attributes.append("protected")
    if variable.exact:
        attributes.append(f'bind(c, name="{variable.symbol}")')
    if variable.extents:
        extents = (":" if e < 0 else str(e) for e in variable.extents)
        attributes.append(f"dimension({','.join(extents)})")
    value = ""
    if variable.values:
        attributes.append("parameter")
        value = f" = {constant_text(variable)}"
    if variable.computed:
        attributes.append("parameter")
        value = f" = {variable.computed}"
    return f"{', '.join(attributes)} :: {variable.name}{value}"


def constant_text(variable: Variable) -> str:
    """Return the value of a constant in Fortran."""
    logical = variable.type.kind is Kind.LOGICAL
    texts = [literal_text(value, logical=logical) for value in variable.values]
    if not variable.extents:
        return texts[0]
    flat = f"[{', '.join(texts)}]"
    if len(variable.extents) == 1:
        return flat
    return f"reshape({flat}, [{', '.join(map(str, variable.extents))}])"


def literal_text(value: Expression, *, logical: bool) -> str:
    """Return one literal in Fortran."""
    match value:
        case Integer(value=number):
            return str(bool(number)).lower().join("..") if logical else str(number)
        case Logical(value=truth):
            return ".true." if truth else ".false."
        case Real(exact=Fraction() as exact, kind=Integer(kind)) if kind in DIGITS:
            return f"{decimal_text(exact, kind)}_{kind}"
        case Real(value=number):
            return repr(number).replace("e", "d") if "e" in repr(number) else f"{number!r}d0"  # fmt: skip
        case Complex(real, imaginary):
            parts = [literal_text(p, logical=False) for p in (real, imaginary)]
            return f"({parts[0]}, {parts[1]})"
        case String(value=content):
            return quoted(content)
        case _:
            raise TypeError(f"no literal: {value}")


def write_common(common: CommonBlock) -> list[str]:
    """Return a block data unit that holds one common block."""
    # f2py's "_bn" behind a name is not Fortran's
    plain = [variable.name.removesuffix("_bn") for variable in common.variables]
    lines = []
    for name, variable in zip(plain, common.variables, strict=True):
        extents = ",".join(map(str, variable.extents))
        shape = f", dimension({extents})" if variable.extents else ""
        lines.append(f"{type_text(variable.type)}{shape} :: {name}")
    if common.symbol:
        lines.append(f'bind(c, name="{common.symbol}") :: /{common.name}/')
    lines.append(f"common {block_label(common.name)} {','.join(plain)}")
    return ["block data", *indented(lines), "end block data"]
