"""answers.json is what f2py's own modules do."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("numpy.f2py")

import c_text_calls as c_texts
import record_answers


def test_f2py_does_it(tmp_path):
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    assert record_answers.record(record_answers.build(tmp_path)) == c_texts.answers()
