"""--static-runtime: the library needs nothing of its compiler's, and works as the one that does."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from example_packages import PYPY, called, run

from f2pypy.building.static_runtime import refused

SOURCE = """\
subroutine texts(n, x, s)
  integer, intent(in) :: n
  real(8), intent(out) :: x(n)
  character(20), intent(out) :: s
  write(s, '(f8.3)') 1.5d0
  read(s, *) x(1)
  call random_number(x(2:))
  {quadruple}
end subroutine
!> Transfers that may wait: the standard lets a processor do them at once.
subroutine later(path, back)
  character(*), intent(in) :: path
  integer, intent(out) :: back(3)
  integer :: unit{, id
  logical :: waits}
  open(newunit=unit, file=path, asynchronous='yes', status='replace', form='unformatted', access='stream')
  write(unit, asynchronous='yes'{, id=id}) 11, 12, 13
  {inquire(unit, id=id, pending=waits)
  wait(unit, id=id)}
  wait(unit)
  rewind(unit)
  read(unit, asynchronous='yes') back
  wait(unit)
  close(unit)
end subroutine
subroutine told(kind)
  integer, intent(in) :: kind
  real, allocatable :: a(:)
  if (kind == 0) write(0, *) 'to stderr'
  if (kind == 0) write(*, *) 'to stdout'
  if (kind == 1) error stop 'bad luck'
  if (kind == 2) open(77, file='/nowhere/none', status='old')
  if (kind == 3) allocate(a(5))
  if (kind == 3) allocate(a(6))
end subroutine
"""
PROGRAM = """
import os, tempfile
import made
x, s = made.texts(5)
assert x[0] == 1.5 and 0 <= x[1:].min() < x[1:].max() < 1, x
assert s.split() == [SHOWN], s
with tempfile.TemporaryDirectory() as folder:
    assert made.later(os.path.join(folder, "file")).tolist() == [11, 12, 13]
for again in range(3):
    for kind, text in ENDS:
        try:
            made.told(kind)
        except made.FortranStop as stop:
            assert text in str(stop), stop
        else:
            raise AssertionError(kind)
made.told(0)
print(made.__native__.reason)
"""
# Native code, too, has libgfortran forget an error that it has reported.
NATIVE = """
import made
made.__native__.compile("told")
assert made.__native__.compiled == ["told"], made.__native__.refused
for _ in range(3):
    try:
        made.told(2)
    except made.FortranStop as stop:
        assert "exit(2)" in str(stop), stop
print(made.__native__)
"""
# Units of its own that a library opens, and what it knows of a file.
UNITS = """\
integer function opened(path)
  character(*), intent(in) :: path
  open(9, file=path)
  inquire(file=path, number=opened)
end function
"""


def source_for(compiler):
    """Return the source; flang 19 has no quadruple exponential and no identifiers of transfers."""
    flang = "flang" in compiler
    quadruple = "write(s, '(f20.16)') exp(real(x(1), 16))"
    text = SOURCE.replace("{quadruple}", "s = 'none'" if flang else quadruple)
    return re.sub(r"{(.*?)}", "" if flang else r"\1", text, flags=re.S)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks ldd")
@pytest.mark.parametrize("compiler", ["gfortran-12", "gfortran-11", "flang-new-19"])
def test_the_library_needs_nothing_of_its_compiler(tmp_path, compiler):
    """libgfortran's archive of Debian is for programs: what it may not do in a library is replaced."""
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler}")
    tmp_path.joinpath("made.f90").write_text(source_for(compiler))
    words = ("-c", "-m", "made", "made.f90", "--stop-raises", "--opt=-O1")
    run(sys.executable, "-m", "f2pypy", *words, "--static-runtime", folder=tmp_path, FC=compiler)  # fmt: skip
    needed = run("ldd", tmp_path / "libmade.so")
    assert "libc.so" in needed
    assert not [name for name in ("gfortran", "quadmath", "gcc_s", "ortran") if name in needed]  # fmt: skip
    shown, ends = b"4.4816890703380648", [(1, "bad luck"), (2, "exit"), (3, "already allocated")]  # fmt: skip
    if "flang" in compiler:
        shown, ends = b"none", [(1, "bad luck")]
    program = PROGRAM.replace("SHOWN", repr(shown)).replace("ENDS", repr(ends))
    for python in filter(os.path.exists, (sys.executable, PYPY)):
        assert "to stdout" in called(python, tmp_path, program=program)
    if "flang" not in compiler:
        pytest.importorskip("llvmlite")
        assert "of 1 functions" in called(sys.executable, tmp_path, program=NATIVE)


