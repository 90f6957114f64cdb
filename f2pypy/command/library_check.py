"""What generation says of the libraries that a module names: whether they load, and what they lack."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from f2pypy.building.archives import static_library
from f2pypy.command.arguments import Command
from f2pypy.command.flags import Action
from f2pypy.files.access import STANDARD_STREAM

# A process of its own loads the library: one that f2pypy's process loads stays there, and may end it.
CHILD = """
import sys
sys.path[:] = sys.argv[2:]
import json
from pathlib import Path
from f2pypy.command.doctor import faults
print(json.dumps(list(faults(Path(sys.argv[1])))))
"""


def library_warnings(command: Command, output: str) -> Iterator[str]:
    """Yield warnings where a library of -l is static, and where that of --library doesn't load here or lacks something.

    A module that imports a runtime beside it needs its package, and isn't looked at.
    """
    if command.action is not Action.BUILD and not command.quiet:
        yield from static_libraries(command)
    is_alone = output != STANDARD_STREAM and not command.options.runtime_module
    if not (command.options.library_path and is_alone) or command.unchecked or command.quiet:  # fmt: skip
        return
    for fault in library_faults(Path(output)):
        yield f"warning: {fault}\n(--no-library-check: don't look at the library, as for another machine)"


def static_libraries(command: Command) -> Iterator[str]:
    """Yield warnings where a folder of ``-L`` has only the archive of a library that ``-l`` names."""
    folders = command.build.directories
    for name in command.build.libraries:
        # the linker's own folders aren't known without a compiler
        archive = static_library(name, folders, lambda file: file)
        if archive is not None:
            yield f"warning: -l{name} is the static library {archive}, which a module can't load; add -c to link it"


def library_faults(module: Path) -> list[str]:
    """Return what a written module would miss of its library here, one text for each fault."""
    command = [sys.executable, "-c", CHILD, str(module), *sys.path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"loading the library ended Python with status {done.returncode}"]
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found
