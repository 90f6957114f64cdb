"""Time what is done with objects under one interpreter: `python -m benchmarks.objects.clock FOLDER OUTPUT`."""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.objects.statements import KINDS
from benchmarks.timing import ROUNDS, runs_of, slices_in_turn, timer

Number = ctypes.c_double


class Spin(ctypes.Structure):
    """What lies inside of a particle."""

    _fields_ = (("up", Number),)


class Particle(ctypes.Structure):
    """What is laid out by hand; its logical is an integer of C."""

    _fields_ = (
        ("mass", Number),
        ("charge", ctypes.c_int),
        ("place", Number * 3),
        ("fixed", ctypes.c_int),
        ("name", ctypes.c_char * 8),
        ("turn", Spin),
    )


class Cloud(ctypes.Structure):
    """A hundred of them."""

    _fields_ = (("members", Particle * 100),)


class Container(ctypes.Structure):
    """gfortran's CLASS: the object and the table of its type."""

    _fields_ = (("data", ctypes.c_void_p), ("table", ctypes.c_void_p))


def by_hand(folder: Path) -> dict[str, Any]:
    """Return the names of the contender that has nothing but ctypes: prototypes are declared, nothing is checked."""
    (path,) = folder.glob("*bodies*.so")
    library = getattr(ctypes, "PyDLL", ctypes.CDLL)(str(path))
    energy, mass_of = (
        library.__particles_MOD_energy,
        library.__particles_MOD_mass_of_one,
    )
    energy.restype = mass_of.restype = Number
    energy.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    mass_of.argtypes = (ctypes.c_void_p,)
    particle = Particle(1.0, 0)
    table = ctypes.c_char.in_dll(library, "__particles_MOD___vtab_particles_Particle")
    container = Container(ctypes.addressof(particle), ctypes.addressof(table))
    return {
        "m": _Module,
        "p": particle,
        "c": Cloud(),
        "energy": energy,
        "mass_of": mass_of,
        "container": ctypes.byref(container),
        "byref": ctypes.byref,
        "height": Number(2.0),
        "kept": container,
    }


class _Module:
    particle = Particle


def contenders(folder: Path) -> dict[str, dict[str, Any]]:
    """Return by contender the names that its statements use."""
    sys.path.insert(0, str(folder))
    import bodies  # type: ignore[import-not-found]

    m = bodies.particles
    found = {
        "structure": by_hand(folder),
        "f2pypy": {"m": m, "p": m.particle(), "c": m.cloud()},
    }
    try:
        import wrapped  # type: ignore[import-not-found]
    except ImportError:
        return found
    m = wrapped.particles
    return {**found, "f90wrap": {"m": m, "p": m.particle(), "c": m.cloud()}}


def main() -> None:
    """Write the median nanoseconds of each kind by contender, as JSON."""
    names = contenders(Path(sys.argv[1]))
    times: dict[str, dict[str, float]] = {name: {} for name in names}
    for kind, statements in KINDS.items():
        stated = {name: statements.get(name, statements.get("")) for name in names}
        timers = {name: timer(s, names[name]) for name, s in stated.items() if s}
        runs = {name: runs_of(each) for name, each in timers.items()}
        for name, slices in slices_in_turn(timers, runs, ROUNDS).items():
            times[name][kind] = sorted(slices)[len(slices) // 2] * 1e9
    Path(sys.argv[2]).write_text(json.dumps(times))


if __name__ == "__main__":
    main()
