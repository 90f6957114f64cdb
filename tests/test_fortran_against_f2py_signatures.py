"""Fortran sources, concluded here, and what f2py concludes from them in the signature file that it writes.

f2py's signature file is read by f2pypy, so that both are the same kind of model: arguments, types, extents, intents,
defaults, checks, callbacks, module variables. Where they differ for a reason, it stands in `TOLERATED`.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from f2pypy import model
from f2pypy.diagnostics import Diagnostics, F2pypyError
from f2pypy.options import Options
from f2pypy.pipeline import resolve_signature
from f2pypy.reading.fortran import read_fortran
from f2pypy.reading.lines import decode
from f2pypy.resolve.library.fortran_sources import SourcesReader

f2py = pytest.importorskip("numpy.f2py")
crackfortran = pytest.importorskip("numpy.f2py.crackfortran")

HERE = Path(__file__).parent
NUMPYS = Path(f2py.__file__).parent / "tests" / "src"
OURS = HERE.parent / "fortran"
IMPLICIT = copy.deepcopy(crackfortran.defaultimplicitrules)

# facts in which the two differ, by the file and the start of their names
TOLERATED = {
    ("callback/foo.f", "hidden_callback global_f"): "f2py forgets `hide` behind a blank",
    ("callback/gh26681.f90", "utils.do_something mypy_abort"): "the same",
    ("crackfortran/accesstype.f90", "foo.b_"): "f2py makes a variable of an access statement",
    ("crackfortran/accesstype.f90", "foo.c"): "the same",
    ("crackfortran/foo_deps.f90", "foo.bar"): "f2py makes a variable of a derived type",
    ("crackfortran/operators.f90", "foo.bar"): "the same",
    ("f2cmap/isoFortranEnvMap.f90", "func1"): "older f2py doesn't know iso_fortran_env",
    ("regression/f77fixedform.f95", ""): "fixed form in a file named for free form: only its compiler is told so",
}  # fmt: skip
# our own sources with nothing that f2py can't do
PLAIN = {"objects.f90", "several/old.f"}

FILES = [
    *sorted(p for p in NUMPYS.rglob("*") if p.suffix in (".f", ".f90", ".f95")),
    *sorted(OURS / name for name in PLAIN),
]


def name_of(path: Path) -> str:
    """The path of a source below its folder."""
    root = NUMPYS if path.is_relative_to(NUMPYS) else OURS
    return path.relative_to(root).as_posix()


def their_signature(path: Path) -> str:
    """The signature file that f2py writes for a source."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        crackfortran.reset_global_f2py_vars()
        # f2py lets the IMPLICIT statements of one file hold in the next
        crackfortran.defaultimplicitrules.clear()
        crackfortran.defaultimplicitrules.update(copy.deepcopy(IMPLICIT))
        crackfortran.f77modulename, crackfortran.dolowercase = "m", 1
        crackfortran.quiet = 1
        crackfortran.include_paths[:] = [os.fspath(path.parent)]
        return str(crackfortran.crack2fortran(crackfortran.crackfortran([str(path)])))


def type_text(type_: model.DataType) -> str:
    """A type in a word."""
    if not type_.is_string:
        return f"{'unsigned ' if type_.unsigned else ''}{type_.kind.value}{type_.size}"
    length = getattr(type_.length, "value", getattr(type_.length, "name", type_.length))
    return f"character*{length}"


def extents_text(bounds: tuple[model.Bound, ...] | None) -> str:
    """Extents as documentation has them."""
    return "" if bounds is None else f"({','.join(b.text for b in bounds)})"


def callback_text(callback: model.Callback) -> str:
    """The signature of a callback, without the names of its arguments."""
    result = callback.result
    return "{}({})".format(
        type_text(result.type) if result is not None else "subroutine",
        ", ".join(
            type_text(a.type) + extents_text(a.bounds) for a in callback.arguments
        ),
    )


def argument_facts(argument: model.Argument) -> tuple[object, ...]:
    """What is decided about an argument."""
    if argument.callback is not None:
        return (callback_text(argument.callback), argument.presence.value)
    return (
        type_text(argument.type) + extents_text(argument.bounds),
        argument.intent & ~model.Intent.AUX,
        argument.presence.value,
        "".join(argument.initial_text.split()),
        # f2py writes some checks twice
        tuple(dict.fromkeys(check.text for check in argument.checks)),
        argument.by_value,
    )


def procedure_facts(procedure: model.Procedure, name: str) -> Iterator[tuple[str, Any]]:
    """Yield what is decided about a routine."""
    yield name, [a.name.removesuffix("_bn") for a in procedure.arguments]
    for argument in procedure.arguments:
        plain = argument.name.removesuffix("_bn")
        yield f"{name} {plain}", argument_facts(argument)
    if procedure.result is not None:
        result = procedure.result
        yield f"{name} =", type_text(result.type) + extents_text(result.bounds)


def variable_facts(variable: model.Variable) -> tuple[object, ...]:
    """What is decided about a variable."""
    return (type_text(variable.type), variable.extents, variable.allocatable)


def facts(library: model.Library) -> dict[str, Any]:
    """Everything that is decided, by its name."""
    found: dict[str, Any] = {}
    for procedure in library.procedures:
        found.update(procedure_facts(procedure, procedure.name))
    for module in library.modules:
        for procedure in module.procedures:
            found.update(procedure_facts(procedure, f"{module.name}.{procedure.name}"))
        for variable in module.variables:
            name = f"{module.name}.{variable.name.removesuffix('_bn')}"
            found[name] = variable_facts(variable)
    for common in library.commons:
        found[f"/{common.name}/"] = [
            (variable.name.removesuffix("_bn"), *variable_facts(variable))
            for variable in common.variables
        ]
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_same_is_concluded(path: Path) -> None:
    diagnostics = Diagnostics()
    options = Options(module="m", compiles=True)
    file = read_fortran(
        decode(path.read_bytes()),
        str(path),
        diagnostics,
        include_dirs=(str(path.parent),),
    )
    ours = facts(SourcesReader([file], options, diagnostics).read())
    try:
        theirs = facts(
            resolve_signature(their_signature(path), "x.pyf", options, Diagnostics())
        )
    except (F2pypyError, KeyError, TypeError, AttributeError, UnicodeError) as error:
        pytest.skip(f"f2py's signature file can't be had: {error}")
    name = name_of(path)
    tolerated = [start for where, start in TOLERATED if where == name]
    different = {
        key: (ours.get(key), theirs.get(key))
        for key in {**ours, **theirs}
        if ours.get(key) != theirs.get(key)
        and not any(key.startswith(start) for start in tolerated)
    }
    assert different == {}
