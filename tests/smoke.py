"""Import a generated ``blas`` and compute with it: a plain script, for any Python from 3.9 on with NumPy alone."""

import inspect
import platform
import sys

import blas
import numpy as np

SIZE = 7
TYPES = {"s": np.float32, "d": np.float64, "c": np.complex64, "z": np.complex128}


def close(got, expected):
    return np.allclose(got, expected, rtol=1e-5, atol=1e-5)


def check_level_1():
    for letter, dtype in TYPES.items():
        x = (np.arange(SIZE) + 1).astype(dtype)
        y = (np.arange(SIZE) - 3).astype(dtype)
        dot = getattr(blas, f"{letter}dot" + ("" if letter in "sd" else "u"))
        assert close(dot(x, y), x @ y)
        axpy = getattr(blas, f"{letter}axpy")
        assert close(axpy(x, y.copy(), a=2), 2 * x + y)
        assert close(
            axpy(x, y.copy(), a=2, n=3, incx=2), np.r_[2 * x[:6:2] + y[:3], y[3:]]
        )


def check_level_2_and_3():
    for letter, dtype in TYPES.items():
        a = (np.arange(SIZE * SIZE).reshape(SIZE, SIZE) % 5).astype(dtype)
        b = np.asfortranarray(a + 1)
        x = (np.arange(SIZE) + 1).astype(dtype)
        assert close(getattr(blas, f"{letter}gemv")(1, a, x, trans=1), a.T @ x)
        assert close(getattr(blas, f"{letter}gemm")(2, a, b, trans_b=1), 2 * a @ b.T)


def check_refusals():
    for arguments in (
        (np.ones(2), np.ones(2), 3),
        ("x", np.ones(2)),
        (np.ones((2, 2)), np.ones(2)),
    ):
        try:
            blas.ddot(*arguments)
        except (blas.error, ValueError):
            continue
        raise AssertionError(f"ddot accepts {arguments!r}")


def check_attributes_of_classes():
    class Box:
        dot = blas.ddot

    x = np.arange(SIZE, dtype="float64")
    assert Box().dot is blas.ddot
    for _ in range(3):
        assert Box().dot(x, x, n=3) == x[:3] @ x[:3]


def main():
    assert {"ddot", "zgemm"} <= set(blas.__all__)
    assert list(inspect.signature(blas.ddot).parameters)[:2] == ["x", "y"]
    check_level_1()
    check_level_2_and_3()
    check_refusals()
    check_attributes_of_classes()
    version = f"{platform.python_implementation()} {platform.python_version()}"
    sys.stdout.write(f"{version}, NumPy {np.__version__}: blas works\n")


if __name__ == "__main__":
    main()
