"""What can be done with a module made of the sources in fortran/against_f2py, as text about a module ``m``.

``python source_uses.py FOLDER RESULT`` writes what all of it comes to with the module `against_f2py` in FOLDER: f2py's
must not run in the process of the tests, as what it refuses costs references and memory.
"""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

# Both modules see all of these in this order, so each use finds what those before it left.
SAME_AS_F2PY = [
    # directives
    "m.length_behind(), m.length_before()",
    "m.length_of_argument(2), m.length_of_argument(12), m.length_of_argument(20)",
    "m.extent_behind(), m.extent_before()",
    "m.extent_of_assumed_size()",
    "m.dimension_before()",
    "m.type_behind(2.5)",
    # variables
    "m.variables.__doc__",
    "[x for x in dir(m.variables) if x[0]!='_']",
    "m.variables.i, m.variables.i8, m.variables.r, m.variables.d, m.variables.c, m.variables.z",
    "m.variables.flag, m.variables.lb, m.variables.l8, m.variables.mask",
    "m.variables.ch, m.variables.text, m.variables.words, m.variables.letters",
    "m.variables.oldtext, m.variables.starred, m.variables.single.shape",
    "m.variables.seven",
    "m.variables.saved, m.variables.tgt, m.variables.vol",
    "m.variables.half, m.variables.n",
    "m.variables.sized.shape",
    "m.variables.show()",
    "keep = m.variables.mat, m.variables.i, m.variables.text",
    "m.variables.change()",
    "keep",
    "m.variables.i, m.variables.text, m.variables.lower, m.variables.words, m.variables.flag, m.variables.l8",
    "m.variables.i = 5.7",
    "m.variables.i",
    "m.variables.r = 3",
    "m.variables.r = 'x'",
    "m.variables.c = 1j",
    "m.variables.mask = [1, 0, 0]",
    "m.variables.mask",
    "m.variables.mask[1] = True",
    "m.variables.mask",
    "m.variables.lb = False",
    "m.variables.lb, m.variables.l8",
    "m.variables.l8 = True",
    "m.variables.l8",
    "m.variables.lower = [1,2,3]",
    "m.variables.lower",
    "m.variables.mat = [[1,2,3],[4,5,6]]",
    "m.variables.mat",
    "m.variables.mat = np.arange(6)",
    "m.variables.mat",
    "m.variables.letters = 'abcde'",
    "m.variables.letters",
    "m.variables.letters = ['a','b','c','d','e']",
    "m.variables.letters",
    "m.variables.text[...] = b'in place'",
    "m.variables.text",
    "m.variables.empty = []",
    "m.variables.seven = np.arange(8).reshape(1,2,1,2,1,2,1)",
    "m.variables.seven",
    "m.variables.sized.sum()",
    "m.variables.show()",
    "m.variables.nosuch",
    # accessibility
    "m.things.__doc__.partition('general(...)')[0]",
    "m.user_of_user.__doc__",
    "[x for x in dir(m.things) if x[0]!='_' and x != 'general']",
    "[x for x in dir(m.user_of_user) if x[0]!='_']",
    "m.things.shown, m.things.shown_p, m.things.listed",
    "m.things.hidden",
    "m.things.guarded",
    "m.things.visible()",
    "m.things.guarded = 3",
    "m.things.of_integer(1)",
    "m.things.scalar_product([1,2,3],[1,2,3])",
    "m.user_of_things.own",
    "m.user_of_things.pub()",
    "m.user_of_things.secret",
    "m.user_of_things.secret_sub",
    "m.user_of_user.own",
    "m.user_of_user.other",
    # procedures
    "[n for n in dir(m.procs) if n[0]!='_' and n != 'gen']",
    "m.procs.gen_i(1), m.procs.gen_r(1), m.procs.plus(1, 2), m.procs.fact(5), m.procs.pure_sub(3), m.procs.elem(3)",
    "y",
    "x = np.array(1.); m.procs.with_internal(x)",
    "x",
    "m.procs.resulting(3)",
    "m.procs.chr(3)",
    "m.procs.opt(1)",
    "m.procs.opt(1, 2)",
    "m.procs.opt(1, d=True)",
    "m.procs.opt(1, None, False)",
    "m.procs.optout(1)",
    "m.procs.isneg(-1), m.procs.isneg(1)",
    "m.stmtf(3)",
    "b = np.array(b'12345678'); m.chars('abc', b)",
    "b",
    "m.cf7('abc'), m.cf7('abcdefghijk')",
    "m.seven(np.ones((2,1,2,1,2,1,2)))",
    "m.seven(np.ones((2,2,2,2)))",
    "m.seven(np.ones((2,1,2,1,2,1,3)))",
    "m.lowb(np.ones(3), np.ones((5,2)))",
    "m.lowb(np.ones(3), np.ones((4,2)))",
    "m.exprs([1,2],[3])",
    "m.zero(0)",
    "m.zero(3)",
    "m.zero(-1)",
    "m.entry_two(1., 2)",
    "a = np.arange(3.); b = np.arange(3.); c = np.arange(3.); d = np.arange(3, dtype='f')",
    "b",
    "a = np.array([1,2,3], 'i'); m.inout_array(a)",
    "a",
    "m.inout_array([1,2,3])",
    "m.inout_array(np.arange(3))",
    "m.noint(a, 1)",
    "a",
    "m.noint([1,2,3], 1.)",
    "m.logi(5, [0, 1])",
    "m.logi(False, [True, 'a'])",
    "m.noargs()",
    "m.procs.rot(1 + 2j)",
    "a = np.arange(3.0); b = np.arange(3.0); c = np.arange(3.0); d = np.arange(3.0)",
    "m.directives(a, b, c, d)",
    "a, b, c, d",
    "m.directives([1.0, 2], [1, 2], [1, 2], d[:2])",
    "m.directives([1.0], [1], [1], d[:1])",
    "m.directives(a, b, c, [1, 2, 3])",
    "m.directives(a, b, c, np.zeros(3), overwrite_b=1)",
    "b",
    "m.directives(a, b, c, np.zeros(3), overwrite_b=None)",
    "m.work([1, 2, 3])",
    "m.work([])",
    "m.usecb()",
    "m.cb.i = 10",
    "m.usecb()",
    "y = np.array(1.0)",
    "m.procs.elem_sub(2, y)",
    "y",
    # blocks
    "[dir_of(n) for n in 'holder shared_blk same_name other_name'.split()]",
    "[dir_of(n) for n in 'blk mixed _BLNK_ sized inited'.split()]",
    "m.same_name.proc(), m.other_name.proc(), m.proc(), m.other_name.init()",
    "m.same_name.same_var, m.other_name.same_var",
    "m.other_name.same_var = 7",
    "m.same_name.same_var, m.other_name.same_var",
    "m.first()",
    "m.blk.a, m.blk.b, m.blk.i",
    "m.second()",
    "m.blk.i = 9",
    "m.second()",
    "m.types()",
    "m._BLNK_.blank1, m._BLNK_.blank2",
    "m.params()",
    "m.sized.work, m.sized.w0",
    "m.inited.u, m.inited.v, m.inited.names",
    "m.holder.k = 4",
    "m.shared_blk.k",
    "m.shared_blk.v = [1,2,3]",
    "m.holder.v",
    "x = np.array(1, 'i'); m.very_long_name_of_a_routine_that_has_sixty_three_characters_x(x)",
    "x",
    "m.uppercase(3)",
    "m.uppercase(arg=3)",
    "m.mixed.d, m.mixed.z, m.mixed.c, m.mixed.l, m.mixed.s, m.mixed.t",
    # callbacks
    "m.t1(lambda: 4)",
    "m.t1(lambda a: a + 4)",
    "m.t1(lambda a: (a + 4, 5))",
    "m.t1(lambda a=3: a + 4)",
    "m.t1(lambda *a: 9)",
    "m.t1(lambda a, b: a + b, fun_extra_args=(6,))",
    "m.t1(lambda: None)",
    "m.t1(lambda: 'a')",
    "m.t1(lambda: 1.5)",
    "m.t2(lambda: 4)",
    "m.t2(lambda a: 4 + a)",
    "m.fun3 = lambda: 5",
    "m.t3()",
    "m.fun3 = 3",
    "m.t3()",
    "m.quad(lambda x: x, 0, 1, 10)",
    "m.quad(lambda x, y: x*y, 0, 1, 10, (2,))",
    "m.quad(np.sin, 0, np.pi, 100)",
    "m.quad(lambda x: np.array([x]), 0, 1, 10)",
    "m.arr(lambda x: 2*x, [1,2,3], np.zeros(3))",
    "m.arr(lambda x, y: y.fill(3), [1,2,3], np.zeros(3))",
    "m.arr(lambda n, x, y: y.fill(3), [1,2,3], np.zeros(3))",
    "m.two(lambda x: x, lambda x, i: x*i, 4)",
    "m.two(lambda x: x, lambda x: x, 4)",
    "m.manytp(lambda i, c, z, l, r: None, 1, 2j, 3j, 1, 5.)",
    "m.manytp(lambda *a: None, 1, 2j, 3j, 1, 5.)",
    "m.arr2(lambda a: a.fill(4), np.zeros((2,3)))",
    "m.arr2(lambda a, n, m: a.fill(n*m), np.zeros((2,3),'f'))",
    "m.lgc(lambda k: k == 3), m.lgc(lambda k: False), m.lgc(lambda k: 8)",
    # python names
    "m.kw.print_(3)",
    "getattr(m, 'class')(1, 2, 3, 4, 5, [6], 7)",
    "getattr(m, 'class')(1, 2, 3, 4, 5, lib=1, array=[2])",
    "getattr(m, 'class')(**{'from':1, 'self':2, 'np':3, 'm':4, 'ctypes':5, 'array':[6], 'lib':7})",
    "m.open(1)",
    "a",
    "m.isinstance([1,2,3])",
    "setattr(m.kw, 'def', 5)",
    "getattr(m.kw, 'def')",
    "getattr(m.kw, 'in')(1, [2], 4)",
    "getattr(m.kw, 'in')(**{'lambda': 1, 'def': [2], 'list': 4})",
    "[getattr(m.kw, n) for n in ('def', 'lambda', 'none', 'class', 'print', 'is', 'import')]",
    # clashing names
    "m.clash.clash_var, m.clash.np, m.clash.numpy",
    "m.clash.array([1,2], 3, 4)",
    "m.clash.array(vector=[1,2], address=3, library=4)",
    "m.clash.routine(5)",
    "m.list.dict, m.list.set",
    "m.np.ndarray",
    "m.ctypes.c_int, m.ctypes.zeros(3)",
    "m.error()",
    "m.vector([1,2,3])",
    "m.library(lambda k: k + 1)",
    "m.exec.a",
    "m.fill_block(7)",
    "m.exec.a",
    "m.globals()",
    "m.numpy(np.zeros(3))",
    "[x for x in dir(m.clash) if x[0] != '_']",
]

