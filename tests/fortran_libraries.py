"""Fortran sources of the small libraries that tests of the runtime call; run, it prints the BLAS."""

import sys

BLAS = """
      double complex function zdotu(n, x, incx, y, incy)
      integer n, incx, incy, i
      double complex x(*), y(*)
      zdotu = (0d0, 0d0)
      if (n .le. 0) return
      do i = 0, n - 1
        zdotu = zdotu + x(1 + i*incx)*y(1 + i*incy)
      end do
      end
      complex function cdotu(n, x, incx, y, incy)
      integer n, incx, incy, i
      complex x(*), y(*)
      cdotu = (0.0, 0.0)
      if (n .le. 0) return
      do i = 0, n - 1
        cdotu = cdotu + x(1 + i*incx)*y(1 + i*incy)
      end do
      end
      real function sdot(n, x, incx, y, incy)
      integer n, incx, incy, i
      real x(*), y(*)
      sdot = 0
      do i = 0, n - 1
        sdot = sdot + x(1 + i*incx)*y(1 + i*incy)
      end do
      end
      double precision function ddot(n, x, incx, y, incy)
      integer n, incx, incy, i
      double precision x(*), y(*)
      ddot = 0
      do i = 0, n - 1
        ddot = ddot + x(1 + i*incx)*y(1 + i*incy)
      end do
      end
      subroutine dscal(n, a, x, incx)
      integer n, incx, i
      double precision a, x(*)
      do i = 0, n - 1
        x(1 + i*incx) = a*x(1 + i*incx)
      end do
      end
      subroutine daxpy
      end
"""

MIXED = """
      subroutine kinds(i1, i2, i4, i8, r4, r8, c8, c16, l, ch)
      integer*1 i1
      integer*2 i2
      integer*4 i4
      integer*8 i8
      real*4 r4
      real*8 r8
      complex*8 c8
      complex*16 c16
      logical l
      character ch
      i1 = i1 + 1
      i2 = i2 + 1
      i4 = i4 + 1
      i8 = i8 + 1
      r4 = r4 + 1
      r8 = r8 + 1
      c8 = c8 + (1, -1)
      c16 = c16 + (1, -1)
      l = .not. l
      ch = char(ichar(ch) + 1)
      end
      logical function odd(n)
      integer n
      odd = mod(n, 2) .eq. 1
      end
      subroutine lengths(a, n, b, la, lb)
      character*(*) a, b
      integer n, la, lb
      la = len(a)
      lb = len(b)
      end
      double precision function apply(f, x)
      double precision f, x
      external f
      apply = f(x)
      end
"""

BY_VALUE = """
module inner
contains
  subroutine twice(x) bind(c, name="plain_twice")
    use iso_c_binding
    real(c_double), intent(inout) :: x
    x = 2*x
  end subroutine
  subroutine square(n, m)
    integer, intent(in) :: n
    integer, intent(out) :: m
    m = n*n
  end subroutine
end module
function weighted(n, x, s) bind(c) result(r)
  use iso_c_binding
  integer(c_int), value :: n
  real(c_double), value :: x
  real(c_float), value :: s
  real(c_double) :: r
  r = n*x + s
end function
"""

if __name__ == "__main__":
    sys.stdout.write(BLAS)
