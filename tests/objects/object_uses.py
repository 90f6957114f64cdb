"""What can be done with a module's objects, as text that is evaluated with the module as ``m``.

``python object_uses.py FOLDER RESULT`` writes what all of it comes to with the module `objects` in FOLDER: f2py's must
not run in the process of the tests, because every assignment that it refuses takes a reference from NumPy's dtype. (An
assignment to a string that it refuses corrupts its memory, so there is none here.)
"""

from __future__ import annotations

import copy
import importlib
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

# Both modules see all of these in this order, so each use finds what those before it left.
SAME_AS_F2PY = [
    # reading
    "m.blk.i",
    "m.blk.x",
    "m.blk.c",
    "m.blk.s",
    "m.blk.z",
    "m.blk.x.flags.f_contiguous, m.blk.x.flags.owndata, m.blk.x.flags.writeable",
    "m.counters.count",
    "m.counters.weights",
    "m.counters.grid",
    "m.counters.phase",
    "m.counters.ready",
    "m.counters.letter",
    "m.counters.title",
    "m.counters.names",
    "m.counters.tiny_number",
    "m.counters.short_number",
    "m.counters.long_number",
    "m.counters.limit",
    "m.counters.half",
    "m.counters.primes",
    "m.counters.unit_name",
    "m.counters.table",
    "m.counters.list",
    "m.kinds.wide, m.kinds.rows",
    "m.counters.hidden",
    "m.counters.dp",
    "m.counters.nothing",
    "m.blk.nothing",
    # routines see what was assigned, and the other way round
    "m.show_block()",
    "m.blk.i = 9",
    "m.blk.i",
    "m.show_block()",
    "m.set_blank(4)",
    "m._BLNK_.k, m._BLNK_.r",
    "m.set_words(5)",
    "m.words.long_bn, m.words.size_bn, m.words.ok",
    "m.counters.advance(2)",
    "m.counters.count",
    "m.counters.reset()",
    "m.counters.count",
    "m.counters.describe()",
    # conversion
    "m.blk.i = 2.7",
    "m.blk.i",
    "m.blk.i = 'a'",
    "m.blk.i = [3]",
    "m.blk.i",
    "m.blk.i = [1, 2]",
    "m.blk.i = 2**40",
    "m.blk.i = None",
    "m.blk.z = 3 + 4j",
    "m.blk.z",
    "m.blk.z = 3",
    "m.blk.z",
    "m.blk.c = 'z'",
    "m.blk.c",
    "m.blk.c = b'y'",
    "m.blk.c",
    "m.blk.s = 'hello'",
    "m.blk.s",
    "m.counters.ready = False",
    "m.counters.ready",
    "m.counters.ready = 5",
    "m.counters.ready",
    "m.counters.tiny_number = 7.9",
    "m.counters.tiny_number",
    "m.blk.x = [1, 2, 3]",
    "m.blk.x = [[1, 2, 3], [4, 5, 6]]",
    "m.blk.x",
    "m.show_block()",
    "m.blk.x = np.arange(6)",
    "m.blk.x = np.arange(6, dtype='i8').reshape(2, 3)",
    "m.blk.x",
    "m.blk.x = np.arange(6.).reshape(3, 2).T",
    "m.blk.x",
    "m.blk.x = [[1j, 2, 3], [4, 5, 6]]",
    "m.blk.x = None",
    "m.counters.weights = [1]",
    # a module's variables in a common block
    "m.shared.first",
    "m.shared.second = 1.5",
    "m.pair.first, m.pair.second",
    "m.pair.first = 4",
    "m.shared.first",
    # allocatable arrays
    "m.counters.table_sum()",
    "m.counters.make_table(2, 3)",
    "m.counters.table",
    "m.counters.table.flags.f_contiguous, m.counters.table.flags.owndata",
    "m.counters.table = np.arange(12).reshape(3, 4)",
    "m.counters.table",
    "m.counters.table_sum()",
    "m.counters.table = np.ones((3, 4))",
    "m.counters.table_sum()",
    "m.counters.make_table(1, 2)",
    "m.counters.table",
    "m.counters.table = None",
    "m.counters.table",
    "m.counters.table_sum()",
    "m.counters.make_table(-1, 2)",
    "m.counters.table",
    "m.counters.table = None",
    "m.counters.list = [1, 2, 3]",
    "m.counters.list",
    "m.counters.list = ['x']",
    "m.counters.list = []",
    "m.counters.list",
    # other attributes: f2py keeps what is assigned to a name that the object lacks
    "del m.blk.nothing",
    "m.counters.advance = 3",
    "del m.counters.advance",
    "m.counters.advance(1)",
    "m.show_block.note = 3",
    "m.show_block.note",
    "del m.show_block.note",
    "type(m.show_block._cpointer).__name__",
    "type(m.counters.advance._cpointer).__name__",
    # entries, and what routines say of themselves
    "m.scale([1, 2, 3], 2)",
    "m.shift([1, 2, 3], 2)",
    "m.shift.__doc__",
    "m.counters.advance.__doc__",
    "m.counters.table_sum.__doc__",
    "m.blk.__doc__",
    "m._BLNK_.__doc__",
    "m.words.__doc__",
    "m.__f2py_numpy_version__",
    "m._objects_error.__name__",
]

OBJECTS = ("blk", "_BLNK_", "words", "counters", "kinds", "shared", "pair")


def outcomes(module: Any) -> dict[str, Any]:
    """Return what every use comes to, by its place and text, and what the module says of itself."""
    found = {
        f"{place}-{use}": outcome(use, module) for place, use in enumerate(SAME_AS_F2PY)
    }
    found["module"] = module.__doc__
    for name in OBJECTS:
        made = getattr(module, name)
        found[name] = (
            made.__doc__,
            {n for n in dir(made) if not n.startswith("__")},
        )
    return found


def outcome(use: str, module: Any) -> Any:
    """Return what using the module comes to."""
    names = {"m": module, "np": np, "copy": copy, "pickle": pickle}
    try:
        try:
            code = compile(use, "use", "eval")
        except SyntaxError:
            exec(use, names)
            return "done"
        return described(eval(code, names))
    except Exception as failure:
        return type(failure).__name__, str(failure)


def described(value: Any) -> Any:
    """Return a value with its types, so that comparing compares them too."""
    if isinstance(value, tuple):
        return tuple(map(described, value))
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tolist()
    return type(value).__name__, value


def main(folder: str, result: str) -> None:
    """Write the outcomes with the module in `folder`."""
    # More references than f2py loses.
    kept = [[np.dtype(code)] * 1000 for code in ("i4", "f4", "f8", "S1", "c16")]
    sys.path.insert(0, folder)
    found = outcomes(importlib.import_module("objects"))
    Path(result).write_bytes(pickle.dumps(found))
    del kept


if __name__ == "__main__":
    main(*sys.argv[1:])
