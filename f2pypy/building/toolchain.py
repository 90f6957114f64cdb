"""The commands that compile, preprocess and link, built from the environment and the user's options.

These environment variables choose the tools, as for other builders: FC, CC, FFLAGS, CFLAGS, CPPFLAGS, LDFLAGS.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from f2pypy.abi.compilers import recognize
from f2pypy.building.archives import is_archive
from f2pypy.building.dialects import DIALECTS, Dialect
from f2pypy.building.messages import failure
from f2pypy.building.sources import Source
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import F2pypyError
from f2pypy.files.suffixes import (
    FIXED_SUFFIXES,
    FREE_SUFFIXES,
    is_preprocessed,
)
from f2pypy.options import BuildOptions
from f2pypy.reading.forms import Form

FORTRAN_COMPILERS = ("gfortran", "flang-new", "flang", "ifx", "nagfor", "f95")
C_COMPILERS = ("cc", "gcc", "clang")


# Flags that change neither kinds nor symbols nor results; a compiler that has others is asked what they do. A word that
# is no flag belongs to the one before it.
HARMLESS = re.compile(
    r"[^-@].*|-[OgWwIJDUL].*|-m(?:arch|tune|cpu|avx|sse|fma|no-avx|no-sse|bmi|fpmath|prefer-vector-width).*"
    r"|-fopenmp.*|-fopenacc|-f(?:no-)?(?:pic|PIC|pie|PIE|plt)|-pipe|-pthread|-cpp|-nocpp|-v|-f(?:fixed|free)-form"
    r"|-f(?:fixed|free)-line-length-.*|-f(?:no-)?(?:fast-math|unroll-.*|inline.*|tree-.*|math-errno|trapping-math)"
    r"|-f(?:no-)?(?:backtrace|bounds-check|implicit-none|recursive|automatic|stack-.*|strict-.*|check-.*|max-errors.*)"
    r"|-f(?:no-)?(?:allow-.*|aggressive-.*|associative-math|finite-math-only|signed-zeros|omit-frame-pointer|lto.*)"
    r"|-f(?:check|init-.*|ffpe-trap|ffpe-summary|max-.*|diagnostics-.*|profile-.*|sanitize|coarray|visibility)=.*"
    r"|-std=.*|-pedantic.*"
)
# Compilers of which the table says what they do without flags, on machines of this kind.
USUAL_COMMAND = re.compile(
    r"(?:x86_64-linux-gnu-)?(?:gfortran|flang|flang-new)(?:-\d+)?"
)
USUAL_VERSIONS = {"gfortran": range(9, 16), "flang": range(16, 21)}
# Flags for the compiler that its linking needs as well: what runs the program, where libraries are, the target. Without
# -ffast-math and -Ofast, with which gcc links what changes the rounding of the whole process.
FOR_LINKING = re.compile(
    r"-f?i?openmp(?:=.*|-simd)?|-qopenmp(?:-.*|=.*)?|-fopenacc(?:=.*)?|-acc(?:=.*)?|-mp(?:=.*)?|-pthread|-q?mkl(?:=.*)?"
    r"|-[fq]?coarray(?:=.*)?|-pg?|--coverage|-fprofile-(?:arcs|generate|instr-generate).*|-fcoverage-mapping"
    r"|-fsanitize.*|-f(?:no-)?lto.*|-fuse-.*|-fsplit-stack|-fstack-protector.*|-f(?:no-)?rtlib-.*|-rtlib=.*"
    r"|-(?:static|shared|no)-?(?:lib|intel|flang).*|-static|-nostdlib|-nodefaultlibs|-nostartfiles|-rdynamic"
    r"|-m(?:32|64|x32|16|abi=.*|arch=.*|cpu=.*|float-abi=.*|fpu=.*|thumb|arm)|--target=.*|--sysroot=.*|--gcc-.*"
    r"|-Wl,.*|-[LlB].+|-F.+"
)
# Those that are followed by a word of their own.
FOR_LINKING_WITH_WORD = frozenset(
    {"-Xlinker", "-z", "-framework", "-arch", "-target", "-isysroot", "-L", "-l", "-B"}
)
# The C preprocessor as Fortran's compilers use it: no macros of the machine's, no C comments inside of Fortran.
TRADITIONAL = ("-E", "-x", "c", "-traditional-cpp", "-undef", "-w")
# An undefined symbol may come from a library that is loaded later, so it is a warning and not an error.
TELL_UNDEFINED = "-Wl,-z,defs,--warn-unresolved-symbols"


def as_argument(path: str | Path) -> str:
    """Return a path so that no compiler takes it for a flag."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def for_linking(flags: Sequence[str]) -> list[str]:
    """Return those of the flags for a compiler that it needs where it links, too."""
    found: list[str] = []
    words = iter(flags)
    for word in words:
        if word in FOR_LINKING_WITH_WORD:
            found += [word, *itertools.islice(words, 1)]
        elif FOR_LINKING.fullmatch(word):
            found.append(word)
    return found


