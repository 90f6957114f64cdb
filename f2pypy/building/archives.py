"""Static libraries: the linker needs a list of members, because nothing in a library refers to them.

The symbols of an archive are in its index, its first member: System V's (``/``, ``/SYM64/``), which GNU and LLVM write,
or BSD's (``__.SYMDEF``).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

_MAGIC = b"!<arch>\n"
_THIN_MAGIC = b"!<thin>\n"
_HEADER = 60  # bytes: name 16, date 12, owner 6, group 6, mode 8, size 10, end 2
_SIZE = slice(48, 58)
_BSD_LONG_NAME = b"#1/"


def is_archive(path: str) -> bool:
    """Whether a file is a static library by its name."""
    return Path(path).suffix.lower() == ".a"


def read_index(path: str) -> frozenset[str]:
    """Return the symbols that an archive's index lists; none where there is no index, or no archive."""
    try:
        with Path(path).open("rb") as file:
            if file.read(len(_MAGIC)) not in (_MAGIC, _THIN_MAGIC):
                return frozenset()
            header = file.read(_HEADER)
            content = file.read(int(header[_SIZE]))
        return frozenset(name.decode() for name in _names(header[:16], content))
    except (OSError, ValueError, struct.error):
        return frozenset()


def _names(member: bytes, content: bytes) -> Iterator[bytes]:
    """Yield the symbols in the first member of an archive."""
    name = member.rstrip()
    if name.startswith(_BSD_LONG_NAME):
        length = int(name.removeprefix(_BSD_LONG_NAME))
        name, content = content[:length].rstrip(b"\0"), content[length:]
    if name.startswith(b"__.SYMDEF"):
        # the bytes of pairs (name, member), the pairs, the bytes of the names, the names
        (size,) = struct.unpack_from("<I", content)
        yield from filter(None, content[size + 8 :].split(b"\0"))
    elif name in (b"/", b"/SYM64/"):
        word = ">Q" if name == b"/SYM64/" else ">I"
        (count,) = struct.unpack_from(word, content)
        start = struct.calcsize(word) * (count + 1)
        yield from content[start:].split(b"\0")[:count]


def wanted_members(archives: Iterable[str], symbols: Iterable[str]) -> list[str]:
    """Return those of the symbols that an archive has, each once."""
    defined = frozenset[str]().union(*map(read_index, archives))
    return [symbol for symbol in dict.fromkeys(symbols) if symbol in defined]


def static_library(
    name: str, directories: Sequence[str], locate: Callable[[str], str]
) -> str | None:
    """Return the archive that ``-lNAME`` is; None for a shared library, or for none: see `library_file`."""
    found = library_file(name, directories, locate)
    return found if found is not None and is_archive(found) else None


def library_file(
    name: str, directories: Sequence[str], locate: Callable[[str], str]
) -> str | None:
    """Return the file that ``-lNAME`` is, None where it isn't in these folders.

    `directories`, those of ``-L``, come first. `locate` returns the path of a file in the linker's own folders, and its
    argument unchanged if the file isn't there.
    """
    # -l:FILE names the file itself
    exact = name.startswith(":")
    names = [name[1:]] if exact else [f"lib{name}.so", f"lib{name}.a"]
    found = [
        *(str(Path(d, n)) for d in directories for n in names if Path(d, n).exists()),
        *(path for n in names if (path := locate(n)) != n),
    ]
    return found[0] if found else None
