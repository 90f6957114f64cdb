! Reals of 80 bits and bits without a sign, as signature files describe them.

subroutine sums(x, y, total)
  real(10), intent(in) :: x, y
  real(10), intent(out) :: total
  total = x + y
end subroutine

real(10) function scaled(x, factor)
  real(10), intent(in) :: x, factor
  scaled = x * factor
end function

complex(10) function turned(z)
  complex(10), intent(in) :: z
  turned = z * (0, 1)
end function

subroutine halve(x)
  real(10), intent(inout) :: x
  x = x / 2
end subroutine

subroutine fill(n, a, b)
  integer, intent(in) :: n
  real(10), intent(inout) :: a(n)
  complex(10), intent(out) :: b(n)
  a = a / 3
  b = cmplx(a, -a, 10)
end subroutine

real(10) function asked(f, x)
  real(10), external :: f
  real(10), intent(in) :: x
  asked = f(x) / 3
end function

subroutine ask(y)
  real(10), intent(out) :: y
  real(10), external :: provided
  y = provided(1.0_10 / 3) / 7
end subroutine

subroutine keep(x)
  real(10), intent(in) :: x
  real(10) :: kept, pair(2)
  integer :: count
  common /wide/ count, kept, pair
  count = count + 1
  kept = x
  pair = [x, -x]
end subroutine

function by_value(x, z) bind(c, name="by_value") result(y)
  use iso_c_binding
  real(c_long_double), value :: x
  complex(c_long_double_complex), value :: z
  complex(c_long_double_complex) :: y
  y = x * z
end function

! What follows gets and gives bits: Fortran has no type for them.

subroutine bits_8(x, y)
  integer(1), intent(in) :: x
  integer(1), intent(out) :: y
  y = not(x)
end subroutine

subroutine bits_16(x, y)
  integer(2), intent(in) :: x
  integer(2), intent(out) :: y
  y = not(x)
end subroutine

subroutine bits_32(x, y)
  integer(4), intent(in) :: x
  integer(4), intent(out) :: y
  y = not(x)
end subroutine

subroutine bits_64(x, y)
  integer(8), intent(in) :: x
  integer(8), intent(out) :: y
  y = not(x)
end subroutine

subroutine all_bits(n, a, b, c, d)
  integer, intent(in) :: n
  integer(1), intent(inout) :: a(n)
  integer(2), intent(inout) :: b(n)
  integer(4), intent(inout) :: c(n)
  integer(8), intent(inout) :: d(n)
  a = not(a)
  b = not(b)
  c = not(c)
  d = not(d)
end subroutine

integer(4) function turned_bits(x) bind(c, name="turned_bits")
  integer(4), value :: x
  turned_bits = not(x)
end function

subroutine flip(x)
  integer(8), intent(inout) :: x
  x = not(x)
end subroutine
