"""The routines of the LAPACK signature file as a table: names, families and types.

Runs on Python 3.9 and PyPy as well, so that the same calls are made there.
"""

from __future__ import annotations

from blas_routines import Routine

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
