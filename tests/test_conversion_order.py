"""Arguments are converted in f2py's order, so that the same one is blamed when several are wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from f2pypy.diagnostics import Diagnostics
from f2pypy.options import Options
from f2pypy.pipeline import resolve_signature

SIGNATURES = """python module order
interface
subroutine quoted(uplo,diag,n,a,lda,info)
  character, optional, check(*uplo=='U') :: uplo = 'U'
  character, optional, check(*diag=='N'||*diag=='U') :: diag = 'N'
  real*8, dimension(lda,n) :: a
  integer, intent(hide), depend(a) :: n = shape(a, 1)
  integer, intent(hide), depend(n) :: lda = MAX(1, n)
  integer, intent(out) :: info
end subroutine
subroutine itself(n,k,m)
  character, optional :: n = 'N'
  integer, optional :: k = 2
  integer :: m
end subroutine
subroutine no_argument(c,k,m)
  character, optional :: c = 'Local'
  integer, optional :: k = 2
  integer :: m
  integer :: local
end subroutine
subroutine own_name(c,k,m)
  character*8, optional :: c = 'own_name'
  integer, optional :: k = 2
  integer :: m
end subroutine
subroutine checked(y,work,n,iout,tol)
  real*8, dimension(n), intent(in,out,copy) :: y
  real*8, dimension(*), check(len(work)>=8*n) :: work
  integer, intent(hide), depend(y) :: n = len(y)
  integer, check(iout<n) :: iout
  real*8, dimension(*), check(len(tol)<=1||len(tol)>=n), depend(n) :: tol
end subroutine
subroutine circle(a,b,n,m)
  integer :: m
  real*8, dimension(n) :: a
  real*8, dimension(n) :: b
  integer, intent(hide), depend(b) :: n = len(b)
end subroutine
function named(c,k,m)
  integer :: named
  character*5, optional :: c = 'Named'
  integer, optional :: k = 2
  integer :: m
end function
end interface
end python module
"""


@pytest.fixture(scope="module")
def orders_of_f2py(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the arguments of each routine in the order in which the C that f2py writes converts them."""
    folder: Path = tmp_path_factory.mktemp("order")
    (folder / "order.pyf").write_text(SIGNATURES)
    command = [sys.executable, "-m", "numpy.f2py", "order.pyf"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    text = (folder / "ordermodule.c").read_text()
    pieces = re.split(r"\*{5,} (\w+) \*{5,}/\nstatic char doc_", text)
    return {
        name: re.findall(rf"/\* Processing variable (?!{name} )(\w+) \*/", body)
        for name, body in zip(pieces[1::2], pieces[2::2])  # noqa: B905 - not before Python 3.10
    }


def test_arguments_are_converted_in_the_order_of_f2py(
    orders_of_f2py: dict[str, list[str]],
) -> None:
    library = resolve_signature(SIGNATURES, "order.pyf", Options(), Diagnostics())
    found = {each.name: list(each.evaluation) for each in library.procedures}
    assert found == orders_of_f2py
    assert found["quoted"][-1] == "diag"
