"""From a plan to the text of a module: the templates, what its names need, and the check that the result compiles."""

from __future__ import annotations
import __future__

import re
from collections.abc import Iterable, Iterator, Sequence

from f2pypy import plan
from f2pypy.files.processes import each_shared, processes_for
from f2pypy.files.runtime_names import runtime_names
from f2pypy.files.scopes import global_names
from f2pypy.printing.embedding import (
    Closure,
    Import,
    everything,
    is_third_party,
    joined,
    merge_imports,
    needed,
)
from f2pypy.printing.environment import DOCSTRING, Spelled, environment, printed
from f2pypy.printing.filling import WIDTH, fill
from f2pypy.printing.global_names import FUTURE, give_way
from f2pypy.printing.parameter_names import with_fortran_names

# The place between a definition and the next, or between the assignments to two of the module's own variables.
DEFINITION = re.compile(r"\n\n\n(?=@|def |_|#)|\n(?=_\w+ = \w+\()")
# So many characters are looked through for definitions at a time.
CHUNK = 1 << 16
# So many characters take Python's compiler a quarter of a second.
SHARE = 3_000_000
EMPTY_LINES = re.compile(r"\n{4,}")
ATTRIBUTE = re.compile(r"\.([^\W\d]\w*)")
# What may be a name: no attribute.
NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
# Where the imports and the runtime will stand in the text: no other comment holds a NUL.
IMPORTS, RUNTIME = "# \0imports", "# \0runtime"
LICENCE = """\
# What follows is f2pypy's own code: Copyright (c) 2026, The f2pypy developers. BSD-3-Clause; as an exception, modules
# that carry it or import it may be distributed under any terms, without this notice.
"""
BANNER = f"""\
# {"-" * 76}
# What the routines run on.
# {"-" * 76}"""
# pytest's tracebacks leave out the frames of such a module: they end at the user's line.
HIDDEN = "__tracebackhide__ = True"
# Names in the text that come from elsewhere than the runtime.
STANDARD = {
    "np": Import("numpy as np", ()),
    "math": Import("math", ()),
    "IntEnum": Import("enum", ("IntEnum",)),
    "Callable": Import("collections.abc", ("Callable",)),
    "Any": Import("typing", ("Any",)),
    "overload": Import("typing", ("overload",)),
    "ArrayLike": Import("numpy.typing", ("ArrayLike",)),
    "NDArray": Import("numpy.typing", ("NDArray",)),
}


def render(module: plan.Module) -> list[str]:
    """Return the text of the generated module in parts; it compiles and is formatted.

    The routines are printed first: the names in them say what is imported and embedded. The parts of a large module
    find room where its sources were, as one text they would not.
    """
    module = with_fortran_names(module, printed)
    template = environment().get_template("module.py.j2")
    foundation = [BANNER] if module.library or embeds(module) else []
    foundation += ["", RUNTIME, ""] if embeds(module) else []
    pieces = template.generate(
        module=module,
        imports=Spelled(IMPORTS),
        runtime=Spelled("\n".join(foundation)),
    )
    parts = list(definitions(pieces))
    asked = {name for part in parts for name in ATTRIBUTE.findall(part)}
    imports, runtime = surroundings(module, names_in(parts), asked)
    for at, part in enumerate(parts):
        part = part.replace(IMPORTS, imports).replace(RUNTIME, runtime)
        parts[at] = tidy_lines(part)
    trim(parts)
    if module.claimed:
        parts = [give_way("".join(parts), module.claimed)]
    check_syntax(parts, f"<{module.name}>")
    return parts


