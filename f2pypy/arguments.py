"""The words of a command line and what they ask for, in one table.

f2py's words are kept as f2py takes them: `-lopenblas` and `-L/dir` glued, `only: a b :` and
`skip: a b :` as lists that a lone colon ends, `-v` for the version. `-h` is no call for help,
because f2py writes signature files with it.
"""

from __future__ import annotations

import enum
import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from f2pypy.options import ABIS, RUNTIMES, BuildOptions, Options


class UsageError(Exception):
    """The command line can't be understood."""


class Action(enum.Enum):
    """What a command line asks for."""

    GENERATE = "generate"  # from one signature file
    BUILD = "build"  # compile sources and generate
    SCAN = "scan"  # generate from Fortran sources that somebody else compiles
    SIGNATURE = "signature"  # write what the sources say as a signature file
    VERSION = "version"
    HELP = "help"


@dataclass(frozen=True)
class Flag:
    """One option: its spellings, what follows it, and the field of the command that it sets.

    `metavar` is empty when nothing follows; `glued` allows `-lNAME`; a flag that `repeats`
    collects its values, any other keeps the last. A flag with a `remark` does nothing here, which the remark
    explains to those who give it.
    """

    names: tuple[str, ...]
    sets: str
    help: str
    metavar: str = ""
    glued: bool = False
    repeats: bool = False
    remark: str = ""


@dataclass(frozen=True)
class WordList:
    """A list of routine names between `opening` and a lone colon or the end of the line."""

    opening: str
    sets: str
    help: str


FLAGS = (
    Flag(("-o",), "output", "write the module to FILE; - is standard output", "FILE"),
    Flag(("-m",), "module", "name of the module", "NAME"),
    Flag(
        ("-l",),
        "libraries",
        "the library to call, as a linker spells it; repeatable",
        "NAME",
        glued=True,
        repeats=True,
    ),
    Flag(
        ("-L",),
        "directories",
        "look for libraries in DIR first; repeatable",
        "DIR",
        glued=True,
        repeats=True,
    ),
    Flag(
        ("--library",),
        "library_path",
        "the shared library itself; nothing else is searched",
        "PATH",
    ),
    Flag(
        ("--symbol",),
        "symbol",
        "how the library spells a routine, e.g. scipy_{name}_64_",
        "PATTERN",
    ),
    Flag(("--int64",), "int64", "the library's default integers have 64 bits (ILP64)"),
    Flag(("--abi",), "abi", f"how complex functions return: {', '.join(ABIS)}", "ABI"),
    Flag(
        ("--no-native",), "no_native", "leave out what compiling to native code takes"
    ),
    Flag(
        ("--runtime",),
        "runtime",
        f"{' or '.join(RUNTIMES)}: one file, or one that imports f2pypy.runtime",
        "KIND",
    ),
    Flag(
        ("-I",),
        "include_dirs",
        "look for include files in DIR; repeatable",
        "DIR",
        glued=True,
        repeats=True,
    ),
    Flag(
        ("--include-paths", "--include_paths"),
        "include_paths",
        "the same for several folders",
        "DIR:DIR",
        repeats=True,
    ),
    Flag(
        ("-c",),
        "build",
        "compile the sources; the library is left beside the module",
    ),
    Flag(
        ("-h",),
        "signature",
        "write a signature file instead of a module; stdout is standard output",
        "FILE",
    ),
    Flag(
        ("--overwrite-signature",),
        "overwrite_signature",
        "let -h replace a file",
    ),
    Flag(
        ("--f2cmap",),
        "f2cmap",
        "what kinds mean, as f2py's .f2py_f2cmap says it (which is read if it is here)",
        "FILE",
    ),
    Flag(("--f77flags",), "f77flags", "flags for Fortran files", "FLAGS", repeats=True),
    Flag(("--f90flags",), "f90flags", "the same", "FLAGS", repeats=True),
    Flag(("--opt",), "optimization", "instead of -O3", "FLAGS", repeats=True),
    Flag(("--debug",), "debug", "compile with debugging information"),
    Flag(
        ("-D", "-U"),
        "definitions",
        "define (or with -U forget) a name for preprocessors; repeatable",
        "NAME",
        glued=True,
        repeats=True,
    ),
    Flag(
        ("--dep",),
        "dependencies",
        "link with what pkg-config knows as NAME; repeatable",
        "NAME",
        repeats=True,
    ),
    Flag(("--build-dir",), "build_dir", "keep intermediate files in DIR", "DIR"),
    Flag(("--strict",), "strict", "a routine that can't be wrapped is an error"),
    Flag(("--quiet",), "quiet", "say nothing but errors"),
    Flag(
        ("--verbose",),
        "verbose",
        "list the wrapped routines too; show where an internal error came from",
    ),
    Flag(("-v", "--version"), "version", "print the version"),
    Flag(("--help",), "help", "print this text"),
)
# f2py's flags that change nothing here: the remark tells those who give them.
UNUSED_FLAGS = (
    Flag(("--backend",), "", "", "NAME", remark="no build system is used: the compilers are run directly"),
    Flag(("--freethreading-compatible", "--no-freethreading-compatible"), "", "",
         remark="a module in Python runs with or without the GIL; 'threadsafe' routines release it"),
    Flag(("--wrap-functions", "--no-wrap-functions"), "", "",
         remark="functions are called directly, without Fortran wrappers"),
    Flag(("--lower",), "", "", remark="names in Fortran sources are lower case; signature files keep their case"),
    Flag(("--no-lower",), "", "", remark="names in Fortran sources are lower case all the same: Fortran has no case"),
    Flag(("--debug-capi",), "", "", remark="there is no C-API code to debug"),
    Flag(("--latex-doc", "--no-latex-doc", "--rest-doc", "--no-rest-doc", "--short-latex"), "", "",
         remark="no documentation files are written: the module's docstrings have the texts"),
    Flag(("--skip-empty-wrappers",), "", "", remark="there are no wrapper files to skip"),
    Flag(("--coutput", "--f2py-wrapper-output"), "", "", "FILE", remark="no C or Fortran code is generated"),
    Flag(("--fcompiler", "--compiler"), "", "", "NAME", remark="set FC (or CC) to the compiler that is wanted"),
    Flag(("--f77exec", "--f90exec"), "", "", "PATH", remark="set FC to the compiler that is wanted"),
    Flag(("--arch",), "", "", "FLAGS", remark="set FFLAGS, or use --f90flags"),
    Flag(("--noopt", "--noarch"), "", "", remark="use --opt or FFLAGS"),
    Flag(("--help-fcompiler", "--help-compiler", "--help-link"), "", "",
         remark="the compilers are those of FC and CC, or the first on PATH"),
    Flag(("-include",), "", "", "HEADER", glued=True, remark="there is no C wrapper that could include a header"),
    Flag(("--link-",), "", "", "NAME", glued=True, remark="use -l, or --dep with pkg-config"),
)  # fmt: skip
COMPILED_SUFFIXES = (
    ".f", ".for", ".ftn", ".f77", ".fpp", ".f90", ".f95", ".f03", ".f08", ".c",
)  # fmt: skip
OBJECT_SUFFIXES = (".o", ".a", ".so", ".dylib", ".dll", ".obj", ".lib")
WORD_LISTS = (
    WordList("only:", "only", "wrap these routines alone"),
    WordList("skip:", "skip", "leave these routines out"),
)
LIST_END = ":"


