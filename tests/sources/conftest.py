"""Modules that `f2pypy -c` builds from the Fortran sources in fortran/.

F2PYPY_SOURCES_MODULES names a folder with a folder of them for each compiler, for interpreters on which f2pypy itself
doesn't run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FORTRAN = Path(__file__).parents[2] / "fortran"
BUILDS = {
    "arguments": ["arguments.f90"],
    "deferred": ["deferred.f90"],
    "descriptors": ["descriptors.f90"],
    "rearranged": ["rearranged.f90"],
    "deferred_length": ["deferred_length.f90"],
    "hidden_lengths": ["hidden_lengths.f90"],
    "submodules": ["submodules.f90"],
    "interoperable_lengths": ["interoperable_lengths.f90"],
    "interoperable": ["interoperable.f90"],
    "values": ["values.f90"],
    "assumed_rank": ["assumed_rank.f90"],
    "by_name": ["by_name.f90"],
    "dummy_procedures": ["dummy_procedures.f90"],
    "modules": ["modules.f90"],
    "machine_code": ["machine_code.f90"],
    "memory": ["memory.f90"],
    "parallel": ["parallel.f90"],
    "threads": ["threads.f90"],
    "texts": ["texts.f90"],
    "given_memory": ["given_memory.f90"],
    "inferred": ["inferred.f90"],
    "scopes": ["scopes.f90"],
    "specification": ["specification.f90"],
    "asked": ["asked.f90"],
    "told_apart": ["generics/told_apart.f90"],
    "gathered": ["generics/gathered.f90"],
    "enumerators": ["generics/enumerators.f90"],
    "procedure_pointers": ["pointers/procedure_pointers.f90"],
    "elementals": ["elemental/elementals.f90"],
    "stops": ["stops.f90"],
    "isolated": ["isolated.f90"],
    "several": ["several/solver.f90", "several/old.f", "several/precision.f90"],
}
REQUIRED = os.environ.get("F2PYPY_REQUIRE_LIBRARIES", "") not in ("", "0")
# The compilers that the modules are built with, each by the first of its commands that there is.
COMPILERS = {
    "gfortran": ("gfortran",),
    "flang": ("flang", "flang-new", *(f"flang-new-{v}" for v in range(19, 16, -1))),
}
FLAGS = {
    "parallel": ["--f90flags=-fopenmp"],
    "stops": ["--stop-raises"],
    "isolated": ["--isolated"],
}
# What a compiler doesn't know yet, or has another library for.
UNKNOWN = {"flang": ("assumed_rank", "parallel")}


@pytest.fixture(scope="session")
def folders() -> dict[str, Path]:
    """The folders of the compilers: pytest forgets a fixture when another parameter comes."""
    return {}


@pytest.fixture(scope="session", params=COMPILERS)
def source_modules(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    folders: dict[str, Path],
) -> Path:
    """The folder of one compiler's modules, each of which is built when it is first loaded."""
    written = os.environ.get("F2PYPY_SOURCES_MODULES")
    if written:
        folder = Path(written) / request.param
        if not folder.is_dir():
            pytest.skip(f"{written} has nothing of {request.param}")
        return folder
    if sys.version_info < (3, 10) or importlib.util.find_spec("f2pypy") is None:
        pytest.skip("f2pypy doesn't run here and F2PYPY_SOURCES_MODULES is not set")
    if command_of(request.param) is None:
        is_missed = REQUIRED and request.param == "gfortran"
        (pytest.fail if is_missed else pytest.skip)(f"needs {request.param}")
    if request.param not in folders:
        folders[request.param] = tmp_path_factory.mktemp(request.param)
    return folders[request.param]


def command_of(compiler: str) -> str | None:
    """Return the command of a compiler, None where this machine has none."""
    return next(filter(shutil.which, COMPILERS[compiler]), None)


