"""Time the kinds under one interpreter: `python -m benchmarks.kinds.clock SPECIFICATION OUTPUT`."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import platform
import re
import sys
import timeit
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kinds.table import CALLBACKS, GROUPS, Group, Kind
from benchmarks.timing import PYPY, runs_of, slices_in_turn, timer

# the contenders' names and what F2PYPY_NATIVE is when they are imported
TIERS = {"f2py": None, "ctypes": "0", "native": "1", "pypy": ""}
REAL_FUNCTION = (ctypes.c_double, ctypes.POINTER(ctypes.c_double))


@dataclass(frozen=True)
class Specification:
    """What to measure: by contender the folders of its modules; slices in seconds; groups by name, all where empty."""

    folders: dict[str, str]
    rounds: int
    slice_seconds: float
    groups: list[str]


class Failure(Exception):
    """What a callback raises."""


class Contender:
    """Modules of one way to call, imported when a kind asks for them."""

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self.folder = Path(folder)
        self.modules: dict[str, Any] = {}

    def module(self, name: str) -> Any:
        """Return a module of this contender's; ModuleNotFoundError where there is none."""
        if name not in self.modules:
            self.modules[name] = self._load(name)
        return self.modules[name]

    def _load(self, name: str) -> Any:
        path = next(
            (each for each in sorted(self.folder.glob(f"{name}.*"))
             if each.suffix == (".so" if self.name == "f2py" else ".py")),
            None,
        )  # fmt: skip
        if path is None:
            raise ModuleNotFoundError(f"{self.name} has no {name}")
        before = os.environ.get("F2PYPY_NATIVE")
        os.environ["F2PYPY_NATIVE"] = TIERS[self.name] or ""
        try:
            return self._import(name, path)
        finally:
            os.environ.pop("F2PYPY_NATIVE")
            if before is not None:
                os.environ["F2PYPY_NATIVE"] = before

    def _import(self, name: str, path: Path) -> Any:
        """Return the module of a file as a new one; the tier is that of the environment."""
        # an extension's name is in its initialisation; ours may have any
        alias = name if self.name == "f2py" else f"{self.name}_{name}"
        specification = importlib.util.spec_from_file_location(alias, path)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        sys.modules[alias] = module
        specification.loader.exec_module(module)
        if self.name == "native":
            module.__native__.compile()
        return module

    def names(self, kind: Kind) -> dict[str, Any]:
        """Return what the statement of `kind` may use: fresh arrays, and the modules that it names."""
        names = {**arrays(), **functions()}
        codes = (compile(text, "kind", "exec") for text in (kind.statement, kind.check))
        words = {word for code in codes for word in code.co_names}
        if words & {"p", "store", "seen_common"}:
            plain = self.module("kinds_plain")
            names.update(p=plain.plain, store=plain.store)
            names.update(seen_common=plain.seen_common)
            plain.plain.grid = names["x3"]
        if "each" in words:
            square = self.module("kinds_plain").plain.square
            names["each"] = np.vectorize(square) if self.name == "f2py" else square
        if "b" in words:
            names["b"] = self.module("kinds_beyond").beyond
            names["b"].text = b"hello"
        if "c" in words:
            names["c"] = self.module("kinds_callers")
        if "o" in words:
            names["o"] = self.module("kinds_callers_again")
        for form in words & {*FORMS}:
            names[form] = FORMS[form](names["c"])
        return names


