"""``f2pypy doctor WHEEL.whl``: whether pip will install a wheel where its libraries run, and everywhere there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path, PurePosixPath

LIBRARY = re.compile(r".*\.(so(\.\d+)*|dylib|dll|pyd)")
EXTENSION = re.compile(r".*\.(cpython-|pypy\d|abi3\.)[^/]*|.*\.pyd")
GENERATED = re.compile(rb"\"\"\"This module '(\w+)' is auto-generated with f2pypy")
LONGEST_HEAD = 200  # bytes, in which the mark of a generated module is


def about_wheel(path: Path, bad: str) -> Iterator[str]:
    """Yield what there is to say of a wheel; lines that begin with `bad` are faults."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            metadata = next((n for n in names if n.endswith(".dist-info/WHEEL")), None)
            if metadata is None:
                yield f"{bad}{path}: it has no .dist-info/WHEEL, so it isn't a wheel"
                return
            said = Parser().parsestr(archive.read(metadata).decode("utf-8"))
            generated = {
                n for n in names if n.endswith(".py") and is_generated(archive, n)
            }
    except (OSError, zipfile.BadZipFile) as error:
        yield f"{bad}{path}: {error}"
        return
    libraries = [name for name in names if LIBRARY.fullmatch(name)]
    tags = said.get_all("Tag", [])
    yield f"{path}: {', '.join(tags)}"
    for name in sorted(generated):
        beside = library_of(name, libraries)
        yield f"  {name}: {beside or 'no library beside it'}"
    if libraries:
        yield from about_tags(tags, libraries, generated, bad)
        if said.get("Root-Is-Purelib", "").lower() == "true":
            yield f"{bad}  Root-Is-Purelib is true: distributions install such files where those of all platforms are"


def about_tags(
    tags: list[str], libraries: list[str], generated: set[str], bad: str
) -> Iterator[str]:
    """Yield what is wrong with a wheel's tags for its libraries."""
    for python, abi, platform in (
        tag.split("-") for tag in tags if tag.count("-") == 2
    ):
        if platform == "any":
            yield (
                f"{bad}  the tag {python}-{abi}-any lets pip install {libraries[0]} on every platform; "
                f"wheels with a library are {python}-{abi}-PLATFORM (docs/packages.md says how for each build system)"
            )
        elif (
            abi != "none" and generated and not any(map(EXTENSION.fullmatch, libraries))
        ):
            yield f"  the tag keeps other Pythons from this wheel, which can run it: py3-none-{platform} serves all"
        if platform.startswith("linux_"):
            yield "  PyPI refuses linux_ tags: auditwheel repair makes manylinux_ ones of them"


def is_generated(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a file of a wheel is a module that f2pypy wrote."""
    with archive.open(name) as file:
        return GENERATED.match(file.read(LONGEST_HEAD)) is not None


def library_of(module: str, libraries: list[str]) -> str:
    """Return the library beside a module, "" where there is none."""
    path = PurePosixPath(module)
    start = str(path.with_name(f"lib{path.stem}."))
    return next((each for each in libraries if each.startswith(start)), "")