# Generic names, which f2py's modules lack.
GENERIC = ["m.things.general(1)", "m.things.general(1.5)", "m.procs.gen(1)"]

# Names that modules have from others and show, which f2py's modules lack.
SHOWN = [
    "m.user_of_things.renamed",
    "m.user_of_things.shown_p",
    "m.nothing_of_its_own.shown_p",
    "[x for x in dir(m.user_of_things) if x[0]!='_']",
]

# Whose docstrings are the same.
DOCUMENTED = [
    "clash.routine",
    "vector",
    "variables",
    "user_of_user",
    "holder",
    "shared_blk",
    "same_name",
    "other_name",
    "blk",
    "mixed",
    "_BLNK_",
    "sized",
    "inited",
    "stmtf",
    "chars",
    "cf7",
    "seven",
    "lowb",
    "assize",
    "exprs",
    "zero",
    "entries",
    "entry_two",
    "inout_array",
    "noint",
    "logi",
    "usecb",
    "directives",
    "work",
    "proc",
    "uppercase",
    "isinstance",
    "open",
    "class",
    "procs.gen_i",
    "procs.plus",
    "procs.fact",
    "procs.pure_sub",
    "procs.elem",
    "procs.elem_sub",
    "procs.with_internal",
    "procs.opt",
    "procs.optout",
    "procs.isneg",
    "procs.rot",
    "kw.print_",
]


