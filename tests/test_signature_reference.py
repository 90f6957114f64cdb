"""The page on signature files: its examples are generated and called, and it has every word that f2pypy reads."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import f2pypy
from f2pypy.reading import signature_grammar
from f2pypy.reading.declarations import SIGNATURE_ATTRIBUTES, SIGNATURE_INTENTS
from f2pypy.reading.keywords import Keyword

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "signature_files.md"
TEXT = PAGE.read_text(encoding="utf-8")
# a source is named in the sentence before it: "`examples.f90`, the Fortran that ...:"
BLOCK = re.compile(
    r"(?:^`(?P<name>\w+)\.f90`[^\n]*:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def whole(text: str) -> str:
    """The signature file of an example."""
    if "python module" in text:
        return text
    return f"python module m\ninterface\n{text}end interface\nend python module m\n"


def module_of(text: str, source: str, folder: Path) -> ModuleType:
    """The module of a signature file for a Fortran source, which is compiled once."""
    path = folder / f"{source}.f90"
    if "intent(callback)" in text:
        signature = folder / "example.pyf"
        signature.write_text(whole(text))
        return f2pypy.build(signature, path, cache_dir=folder / "cache")
    library = path.with_suffix(".so")
    if not library.exists():
        command = ["gfortran", "-O0", "-shared", "-fPIC", path, "-o", library]
        subprocess.run(command, cwd=folder, check=True)
    generated = f2pypy.generate(whole(text), library_path=library, runtime="import")
    module = ModuleType("m")
    exec(compile(generated, "m.py", "exec"), vars(module))
    return module


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
@pytest.mark.filterwarnings("error")
def test_the_examples(tmp_path: Path) -> None:
    blocks = list(BLOCK.finditer(TEXT))
    for block in blocks:
        if block["name"]:
            tmp_path.joinpath(f"{block['name']}.f90").write_text(block["text"])
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    told: list[str] = []
    names: dict[str, object] = {}
    source = "examples"
    for block in blocks:
        if block["name"]:
            source = block["name"]
        elif block["kind"] == "fortran":
            names = {"np": np, "m": module_of(block["text"], source, tmp_path)}
            source = "examples"
        elif block["kind"] == "python":
            line = TEXT.count("\n", 0, block.start("text"))
            test = doctest.DocTestParser().get_doctest(block["text"], names, "page", str(PAGE), line)  # fmt: skip
            assert test.examples
            runner.run(test, out=told.append)
    assert not told, "".join(told)


def words_of_the_page() -> set[str]:
    """Every word between back quotes."""
    return {word for quoted in re.findall(r"`([^`\n]+)`", TEXT) for word in re.findall(r"[\w.]+", quoted)}  # fmt: skip


def test_the_page_has_every_intent_and_attribute() -> None:
    known = SIGNATURE_INTENTS | SIGNATURE_ATTRIBUTES
    assert known - words_of_the_page() == set()


# The words that begin statements whose keyword has another value.
WORDS = {
    Keyword.CODE: {"callstatement", "callprotoargument", "usercode", "pymethoddef"},
    Keyword.F2PY_ATTRIBUTE: {"check", "depend", "note", "required"},
    Keyword.DECLARATION: {"integer", "real", "double", "complex", "logical", "character", "byte", "type", "class"},
    Keyword.ACCESS: {"public", "private"},
    Keyword.IGNORED: {"namelist", "format"},
    Keyword.BINDING: {"procedure", "generic", "final"},
    Keyword.MODULE_PROCEDURE: {"module", "procedure"},
    Keyword.FUNCTION_CALL: {"f"},
}  # fmt: skip


def test_the_page_has_every_statement() -> None:
    order = (*signature_grammar._CODE, *signature_grammar._ORDER)
    keywords = {keyword for keyword, _ in order} | {Keyword.BINDING}
    words = {word for each in keywords for word in WORDS.get(each, each.value.split())}
    assert words - words_of_the_page() == set()
