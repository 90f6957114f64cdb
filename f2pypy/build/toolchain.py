"""The commands that compile, preprocess and link, as the environment and the user's options make them.

The environment chooses the tools as it does for other builders: FC, CC, FFLAGS, CFLAGS, CPPFLAGS, LDFLAGS.
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from f2pypy.build.messages import failure
from f2pypy.build.sources import Source
from f2pypy.diagnostics import F2pypyError
from f2pypy.options import BuildOptions
from f2pypy.reading.fortran_lines import Form
from f2pypy.suffixes import (
    FIXED_SUFFIXES,
    FREE_SUFFIXES,
    KNOWN_SUFFIXES,
    is_preprocessed,
)

FORTRAN_COMPILERS = ("gfortran", "flang-new", "flang", "ifx", "nagfor", "f95")
C_COMPILERS = ("cc", "gcc", "clang")


@dataclass(frozen=True)
class Dialect:
    """How a compiler spells what all of them can do; `marks` are in the names of its commands.

    `preprocessor` are the flags that print a preprocessed source. Where a compiler leaves out comments, which hold
    directives, the C compiler's traditional mode serves, with the macros that `defines` has.
    """

    marks: tuple[str, ...]
    shared_code: str = "-fPIC"
    module_folder: tuple[str, ...] = ("-J", "{}")
    fixed: str = "-ffixed-form"
    free: str = "-ffree-form"
    is_fortran: tuple[str, ...] = ("-x", "f95")
    preprocessor: tuple[str, ...] = ("-E", "-cpp")
    keeps_comments: bool = True
    defines: tuple[str, ...] = ()


# The first row whose mark is in the command's name; the last one, gfortran's, serves all others.
DIALECTS = (
    Dialect(("flang",), keeps_comments=False, defines=("-D__flang__=1",)),
    Dialect(
        ("ifx", "ifort"),
        module_folder=("-module", "{}"),
        fixed="-fixed",
        free="-free",
        is_fortran=("-Tf",),
        preprocessor=("-E", "-fpp"),
    ),
    Dialect(
        ("nagfor",),
        shared_code="-PIC",
        module_folder=("-mdir", "{}"),
        fixed="-fixed",
        free="-free",
        is_fortran=(),
        preprocessor=("-F", "-fpp", "-o", "/dev/stdout"),
    ),
    Dialect(("",)),
)
# The C preprocessor as Fortran's compilers use it: no macros of the machine's, no C comments inside of Fortran.
TRADITIONAL = ("-E", "-x", "c", "-traditional-cpp", "-undef", "-w")
# An undefined symbol may come from what is loaded later, so it is told and not refused.
TELL_UNDEFINED = "-Wl,-z,defs,--warn-unresolved-symbols"


def as_argument(path: str | Path) -> str:
    """Return a path so that no compiler takes it for a flag."""
    return f"./{path}" if str(path).startswith("-") else str(path)


@dataclass(frozen=True)
class Toolchain:
    """The compilers and their flags, as one environment gives them."""

    environment: Mapping[str, str]
    options: BuildOptions

    @cached_property
    def fortran(self) -> tuple[str, ...]:
        """The command of the Fortran compiler; F2pypyError where there is none."""
        chosen = self.options.fortran
        if chosen is not None:
            return self._compiler("--f90exec", chosen, (), "Fortran")
        said = self.environment.get("FC", "")
        return self._compiler("FC", said, FORTRAN_COMPILERS, "Fortran")

    @cached_property
    def c(self) -> tuple[str, ...]:
        """The command of the C compiler; F2pypyError where there is none."""
        return self._compiler("CC", self.environment.get("CC", ""), C_COMPILERS, "C")

    def _compiler(
        self, variable: str, said: str, usual: Sequence[str], language: str
    ) -> tuple[str, ...]:
        path = self.environment.get("PATH")
        # a path with blanks is one word if it is that of a program
        whole = bool(said) and shutil.which(said, path=path) is not None
        chosen = (said,) if whole else tuple(self._split(variable, said))
        for command in [chosen] if chosen else [(name,) for name in usual]:
            if shutil.which(command[0], path=path):
                return command
        wanted = chosen[0] if chosen else " or ".join(usual)
        raise failure(
            f"no {language} compiler was found: {wanted} is not on PATH; "
            f"install one, or set {variable} to the command that runs yours"
        )

    def flags(self, variable: str) -> list[str]:
        """Return the flags that an environment variable holds."""
        return self._split(variable, self.environment.get(variable, ""))

    def _split(self, variable: str, text: str) -> list[str]:
        try:
            return shlex.split(text)
        except ValueError as error:
            raise failure(f"{variable} can't be split into words: {error}") from None

    @cached_property
    def dialect(self) -> Dialect:
        """How the Fortran compiler's flags are spelled."""
        name = Path(self.fortran[0]).name.lower()
        return next(d for d in DIALECTS if any(mark in name for mark in d.marks))

    @property
    def quality(self) -> list[str]:
        """The flags for optimization and debugging."""
        return ["-g", "-O0"] if self.options.debug else list(self.options.optimization)

    @property
    def includes(self) -> list[str]:
        """The definitions and folders that preprocessors and compilers are told."""
        folders = [f"-I{folder}" for folder in self.options.include_dirs]
        return [*self.options.definitions, *folders]

    def compile_command(self, source: Source, target: Path, modules: Path) -> list[str]:
        """Return the command that compiles one file; module files are read from and left in `modules`."""
        common = [*self.includes, "-I.", "-c"]
        if source.form is None:
            return [
                *self.c, "-fPIC", *self.quality, *self.flags("CPPFLAGS"), *self.flags("CFLAGS"),
                *self.package_compile_flags, *common, as_argument(source.path), "-o", str(target),
            ]  # fmt: skip
        return [
            *self.fortran, self.dialect.shared_code, *self.quality, *self._form_flags(source),
            *(self.flags("CPPFLAGS") if is_preprocessed(str(source.path)) else ()),
            *self.flags("FFLAGS"), *self.options.flags, *self.package_compile_flags,
            *(word.format(modules) for word in self.dialect.module_folder), f"-I{modules}",
            *common, *self._language_flags(source), as_argument(source.path), "-o", str(target),
        ]  # fmt: skip

    def _form_flags(self, source: Source) -> list[str]:
        """Return the flag for the form where the suffix says another one, or none."""
        suffix = source.path.suffix.lower()
        if suffix in (FREE_SUFFIXES if source.form is Form.FREE else FIXED_SUFFIXES):
            return []
        return [self.dialect.free if source.form is Form.FREE else self.dialect.fixed]

    def _language_flags(self, source: Source) -> Sequence[str]:
        known = source.path.suffix.lower() in KNOWN_SUFFIXES
        return () if known else self.dialect.is_fortran

    def preprocess_command(self, path: str) -> list[str]:
        """Return the command that writes a Fortran source as its preprocessor leaves it."""
        words = [*self.flags("CPPFLAGS"), *self.includes]
        if not self.dialect.keeps_comments:
            # without a C compiler the comments, and the directives in them, are lost
            with contextlib.suppress(F2pypyError):
                return [*self.c, *TRADITIONAL, *self.dialect.defines, *words, as_argument(path)]  # fmt: skip
        return [
            *self.fortran, *self.dialect.preprocessor, *words, *self.flags("FFLAGS"), *self.options.flags,
            as_argument(path),
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
            *(self.fortran if fortran else self.c),
            "-dynamiclib" if sys.platform == "darwin" else "-shared",
            *([TELL_UNDEFINED] if sys.platform == "linux" else ()),
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

    @cached_property
    def package_compile_flags(self) -> list[str]:
        """What pkg-config says of the ``--dep`` packages to a compiler."""
        return self.package_flags("--cflags")

    def package_flags(self, kind: str) -> list[str]:
        """Return what pkg-config says of the ``--dep`` packages; F2pypyError where it doesn't know one."""
        names = self.options.dependencies
        if not names:
            return []
        program = self.flags("PKG_CONFIG") or ["pkg-config"]
        asked = f"--dep {' '.join(names)}"
        try:
            done = subprocess.run(
                [*program, kind, *names],
                capture_output=True,
                text=True,
                check=False,
                env=dict(self.environment),
            )
        except OSError as error:
            raise failure(f"{asked}: {program[0]} can't be run: {error.strerror}") from None  # fmt: skip
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["it doesn't say why"]
            raise failure(f"{asked}: {program[0]} doesn't know it: {said[0]}")
        return shlex.split(done.stdout)