def build(name: str, folder: Path, compiler: str) -> None:
    """Build one module."""
    from f2pypy.command.cli import run

    sources = [str(FORTRAN / file) for file in BUILDS[name]]
    flags = ["-o", str(folder / f"{name}.py"), "--quiet", *FLAGS.get(name, ())]
    command = command_of(compiler)
    assert command is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FC", command)
        assert run(["-c", "-m", name, *sources, *flags]) == 0


def _load(folder: Path, name: str) -> ModuleType:
    compiler = folder.name.rstrip("0123456789")
    if name in UNKNOWN.get(compiler, ()):
        pytest.skip(f"{folder.name} doesn't compile {name}")
    file = folder / f"{name}.py"
    if not file.exists() and not os.environ.get("F2PYPY_SOURCES_MODULES"):
        build(name, folder, compiler)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # routines that are named like something of the module's own are attributes of what is imported
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def arguments(source_modules: Path) -> ModuleType:
    """The module of fortran/arguments.f90."""
    return _load(source_modules, "arguments")


@pytest.fixture(scope="session")
def deferred(source_modules: Path) -> ModuleType:
    """The module of fortran/deferred.f90."""
    return _load(source_modules, "deferred")


@pytest.fixture(scope="session")
def descriptors(source_modules: Path) -> ModuleType:
    """The module of fortran/descriptors.f90."""
    return _load(source_modules, "descriptors")


@pytest.fixture(scope="session")
def rearranged(source_modules: Path) -> ModuleType:
    """The module of fortran/rearranged.f90."""
    return _load(source_modules, "rearranged")


@pytest.fixture(scope="session")
def hidden_lengths(source_modules: Path) -> ModuleType:
    """The module of fortran/hidden_lengths.f90."""
    return _load(source_modules, "hidden_lengths")


@pytest.fixture(scope="session")
def submodules(source_modules: Path) -> ModuleType:
    """The module of fortran/submodules.f90."""
    return _load(source_modules, "submodules")


@pytest.fixture(scope="session")
def interoperable_lengths(source_modules: Path) -> ModuleType:
    """The module of fortran/interoperable_lengths.f90."""
    return _load(source_modules, "interoperable_lengths")


@pytest.fixture(scope="session")
def deferred_length(source_modules: Path) -> ModuleType:
    """The module of fortran/deferred_length.f90."""
    return _load(source_modules, "deferred_length")


@pytest.fixture(scope="session")
def interoperable(source_modules: Path) -> ModuleType:
    """The module of fortran/interoperable.f90."""
    return _load(source_modules, "interoperable")


@pytest.fixture(scope="session")
def values(source_modules: Path) -> ModuleType:
    """The module of fortran/values.f90."""
    return _load(source_modules, "values")


@pytest.fixture(scope="session")
def assumed_rank(source_modules: Path) -> ModuleType:
    """The module of fortran/assumed_rank.f90."""
    return _load(source_modules, "assumed_rank")


@pytest.fixture(scope="session")
def by_name(source_modules: Path) -> ModuleType:
    """The module of fortran/by_name.f90."""
    return _load(source_modules, "by_name")


@pytest.fixture(scope="session")
def parallel(source_modules: Path) -> ModuleType:
    """The module of fortran/parallel.f90."""
    return _load(source_modules, "parallel")


@pytest.fixture(scope="session")
def several(source_modules: Path) -> ModuleType:
    """The module of the files in fortran/several."""
    return _load(source_modules, "several")


@pytest.fixture(scope="session")
def dummy_procedures(source_modules: Path) -> ModuleType:
    """The module of fortran/dummy_procedures.f90."""
    return _load(source_modules, "dummy_procedures")


@pytest.fixture(scope="session")
def threads(source_modules: Path) -> ModuleType:
    """The module of fortran/threads.f90."""
    return _load(source_modules, "threads")


@pytest.fixture(scope="session")
def elemental_procedures(source_modules: Path) -> ModuleType:
    """The module of fortran/elemental/elementals.f90."""
    return _load(source_modules, "elementals")


