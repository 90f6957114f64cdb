"""The instructions of attributes are what their comments say, and Python does without them where they don't run."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from f2pypy.runtime import callback_gates, component_code, component_instructions

SOURCES = [Path(module.__file__) for module in (component_instructions, callback_gates)]
INSTRUCTION = re.compile(r'^ {4}(?:"[?]?.": )?"([0-9a-f ]+(?:slow|cell)?)",  # (.+)$')
CELL = re.compile(r"\bcell\b")  # an address, which the assembler gets as 0
RUNS = bool(component_code._functions())


# Debian's CPythons and those of pyenv
EXPECTED = (
    sys.implementation.name == "cpython"
    and (sys.platform, platform.machine()) == ("linux", "x86_64")
    and object.__basicsize__ == 16
)


def test_the_code_runs_where_it_should() -> None:
    assert RUNS == EXPECTED


def documented() -> Iterator[tuple[str, str]]:
    """Yield the bytes of instructions, each with its mnemonic."""
    lines = "".join(each.read_text("utf-8") for each in SOURCES).splitlines()
    for line in lines:
        found = INSTRUCTION.match(line)
        if found:
            yield found[1], found[2]


def test_the_bytes_are_those_of_the_mnemonics(tmp_path: Path) -> None:
    """An assembler makes the same of them: jumps to the slow path have the longest distance."""
    if not RUNS or shutil.which("as") is None or shutil.which("objcopy") is None:
        pytest.skip("needs an assembler for x86-64")
    lines = [*documented()]
    assert len(lines) > 130
    known = {mnemonic for _, mnemonic in lines}
    assert known >= {"jmp [rax]", "pxor xmm0, xmm0", "mov rax, [rsi]"}
    text = ".intel_syntax noprefix\n"
    for _, mnemonic in lines:
        placed = CELL.sub("0", mnemonic)
        size = re.sub(r"\b(byte|word|dword|qword) \[", r"\1 ptr [", placed)
        jump = re.fullmatch(r"(j\w+) ([.]?)([-+]\d+|slow)", size)
        if jump is None:
            text += f"{size}\n"
        elif jump[3] == "slow":
            text += f"{jump[1]} elsewhere\n"
        else:
            text += f"{jump[1]} . {jump[3][0]} {jump[3][1:]}\n"
    (tmp_path / "code.s").write_text(text)
    commands = (
        ["as", "--64", "-o", "code.o", "code.s"],
        ["objcopy", "-O", "binary", "-j", ".text", "code.o", "code"],
    )
    for command in commands:
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    expected = "".join(
        CELL.sub("00 " * 8, code).replace("slow", "00 " * 4) for code, _ in lines
    )
    assert (tmp_path / "code").read_bytes() == bytes.fromhex(expected)


def test_jumps_go_to_the_call_of_python() -> None:
    lines, slow = ("90", "0f 84 slow", "90 90 90", "0f 85 slow", "c3"), ("cc",)
    assert component_instructions._joined(lines, slow).hex(" ") == (
        "90 0f 84 0a 00 00 00 90 90 90 0f 85 01 00 00 00 c3 cc"
    )


@pytest.mark.skipif(not RUNS, reason="the machine or the interpreter has no such code")
def test_no_code_where_memory_for_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(code: bytes) -> int:
        raise OSError(13, "the system lets nobody make machine code")

    monkeypatch.setattr(component_code, "executable", refuse)
    component_code._functions.cache_clear()
    try:
        assert component_code._functions() == {}
    finally:
        component_code._functions.cache_clear()


def without_code(kind: type, letter: str) -> Any:
    """Return the attribute of a class whose objects have no window."""
    return component_code.code_attribute(
        kind, kind, letter, 0, "x", (0, (1 << 64) - 1 if letter == "Q" else 1)
    )


@pytest.mark.skipif(not RUNS, reason="the machine or the interpreter has no such code")
def test_no_code_for_what_it_does_not_know() -> None:
    class Windowed:
        __slots__ = ("_window",)

    assert without_code(Windowed, "g") is None
    assert type(without_code(Windowed, "Q")).__name__ == "getset_descriptor"
    assert type(without_code(Windowed, "d")).__name__ == "getset_descriptor"
