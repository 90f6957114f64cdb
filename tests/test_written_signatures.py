"""What -h writes for a source is a signature file that makes the same module."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from f2pypy.command import cli
from f2pypy.runtime import specification

FORTRAN = Path(__file__).parent.parent / "fortran"
SOURCES = (
    "deferred",
    "deferred_length",
    "descriptors",
    "hidden_lengths",
    "interoperable",
    "scopes",
    "values",
)


def without_head(path: Path) -> str:
    """Return a module from what it exports on; its docstring and imports stand before that."""
    return path.read_text(encoding="utf-8").partition("\n__all__ = ")[2]


@pytest.mark.usefixtures("nothing_promised")
@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("compiler", ["gfortran-12", "gfortran-14", "flang"])
def test_a_written_signature_makes_the_same_module(
    name: str, compiler: str, tmp_path: Path
) -> None:
    source, signature = str(FORTRAN / f"{name}.f90"), str(tmp_path / f"{name}.pyf")
    options = ["--quiet", "--no-native", "--compiled-by", compiler]
    direct, again = tmp_path / "direct.py", tmp_path / "again.py"
    assert cli.run([source, "-m", name, "-h", signature, "--quiet"]) == 0
    assert cli.run([source, "-m", name, "-o", str(direct), *options]) == 0
    assert cli.run([signature, "-o", str(again), *options]) == 0
    assert "\ndef " in without_head(direct)
    assert without_head(again) == without_head(direct)


@pytest.mark.parametrize(
    "name",
    ["module_level", "objects", "caches", "dependences", "callbacks"],
)
def test_a_signature_file_that_is_written_again_makes_the_same_module(
    name: str, tmp_path: Path
) -> None:
    reads_back(FORTRAN / f"{name}.pyf", tmp_path)


def test_common_blocks_of_an_interface_are_written_as_block_data(
    tmp_path: Path,
) -> None:
    (tmp_path / "sizes.pyf").write_text(COMMON_BLOCKS)
    written = reads_back(tmp_path / "sizes.pyf", tmp_path)
    assert written.count("end block data") == 4


COMMON_BLOCKS = """python module sizes
interface
  integer :: width
  real*8, dimension(2,3) :: grid
  character*5 :: tag
  character*4, dimension(2) :: words
  common /sizes/ width, grid
  common /names/ tag, words
  integer, parameter :: k = 4
  complex*16, dimension(k) :: z
  logical :: flag
  common flag, z
  subroutine run(n)
    integer :: n
    real*8 :: own
    common /inner/ own
  end subroutine
end interface
end python module
"""


def reads_back(signature: Path, folder: Path) -> str:
    """Assert that what -h writes of a signature file makes the same module and is written so again; return it."""
    first, second = folder / "first.pyf", folder / "second.pyf"
    made, again = folder / "made.py", folder / "again.py"
    for source, written in ((signature, first), (first, second)):
        assert cli.run([str(source), "-h", str(written), "--no-lower", "--quiet"]) == 0
    for source, module in ((signature, made), (first, again)):
        assert cli.run([str(source), "-o", str(module), "--quiet"]) == 0
    assert again.read_text(encoding="utf-8") == made.read_text(encoding="utf-8")
    assert second.read_text() == first.read_text()
    return first.read_text()


FIBONACCI = """\
      SUBROUTINE FIB(A,N)
      INTEGER N
      REAL*8 A(N)
      DO 10 I=1,N
         A(I) = I - 1
         IF (I.GT.2) A(I) = A(I-1) + A(I-2)
   10 CONTINUE
      END
      SUBROUTINE SAID(A,B,C)
      REAL A,B,C
CF2PY INTENT(IN) A
CF2PY INTENT(INOUT) C
      END
"""


def test_only_stated_intents_are_written(tmp_path: Path) -> None:
    (tmp_path / "fib.f").write_text(FIBONACCI)
    written = tmp_path / "fib.pyf"
    assert cli.run([str(tmp_path / "fib.f"), "-m", "fib", "-h", str(written), "--quiet"]) == 0  # fmt: skip
    lines = {line.rpartition(":: ")[2].strip(): line for line in written.read_text().split("\n")}  # fmt: skip
    assert "intent(in)" in lines["a"]
    assert "intent" not in lines["b"]
    assert "intent(inout)" in lines["c"]


@pytest.mark.parametrize(
    ("line", "edited"),
    [
        # what the user guide of f2py edits by hand
        (
            "real(kind=8), dimension(n) :: a",
            "real(kind=8), dimension(n), intent(out), depend(n) :: a",
        ),
        (
            "real(kind=8), dimension(n) :: a",
            "real(kind=8), intent(out), depend(n), dimension(n) :: a",
        ),
    ],
)
def test_an_edited_signature(
    line: str, edited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fib.f").write_text(FIBONACCI)
    assert cli.run(["fib.f", "-m", "fib", "-h", "fib.pyf", "--quiet"]) == 0
    text = Path("fib.pyf").read_text()
    assert text.count(line) == 1
    Path("fib.pyf").write_text(text.replace(line, edited))
    assert cli.run(["fib.pyf", "-o", "fib.py", "--quiet", "--strict"]) == 0
    assert '"""a = fib(n)' in Path("fib.py").read_text()


