"""The files that a run reads beside those that its command line names, for build systems and for the cache."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from f2pypy.building.library import Build
from f2pypy.building.order import Modules, find_modules
from f2pypy.building.sources import Source

# What escapes a character in the names of a rule for make: GNU make's manual, "Rule Syntax", and GCC's -M.
_ESCAPES = str.maketrans({" ": "\\ ", "#": "\\#", "$": "$$"})


def inputs_of(building: Build, sources: Sequence[Source], folders: Sequence[str]) -> list[str]:  # fmt: skip
    """Return the paths of the sources, of the files that they include, and of the compiled modules that they use.

    `folders` are searched for included files and compiled modules. The C compiler names the headers of C sources.
    """
    found: dict[str, None] = {}
    modules = [find_modules(source, folders) for source in sources]
    defined = frozenset().union(*(each.defined for each in modules))
    for source, each in zip(sources, modules, strict=True):
        found[str(source.path)] = None
        found.update(dict.fromkeys(sorted(each.included)))
        found.update(dict.fromkeys(_compiled(each, defined, folders)))
        found.update((os.path.normpath(path), None) for path in source.included)
        if source.form is None:
            found.update(dict.fromkeys(read_rule(building.rule_of(source))))
    return list(found)


def _compiled(modules: Modules, defined: frozenset[str], folders: Sequence[str]) -> Iterator[str]:  # fmt: skip
    """Yield the files of compiled modules and submodules, each from the first folder that has it."""
    for name in sorted(modules.used - defined):
        for file in _files(name, is_extended=name in modules.extended):
            paths = (Path(folder, file) for folder in (*folders, "."))
            found = next((path for path in paths if path.is_file()), None)
            if found is not None:
                yield str(found)


def _files(name: str, is_extended: bool) -> tuple[str, ...]:
    """Return what gfortran (``.smod``) and flang call the file for users of a module, or for submodules."""
    if ":" in name:
        return f"{name.replace(':', '@')}.smod", f"{name.replace(':', '-')}.mod"
    return (f"{name}.mod", f"{name}.smod") if is_extended else (f"{name}.mod",)


def rule(targets: Sequence[str], inputs: Sequence[str]) -> str:
    """Return the rule for make that says that the targets are made from the inputs."""
    escaped = (path.translate(_ESCAPES) for path in inputs)
    made = " ".join(path.translate(_ESCAPES) for path in targets)
    return " \\\n  ".join([f"{made}:", *escaped]) + "\n"


def read_rule(text: str) -> list[str]:
    """Return the inputs that a compiler's rule for make names."""
    _, _, names = text.replace("\\\n", " ").partition(": ")
    words = names.replace("\\ ", "\0").split()
    return [word.replace("\0", " ").replace("\\#", "#").replace("$$", "$") for word in words]  # fmt: skip
