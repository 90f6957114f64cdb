"""The words of a command line and what they ask for, in one table.

f2py's words are kept as f2py takes them: `-lopenblas` and `-L/dir` glued, `only: a b :` and
`skip: a b :` as lists that a lone colon ends, `-v` for the version. `-h` is no call for help,
because f2py writes signature files with it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from f2pypy.abi.compilers import chosen_compiler
from f2pypy.command.flags import (
    FLAGS,
    LIST_END,
    MAY_BE_EMPTY,
    UNUSED_FLAGS,
    UNUSED_MACROS,
    WORD_LISTS,
    Action,
    Flag,
)
from f2pypy.command.shared_runtime import SUFFIX, importable_name, split_runtime
from f2pypy.command.usage import UsageError, known_shell
from f2pypy.files.access import STANDARD_STREAM
from f2pypy.files.suffixes import Content, content_of, refusal_of
from f2pypy.options import RUNTIMES, BuildOptions, Options

# The first word of a command line that looks at the machine, or at generated modules.
DOCTOR = "doctor"


@dataclass(frozen=True)
class Command:
    """A command line, understood; `source` is a path or `-`, `output` None means `<module>.py`.

    `source` is the signature file, "" where Fortran `sources` say what is wrapped; `extras` are objects and libraries
    to link, `remarks` what is to be said about flags that do nothing. `runtime_file` is where the runtime goes that
    modules share. The library of an `unchecked` one isn't loaded to see whether it has the routines.
    """

    action: Action
    source: str = ""
    output: str | None = None
    options: Options = field(default_factory=Options)
    quiet: bool = False
    verbose: bool = False
    sources: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    build: BuildOptions = field(default_factory=BuildOptions)
    signature: str = ""
    overwrite_signature: bool = False
    f2cmap: str | None = None
    runtime_file: str = ""
    dep_file: str | None = None
    remarks: tuple[str, ...] = ()
    unchecked: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that is read, standard input excepted."""
        named = (self.source, *self.sources, *self.extras, self.f2cmap or "")
        return tuple(path for path in named if path and path != STANDARD_STREAM)

    @property
    def target(self) -> str:
        """Where the text goes: to -h's file or -o's; "" is not known yet."""
        if self.action is not Action.SIGNATURE:
            default = STANDARD_STREAM if self.source == STANDARD_STREAM else ""
            return self.output or default
        if self.signature in ("stdout", STANDARD_STREAM):
            return STANDARD_STREAM
        return os.path.join(self.build.build_dir or "", self.signature)  # noqa: PTH118 - keeps ./a.pyf


class _Given(dict[str, tuple[str, ...]]):
    """The values that each field was given: none for a flag that takes none, and for a field that wasn't given."""

    def __missing__(self, name: str) -> tuple[str, ...]:
        return ()

    def add(self, name: str, values: Iterable[str]) -> None:
        self[name] = (*self[name], *values)

    def last(self, name: str) -> str | None:
        return self[name][-1] if self[name] else None


def parse(argv: Sequence[str]) -> Command:
    """Return what `argv` (without the program's name) asks for, or raise `UsageError`."""
    if argv[:1] == [DOCTOR]:
        return Command(Action.DOCTOR, sources=tuple(argv[1:]))
    given, files, remarks = _sort_words(argv)
    if "help" in given or not argv:
        return Command(Action.HELP)
    if "version" in given:
        return Command(Action.VERSION)
    if "cmake_dir" in given:
        return Command(Action.CMAKE_DIR)
    if "completion" in given:
        return Command(Action.COMPLETION, source=known_shell(given.last("completion")))
    if "quiet" in given and "verbose" in given:
        raise UsageError("--quiet and --verbose exclude each other")
    if "tools" in given:
        return Command(Action.TOOLS, build=_read_build(given))
    by_content = _sort_files(files)
    compiled = (*by_content[Content.FORTRAN], *by_content[Content.C])
    extras = by_content[Content.OBJECT]
    signatures = by_content[Content.SIGNATURE]
    return Command(
        _choose_action(given, signatures, compiled, extras),
        source=signatures[0] if signatures else "",
        output=given.last("output"),
        options=_read_options(given),
        quiet="quiet" in given,
        verbose="verbose" in given,
        sources=tuple(path for path in dict.fromkeys(files) if path in compiled),
        extras=extras,
        build=_read_build(given),
        signature=given.last("signature") or "",
        overwrite_signature="overwrite_signature" in given,
        f2cmap=given.last("f2cmap"),
        runtime_file=split_runtime(given.last("runtime") or "")[1],
        dep_file=given.last("dep_file"),
        remarks=tuple(dict.fromkeys(remarks)),
        unchecked="unchecked" in given,
    )


