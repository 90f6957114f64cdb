"""The LAPACK signature file: it is what its template expands to, and it says what scipy.linalg.lapack says."""

from __future__ import annotations

import inspect
import re
import sys
from types import ModuleType
from typing import Any

import lapack_libraries
import pytest
from blas_refusals import signature
from lapack_routines import ALL

TEMPLATE = lapack_libraries.SIGNATURE_FILE.with_suffix(".pyf.src")


@pytest.fixture(scope="module")
def module(load_lapack: Any) -> ModuleType:
    return load_lapack(lapack_libraries.WHEEL)


def text() -> str:
    return lapack_libraries.SIGNATURE_FILE.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.version_info < (3, 10), reason="f2pypy runs on Python 3.10 and later")  # fmt: skip
def test_checked_in_file_is_the_expansion() -> None:
    templates = pytest.importorskip("f2pypy.reading.templates")
    expanded = templates.expand(TEMPLATE.read_text(encoding="utf-8"), str(TEMPLATE))
    assert text() == expanded.text


def test_expansion_is_that_of_numpy() -> None:
    """Whoever builds with f2py expands the template with numpy's tool: it must say the same."""
    expander = pytest.importorskip(
        "numpy.f2py._src_pyf", reason="private to numpy, and not in every version"
    )
    expanded = expander.process_str(TEMPLATE.read_text(encoding="utf-8"))
    assert _words(text()) == _words(expanded)


def _words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_every_routine_is_declared_once() -> None:
    _, _, wrapped = text().partition("python module lapack")
    declared = re.findall(r"^(?:subroutine|function) (\w+)", wrapped, re.MULTILINE)
    assert sorted(declared) == sorted(routine.name for routine in ALL)


def test_no_text_of_the_template_is_left() -> None:
    assert "\\" not in text()
    assert not re.search(r"<_?\w+[=>]", text())


def test_all_names_every_routine(module: ModuleType) -> None:
    assert set(module.__all__) >= {routine.name for routine in ALL}


@pytest.mark.parametrize("routine", ALL, ids=lambda routine: routine.name)
def test_documentation_is_that_of_scipy(module: ModuleType, routine: Any) -> None:
    lapack = pytest.importorskip("scipy.linalg.lapack", reason="scipy is the oracle")
    theirs = getattr(lapack, routine.name).__doc__
    ours = getattr(module, routine.name).__doc__
    assert ours.splitlines()[0] == theirs.splitlines()[0]
    assert _plain(ours) == _plain(theirs)
    required, optional = signature(theirs)
    parameters = inspect.signature(getattr(module, routine.name)).parameters
    # range is also the name of a builtin
    assert [name.rstrip("_") for name in parameters] == [*required, *optional]
    assert all(
        (parameter.default is inspect.Parameter.empty) == (parameter.name in required)
        for parameter in parameters.values()
    )


def _plain(documentation: str) -> str:
    """Without the markup that SciPy's build puts round some defaults and extents, nor bounds that are no arithmetic."""
    plain = documentation.replace("Default ``", "Default: ``").replace("``", "")
    plain = plain.replace(" with a storage", " and a storage")
    return "\n".join(
        re.sub(r"bounds .*\|\|.*", "bounds", line)
        for line in plain.rstrip().splitlines()
    )
