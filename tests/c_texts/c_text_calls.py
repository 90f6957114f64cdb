"""Calls of the routines in the signature files of TABLE, in fortran/, and what became of each as JSON.

Runs on Python 3.9 and PyPy as well: answers.json has f2py's results, which every interpreter's must equal.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import re
from pathlib import Path

import numpy as np

ANSWERS = Path(__file__).parent / "answers.json"
SOURCES = Path(__file__).parents[2] / "fortran"


def real(*values):
    return np.array(values, dtype=float)


def whole(*values):
    return np.array(values, dtype=np.int32)


POSITIVE = np.array([[4, 1, 2], [1, 5, 3], [2, 3, 6.0]])
HERMITIAN = np.array([[4, 1 + 1j, 2], [1 - 1j, 5, 3j], [2, -3j, 6]])


def own_shape_routines(takes):
    """Return the routines of own_shape.pyf that take their array from the caller, or those that make it."""
    text = (SOURCES / "own_shape.pyf").read_text(encoding="utf-8")
    names = re.findall(r"subroutine (\w+)\(", text)
    making = ("_out", "_hidden", "_scratch")
    made = {n for n in names if n.endswith(making) and not n.endswith("_in_out")}
    return [name for name in names if (name in made) != takes]


CALLSTATEMENTS = [
    ("flagged", [real(1, 2, 3)], {}),
    ("flagged", [real(1, 2, 3)], {"mode": -1}),
    ("flagged", [real(1, 2, 3)], {"mode": 0}),
    ("lettered", [0, real(1, 2)], {}),
    ("lettered", [1, real(1, 2)], {}),
    ("lettered", [2, real(1, 2)], {}),
    ("lettered", [3, real(1, 2)], {}),
    ("renumbered", [whole(2, 0, 1), real(5, 6, 7)], {}),
    ("crossed", [whole(2, 0, 1), whole(1, 2, 0), real(5, 6, 7)], {}),
    ("some_renumbered", [2, whole(1, 0, 2), real(5, 6, 7)], {}),
    ("some_renumbered", [9, whole(1, 0, 2), real(5, 6, 7)], {}),
    *[
        (name, [matrix], {"lower": lower, "clean": clean})
        for name, matrix in (("dchol", POSITIVE), ("zchol", HERMITIAN))
        for lower in (0, 1)
        for clean in (0, 1)
    ],
    ("dchol", [-POSITIVE], {}),
    ("dchol", [POSITIVE[:1, :1]], {"lower": 1}),
    ("dchol", [POSITIVE[:2]], {}),
    ("total", [real(1, 2, 3, 4, 5)], {}),
    ("total", [real(1, 2, 3, 4, 5)], {"offx": 1, "incx": 2}),
    ("total", [real(1, 2, 3)], {"n": 4}),
    ("total", [real(1, 2, 3)], {"offx": 3}),
    ("largest", [real(1, 9, 3)], {}),
    ("staged", [real(1, 9, 3)], {}),
    ("ranged", [real(1, 9, 3, 5)], {}),
    ("ranged", [real(1, 9, 3, 5)], {"lo": 1, "hi": 2}),
    ("turned", [1 + 2j], {}),
    ("turned_parts", [0, 1 + 2j, 3.0], {}),
    ("turned_parts", [1, 1 + 2j, 3.0], {}),
    ("turned_parts", [2, 1 + 2j, 3.0], {}),
    ("worked", [4], {}),
    ("worked", [3], {}),
    ("worked", [1], {}),
    ("spelled", [1], {}),
    ("spelled", [0], {}),
    ("spelled_letter", [1], {}),
    ("maybe", [real(1, 2)], {}),
    ("maybe", [real(1, 2)], {"y": real(3, 4)}),
    ("chosen", [real(1, 2), real(10, 20), real(100, 200), 0], {}),
    ("chosen", [real(1, 2), real(10, 20), real(100, 200), 1], {}),
    ("guarded", [4], {}),
    ("guarded", [-4], {}),
    ("judged", [4], {}),
    ("judged", [9], {}),
    ("branched", [9], {}),
    ("branched", [2], {}),
    ("twice", [9], {}),
    ("looped", [40], {}),
    ("looped", [2], {}),
    ("looped", [1], {}),
    ("effects", [real(1, -2, 3, 4)], {}),
    ("effects", [real(1, -2, 3, 4)], {"k": 7}),
    ("nothing", [], {}),
    ("nothing", [], {"n": 8}),
    ("weighted", [3, 1.5, 7], {}),
    ("indexed", [], {}),
    ("indexed", [], {"n": 2, "m": 1}),
    ("indexed", [], {"a": np.ones((3, 4))}),
    ("conditional", [], {}),
    ("conditional", [], {"n": 5, "m": 3}),
    ("edged", [real(3, 1, 2), real(0.5)], {}),
    ("edged", [real(3, 1, 2), real(2.5)], {}),
    ("edged", [real(3, 1, 2), real(2.5)], {"lo": 9.0, "k": 1}),
    ("cast", [-3.7], {}),
    ("cast", [5.0], {}),
]

INITIALISERS = [
    *[
        ("ternaries", [n, m], {"trans": trans, "lower": lower})
        for n, m in ((3, 5), (1, 1), (-7, 2), (0, 1), (4, 1))
        for trans in (0, 1, 2)
        for lower in (0, 1)
    ],
    ("ternaries", [1, 2], {"trans": 3}),
    ("extents", [np.ones(5), np.ones((3, 4)), np.ones(7)], {}),
    ("extents", [np.ones(0), np.ones((3, 0)), np.ones(1)], {}),
    ("mixed", [4, real(1, 2, 3, 4.5)], {}),
    ("mixed", [4, real(1, 2, 3, 4.5)], {"k": 6}),
    ("mixed", [4, real(1, 2, 3, 4.5)], {"tip": 1.0}),
    ("mixed", [5, real(1, 2, 3, 4.5)], {}),
    ("mixed", [1, real(3.25)], {"k": 1}),
    ("sized", [2.9, 0], {}),
    ("sized", [-2.9, 3], {"krank": 1}),
    ("sized", [1.0, -1], {}),
    *[
        ("letters", [5], {"job": job, "range": range_, "il": 2})
        for job in "NV"
        for range_ in "AVIX"
    ],
    ("letters", [4], {"job": "X"}),
    ("letters", [4], {}),
    ("given", [3, np.ones(3)], {}),
    ("given", [3, np.ones(3)], {"y": np.ones(2)}),
    ("given", [3, np.ones(3)], {"beta": 2, "z": 1 + 1j}),
    ("helped", [real(1, -5, 3), real(0.5, 2, 1)], {}),
    ("helped", [real(1, -5, 3, 8, 9), real(0.5, 2, 1, 1, 1)], {"k": 7}),
    *[("divided", [a, b], {}) for a in (7, -7, 8, 0, -1) for b in (2, -2, 3, -5, 7, 0)],
    ("tables", [3, 2], {}),
    ("tables", [1, 5], {}),
    ("tables", [2, 2], {}),
]

SHAPES = [(2,), (4,), (3, 2), (4, 4)]
OWN_SHAPE = [
    (name, [np.ones(shape, order="F"), job], {})
    for name in own_shape_routines(takes=True)
    for shape in SHAPES
    for job in (0, 1)
] + [(name, [job], {}) for name in own_shape_routines(takes=False) for job in (0, 1)]
# Memory of the right size and of others, in one piece and scattered, and what is no memory.
GIVEN = [
    np.full(3, 7.0), np.full((3, 1), 7.0), np.full((2, 2), 7.0, order="F"), np.full(2, 7.0), np.full(5, 7.0),
    np.full(6, 7.0)[::2], np.full(3, 7, "f4"), np.full(3, 7, "i8"), np.full(3, 7, "c16"), np.array([True] * 3),
    np.array([b"text"] * 3), np.array([b"somewhat"] * 3), [7.0, 7.0, 7.0], 7.0, None,
]  # fmt: skip


def caches():
    """Return the calls of caches.pyf: each routine that takes an array with every one of `GIVEN`, and the others."""
    text = (SOURCES / "caches.pyf").read_text(encoding="utf-8")
    for name in re.findall(r"subroutine (\w+)\(", text):
        chosen = "_copy" in name or "_overwrite" in name
        flags = [{"overwrite_a": flag} for flag in (0, 1)] if chosen else [{}]
        if name.endswith("_scratch"):
            yield name, [3], {}
        elif "_optional" in name:
            yield name, [3], {}
            yield from ((name, [3, None], flag) for flag in flags)
        else:
            yield from ((name, [a, 3], flag) for a in GIVEN for flag in flags)


CACHES = list(caches())
TABLE = {
    "caches": CACHES,
    "callstatements": CALLSTATEMENTS,
    "initialisers": INITIALISERS,
    "own_shape": OWN_SHAPE,
}


def call_id(call):
    """Return a name for a call that doesn't depend on the interpreter."""
    name, arguments, keywords = call
    shown = [str(encoded(a)) for a in (*arguments, *keywords.items())]
    return f"{name}({','.join(shown)})".replace(" ", "")


def outcome(module, call):
    """Return what a call returns or raises, and what it does to its arguments, as JSON has it."""
    name, arguments, keywords = copy.deepcopy(call)
    try:
        result = encoded(getattr(module, name)(*arguments, **keywords))
    except Exception as failure:
        result = [type(failure).__name__, str(failure)]
    return {"result": result, "arguments": encoded([*arguments, *keywords.values()])}


def encoded(value):
    """Return a value with its types as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, np.ndarray):
        return {
            "dtype": value.dtype.str,
            "values": encoded(
                [str(v) if value.dtype.kind == "S" else v for v in value.tolist()]
            ),
            "fortran": bool(value.flags.f_contiguous),
            "c": bool(value.flags.c_contiguous),
        }
    if isinstance(value, float):
        return float(f"{value:.14g}")  # sums may round differently
    return value


def load(path, name):
    """Return the module in a file."""
    spec = importlib.util.spec_from_file_location(name, str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers():
    """Return f2py's outcomes by module and call."""
    return json.loads(ANSWERS.read_text(encoding="utf-8"))
