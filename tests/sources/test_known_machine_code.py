"""Machine code as a callback: what was accepted once is known, to native code without Python, and stays right."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from test_machine_code import CPYTHON, DOUBLE, INT, POINTER, python_called

if not CPYTHON:
    pytest.skip("PyPy looks at what it is given each time", allow_module_level=True)

BY_REFERENCE = ctypes.CFUNCTYPE(DOUBLE, POINTER(DOUBLE))


def loaded_again(path: str, name: str) -> Any:
    """Return the module of a file once more."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["native", "ctypes"])
def known(request: pytest.FixtureRequest, machine_code: Any) -> Any:
    """A module of its own, in native code or without any."""
    is_native = request.param == "native"
    if is_native and importlib.util.find_spec("llvmlite") is None:
        pytest.skip("there is no native code here")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("F2PYPY_NATIVE", "" if is_native else "0")
        module = loaded_again(machine_code.__file__, f"{request.param}_machine_code")
    if is_native:
        module.__native__.compile()
        assert {"callers_sum_of", "callers_both"} <= set(module.__native__.compiled)
    return module


def scaled(factor: float) -> Any:
    return BY_REFERENCE(lambda x: factor * x[0])


def another_class() -> Any:
    base: Any = type(ctypes.CDLL(None)["abs"]).__base__
    types = {"_restype_": DOUBLE, "_argtypes_": (POINTER(DOUBLE),)}
    return type(base)(
        "ByReference", (base,), {"_flags_": BY_REFERENCE._flags_, **types}
    )


def capsule(address: int, name: bytes | None) -> Any:
    new = ctypes.pythonapi["PyCapsule_New"]
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return new(address, name, None)


def by_itself(known: Any, call: Callable[[], Any]) -> Any:
    """Return what `call` returns, which runs nothing of Python but ctypes' callbacks.

    Without native code it runs Python, but not what looks at machine code's declarations.
    """
    with python_called() as names:
        answer = call()
    if known.__name__.startswith("native"):
        assert set(names) <= {"<lambda>", "__enter__", "__exit__", "python_called"}
    else:
        assert "bind" in names
        assert "machine_code" not in names
    return answer


def lowlevel(function: Any) -> Any:
    return pytest.importorskip("scipy").LowLevelCallable(function)


def jitted(_: Any) -> Any:
    numba = pytest.importorskip("numba")
    double = numba.types.double
    signature = double(numba.types.CPointer(double))
    return numba.cfunc(signature)(lambda x: x[0] / 2)


