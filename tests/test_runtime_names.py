"""Routines and dummy arguments named like something Python or the module needs."""

import importlib
import importlib.util
import inspect
import pickle
import sys

import pytest

from f2pypy.runtime.names import export, renamed
from f2pypy.runtime.wrappers import wrapper

SOURCE = """
from f2pypy.runtime.names import export
from f2pypy.runtime.wrappers import wrapper


def total():
    return sum([1, 2])


@wrapper
def sum_(a, b):
    return a - b


@wrapper
def max_():
    return max(3, 4)


__all__ = ["max", "sum", "total"]
export(__name__, sum=sum_, max=max_)
"""


@pytest.fixture
def shadowing(tmp_path, monkeypatch):
    (tmp_path / "shadowing.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("shadowing")
    sys.modules.pop("shadowing", None)


@renamed(lambda_="lambda", global_="global")
def scaled(x, lambda_=1, global_=0):
    """Scale."""
    return x * lambda_ + global_


class TestRenamed:
    def test_original_keyword(self):
        assert scaled(2, **{"lambda": 5, "global": 1}) == 11

    def test_position_and_parameter(self):
        assert scaled(2, 5) == scaled(2, lambda_=5) == scaled(x=2, lambda_=5) == 10

    def test_two_names(self):
        with pytest.raises(TypeError, match="two names: lambda, lambda_"):
            scaled(2, **{"lambda": 5}, lambda_=5)

    def test_unknown_keyword(self):
        with pytest.raises(TypeError, match="unknown"):
            scaled(2, unknown=1)

    def test_signature_and_docstring(self):
        assert list(inspect.signature(scaled).parameters) == ["x", "lambda_", "global_"]
        assert scaled.__doc__ == "Scale."


class TestExport:
    def test_attribute(self, shadowing):
        assert shadowing.sum(3, 1) == 2
        assert shadowing.max() == 4

    def test_builtin_inside(self, shadowing):
        assert shadowing.total() == 3

    def test_from_import(self, shadowing):
        namespace = {}
        exec("from shadowing import sum\nfrom shadowing import *", namespace)
        assert namespace["sum"](3, 1) == 2
        assert namespace["max"]() == 4

    def test_names(self, shadowing):
        assert shadowing.sum.__name__ == shadowing.sum.__qualname__ == "sum"
        assert {"sum", "max", "total"} <= set(dir(shadowing))

    def test_pickle(self, shadowing):
        assert pickle.loads(pickle.dumps(shadowing.sum)) is shadowing.sum

    def test_replacement(self, shadowing, monkeypatch):
        original = shadowing.sum
        with monkeypatch.context() as patch:
            patch.setattr(shadowing, "sum", len)
            assert shadowing.sum is len
        assert shadowing.sum is original

    @pytest.mark.parametrize("registered", [None, sys])
    def test_module_that_is_not_registered(self, shadowing, monkeypatch, registered):
        """Loaded as the manual of importlib says, but for the line with sys.modules; or beside another of its name."""
        spec = importlib.util.spec_from_file_location("shadowing", shadowing.__file__)
        module = importlib.util.module_from_spec(spec)
        if registered is None:
            monkeypatch.delitem(sys.modules, "shadowing")
        else:
            monkeypatch.setitem(sys.modules, "shadowing", registered)
        spec.loader.exec_module(module)
        assert module.sum(3, 1) == 2
        assert module.total() == 3
        assert type(sys) is type(importlib)

    def test_namespace_that_is_no_module(self):
        @wrapper
        def sum_():
            return 1

        export("no.such.module", sum=sum_)
        assert sum_.__name__ == "sum"
