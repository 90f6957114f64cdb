"""Finds which source must be compiled before which, from the lines that define or use modules."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterator, Sequence

from f2pypy.building.messages import failure
from f2pypy.building.sources import Source
from f2pypy.dataclass import dataclass
from f2pypy.reading.forms import Form, joined_lines
from f2pypy.reading.includes import Includes
from f2pypy.reading.lines import Role, split_rows, split_statements

# Rows that may matter; what they say is read with all that a form allows for.
_CANDIDATE = re.compile(
    r"(?:^|;)[ \t\d]*(?:use|module|submodule|include)\b", re.IGNORECASE | re.MULTILINE
)
_STATEMENT = re.compile(
    r"[ \t]*(?:"
    r"module[ \t]+(?P<module>\w+)"
    r"|submodule[ \t]*\([ \t]*(?P<parent>\w+(?:[ \t]*:[ \t]*\w+)?)[ \t]*\)[ \t]*(?P<submodule>\w+)"
    r"|use(?:[ \t]*,[ \t]*(?:(?P<intrinsic>intrinsic)|non_intrinsic))?"
    r"(?:[ \t]*::[ \t]*|[ \t]+)(?P<used>\w+)[ \t]*(?:,.*)?"
    r"|include[ \t]*(?P<quote>['\"])(?P<file>.+)(?P=quote)"
    r")[ \t]*\Z",
    re.IGNORECASE,
)
_LONGEST_STATEMENT = 40  # rows that are joined to read one statement
_DEEPEST_INCLUDE = 40


@dataclass(frozen=True)
class Modules:
    """The Fortran modules that a source defines and those that it uses; a submodule is ``ancestor:name``.

    `extended` are those used modules and submodules that submodules of the source extend; `included` are the paths of
    the files that INCLUDE lines bring.
    """

    defined: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    extended: frozenset[str] = frozenset()
    included: frozenset[str] = frozenset()


def find_modules(source: Source, include_dirs: Sequence[str] = ()) -> Modules:
    """Return the modules that a source and its included files define and use."""
    if source.form is None:
        return Modules()
    reader = _ModuleReader(Includes(include_dirs, source.read_included), source.form)
    reader.read(source.text, str(source.path), 0)
    return Modules(
        frozenset(reader.defined),
        frozenset(reader.used),
        frozenset(reader.extended),
        frozenset(reader.included),
    )


class _ModuleReader:
    def __init__(self, includes: Includes, form: Form) -> None:
        self.includes = includes
        self.form = form
        self.defined: set[str] = set()
        self.used: set[str] = set()
        self.extended: set[str] = set()
        self.included: set[str] = set()

    def read(self, text: str, path: str, depth: int) -> None:
        for statement in candidate_statements(text, path, self.form):
            said = _STATEMENT.match(statement)
            if said is None:
                continue
            if said["module"]:
                self.defined.add(said["module"].lower())
            elif said["used"]:
                if not said["intrinsic"]:
                    self.used.add(said["used"].lower())
            elif said["submodule"]:
                parent = "".join(said["parent"].lower().split())
                self.used.add(parent)
                self.extended.add(parent)
                ancestor = parent.partition(":")[0]
                self.defined.add(f"{ancestor}:{said['submodule'].lower()}")
            elif depth < _DEEPEST_INCLUDE:
                included = self.includes.find(said["file"], path)
                if included is not None:
                    self.included.add(included[0])
                    self.read(included[1], included[0], depth + 1)


def candidate_statements(text: str, path: str, form: Form) -> Iterator[str]:
    """Yield the statements that begin like a statement about modules."""
    if _CANDIDATE.search(text) is None:
        return
    rows = split_rows(text)
    for number, row in enumerate(rows):
        if _CANDIDATE.search(row):
            piece = rows[number : number + _LONGEST_STATEMENT]
            line = next(iter(joined_lines(piece, path, form)), None)
            if line is not None and line.role is Role.STATEMENT:
                yield from (each.text for each in split_statements(line))


def find_dependences(
    sources: Sequence[Source], include_dirs: Sequence[str] = ()
) -> dict[int, set[int]]:
    """Return for each source, by its index, the sources that define the modules it uses.

    Raises F2pypyError if files need each other in a circle.
    """
    if len(sources) < 2:
        return {i: set() for i in range(len(sources))}
    modules = [find_modules(source, include_dirs) for source in sources]
    definers = {name: i for i, each in enumerate(modules) for name in each.defined}
    found = {
        i: {definers[name] for name in each.used if name in definers} - {i}
        for i, each in enumerate(modules)
    }
    try:
        graphlib.TopologicalSorter(found).prepare()
    except graphlib.CycleError as error:
        circle = " -> ".join(str(sources[i].path) for i in reversed(error.args[1]))
        raise failure(f"these files use each other's modules in a circle: {circle}") from None  # fmt: skip
    return found