def arrays() -> dict[str, Any]:
    """Return the arrays that statements use, all of them new."""
    x2m = np.arange(2e6)
    f3 = np.asfortranarray(np.arange(9.0).reshape(3, 3))
    c1k = np.empty((1000, 1000))
    c1k[:] = np.arange(1000.0)[:, None] * 1000
    return {
        "x2": np.array([1.0, 2.0]),
        "x3": np.array([1.0, 2.0, 3.0]),
        "xo": np.arange(1.0, 7.0)[::2],
        "xi3": np.array([1, 2, 3]),
        "xs3": np.array([1, 2, 3], "f4"),
        "x1k": np.arange(1.0, 1001.0),
        "x1m": np.arange(1.0, 1e6 + 1),
        "x2m": x2m[1::2],
        "f3": f3,
        "c3": np.ascontiguousarray(f3),
        "c1k": c1k,
        "f333": np.asfortranarray(np.arange(27.0).reshape(3, 3, 3)),
        "y": np.ones(3),
        "l3": [1.0, 2.0, 3.0],
        "z": 1 + 2j,
        "w": 3 - 1j,
        "f64": np.float64(2.5),
        "i32": np.int32(3),
        "i64": np.int64(3),
        "s8": np.array(b"abcdefgh"),
        "s4": np.array([b"abc ", b"ab  "]),
        "short": np.array([b"abc", b"ab"], "S4"),
    }


def functions() -> dict[str, Any]:
    """Return the callbacks, and what checks use."""

    def same(x: Any) -> Any:
        return x

    def product(i: int, j: int) -> int:
        return i * j

    def slope(_: float, y: Any) -> Any:
        return y

    def value(_: Any) -> float:
        return 1.5

    def change(y: Any) -> None:
        y[0] = 9.0

    def hear(_: Any) -> int:
        return 3

    def fails(_: float) -> float:
        raise Failure

    return {
        "same": same, "product": product, "slope": slope, "value": value, "change": change, "hear": hear,
        "fails": fails, "failed": False, "Failure": Failure,
        "N": CALLBACKS, "HALVES": CALLBACKS * (CALLBACKS + 1) / 4,
        "text": lambda answer: np.asarray(answer).tobytes().strip(),
    }  # fmt: skip


def address_of_half(callers: Any) -> int:
    """Return where the Fortran function is in the library that `callers` runs on."""
    path = Path(callers.__file__)
    if path.suffix == ".py":
        path = path.with_name("libkinds_callers.so")
    symbol = ctypes.CDLL(str(path)).half_
    address = ctypes.cast(symbol, ctypes.c_void_p).value
    assert address is not None
    return address


def capsule(callers: Any) -> Any:
    """Return an unnamed capsule of the function's address, which both take."""
    if PYPY and Path(callers.__file__).suffix == ".py":
        return ctypes.c_void_p(address_of_half(callers))  # has no capsules for ctypes
    new = ctypes.pythonapi.PyCapsule_New
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return new(address_of_half(callers), None, None)


def ctypes_half(callers: Any) -> Any:
    """Return a ctypes function that declares its argument and its result."""
    function = ctypes.CFUNCTYPE(*REAL_FUNCTION)(address_of_half(callers))
    function.argtypes = REAL_FUNCTION[1:]
    return function


def numba_half(_: Any) -> Any:
    """Return a function that numba compiled, with Fortran's signature."""
    from numba import carray, cfunc, types

    @cfunc(types.double(types.CPointer(types.double)))  # type: ignore[untyped-decorator]
    def half(x: Any) -> Any:
        return carray(x, 1)[0] / 2

    return half


def lowlevel_half(callers: Any) -> Any:
    from scipy import LowLevelCallable

    return LowLevelCallable(ctypes_half(callers))


FORMS = {
    "capsule": capsule,
    "ctypes_half": ctypes_half,
    "numba_half": numba_half,
    "lowlevel_half": lowlevel_half,
}


class WrongAnswer(Exception):
    """The statement gave another answer than its kind says."""


def prepared(kind: Kind, contender: Contender) -> timeit.Timer:
    """Return what times `kind`, after its answer was looked at; WrongAnswer, or what the statement raised."""
    names = contender.names(kind)
    try:
        code = compile(kind.statement, "kind", "eval")
    except SyntaxError:  # not an expression
        exec(kind.statement, names)
        answer = None
    else:
        answer = names["answer"] = eval(code, names)
    if not eval(kind.check, names):
        raise WrongAnswer(f"{kind.statement}: {answer!r}; not so: {kind.check}")
    return timer(kind.statement, names)


