"""Routines and dummy arguments named like something Python or the module needs."""

import importlib
import inspect
import pickle
import sys

import pytest

from f2pypy.runtime.names import renamed

SOURCE = """
from f2pypy.runtime.names import export
from f2pypy.runtime.wrappers import wrapper


@wrapper
def lambda_(a, b):
    return a - b


__all__ = ["lambda", "None"]
export(globals(), {"lambda": lambda_, "None": {}})
"""


@pytest.fixture
def exporting(tmp_path, monkeypatch):
    (tmp_path / "exporting.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("exporting")
    sys.modules.pop("exporting", None)


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
    def test_attribute(self, exporting):
        assert getattr(exporting, "lambda")(3, 1) == 2
        assert getattr(exporting, "None") == {}

    def test_from_import(self, exporting):
        namespace = {}
        exec("from exporting import *", namespace)
        assert namespace["lambda"] is getattr(exporting, "lambda")

    def test_names(self, exporting):
        routine = getattr(exporting, "lambda")
        assert routine.__name__ == routine.__qualname__ == "lambda"
        assert "lambda" in dir(exporting)

    def test_pickle(self, exporting):
        routine = getattr(exporting, "lambda")
        assert pickle.loads(pickle.dumps(routine)) is routine

    def test_replacement(self, exporting, monkeypatch):
        monkeypatch.setattr(exporting, "lambda", len)
        assert getattr(exporting, "lambda") is len
