"""From a text to a module in four steps: read, resolve, lower, render. `generate_module` has them all.

Every other way to a module (Fortran sources, ``-c``, ``-h``) is made of the same steps. Each step loads its stage
when it is called, so that compilers run while Python imports parsers and templates.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from f2pypy import __version__
from f2pypy.building.library import (
    Build,
    working_folder,
)
from f2pypy.building.messages import failure
from f2pypy.building.reading import read_sources
from f2pypy.building.sources import Source, include_folders
from f2pypy.building.toolchain import Toolchain
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostic, Diagnostics, Severity, Span
from f2pypy.files.access import read_file
from f2pypy.options import BuildOptions, Options, check_module_name
from f2pypy.reading.lines import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy import model, plan, syntax
    from f2pypy.abi.conventions import Compiler
    from f2pypy.resolve.library.fortran_sources import FoundModules
    from f2pypy.resolve.names.places import Places


# How the name of the generated source ends that computes extents.
EXTENTS = "_extents.f90"


def generate_module(text: str, path: str, options: Options) -> Generated:
    """Return the Python module for the signature file (or template, by its name) `text`.

    Raises F2pypyError with every error of the file; with `options.strict` a routine that can't be wrapped is one.
    """
    diagnostics = Diagnostics()
    file = read(text, path, options, diagnostics)
    library = resolve(file, options, diagnostics)
    module = lower(library, options, diagnostics)
    return render(module, diagnostics)


def read(
    text: str, path: str, options: Options, diagnostics: Diagnostics
) -> syntax.File:
    """Return what a signature file or a template says."""
    from f2pypy.reading.signature import read_signature
    from f2pypy.reading.templates import expand

    rows = None
    if path.endswith(".src"):
        expanded = expand(text, path, include_dirs=options.include_dirs)
        text, rows = expanded.text, expanded.rows
        diagnostics.sources.update(expanded.sources)
    file = read_signature(
        text,
        path,
        diagnostics,
        rows=rows,
        include_dirs=options.include_dirs,
        lower_case=options.lower is True,
    )
    diagnostics.stop_on_errors()
    warn_of_strangers(options, path, [text], diagnostics)
    return file


def resolve(
    file: syntax.File,
    options: Options,
    diagnostics: Diagnostics,
    sources: Sequence[Source] | None = None,
) -> model.Library:
    """Return the library that a signature file means; what only its `sources` know is looked up there."""
    from f2pypy.resolve.library.signature_file import LibraryReader

    places = None if sources is None else cache(partial(places_in, sources, options))
    reader = LibraryReader(
        file, options, diagnostics, compiled_modules(options), places
    )
    library = reader.read()
    diagnostics.stop_on_errors()
    try:
        check_module_name(library.name)
    except ValueError as error:
        diagnostics.error(Span(file.path, 0), str(error))
        diagnostics.stop_on_errors()
    return library


def lower(
    library: model.Library, options: Options, diagnostics: Diagnostics
) -> plan.Module:
    """Return what will be printed.

    Something that can't be wrapped is an error with `options.strict`, and where nothing else is left.
    """
    from f2pypy.lower.module import plan_module

    module = plan_module(library, options, __version__, diagnostics)
    if options.strict or not module.holds_something:
        refuse_what_was_skipped(diagnostics)
    return module


def refuse_what_was_skipped(diagnostics: Diagnostics) -> None:
    """Raise F2pypyError with everything that was left out, if anything was."""
    for diagnostic in found(diagnostics, Severity.SKIPPED):
        diagnostics.error(diagnostic.span, diagnostic.message)
    diagnostics.stop_on_errors()


def render(module: plan.Module, diagnostics: Diagnostics) -> Generated:
    """Return the text of a module, with what there is to say about it."""
    from f2pypy.printing.render import render as spell

    return Generated(
        tuple(spell(module)),
        module.name,
        module.wrapped,
        found(diagnostics, Severity.SKIPPED),
        found(diagnostics, Severity.WARNING),
    )


@dataclass(frozen=True)
class Generated:
    """A generated module: the parts of its text, its name, the routines in it, and what there is to say about it."""

    parts: tuple[str, ...]
    module: str
    wrapped: tuple[str, ...]
    skipped: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def text(self) -> str:
        """The whole text, which is made when it is asked for: that of a large module needs much memory."""
        return "".join(self.parts)


def resolve_signature(
    text: str,
    path: str,
    options: Options,
    diagnostics: Diagnostics,
    sources: Sequence[Source] | None = None,
) -> model.Library:
    """Return the library that a signature file or template describes, compiled from the `sources` if there are any."""
    file = read(text, path, options, diagnostics)
    return resolve(file, options, diagnostics, sources)


def write_module(
    library: model.Library, options: Options, diagnostics: Diagnostics
) -> Generated:
    """Lower and render a library: the last two steps of every way to a module."""
    return render(lower(library, options, diagnostics), diagnostics)


def generate_from_sources(
    sources: Sequence[Source], options: Options, diagnostics: Diagnostics
) -> Generated:
    """Return the Python module for Fortran sources.

    Raises F2pypyError as `generate_module` does.
    """
    library = resolve_sources(sources, options, diagnostics)
    return write_module(library, options, diagnostics)


def resolve_sources(
    sources: Sequence[Source], options: Options, diagnostics: Diagnostics
) -> model.Library:
    """Return the library that Fortran sources make; C sources among them are left to their compiler."""
    from f2pypy.resolve.library.fortran_sources import SourcesReader

    files = read_sources(sources, options, diagnostics)
    place = " ".join(file.path for file in files)
    texts = (source.text for source in sources)
    warn_of_strangers(options, place, texts, diagnostics)
    library = SourcesReader(files, options, diagnostics, compiled_modules(options)).read()  # fmt: skip
    diagnostics.stop_on_errors()
    return library


def places_in(sources: Sequence[Source], options: Options) -> Places:
    """Return what the units of Fortran sources see and declare; compilers report their faults."""
    from f2pypy.resolve.library.fortran_sources import SourcesReader

    diagnostics = Diagnostics()
    files = read_sources(sources, options, diagnostics)
    return SourcesReader(
        files, options, diagnostics, compiled_modules(options)
    ).places()


def compiled_modules(options: Options) -> FoundModules:
    """Return what adds to known modules those that compilers have left in the folders for include files."""
    from f2pypy.reading.module_files import ModuleFiles

    return partial(ModuleFiles, directories=(*options.include_dirs, "."))


def warn_of_strangers(
    options: Options, path: str, texts: Iterable[str], diagnostics: Diagnostics
) -> None:
    """Warn of names in ``only:`` and ``skip:`` that the texts don't have."""
    lists = {"only": options.only or (), "skip": options.skip}
    if not any(lists.values()):
        return
    words = {word.lower() for text in texts for word in re.findall(r"\w+", text)}
    for name, given in lists.items():
        for each in dict.fromkeys(given):
            if each not in words:
                message = f"{name}: the sources have nothing named {each!r}"
                diagnostics.warn(Span(path, 0), message)


