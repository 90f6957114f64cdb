"""Where a generated module is written."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TextIO

from f2pypy.command.arguments import Command
from f2pypy.files.access import STANDARD_STREAM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy.pipeline import Generated


def output_path(command: Command, generated: Generated) -> str:
    """Return where a module without a library goes: f2py writes into --build-dir what it doesn't compile."""
    if command.output is not None:
        return command.output
    if command.source == STANDARD_STREAM:
        return STANDARD_STREAM
    name = f"{generated.module}.py"
    folder = command.build.build_dir
    return name if folder is None else str(Path(folder, name))


def messages_of(output: str) -> TextIO:
    """Return the stream for messages: a module on standard output leaves no room there for anything else."""
    return sys.stderr if output == STANDARD_STREAM else sys.stdout


def same_file(source: str, output: str) -> bool:
    """Whether two paths name one file that exists."""
    with contextlib.suppress(OSError):
        return Path(source).samefile(output)
    return False
