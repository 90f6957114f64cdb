"""A library in the making: sources are compiled while the rest of the program reads them, then linked."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from f2pypy.building.archives import is_archive, library_file, wanted_members
from f2pypy.building.jobs import Answer, Jobs, Runner
from f2pypy.building.messages import (
    failure,
    read_complaints,
    read_link_failure,
    read_link_messages,
    read_missing_libraries,
)
from f2pypy.building.opened import opened
from f2pypy.building.order import find_dependences
from f2pypy.building.probe import probe_source, read_answers
from f2pypy.building.sources import (
    Source,
    include_folders,
    layout_of,
    load_source,
)
from f2pypy.building.static_runtime import link_statically
from f2pypy.building.steps import Progress, Steps
from f2pypy.building.toolchain import Toolchain
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity
from f2pypy.options import BuildOptions
from f2pypy.reading.forms import Form


def library_name(module: str) -> str:
    """Return the file name of the library that belongs to the generated module `module`.

    It differs from every name under which Python looks for an extension module `module`.
    """
    if sys.platform == "win32":
        return f"lib{module}.dll"
    return f"lib{module}.dylib" if sys.platform == "darwin" else f"lib{module}.so"


@dataclass(frozen=True)
class Watchers:
    """Functions to call with each command and its output, and with each step."""

    command: Callable[[Sequence[str], str], None] | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Library:
    """A linked library: its bytes and the warnings about it."""

    content: bytes
    warnings: tuple[Diagnostic, ...]


class Unanswered(F2pypyError):
    """The compiler refuses what computes extents."""


@contextlib.contextmanager
def refusing_questions(asked: bool) -> Iterator[None]:
    """Raise F2pypyError as Unanswered if what is compiled was only `asked` for the sake of extents."""
    try:
        yield
    except F2pypyError as error:
        raise (Unanswered(error.diagnostics) if asked else error) from None


class Build:
    """One build, in a folder for intermediate files; leaving the ``with`` block ends whatever still runs.

    `begin` starts to compile and returns at once, `link` adds what was generated meanwhile and returns at once too,
    `finish` waits. All of them raise F2pypyError with the compilers' messages.
    """

    def __init__(
        self,
        options: BuildOptions,
        folder: Path,
        environment: Mapping[str, str] = os.environ,
        watchers: Watchers | None = None,
    ) -> None:
        watchers = watchers or Watchers()
        self.folder = folder
        self.options = options
        self.tools = Toolchain(environment, options)
        # compilers leave temporary files if they are killed
        self._runner = Runner({**environment, "TMPDIR": str(folder)}, watchers.command)
        self._steps = Steps(watchers.progress)
        self._sources: list[Source] = []
        self._objects: list[Path] = []
        self._jobs: Jobs | None = None
        self._linking: threading.Thread | None = None
        self._linked: Library | BaseException | None = None

    def __enter__(self) -> Build:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.stop()
        if self._jobs is not None:
            self._jobs.wait()
        if self._linking is not None:
            self._linking.join()

    def load(self, paths: Sequence[str]) -> list[Source]:
        """Read the sources, several at a time where the preprocessor has to run."""
        found: dict[int, Source] = {}
        layout = layout_of(self.flags())

        def read(number: int) -> None:
            found[number] = load_source(paths[number], self.preprocess, layout)

        jobs = Jobs(dict.fromkeys(range(len(paths)), ()), read)
        jobs.wait()
        jobs.raise_failures()
        return [found[i] for i in range(len(paths))]

    def flags(self) -> tuple[str, ...]:
        """Return the user's flags for the Fortran compiler."""
        return (*self.tools.flags("FFLAGS"), *self.options.flags)

    @cached_property
    def include_folders(self) -> tuple[str, ...]:
        """The folders of included files that the flags name, and those that the compiler's command adds."""
        flags = [*self.flags()]
        if self.has_fortran:
            flags += [*self.tools.fortran[1:], *self.tools.package_compile_flags]
            if self.tools.is_wrapper:
                said = self._runner.run(self.tools.dry_command())
                flags += re.sub("[\"']", "", said.errors).split()
        return tuple(dict.fromkeys(include_folders(flags)))

    def preprocess(self, path: str) -> str:
        """Return a Fortran source as the preprocessor leaves it."""
        command = self.tools.preprocess_command(path)
        answer = self._runner.run(command)
        if answer.status:
            raise F2pypyError(tuple(read_complaints(answer.errors, command[0])))
        return answer.output

    @property
    def has_fortran(self) -> bool:
        """Whether there is a Fortran compiler."""
        try:
            return bool(self.tools.fortran)
        except F2pypyError:
            return False

    def rule_of(self, source: Source) -> str:
        """Return the rule for make that the C compiler writes for a C source, "" where it fails."""
        answer = self._runner.run(self.tools.rule_command(source))
        return "" if answer.status else answer.output

    def banner(self) -> str:
        """Return the Fortran compiler's ``--version`` output."""
        return self._runner.run([*self.tools.fortran, "--version"]).output

    def ask(self) -> tuple[tuple[str, Any], ...]:
        """Ask the Fortran compiler what its flags and its target change; see `read_answers` for the fields."""
        folder = self.folder / "probe"
        folder.mkdir(exist_ok=True)
        source, target = folder / "probe.f90", folder / "probe.o"
        source.write_text(probe_source(), encoding="utf-8")
        self._runner.run(self.tools.probe_command(source, target))
        return read_answers(target.read_bytes()) if target.is_file() else ()

    def begin(self, sources: Sequence[Source]) -> None:
        """Start to compile the sources, each after those whose Fortran modules it uses."""
        folders = (*self.options.include_dirs, *self.include_folders)
        waits_for = find_dependences(sources, folders)
        self._sources = list(sources)
        self._objects = [self._object(i, source) for i, source in enumerate(sources)]
        # what they need is looked for here: one message, and before anything runs
        for source in sources:
            _ = self.tools.c if source.form is None else self.tools.fortran
        _ = self.tools.package_compile_flags
        self._steps.expect(len(sources) + 1)
        self._jobs = Jobs(waits_for, self._compile)

    def _object(self, number: int, source: Source) -> Path:
        # files of the same name may come from several folders
        return self.folder / f"{number}_{source.path.stem}.o"

    def _compile(self, number: int, flags: Sequence[str] = ()) -> None:
        source, target = self._sources[number], self._objects[number]
        with self._steps.step(source.path.name):
            self._run_compiler(source, target, self.folder, flags)

    def _run_compiler(
        self, source: Source, target: Path, modules: Path, flags: Sequence[str]
    ) -> None:
        command = self.tools.compile_command(source, target, modules, flags)
        answer = self._runner.run(command)
        if answer.status:
            complaints = read_complaints(answer.errors, command[0])
            raise F2pypyError(tuple(complaints))

    def _open(self, hosts: Collection[str]) -> tuple[str, ...]:
        """Write the files that submodules of the modules `hosts` need, where compiling the modules doesn't.

        Return the flags that name their folder.
        """
        if not hosts or not self.tools.dialect.opening:
            return ()
        folder = self.folder / "opened"
        folder.mkdir(exist_ok=True)
        for number, source in enumerate(self._sources):
            copy = opened(source, hosts) if source.form is not None else None
            if copy is None:
                continue
            suffix = ".f90" if copy.form is Form.FREE else ".f"
            copy = replace(copy, path=folder / f"{number}{suffix}", origins=None)
            copy.path.write_text(copy.text, encoding="utf-8")
            places = (self.folder, source.path.absolute().parent)
            folders = (f"-I{place}" for place in places)
            flags = (*self.tools.dialect.opening, *folders)
            self._run_compiler(copy, folder / "none.o", folder, flags)
        return (f"-I{folder}",)

    def static_libraries(self) -> list[str]:
        """Return the archives among the libraries of ``-l``; F2pypyError for one that the linker doesn't find."""
        folders, names = self.options.directories, self.options.libraries
        found = [library_file(name, folders, self._locate) for name in names]
        if None in found:
            self._refuse_missing()
        return [path for path in found if path is not None and is_archive(path)]

    def _refuse_missing(self) -> None:
        """Link nothing but the libraries: the linker has more folders than the compiler tells.

        What is compiled meanwhile would be for nothing.
        """
        target, fortran = self.folder / "nothing", self._links_fortran()
        answer = self._runner.run(
            self.tools.link_command([], [], target, fortran=fortran)
        )
        missing = read_missing_libraries(answer.errors)
        if answer.status and missing:
            raise F2pypyError(tuple(missing))

    def _locate(self, name: str) -> str:
        """Return the path of a library in the linker's own folders, its name where it isn't there."""
        if not self.has_fortran:
            return name
        answer = self._runner.run([*self.tools.fortran, f"-print-file-name={name}"])
        return name if answer.status else answer.output.strip()

    def link(
        self,
        added: Mapping[str, str],
        extras: Sequence[str],
        wanted: Sequence[str],
        hosts: Collection[str] = (),
        questions: str = "",
    ) -> None:
        """Link the library as soon as everything is compiled; returns at once.

        `added` are names and texts of generated sources, `extras` the user's own objects and libraries; archives
        contribute the members that have one of the `wanted` symbols, and those that these need. `hosts` are the user's
        modules that get a submodule. `questions` names the one among `added` that computes extents: `finish` raises
        Unanswered where the compiler refuses that or a copy of a module of the hosts.
        """
        wanted = wanted_members(filter(is_archive, extras), wanted)
        sources = [self._write(name, text) for name, text in added.items()]

        def work() -> None:
            try:
                self._linked = self._link(sources, extras, wanted, hosts, questions)
            except BaseException as error:  # raised again by `finish`
                self._linked = error

        self._linking = threading.Thread(target=work, daemon=True)
        self._linking.start()

    def _add_text(self, name: str, text: str) -> None:
        self._steps.expect(1)
        self._add(self._write(name, text))

    def _write(self, name: str, text: str) -> Source:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return load_source(str(path), self.preprocess)

    def _link(
        self,
        added: Sequence[Source],
        extras: Sequence[str],
        wanted: Sequence[str],
        hosts: Collection[str],
        questions: str,
    ) -> Library:
        self.wait()
        with refusing_questions(bool(hosts)):
            folders = self._open(hosts)
        self._steps.expect(len(added))
        for source in added:
            of_fortran = () if source.form is None else self.tools.dialect.generated
            with refusing_questions(source.path.name == questions):
                self._add(source, (*of_fortran, *folders))
        with self._steps.step("linking"):
            return self._run_linker(extras, wanted)

    def _add(self, source: Source, flags: Sequence[str] = ()) -> None:
        self._objects.append(self._object(len(self._sources), source))
        self._sources.append(source)
        self._compile(len(self._sources) - 1, flags)

    def _run_linker(self, extras: Sequence[str], wanted: Sequence[str]) -> Library:
        target = self.folder / library_name("linked")
        fortran = self._links_fortran()

        def linked(*runtime: str) -> Answer:
            command = self.tools.link_command(
                self._objects, extras, target, wanted, runtime, fortran=fortran
            )
            return self._runner.run(command)

        if self.options.static_runtime and fortran:
            answer = link_statically(linked, self.tools, self._locate, self._add_text)
        else:
            answer = linked()
        owners = {
            str(made): str(source.path)
            for made, source in zip(self._objects, self._sources, strict=True)
        }
        if answer.status:
            tool = (self.tools.fortran if fortran else self.tools.c)[0]
            raise F2pypyError(tuple(read_link_failure(answer.errors, owners, tool)))
        odd = read_link_messages(answer.errors, owners, Severity.WARNING)
        content = target.read_bytes()
        target.unlink()
        return Library(content, tuple(odd))

    def _links_fortran(self) -> bool:
        """Whether the Fortran compiler links; it also links objects of unknown origin."""
        forms = [source.form for source in self._sources]
        return any(forms) if forms else self.has_fortran

    def wait(self) -> None:
        """Wait until every source is compiled."""
        if self._jobs is not None:
            self._jobs.wait()
            self._jobs.raise_failures()

    def finish(self) -> Library:
        """Wait for the library."""
        assert self._linking is not None
        self._linking.join()
        if isinstance(self._linked, BaseException):
            raise self._linked
        assert self._linked is not None
        return self._linked


@contextlib.contextmanager
def working_folder(chosen: str | None) -> Iterator[Path]:
    """Yield the folder for intermediate files: the user's, which stays, or one that is removed afterwards."""
    if chosen is None:
        with tempfile.TemporaryDirectory(prefix="f2pypy-") as name:
            yield Path(name)
        return
    folder = Path(chosen)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failure(f"--build-dir {chosen}: {error.strerror}") from None
    yield folder