def time_kind(kind: Kind, contenders: list[Contender], given: Specification) -> dict[str, Any]:  # fmt: skip
    """Return the nanoseconds of every slice by contender; instead of them a reason for one that can't do it."""
    timers = {}
    reasons = {}
    for contender in contenders:
        if contender.name == "f2py" and not kind.f2py:
            continue
        try:
            timers[contender.name] = prepared(kind, contender)
        except Exception as failure:
            reasons[contender.name] = f"{type(failure).__name__}: {failure}"[:300]
    runs = {name: runs_of(each, given.slice_seconds) for name, each in timers.items()}
    slices = {
        name: [seconds / kind.calls * 1e9 for seconds in values]
        for name, values in slices_in_turn(timers, runs, given.rounds).items()
    }
    return {"name": kind.name, "slices": slices, "reasons": reasons}


def function_of(kind: Kind) -> str | None:
    """Return the name of the generated function that `kind` calls, None for a variable."""
    found = re.search(r"\b([pbc])\.(\w+)\(", kind.statement)
    if found is None:
        return None
    return {"p": "plain_", "b": "beyond_", "c": ""}[found[1]] + found[2]


def has_thunks(module: Any, function: str) -> bool:
    """Whether Fortran calls Python by machine code wherever it does so in a call of a generated function."""
    wrapper = getattr(getattr(module, function, None), "func", None)
    names = () if wrapper is None else wrapper.__code__.co_names
    found = [getattr(module, name, None) for name in names]
    signatures = [each for each in found if hasattr(each, "native_pool")]
    return bool(signatures) and all(each.thunks for each in signatures)


def is_native(kind: Kind, contender: Contender) -> bool:
    """Whether machine code does `kind`: a compiled function, or an attribute that no Python code looks up.

    Of a call that makes many callbacks only these count.
    """
    function = function_of(kind)
    modules = contender.modules.values()
    if function is not None:
        if any(function in module.__native__.compiled for module in modules):
            return True
        return kind.calls > 1 and any(
            has_thunks(module, function) for module in modules
        )
    if kind.statement.startswith("each("):
        elements = contender.module("kinds_plain").plain_square.func.__globals__
        return elements["_plain_square_elements"].loop.compiled is not None
    variable = re.match(r"([pb]|store)\.(\w+)( = )?", kind.statement)
    assert variable is not None
    place = contender.names(kind)[variable[1]]
    kept = type(getattr(type(place), variable[2], None)).__name__
    if variable[3] is None and variable[2] in getattr(place, "__dict__", ()):
        return True
    return kept == "getset_descriptor"


def refusals(contender: Contender, groups: tuple[Group, ...]) -> dict[str, str]:
    """Return why functions that the `groups` call stay Python."""
    called = {function_of(kind) for group in groups for kind in group.kinds}
    return {
        name: reason
        for module in contender.modules.values()
        for name, reason in module.__native__.refused.items()
        if name in called
    }


def measure(given: Specification) -> dict[str, Any]:
    """Return what `tables` prints of one interpreter."""
    contenders = [Contender(name, folder) for name, folder in given.folders.items()]
    groups = tuple(
        each for each in GROUPS if each.name in given.groups or not given.groups
    )
    found = []
    for group in groups:
        for kind in group.kinds:
            row = time_kind(kind, contenders, given)
            found.append({"group": group.name, **row, **native_part(kind, contenders)})
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    native = next((each for each in contenders if each.name == "native"), None)
    return {
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        "kinds": found,
        "refused": {} if native is None else refusals(native, groups),
    }  # fmt: skip


def native_part(kind: Kind, contenders: list[Contender]) -> dict[str, Any]:
    for each in contenders:
        if each.name == "native":
            return {"native": is_native(kind, each)}
    return {}


if __name__ == "__main__":
    specification = Specification(**json.loads(Path(sys.argv[1]).read_text()))
    Path(sys.argv[2]).write_text(json.dumps(measure(specification)))
