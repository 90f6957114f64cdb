"""Modules of one package that share the runtime, which is a file of the package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy.command.cli import BAD_USAGE, WRITTEN, run

ROOT = Path(__file__).parents[1]
SOURCES = {
    "plain": """
subroutine scale(n, a, x)
  integer, intent(in) :: n
  double precision, intent(in) :: a
  double precision, intent(inout) :: x(n)
  x = a * x
end subroutine
""",
    "texts": """
subroutine greet(name, text)
  character(len=*), intent(in) :: name
  character(len=12), intent(out) :: text
  text = "hello " // name
end subroutine
""",
    "deep/callers": """
module state
  integer :: calls = 0
  real(8), allocatable :: kept(:)
contains
  function twice(f, x) result(y)
    interface
      real(8) function f(x)
        real(8), intent(in) :: x
      end function
    end interface
    real(8), intent(in) :: x
    real(8) :: y
    calls = calls + 1
    y = f(f(x))
  end function
end module
""",
}
SCRIPT = """
import pickle, sys
import numpy as np
from package import plain, texts
from package.deep import callers
x = np.array([1.0, 2.0])
plain.scale(3.0, x)
assert x.tolist() == [3.0, 6.0]
assert texts.greet("you").strip() == b"hello you"
assert callers.state.twice(lambda x: x + 1.5, 1.0) == 4.0
try:
    plain.scale("a", x)
except ValueError as failure:
    entry = failure.__traceback__.tb_next
while entry is not None:
    assert entry.tb_frame.f_globals["__tracebackhide__"], entry.tb_frame
    entry = entry.tb_next
assert [name for name in dir(plain) if name[:2] != "__"] == ["scale"]
callers.state.kept = [1.0, 2.0]
assert (callers.state.calls, callers.state.kept.tolist()) == (1, [1.0, 2.0])
assert pickle.loads(pickle.dumps(plain.scale)) is plain.scale
assert type(plain.scale) is type(texts.greet) is sys.modules["package._f2pypy"].Wrapper
assert not issubclass(plain.error, texts.error)
try:
    plain.scale(1.0, "abc")
except TypeError as failure:
    assert "str" in str(failure), failure
else:
    raise AssertionError("text is no array")
assert "f2pypy" not in sys.modules
"""
INTERPRETERS = [sys.executable, str(ROOT / ".venv-pypy" / "bin" / "python")]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The folder that has the package: three modules, one of them in a package inside of it."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    folder = tmp_path_factory.mktemp("shared")
    for each in ("package", "package/deep"):
        (folder / each).mkdir()
        (folder / each / "__init__.py").touch()
    runtime = folder / "package" / "_f2pypy.py"
    for path, text in SOURCES.items():
        source = folder / f"{Path(path).name}.f90"
        source.write_text(text)
        output = folder / "package" / f"{path}.py"
        flags = ["-m", source.stem, "-o", str(output), "--runtime", str(runtime)]
        assert run(["-c", str(source), "--quiet", "--strict", *flags]) == WRITTEN
    return folder


@pytest.mark.parametrize("python", INTERPRETERS, ids=["cpython", "pypy"])
def test_a_package_that_is_installed_elsewhere(package, python, tmp_path):
    if not Path(python).exists():
        pytest.skip(f"needs {python}")
    site = tmp_path / "site-packages"
    shutil.copytree(package / "package", site / "package")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment = {**kept, "PYTHONPATH": str(site)}
    subprocess.run(
        [python, "-W", "error", "-c", SCRIPT],
        check=True,
        env=environment,
        cwd=tmp_path,
    )


def test_the_modules_hold_nothing_of_the_runtime(package):
    texts = [(package / "package" / f"{path}.py").read_text() for path in SOURCES]
    assert [text.count("\nclass ") for text in texts] == [
        1,
        1,
        2,
    ]  # that of the Fortran module
    assert [text.count("from ._f2pypy import ") for text in texts] == [1, 1, 0]
    assert texts[2].count("from .._f2pypy import ") == 1


def test_the_runtime_is_the_same_whichever_module_is_written_first(package, tmp_path):
    (tmp_path / "callers.f90").write_text(SOURCES["deep/callers"])
    flags = [
        "-m",
        "m",
        "-o",
        str(tmp_path / "m.py"),
        "--runtime",
        str(tmp_path / "r.py"),
    ]
    assert run([str(tmp_path / "callers.f90"), "--quiet", *flags]) == WRITTEN
    shared = package / "package" / "_f2pypy.py"
    assert (tmp_path / "r.py").read_bytes() == shared.read_bytes()
    # there is no __init__.py, so it is a module beside the other
    assert "from r import " in (tmp_path / "m.py").read_text()


@pytest.mark.parametrize(
    ("word", "statement"),
    [
        ("package._runtime={}/else_where.py", "from package._runtime import "),
        (".._runtime={}/_runtime.py", "from .._runtime import "),
        ("{}/inner/_runtime.py", "from inner._runtime import "),
    ],
)
def test_how_it_is_imported(tmp_path, word, statement):
    (tmp_path / "inner").mkdir()
    (tmp_path / "plain.f90").write_text(SOURCES["plain"])
    source, output = str(tmp_path / "plain.f90"), tmp_path / "plain.py"
    flags = ["-m", "plain", "-o", str(output), "--runtime", word.format(tmp_path)]
    assert run([source, "--quiet", *flags]) == WRITTEN
    assert statement in output.read_text()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("{}/../runtime.py", "the path doesn't show the name by which"),
        ("{}/run-time.py", "the path doesn't show the name by which"),
        ("{}/plain.py", "exists and isn't a runtime of f2pypy's"),
    ],
)
def test_what_is_refused(tmp_path, capsys, word, said):
    (tmp_path / "plain.f90").write_text(SOURCES["plain"])
    (tmp_path / "plain.py").write_text("# mine\n")
    source, output = str(tmp_path / "plain.f90"), tmp_path / "output.py"
    flags = ["-m", "plain", "-o", str(output), "--runtime", word.format(tmp_path)]
    assert run([source, *flags]) == BAD_USAGE
    assert said in capsys.readouterr().err
    assert not output.exists()
    assert (tmp_path / "plain.py").read_text() == "# mine\n"
