"""The C texts of signature files at run time: every call must do what it does in f2py's module.

F2PYPY_C_TEXTS names a directory with modules that were generated before and libcallstatements.so, for interpreters on
which f2pypy itself doesn't run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import c_text_calls as c_texts
import pytest

CALLS = [
    pytest.param(module, call, id=f"{module}-{c_texts.call_id(call)}")
    for module, calls in c_texts.TABLE.items()
    for call in calls
]


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    """Where the modules and their library are."""
    given = os.environ.get("F2PYPY_C_TEXTS")
    if given:
        return Path(given)
    if sys.version_info < (3, 10):  # noqa: UP036 - PyPy runs this file
        pytest.skip("f2pypy doesn't run here and F2PYPY_C_TEXTS is not set")
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    import f2pypy

    folder = tmp_path_factory.mktemp("c_texts")
    for name in (*c_texts.TABLE, "dependences"):
        text = f2pypy.generate(c_texts.SOURCES / f"{name}.pyf", strict=True)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    library = folder / "libcallstatements.so"
    sources = [c_texts.SOURCES / f"{name}.f90" for name in c_texts.TABLE]
    command = ["gfortran", "-shared", "-fPIC", "-O1", "-o", str(library)]
    command += [str(source) for source in sources if source.exists()]
    subprocess.run(command, check=True, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def modules(directory):
    """The generated modules by name."""
    library = str(directory / "libcallstatements.so")
    names = (*c_texts.TABLE, "dependences")
    for name in names:
        os.environ[f"F2PYPY_{name.upper()}_LIBRARY"] = library
    return {n: c_texts.load(directory / f"{n}.py", n) for n in names}


@pytest.mark.parametrize(("module", "call"), CALLS)
def test_the_call_does_what_f2pys_does(modules, module, call):
    expected = c_texts.answers()[module][c_texts.call_id(call)]
    assert c_texts.outcome(modules[module], call) == expected


def test_every_answer_belongs_to_a_call():
    known = {
        name: {c_texts.call_id(call) for call in calls}
        for name, calls in c_texts.TABLE.items()
    }
    assert {name: set(found) for name, found in c_texts.answers().items()} == known


def test_read_only_arrays_are_copied_before_they_are_changed(modules):
    pivots = c_texts.whole(2, 0, 1)
    pivots.flags.writeable = False
    result = modules["callstatements"].renumbered(pivots, c_texts.real(5, 6, 7))
    assert result.tolist() == [7, 5, 6]
    assert pivots.tolist() == [2, 0, 1]


@pytest.mark.parametrize(("name", "size"), [("effects", 1), ("effects", 0)])
def test_elements_outside_of_an_array_are_refused(modules, name, size):
    with pytest.raises(IndexError, match=r"outside of an array|out of bounds"):
        getattr(modules["callstatements"], name)(c_texts.np.ones(size))


def test_native_calls_refuse_the_same_shapes(directory, modules, monkeypatch):
    monkeypatch.setenv("F2PYPY_NATIVE", "1")
    module = c_texts.load(directory / "own_shape.py", "own_shape")
    answers = c_texts.answers()["own_shape"]
    for call in c_texts.TABLE["own_shape"]:
        for _ in range(2):
            assert c_texts.outcome(module, call) == answers[c_texts.call_id(call)]


def test_arrays_tell_what_depends_on_them(modules):
    module, array = modules["dependences"], c_texts.np.zeros
    assert module.leading(array((4, 3))) == (3, 4)
    result, n, lda = module.explicit(array((2, 3)))
    assert (result.shape, n, lda) == ((2, 3), 3, 6)
    assert module.mutual(array(2), array(3)) == 32
    assert module.text("abcd") == 4
    with pytest.raises(ValueError, match="must have defined dimensions but got"):
        module.made()


def test_checks_are_made_when_all_that_they_ask_for_has_a_value(modules):
    module, array = modules["dependences"], c_texts.np.zeros
    assert module.checked(array((3, 2))) == (2, 3)
    with pytest.raises(module.error) as caught:
        module.checked(array((2, 3)))
    assert str(caught.value) == "((lda>=n) && (n>=0)) failed for 1st argument a"
    assert module.others(array(3), 1) == (1, 2)
    with pytest.raises(module.error, match="k<n"):
        module.others(array(3), 2)
    with pytest.raises(module.error, match="k>=0"):
        module.others(array(3), -1)


def test_what_has_no_value_yet_counts_as_zero(modules):
    assert modules["dependences"].zeros() in [(1, 11), (11, 10)]
    assert modules["dependences"].itself() == 1
    assert modules["dependences"].itself(5) == 5


@pytest.mark.parametrize("native", ["0", "1"])
def test_a_default_that_asks_for_an_axis_that_an_array_lacks(
    directory, modules, monkeypatch, native
):
    """Only a call that computes it fails."""
    monkeypatch.setenv("F2PYPY_NATIVE", native)
    module = c_texts.load(directory / "dependences.py", "dependences")
    array = c_texts.np.zeros(3)
    for _ in range(2):
        assert module.lacking(array, 7) == module.lacking(array, n=7) == 7
        with pytest.raises(IndexError, match="tuple index out of range"):
            module.lacking(array)


def test_inout_is_no_copy(modules):
    array = c_texts.np.zeros(3)
    for flags in ({}, {"overwrite_a": 1}):
        assert modules["dependences"].kept(array, **flags) == 3
    with pytest.raises(ValueError, match=r"intent\(inout\) array -- a copy of it is"):
        modules["dependences"].kept(array, overwrite_a=0)
