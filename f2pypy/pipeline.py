"""The program on one screen: text, declarations, library, plan, text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from f2pypy import __version__, model
from f2pypy.build import (
    C_SUFFIXES,
    PREPROCESSED_SUFFIXES,
    USERCODE_PRELUDE,
    Source,
    Toolchain,
    build_library,
    is_fortran,
    library_name,
    preprocess,
)
from f2pypy.diagnostics import Diagnostic, Diagnostics, Severity
from f2pypy.glue import write_glue
from f2pypy.lower.module import plan_module
from f2pypy.options import BuildOptions, Options
from f2pypy.reading.fortran import guess_form, read_fortran
from f2pypy.reading.signature import read_signature
from f2pypy.reading.signature_lines import decode
from f2pypy.reading.templates import expand
from f2pypy.render import render
from f2pypy.resolve.kind_map import read_kind_map
from f2pypy.resolve.library import LibraryReader
from f2pypy.resolve.sources import SourcesReader
from f2pypy.signature_writer import write_signature

# f2py reads this file of the current folder without being asked
F2CMAP = ".f2py_f2cmap"


@dataclass(frozen=True)
class Generated:
    """A generated module: its text and name, the routines in it, and what there is to say about it."""

    text: str
    module: str
    wrapped: tuple[str, ...]
    skipped: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]


def generate_module(text: str, path: str, options: Options) -> Generated:
    """Return the Python module for the signature file (or template, by its name) `text`.

    Raises F2pypyError with every error of the file; with `options.strict` a routine that can't be wrapped is one.
    """
    diagnostics = Diagnostics()
    library = resolve_signature(text, path, options, diagnostics)
    return write_module(library, options, diagnostics)


def generate_from_sources(
    sources: Sequence[Source], options: Options, diagnostics: Diagnostics
) -> Generated:
    """Return the Python module for Fortran sources that were read with the same `diagnostics`.

    Raises F2pypyError as `generate_module` does.
    """
    library = resolve_sources(sources, options, diagnostics)
    return write_module(library, options, diagnostics)


def resolve_sources(
    sources: Sequence[Source], options: Options, diagnostics: Diagnostics
) -> model.Library:
    """Return the library that Fortran sources make."""
    files = [source.file for source in sources if source.file is not None]
    library = SourcesReader(files, options, diagnostics).read()
    diagnostics.stop_on_errors()
    return library


def generated_sources(library: model.Library) -> dict[str, str]:
    """Return by their names the files to compile beside the user's: usercode, and procedures that Python provides."""
    found = {}
    if library.usercode:
        found[f"{library.name}_usercode.c"] = USERCODE_PRELUDE + library.usercode
    callbacks = library.exported_callbacks()
    if callbacks:
        found[f"{library.name}_callbacks.f90"] = write_glue(callbacks)
    return found


def read_sources(
    paths: Sequence[str],
    options: Options,
    build: BuildOptions,
    diagnostics: Diagnostics,
    environment: Mapping[str, str] = os.environ,
) -> list[Source]:
    """Read Fortran sources, those with a capital suffix as the preprocessor leaves them; C sources are only named.

    Raises F2pypyError where the preprocessor fails, OSError where a file can't be read.
    """
    found = []
    for path in paths:
        if Path(path).suffix in C_SUFFIXES or not is_fortran(path):
            found.append(Source(Path(path)))
            continue
        if Path(path).suffix in PREPROCESSED_SUFFIXES:
            text = preprocess(path, Toolchain(environment, build))
        else:
            text = decode(Path(path).read_bytes())
        form = guess_form(path, text)
        file = read_fortran(
            text, path, diagnostics, form=form, include_dirs=options.include_dirs
        )
        found.append(Source(Path(path), file, form))
    return found


def build_module(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    extras: Sequence[str],
    options: Options,
    build: BuildOptions,
    folder: Path,
) -> Generated:
    """Compile sources and generate their module at the same time; the library is left in `folder`.

    `signature` is the text and the path of a signature file that describes the module; without one the Fortran
    sources do. Raises F2pypyError with the compiler's messages, or with those of `generate_module`.
    """
    diagnostics = Diagnostics()
    unread = Diagnostics() if signature else diagnostics
    sources = read_sources(paths, options, build, unread)
    options = replace(options, compiles=True)
    if signature is not None:
        library = resolve_signature(*signature, options, diagnostics)
    else:
        library = resolve_sources(sources, options, diagnostics)
    added = generated_sources(library)
    if not (sources or extras or added):
        # a signature file alone: its library is one that -l names
        return write_module(library, options, diagnostics)
    target = folder / library_name(library.name)
    with ThreadPoolExecutor(1) as pool:
        compiled = pool.submit(
            build_library, sources, extras, target, build, added=added
        )
        try:
            generated = write_module(library, options, diagnostics)
        finally:
            # what a compiler says of a wrong source is better than what can be said here
            compiled.result()
    return generated


def scan_sources(
    paths: Sequence[str], options: Options, build: BuildOptions
) -> Generated:
    """Return the module for Fortran sources that somebody else compiles; raises as `build_module` does."""
    diagnostics = Diagnostics()
    sources = read_sources(paths, options, build, diagnostics)
    return generate_from_sources(sources, options, diagnostics)


def describe(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    options: Options,
    build: BuildOptions,
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the signature file for sources, or for another signature file, and what there is to say about it."""
    diagnostics = Diagnostics()
    if signature is not None:
        library = resolve_signature(*signature, options, diagnostics)
    else:
        sources = read_sources(paths, options, build, diagnostics)
        library = resolve_sources(sources, replace(options, compiles=True), diagnostics)
    return write_signature(library), tuple(diagnostics.found)


def with_kinds(options: Options, path: str | None) -> Options:
    """Return the options with the kinds of an f2cmap file; without one, of the file that f2py reads by itself.

    Raises F2pypyError for a file that isn't one, OSError if the chosen one can't be read.
    """
    if path is None and not Path(F2CMAP).is_file():
        return options
    chosen = path or F2CMAP
    diagnostics = Diagnostics()
    kinds = read_kind_map(decode(Path(chosen).read_bytes()), chosen, diagnostics)
    diagnostics.stop_on_errors()
    return replace(options, kinds=kinds)


def resolve_signature(
    text: str, path: str, options: Options, diagnostics: Diagnostics
) -> model.Library:
    """Return the library that a signature file or template describes."""
    spans = None
    if path.endswith(".src"):
        expanded = expand(text, path, include_dirs=options.include_dirs)
        text, spans = expanded.text, expanded.lines
    file = read_signature(
        text, path, diagnostics, line_spans=spans, include_dirs=options.include_dirs
    )
    diagnostics.stop_on_errors()
    library = LibraryReader(file, options, diagnostics).read()
    diagnostics.stop_on_errors()
    return library


def write_module(
    library: model.Library, options: Options, diagnostics: Diagnostics
) -> Generated:
    """Return the module of a library; with `options.strict` a routine that can't be wrapped is an error."""
    module = plan_module(library, options, __version__, diagnostics)
    skipped = found(diagnostics, Severity.SKIPPED)
    if options.strict:
        for diagnostic in skipped:
            diagnostics.error(diagnostic.span, diagnostic.message)
        diagnostics.stop_on_errors()
    return Generated(
        render(module),
        module.name,
        tuple(procedure.name for procedure in module.procedures),
        skipped,
        found(diagnostics, Severity.WARNING),
    )


def found(diagnostics: Diagnostics, severity: Severity) -> tuple[Diagnostic, ...]:
    """Return the messages of one severity."""
    return tuple(d for d in diagnostics.found if d.severity is severity)
