"""The routines of the LAPACK signature file as a table: names, families and types.

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
    """One routine: its name, its family (the name without the type) and the letter of its matrix type."""

    name: str
    family: str
    letter: str

    @property
    def dtype(self) -> np.dtype:
        return DTYPES[self.letter]

    @property
    def is_complex(self) -> bool:
        return self.dtype.kind == "c"


# What all four types have, what real ones have and what complex ones have.
EVERY = """
    gesv getrf getrs getri getri_lwork gecon gebal gehrd gehrd_lwork laswp
    gels gels_lwork gelsd gelsd_lwork gelss gelss_lwork geqrf geqrf_lwork geqp3 gerqf
    posv potrf potrs potri pocon lauum sysv sysv_lwork sytrf sytrf_lwork sytrs
    geev geev_lwork gees ggev gesvd gesvd_lwork gesdd gesdd_lwork
    trtrs trtri trcon gtsv gttrf gttrs ptsv pttrf pttrs
    gbsv gbtrf gbtrs pbsv pbtrf pbtrs lange lantr
""".split()  # noqa: SIM905 - as a table reads
REAL = """
    orgqr ormqr orghr orghr_lwork syev syev_lwork syevd syevd_lwork syevr syevr_lwork
    sygv sygv_lwork sygvd sytrd sytrd_lwork lamch
""".split()  # noqa: SIM905 - as a table reads
COMPLEX = """
    ungqr unmqr unghr unghr_lwork heev heev_lwork heevd heevd_lwork heevr heevr_lwork
    hegv hegv_lwork hegvd hetrd hetrd_lwork hesv hesv_lwork hetrf hetrf_lwork hetrs
""".split()  # noqa: SIM905 - as a table reads


def _each(families: list[str], letters: str) -> tuple[Routine, ...]:
    return tuple(
        Routine(letter + family, family, letter)
        for family in families
        for letter in letters
    )


ALL = (*_each(EVERY, "sdcz"), *_each(REAL, "sd"), *_each(COMPLEX, "cz"))
BY_NAME: dict[str, Routine] = {routine.name: routine for routine in ALL}
