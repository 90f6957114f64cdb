"""Reads the Fortran sources of a build: what each says depends on its own text and on the files that it includes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from f2pypy.building.sources import Source, original_rows
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics
from f2pypy.files.processes import each_shared, processes_for
from f2pypy.options import Options
from f2pypy.reading.lines import Rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy import syntax

# So many characters take a quarter of a second; a process costs a tenth of that.
SHARE = 500_000


@dataclass(frozen=True)
class Reading:
    """What one source says, and what there is to say about it; the source itself isn't among the `found` ones."""

    file: syntax.File
    found: Diagnostics


def read_sources(
    sources: Iterable[Source], options: Options, diagnostics: Diagnostics
) -> list[syntax.File]:
    """Return what each Fortran source says; C sources are left to their compiler."""
    fortran = [source for source in sources if source.form is not None]
    size = sum(len(source.text) for source in fortran)
    processes = processes_for(size, SHARE)
    readings = each_shared(partial(read_apart, options), fortran, processes)
    for source, reading in zip(fortran, readings, strict=True):
        if source.origins is None:
            diagnostics.sources.setdefault(str(source.path), Rows(source.text))
        for path, rows in reading.found.sources.items():
            diagnostics.sources.setdefault(path, rows)
        for each in reading.found.found:
            diagnostics.add(each)
    return [reading.file for reading in readings]


def read_apart(options: Options, source: Source) -> Reading:
    """Return what one source says, for another process that has its text."""
    diagnostics = Diagnostics()
    file = read_source(source, options, diagnostics)
    if source.origins is None:
        del diagnostics.sources[str(source.path)]
    return Reading(file, diagnostics)


def read_source(
    source: Source, options: Options, diagnostics: Diagnostics
) -> syntax.File:
    """Return what one Fortran source says."""
    from f2pypy.reading.fortran import read_fortran

    if source.origins is not None:
        for path, rows in original_rows(source.origins).items():
            diagnostics.sources.setdefault(path, rows)
    return read_fortran(
        source.text,
        str(source.path),
        diagnostics,
        form=source.form,
        include_dirs=options.include_dirs,
        read_include=source.read_included,
        origins=source.origins,
        last_column=source.layout.last_column,
    )