def _sort_files(paths: Sequence[str]) -> dict[Content, tuple[str, ...]]:
    """Return the files by what their names say they are; `UsageError` where a name says nothing known."""
    found: dict[Content, tuple[str, ...]] = dict.fromkeys(Content, ())
    for path in dict.fromkeys(paths):
        if refusal := refusal_of(path):
            raise UsageError(refusal)
        content = content_of(path) or Content.SIGNATURE
        found[content] = (*found[content], path)
    return found


def _choose_action(
    given: _Given,
    signatures: Sequence[str],
    compiled: Sequence[str],
    extras: Sequence[str],
) -> Action:
    """Return what the files and flags ask for together; `UsageError` where they make no sense."""
    if extras and "build" not in given:
        raise UsageError(f"{extras[0]} can only be linked, which needs -c")
    if not (signatures or compiled or ("build" in given and extras)):
        raise UsageError("expected a source file, none was given")
    if STANDARD_STREAM in signatures:
        for name in ("dep_file", "print_deps"):
            if name in given:
                raise UsageError(
                    f"--{name.replace('_', '-')} names files; the source comes from standard input"
                )
    if len(signatures) > 1:
        raise UsageError(
            f"ValueError: Only one .pyf file per call, these were given: {' '.join(signatures)}"
        )
    if "print_deps" in given:
        return Action.INPUTS
    if "signature" in given:
        return Action.SIGNATURE
    if "build" in given:
        return Action.BUILD
    return Action.GENERATE if signatures else Action.SCAN


def _read_build(given: _Given) -> BuildOptions:
    """Return the choices for the compilers."""
    flags = [*given["f77flags"], *given["f90flags"]]
    architecture = () if "noarch" in given else given["arch"]
    return BuildOptions(
        flags=tuple(_split_flags([*flags, *architecture])),
        optimization=_read_optimization(given),
        debug="debug" in given,
        include_dirs=(*given["include_dirs"], *_include_paths(given)),
        definitions=given["definitions"],
        directories=given["directories"],
        libraries=given["libraries"],
        dependencies=given["dependencies"],
        build_dir=given.last("build_dir"),
        fortran=given.last("fortran"),
        static_runtime="static_runtime" in given,
    )


def _read_optimization(given: _Given) -> tuple[str, ...]:
    if "noopt" in given:
        return ()
    if "optimization" in given:
        return tuple(_split_flags(given["optimization"]))
    return BuildOptions.optimization


def _split_flags(texts: Sequence[str]) -> list[str]:
    """Return single flags; quotes around all of them may have survived a shell."""
    flags: list[str] = []
    for text in texts:
        stripped = text.strip()
        if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "'\"":
            stripped = stripped[1:-1]
        try:
            flags += shlex.split(stripped)
        except ValueError as error:
            raise UsageError(f"compiler flags can't be split: {error}") from None
    return flags


def _include_paths(given: _Given) -> tuple[str, ...]:
    return tuple(
        folder
        for word in given["include_paths"]
        for folder in word.split(os.pathsep)
        if folder
    )