def test_written_extents_are_those_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = """
module m
contains
  subroutine s(n, k, x, s, a, b, c, d, e, f)
    integer, intent(in) :: n, k(n)
    real(8), intent(in) :: x(:, 0:)
    character(len=*), intent(in) :: s
    integer, intent(out) :: a(sum(ubound(x))), b(size(x(:, 0))), c(int(x(2, 1)) + 1)
    integer, intent(out) :: d(merge(5, 6, all(k > 0 .and. k < 4))), e(index(s, 'a', back=.true.)), f(sum(k, mask=k > 1))
  end subroutine
end module
"""
    Path("m.f90").write_text(source)
    assert cli.run(["m.f90", "-m", "m", "-h", "m.pyf", "--quiet"]) == 0
    options = ["--quiet", "--no-native", "--strict", "--runtime", "import"]
    assert cli.run(["m.f90", "-m", "m", "-o", "direct.py", *options]) == 0
    assert cli.run(["m.pyf", "-o", "again.py", *options]) == 0
    allocated = [
        [
            line.strip()
            for line in Path(name).read_text().split("\n")
            if "= allocate(" in line
        ]
        for name in ("direct.py", "again.py")
    ]
    assert len(allocated[0]) == 6
    x, k, s = np.array([[1.0, 2], [3, 4], [0.5, 1.5]]), np.array([1, 2, 3]), b"ab a c"
    for lines in allocated:
        names = {
            "x": x,
            "k": k,
            "s": s,
            "allocate": lambda shape, _: shape[0],
            "int32": 0,
        }
        names |= {name: getattr(specification, name) for name in dir(specification)}
        found = [eval(line.partition("= ")[2], names) for line in lines]
        assert sorted(found) == sorted([4, 3, 5, 5, 4, 5])


def test_constants_of_other_letters_keep_their_bytes(tmp_path: Path) -> None:
    """In modules and as parameters' values: the signature file says the same as its source."""
    source, target = tmp_path / "k.f90", tmp_path / "k.pyf"
    source.write_text("module k\ncharacter(len=*), parameter :: name = 'Größe'\nend module\n")  # fmt: skip
    assert cli.run(["-h", str(target), "-m", "m", str(source)]) == 0
    assert "character(len=7), parameter :: name = 'Größe'" in target.read_text("utf-8")
    texts = []
    for given in ([str(target)], ["-m", "m", str(source)]):
        assert cli.run([*given, "-o", str(tmp_path / "m.py"), "--runtime", "import"]) == 0  # fmt: skip
        texts.append((tmp_path / "m.py").read_text().partition("\nk = ")[2])
    assert texts[0] == texts[1]
    assert texts[0]


CONTROL_CHARACTERS = """module k
character(len=1), parameter :: newline = achar(10), nul = achar(0)
character(len=5), parameter :: mixed = 'a' // achar(9) // "'" // achar(13) // '!'
character(len=3), parameter :: no_utf8 = 'a' // achar(200) // 'b'
character(len=2), parameter :: blanks = achar(194) // achar(160)
character(len=0), parameter :: empty = ''
character(len=2), parameter :: pairs(2) = ['a' // achar(10), '&;']
contains
subroutine s(text, x)
character(len=*), intent(in) :: text
real, intent(out) :: x(index(text, achar(10)))
x = 1
end subroutine
end module
"""


def test_characters_that_no_row_holds_are_written_as_achar(tmp_path: Path) -> None:
    source, target = tmp_path / "k.f90", tmp_path / "k.pyf"
    source.write_text(CONTROL_CHARACTERS)
    assert cli.run(["-h", str(target), "-m", "m", str(source), "--quiet"]) == 0
    written = target.read_text("utf-8")
    assert "newline = achar(10)\n" in written
    assert "mixed = 'a' // achar(9) // '''' // achar(13) // '!'\n" in written
    assert "no_utf8 = 'a' // achar(200) // 'b'\n" in written
    assert "blanks = achar(194) // achar(160)\n" in written
    assert "index(text, achar(10))" in written
    reads_back(target, tmp_path)
    direct, again = tmp_path / "direct.py", tmp_path / "made.py"
    assert cli.run(["-m", "m", str(source), "-o", str(direct), "--quiet"]) == 0
    assert without_head(again) == without_head(direct)


NAMED_ALIKE = """
subroutine run(y, g, r)
  interface
    function f_like(y, g)
      real, intent(in) :: y(2), g
      real :: f_like
    end function
  end interface
  procedure(f_like) :: y, g
  real, intent(out) :: r
  r = y([1.0, 2.0], 3.0) + g([1.0, 2.0], 3.0)
end subroutine
"""


def test_callbacks_that_are_named_like_one_of_their_dummies(tmp_path: Path) -> None:
    source, signature = tmp_path / "alike.f90", tmp_path / "alike.pyf"
    source.write_text(NAMED_ALIKE)
    assert cli.run([str(source), "-m", "alike", "-h", str(signature), "--quiet"]) == 0
    again = tmp_path / "again.py"
    assert cli.run([str(signature), "-o", str(again), "--quiet", "--strict"]) == 0
    text = again.read_text()
    assert "def y(y,g): return y_" in text
    assert "def g(y,g): return g_" in text
    assert 'CallbackArray("y", ' in text
