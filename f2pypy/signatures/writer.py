"""From a library to the signature file that describes it; what is written reads back to the same module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from f2pypy.expressions.nodes import ASKED, Call, Name
from f2pypy.model import CommonBlock, DataType, FortranModule, Library, Procedure
from f2pypy.signatures.callbacks import callback_modules
from f2pypy.signatures.lines import indented
from f2pypy.signatures.objects import write_common, write_generic, write_module
from f2pypy.signatures.procedures import (
    EXPRESSION_WORDS,
    code_lines,
    write_procedure,
)

WORD_OR_LITERAL = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|!.*|\w+")
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
    for generic in library.generics:
        inner += write_generic(generic, library.name)
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
    for module in library.modules:
        yield from (generic.name for generic in module.generics)
        for enumeration in module.enumerations:
            yield from (name for name, _ in enumeration.members)
