"""From Fortran and C sources to one shared library, with the user's own compilers.

The environment chooses the tools as it does for other builders: FC, CC, FFLAGS, CFLAGS, LDFLAGS.
"""

from __future__ import annotations

import contextlib
import graphlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity, Span
from f2pypy.options import BuildOptions
from f2pypy.reading.fortran_lines import FIXED_SUFFIXES, FREE_SUFFIXES, Form

FORTRAN_COMPILERS = ("gfortran", "flang-new", "flang", "ifx", "nagfor", "f95")
C_COMPILERS = ("cc", "gcc", "clang")
C_SUFFIXES = frozenset({".c"})
OBJECT_SUFFIXES = frozenset({".o", ".a", ".so", ".dylib", ".dll", ".obj", ".lib"})
# What the compiler's preprocessor sees first has its suffix in capitals.
PREPROCESSED_SUFFIXES = frozenset(
    {".F", ".FOR", ".FTN", ".FPP", ".F90", ".F95", ".F03", ".F08"}
)
# Suffixes whose form every compiler knows; with others, or against them, a flag says it.
KNOWN_FORMS = {
    ".f": Form.FIXED,
    ".for": Form.FIXED,
    ".ftn": Form.FIXED,
    ".f90": Form.FREE,
    ".f95": Form.FREE,
    ".f03": Form.FREE,
    ".f08": Form.FREE,
}
FORM_FLAGS = {Form.FIXED: "-ffixed-form", Form.FREE: "-ffree-form"}
# What C code in a signature file may count on.
USERCODE_PRELUDE = """\
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct { float r, i; } complex_float;
typedef struct { double r, i; } complex_double;
typedef signed char signed_char;
typedef long long long_long;
typedef char *string;
typedef char character;
#define F_FUNC(name, NAME) name##_
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#line 1 "usercode"
"""
# gfortran's messages: a place, the line with a caret or number below it, and the text.
PLACE = re.compile(r"^(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?:?\s*$")
PLACED = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?:fatal )?error: (?P<text>.*)$"
)
COMPLAINT = re.compile(r"^(?:Fatal )?Error: (?P<text>.*)$")


@dataclass(frozen=True)
class Source:
    """One file to compile: a Fortran source with what it says and its form, or a C source (`file` None)."""

    path: Path
    file: syntax.File | None = None
    form: Form | None = None


def is_fortran(path: str) -> bool:
    """Whether the name is that of a Fortran source."""
    suffix = Path(path).suffix
    return (
        suffix.lower() in FIXED_SUFFIXES | FREE_SUFFIXES
        or suffix in PREPROCESSED_SUFFIXES
    )


def library_name(module: str) -> str:
    """Return the file name of the library that belongs to the generated module `module`.

    It differs from every name under which Python looks for an extension module `module`.
    """
    if sys.platform == "win32":
        return f"lib{module}.dll"
    return f"lib{module}.dylib" if sys.platform == "darwin" else f"lib{module}.so"


