"""gfortran's runtime inside of the user's library: libgfortran and libquadmath from their archives.

Distributions compile these archives for programs, not for shared libraries. The code can stand anywhere in memory all
the same, but for two things that only a program may do: it reads libc's ``stdin``, ``stdout`` and ``stderr`` as if they
were its own, and one member (async.o) writes a thread's variable as if it were the program's. Where the linker refuses
that, `REPLACEMENTS` is compiled into the library. It has copies of the three pointers, and replaces that member, whose
procedures only serve units opened with ``asynchronous='yes'``: libgfortran then opens these as it does where it can't
start threads, and reads and writes them at once, as Fortran permits.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath

from f2pypy.building.jobs import Answer
from f2pypy.building.messages import failure
from f2pypy.building.toolchain import Toolchain

# Code then refers to the copies of the streams.
WRAPPING = ("-Wl,--wrap=stdin", "-Wl,--wrap=stdout", "-Wl,--wrap=stderr")
# A linker refuses code of an archive that isn't for a shared library: GNU ld and gold, lld.
_REFUSED = re.compile(
    r".*lib(?:gfortran|quadmath)\.a.*(?:recompile with -f[Pp]|can ?not be used (?:when|with)).*"
    r"|.*relocation .* can ?not be used with -shared.*"
)
INSTEAD = (
    "let auditwheel repair (on macOS: delocate-wheel) copy libgfortran into the wheel, "
    "or compile with flang, which links its runtime statically"
)

REPLACEMENTS = """\
#include <stdio.h>
#include <stdlib.h>
#define INNER __attribute__((visibility("hidden")))
extern FILE *__real_stdin, *__real_stdout, *__real_stderr;
INNER FILE *__wrap_stdin, *__wrap_stdout, *__wrap_stderr;
/* before libgfortran's own constructor, which has no priority */
__attribute__((constructor(101))) static void copy_streams(void)
{
  __wrap_stdin = __real_stdin;
  __wrap_stdout = __real_stdout;
  __wrap_stderr = __real_stderr;
}
/* the unit on whose behalf this thread works: NULL outside of the threads that libgfortran would start */
INNER __thread void *thread_unit;
/* a unit that is opened has no queue of transfers, and gets none */
INNER void _gfortrani_init_async_unit(void *unit) { (void)unit; }
/* these are only called for units that have one */
#define UNREACHED(name) INNER void _gfortrani_##name(void) { abort(); }
UNREACHED(async_wait)
UNREACHED(async_wait_id)
UNREACHED(async_close)
UNREACHED(collect_async_errors)
UNREACHED(enqueue_close)
UNREACHED(enqueue_data_transfer_init)
UNREACHED(enqueue_done)
UNREACHED(enqueue_done_id)
UNREACHED(enqueue_transfer)
"""


def archives(
    names: Sequence[str], compiler: str, locate: Callable[[str], str]
) -> list[str]:
    """Return the paths of a compiler's archives; F2pypyError if it lacks the first.

    `locate` returns a name unchanged where the file isn't there: some processors need no libquadmath.
    """
    paths = {name: locate(name) for name in names}
    if names and paths[names[0]] == names[0]:
        raise failure(
            f"--static-runtime: {PurePath(compiler).name} has no {names[0]}; install the archive, or {INSTEAD}"
        )
    return [path for name, path in paths.items() if path != name]


def linking(paths: Sequence[str]) -> list[str]:
    """Return the words that link archives which need each other."""
    if sys.platform == "darwin" or not paths:
        return list(paths)
    return ["-Wl,--start-group", *paths, "-Wl,--end-group"]


def link_statically(
    link: Callable[..., Answer],
    tools: Toolchain,
    locate: Callable[[str], str],
    add: Callable[[str, str], None],
) -> Answer:
    """Link with the Fortran compiler's own libraries inside; return what the linker answers.

    `link` takes words of the linker's, `add` compiles a source into the library. Raises F2pypyError where the compiler
    has no archives, or none that can be in a shared library.
    """
    compiler, dialect = tools.fortran[0], tools.dialect
    paths = archives(dialect.archives, compiler, locate)
    words = (*linking(paths), *dialect.static_runtime)
    answer = link(*words)
    if not refused(answer.errors):
        return answer
    add("f2pypy_runtime.c", REPLACEMENTS)
    answer = link(*WRAPPING, *words)
    said = refused(answer.errors)
    if said:
        raise failure(
            f"--static-runtime: the runtime's archive of {PurePath(compiler).name} can't be in a shared library; "
            f"{INSTEAD}. The linker says: {said}"
        )
    return answer


def refused(errors: str) -> str:
    """Return where a linker refuses the code of the runtime's archives for a shared library, "" where it doesn't."""
    found = _REFUSED.search(errors)
    return found[0].strip() if found and "libgfortran.a" in errors else ""