def outcomes(module: Any) -> dict[str, Any]:
    """Return what every use comes to, by its place and text, and the docstrings by name."""
    names = {
        "m": module,
        "np": np,
        "dir_of": lambda name: _public(getattr(module, name)),
    }
    found = {
        f"{place}-{use}": outcome(use, names) for place, use in enumerate(SAME_AS_F2PY)
    }
    found |= {use: outcome(use, names) for use in (*GENERIC, *SHOWN)}
    for path in DOCUMENTED:
        made = module
        for name in path.split("."):
            made = getattr(made, name)
        found[path] = made.__doc__
    return found


def _public(made: Any) -> list[str]:
    return [name for name in dir(made) if not name.startswith("_")]


def outcome(use: str, names: dict[str, Any]) -> Any:
    """Return what using the module comes to."""
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
    if isinstance(value, (tuple, list)):
        return tuple(map(described, value))
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tolist()
    if isinstance(value, float):
        return type(value).__name__, repr(value)
    return type(value).__name__, value


def main(folder: str, result: str) -> None:
    """Write the outcomes with the module in `folder`."""
    # More references than f2py loses.
    kept = [[np.dtype(code)] * 1000 for code in ("i4", "f4", "f8", "S1", "c16", "c8")]
    sys.path.insert(0, folder)
    found = outcomes(importlib.import_module("against_f2py"))
    Path(result).write_bytes(pickle.dumps(found))
    del kept


if __name__ == "__main__":
    main(*sys.argv[1:])
