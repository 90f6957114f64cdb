"""Where a generated module is written."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from f2pypy.command.arguments import Command
from f2pypy.files.access import STANDARD_STREAM

# What Python imports rather than NAME.py of the same folder: a package, or an extension module of any interpreter.
_PREFERRED = (
    r"(?:/__init__\.py|(?:\.(?:cpython-|pypy|abi3)[\w-]*)?\.so|(?:\.cp\d+-\w+)?\.pyd)"
)

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


def name_clashes(output: str, module: str) -> Iterator[str]:
    """Yield messages about what a module hides from ``import`` where it is written, and about what hides it."""
    if module in sys.stdlib_module_names:
        yield f"{output} hides Python's own module {module!r} where it comes first on the path"
    if output == STANDARD_STREAM:
        return
    folder, name = Path(output).parent, Path(output).stem
    preferred = re.compile(re.escape(name) + _PREFERRED)
    package = folder / name / "__init__.py"
    for each in (*folder.iterdir(), *([package] if package.is_file() else ())):
        if preferred.fullmatch(each.relative_to(folder).as_posix()):
            yield f"{each} hides {output}: Python imports it instead. Remove it, or choose another name with -m"
