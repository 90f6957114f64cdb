"""Source files in and a written module out: the two places where f2pypy touches the disk."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

STANDARD_STREAM = "-"


def read_text(source: str | os.PathLike[str]) -> tuple[str, str]:
    """Return the text of a file (``-``: of standard input) and the name that messages call it by.

    Texts are UTF-8; one that isn't is read as Latin-1, in which many comments of old
    Fortran are written and in which every byte is a character. Raises `OSError` if there
    is no such file, `ValueError` if it isn't a text.
    """
    if os.fspath(source) == STANDARD_STREAM:
        content, name = sys.stdin.buffer.read(), "<stdin>"
    else:
        content, name = Path(source).read_bytes(), os.fspath(source)
    if b"\0" in content:
        raise ValueError("not a text file: it has a NUL byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n"), name


def write_whole(text: str, path: str) -> None:
    """Write `text` to `path` (``-``: to standard output) so that it appears whole or not at all.

    The text is written to a file beside `path` that is then renamed; whatever goes wrong,
    a file that was there stays as it was. Raises `OSError`.
    """
    content = text.encode("utf-8")
    if path == STANDARD_STREAM:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    # a link stays a link, and its target is what is replaced
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        target.write_bytes(content)  # a device or a pipe can't be renamed over
        return
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", path)
    _replace(target, content)


def _replace(target: Path, content: bytes) -> None:
    # O_EXCL with a plain mode lets the umask decide, where mkstemp would make the module private
    beside = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    descriptor = os.open(
        beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # some file systems report a full disk only here
        with contextlib.suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except BaseException:  # KeyboardInterrupt too
        beside.unlink(missing_ok=True)
        raise
