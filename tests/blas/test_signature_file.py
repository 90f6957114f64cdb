"""The BLAS signature file: it is what its template expands to, and it says what scipy.linalg.blas says."""

from __future__ import annotations

import inspect
import re
import sys
from types import ModuleType
from typing import Any

import blas_libraries
import pytest
from blas_refusals import signature
from blas_routines import ALL, BEYOND_SCIPY

TEMPLATE = blas_libraries.SIGNATURE_FILE.with_suffix(".pyf.src")


def scipy_functions() -> dict[str, Any]:
    """The BLAS functions of scipy.linalg.blas: all that are wrapped Fortran."""
    blas = pytest.importorskip("scipy.linalg.blas", reason="scipy is the oracle here")
    return {name: f for name, f in vars(blas).items() if type(f).__name__ == "fortran"}


@pytest.fixture(scope="module")
def module(load_blas: Any) -> ModuleType:
    return load_blas(blas_libraries.OPENBLAS32)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="f2pypy runs on Python 3.10 and later")  # fmt: skip
def test_checked_in_file_is_the_expansion() -> None:
    templates = pytest.importorskip("f2pypy.reading.templates")
    expanded = templates.expand(TEMPLATE.read_text(encoding="utf-8"), str(TEMPLATE))
    assert blas_libraries.SIGNATURE_FILE.read_text(encoding="utf-8") == expanded.text


def test_expansion_is_that_of_numpy() -> None:
    """Whoever builds with f2py expands the template with numpy's tool: it must say the same."""
    expander = pytest.importorskip(
        "numpy.f2py._src_pyf", reason="private to numpy, and not in every version"
    )
    expanded = expander.process_str(TEMPLATE.read_text(encoding="utf-8"))
    assert _tokens(
        blas_libraries.SIGNATURE_FILE.read_text(encoding="utf-8")
    ) == _tokens(expanded)


def _tokens(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_every_routine_is_declared_once() -> None:
    text = blas_libraries.SIGNATURE_FILE.read_text(encoding="utf-8")
    declared = re.findall(r"^(?:subroutine|function) (\w+)", text, re.MULTILINE)
    assert sorted(declared) == sorted(routine.name for routine in ALL)


def test_every_function_of_scipy_is_there(module: ModuleType) -> None:
    functions = scipy_functions()
    assert len(functions) >= 150
    assert sorted(functions) == sorted(
        routine.name for routine in ALL if routine.name not in BEYOND_SCIPY
    )
    for name in functions:
        assert callable(getattr(module, name))


def test_docstrings_are_those_of_scipy(module: ModuleType) -> None:
    for name, function in scipy_functions().items():
        assert getattr(module, name).__doc__ == function.__doc__, name


def test_arguments_are_those_of_scipy(module: ModuleType) -> None:
    """Names and order, as Python's own introspection sees them."""
    for name, function in scipy_functions().items():
        required, optional = signature(function.__doc__)
        parameters = inspect.signature(getattr(module, name)).parameters
        assert list(parameters) == [*required, *optional], name
        for parameter in parameters.values():
            assert (parameter.default is inspect.Parameter.empty) == (
                parameter.name in required
            ), name


def test_all_names_every_routine(module: ModuleType) -> None:
    assert set(module.__all__) >= {routine.name for routine in ALL}


def test_no_text_of_the_template_is_left() -> None:
    text = blas_libraries.SIGNATURE_FILE.read_text(encoding="utf-8")
    assert "\\" not in text
    assert not re.search(r"<_?\w+[=>]", text)
