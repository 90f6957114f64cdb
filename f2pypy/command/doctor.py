"""``f2pypy doctor``: what f2pypy finds on this machine, and what is wrong with modules and wheels."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from f2pypy import __version__
from f2pypy.building.toolchain import Toolchain
from f2pypy.command.wheels import about_wheel
from f2pypy.diagnostics import F2pypyError
from f2pypy.options import BuildOptions, Options

FLAGS = ("FFLAGS", "CFLAGS", "CPPFLAGS", "LDFLAGS")
# Enough of BLAS for a module to look for the library.
BLAS = """\
python module blas
interface
  double precision function ddot(n, x, incx, y, incy)
    integer intent(hide), depend(x) :: n = len(x)
    double precision, intent(in) :: x(*), y(*)
    integer intent(hide) :: incx = 1, incy = 1
  end function
end interface
end python module
"""


# What a line begins with that makes the report a bad one.
BAD = "!"


def report(paths: Sequence[str]) -> tuple[str, bool]:
    """Return what there is to say about modules and wheels, or about this machine, and whether all of it is well.

    A module is ill that finds no library, or one that lacks routines or data; a wheel is ill that pip installs where
    its libraries don't run.
    """
    if not paths:
        return "\n".join(about_machine()), True
    lines = [line for path in paths for line in about_file(Path(path))]
    is_well = not any(line.startswith(BAD) for line in lines)
    return "\n".join(line.removeprefix(BAD) for line in lines), is_well


def about_machine() -> Iterator[str]:
    """Yield what f2pypy finds on this machine."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield f"f2pypy {__version__}, {python}, {platform.system()} {platform.machine()}"
    tools = Toolchain(os.environ, BuildOptions())
    for language, title in (("fortran", "Fortran compiler"), ("c", "C compiler")):
        try:
            command = getattr(tools, language)
        except F2pypyError as error:
            yield f"{title}: {error.diagnostics[0].message}"
        else:
            yield f"{title}: {' '.join(command)} ({first_line_of(command)})"
    yield from (f"{name}: {os.environ[name]}" for name in FLAGS if os.environ.get(name))
    with tempfile.TemporaryDirectory(prefix="f2pypy-") as folder:
        try:
            module = imported(example(Path(folder)))
        except ImportError as error:
            reason = str(error).splitlines()[0].removesuffix(". Tried:")
            yield f"BLAS: none was found ({reason})"
        else:
            yield f"BLAS: {module._library.paths}"
            yield f"native code: {about_native(module)}"


def first_line_of(command: Sequence[str]) -> str:
    """Return the first line of what a compiler says of itself."""
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)  # fmt: skip
    return (done.stdout or done.stderr).partition("\n")[0]


def example(folder: Path) -> Path:
    """Write a module that calls BLAS."""
    from f2pypy.pipeline import generate_module

    path = folder / "blas.py"
    path.write_text(generate_module(BLAS, "<BLAS>", Options()).text, encoding="utf-8")
    return path


def about_native(module: ModuleType) -> str:
    """Return whether routines become native code, or why they don't."""
    native = getattr(module, "__native__", None)
    reason = "the module has none" if native is None else native.reason
    if reason:
        return f"off, because {reason}"
    if importlib.util.find_spec("llvmlite") is None:
        return "off, because llvmlite isn't installed (pip install 'f2pypy[native]')"
    return f"on, with llvmlite {importlib.metadata.version('llvmlite')}"


def about_file(path: Path) -> Iterator[str]:
    """Yield what there is to say about a wheel or a generated module."""
    return about_wheel(path, BAD) if path.suffix == ".whl" else about_module(path)


def about_module(path: Path) -> Iterator[str]:
    """Yield what a generated module finds: its library, how many routines this has, and what it lacks."""
    try:
        module = imported(path)
    except (ImportError, OSError, SyntaxError) as error:
        yield f"{BAD}{path}: {error}"
        return
    library = getattr(module, "_library", None)
    if library is None:
        yield f"{BAD}{path}: it isn't a module that f2pypy wrote"
        return
    count, missing = len(routines(module)), missing_routines(module)
    yield f"{path}: {library.paths}"
    yield f"  {count - len(missing)} of {count} routines are there"
    none_is_there = why_none(module, missing)
    if none_is_there:
        yield f"{BAD}  {none_is_there}"
    missing += missing_data(module)
    if missing:
        yield f"{BAD}  missing: {', '.join(missing)}"
    yield f"  native code: {about_native(module)}"


