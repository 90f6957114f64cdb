"""A pytest plugin that runs NumPy's tests of f2py with f2pypy in f2py's place.

    PYTHONPATH=.:tests:tests/conformance python -m pytest -p f2py_suite --pyargs numpy.f2py.tests

Every module that those tests build is built by ``f2pypy -c`` with the same arguments. Which tests are kept is found
by looking at them, so that a NumPy with more tests needs no change here: those that build a module, those of the
command line, which `command_line` gives to f2pypy, and those of the array conversion, which `array_conversion` stands
in for. What is known not to hold is in `known`.

F2PYPY names another command to build with, as for interpreters on which f2pypy itself doesn't run; F2PYPY_SUITE_CACHE
a folder in which builds are kept while f2pypy, the compiler and the sources are what they were.
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

import array_conversion
import command_line
import known
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = shlex.split(os.environ.get("F2PYPY", f"{sys.executable} -m f2pypy"))
READ_BY_F2PY = (".f90", ".f95", ".f", ".c", ".pyf")
COMPILERS = ("c", "f77", "f90", "fortran")
BUILDERS = {"build_module", "build_code"}
KEPT_GENERATIONS = 3


def pytest_configure(config: pytest.Config) -> None:
    """Put f2pypy in f2py's place before any test module is imported."""
    # NumPy runs meson to look for compilers as soon as this is imported; nothing here needs it
    nothing_found = subprocess.CompletedProcess([], 1, "", "")
    with mock.patch("subprocess.run", return_value=nothing_found):
        from numpy.f2py.tests import util

    builder = Builder(cache_folder(config))
    util.build_module = builder.build_module
    util.build_code = builder.build_code
    for build_in_c in ("build_meson", "build_module_distutils"):
        setattr(util, build_in_c, lambda *_, **__: array_conversion)
    for language in COMPILERS:
        setattr(util, f"has_{language}_compiler", lambda: True)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the tests of what f2pypy makes, and mark what is known of them."""
    kept = [
        item
        for item in items
        if builds(item) or converts(item) or command_line.calls(item)
    ]
    dropped = [item for item in items if item not in kept]
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept
    for item in kept:
        if command_line.calls(item):
            command_line.replace_in(item)
        name = f"{item.path.name}::{item.nodeid.partition('::')[2]}"
        for difference in known.differences_of(name):
            mark = pytest.mark.xfail(reason=difference.reason, strict=True)
            item.add_marker(mark)
        if name.split("[")[0] in known.PASSED_BEYOND_F2PY:
            item.own_markers[:] = [m for m in item.own_markers if m.name != "skip"]


def builds(item: pytest.Item) -> bool:
    """Say whether a test builds a module: by its class, a fixture or itself."""
    from numpy.f2py.tests import util

    owner = getattr(item, "cls", None)
    is_built = isinstance(owner, type) and issubclass(owner, util.F2PyTest)
    if is_built and not (owner.code is None and owner.sources is None):
        return True
    if "build_module" in getattr(item, "fixturenames", ()):
        return True
    return bool(BUILDERS.intersection(item.function.__code__.co_names))


def converts(item: pytest.Item) -> bool:
    """Say whether a test calls the conversion of arrays behind all arguments."""
    return "wrap" in vars(item.module) and item.cls is not None


def cache_folder(config: pytest.Config) -> Path:
    """Return the folder for builds of this f2pypy and this compiler; older ones are removed but for the latest."""
    chosen = os.environ.get("F2PYPY_SUITE_CACHE")
    if chosen is None:
        folder = Path(tempfile.mkdtemp(prefix="f2py-suite-"))
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        return folder
    cache = Path(chosen).absolute()
    own = cache / builder_digest()
    own.mkdir(parents=True, exist_ok=True)
    own.touch()
    generations = sorted(cache.iterdir(), key=lambda each: each.stat().st_mtime)
    for old in generations[:-KEPT_GENERATIONS]:
        shutil.rmtree(old, ignore_errors=True)
    return own


def builder_digest() -> str:
    """Return a digest of all that decides what a build gives, but for its arguments."""
    compiler = os.environ.get("FC", "gfortran")
    version = subprocess.run(
        [*shlex.split(compiler), "--version"], stdout=subprocess.PIPE, check=False
    ).stdout
    flags = [os.environ.get(name, "") for name in ("FC", "FFLAGS", "LDFLAGS")]
    digest = hashlib.sha256(version + json.dumps(flags).encode())
    for folder in (ROOT / "f2pypy", ROOT / "templates"):
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".j2", ".f2cmap"):
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Builder:
    """Builds modules in `cache`, each once; failures are remembered too."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
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
        files = [Path(file) for file in source_files]
        arguments = [*map(str, options)]
        for word, names in (("skip:", skip), ("only:", only)):
            arguments += [word, *names] if names else []
        key = digest_of(files, arguments, module_name)
        known_module = self.made.get(key)
        if known_module is None:
            name = module_name or f"module_{key[:8]}"
            try:
                folder = self.cache / key
                if not (folder / f"{name}.py").is_file():
                    self.build(folder, files, name, arguments)
                known_module = load(name, folder / f"{name}.py")
            except Exception as failure:  # the other tests of it fail as well
                known_module = failure
            self.made[key] = known_module
        if isinstance(known_module, Exception):
            raise known_module
        return known_module

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
        self, folder: Path, files: Sequence[Path], name: str, arguments: list[str]
    ) -> None:
        """Run f2pypy in a folder with copies of the sources, and keep what it leaves as `folder`."""
        work = Path(tempfile.mkdtemp(prefix="building-", dir=self.cache))
        copies = [work / file.name for file in files]
        for file in files:
            shutil.copy(file, work)
        options, colon, names = split_at_names(arguments)
        command = [*COMMAND, "-c", "-m", name, *options]
        command += [str(copy) for copy in copies if copy.suffix in READ_BY_F2PY]
        command += ["--backend", "meson", *colon, *names]
        done = subprocess.run(
            command,
            cwd=work,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for copy in copies:
            copy.unlink()  # a module that needs its sources would be found out
        if done.returncode:
            shutil.rmtree(work)
            raise RuntimeError(f"{shlex.join(command)}\n{done.stdout}")
        try:
            work.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(work)


def split_at_names(arguments: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return options, then ``only:`` or ``skip:``, then the names behind it: sources stand before the second."""
    for place, word in enumerate(arguments):
        if word in ("skip:", "only:"):
            return (
                arguments[:place],
                arguments[place : place + 1],
                arguments[place + 1 :],
            )
    return arguments, [], []


def digest_of(files: Sequence[Path], arguments: Sequence[str], name: str | None) -> str:
    """Return a digest of a build's arguments: of contents, since paths may be temporary."""
    words = []
    for argument in arguments:
        for word in argument.split():
            path = Path(word)
            is_file = path.is_absolute() and path.is_file()
            words.append(path.read_bytes().hex() if is_file else word)
    sources = [(file.name, file.read_bytes().hex()) for file in files]
    described = json.dumps([name, words, sources])
    return hashlib.sha256(described.encode()).hexdigest()[:20]


def load(name: str, path: Path) -> ModuleType:
    """Import a file under a name, which another file may have had before."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