@dataclass(frozen=True)
class Command:
    """A command line, understood; `source` is a path or `-`, `output` None means `<module>.py`.

    `source` is the signature file, "" where Fortran `sources` say what is wrapped; `extras` are objects and libraries
    to link, `remarks` what is to be said about flags that do nothing.
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
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Words:
    """A command line, sorted: what each field was given (flags without a value: nothing), and the rest."""

    given: dict[str, tuple[str, ...]]
    sources: tuple[str, ...]
    remarks: tuple[str, ...]


def parse(argv: Sequence[str]) -> Command:
    """Return what `argv` (without the program's name) asks for, or raise `UsageError`."""
    words = _sort_words(argv)
    given = words.given
    if "help" in given:
        return Command(Action.HELP)
    if "version" in given:
        return Command(Action.VERSION)
    if "quiet" in given and "verbose" in given:
        raise UsageError("--quiet and --verbose exclude each other")
    compiled = tuple(s for s in words.sources if s.lower().endswith(COMPILED_SUFFIXES))
    extras = tuple(s for s in words.sources if s.lower().endswith(OBJECT_SUFFIXES))
    signatures = [s for s in words.sources if s not in compiled and s not in extras]
    action = _choose_action(given, signatures, compiled, extras)
    return Command(
        action,
        source=signatures[0] if signatures else "",
        output=_last(given, "output"),
        options=_read_options(given),
        quiet="quiet" in given,
        verbose="verbose" in given,
        sources=compiled,
        extras=extras,
        build=_read_build(given),
        signature=_last(given, "signature") or "",
        overwrite_signature="overwrite_signature" in given,
        f2cmap=_last(given, "f2cmap"),
        remarks=words.remarks,
    )


def _choose_action(
    given: dict[str, tuple[str, ...]],
    signatures: Sequence[str],
    compiled: Sequence[str],
    extras: Sequence[str],
) -> Action:
    """Return what the files and flags ask for together; `UsageError` where they make no sense."""
    if not (signatures or compiled or ("build" in given and extras)):
        raise UsageError("a source file is wanted, none was given")
    if len(signatures) > 1:
        raise UsageError(
            f"ValueError: Only one .pyf file per call, these were given: {' '.join(signatures)}"
        )
    if "signature" in given:
        return Action.SIGNATURE
    if "build" in given:
        return Action.BUILD
    return Action.GENERATE if signatures else Action.SCAN


def _read_build(given: dict[str, tuple[str, ...]]) -> BuildOptions:
    """Return the choices for the compilers."""
    flags = [*given.get("f77flags", ()), *given.get("f90flags", ())]
    optimization = given.get("optimization")
    options = BuildOptions(
        flags=tuple(dict.fromkeys(_split_flags(flags))),
        debug="debug" in given,
        include_dirs=(*given.get("include_dirs", ()), *_include_paths(given)),
        definitions=given.get("definitions", ()),
        directories=given.get("directories", ()),
        libraries=given.get("libraries", ()),
        dependencies=given.get("dependencies", ()),
        build_dir=_last(given, "build_dir"),
    )
    if optimization is None:
        return options
    return replace(options, optimization=tuple(_split_flags(optimization)))


def _split_flags(texts: Sequence[str]) -> list[str]:
    """Return single flags; quotes around them may have survived a shell."""
    try:
        return [flag for text in texts for part in shlex.split(text) for flag in part.split()]  # fmt: skip
    except ValueError as error:
        raise UsageError(f"compiler flags can't be split: {error}") from None


def _include_paths(given: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        folder
        for word in given.get("include_paths", ())
        for folder in word.split(os.pathsep)
        if folder
    )


def _read_options(given: dict[str, tuple[str, ...]]) -> Options:
    try:
        return Options(
            module=_last(given, "module"),
            libraries=given.get("libraries", ()),
            directories=given.get("directories", ()),
            library_path=_last(given, "library_path"),
            symbol=_last(given, "symbol"),
            only=given.get("only") or None,  # f2py takes an empty list for no list
            skip=given.get("skip", ()),
            runtime=_last(given, "runtime") or Options.runtime,
            int64="int64" in given,
            abi=_last(given, "abi") or Options.abi,
            native="no_native" not in given,
            strict="strict" in given,
            include_dirs=(*given.get("include_dirs", ()), *_include_paths(given)),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _last(given: dict[str, tuple[str, ...]], name: str) -> str | None:
    return given[name][-1] if name in given else None


def _sort_words(argv: Sequence[str]) -> _Words:
    given: dict[str, tuple[str, ...]] = {}
    sources: list[str] = []
    remarks: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            sources.extend(words)
        elif opened := next(
            (each for each in WORD_LISTS if each.opening == word), None
        ):
            given[opened.sets] = (*given.get(opened.sets, ()), *_read_list(words))
        elif word.startswith("-") and word != "-":
            flag, values = _read_flag(word, words)
            if flag.remark:
                remarks.append(f"{word} does nothing here: {flag.remark}")
            else:
                given[flag.sets] = (*given.get(flag.sets, ()), *values)
        elif word != LIST_END:  # f2py lets a stray colon pass
            sources.append(word)
    return _Words(given, tuple(sources), tuple(dict.fromkeys(remarks)))


def _read_list(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        if word == LIST_END:
            return
        if word.endswith(LIST_END):
            raise UsageError(
                f"{word!r} can't be the name of a routine: a lone colon ends the list, after a space"
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
            value = glued if equals else next(words, "")
            if not value:
                raise UsageError(f"{name} wants {flag.metavar} after it")
            return flag, (name + value if flag.sets == "definitions" else value,)
        if flag.glued and word.startswith(flag.names):
            whole = flag.sets == "definitions"
            return flag, (word if whole else word[len(flag.names[0]) :],)
    raise UsageError(f"unknown option {name}{_suggest(name)}")


def _suggest(name: str) -> str:
    import difflib  # costs more than all the rest of a good run's parsing

    near = difflib.get_close_matches(
        name, [known for flag in FLAGS for known in flag.names], n=1
    )
    return f"; did you mean {near[0]}?" if near and name != "-h" else ""


def usage() -> str:
    """Return the text that `--help` prints."""
    rows = [
        (", ".join(flag.names[:2] if flag.names[0] == "-v" else flag.names[:1]), flag)
        for flag in FLAGS
    ]
    spelled = [(f"{names} {flag.metavar}".rstrip(), flag.help) for names, flag in rows]
    spelled += [
        (f"{each.opening} NAME ... {LIST_END}", each.help) for each in WORD_LISTS
    ]
    width = max(len(left) for left, _ in spelled)
    table = "\n".join(f"  {left:{width}}  {right}" for left, right in spelled)
    return (
        "usage: f2pypy SOURCE... [options]\n\n"
        "Reads a signature file (.pyf), a template (.pyf.src) or Fortran sources and writes one Python module\n"
        "that calls the shared library through ctypes; the module needs NumPy alone.\n"
        "With -c, Fortran and C sources, objects and libraries are made into that library.\n"
        "SOURCE - is a signature file on standard input; the module is then written to standard output.\n\n"
        f"{table}\n\n"
        "examples: f2pypy blas.pyf -lopenblas -o blas.py\n"
        "          f2pypy -c -m mymodule mine.f90 helpers.f\n"
        "exit status: 0 written, 1 bad input, 2 bad usage, 3 internal error\n"
    )
