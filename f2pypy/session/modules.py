"""`f2pypy.build` and what else imports a module as soon as it is built."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from f2pypy.session.cache import Cache, Entry, cache_folder, digest
from f2pypy.session.requests import Request, find_or_build

# What messages call a source that is given as text.
TEXT = "<text>"
# Modules of other origins lack this attribute.
_MADE = "__f2pypy_built__"


def build_text(text: str, request: Request, cache: Cache, name: str = TEXT) -> Entry:
    """Return the module of a text in free form; messages call it `name`."""
    with tempfile.TemporaryDirectory(prefix="f2pypy-") as folder:
        path = Path(folder, "source.f90")
        path.write_text(text, encoding="utf-8")
        options = request.options
        if options.module is None:
            options = replace(options, module=f"fortran_{digest([text], ())[:12]}")
        request = replace(
            request,
            sources=(str(path), *request.sources),
            options=options,
            names=((str(path), name),),
        )
        return find_or_build(request, cache)


def load(path: Path) -> ModuleType:
    """Import a module from its file, unless that has been done.

    It is in ``sys.modules`` under its own name afterwards, unless a module of another origin is.
    """
    name = path.stem
    there = sys.modules.get(name)
    if there is not None and getattr(there, "__file__", None) == str(path):
        return there
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    setattr(module, _MADE, True)
    if there is None or hasattr(there, _MADE):
        sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        raise
    return module


def build_and_import(
    sources: Sequence[str | os.PathLike[str]],
    request: Request,
    cache_dir: str | os.PathLike[str] | None,
) -> ModuleType:
    """Build and import the module of sources, which are files or one text; see `f2pypy.build`."""
    cache = Cache(cache_folder() if cache_dir is None else Path(cache_dir))
    texts = [each for each in sources if isinstance(each, str) and "\n" in each]
    files = tuple(os.fspath(each) for each in sources if each not in texts)
    if not sources:
        raise ValueError("expected a source file, none was given")
    if len(texts) > 1:
        raise ValueError("only one source may be given as text, several were given")
    request = replace(request, sources=files)
    entry = (
        build_text(texts[0], request, cache) if texts else find_or_build(request, cache)
    )
    if entry.remarks:
        warnings.warn(entry.remarks, stacklevel=3)
    return load(entry.module)