def faults(path: Path) -> Iterator[str]:
    """Yield why a generated module can't be used here: no library, or one that lacks routines or data."""
    try:
        module = imported(path)
    except (ImportError, OSError) as error:
        yield str(error)
        return
    missing = missing_routines(module)
    none_is_there = why_none(module, missing)
    if none_is_there:
        yield f"none of the {len(missing)} routines is there: {none_is_there}"
        missing = []
    missing += missing_data(module)
    if missing:
        yield f"{module._library.paths} lacks {', '.join(missing)}"


def why_none(module: ModuleType, missing: list[str]) -> str:
    """Return why a library has none of several routines, as a call of the first would say it; "" if it has some.

    It then spells its symbols in another way, or its integers have another width: a list of names wouldn't say so.
    """
    reasons = [why_absent(each) for each in routines(module)]
    return reasons[0] if len(missing) > 1 and all(reasons) else ""


def routines(module: ModuleType) -> list[Any]:
    """Return the objects through which a module calls Fortran's procedures.

    Those that call what procedure pointers of an interface point to have no symbol of their own.
    """
    of_type: dict[str, list[Any]] = {"Routine": [], "ProcedureInterface": []}
    for each in vars(module).values():
        of_type.get(type(each).__name__, []).append(each)
    pointed = [id(each.like) for each in of_type["ProcedureInterface"]]
    return [each for each in of_type["Routine"] if id(each) not in pointed]


def missing_routines(module: ModuleType) -> list[str]:
    """Return the names of the Fortran procedures that a module's library lacks."""
    return sorted({each.name for each in routines(module) if not is_there(each)})


def missing_data(module: ModuleType) -> list[str]:
    """Return the common blocks, and the variables of Fortran modules, that a module's library lacks."""
    found = []
    for name, made in vars(module).items():
        kinds = {each.__name__ for each in type(made).__mro__}
        if "CommonBlock" in kinds and made._found() and made._memory is not None:
            found.append(f"the common block {name}")
        elif "FortranModule" in kinds:
            absent = [each for each in made._variables if not is_placed(made, each)]
            found += [f"the variable {name}.{each}" for each in sorted(absent)]
    return found


def is_placed(module: Any, variable: str) -> bool:
    """Whether the library has a variable of a Fortran module."""
    try:
        module._place(variable)
    except AttributeError:
        return False
    return True


def is_there(routine: Any) -> bool:
    """Whether the library has the symbol of a routine."""
    return not why_absent(routine)


def why_absent(routine: Any) -> str:
    """Return why a routine can't be called; "" if the library has its symbol."""
    try:
        return "" if routine.address else f"{routine.name} is at address 0"
    except AttributeError as reason:
        return str(reason)


def imported(path: Path) -> ModuleType:
    """Return the module in a file, under a name that no other one has.

    Its package isn't imported, but the runtime is found there: packages without contents stand for its folders.
    """
    folders = path.resolve().parents
    packages, name = {}, "_f2pypy_doctor"
    for folder in reversed(folders):
        packages[name] = ModuleType(name)
        packages[name].__path__ = [str(folder)]
        name += "._"
    name = f"{name[:-2]}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it isn't a Python module")
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    # those that are found beside the module alone may be others for the next one
    beside = set(folders) - {Path(each).resolve() for each in sys.path}
    sys.modules.update(packages)
    sys.modules[name] = module
    sys.path += map(str, folders)
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.path[-len(folders) :]
        for each in sys.modules.keys() - before:
            origin = getattr(sys.modules[each], "__file__", None)
            is_beside = origin and Path(origin).resolve().parent in beside
            if each in packages or is_beside:
                del sys.modules[each]
    return module