def generated_sources(
    library: model.Library, compiler: Compiler, *, computes: bool
) -> dict[str, str]:
    """Return by their names the files to compile beside the user's.

    These are usercode, procedures that Python provides, what only a compiler knows of a module's data, and what makes
    and finalizes objects of derived type. The last two need Fortran modules, which are there if it `computes`.
    """
    from f2pypy.building.element_loops import write_loops
    from f2pypy.building.glue import (
        write_constants,
        write_glue,
        write_questions,
        write_usercode,
    )
    from f2pypy.building.type_glue import write_type_glue

    found = {}
    if library.usercode:
        found[f"{library.name}_usercode.c"] = write_usercode(library, compiler)
    callbacks = library.exported_callbacks()
    if callbacks:
        found[f"{library.name}_callbacks.f90"] = write_glue(callbacks, compiler)
    if library.computed_constants() or library.shared_variables():
        found[f"{library.name}_constants.f90"] = write_constants(library)
    loops = write_loops(library.element_loops())
    if loops:
        found[f"{library.name}_elements.f90"] = loops
    if library.questions:
        found[f"{library.name}{EXTENTS}"] = write_questions(library)
    if computes and compiler.types.glue:
        glue = write_type_glue(library)
        if glue:
            found[f"{library.name}_types.f90"] = glue
    return found