NAME = b"double (double *)"
FORMS: dict[str, Callable[[Any], Any]] = {
    "routine": lambda half: half,
    "function of ctypes": lambda half: BY_REFERENCE(half.address),
    "function with argtypes": lambda half: half.ctypes,
    "address": lambda half: ctypes.c_void_p(half.address),
    "capsule": lambda half: capsule(half.address, NAME),
    "capsule without name": lambda half: capsule(half.address, None),
    "LowLevelCallable": lambda half: lowlevel(BY_REFERENCE(half.address)),
    "LowLevelCallable of a capsule": lambda half: lowlevel(capsule(half.address, NAME)),
    "cfunc": jitted,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_second_call_looks_at_nothing(known: Any, form: str) -> None:
    made = FORMS[form](known.passed.half)
    assert known.callers.sum_of(made, 4) == 5
    for _ in range(3):
        assert by_itself(known, lambda: known.callers.sum_of(made, 4)) == 5
    again = FORMS[form](known.passed.half)  # which says the same
    assert known.callers.sum_of(again, 4) == 5
    assert by_itself(known, lambda: known.callers.sum_of(made, 4)) == 5
    # another signature knows nothing of it
    if form not in ("routine", "address", "capsule without name"):
        with pytest.raises(known.error, match=r"double \(double \*\)"):
            known.callers.count_of(made, 4)
    # extra arguments make Python of it
    assert known.callers.sum_of(lambda x: x, 4) == 10


def test_all_at_once(known: Any) -> None:
    """More of them than an entry each, in turn: whatever is dropped is asked for again."""
    made = [scaled(factor) for factor in range(12)]
    made += [capsule(known.passed.half.address, b"half %d" % n) for n in range(12)]
    places = [ctypes.cast(each, ctypes.c_void_p).value for each in made[:12]]
    made += [another_class()(each) for each in places]
    expected = [10.0 * factor for factor in range(12)] + [5.0] * 12
    expected += expected[:12]
    for _ in range(3):
        assert [known.callers.sum_of(each, 4) for each in made] == expected


def test_declarations_that_change(known: Any) -> None:
    foreign: Any = type(ctypes.CDLL(None)["abs"])
    kept = scaled(3)
    function = foreign(ctypes.cast(kept, ctypes.c_void_p).value)
    function.restype, function.argtypes = DOUBLE, (POINTER(DOUBLE),)
    for _ in range(2):
        assert known.callers.sum_of(function, 4) == 30
    function.argtypes = (POINTER(INT),)
    with pytest.raises(known.error, match=r"double \(int \*\)"):
        known.callers.sum_of(function, 4)
    function.argtypes = (POINTER(DOUBLE),)
    assert known.callers.sum_of(function, 4) == 30
    function.restype = ctypes.c_float
    with pytest.raises(known.error, match=r"float \(double \*\)"):
        known.callers.sum_of(function, 4)
    function.restype = DOUBLE
    function.errcheck = lambda *_: 7.0
    with pytest.raises(ctypes.ArgumentError):  # Python's calls pass floats
        known.callers.sum_of(function, 4)
    del function.errcheck
    assert known.callers.sum_of(function, 4) == 30
    # a list may change without ctypes' knowing
    function.argtypes = listed = [POINTER(DOUBLE)]
    for _ in range(2):
        assert known.callers.sum_of(function, 4) == 30
    listed[0] = POINTER(INT)
    with pytest.raises(known.error, match=r"double \(int \*\)"):
        known.callers.sum_of(function, 4)


def test_addresses_that_change(known: Any) -> None:
    one, other = scaled(1), scaled(2)
    addresses = [ctypes.cast(each, ctypes.c_void_p).value for each in (one, other)]
    place = ctypes.c_void_p(addresses[0])
    derived = type("Place", (ctypes.c_void_p,), {})(addresses[0])
    held = (BY_REFERENCE * 2)(one, other)
    for _ in range(2):
        assert known.callers.sum_of(place, 4) == 10
        assert known.callers.sum_of(derived, 4) == 10
        assert known.callers.sum_of(held[0], 4) == 10
    derived.value = place.value = addresses[1]
    assert known.callers.sum_of(derived, 4) == 20
    assert by_itself(known, lambda: known.callers.sum_of(place, 4)) == 20
    inside = BY_REFERENCE.from_buffer(held)
    assert known.callers.sum_of(inside, 4) == 10
    held[0] = other
    assert known.callers.sum_of(inside, 4) == 20
    found = capsule(addresses[0], NAME)
    assert known.callers.sum_of(found, 4) == 10
    move = ctypes.pythonapi["PyCapsule_SetPointer"]
    move.argtypes = (ctypes.py_object, ctypes.c_void_p)
    assert move(found, addresses[1]) == 0
    assert known.callers.sum_of(found, 4) == 20


def test_what_cant_be_looked_up_is_left_to_python(
    machine_code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiler's fault doesn't reach who calls, and isn't asked for again."""
    pytest.importorskip("llvmlite")
    monkeypatch.setenv("F2PYPY_NATIVE", "")
    module = loaded_again(machine_code.__file__, "without_look_up")
    module.__native__.compile()
    asked: list[int] = []

    def fail() -> Any:
        asked.append(1)
        raise RuntimeError("no room for code")

    monkeypatch.setattr("f2pypy.native.tier.write_find", fail)
    for factor in (1, 2, 2):
        assert module.callers.sum_of(scaled(factor), 4) == 10 * factor
    assert len(asked) == 1
    assert module.__native__.refused["look-up of machine code"] == "no room for code"


def test_null_pointers_are_refused(known: Any) -> None:
    """Also where others of the class are known."""
    kept = scaled(1)
    for cls in (ctypes.c_void_p, BY_REFERENCE):
        made = cls(ctypes.cast(kept, ctypes.c_void_p).value)
        for _ in range(2):
            assert known.callers.sum_of(made, 4) == 10
        with pytest.raises(known.error, match="call-back f: it is a null pointer"):
            known.callers.sum_of(cls(), 4)


def test_capsules_of_other_names(known: Any) -> None:
    address = known.passed.half.address
    for _ in range(2):
        assert known.callers.sum_of(capsule(address, NAME), 4) == 5
        with pytest.raises(known.error, match=r"double \(double \*, int \*\)"):
            known.callers.sum_of(capsule(address, b"double (double *, int *)"), 4)
        with pytest.raises(known.error, match=r"int \(double \*\)"):
            known.callers.sum_of(capsule(address, b"int (double *)"), 4)
        assert known.callers.sum_of(capsule(address, b""), 4) == 5
        assert known.callers.sum_of(capsule(address, None), 4) == 5


def test_objects_that_are_gone(known: Any) -> None:
    """Another object may lie where one lay that was known."""
    for round_ in range(10):
        function = scaled(round_)
        assert known.callers.sum_of(function, 4) == 10 * round_
        assert known.callers.sum_of(function, 4) == 10 * round_
        gone = weakref.ref(function)
        del function
        gc.collect()
        assert gone() is None

        def python(x: float, factor: float = round_) -> float:
            return factor * x

        assert known.callers.sum_of(python, 4) == 10 * round_
        python.note = 1  # type: ignore[attr-defined]
        assert known.callers.sum_of(python, 4) == 10 * round_


def test_one_object_is_known_as_long_as_it_lives(known: Any) -> None:
    """Routines of another module, whose declarations aren't read."""

    class Wrapper:  # what tells a routine, see machine_code.py
        procedure, address = known.passed.half.procedure, known.passed.half.address

    for _ in range(30):
        made = Wrapper()
        for _ in range(2):
            assert known.callers.sum_of(made, 4) == 5
        assert by_itself(known, lambda: known.callers.sum_of(made, 4)) == 5  # noqa: B023
        gone, made = weakref.ref(made), None
        assert gone() is None
        # most often at the same place

        class Other:
            def __call__(self, x: float) -> float:
                return 2 * x

        assert known.callers.sum_of(Other(), 4) == 20


def test_beside_python_functions(known: Any) -> None:
    """Two callbacks of one call, machine code or not, and exceptions of either."""

    class Stop(Exception):
        pass

    def fails(_: float) -> float:
        raise Stop

    code, both = known.passed.half, known.callers.both
    for _ in range(3):
        assert both(code, code, 4.0) == 22
        assert both(lambda x: x, code, 4.0) == 24
        assert both(code, lambda x: x, 4.0) == 42
        for functions in ((fails, code), (code, fails), (fails, fails)):
            with pytest.raises(Stop):
                both(*functions, 4.0)
            assert both(code, code, 4.0) == 22
    with pytest.raises(known.error, match=r"double \(float \*\)"):
        both(code, ctypes.CFUNCTYPE(DOUBLE, POINTER(ctypes.c_float))(code.address), 4.0)
    assert both(lambda x: both(lambda y: x + y, code, x), code, 4.0) == 48


def test_references(known: Any) -> None:
    made = [FORMS[form](known.passed.half) for form in ("routine", "capsule")]
    made.append(BY_REFERENCE(known.passed.half.address))
    for each in made:
        known.callers.sum_of(each, 1)
        known.callers.both(each, each, 1.0)
        before = sys.getrefcount(each)
        for _ in range(100):
            known.callers.sum_of(each, 1)
            known.callers.both(each, each, 1.0)
        assert sys.getrefcount(each) == before


def test_threads(known: Any) -> None:
    answers: list[float] = []

    def work(passed: Any, expected: float) -> None:
        for _ in range(300):
            answers.append(known.callers.sum_of(passed, 4) / expected)

    each = [(scaled(2), 20.0), (known.passed.half, 5.0), (lambda x: x, 10.0)]
    threads = [threading.Thread(target=work, args=one) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1.0] * 900


def test_a_routine_whose_library_may_change(
    known: Any, procedure_pointers: Any
) -> None:
    """Where a procedure pointer may get a Python function, native code leaves the routine to Python."""
    runtime = type(vars(procedure_pointers)["__native__"]).__module__
    assert runtime == procedure_pointers.__name__
    found = [
        each
        for each in vars(procedure_pointers).values()
        if type(each).__name__ == "Wrapper"
    ]
    assert found
    pytest.importorskip("llvmlite")
    from f2pypy.native.known_code import _keeps_its_answer

    assert _keeps_its_answer(known.passed.half)
    assert not any(map(_keeps_its_answer, found))


def test_with_exits_of_another_name(known: Any) -> None:
    """What isn't machine code at all is Python's, whatever is known."""
    known.callers.sum_of(known.passed.half, 4)
    for other in (None, 3, "half", b"half", 1.5, [known.passed.half], object()):
        with pytest.raises((known.error, TypeError)):
            known.callers.sum_of(other, 4)
    assert known.callers.sum_of(abs, 4) == 10
    assert known.callers.sum_of(float, 4) == 10
