"""Periods of pendulums on the Earth and the Moon, computed by the processes of joblib.

Build the module first: ``f2pypy -c -m pendulums swing.f90``
"""

import numpy as np
from joblib import Parallel, delayed
from pendulums import swing

ANGLES = np.linspace(0.1, 3.0, 12)
MOON = 1.62


def period(pendulum, angle, gravity):
    """Return a period after setting the Fortran module's variables in the process that computes it."""
    swing.gravity = gravity
    return swing.period(pendulum, angle)


def main():
    seconds = swing.pendulum(length=0.994)
    with Parallel(n_jobs=2) as parallel:
        # a routine goes to the processes by its name, an object of a derived type with its components
        earth = parallel(delayed(swing.period)(seconds, angle) for angle in ANGLES)
        # the processes' module has values of its own, so each task says which it needs
        moon = parallel(delayed(period)(seconds, angle, MOON) for angle in ANGLES)
    assert swing.gravity == 9.81
    print(f"small swings: {earth[0]:.3f} s on the Earth, {moon[0]:.3f} s on the Moon")
    print(f"wide swings: {earth[-1]:.3f} s on the Earth, {moon[-1]:.3f} s on the Moon")
    np.testing.assert_allclose(moon, np.array(earth) * np.sqrt(9.81 / MOON))


if __name__ == "__main__":
    main()
