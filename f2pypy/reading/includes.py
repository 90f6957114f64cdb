"""Puts the lines of included files in the place of the INCLUDE lines that name them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.reading.lines import Line, Role, decode, split_rows

_INCLUDE = re.compile(r"\s*include\s*(?:'([^']*)'|\"([^\"]*)\")\s*\Z", re.IGNORECASE)
# Deeper includes than this are a file that includes itself by way of links.
_DEEPEST = 40
# More than the largest real source by far; files that include each other twice pass it soon.
LINE_LIMIT = 1_000_000


class Includes:
    """Finds included files as compilers do: where f2pypy runs, beside the including file, in the given folders."""

    def __init__(
        self, folders: Sequence[str], read: Callable[[str], str | None] | None = None
    ) -> None:
        self.folders = tuple(folders)
        self.read = read or read_regular_file

    def find(self, name: str, including: str) -> tuple[str, str] | None:
        """Return the path and the text of the file that ``include 'name'`` means, None where there is none."""
        for folder in ("", str(Path(including).parent), *self.folders):
            path = os.path.normpath(os.path.join(folder, name))  # noqa: PTH118 - Path("a") / "" differs
            text = self.read(path)
            if text is not None:
                return path, text
        return None


@dataclass
class Splicer:
    """Reads included files in their place.

    `join` makes the lines of a file, from its rows and its path. A file that includes itself is reported with
    `severity`.
    """

    includes: Includes
    join: Callable[[Sequence[str], str], Iterator[Line]]
    diagnostics: Diagnostics
    severity: Severity
    rows_left: int = field(default_factory=lambda: LINE_LIMIT)

    def splice(self, lines: Iterable[Line], chain: tuple[str, ...]) -> Iterator[Line]:
        """Yield the lines with those of included files; `chain` are the paths of the files that are open already.

        A line of the role PREPROCESSOR stands where a file is not found.
        """
        for line in lines:
            found = None
            if (
                line.role is Role.STATEMENT
                and line.text.lstrip()[:7].lower() == "include"
            ):
                found = _INCLUDE.match(line.text)
            if found is None:
                yield line
            else:
                name = found.group(1) or found.group(2) or ""
                yield from self._read(name, line, chain)

    def _read(self, name: str, line: Line, chain: tuple[str, ...]) -> Iterator[Line]:
        found = self.includes.find(name, line.path) if name else None
        if found is None:
            folders = (str(Path(line.path).parent), *self.includes.folders)
            places = ", ".join(filter(None, folders))
            self.diagnostics.warn(
                line.start(),
                f"the included file {name!r} is not found (looked in {places}); it is left out",
            )
            yield line._replace(text="include", role=Role.PREPROCESSOR)
            return
        path, text = found
        rows = split_rows(text)
        if path in chain or len(chain) > _DEEPEST:
            message = f"{name!r} includes itself"
            if self.severity is not Severity.ERROR:
                message += ", or is included too deeply; it is left out"
        elif len(rows) > self.rows_left:
            message = f"included files hold more than {LINE_LIMIT} lines"
        else:
            self.rows_left -= len(rows)
            self.diagnostics.sources.setdefault(path, tuple(rows))
            yield from self.splice(self.join(rows, path), (*chain, path))
            return
        self.diagnostics.report(self.severity, line.start(), message)


def read_regular_file(path: str) -> str | None:
    """Return the text of a file, None where there is none; devices and pipes are no source files."""
    try:
        return decode(Path(path).read_bytes()) if Path(path).is_file() else None
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None
