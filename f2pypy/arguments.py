"""The words of a command line and what they ask for, in one table.

f2py's words are kept as f2py takes them: `-lopenblas` and `-L/dir` glued, `only: a b :` and
`skip: a b :` as lists that a lone colon ends, `-v` for the version. `-h` is no call for help,
because f2py writes signature files with it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from f2pypy.options import ABIS, RUNTIMES, Options


class UsageError(Exception):
    """The command line can't be understood."""


class Action(enum.Enum):
    """What a command line asks for."""

    GENERATE = "generate"
    VERSION = "version"
    HELP = "help"


@dataclass(frozen=True)
class Flag:
    """One option: its spellings, what follows it, and the field of the command that it sets.

    `metavar` is empty when nothing follows; `glued` allows `-lNAME`; a flag that `repeats`
    collects its values, any other keeps the last.
    """

    names: tuple[str, ...]
    sets: str
    help: str
    metavar: str = ""
    glued: bool = False
    repeats: bool = False


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
WORD_LISTS = (
    WordList("only:", "only", "wrap these routines alone"),
    WordList("skip:", "skip", "leave these routines out"),
)
LIST_END = ":"


@dataclass(frozen=True)
class Command:
    """A command line, understood; `source` is a path or `-`, `output` None means `<module>.py`."""

    action: Action
    source: str = ""
    output: str | None = None
    options: Options = field(default_factory=Options)
    quiet: bool = False
    verbose: bool = False


@dataclass(frozen=True)
class _Words:
    """A command line, sorted: what each field was given (flags without a value: nothing), and the rest."""

    given: dict[str, tuple[str, ...]]
    sources: tuple[str, ...]


def parse(argv: Sequence[str]) -> Command:
    """Return what `argv` (without the program's name) asks for, or raise `UsageError`."""
    words = _sort_words(argv)
    given = words.given
    if "help" in given:
        return Command(Action.HELP)
    if "version" in given:
        return Command(Action.VERSION)
    if not words.sources:
        raise UsageError("a source file is wanted, none was given")
    if len(words.sources) > 1:
        raise UsageError(
            f"one source file is wanted, these were given: {' '.join(words.sources)}"
        )
    if "quiet" in given and "verbose" in given:
        raise UsageError("--quiet and --verbose exclude each other")
    return Command(
        Action.GENERATE,
        source=words.sources[0],
        output=_last(given, "output"),
        options=_read_options(given),
        quiet="quiet" in given,
        verbose="verbose" in given,
    )


def _read_options(given: dict[str, tuple[str, ...]]) -> Options:
    include_paths = (
        folder
        for word in given.get("include_paths", ())
        for folder in word.split(":")
        if folder
    )
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
            strict="strict" in given,
            include_dirs=(*given.get("include_dirs", ()), *include_paths),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _last(given: dict[str, tuple[str, ...]], name: str) -> str | None:
    return given[name][-1] if name in given else None


def _sort_words(argv: Sequence[str]) -> _Words:
    given: dict[str, tuple[str, ...]] = {}
    sources: list[str] = []
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
            given[flag.sets] = (*given.get(flag.sets, ()), *values)
        elif word != LIST_END:  # f2py lets a stray colon pass
            sources.append(word)
    return _Words(given, tuple(sources))


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
    for flag in FLAGS:
        if name in flag.names:
            if not flag.metavar:
                if equals:
                    raise UsageError(f"{name} takes no value, {word!r} was given")
                return flag, ()
            value = glued if equals else next(words, "")
            if not value:
                raise UsageError(f"{name} wants {flag.metavar} after it")
            return flag, (value,)
        if flag.glued and word.startswith(flag.names):
            return flag, (word[len(flag.names[0]) :],)
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
        "usage: f2pypy SOURCE [options]\n\n"
        "Reads a signature file (.pyf) or a template (.pyf.src) and writes one Python module\n"
        "that calls the shared library through ctypes; the module needs NumPy alone.\n"
        "SOURCE - is a signature file on standard input; the module is then written to standard output.\n\n"
        f"{table}\n\n"
        "example: f2pypy blas.pyf -lopenblas -o blas.py\n"
        "exit status: 0 written, 1 bad input, 2 bad usage, 3 internal error\n"
    )
