"""The manual page, made from the table of options."""

from __future__ import annotations

from f2pypy.command.flags import FLAGS, WORD_LISTS, Flag

HEAD = """\
.TH F2PYPY 1 "" f2pypy "User Commands"
.SH NAME
f2pypy \\- wrap Fortran libraries as pure\\-Python modules
.SH SYNOPSIS
.B f2pypy
.I SOURCE...
.RI [ options ]
.br
.B f2pypy \\-c \\-m
.I NAME SOURCE...
.RI [ options ]
.br
.B f2pypy doctor
.RI [ MODULE.py | FILE.whl ]
.SH DESCRIPTION
.B f2pypy
reads a signature file (.pyf), a template (.pyf.src) or Fortran sources, and writes one Python module that calls the
shared library through ctypes.
The module needs nothing but NumPy.
With
.BR \\-c ,
f2pypy builds that library from Fortran and C sources, objects and libraries.
The source
.B \\-
is a signature file from standard input; the module then goes to standard output.
.PP
.B f2pypy doctor
prints which compilers and which BLAS f2pypy finds, and whether native code is on.
With a module it prints the module's library and the routines, variables and common blocks that this lacks.
With a wheel it prints whether pip would install it where its libraries don't run.
.SH OPTIONS
"""
TAIL = """\
.SH EXIT STATUS
.TP
.B 0
The module was written.
.TP
.B 1
The input is bad, or nothing was wrapped.
.TP
.B 2
The command line can't be understood.
.TP
.B 3
Internal error.
.SH EXAMPLES
.nf
f2pypy blas.pyf \\-lopenblas \\-o blas.py
f2pypy \\-c \\-m mymodule mine.f90 helpers.f
eval "$(f2pypy \\-\\-completion bash)"
.fi
"""


def manual_page() -> str:
    """Return the page in the format of man(7)."""
    options = "".join(entry(flag) for flag in (*FLAGS, *WORD_LISTS))
    return f"{HEAD}{options}{TAIL}"


def entry(flag: Flag) -> str:
    """Return the paragraph of one option."""
    value = f" \\fI{escaped(flag.metavar)}\\fR" if flag.metavar else ""
    names = ", ".join(f"\\fB{escaped(name)}\\fR{value}" for name in flag.names)
    text = escaped(f"{flag.help[:1].upper()}{flag.help[1:]}.")
    return f".TP\n{names}\n{text}\n"


def escaped(text: str) -> str:
    """Return a text that troff prints as it is."""
    found = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{found}" if found.startswith(".") else found
