"""Routines are called and looked at as functions are, and never become methods."""

import copy
import doctest
import functools
import importlib
import inspect
import pickle
import pydoc
import sys
import traceback
import typing
import weakref

import pytest

from f2pypy.runtime.function_parameters import count_arguments
from f2pypy.runtime.names import renamed
from f2pypy.runtime.wrappers import Wrapper, wrapper

SOURCE = '''
"""A module."""

from __future__ import annotations

from f2pypy.runtime.names import renamed
from f2pypy.runtime.objects import Entity, FortranModule
from f2pypy.runtime.wrappers import wrapper


@wrapper
def dot(x: int, y: float = 2, *, n: int | None = None) -> float:
    """z = dot(x,y)

    >>> dot(2, 3)
    6
    """
    if n is not None:
        raise ValueError(n)
    return x * y


@renamed(lambda_="lambda")
@wrapper
def scaled(lambda_: float) -> float:
    """scaled(lambda)"""
    return 2 * lambda_


@wrapper
def grid_refine(n: int) -> int:
    """refine(n)"""
    return n + 1


class NoLibrary:
    module = __name__


class _grid(FortranModule):
    refine = Entity(grid_refine)


grid = _grid(NoLibrary(), "grid")
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "wrapping.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("wrapping")
    sys.modules.pop("wrapping", None)


@pytest.fixture(params=["dot", "scaled", "grid.refine"])
def routine(module, request):
    found = module
    for name in request.param.split("."):
        found = getattr(found, name)
    return found


def test_attributes_of_classes_do_not_bind(routine):
    class Box:
        call = routine
        partly = functools.partial(routine)

        @property
        def asked(self):
            return routine

    class Derived(Box):
        again = Box.call
        looked_up = Box().call

    for holder in (Box, Box(), Derived, Derived()):
        assert holder.call is routine
    assert Derived().again is Derived().looked_up is Box().asked is routine
    assert Derived().call(3) == Box.call(3) == routine(3)
    assert super(Derived, Derived()).call is routine


def test_protocols_pickle_it(routine):
    # older ones have no names with dots
    for protocol in range(4 if "." in routine.__qualname__ else 0, 6):
        assert pickle.loads(pickle.dumps(routine, protocol)) is routine


def test_copies_are_the_routine_itself(routine):
    assert copy.copy(routine) is copy.deepcopy(routine) is routine
    assert copy.deepcopy({"key": [routine]})["key"][0] is routine


def test_names(module):
    assert (module.dot.__name__, module.dot.__qualname__) == ("dot", "dot")
    refine = module.grid.refine
    assert (refine.__name__, refine.__qualname__) == ("refine", "grid.refine")
    assert module.dot.__module__ == refine.__module__ == "wrapping"
    assert repr(module.dot) == "<fortran function dot>"


def test_signature_and_annotations(module):
    expected = "(x: 'int', y: 'float' = 2, *, n: 'int | None' = None) -> 'float'"
    assert str(inspect.signature(module.dot)) == expected
    assert inspect.getfullargspec(module.dot).args == ["x", "y"]
    assert module.dot.__annotations__["return"] == "float"
    assert module.dot.__defaults__ == (2,)
    assert module.dot.__kwdefaults__ == {"n": None}
    assert module.dot.__code__.co_name == "dot"
    assert str(inspect.signature(module.scaled)).startswith("(lambda_:")


def test_type_hints_are_those_of_the_module(module):
    assert typing.get_type_hints(module.grid.refine) == {"n": int, "return": int}
    assert typing.get_type_hints(module.scaled) == {"lambda_": float, "return": float}


def test_functions_that_wrap_it(routine):
    @functools.wraps(routine)
    def around(*arguments):
        return routine(*arguments)

    assert around.__name__ == routine.__name__
    assert around.__doc__ == routine.__doc__
    assert around.__wrapped__ is routine
    assert inspect.signature(around) == inspect.signature(routine)
    assert around(4) == routine(4)


def help_of(thing):
    # Python 3.14 and later show annotations without quotes
    return pydoc.render_doc(thing, renderer=pydoc.plaintext).replace("'", "")


class Partial(functools.partial):
    def __get__(self, instance, owner=None):
        return self


def test_help(module):
    assert inspect.getdoc(module.dot) == "z = dot(x,y)\n\n>>> dot(2, 3)\n6"
    # Later versions of CPython 3.13 say so of no object whose class extends functools.partial.
    if not inspect.isroutine(Partial(len)):
        assert sys.version_info[:2] == (3, 13)
        return
    assert inspect.isroutine(module.dot)
    text = help_of(module.dot)
    assert "dot(x: int, y: float = 2" in text
    assert "z = dot(x,y)" in text
    functions = help_of(module).partition("FUNCTIONS")[2]
    assert "dot(x: int" in functions
    assert "scaled(lambda_: float)" in functions


def test_docstrings_without_the_indentation_of_the_source(module):
    assert module.dot.__doc__ == "z = dot(x,y)\n\n>>> dot(2, 3)\n6\n"


def test_doctest_finds_it(module):
    found = {test.name for test in doctest.DocTestFinder().find(module)}
    assert "wrapping.dot" in found
    assert doctest.testmod(module).attempted == 1
    assert doctest.testmod(module).failed == 0


def test_source(module):
    assert inspect.getsource(module.dot).startswith("@wrapper\ndef dot(")
    assert inspect.getfile(inspect.unwrap(module.dot)) == module.__file__
    assert inspect.getmodule(module.dot) is module


def test_tracebacks_end_in_the_function(module):
    with pytest.raises(ValueError, match="7") as caught:
        module.dot(1, n=7)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.name, last.line) == ("dot", "raise ValueError(n)")
    with pytest.raises(TypeError, match=r"^dot\(\) missing 1 required"):
        module.dot()
    with pytest.raises(TypeError, match=r"refine\(\) got an unexpected keyword"):
        module.grid.refine(1, m=2)


def test_any_attribute(routine):
    routine.note = [1]
    assert routine.note == [1]
    assert vars(routine)["note"] == [1]
    del routine.note
    assert not hasattr(routine, "note")
    routine.__doc__ = "other"
    assert routine.__doc__ == "other"
    assert weakref.ref(routine)() is routine
    assert {routine: 1}[routine] == 1
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        routine.missing  # noqa: B018


def test_calls_of_every_form(module):
    dot = module.dot
    calls = (dot(2, 3), dot(*[2], y=3), dot(x=2, y=3), dot.__call__(2, 3))
    assert set(calls) == {6}
    assert functools.partial(dot, 2)(3) == functools.partial(dot, y=3)(2) == 6
    assert list(map(dot, [1, 2])) == [2, 4]
    assert functools.partial(functools.partial(dot, 2), 3)() == 6
    assert callable(dot)


def test_the_caller_calls_the_function():
    """Code of all routines in between would cost PyPy twice the time of each call, once one of them was too long."""
    routine = wrapper(lambda: sys._getframe(1).f_code)
    assert routine() is sys._getframe().f_code


def test_parts_of_a_call_go_through_the_routine():
    """A functools.partial of a partial calls the function of the inner one; here that would pass by native code."""
    routine = wrapper(lambda x, y: (x, y))
    assert functools.partial(routine, 1).func is routine


def test_as_a_callback_it_has_the_parameters_of_its_function():
    @wrapper
    def f(x, y):
        return x + y

    @renamed(lambda_="lambda")
    @wrapper
    def g(lambda_, y=1):
        return lambda_ + y

    assert isinstance(f, Wrapper)
    assert isinstance(g, Wrapper)
    assert count_arguments(f, 3, 0) == count_arguments(g, 3, 0) == (2, 0)
    with pytest.raises(TypeError, match="needs 2 arguments"):
        count_arguments(f, 1, 0)
    assert count_arguments(g, 1, 0) == (1, 0)


def test_arguments_called_self():
    """Keywords go to the function, whatever the names of the wrapper's own parameters are."""

    @wrapper
    def routine(self, arguments, keywords=3):
        return self, arguments, keywords

    assert routine(self=1, arguments=2, keywords=4) == (1, 2, 4)
    assert routine(1, arguments=2) == (1, 2, 3)