@dataclass(frozen=True)
class Toolchain:
    """The compilers and their flags, as one environment gives them."""

    environment: Mapping[str, str]
    options: BuildOptions

    def fortran(self) -> list[str]:
        """Return the command of the Fortran compiler; F2pypyError where there is none."""
        return self._compiler("FC", FORTRAN_COMPILERS, "Fortran")

    def c(self) -> list[str]:
        """Return the command of the C compiler; F2pypyError where there is none."""
        return self._compiler("CC", C_COMPILERS, "C")

    def _compiler(
        self, variable: str, usual: Sequence[str], language: str
    ) -> list[str]:
        chosen = shlex.split(self.environment.get(variable, ""))
        path = self.environment.get("PATH")
        for command in [chosen] if chosen else [[name] for name in usual]:
            if shutil.which(command[0], path=path):
                return command
        wanted = chosen[0] if chosen else " or ".join(usual)
        raise _failure(
            f"no {language} compiler was found: {wanted} is not on PATH; "
            f"install one, or set {variable} to the command that runs yours"
        )

    def flags(self, variable: str) -> list[str]:
        """Return the flags that an environment variable holds."""
        return shlex.split(self.environment.get(variable, ""))

    def compile_command(self, source: Source, target: Path, modules: Path) -> list[str]:
        """Return the command that compiles one file."""
        options = self.options
        quality = ["-g", "-O0"] if options.debug else list(options.optimization)
        common = [*options.definitions, *(f"-I{d}" for d in options.include_dirs)]
        common += ["-I.", "-c", str(source.path), "-o", str(target)]
        packages = self.package_flags("--cflags")
        if source.file is None:
            return [*self.c(), "-fPIC", *quality, *self.flags("CFLAGS"), *packages, *common]  # fmt: skip
        form = [FORM_FLAGS[source.form]] if source.form and self._is_surprising(source) else []  # fmt: skip
        return [
            *self.fortran(), "-fPIC", *quality, *form, *self.flags("FFLAGS"), *options.flags,
            *packages, "-J", str(modules), f"-I{modules}", *common,
        ]  # fmt: skip

    def _is_surprising(self, source: Source) -> bool:
        return KNOWN_FORMS.get(source.path.suffix.lower()) is not source.form

    def preprocess_command(self, path: str) -> list[str]:
        """Return the command that writes a Fortran source as its preprocessor leaves it."""
        options = self.options
        return [
            *self.fortran(), "-E", "-cpp", *options.definitions,
            *(f"-I{d}" for d in options.include_dirs), *self.flags("FFLAGS"), *options.flags, path,
        ]  # fmt: skip

    def link_command(
        self,
        objects: Sequence[Path],
        extras: Sequence[str],
        target: Path,
        *,
        fortran: bool,
    ) -> list[str]:
        """Return the command that makes the library; `extras` are the user's own objects and libraries."""
        folders = [
            *self.options.directories,
            *(str(Path(e).parent) for e in extras if ".so" in Path(e).name),
        ]
        absolute = dict.fromkeys(str(Path(d).absolute()) for d in folders)
        return [
            *(self.fortran() if fortran else self.c()),
            "-dynamiclib" if sys.platform == "darwin" else "-shared",
            *map(str, objects),
            *(str(Path(e).absolute()) for e in extras),
            *(f"-L{d}" for d in absolute),
            # whoever loads the library finds those that it was linked with
            *(f"-Wl,-rpath,{d}" for d in absolute if sys.platform != "win32"),
            *(f"-l{name}" for name in self.options.libraries),
            *self.package_flags("--libs"),
            *self.flags("LDFLAGS"),
            "-o",
            str(target),
        ]

    def package_flags(self, kind: str) -> list[str]:
        """Return what pkg-config says of the ``--dep`` packages."""
        if not self.options.dependencies:
            return []
        command = [*shlex.split(self.environment.get("PKG_CONFIG", "pkg-config"))]
        command += [kind, *self.options.dependencies]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            names = " ".join(self.options.dependencies)
            raise _failure(f"--dep {names}: {command[0]} can't be run: {error.strerror}") from None  # fmt: skip
        if done.returncode:
            raise _failure(done.stderr.strip() or f"{shlex.join(command)} failed")
        return shlex.split(done.stdout)


def build_library(
    sources: Sequence[Source],
    extras: Sequence[str],
    target: Path,
    options: BuildOptions,
    environment: Mapping[str, str] = os.environ,
    *,
    added: Mapping[str, str] | None = None,
) -> None:
    """Compile the sources and link them with `extras` (objects, archives, libraries) into `target`.

    `added` are names and texts of generated sources.

    Files are compiled after those whose Fortran modules they use, as many at a time as the machine has processors.
    `target` appears whole or not at all, and a program that has the old one loaded keeps it. Raises F2pypyError
    with the compiler's messages.
    """
    tools = Toolchain(environment, options)
    for extra in extras:
        if not Path(extra).is_file():
            raise _failure(f"{extra}: there is no such file")
    with working_folder(options.build_dir) as folder:
        sources = [*sources, *write_sources(added or {}, folder)]
        objects = [folder / f"{i}_{s.path.stem}.o" for i, s in enumerate(sources)]
        compile_all(sources, objects, tools, folder)
        beside = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
        fortran = any(s.file is not None for s in sources) or not sources
        try:
            run_tool(tools.link_command(objects, extras, beside, fortran=fortran))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def write_sources(texts: Mapping[str, str], folder: Path) -> list[Source]:
    """Write generated sources into a folder and return them."""
    found = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        file = None
        if is_fortran(name):
            file = syntax.File(str(path), syntax.Dialect.FORTRAN, ())
        found.append(Source(path, file))
    return found


@contextlib.contextmanager
def working_folder(chosen: str | None) -> Iterator[Path]:
    """Yield the folder for intermediate files: the user's, which stays, or one that is removed afterwards."""
    if chosen is not None:
        folder = Path(chosen)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="f2pypy-") as name:
        yield Path(name)


