"""Heat in a rod, on as many processes as there are: ``mpirun -n 4 python rod.py``.

Build the module first: ``f2pypy -c -m rods heat.f90 --f90exec mpif90``
"""

import numpy as np
from mpi4py import MPI
from rods import heat

POINTS, STEPS, RATIO = 120, 400, 0.4


def main():
    comm = MPI.COMM_WORLD
    whole = np.zeros(POINTS)
    whole[: POINTS // 3] = 100.0
    piece = np.array_split(whole, comm.size)[comm.rank]
    temperatures = piece.copy()
    heat.diffuse(comm.py2f(), temperatures, RATIO, STEPS)
    mean = heat.mean(comm.py2f(), temperatures)

    # any communicator will do: here each process has one of its own, and computes the whole rod
    alone = MPI.COMM_SELF
    heat.diffuse(alone.py2f(), whole, RATIO, STEPS)
    expected = np.array_split(whole, comm.size)[comm.rank]
    error = comm.allreduce(float(abs(temperatures - expected).max()), MPI.MAX)

    # and one that Python has made, with a part of the processes
    half = comm.Split(comm.rank % 2)
    members = heat.mean(half.py2f(), np.full(5, comm.rank))
    half.Free()
    parts = comm.gather(members)
    if comm.rank == 0:
        print(f"{comm.size} ranks: mean {mean:.2f}, largest difference {error:.0e}")
        print(f"means over every other rank: {parts}")


if __name__ == "__main__":
    main()
