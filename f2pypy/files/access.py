"""Source files in and written modules out: nothing else touches the disk, compilers excepted."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from f2pypy.dataclass import dataclass

STANDARD_STREAM = "-"


# What a path may name beside a file, by the test of its mode.
OTHER_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def why_unreadable(path: str | os.PathLike[str]) -> str:
    """Return why nothing can be read from a path, "" for a file: pipes and devices may have no end."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        return error.strerror or str(error)
    except ValueError as error:  # a NUL in the name
        return str(error)
    kinds = (kind for is_of_kind, kind in OTHER_KINDS if is_of_kind(mode))
    return next((f"it is {kind}, not a file" for kind in kinds), "")


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file; OSError for what is no file."""
    content = Path(path)
    why = why_unreadable(path)
    if content.exists() and why:
        raise OSError(errno.EINVAL, why, os.fspath(path))
    return content.read_bytes()


def read_text(source: str | os.PathLike[str]) -> tuple[str, str]:
    """Return the text of a file (``-``: of standard input) and the name that messages call it by.

    Texts are UTF-8; one that isn't is read as Latin-1, in which many comments of old
    Fortran are written and in which every byte is a character. Raises `OSError` if there
    is no such file, `ValueError` if it isn't a text.
    """
    if os.fspath(source) == STANDARD_STREAM:
        content, name = sys.stdin.buffer.read(), "<stdin>"
    else:
        content, name = read_file(source), os.fspath(source)
    if b"\0" in content:
        raise ValueError("not a text file: it contains a NUL byte")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n"), name


@dataclass(frozen=True)
class Output:
    """A file to write, whose content comes in pieces: ``-`` is standard output; a program's code is `executable`."""

    path: str
    pieces: Sequence[bytes]
    executable: bool = False


def encoded(parts: Iterable[str]) -> tuple[bytes, ...]:
    """Return the parts of a text as pieces of a file."""
    return tuple(part.encode("utf-8") for part in parts)


def write_together(outputs: Sequence[Output]) -> None:
    """Write files that belong together: all of them appear whole, or none does.

    Each is written beside its place first, and they are renamed when all are there; whatever goes wrong before,
    files that were there stay as they were. A file that has the content already isn't touched, so that what depends
    on it isn't made again. Raises `OSError`, whose `filename` is the path of the output.
    """
    staged: list[_Staged] = []
    try:
        for output in outputs:
            with _naming(output.path):
                target = _target(output.path)
                if target is not None and not _has(target, output):
                    beside = _stage(target, output)
                    staged.append(_Staged(output.path, beside, target))
        for output in outputs:
            with _naming(output.path):
                _write_stream(output)
        _rename_together(staged)
    finally:
        for each in staged:
            each.beside.unlink(missing_ok=True)


def _has(target: Path, output: Output) -> bool:
    """Whether a file is what would be written."""
    try:
        if target.stat().st_size != sum(map(len, output.pieces)):
            return False
        with target.open("rb") as file:
            return all(file.read(len(piece)) == piece for piece in output.pieces)
    except OSError:  # not there, or not readable
        return False


@dataclass(frozen=True)
class _Staged:
    """A file that waits beside its target; messages call it by `path`."""

    path: str
    beside: Path
    target: Path


def _rename_together(staged: Sequence[_Staged]) -> None:
    """Rename every file over its target; after a failure the targets are what they were."""
    kept: list[tuple[Path | None, Path]] = []
    try:
        for each in staged:
            with _naming(each.path):
                old = _keep(each.target) if len(staged) > 1 else None
                kept.append((old, each.target))
                each.beside.replace(each.target)
    except BaseException:  # KeyboardInterrupt too
        for old, target in kept[:-1]:
            if old is not None:
                old.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
    finally:
        for old, _ in kept:
            if old is not None:
                old.unlink(missing_ok=True)


def _keep(target: Path) -> Path | None:
    """Return a second name for a file that will be replaced, None where there is none yet."""
    if not target.exists():
        return None
    old = _beside(target)
    try:
        os.link(target, old)
    except OSError:  # not every file system has links
        shutil.copy2(target, old)
    return old


def _beside(target: Path) -> Path:
    """Return a name that nothing has, in the folder of `target`; only there a rename is atomic."""
    return target.with_name(f".f2pypy-{os.urandom(8).hex()}.tmp")


@contextlib.contextmanager
def _naming(path: str) -> Iterator[None]:
    """Let an OSError name the output, not the temporary file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from None


def _target(path: str) -> Path | None:
    """Return the file to rename to, None for what can't be renamed over: standard output, a device or a pipe."""
    if path == STANDARD_STREAM:
        return None
    # a link stays a link, and its target is what is replaced
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", path)
    return None if target.exists() and not target.is_file() else target


def _write_stream(output: Output) -> None:
    if output.path == STANDARD_STREAM:
        sys.stdout.buffer.writelines(output.pieces)
        sys.stdout.buffer.flush()
    elif _target(output.path) is None:
        with Path(output.path).open("wb") as file:
            file.writelines(output.pieces)


def _stage(target: Path, output: Output) -> Path:
    """Return a file beside `target` with the content, and with the modes of the file that it will replace."""
    # O_EXCL with a plain mode lets the umask decide, where mkstemp would make the module private
    beside = _beside(target)
    descriptor = os.open(
        beside,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0),
        0o777 if output.executable else 0o666,
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(output.pieces)
            file.flush()
            os.fsync(file.fileno())  # some file systems report a full disk only here
        with contextlib.suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
    except BaseException:  # KeyboardInterrupt too
        beside.unlink(missing_ok=True)
        raise
    return beside
