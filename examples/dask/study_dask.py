"""Periods of pendulums on the Earth and the Moon, computed by the workers of a Dask cluster.

Build the module first: ``f2pypy -c -m pendulums swing.f90``
"""

import numpy as np
from dask.distributed import Client, LocalCluster, WorkerPlugin
from pendulums import swing

ANGLES = np.linspace(0.1, 3.0, 12)
MOON = 1.62


class Planet(WorkerPlugin):
    """Sets the Fortran module's variables on every worker, also on those that start later."""

    def __init__(self, gravity):
        self.gravity = gravity

    def setup(self, worker):
        swing.gravity = self.gravity


def count_of_periods():
    """Return how many periods the worker's Fortran module has seen, and forget them."""
    found = 0 if swing.periods is None else len(swing.periods)
    swing.forget()
    return found


def main():
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        # a routine goes to the workers by its name, an object of a derived type with its components
        seconds = swing.pendulum(length=0.994)
        earth = client.gather(
            client.map(swing.period, [seconds] * 12, ANGLES, pure=False)
        )

        # the workers' module has values of its own: what is assigned here stays here
        swing.gravity = MOON
        still = client.submit(swing.period, seconds, ANGLES[0], pure=False).result()
        assert still == earth[0]

        client.register_plugin(Planet(MOON))
        moon = client.gather(
            client.map(swing.period, [seconds] * 12, ANGLES, pure=False)
        )

        # what Fortran has kept is brought back by a function that reads it there
        counts = client.run(count_of_periods)
    print(f"small swings: {earth[0]:.3f} s on the Earth, {moon[0]:.3f} s on the Moon")
    print(f"wide swings: {earth[-1]:.3f} s on the Earth, {moon[-1]:.3f} s on the Moon")
    print(
        f"{sum(counts.values())} periods on {len(counts)} workers, {count_of_periods()} here"
    )
    np.testing.assert_allclose(moon, np.array(earth) * np.sqrt(9.81 / MOON))


if __name__ == "__main__":  # the workers import this file
    main()