@dataclass(frozen=True)
class Toolchain:
    """The compilers and their flags, as one environment gives them."""

    environment: Mapping[str, str]
    options: BuildOptions

    @cached_property
    def fortran(self) -> tuple[str, ...]:
        """The command of the Fortran compiler; F2pypyError if there is none."""
        chosen = self.options.fortran
        if chosen is not None:
            return self._compiler("--f90exec", chosen, (), "Fortran")
        said = self.environment.get("FC", "")
        return self._compiler("FC", said, FORTRAN_COMPILERS, "Fortran")

    @cached_property
    def c(self) -> tuple[str, ...]:
        """The command of the C compiler; F2pypyError if there is none."""
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
        # mpiifort runs ifort, and mpifort mostly gfortran
        name = Path(self.fortran[0]).name.lower().removeprefix("mpi")
        return next(d for d in DIALECTS if any(mark in name for mark in d.marks))

    @property
    def quality(self) -> list[str]:
        """The flags for optimization and debugging."""
        return ["-g", "-O0"] if self.options.debug else list(self.options.optimization)

    @property
    def includes(self) -> list[str]:
        """The flags for definitions and include folders, for preprocessors and compilers."""
        folders = [f"-I{folder}" for folder in self.options.include_dirs]
        return [*self.options.definitions, *folders]

    def compile_command(
        self, source: Source, target: Path, modules: Path, flags: Sequence[str] = ()
    ) -> list[str]:
        """Return the command that compiles one file; `modules` is the folder of module files, read and written.

        `flags` are for the Fortran compiler, after the user's.
        """
        if source.form is None:
            return [*self._c_command(), "-c", as_argument(source.path), "-o", str(target)]  # fmt: skip
        return [
            *self.fortran, self.dialect.shared_code, *self.quality, *self._form_flags(source),
            *(self.flags("CPPFLAGS") if is_preprocessed(str(source.path)) else ()),
            *self.flags("FFLAGS"), *self.options.flags, *self.package_compile_flags,
            *flags, *(word.format(modules) for word in self.dialect.module_folder), f"-I{modules}",
            *self.includes, "-I.", "-c", *self._language_flags(source), as_argument(source.path), "-o", str(target),
        ]  # fmt: skip

    def _c_command(self) -> list[str]:
        return [
            *self.c, "-fPIC", *self.quality, *self.flags("CPPFLAGS"), *self.flags("CFLAGS"),
            *self.package_compile_flags, *self.includes, "-I.",
        ]  # fmt: skip

    def rule_command(self, source: Source) -> list[str]:
        """Return the command that prints the rule for make of a C source: the headers that it includes."""
        return [*self._c_command(), "-MM", as_argument(source.path)]

    def _form_flags(self, source: Source) -> list[str]:
        """Return the flag for the form if the suffix implies no form or another one."""
        suffixes = FREE_SUFFIXES if source.form is Form.FREE else FIXED_SUFFIXES
        if source.path.suffix.lower() in suffixes & self.dialect.suffixes:
            return []
        return [self.dialect.free if source.form is Form.FREE else self.dialect.fixed]

    def _language_flags(self, source: Source) -> Sequence[str]:
        has_macros = source.origins is not None and not self._is_known(source.path)
        return [
            *([self.dialect.cpp] if has_macros else ()),
            *self._told_fortran(source.path),
        ]

    def _is_known(self, path: Path) -> bool:
        return path.suffix.lower() in self.dialect.suffixes

    def _told_fortran(self, path: Path) -> Sequence[str]:
        """Return the flags that mark a file as Fortran if its suffix doesn't."""
        return () if self._is_known(path) else self.dialect.is_fortran

    def is_usual(self, banner: str) -> bool:
        """Whether the table covers this Fortran compiler and its flags, so that it needn't be asked."""
        name, _, version = (recognize(banner) or "").partition("-")
        flags = (
            *self.fortran[1:],
            *self.quality,
            *self.flags("FFLAGS"),
            *self.options.flags,
        )
        return (
            not self.is_wrapper
            and int(version or 0) in USUAL_VERSIONS.get(name, ())
            and platform.machine() in ("x86_64", "AMD64")
            and sys.maxsize > 2**32
            and all(map(HARMLESS.fullmatch, (*flags, *self.package_compile_flags)))
        )

    @property
    def is_wrapper(self) -> bool:
        """Whether the Fortran compiler may have flags of its own, as ``mpif90`` has."""
        return USUAL_COMMAND.fullmatch(Path(self.fortran[0]).name) is None

    def dry_command(self) -> list[str]:
        """Return the command that prints what the Fortran compiler's command would run."""
        return [*self.fortran, "-###", *self.dialect.is_fortran, "-c", os.devnull]

    def probe_command(self, source: Path, target: Path) -> list[str]:
        """Return the command that compiles a source in free form with the user's flags, and writes an object file."""
        return [
            *self.fortran, *self.quality, *self.flags("FFLAGS"), *self.options.flags, *self.package_compile_flags,
            *self.dialect.probing, self.dialect.free, "-c", str(source), "-o", str(target),
        ]  # fmt: skip

    def preprocess_command(self, path: str) -> list[str]:
        """Return the command that prints a preprocessed Fortran source."""
        words = [*self.flags("CPPFLAGS"), *self.includes]
        if not self.dialect.keeps_comments:
            # without a C compiler the comments, and the directives in them, are lost
            with contextlib.suppress(F2pypyError):
                return [*self.c, *TRADITIONAL, *self.dialect.defines, *words, as_argument(path)]  # fmt: skip
        return [
            *self.fortran, *self.dialect.preprocessor, *words, *self.flags("FFLAGS"), *self.options.flags,
            *self._told_fortran(Path(path)), as_argument(path),
        ]  # fmt: skip

    def link_command(
        self,
        objects: Sequence[Path],
        extras: Sequence[str],
        target: Path,
        wanted: Sequence[str] = (),
        runtime: Sequence[str] = (),
        *,
        fortran: bool,
    ) -> list[str]:
        """Return the command that makes the library; `extras` are the user's own objects and libraries.

        Members of archives are linked in for the `wanted` symbols; `runtime` are the words that link Fortran's own.
        """
        folders = [
            *self.options.directories,
            *(str(Path(e).parent) for e in extras if ".so" in Path(e).name),
        ]
        grouped = sys.platform != "darwin" and any(map(is_archive, extras))
        absolute = dict.fromkeys(str(Path(d).absolute()) for d in folders)
        fortran_flags = [*self.flags("FFLAGS"), *self.options.flags] if fortran else []
        return [
            *(self.fortran if fortran else self.c),
            "-dynamiclib" if sys.platform == "darwin" else "-shared",
            *([TELL_UNDEFINED] if sys.platform == "linux" else ()),
            *map(str, objects),
            *(f"-Wl,-u,{symbol}" for symbol in wanted),
            # archives may need one another, whatever their order
            *(["-Wl,--start-group"] if grouped else ()),
            *(str(Path(e).absolute()) for e in extras),
            *(f"-L{d}" for d in absolute),
            # whoever loads the library finds those that it was linked with
            *(f"-Wl,-rpath,{d}" for d in absolute if sys.platform != "win32"),
            *self.libraries(),
            *(["-Wl,--end-group"] if grouped else ()),
            *self.package_flags("--libs"),
            *for_linking([*fortran_flags, *self.flags("CFLAGS")]),
            *self.flags("LDFLAGS"),
            *runtime,
            "-o",
            str(target),
        ]

    def libraries(self) -> list[str]:
        """Return the flags for the libraries that ``-l`` names: the module may call what no source calls."""
        named = [f"-l{name}" for name in self.options.libraries]
        if sys.platform != "linux" or not named:
            return named
        return [
            "-Wl,--push-state,--no-as-needed",
            *named,
            "-Wl,--pop-state",
        ]

    @cached_property
    def package_compile_flags(self) -> list[str]:
        """The compiler flags that pkg-config gives for the ``--dep`` packages."""
        return self.package_flags("--cflags")

    def package_flags(self, kind: str) -> list[str]:
        """Return pkg-config's flags for the ``--dep`` packages; F2pypyError if it doesn't know one."""
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