def test_two_such_libraries_share_nothing(tmp_path):
    """Each has units of its own: their order and their buffers are those of two programs."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    tmp_path.joinpath("a.f90").write_text(UNITS)
    for name in ("one", "two"):
        run(sys.executable, "-m", "f2pypy", "-c", "-m", name, "a.f90", "--static-runtime", folder=tmp_path)  # fmt: skip
    program = f"import one, two; p = {str(tmp_path / 'file')!r}; print(one.opened(p), two.opened(p))"  # fmt: skip
    assert called(sys.executable, tmp_path, program=program).split() == ["9", "9"]
    loaded = ctypes.CDLL(str(tmp_path / "libone.so"))
    assert not hasattr(loaded, "thread_unit")
    assert not hasattr(loaded, "__wrap_stderr")


FAKE = """\
#!/bin/sh
case "$*" in
  *print-file-name=libgfortran.a*) echo "{answer}"; exit;;
  *-shared*) echo "ld: $PWD/libgfortran.a(unit.o): relocation R_X86_64_PC32 against symbol \\`x' can not be used when \
making a shared object; recompile with -fPIC" >&2; exit 1;;
esac
exec gfortran "$@"
"""


@pytest.mark.skipif(os.name != "posix", reason="its compiler is a script")
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            "libgfortran.a",
            "gfortran-fake has no libgfortran.a; install the archive, or let",
        ),
        (
            "/there/libgfortran.a",
            "the runtime's archive of gfortran-fake can't be in a shared library; let",
        ),
    ],
)
def test_archives_that_cannot_be_in_a_library(tmp_path, answer, message):
    """Nothing is written, and what was there stays."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    compiler = tmp_path / "gfortran-fake"
    compiler.write_text(FAKE.format(answer=answer))
    compiler.chmod(0o755)
    tmp_path.joinpath("a.f90").write_text("subroutine a\nend subroutine\n")
    tmp_path.joinpath("a.py").write_text("old")
    words = ("-c", "-m", "a", "a.f90", "--static-runtime")
    shown = run(sys.executable, "-m", "f2pypy", *words, folder=tmp_path, status=1, FC=str(compiler))  # fmt: skip
    assert f"--static-runtime: {message}" in shown
    assert shown.count("\n") == 1
    assert Path(tmp_path, "a.py").read_text() == "old"
    assert not Path(tmp_path, "liba.so").exists()


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ("/usr/bin/ld: /lib/libgfortran.a(async.o): relocation R_X86_64_TPOFF32 against symbol `thread_unit' can not "
         "be used when making a shared object; recompile with -fPIC", True),
        ("ld.lld: error: relocation R_X86_64_TPOFF32 against thread_unit cannot be used with -shared\n"
         ">>> defined in /lib/libgfortran.a(async.o)", True),
        ("/usr/bin/ld.gold: error: /lib/libgfortran.a(unix.o): requires dynamic R_X86_64_PC32 reloc against 'stderr' "
         "which may overflow at runtime; recompile with -fPIC", True),
        ("/usr/bin/ld: mine.a(mine.o): relocation R_X86_64_PC32 against symbol `x' can not be used when making a "
         "shared object; recompile with -fPIC", False),
        ("/usr/bin/ld: cannot find -lgfortran: No such file or directory", False),
    ],
)  # fmt: skip
def test_what_linkers_refuse(errors, expected):
    assert bool(refused(errors)) == expected
