"""What `f2pypy.generate` is given: paths or a text, a signature file or Fortran sources."""

from __future__ import annotations

import os
from collections.abc import Sequence

from f2pypy.files.access import read_text
from f2pypy.files.suffixes import Content, content_of
from f2pypy.options import BuildOptions, Options
from f2pypy.pipeline import Generated, generate_module, scan_sources


def generate_any(
    sources: Sequence[str | os.PathLike[str]], options: Options
) -> Generated:
    """Return the module for a signature file, for its text, or for Fortran sources; raises as `f2pypy.generate`."""
    first, *more = sources
    if isinstance(first, str) and ("\n" in first or "\r" in first):
        text, path = first, "<text>"
    elif content_of(os.fspath(first)) in (Content.FORTRAN, Content.C):
        paths = [os.fspath(each) for each in sources]
        build = BuildOptions(include_dirs=options.include_dirs)
        return scan_sources(paths, options, build)
    else:
        text, path = read_text(first)
    if more:
        raise ValueError(
            f"a signature file can't be combined with other sources, {more[0]!r} was given too"
        )
    return generate_module(text, path, options)
