"""What f2pypy says of itself, and what a command line would use: the compilers, and the files that it reads."""

from __future__ import annotations

import os
from pathlib import Path

from f2pypy import __version__
from f2pypy.command.arguments import Command, usage
from f2pypy.command.flags import Action
from f2pypy.diagnostics import F2pypyError

# f2py reads this file of the current folder without being asked
F2CMAP = ".f2py_f2cmap"
CMAKE = Path(__file__).parent.parent / "packaging" / "cmake"


def answer(command: Command) -> str:
    """Return the text for a command line that only asks; ValueError for any other."""
    match command.action:
        case Action.HELP:
            return usage().rstrip()
        case Action.VERSION:
            return __version__
        case Action.CMAKE_DIR:
            return str(CMAKE)
        case Action.COMPLETION:
            from f2pypy.command.completion import completion

            return completion(command.source).rstrip()
        case Action.TOOLS:
            return tools(command)
        case _:
            raise ValueError(f"{command.action} isn't a question")


def inputs(command: Command, signature: tuple[str, str] | None) -> list[str]:
    """Return the files that a run reads, those that others include among them.

    `signature` is the text and the path of the signature file, if there is one.
    """
    from f2pypy.dependencies import dependencies

    found = dependencies(signature, command.sources, command.options, command.build)
    kinds = command.f2cmap or (F2CMAP if Path(F2CMAP).is_file() else "")
    named = filter(None, (*command.extras, kinds))
    return list(dict.fromkeys((*found, *named)))


def tools(command: Command) -> str:
    """Return which compilers would run, and how libraries are named."""
    from f2pypy.building.toolchain import Toolchain

    tools = Toolchain(os.environ, command.build)
    lines = []
    for language, variable in (("fortran", "FC"), ("c", "CC")):
        try:
            found = " ".join(getattr(tools, language))
        except F2pypyError:
            found = "none was found"
        lines.append(f"{variable}: {found}")
    lines.append("libraries: -L FOLDER -l NAME, or --dep NAME, which asks pkg-config")
    return "\n".join(lines)
