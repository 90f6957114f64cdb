"""The routines of BLAS as a table: what each computes, for which types, and with which arguments it is called.

Runs on Python 3.9 and PyPy as well, so that the same calls are made there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DTYPES = {
    "s": np.dtype(np.float32),
    "d": np.dtype(np.float64),
    "c": np.dtype(np.complex64),
    "z": np.dtype(np.complex128),
}


@dataclass(frozen=True)
class Routine:
    """One routine: its name, its family (the key of what it computes) and the letter of its matrix type."""

    name: str
    family: str
    letter: str

    @property
    def dtype(self) -> np.dtype:
        return DTYPES[self.letter]

    @property
    def is_complex(self) -> bool:
        return self.dtype.kind == "c"


def _each(
    family: str, letters: str = "sdcz", pattern: str = "{}{}"
) -> tuple[Routine, ...]:
    return tuple(
        Routine(pattern.format(letter, family), family, letter) for letter in letters
    )


def _named(family: str, **names: str) -> tuple[Routine, ...]:
    return tuple(Routine(name, family, letter) for letter, name in names.items())


ALL = (
    *_each("rotg"),
    *_each("rotmg", "sd"),
    *_named("rot", s="srot", d="drot", c="csrot", z="zdrot"),
    *_each("rotm", "sd"),
    *_each("swap"),
    *_each("scal"),
    *_named("rscal", c="csscal", z="zdscal"),
    *_each("copy"),
    *_each("axpy"),
    *_each("dot", "sd"),
    *_each("dotu", "cz"),
    *_each("dotc", "cz"),
    *_named("sdsdot", s="sdsdot"),
    *_named("dsdot", s="dsdot"),
    *_named("nrm2", s="snrm2", d="dnrm2", c="scnrm2", z="dznrm2"),
    *_named("asum", s="sasum", d="dasum", c="scasum", z="dzasum"),
    *_each("amax", pattern="i{}{}"),
    *_named("cabs1", c="scabs1", z="dcabs1"),
    *_each("gemv"),
    *_each("gbmv"),
    *_each("symv", "sd"),
    *_each("hemv", "cz"),
    *_each("sbmv", "sd"),
    *_each("hbmv", "cz"),
    *_each("spmv"),
    *_each("hpmv", "cz"),
    *_each("trmv"),
    *_each("tbmv"),
    *_each("tpmv"),
    *_each("trsv"),
    *_each("tbsv"),
    *_each("tpsv"),
    *_each("ger", "sd"),
    *_each("geru", "cz"),
    *_each("gerc", "cz"),
    *_each("syr"),
    *_each("her", "cz"),
    *_each("syr2", "sd"),
    *_each("her2", "cz"),
    *_each("spr"),
    *_each("hpr", "cz"),
    *_each("spr2", "sd"),
    *_each("hpr2", "cz"),
    *_each("gemm"),
    *_each("gemmtr"),
    *_each("symm"),
    *_each("hemm", "cz"),
    *_each("syrk"),
    *_each("herk", "cz"),
    *_each("syr2k"),
    *_each("her2k", "cz"),
    *_each("trmm"),
    *_each("trsm"),
)
BY_NAME: dict[str, Routine] = {routine.name: routine for routine in ALL}

# LAPACK adds these to BLAS's families; OpenBLAS has them among its BLAS, the reference library has not.
OF_LAPACK = frozenset({"csyr", "zsyr", "cspr", "zspr", "cspmv", "zspmv"})
# Since reference BLAS 3.12.1 and OpenBLAS 0.3.27.
OF_NEW_LIBRARIES = frozenset({"sgemmtr", "dgemmtr", "cgemmtr", "zgemmtr"})
# What scipy.linalg.blas does not have.
BEYOND_SCIPY = OF_NEW_LIBRARIES | {"sdsdot", "dsdot", "scabs1", "dcabs1"}

# Checks that scipy.linalg.blas lacks: its library prints a message through XERBLA and returns what was in memory,
# the reference library ends the process.
ADDED_CHECKS = (
    "lda>=kl+ku+1",
    "trans<1||trans>1",
    "trans<2||trans>2",
    "side?lda>=n:ldb>=m",
    "trans?kb>=n:ldb>=n",
)
