"""answers.json is what f2py's own modules do."""

from __future__ import annotations

import importlib.util
import shutil
import sys

import pytest

pytest.importorskip("numpy.f2py")

import c_text_calls as c_texts
import record_answers


def test_f2py_does_it(tmp_path):
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    if sys.version_info >= (3, 12) and importlib.util.find_spec("mesonbuild") is None:
        pytest.skip("needs meson")
    assert record_answers.record(record_answers.build(tmp_path)) == c_texts.answers()
