"""Plans are read back from the text that is printed for them, and from nothing else than what runs."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from f2pypy import model, pipeline, plan
from f2pypy.build.sources import Source
from f2pypy.diagnostics import Diagnostics
from f2pypy.lower.module import plan_module
from f2pypy.options import BuildOptions, Options
from f2pypy.printing.render import render

pytest.importorskip("llvmlite")
from native_plans import Unread, form_of

from f2pypy.native.code import NotNative
from f2pypy.native.reading.steps import read_procedure
from f2pypy.native.tier import _routine_of
from f2pypy.runtime.libraries import Library

ROOT = Path(__file__).parents[1]
SIGNATURES = sorted(
    [
        *(ROOT / "examples").glob("*/*.pyf"),
        *(ROOT / "tests" / "golden").glob("*.pyf"),
        *(ROOT / "fortran").glob("*.pyf"),
    ]
)
SOURCES = sorted(
    path for path in (ROOT / "fortran").glob("**/*.f*") if path.suffix in (".f", ".f90")
)


def plan_of(path: Path) -> plan.Module:
    """Return the plan of the module for a signature file or a source."""
    options, diagnostics = Options(runtime="import"), Diagnostics()
    library: model.Library
    if path.suffix == ".pyf":
        text = path.read_text(encoding="utf-8")
        library = pipeline.resolve_signature(text, str(path), options, diagnostics)
    else:
        options = replace(options, module=path.stem, compiles=True)
        sources: list[Source] = pipeline.load_sources([str(path)], BuildOptions())
        library = pipeline.resolve_sources(sources, options, diagnostics)
    return plan_module(library, options, "0", diagnostics)


def imported(text: str, folder: Path, name: str) -> ModuleType:
    """Import a module's text from a file in `folder`."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


def read_back(module: ModuleType, function: str) -> Any:
    """Return what is read from the text of a routine, or why it can't be."""
    routine = _routine_of(getattr(module, function))
    try:
        return form_of(read_procedure(routine.func, vars(module)))
    except NotNative as reason:
        return str(reason)


def said(procedure: plan.Procedure) -> Any:
    """Return what a procedure's plan says to native code, or what it doesn't do of it."""
    try:
        return form_of(procedure)
    except Unread as unread:
        return str(unread)


@pytest.mark.parametrize(
    "path", [*SIGNATURES, *SOURCES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_what_is_read_is_what_was_printed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nothing is called, so no library is needed
    monkeypatch.setattr(Library, "_load", lambda *_: [])
    planned = plan_of(path)
    if not planned.procedures:
        pytest.skip("there are no procedures")
    module = imported(render(planned), tmp_path, planned.name)
    claims = {identifier: name for name, identifier in planned.claimed}
    for procedure in planned.procedures:
        function = claims.get(procedure.function, procedure.function)
        wanted, found = said(procedure), read_back(module, function)
        if isinstance(wanted, str):
            assert isinstance(found, str), f"{function} has a {wanted}"
            continue
        assert not isinstance(found, str), f"{function}: {found}"
        for part, read in zip(wanted, found, strict=True):
            for each, back in zip(part, read, strict=True):
                assert back == each, f"{function}: {each[0]} is read as {back[0]}"
        assert found == wanted
