"""What the name of a file says about what is in it."""

from __future__ import annotations

import enum
import re
from pathlib import PurePath


class Content(enum.Enum):
    """What a file on a command line is."""

    SIGNATURE = "signature file"
    FORTRAN = "Fortran source"
    C = "C source"
    OBJECT = "object or library"


FIXED_SUFFIXES = frozenset({".f", ".for", ".ftn", ".f77"})
FREE_SUFFIXES = frozenset({".f90", ".f95", ".f03", ".f08", ".f15", ".f18", ".f23"})
# Fortran whose form is guessed from its lines.
OPEN_SUFFIXES = frozenset({".fpp"})
FORTRAN_SUFFIXES = FIXED_SUFFIXES | FREE_SUFFIXES | OPEN_SUFFIXES
# The preprocessor sees a file first if its suffix is in capitals, or one of these.
ALWAYS_PREPROCESSED = frozenset({".fpp"})
# Compilers take a file with another suffix for something to link, unless a flag says that it is Fortran.
KNOWN_SUFFIXES = frozenset(
    {".f", ".for", ".ftn", ".fpp", ".f90", ".f95", ".f03", ".f08"}
)
SIGNATURE_SUFFIXES = frozenset({".pyf", ".src"})
C_SUFFIXES = frozenset({".c"})
_OBJECT = re.compile(r"\.(?:o|a|obj|lib|dylib|dll|so(?:\.\d+)*)\Z", re.IGNORECASE)


def content_of(path: str) -> Content | None:
    """Return what the file is by its name, None where the name doesn't say."""
    suffix = PurePath(path).suffix
    if suffix.lower() in FORTRAN_SUFFIXES:
        return Content.FORTRAN
    if suffix in C_SUFFIXES:
        return Content.C
    if suffix.lower() in SIGNATURE_SUFFIXES:
        return None if is_source_template(path) else Content.SIGNATURE
    return Content.OBJECT if _OBJECT.search(path) else None


def is_source_template(path: str) -> bool:
    """Whether a file is a template of Fortran or C (``.f.src``), as numpy.distutils expands them."""
    name = PurePath(path)
    is_template = name.suffix.lower() == ".src"
    return is_template and content_of(name.stem) in (Content.FORTRAN, Content.C)


def refusal_of(path: str) -> str:
    """Return why a command can't take a file of this name, "" if it can."""
    suffix = PurePath(path).suffix
    if is_source_template(path):
        return (
            f"{path}: f2pypy reads templates of signature files (.pyf.src) only; "
            f"expand this one first, and give {PurePath(path).stem}"
        )
    if suffix and content_of(path) is None:
        return (
            f"{path}: {suffix} isn't the suffix of a signature file (.pyf, .pyf.src), "
            "a Fortran or C source, an object or a library"
        )
    return ""


def is_preprocessed(path: str) -> bool:
    """Whether a Fortran source goes through the preprocessor before it is compiled."""
    suffix = PurePath(path).suffix
    return suffix.lower() in ALWAYS_PREPROCESSED or (
        suffix.isupper() and suffix.lower() in FORTRAN_SUFFIXES
    )