def definitions(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the parts of a text that end before a definition, which make the text again when they are joined.

    The text comes in pieces, which may end anywhere.
    """
    waiting: list[str] = []
    length, enough = 0, CHUNK
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length > enough:
            *complete, rest = split("".join(waiting))
            yield from complete
            waiting, length = [rest], len(rest)
            # a long definition isn't searched again for every piece of it
            enough = 2 * length + CHUNK
    yield from split("".join(waiting))


def split(text: str) -> Iterator[str]:
    """Yield the parts of a whole text that end before a definition."""
    start = 0
    for found in DEFINITION.finditer(text):
        yield text[start : found.end()]
        start = found.end()
    yield text[start:]


def names_in(parts: Sequence[str]) -> set[str]:
    """Return the global names in a text that come from elsewhere, read definition by definition as `check_syntax` does.

    Outside of their docstrings, most definitions have no word that could be another such name than those that were
    found in others.
    """
    missing = STANDARD.keys() | runtime_names().definers.keys()
    wanted, found = frozenset(missing), set[str]()
    try:
        for part in parts:
            if not missing.isdisjoint(NAME.findall(DOCSTRING.sub("", part))):
                found |= global_names(without_places(part)) & wanted
                missing -= found
    except SyntaxError:
        return global_names(without_places("".join(parts))) & wanted
    return found


def without_places(text: str) -> str:
    """Return a text without the places of the imports and the runtime, whose NULs Python refuses."""
    return text.replace(IMPORTS, "").replace(RUNTIME, "")


def surroundings(
    module: plan.Module, used: set[str], asked: set[str]
) -> tuple[str, str]:
    """Return the import statements that the names `used` in the text need, and the embedded definitions.

    `asked` are the attributes that the text asks for.
    """
    imports = [item for name, item in STANDARD.items() if name in used]
    definers = runtime_names().definers
    own = sorted(used & definers.keys())
    if embeds(module):
        closure = needed(own, asked)
        imports += closure.imports()
        return import_lines(imports), embedded(closure)
    if module.runtime_module:
        line = f"from {module.runtime_module} import ({', '.join(own)})"
        line = line if len(line) > WIDTH else line.replace("(", "").rstrip(")")
        return f"{import_lines(imports)}\n\n{fill(line) if own else ''}", ""
    imports += [Import(f"f2pypy.runtime.{definers[n]}", (n,)) for n in own]
    return import_lines(imports), ""


def check_syntax(parts: Sequence[str], name: str) -> None:
    """Compile the parts of a module's text; SyntaxError where that isn't Python."""
    processes = processes_for(sum(map(len, parts)), SHARE)
    shares = [parts[first::processes] for first in range(processes)]
    try:
        each_shared(compile_parts, shares, processes)
    except SyntaxError:
        # a string may look like the place between two definitions
        compile("".join(parts), name, "exec", dont_inherit=True)


def compile_parts(parts: Iterable[str]) -> None:
    """Compile parts of a module's text.

    That takes twenty times the memory of the text: definitions are compiled one after the other.
    """
    flags = __future__.annotations.compiler_flag
    for part in definitions(parts):
        compile(part, "<part>", "exec", flags, dont_inherit=True)


def tidy_lines(part: str) -> str:
    """Return a part of a text with at most two empty lines in a row, and no blanks at the ends of lines."""
    lines = "\n".join([line.rstrip(" \t") for line in part.split("\n")])
    return EMPTY_LINES.sub("\n\n\n", lines)


def trim(parts: list[str]) -> None:
    """Leave no empty lines in front of a text, all but the first of whose parts begin with definitions, and end it."""
    parts[0] = parts[0].lstrip("\n")
    parts[-1] = parts[-1].rstrip("\n") + "\n"


def embeds(module: plan.Module) -> bool:
    """Whether the module carries the definitions that it runs on."""
    return module.runtime == "embedded" and not module.runtime_module


def render_runtime(docstring: str) -> str:
    """Return the text of a module that is the whole runtime, for others to import, below its `docstring`."""
    closure = everything()
    imports = import_lines(closure.imports())
    head = f"{docstring}\n# fmt: off\n\n{FUTURE}{imports}\n\n{HIDDEN}\n"
    parts = [tidy_lines(head + embedded(closure))]
    trim(parts)
    return parts[0]


def import_lines(imports: Iterable[Import]) -> str:
    """Return import statements in isort's order, with a blank line between sections."""
    lines: list[str] = []
    third_party = False
    for item in merge_imports(imports):
        if is_third_party(item) and not third_party and lines:
            lines.append("")
        third_party = is_third_party(item)
        lines.append(fill(spell_import(item)))
    return "\n".join(lines)


def spell_import(item: Import) -> str:
    """Return the statement on one line, with parentheses where it will be broken."""
    if not item.names:
        return f"import {item.module}"
    names = ", ".join(item.names)
    line = f"from {item.module} import {names}"
    return line if len(line) <= WIDTH else f"from {item.module} import ({names})"


def embedded(closure: Closure) -> str:
    """Return the definitions below the licence."""
    parts = [excerpt.text for excerpt in closure.excerpts()]
    return joined((part, True) for part in (LICENCE, *parts))
