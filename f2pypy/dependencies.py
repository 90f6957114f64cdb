"""What a run reads: the files that its command line names, and those that they include."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from f2pypy.building.inputs import inputs_of
from f2pypy.building.library import Build, working_folder
from f2pypy.diagnostics import Diagnostics
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import read


def dependencies(
    signature: tuple[str, str] | None,
    paths: Sequence[str],
    options: Options,
    build: BuildOptions,
    environment: Mapping[str, str] = os.environ,
) -> tuple[str, ...]:
    """Return the paths of the sources, of what they include, and of the compiled modules that they use.

    `signature` is the text and the path of a signature file; ``paths`` are Fortran and C sources. Raises F2pypyError
    for files that can't be read.
    """
    found: dict[str, None] = {}
    if signature is not None:
        diagnostics = Diagnostics()
        read(*signature, options, diagnostics)
        found.update(dict.fromkeys((signature[1], *diagnostics.sources)))
    with working_folder(None) as folder, Build(build, folder, environment) as building:
        folders = (*options.include_dirs, *building.include_folders)
        inputs = inputs_of(building, building.load(paths), folders)
        found.update(dict.fromkeys(inputs))
    return tuple(found)
