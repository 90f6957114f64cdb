"""Which options there are: their words, what follows them, and what usage says about them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from f2pypy.abi.compilers import names
from f2pypy.options import ABIS

SHELLS = ("bash", "zsh", "fish")


class Action(enum.Enum):
    """What a command line asks for."""

    GENERATE = "generate"  # from one signature file
    BUILD = "build"  # compile sources and generate
    SCAN = "scan"  # generate from Fortran sources that somebody else compiles
    SIGNATURE = "signature"  # write what the sources say as a signature file
    VERSION = "version"
    HELP = "help"
    COMPLETION = "completion"  # print what makes a shell complete options
    CMAKE_DIR = "cmake-dir"  # say where the files for CMake are
    TOOLS = "tools"  # say which compilers there are
    DOCTOR = "doctor"  # say what this machine has, or what a generated module finds
    INPUTS = "inputs"  # say which files would be read


@dataclass(frozen=True)
class Flag:
    """One option: its spellings, the field of the command that it sets, and what follows it.

    `metavar` is empty when nothing follows; `glued` allows `-lNAME`. A flag with a `remark` does nothing here, which
    the remark explains to those who give it.
    """

    names: tuple[str, ...]
    sets: str
    help: str
    metavar: str = ""
    glued: bool = False
    remark: str = ""


FLAGS = (
    Flag(("-o",), "output", "write the module to FILE; - is standard output", "FILE"),
    Flag(("-m",), "module", "name of the module", "NAME"),
    Flag(("-l",), "libraries", "the library to call, as a linker spells it; repeatable", "NAME", glued=True),
    Flag(("-L",), "directories", "look for libraries in DIR first; repeatable", "DIR", glued=True),
    Flag(("--library",), "library_path", "the path of the shared library; no other is searched", "PATH"),
    Flag(("--no-library-check",), "unchecked", "don't load the library of --library to look for the routines"),
    Flag(("--symbol",), "symbol", "how the library spells a routine, e.g. scipy_{name}_64_", "PATTERN"),
    Flag(("--int64",), "int64", "the library's default integers have 64 bits (ILP64)"),
    Flag(("--compiled-by",), "compiler", f"what compiled the library: {', '.join(names())}, with a version and flags "
         "that change how procedures are called, as in 'gfortran-12 -fdefault-real-8'; not needed with -c", "NAME"),
    Flag(("--abi",), "abi", f"how complex functions return: {', '.join(ABIS)}", "ABI"),
    Flag(("--no-native",), "no_native", "never compile the routines to native code"),
    Flag(("--stop-raises",), "stop_raises", "STOP, ERROR STOP and errors found at run time raise FortranStop "
         "instead of ending the process; Ctrl-C interrupts a call"),
    Flag(("--isolated",), "isolated", "calls run in a worker process; when it dies, the call raises WorkerDied"),
    Flag(("--runtime",), "runtime", "where the runtime is: embedded in the module; import, from the installed f2pypy; "
         "FILE.py, which is written and imported (NAME=FILE.py: as NAME)", "KIND"),
    Flag(("-I",), "include_dirs", "look for include files in DIR; repeatable", "DIR", glued=True),
    Flag(("--include-paths", "--include_paths"), "include_paths", "the same for several folders", "DIR:DIR"),
    Flag(("-c",), "build", "compile the sources; the library is written beside the module"),
    Flag(("-h",), "signature", "write a signature file instead of a module; stdout is standard output", "FILE"),
    Flag(("--overwrite-signature",), "overwrite_signature", "let -h replace an existing file"),
    Flag(("--f2cmap",), "f2cmap",
         "read f2py's kind map from FILE; the default is .f2py_f2cmap in the current folder", "FILE"),
    Flag(("--f77flags",), "f77flags", "flags for Fortran files", "FLAGS"),
    Flag(("--f90flags",), "f90flags", "the same as --f77flags", "FLAGS"),
    Flag(("--opt",), "optimization", "optimization flags, in place of -O3", "FLAGS"),
    Flag(("--noopt",), "noopt", "compile without optimization"),
    Flag(("--arch",), "arch", "flags for the processor", "FLAGS"),
    Flag(("--noarch",), "noarch", "leave out the flags of --arch"),
    Flag(("--debug",), "debug", "compile with debugging information"),
    Flag(("--f90exec", "--f77exec"), "fortran", "the Fortran compiler; overrides FC", "PATH"),
    Flag(("-D", "-U"), "definitions",
         "define (with -U: undefine) a name for the preprocessor; repeatable", "NAME", glued=True),
    Flag(("--dep",), "dependencies", "link with the package that pkg-config calls NAME; repeatable", "NAME"),
    Flag(("--static-runtime",), "static_runtime", "link the Fortran compiler's own libraries into the module's"),
    Flag(("--build-dir",), "build_dir", "keep intermediate files in DIR", "DIR"),
    Flag(("--lower",), "lower", "write all names in lower case, also those from signature files"),
    Flag(("--no-lower",), "no_lower", "with -h, keep the spelling that names have in the sources"),
    Flag(("--dep-file",), "dep_file",
         "write a rule for make to FILE: the module depends on its sources and on what they include", "FILE"),
    Flag(("--print-deps",), "print_deps", "print the files that a run would read; nothing is written"),
    Flag(("--strict",), "strict", "treat a routine that can't be wrapped as an error"),
    Flag(("--quiet",), "quiet", "print errors only"),
    Flag(("--verbose",), "verbose", "also list the wrapped routines; show the traceback of an internal error"),
    Flag(("--help-fcompiler", "--help-compiler", "--help-link"), "tools", "print which compilers would be used"),
    Flag(("--cmake-dir",), "cmake_dir", "print the folder with the files for CMake's find_package(f2pypy)"),
    Flag(("--completion",), "completion",
         f"print what makes a shell ({', '.join(SHELLS)}) complete the options", "SHELL"),
    Flag(("-v", "--version"), "version", "print the version"),
    Flag(("--help",), "help", "print this text"),
)  # fmt: skip
# What follows some options may be nothing: a variable of make that has no value.
MAY_BE_EMPTY = frozenset({"FLAGS", "DIR:DIR"})
# A list of names follows these, which a lone colon or the end of the line ends.
LIST_END = ":"
WORD_LISTS = (
    Flag(("only:",), "only", "wrap these routines alone", f"NAME ... {LIST_END}"),
    Flag(("skip:",), "skip", "leave these routines out", f"NAME ... {LIST_END}"),
)
# f2py's flags that change nothing here: the remark tells those who give them.
UNUSED_FLAGS = (
    Flag(("--backend",), "", "", "NAME", remark="f2pypy uses no build system and runs the compilers directly"),
    Flag(("--freethreading-compatible", "--no-freethreading-compatible"), "", "",
         remark="a module in Python runs with or without the GIL; 'threadsafe' routines release it"),
    Flag(("--wrap-functions", "--no-wrap-functions"), "", "",
         remark="the module calls functions directly, without Fortran wrappers"),
    Flag(("--debug-capi",), "", "", remark="there is no C-API code to debug"),
    Flag(("--latex-doc", "--no-latex-doc", "--rest-doc", "--no-rest-doc", "--short-latex"), "", "",
         remark="f2pypy writes no documentation files: the module's docstrings hold the texts"),
    Flag(("--skip-empty-wrappers",), "", "", remark="there are no wrapper files to skip"),
    Flag(("--coutput", "--f2py-wrapper-output"), "", "", "FILE", remark="f2pypy writes no C or Fortran code"),
    Flag(("--fcompiler", "--compiler"), "", "", "NAME", remark="set FC (or CC) to the compiler"),
    Flag(("-include",), "", "", "HEADER", glued=True, remark="there is no C wrapper that could include a header"),
    Flag(("--link-",), "", "", "NAME", glued=True, remark="use -l, or --dep with pkg-config"),
)  # fmt: skip
# f2py's macros for its C code, which the preprocessor gets all the same.
UNUSED_MACROS = {
    "F2PY_REPORT_ATEXIT": "there is no C-API code that could measure itself",
    "F2PY_REPORT_ON_ARRAY_COPY": "there is no C-API code that could report copies",
    "F2PY_USE_PYTHON_TLS": "a callback belongs to the thread that passed it",
    "F2PY_THREAD_LOCAL_DECL": "a callback belongs to the thread that passed it",
    "PREPEND_FORTRAN": "the module tries the usual spellings of symbols; --symbol sets another",
    "NO_APPEND_FORTRAN": "the module tries the usual spellings of symbols; --symbol sets another",
    "UPPERCASE_FORTRAN": "the module tries the usual spellings of symbols; --symbol sets another",
    "NPY_NO_DEPRECATED_API": "f2pypy writes no C code that uses NumPy's interface",
}
