"""What is done with objects, as each contender says it."""

from __future__ import annotations

# By kind, the statement of each contender; m is its module, p an object, c an array of 100.
KINDS = {
    "read a real component": {"": "p.mass"},
    "write a real component": {"": "p.mass = 2.5"},
    "read an integer component": {"": "p.charge"},
    "write an integer component": {"": "p.charge = 2"},
    "read a logical component": {"": "p.fixed"},
    "read characters": {"": "p.name"},
    "read an object inside": {"": "p.turn"},
    "write a number of an object inside": {"": "p.turn.up = 1.5"},
    "view of an array component": {"": "p.place"},
    "method with an argument": {
        "": "p.energy(2.0)",
        "structure": "energy(container, byref(height))",
    },
    "construction": {"": "m.particle()"},
    "construction with a value": {
        "": "m.particle(2.0)",
        "f90wrap": "q = m.particle(); q.mass = 2.0",
    },
    "one component of 100 objects": {
        "f2pypy": "c.members.mass",
        "f90wrap": "[each.mass for each in c.members]",
        "structure": "[each.mass for each in c.members]",
    },
    "a number of each of 100 objects": {"": "for each in c.members: each.mass"},
    "generic name, an object": {
        "f2pypy": "m.mass_of(p)",
        "f90wrap": "m.mass_of(p)",
        "structure": "mass_of(byref(p))",
    },
    "generic name, a number": {
        "f2pypy": "m.mass_of(2.0)",
        "f90wrap": "m.mass_of(2.0)",
    },
}