def load_sources(
    paths: Sequence[str],
    build: BuildOptions,
    environment: Mapping[str, str] = os.environ,
) -> list[Source]:
    """Read sources that are not compiled here, those with a capital suffix as the preprocessor leaves them.

    Raises F2pypyError where the preprocessor fails or a file can't be read.
    """
    with (
        working_folder(None) as folder,
        Build(build, folder, environment) as building,
    ):
        return building.load(paths)


def scan_sources(
    paths: Sequence[str], options: Options, build: BuildOptions
) -> Generated:
    """Return the module for Fortran sources that somebody else compiles; raises as `build_module` does."""
    sources = load_sources(paths, build)
    options = with_flags(options, build)
    return generate_from_sources(sources, options, Diagnostics())


def with_flags(
    options: Options,
    build: BuildOptions,
    environment: Mapping[str, str] = os.environ,
) -> Options:
    """Return the options with the folders for included files that flags for the compiler name."""
    flags = (*Toolchain(environment, build).flags("FFLAGS"), *build.flags)
    folders = (*options.include_dirs, *include_folders(flags))
    return replace(options, include_dirs=folders)


def describe(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    options: Options,
    build: BuildOptions,
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the signature file for sources, or for another signature file, and what there is to say about it."""
    from f2pypy.signatures.writer import write_signature

    diagnostics = Diagnostics()
    spellings = None
    # what only compilers know stays as it is written
    options = replace(options, compiles=True, computes=True, asks=True)
    if signature is not None:
        library = resolve_signature(*signature, options, diagnostics)
    else:
        sources = load_sources(paths, build)
        compiled = with_flags(options, build)
        library = resolve_sources(sources, compiled, diagnostics)
        if options.lower is False:
            spellings = names_as_spelled(sources)
    if not library.holds_something:
        refuse_what_was_skipped(diagnostics)
    return write_signature(library, spellings), tuple(diagnostics.found)


def names_as_spelled(sources: Sequence[Source]) -> dict[str, str]:
    """Return the words of Fortran sources by their lower case, each as it stands where it comes first."""
    from f2pypy.reading.forms import joined_lines
    from f2pypy.reading.lines import split_rows, words

    found: dict[str, str] = {}
    for source in sources:
        if source.form is not None:
            for line in joined_lines(
                split_rows(source.text), str(source.path), source.form
            ):
                for word in words(line.text):
                    found.setdefault(word.lower(), word)
    return found


def with_kinds(options: Options, path: str) -> tuple[Options, tuple[Diagnostic, ...]]:
    """Return the options with the kinds of an f2cmap file, and what is to be said about its entries.

    Raises F2pypyError for a file that isn't one or can't be read.
    """
    from f2pypy.resolve.types.f2cmap import read_kind_map

    diagnostics = Diagnostics()
    try:
        text = decode(read_file(path))
    except OSError as error:
        raise failure(f"{path} can't be read: {error.strerror}") from None
    kinds = read_kind_map(text, path, diagnostics)
    diagnostics.stop_on_errors()
    return replace(options, kinds=kinds), found(diagnostics, Severity.WARNING)


# How the file of a shared runtime begins.
RUNTIME_TITLE = '"""f2pypy\'s runtime'


def shared_runtime() -> str:
    """Return the text of the whole runtime, as a module that others import."""
    from f2pypy.printing.render import render_runtime

    about = f"{RUNTIME_TITLE}, which modules share that f2pypy {__version__} wrote."
    return render_runtime(f'{about}"""')


def found(diagnostics: Diagnostics, severity: Severity) -> tuple[Diagnostic, ...]:
    """Return the messages of one severity."""
    return tuple(d for d in diagnostics.found if d.severity is severity)
