"""What a program asks to be built, and the module that is built of it or was built before."""

from __future__ import annotations

import json
import os
import shutil
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from f2pypy import __version__
from f2pypy.building.library import Watchers, library_name
from f2pypy.building.toolchain import Toolchain
from f2pypy.compilation import build_module
from f2pypy.dependencies import dependencies
from f2pypy.diagnostics import Diagnostic, F2pypyError
from f2pypy.files.access import Output, encoded, read_text, write_together
from f2pypy.files.suffixes import Content, content_of
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import Generated, with_kinds
from f2pypy.session.cache import REMARKS, Cache, Entry, digest

# What changes what compilers do.
VARIABLES = (
    "FC", "CC", "FFLAGS", "CFLAGS", "CPPFLAGS", "LDFLAGS", "PKG_CONFIG", "PKG_CONFIG_PATH",
    "CPATH", "LIBRARY_PATH", "GCC_EXEC_PREFIX",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """Sources to build, and how. `names` are what messages call files of f2pypy's own, by their paths."""

    sources: tuple[str, ...]
    options: Options = field(default_factory=Options)
    build: BuildOptions = field(default_factory=BuildOptions)
    f2cmap: str | None = None
    names: tuple[tuple[str, str], ...] = ()

    def of(self, *contents: Content) -> tuple[str, ...]:
        """Return the sources that are of these sorts."""
        return tuple(path for path in self.sources if content_of(path) in contents)


def find_or_build(request: Request, cache: Cache) -> Entry:
    """Return the module for a request, from the cache if nothing that it depends on has changed.

    Raises F2pypyError where it can't be built, ValueError for sources that don't go together.
    """
    try:
        signature = signature_of(request)
        if request.f2cmap:
            options, _ = with_kinds(request.options, request.f2cmap)
            request = replace(request, options=options)
        key = key_of(request, signature)
        found = cache.find(key)
        if found is None:
            with cache.making(key) as folder:
                build(request, signature, folder)
            found = cache.find(key)
        assert found is not None
        return found
    except F2pypyError as error:
        raise F2pypyError(tuple(_renamed(error.diagnostics, request))) from None


def signature_of(request: Request) -> tuple[str, str] | None:
    """Return the text and the path of the signature file among the sources, if there is one."""
    unknown = [path for path in request.sources if content_of(path) is None]
    if unknown:
        suffix = PurePath(unknown[0]).suffix or "none"
        raise ValueError(f"{unknown[0]}: {suffix} isn't the suffix of a source, an object or a library")  # fmt: skip
    found = request.of(Content.SIGNATURE)
    if len(found) > 1:
        raise ValueError(f"one signature file can be wrapped, these were given: {', '.join(found)}")  # fmt: skip
    return read_text(found[0]) if found else None


def key_of(request: Request, signature: tuple[str, str] | None) -> str:
    """Return a digest of all that the module depends on."""
    read = dependencies(
        signature,
        request.of(Content.FORTRAN, Content.C),
        request.options,
        request.build,
    )
    files = [path for path in (*read, *request.of(Content.OBJECT)) if Path(path).is_file()]  # fmt: skip
    # a file of the same content in another place is another one: messages and included files differ
    places = [dict(request.names).get(path) or str(Path(path).resolve()) for path in files]  # fmt: skip
    words = (
        __version__,
        sysconfig.get_platform(),
        repr(request.options),
        repr(request.build),
        *_tools(request, os.environ),
        *places,
    )
    return digest(words, files)


def _tools(request: Request, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what tells compilers apart, and what changes what they do."""
    tools = Toolchain(environment, request.build)
    if request.of(Content.FORTRAN):
        yield _program(tools.fortran)
    if request.of(Content.C):
        yield _program(tools.c)
    for name in VARIABLES:
        yield environment.get(name, "")


def _program(command: Sequence[str]) -> str:
    path = Path(shutil.which(command[0]) or command[0]).resolve()
    about = path.stat()
    return f"{path} {about.st_size} {about.st_mtime_ns} {' '.join(command[1:])}"


def build(request: Request, signature: tuple[str, str] | None, folder: Path) -> None:
    """Compile the sources and write the module, the library and what there is to say into a folder."""
    printed: list[str] = []
    options = request.options
    if options.module is None and signature is None:
        options = replace(options, module=usual_name(request))
    built = build_module(
        signature,
        request.of(Content.FORTRAN, Content.C),
        request.of(Content.OBJECT),
        options,
        request.build,
        Watchers(command=lambda _, errors: printed.append(errors)),
    )
    generated = built.generated
    module = str(folder / f"{generated.module}.py")
    outputs = [Output(module, encoded(generated.parts))]
    if built.library is not None:
        target = str(folder / library_name(generated.module))
        outputs.insert(0, Output(target, (built.library.content,), executable=True))
    said = {"remarks": remarks_on(generated, request), "printed": shown(printed, request)}  # fmt: skip
    outputs.append(Output(str(folder / REMARKS), (json.dumps(said).encode("utf-8"),)))
    write_together(outputs)


def usual_name(request: Request) -> str:
    """Return the name of the first source; ValueError where no module can have it."""
    name = PurePath(request.sources[0]).name.partition(".")[0]
    if not name.isidentifier():
        raise ValueError(f"no module can be named {name!r}; module= gives another name")
    return name


def remarks_on(generated: Generated, request: Request) -> str:
    """Return what f2pypy says about a module that was made all the same."""
    said = _renamed((*generated.warnings, *generated.skipped), request)
    return "\n".join(each.format() for each in said)


def shown(printed: Sequence[str], request: Request) -> str:
    """Return what the compilers printed, with the names that messages use."""
    text = "\n".join(each.rstrip("\n") for each in printed if each.strip())
    for path, name in request.names:
        text = text.replace(path, name)
    return text


def _renamed(diagnostics: Sequence[Diagnostic], request: Request) -> Iterator[Diagnostic]:  # fmt: skip
    names = dict(request.names)
    for each in diagnostics:
        path = names.get(each.span.path, each.span.path)
        yield replace(each, span=replace(each.span, path=path))
