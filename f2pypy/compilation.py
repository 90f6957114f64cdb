"""From sources to a library and its module: compilers run while the module is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from f2pypy.abi.compilers import chosen_compiler, recognize
from f2pypy.building.library import (
    Build,
    Library,
    Unanswered,
    Watchers,
    working_folder,
)
from f2pypy.building.messages import failure
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics, F2pypyError, Span
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import (
    EXTENTS,
    Generated,
    generated_sources,
    resolve_signature,
    resolve_sources,
    write_module,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy import model
    from f2pypy.abi.conventions import Compiler

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Built:
    """A generated module and its library, None where it is one that ``-l`` names."""

    generated: Generated
    library: Library | None


def build_module(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    extras: Sequence[str],
    options: Options,
    build: BuildOptions,
    watchers: Watchers | None = None,
) -> Built:
    """Compile sources and generate their module at the same time.

    `signature` is the text and the path of a signature file that describes the module; without one the Fortran
    sources do. Raises F2pypyError with the compiler's messages, or with those of `generate_module`.
    """
    work = partial(build_asking, signature, paths, extras, options, build, watchers)
    try:
        return work(Diagnostics(), asks=True)
    except Unanswered as refused:
        # not the user's mistake: what needs the answers is left out, with what the compiler said
        diagnostics = Diagnostics()
        for each in refused.diagnostics:
            message = f"the compiler refused to compute extents: {each.message}"
            diagnostics.warn(each.span, message)
        return work(diagnostics, asks=False)


def build_asking(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    extras: Sequence[str],
    options: Options,
    build: BuildOptions,
    watchers: Watchers | None,
    diagnostics: Diagnostics,
    *,
    asks: bool,
) -> Built:
    """Build a module as `build_module` does; with `asks` compiled functions compute what Python can't.

    Raises Unanswered where the compiler refuses these.
    """
    with (
        working_folder(build.build_dir) as folder,
        Build(build, folder, watchers=watchers) as building,
    ):
        sources = building.load(paths)
        building.begin(sources)
        extras = (*extras, *building.static_libraries())
        is_fortran = any(source.form is not None for source in sources)
        folders = (*options.include_dirs, *building.include_folders)
        options = replace(
            options,
            include_dirs=folders,
            compiles=True,
            computes=is_fortran,
            asks=is_fortran and asks,
        )
        if is_fortran or (extras and building.has_fortran):
            options = as_compiled(building, options, diagnostics)

        def find_library() -> model.Library:
            if signature is not None:
                return resolve_signature(*signature, options, diagnostics, sources)
            return resolve_sources(sources, options, diagnostics)

        library = prefer_compiler(building, find_library)
        from f2pypy.building.glue import wanted_symbols

        row = chosen_compiler(options.compiler, options.answers)
        added = generated_sources(library, row, computes=options.computes)
        if not (sources or extras or added):
            # a signature file alone: its library is one that -l names
            return Built(write_module(library, options, diagnostics), None)
        wanted = wanted_symbols(library, row, options.symbol)
        hosts = {question.host for question in library.questions} - {""}
        questions = f"{library.name}{EXTENTS}"
        building.link(added, extras, wanted, hosts, questions)
        library = with_binding_orders(library, building, row)
        generated = prefer_compiler(
            building, lambda: write_module(library, options, diagnostics)
        )
        return Built(generated, building.finish())


def with_binding_orders(
    library: model.Library, building: Build, row: Compiler
) -> model.Library:
    """Return a library that says where bindings are in tables of types, if only the compiler's files do."""
    from f2pypy.building.table_orders import has_unsettled, with_orders

    if row.types.class_form != "container" or not has_unsettled(library):
        return library
    building.wait()
    return with_orders(library, building.folder)


def as_compiled(building: Build, options: Options, diagnostics: Diagnostics) -> Options:
    """Return the options with what compiles the Fortran sources, and with what its flags and its target change."""
    banner = building.banner()
    compiler = options.compiler or compiler_of(building, banner, diagnostics)
    options = replace(options, compiler=compiler)
    if building.tools.is_usual(banner):
        return options
    answers = building.ask()
    if not answers:
        diagnostics.warn(
            Span(building.tools.fortran[0], 0),
            "f2pypy couldn't ask this compiler what its flags do to kinds and symbols, and assumes the usual ones",
        )
    return replace(options, answers=answers)


def compiler_of(building: Build, banner: str, diagnostics: Diagnostics) -> str:
    """Return what compiles the Fortran sources, "" where that isn't known; F2pypyError for one that is too old."""
    found = recognize(banner) or ""
    command = building.tools.fortran[0]
    if not found:
        diagnostics.warn(
            Span(command, 0),
            "f2pypy doesn't know this compiler's conventions and assumes gfortran's; --compiled-by names another",
        )
    try:
        chosen_compiler(found)
    except ValueError as error:
        raise failure(f"{command}: {error}") from None
    return found


def prefer_compiler(building: Build, work: Callable[[], _Made]) -> _Made:
    """Return what `work` makes; where it fails, what a compiler says of the source is better than what it says."""
    try:
        return work()
    except F2pypyError:
        building.wait()
        raise
