"""Completion in real shells, and the manual page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import regenerate

from f2pypy.command.cli import BAD_USAGE, run
from f2pypy.command.completion import completion
from f2pypy.command.flags import FLAGS, SHELLS

EVERY = {name for flag in FLAGS for name in flag.names}


def ask(shell: str, folder: Path, line: str) -> set[str]:
    """Return what a shell proposes for the last word of a line."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    script = folder / f"completion.{shell}"
    script.write_text(completion(shell))
    (folder / "source.pyf").touch()
    (folder / "sub").mkdir(exist_ok=True)
    if shell == "bash":
        words = line.split(" ")
        text = (
            f"source {script}; COMP_WORDS=({' '.join(words[:-1])} '{words[-1]}'); COMP_CWORD={len(words) - 1}; "
            '_f2pypy; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        command = ["bash", "--norc", "-c", text]
    elif shell == "fish":
        text = f"source {script}; complete -C '{line}' | string split -f 1 \\t"
        command = ["fish", "--no-config", "-c", text]
    else:
        return ask_zsh(folder, script, line)
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.stderr == ""
    return set(ended.stdout.splitlines())


def ask_zsh(folder: Path, script: Path, line: str) -> set[str]:
    """Return what zsh lists in a terminal of its own, whose words the test reads."""
    functions = folder / "functions"
    functions.mkdir(exist_ok=True)
    (functions / "_f2pypy").write_text(script.read_text())
    text = (
        "zmodload zsh/zpty; zpty shell zsh -f; "
        f"zpty -w shell 'PS1=; fpath=({functions} $fpath); autoload -U compinit; compinit -D -u; "
        f'stty cols 4000 rows 1000; bindkey "^I" list-choices; print -r -- begin-$((1+1))\'; '
        "zpty -r -m shell seen '*begin-2*'; "
        f"zpty -w -n shell $'{line}\\t'; sleep 2; zpty -w -n shell $'\\x15print -r -- end-$((1+1))\\n'; "
        "zpty -r -m shell seen '*end-2*'; print -r -- $seen"
    )
    ended = subprocess.run(
        ["zsh", "-f", "-c", text],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "bad option" not in ended.stdout
    # the terminal's control sequences
    return set(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", " ", ended.stdout).split())


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_complete(shell: str, tmp_path: Path) -> None:
    assert {"--stop-raises", "--strict", "--static-runtime"} & EVERY <= ask(shell, tmp_path, "f2pypy --st")  # fmt: skip
    assert {"auto", "hidden", "f2c"} <= ask(shell, tmp_path, "f2pypy --abi ")
    assert {"bash", "zsh", "fish"} <= ask(shell, tmp_path, "f2pypy --completion ")
    assert "source.pyf" in ask(shell, tmp_path, "f2pypy so")
    found = {each.strip("/") for each in ask(shell, tmp_path, "f2pypy -I s")}
    assert "sub" in found
    assert "source.pyf" not in found


def test_bash_completes_names_with_blanks(tmp_path: Path) -> None:
    (tmp_path / "my file.f90").touch()
    (tmp_path / "my folder").mkdir()
    assert {"my file.f90", "my folder"} == ask("bash", tmp_path, "f2pypy my")
    assert {"my file.f90", "my folder"} == ask("bash", tmp_path, "f2pypy --f2cmap my")
    assert {"my folder"} == ask("bash", tmp_path, "f2pypy -I my")


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in SHELLS:
        assert run(["--completion", shell]) == 0
        printed = capsys.readouterr().out
        assert printed.rstrip("\n") == completion(shell).rstrip("\n")
        assert all(name.lstrip("-") in printed for name in EVERY)
    assert run(["--completion", "tcsh"]) == BAD_USAGE
    assert "bash, zsh, fish" in capsys.readouterr().err


def test_the_manual_page() -> None:
    page = regenerate.MANUAL
    assert page.read_text(encoding="utf-8") == regenerate.manual_page()
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("needs man")
    command = ["man", "--warnings", "-E", "UTF-8", "-l", "-P", "cat", str(page)]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "100"},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert all(name in ended.stdout for name in EVERY)
    assert "no other is searched" in " ".join(ended.stdout.split())
