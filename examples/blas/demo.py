"""What `make blas` shows: BLAS called through the module that f2pypy wrote."""

from pathlib import Path

import blas
import numpy as np


def show(what, result):
    print(f"\n{what}\n  {str(result).replace(chr(10), chr(10) + '  ')}")


def main():
    lines = Path(blas.__file__).read_text(encoding="utf-8").count("\n")
    print(
        f"{Path(blas.__file__).name}: {len(blas.__all__)} routines in {lines} lines of Python, NumPy {np.__version__}"
    )
    print(blas.daxpy.__doc__)

    x, y = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])
    show("ddot(x, y): the inner product", blas.ddot(x, y))
    show("daxpy(x, y, a=2): 2 x + y; y is overwritten", blas.daxpy(x, y, a=2))
    show("dnrm2([3, 4]): lists are converted", blas.dnrm2([3, 4]))
    show(
        "zdotc([1j, 2], [1j, 2]): the first vector is conjugated",
        blas.zdotc([1j, 2], [1j, 2]),
    )

    a = np.array([[4.0, 1.0], [2.0, 3.0]])
    show(
        "dgemv(1, a, [1, 1], trans=1): the sums of a's columns",
        blas.dgemv(1, a, [1, 1], trans=1),
    )
    show("dgemm(1, a, a): a squared", blas.dgemm(1, a, a))
    show(
        "dtrsm(1, a, [[4], [2]], lower=1): solves with the lower triangle of a",
        blas.dtrsm(1, a, [[4], [2]], lower=1),
    )

    try:
        blas.ddot(x, y, n=7)
    except blas.error as refusal:
        show("ddot(x, y, n=7): refused", refusal)


if __name__ == "__main__":
    main()
