"""A few eigenvalues of matrices that are only known by their product with a vector, through ARPACK.

Run `f2pypy examples/arpack/arpack.pyf -o examples/arpack/arpack.py -l arpack` first.
"""

import numpy as np


class Iteration:
    """What ARPACK keeps between its calls, for `count` eigenvalues of an n x n matrix of type `dtype`."""

    def __init__(self, n, count, dtype, extra_size, pointers):
        self.dtype = np.dtype(dtype)
        self.columns = columns = min(n, max(2 * count + 1, 20))
        self.count = count
        self.resid = np.zeros(n, dtype)
        self.v = np.zeros((n, columns), dtype, order="F")
        self.iparam = np.zeros(11, np.intc)
        self.iparam[[0, 2, 6]] = 1, 10 * n, 1  # exact shifts, iterations, a*x = l*x
        self.ipntr = np.zeros(pointers, np.intc)
        self.workd = np.zeros(3 * n, dtype)
        self.workl = np.zeros(extra_size(columns), dtype)
        self.rest = (np.zeros(columns),) if self.dtype.kind == "c" else ()

    @property
    def arrays(self):
        """The arguments from v to the workspaces."""
        return (self.v, self.iparam, self.ipntr, self.workd, self.workl, *self.rest)

    def run(self, step, product, which, tol=0.0):
        """Call `step` until it has converged; `product(x)` gives the matrix times x."""
        ido, info, n = 0, 0, len(self.resid)
        while ido != 99:
            ido, tol, info = step(
                ido, "I", which, self.count, tol, self.resid, *self.arrays, info
            )
            if ido in (-1, 1):
                x, y = self.ipntr[:2] - 1
                self.workd[y : y + n] = product(self.workd[x : x + n])
        if info:
            raise RuntimeError(f"ARPACK stopped with info = {info}")
        return tol

    def results(self, extract, shifts, which, tol):
        """Call `extract` for the eigenvalues and their vectors."""
        *found, info = extract(
            True, "A", np.zeros(self.columns, np.intc), *shifts, "I", which,
            self.count, tol, self.resid, *self.arrays, 0,
        )  # fmt: skip
        if info:
            raise RuntimeError(f"ARPACK found no eigenvectors, info = {info}")
        return found


def symmetric(arpack, product, n, count, which="LM"):
    """Eigenvalues, in rising order, and eigenvectors of a real symmetric matrix."""
    state = Iteration(n, count, np.float64, lambda ncv: ncv * (ncv + 8), 11)
    tol = state.run(arpack.dsaupd, product, which)
    values, vectors = state.results(arpack.dseupd, (0.0,), which, tol)
    return values, vectors


def general(arpack, product, n, count, which="LM"):
    """Eigenvalues and eigenvectors of a real matrix; a conjugate pair may come as one more."""
    state = Iteration(n, count, np.float64, lambda ncv: 3 * ncv * (ncv + 2), 14)
    tol = state.run(arpack.dnaupd, product, which)
    real, imaginary, z = state.results(arpack.dneupd, (0.0, 0.0), which, tol)
    found = state.iparam[4]
    vectors, column = np.zeros((n, found), complex), 0
    while column < found:
        if imaginary[column] and column + 1 < found:
            pair = z[:, column] + 1j * z[:, column + 1]
            vectors[:, column], vectors[:, column + 1] = pair, pair.conj()
            column += 2
        else:
            vectors[:, column] = z[:, column]
            column += 1
    return (real + 1j * imaginary)[:found], vectors


def complex_general(arpack, product, n, count, which="LM"):
    """Eigenvalues and eigenvectors of a complex matrix."""
    state = Iteration(n, count, np.complex128, lambda ncv: ncv * (3 * ncv + 5), 14)
    tol = state.run(arpack.znaupd, product, which)
    values, z = state.results(arpack.zneupd, (0j,), which, tol)
    return values[:count], z[:, :count]


def laplacian(x):
    """The second difference of x with zeros beyond its ends."""
    y = 2 * x
    y[1:] -= x[:-1]
    y[:-1] -= x[1:]
    return y


def transport(x):
    """Diffusion with a drift: the matrix is not symmetric."""
    y = laplacian(x)
    y[1:] -= 0.01 * x[:-1]
    y[:-1] += 0.01 * x[1:]
    return y


def main():
    import arpack

    n, count = 100, 4
    exact = 4 * np.sin(np.pi * np.arange(n, 0, -1) / (2 * (n + 1))) ** 2
    values, _ = symmetric(arpack, laplacian, n, count, "LA")
    print("second difference  ", values[::-1])
    print("exactly            ", exact[:count])
    values, vectors = general(arpack, transport, n, count, "LR")
    print("with drift         ", values)
    error = max(
        abs(transport(x.real) + 1j * transport(x.imag) - value * x).max()
        for value, x in zip(values, vectors.T, strict=True)
    )
    print("largest residual   ", error)
    values, _ = complex_general(arpack, lambda x: 1j * laplacian(x), n, count, "LI")
    print("i times the first  ", values)


if __name__ == "__main__":
    main()