@pytest.fixture(scope="session")
def procedure_pointers(source_modules: Path) -> ModuleType:
    """The module of fortran/pointers/procedure_pointers.f90."""
    return _load(source_modules, "procedure_pointers")


@pytest.fixture(scope="session")
def machine_code(source_modules: Path) -> ModuleType:
    """The module of fortran/machine_code.f90."""
    return _load(source_modules, "machine_code")


@pytest.fixture(scope="session")
def memory(source_modules: Path) -> ModuleType:
    """The module of fortran/memory.f90."""
    return _load(source_modules, "memory")


@pytest.fixture(scope="session")
def modules(source_modules: Path) -> ModuleType:
    """The module of fortran/modules.f90."""
    return _load(source_modules, "modules")


@pytest.fixture(scope="session")
def inferred(source_modules: Path) -> ModuleType:
    """The module of fortran/inferred.f90."""
    return _load(source_modules, "inferred")


@pytest.fixture(scope="session")
def texts(source_modules: Path) -> ModuleType:
    """The module of fortran/texts.f90."""
    return _load(source_modules, "texts")


@pytest.fixture(scope="session")
def scopes(source_modules: Path) -> ModuleType:
    """The module of fortran/scopes.f90."""
    return _load(source_modules, "scopes")


@pytest.fixture(scope="session")
def given_memory(source_modules: Path) -> ModuleType:
    """The module of fortran/given_memory.f90."""
    return _load(source_modules, "given_memory")


@pytest.fixture(scope="session")
def specification(source_modules: Path) -> ModuleType:
    """The module of fortran/specification.f90."""
    return _load(source_modules, "specification")


@pytest.fixture(scope="session")
def asked(source_modules: Path) -> ModuleType:
    """The module of fortran/asked.f90."""
    return _load(source_modules, "asked")


@pytest.fixture(scope="session")
def told_apart(source_modules: Path) -> ModuleType:
    """The module of fortran/generics/told_apart.f90."""
    return _load(source_modules, "told_apart")


@pytest.fixture(scope="session")
def gathered(source_modules: Path) -> ModuleType:
    """The module of fortran/generics/gathered.f90."""
    return _load(source_modules, "gathered")


@pytest.fixture(scope="session")
def enumerators(source_modules: Path) -> ModuleType:
    """The module of fortran/generics/enumerators.f90."""
    return _load(source_modules, "enumerators")


LLVM = importlib.util.find_spec("llvmlite") is not None
NEEDS_LLVM = pytest.mark.skipif(not LLVM, reason="needs llvmlite")


@pytest.fixture(
    scope="session", params=["0", pytest.param("1", marks=NEEDS_LLVM)], ids=str
)
def stops(request: pytest.FixtureRequest, source_modules: Path) -> ModuleType:
    """The module of fortran/stops.f90, whose stops are exceptions: called by threads, or native code."""
    return _load_stops(source_modules, request.param)


@pytest.fixture(scope="session")
def load_stops() -> Callable[[Path, str], ModuleType]:
    """A function that returns the module in a folder: native code where its second argument is "1"."""
    return _load_stops


def _load_stops(folder: Path, native: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("F2PYPY_NATIVE", native)
        module = _load(folder, "stops")
    if native == "1":
        module.__native__.compile()
        assert module.__native__.refused == {}
    return module


@pytest.fixture(scope="session")
def isolated(source_modules: Path) -> ModuleType:
    """The module of fortran/isolated.f90, whose calls run in a process of their own."""
    return _load(source_modules, "isolated")


@pytest.fixture
def interrupting() -> Iterator[list[Any]]:
    """What is called, nothing in the end, while Ctrl-C raises KeyboardInterrupt and nothing else is written."""
    called: list[Any] = []
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    hook, shown = sys.unraisablehook, []
    sys.unraisablehook = shown.append
    try:
        yield called
    finally:
        signal.signal(signal.SIGINT, handler)
        sys.unraisablehook = hook
    assert (called, shown) == ([], [])
