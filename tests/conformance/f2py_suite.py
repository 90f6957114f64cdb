"""A pytest plugin that runs NumPy's tests of f2py with f2pypy in f2py's place.

    PYTHONPATH=tests/conformance python -m pytest -p f2py_suite --pyargs numpy.f2py.tests

Every module that those tests build is built by ``f2pypy -c`` with the same arguments. Kept are the tests of built
modules; those of f2py's own functions say nothing of f2pypy. F2PYPY names another command to build with, as for
interpreters on which f2pypy itself doesn't run; F2PYPY_SUITE_CACHE a folder in which builds are kept.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

COMMAND = shlex.split(os.environ.get("F2PYPY", f"{sys.executable} -m f2pypy"))
READ_BY_F2PY = (".f90", ".f95", ".f", ".c", ".pyf")
COMPILERS = ("c", "f77", "f90", "fortran")


def pytest_configure(config: pytest.Config) -> None:
    """Put f2pypy in f2py's place before any test module is imported."""
    # NumPy runs meson to look for compilers as soon as this is imported; nothing here needs it
    nothing_found = subprocess.CompletedProcess([], 1)
    with mock.patch("subprocess.run", return_value=nothing_found):
        from numpy.f2py.tests import util

    builder = Builder(config)
    util.build_module = builder.build_module
    util.build_code = builder.build_code
    for language in COMPILERS:
        setattr(util, f"has_{language}_compiler", lambda: True)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the tests of built modules."""
    from numpy.f2py.tests import util

    kept = []
    for item in items:
        owner = getattr(item, "cls", None)
        builds = (
            isinstance(owner, type)
            and issubclass(owner, util.F2PyTest)
            and (owner.code is not None or owner.sources is not None)
        )
        if builds or "build_module" in getattr(item, "fixturenames", ()):
            kept.append(item)
    dropped = [item for item in items if item not in kept]
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept


class Builder:
    """Builds modules, each once; failures are remembered too."""

    def __init__(self, config: pytest.Config) -> None:
        cache = os.environ.get("F2PYPY_SUITE_CACHE")
        if cache is None:
            cache = tempfile.mkdtemp(prefix="f2py-suite-")
            config.add_cleanup(lambda: shutil.rmtree(cache, ignore_errors=True))
        self.cache = Path(cache).absolute()
        self.made: dict[str, ModuleType | Exception] = {}

    def build_module(
        self,
        source_files: Sequence[str | os.PathLike[str]],
        options: Sequence[str] = (),
        skip: Sequence[str] = (),
        only: Sequence[str] = (),
        module_name: str | None = None,
    ) -> ModuleType:
        """Return the module; RuntimeError with what f2pypy says if there is none."""
        name = module_name or f"module_{len(self.made)}"
        files = [Path(file) for file in source_files]
        words = [list(map(str, part)) for part in (options, skip, only)]
        contents = [file.read_bytes().hex() for file in files]
        names = [file.name for file in files]
        key = hashlib.sha256(json.dumps([name, words, names, contents]).encode())
        known = self.made.get(key.hexdigest())
        if known is None:
            try:
                folder = self.cache / key.hexdigest()[:16]
                known = self.build(folder, files, name, *words)
            except Exception as failure:  # the other tests of it fail as well
                known = failure
            self.made[key.hexdigest()] = known
        if isinstance(known, Exception):
            raise known
        return known

    def build_code(
        self,
        source_code: str,
        options: Sequence[str] = (),
        skip: Sequence[str] = (),
        only: Sequence[str] = (),
        suffix: str | None = None,
        module_name: str | None = None,
    ) -> ModuleType:
        """Return the module of a source that is given as text."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"code{suffix or '.f'}"
            path.write_text(source_code, encoding="utf-8")
            return self.build_module([path], options, skip, only, module_name)

    def build(
        self,
        folder: Path,
        files: Sequence[Path],
        name: str,
        options: list[str],
        skip: list[str],
        only: list[str],
    ) -> ModuleType:
        """Run f2pypy in a folder with copies of the sources, unless it did before, and import what it left."""
        if not (folder / f"{name}.py").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            copies = [folder / file.name for file in files]
            for file, copy in zip(files, copies, strict=True):
                shutil.copyfile(file, copy)
            read = [str(copy) for copy in copies if copy.suffix in READ_BY_F2PY]
            command = [
                *COMMAND,
                "-c",
                "-m",
                name,
                *options,
                *read,
                "--backend",
                "meson",
            ]
            for word, names in (("skip:", skip), ("only:", only)):
                command += [word, *names] if names else []
            done = subprocess.run(
                command,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            for copy in copies:
                copy.unlink()  # a module that needs its sources would be found out
            if done.returncode:
                raise RuntimeError(f"{shlex.join(command)}\n{done.stdout}")
        return load(name, folder / f"{name}.py")


def load(name: str, path: Path) -> ModuleType:
    """Import a file under a name, which another file may have had before."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