def compile_all(
    sources: Sequence[Source], objects: Sequence[Path], tools: Toolchain, modules: Path
) -> None:
    """Compile every file, each after those that define what it uses; raises what the compiler says of all of them."""
    order = graphlib.TopologicalSorter(dependences(sources))
    try:
        order.prepare()
    except graphlib.CycleError as error:
        circle = " -> ".join(str(sources[i].path) for i in error.args[1])
        raise _failure(f"these files use each other's modules in a circle: {circle}") from None  # fmt: skip
    failures: list[Diagnostic] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        while order.is_active() and not failures:
            ready = order.get_ready()
            jobs = [
                workers.submit(
                    run_tool, tools.compile_command(sources[i], objects[i], modules)
                )
                for i in ready
            ]
            for job in jobs:
                try:
                    job.result()
                except F2pypyError as error:
                    failures += error.diagnostics
            order.done(*ready)
    if failures:
        raise F2pypyError(tuple(failures))


def dependences(sources: Sequence[Source]) -> dict[int, set[int]]:
    """Return for each source, by its index, the sources that define the modules it uses."""
    files = [(i, s.file) for i, s in enumerate(sources) if s.file is not None]
    definers = {name: i for i, file in files for name in defined_modules(file)}
    found: dict[int, set[int]] = {i: set() for i in range(len(sources))}
    for i, file in files:
        used = {definers[name] for name in used_modules(file) if name in definers}
        found[i] = used - {i}
    return found


def defined_modules(file: syntax.File) -> set[str]:
    """Return the names of the Fortran modules in a file."""
    return {
        unit.name.lower()
        for unit in file.units
        if isinstance(unit, syntax.Module) and not unit.submodule_of
    }


def used_modules(file: syntax.File) -> set[str]:
    """Return the names of the modules that anything in the file uses, at any depth."""
    found: set[str] = set()
    waiting: list[syntax.Item] = list(file.units)
    while waiting:
        item = waiting.pop()
        match item:
            case syntax.Use():
                found.add(item.module.lower())
            case syntax.Module():
                waiting += [*item.items, *item.procedures]
                if item.submodule_of:
                    found.add(item.submodule_of.partition(":")[0].lower())
            case syntax.Procedure():
                waiting += [*item.items, *item.contained]
            case syntax.Interface() | syntax.BlockData():
                waiting += item.items
            case _:
                pass
    return found


def preprocess(path: str, tools: Toolchain) -> str:
    """Return a Fortran source as the compiler's preprocessor leaves it, each line in its place."""
    return realign(run_tool(tools.preprocess_command(path)), path)


def realign(text: str, path: str) -> str:
    """Return preprocessed text with the lines of `path` where they were and no line markers."""
    rows: list[str] = []
    here = True
    for row in text.splitlines():
        marker = re.match(r'#\s+(\d+)\s+"([^"]*)"', row)
        if marker:
            here = marker.group(2) == path
            if here:
                rows += [""] * (int(marker.group(1)) - 1 - len(rows))
        elif not row.startswith("#"):
            rows.append(row)
    return "\n".join(rows) + "\n"


def run_tool(command: Sequence[str]) -> str:
    """Run a compiler or linker and return its output; F2pypyError with what it says where it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise _failure(f"{command[0]} can't be run: {error.strerror}") from None
    if done.returncode:
        raise F2pypyError(tuple(read_complaints(done.stderr, command[0])))
    return done.stdout


def read_complaints(output: str, tool: str) -> list[Diagnostic]:
    """Return the errors in a compiler's output; all of it as one where none has a place that is understood."""
    found: list[Diagnostic] = []
    place: Span | None = None
    source = ""
    for row in output.splitlines():
        if placed := PLACED.match(row):
            span = Span(placed["path"], int(placed["line"]), int(placed["column"]))
            found.append(Diagnostic(Severity.ERROR, span, placed["text"]))
        elif at := PLACE.match(row):
            place = Span(at["path"], int(at["line"]), int(at["column"] or 0))
        elif "|" in row and row.partition("|")[0].strip().isdigit():
            source = row.partition("|")[2].removeprefix(" ")
        elif (complaint := COMPLAINT.match(row)) and place is not None:
            # gfortran numbers the places in a line; the caret shows them
            text = complaint["text"].replace(" at (1)", "")
            found.append(Diagnostic(Severity.ERROR, place, text, source))
    return found or [Diagnostic(Severity.ERROR, Span(tool, 0), output.strip())]


def _failure(message: str) -> F2pypyError:
    return F2pypyError((Diagnostic(Severity.ERROR, Span("f2pypy", 0), message),))