def _read_options(given: _Given) -> Options:
    try:
        return Options(
            module=given.last("module"),
            libraries=given["libraries"],
            directories=given["directories"],
            library_path=given.last("library_path"),
            symbol=given.last("symbol"),
            only=given["only"] or None,  # f2py takes an empty list for no list
            skip=given["skip"],
            runtime=_read_runtime(given),
            runtime_module=_read_runtime_module(given),
            int64="int64" in given,
            abi=given.last("abi") or Options.abi,
            compiler=_read_compiler(given),
            native="no_native" not in given,
            stop_raises="stop_raises" in given,
            isolated="isolated" in given,
            strict="strict" in given,
            include_dirs=(*given["include_dirs"], *_include_paths(given)),
            lower=_read_case(given),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _read_runtime(given: _Given) -> str:
    """Return which runtime the module has where that is no file; ValueError for an unknown word."""
    word = given.last("runtime") or Options.runtime
    if word.endswith(SUFFIX):
        return Options.runtime
    if word not in RUNTIMES:
        raise ValueError(
            f"runtime is one of {', '.join(RUNTIMES)}, or a file that ends in {SUFFIX}; {word!r} was given"
        )
    return word


def _read_runtime_module(given: _Given) -> str:
    """Return the module that is the runtime, "" where there is none; ValueError where no path tells its name."""
    word = given.last("runtime") or ""
    if not word.endswith(SUFFIX):
        return ""
    name, file = split_runtime(word)
    beside = None if "build" in given else given.last("build_dir")
    output = given.last("output")
    folder = str(PurePath(output).parent) if output else beside or "."
    return name or importable_name(file, folder)


def _read_compiler(given: _Given) -> str:
    """Return what compiled the library, "" where that isn't said; ValueError where nothing is known of it."""
    chosen = given.last("compiler") or Options.compiler
    chosen_compiler(chosen)
    return chosen


def _read_case(given: _Given) -> bool | None:
    """Return whether names are to be in lower case, None where the kind of file decides."""
    if "lower" in given:
        return True
    if "no_lower" in given:
        return None if "build" in given else False  # f2py's does nothing with -c
    return True if "signature" in given else None


def _sort_words(argv: Sequence[str]) -> tuple[_Given, list[str], list[str]]:
    """Return what the flags say, the files, and what there is to say about flags that do nothing."""
    given = _Given()
    files: list[str] = []
    remarks: list[str] = []
    lists = {each.names[0]: each.sets for each in WORD_LISTS}
    words = iter(argv)
    for word in words:
        if word == "--":
            files += words
        elif word in lists:
            given.add(lists[word], _read_list(words))
        elif word.startswith("-") and word != "-":
            flag, values = _read_flag(word, words)
            if flag.remark:
                remarks.append(f"{word} does nothing here: {flag.remark}")
            else:
                given.add(flag.sets, values)
                remarks += _remarks_on(flag, values)
        elif word != LIST_END:  # f2py lets a stray colon pass
            files.append(word)
    return given, files, remarks


def _remarks_on(flag: Flag, values: Sequence[str]) -> Iterator[str]:
    """Yield what there is to say of macros that only f2py's C code knows."""
    for value in values if flag.sets == "definitions" else ():
        macro = value[2:].partition("=")[0]
        if macro in UNUSED_MACROS:
            yield f"{value} does nothing here: {UNUSED_MACROS[macro]}"


def _read_list(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        if word == LIST_END:
            return
        if word.endswith(LIST_END):
            raise UsageError(
                f"{word!r} can't be the name of a routine: end the list with a colon after a space"
            )
        yield word


def _read_flag(word: str, words: Iterator[str]) -> tuple[Flag, tuple[str, ...]]:
    """Return the flag that `word` is, and its value, taken from `word` itself or from what follows."""
    name, equals, glued = (
        word.partition("=") if word.startswith("--") else (word, "", "")
    )
    if not equals and " " in word:
        # f2py lets a flag and its value be one word: '--include-paths DIR'
        name, equals, glued = word.partition(" ")
    for flag in (*FLAGS, *UNUSED_FLAGS):
        if name in flag.names:
            if not flag.metavar:
                if equals:
                    raise UsageError(f"{name} takes no value, {word!r} was given")
                return flag, ()
            value = glued if equals else next(words, None)
            if not value and (value is None or flag.metavar not in MAY_BE_EMPTY):
                raise UsageError(f"{name} needs {flag.metavar} after it")
            return flag, (name + value if flag.sets == "definitions" else value,)
        if flag.glued and word.startswith(flag.names):
            whole = flag.sets == "definitions"
            return flag, (word if whole else word[len(flag.names[0]) :],)
    raise UsageError(f"unknown option {name}{_suggest(name)}")


def _suggest(name: str) -> str:
    import difflib  # costs more than all the rest of a good run's parsing

    flags = [known for flag in FLAGS for known in flag.names]
    near = [flag for flag in flags if len(name) > 3 and flag.startswith(name)]
    # a long flag always has a nearest one; a short one may be the compiler's
    cutoff = 0.0 if name.startswith("--") else 0.6
    near = near or difflib.get_close_matches(name, flags, n=1, cutoff=cutoff)
    if near and name != "-h":
        return f"; did you mean {near[0]}?"
    # as in -O2, -fopenmp, -Wall
    is_compilers = not name.startswith("--") and len(name) > 2
    return "; flags for compilers go into --f90flags" if is_compilers else ""


def usage() -> str:
    """Return the text that `--help` prints."""
    spelled = []
    for flag in (*FLAGS, *WORD_LISTS):
        shown = flag.names if flag.sets == "version" else flag.names[:1]
        spelled.append((f"{', '.join(shown)} {flag.metavar}".rstrip(), flag.help))
    width = max(len(left) for left, _ in spelled)
    table = "\n".join(f"  {left:{width}}  {right}" for left, right in spelled)
    return (
        "usage: f2pypy SOURCE... [options]\n\n"
        "Reads a signature file (.pyf), a template (.pyf.src) or Fortran sources and writes one Python module\n"
        "that calls the shared library through ctypes; the module needs only NumPy.\n"
        "With -c, f2pypy builds that library from Fortran and C sources, objects and libraries.\n"
        "SOURCE - reads a signature file from standard input and writes the module to standard output.\n\n"
        f"{table}\n\n"
        f"f2pypy {DOCTOR} prints which compilers and which BLAS f2pypy finds, and whether native code is on;\n"
        f"f2pypy {DOCTOR} MODULE.py prints the module's library and what this lacks;\n"
        f"f2pypy {DOCTOR} FILE.whl prints whether pip would install a wheel where its libraries don't run.\n\n"
        "examples: f2pypy blas.pyf -lopenblas -o blas.py\n"
        "          f2pypy -c -m mymodule mine.f90 helpers.f\n"
        "exit status: 0 written, 1 bad input or nothing wrapped, 2 bad usage, 3 internal error\n"
    )
