"""IPython's magics, in IPython and in a kernel that runs the example notebook."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("IPython")
NOTEBOOKS = Path(__file__).parents[2] / "examples/notebook"
GIVE = "integer function give()\n  give = {value}\nend function\n"


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "f2pypy")
    return shell


def run(shell, text):
    """Run a cell and return what it raised, None where that is nothing."""
    result = shell.run_cell(text)
    return result.error_in_exec or result.error_before_exec


def test_names_of_a_cell(shell):
    assert run(shell, "%%fortran\n" + GIVE.format(value=3)) is None
    assert shell.user_ns["give"]() == 3
    assert run(shell, "%%fortran\n" + GIVE.format(value=4)) is None
    assert shell.user_ns["give"]() == 4


def test_words_of_the_command_line(shell, tmp_path):
    tmp_path.joinpath("more.f90").write_text(GIVE.format(value=5).replace("give", "more"))  # fmt: skip
    header = "%%fortran -m named more.f90 --f90flags=-fdefault-real-8 only: give more :"
    cell = GIVE.format(value="kind(1.0)") + GIVE.replace("give", "unwanted").format(value=1)  # fmt: skip
    assert run(shell, f"{header}\n{cell}") is None
    space = shell.user_ns
    assert (space["named"].give(), space["give"](), space["more"]()) == (8, 8, 5)
    assert "unwanted" not in space


def test_errors_stand_at_the_lines_of_the_cell(shell, capsys):
    error = run(shell, "%%fortran\nsubroutine a(x)\n  real :: x\n  x = = 1\nend subroutine")  # fmt: skip
    shown = capsys.readouterr()
    assert error.diagnostics[0].span.line == 4
    assert "cell:4:" in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


def test_warnings_of_the_compiler_are_shown(shell, capsys):
    cell = "%%fortran --f90flags=-Wall\nsubroutine a(x)\n  real :: x, unused\n  x = 1\nend subroutine"
    for _ in range(2):
        assert run(shell, cell) is None
        shown = capsys.readouterr().err
        assert "cell:3:" in shown
        assert "Unused variable" in shown


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%%fortran --nothing\nend", "unknown option --nothing"),
        ("%%fortran 'a\nend", "No closing quotation"),
        ("%%fortran absent.f90\nsubroutine a\nend subroutine", "absent.f90 can't be read"),
        ("%f2pypy absent.pyf", "f2pypy absent.pyf wrote no module"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(shell, capsys, cell, message):
    assert message in str(run(shell, cell))
    shown = capsys.readouterr()
    assert message in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


def outputs(notebook, folder):
    """Return what each cell of a notebook shows, in one text, when a kernel runs it in a folder."""
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient").NotebookClient
    pytest.importorskip("ipykernel")
    read = nbformat.read(shutil.copy(NOTEBOOKS / notebook, folder), as_version=4)
    client(read, timeout=120, resources={"metadata": {"path": folder}}).execute()
    return [
        "".join(
            each.get("text") or each["data"]["text/plain"] for each in cell["outputs"]
        )
        for cell in read.cells
        if cell.get("outputs")
    ]


def test_the_example_runs_in_a_kernel(tmp_path):
    shown = outputs("fortran.ipynb", tmp_path)
    assert shown[0] == "array([0., 1., 1., 1., 0.])"
    assert shown[1].startswith("y = smooth(x,[n])")
    assert shown[2:] == ["9.9019 -0.981\n", "9.7876 -1.143\n", "5"]


def test_the_tutorial_runs_in_a_kernel(tmp_path, monkeypatch):
    pytest.importorskip("hatchling")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    shown = outputs("tutorial.ipynb", tmp_path)
    assert shown[0] == "array([0., 1., 1., 1., 0.])"
    assert "the smoothed signal" in shown[1]
    assert shown[2] == "could not convert string to float: 'a'\n"
    assert "filters.py: 1 routine wrapped, 0 skipped" in shown[4]
    assert shown[5] == "'three points at least' 1\n"
    assert "2 passed" in shown[7]
    assert "smoothing-1.0-py3-none-" in shown[10]
    assert "[0. 1. 1. 1. 0.]" in shown[11]
