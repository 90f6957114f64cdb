"""How Fortran compilers spell their flags."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.files.suffixes import KNOWN_SUFFIXES


@dataclass(frozen=True)
class Dialect:
    """How a compiler spells its flags; its commands have one of the `marks` in their names.

    A file whose suffix is none of `suffixes` needs `is_fortran` before it, and the flags for its form and `cpp`.

    `generated` are the flags for sources that f2pypy writes; `opening` those with which a source is compiled for the
    files alone that submodules need, none where every module has these.

    `static_runtime` are the flags that link the compiler's own libraries statically, after its `archives`; none where
    it always does.

    `preprocessor` are the flags that print a preprocessed source. For a compiler that removes comments, which hold
    directives, the C compiler's traditional mode is used, with the macros in `defines`.
    """

    marks: tuple[str, ...]
    shared_code: str = "-fPIC"
    module_folder: tuple[str, ...] = ("-J", "{}")
    fixed: str = "-ffixed-form"
    free: str = "-ffree-form"
    is_fortran: tuple[str, ...] = ("-x", "f95")
    suffixes: frozenset[str] = KNOWN_SUFFIXES
    cpp: str = "-cpp"
    preprocessor: tuple[str, ...] = ("-E", "-cpp")
    keeps_comments: bool = True
    defines: tuple[str, ...] = ()
    probing: tuple[str, ...] = ("-g0", "-O0")
    generated: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    static_runtime: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()


# The first row whose mark is in the command's name; the last one, gfortran's, serves all others.
DIALECTS = (
    Dialect(
        ("flang",),
        generated=("-ffree-form",),
        suffixes=KNOWN_SUFFIXES - {".ftn"},
        keeps_comments=False,
        defines=("-D__flang__=1",),
    ),
    Dialect(
        ("ifx", "ifort"),
        module_folder=("-module", "{}"),
        fixed="-fixed",
        free="-free",
        is_fortran=("-Tf",),
        cpp="-fpp",
        preprocessor=("-E", "-fpp"),
        static_runtime=("-static-intel",),
    ),
    Dialect(
        ("nagfor",),
        shared_code="-PIC",
        module_folder=("-mdir", "{}"),
        fixed="-fixed",
        free="-free",
        is_fortran=(),
        cpp="-fpp",
        preprocessor=("-F", "-fpp", "-o", "/dev/stdout"),
        static_runtime=("-unsharedrts",),
    ),
    Dialect(
        ("",),
        probing=("-std=gnu", "-w", "-g0", "-O0", "-fno-lto"),
        generated=("-std=gnu", "-w", "-ffree-form"),
        opening=("-std=gnu", "-w", "-fsyntax-only"),
        static_runtime=("-static-libgfortran", "-static-libgcc"),
        archives=("libgfortran.a", "libquadmath.a"),
    ),
)
