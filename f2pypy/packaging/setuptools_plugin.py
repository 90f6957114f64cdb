"""The plugin for setuptools: ``[tool.f2pypy]`` of pyproject.toml, or ``setup(fortran_modules=[...])``.

setuptools calls `finalize` for every project that it builds, f2pypy's or not: it imports little, and does nothing where
no Fortran module is named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from setuptools.config.pyprojecttoml import load_file

KEYWORD = "fortran_modules"
COMMAND = "build_fortran"


def accept_keyword(dist: Any, keyword: str, value: Any) -> None:
    """Let setuptools know the keyword ``fortran_modules``; `finalize`, which runs before, reads its value."""


def configuration(dist: Any) -> dict[str, Any]:
    """Return what a project says of its Fortran modules: the table of one, or ``modules`` with a list of them."""
    given = getattr(dist, KEYWORD, None)
    if given:
        return {"modules": given}
    path = Path(dist.src_root or "", "pyproject.toml")
    if not path.is_file():
        return {}
    table: dict[str, Any] = load_file(path).get("tool", {}).get("f2pypy", {})
    return table


def finalize(dist: Any) -> None:
    """Let the project's build have a step for Fortran, and its wheel the tag of the platform.

    Raises SetupError for a faulty configuration.
    """
    config = configuration(dist)
    if not config or COMMAND in dist.cmdclass:
        return
    from setuptools.errors import SetupError

    from f2pypy.packaging.setuptools_commands import commands

    try:
        dist.cmdclass.update(commands(dist, config, COMMAND))
    except ValueError as error:
        raise SetupError(str(error)) from None
    # files of the wheel go where those that depend on the platform belong
    dist.has_ext_modules = lambda: True
