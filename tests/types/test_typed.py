"""Type checkers see what classes for derived types have."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="needs mypy")
ROOT = Path(__file__).parents[2]
USES = """
import vectors
import bound
import owned
import plain
import asked
import facades

v = vectors.vectors_vector(1.0, 2.0)
reveal_type(v.x)
reveal_type(v.flip())
reveal_type(vectors.vectors_add(v, v))
reveal_type(bound.accounts_savings().interest(2))
reveal_type(plain.plain_given(None, plain.plain_large()))
reveal_type(plain.plain_with_python_words().class_)
reveal_type(owned.owned_change(None, 1))
reveal_type(owned.owned_created(1))
reveal_type(owned.owned_many(1))
reveal_type(asked.asked_store().get("key", value=int))
reveal_type(asked.asked_store().get("key", value=float, default=2))
reveal_type(asked.asked_store().get("key", value=asked.asked_parts))
reveal_type(asked.asked_store().get("key", value=[int]))
reveal_type(asked.asked_split(2.5, part=float))
reveal_type(facades.shapes.disc(2).radius)
reveal_type(facades.shapes.count)
"""


@pytest.mark.skipif(shutil.which("gfortran") is None, reason="needs gfortran")
def test_generated_classes(tmp_path: Path) -> None:
    from f2pypy.command.cli import run

    for name in ("vectors", "bound", "plain", "owned", "asked", "facades"):
        source = str(ROOT / "fortran" / "types" / f"{name}.f90")
        output = str(tmp_path / f"{name}.py")
        options = ["-m", name, "-o", output, "--runtime", "import", "--quiet"]
        assert run(["-c", source, *options]) == 0
    (tmp_path / "uses.py").write_text(USES)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "vectors.py",
            "bound.py",
            "plain.py",
            "owned.py",
            "asked.py",
            "facades.py",
            "uses.py",
        ],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    revealed = [
        line.partition("Revealed type is ")[2].strip('"')
        for line in done.stdout.splitlines()
        if "Revealed" in line
    ]
    assert "error:" not in done.stdout, done.stdout
    assert [re.sub(r"\w+\.", "", text) for text in revealed] == [
        "float",
        "Any",
        "vectors_vector",
        "float",
        "int",
        "int",
        "owned_item | None",
        "owned_plain | None",
        "Records[owned_item] | None",
        "tuple[int, int]",
        "tuple[float, int]",
        "tuple[asked_parts, int]",
        "tuple[ndarray[tuple[Any, ...], dtype[signedinteger[_32Bit]]], int]",
        "float",
        "float",
        "ndarray[Any, Any]",
    ]
