"""SciPy's modules that f2py makes: where each is imported from, its signature file, and the Fortran it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """A module of SciPy's; paths and patterns are relative to the folder `scipy` of the source distribution.

    A pattern that starts with `!` takes files away again. `calls_blas` says that the Fortran, or the module itself,
    calls routines of BLAS and LAPACK.
    """

    name: str
    signature: str
    sources: tuple[str, ...] = ()
    calls_blas: bool = False

    @property
    def file(self) -> Path:
        """The file that is imported, relative to the folder `scipy`."""
        return Path(*self.name.split(".")).with_suffix(".py")


_ODEPACK = (
    "integrate/odepack/*.f",
    "!integrate/odepack/*vode.f",
    "integrate/mach/*.f",
)
_ITERATIVE = "sparse/linalg/_isolve/iterative"
_ARPACK = "sparse/linalg/_eigen/arpack"
_PROPACK = "sparse/linalg/_propack"

# Newer versions have fewer of them: `of` looks which.
MODULES = (
    Module("linalg._fblas", "linalg/fblas.pyf.src", calls_blas=True),
    Module("linalg._flapack", "linalg/flapack.pyf.src", calls_blas=True),
    Module("linalg._flinalg", "linalg/src/flinalg.pyf", ("linalg/src/*.f",), True),
    Module(
        "linalg._interpolative",
        "linalg/interpolative.pyf",
        ("linalg/src/id_dist/src/*.f",),
        True,
    ),
    Module(
        "integrate._vode",
        "integrate/vode.pyf",
        ("integrate/odepack/*vode.f",),
        True,
    ),
    Module("integrate._lsoda", "integrate/lsoda.pyf", _ODEPACK, True),
    Module("integrate._dop", "integrate/dop.pyf", ("integrate/dop/*.f",)),
    Module(
        "integrate._test_odeint_banded",
        "integrate/tests/banded5x5.pyf",
        ("integrate/tests/banded5x5.f", *_ODEPACK),
        True,
    ),
    Module(
        "interpolate.dfitpack",
        "interpolate/src/fitpack.pyf",
        ("interpolate/fitpack/*.f",),
    ),
    Module(
        "interpolate._dfitpack",
        "interpolate/src/dfitpack.pyf",
        ("interpolate/fitpack/*.f",),
    ),
    Module(
        "optimize._lbfgsb",
        "optimize/lbfgsb_src/lbfgsb.pyf",
        ("optimize/lbfgsb_src/*.f",),
        True,
    ),
    Module("optimize._cobyla", "optimize/cobyla/cobyla.pyf", ("optimize/cobyla/*.f",)),
    Module(
        "optimize._minpack2",
        "optimize/minpack2/minpack2.pyf",
        ("optimize/minpack2/*.f",),
    ),
    Module("optimize._slsqp", "optimize/slsqp/slsqp.pyf", ("optimize/slsqp/*.f",)),
    Module("optimize.__nnls", "optimize/__nnls/nnls.pyf", ("optimize/__nnls/*.f",)),
    Module("special._specfun", "special/specfun.pyf", ("special/specfun/*.f",)),
    Module("stats._statlib", "stats/statlib.pyf", ("stats/statlib/*.f",)),
    Module("stats._mvn", "stats/mvn.pyf", ("stats/mvndst.f",)),
    Module("io._test_fortran", "io/_test_fortran.pyf", ("io/_test_fortran.f",)),
    Module(
        "sparse.linalg._isolve._iterative",
        f"{_ITERATIVE}/_iterative.pyf.src",
        (f"{_ITERATIVE}/*.f.src",),
        True,
    ),
    Module(
        "sparse.linalg._eigen.arpack._arpack",
        f"{_ARPACK}/arpack.pyf.src",
        (f"{_ARPACK}/ARPACK/SRC/*.f", f"{_ARPACK}/ARPACK/UTIL/*.f"),
        True,
    ),
    *(
        Module(
            f"sparse.linalg._propack._{letter}propack",
            f"{_PROPACK}/{letter}propack.pyf",
            (
                f"{_PROPACK}/PROPACK/{folder}/*.F",
                f"!{_PROPACK}/PROPACK/{folder}/*.pentium.F",  # for 32 bits
            ),
            True,
        )
        for letter, folder in (
            ("s", "single"),
            ("d", "double"),
            ("c", "complex8"),
            ("z", "complex16"),
        )
    ),
)

# The subpackages whose tests call those modules, directly or through each other.
SUBPACKAGES = (
    "linalg",
    "integrate",
    "interpolate",
    "optimize",
    "sparse.linalg",
    "special",
    "io",
    "odr",
    "signal",
    "cluster",
    "stats",
)


def of(sources: Path) -> list[Module]:
    """Return the modules that the SciPy with these sources has."""
    return [each for each in MODULES if (sources / each.signature).is_file()]


def fortran_of(module: Module, sources: Path) -> list[Path]:
    """Return the Fortran files of a module, templates among them; FileNotFoundError where a pattern has none."""
    found: dict[Path, None] = {}
    for pattern in module.sources:
        files = sorted(sources.glob(pattern.removeprefix("!")))
        if not files:
            raise FileNotFoundError(f"{module.name}: no {pattern} in {sources}")
        if pattern.startswith("!"):
            for file in files:
                found.pop(file, None)
        else:
            found.update(dict.fromkeys(files))
    return list(found)


def made_by_f2py(installed: Path) -> Iterator[Path]:
    """Yield the extension modules of an installed SciPy that f2py has made."""
    for file in sorted(installed.rglob("*.so")):
        if b"is auto-generated with f2py" in file.read_bytes():
            yield file
