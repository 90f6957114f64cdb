! Procedures that call what they are given, `calls` times.
subroutine sum_of(f, calls, total)
  double precision, external :: f
  integer, intent(in) :: calls
  double precision, intent(out) :: total
  integer :: i
  total = 0
  do i = 1, calls
    total = total + f(dble(i))
  end do
end subroutine sum_of

subroutine count_of(f, calls, total)
  integer, external :: f
  integer, intent(in) :: calls
  integer, intent(out) :: total
  integer :: i
  total = 0
  do i = 1, calls
    total = total + f(i, 3)
  end do
end subroutine count_of

subroutine turn(f, calls, w)
  external :: f
  integer, intent(in) :: calls
  complex(8), intent(out) :: w
  complex(8) :: z
  integer :: i
  z = (1d0, 2d0)
  do i = 1, calls
    call f(z, w)
  end do
end subroutine turn

subroutine integrate(f, n, calls, y, total)
  external :: f
  integer, intent(in) :: n, calls
  double precision, intent(inout) :: y(n)
  double precision, intent(out) :: total
  double precision :: slope(n)
  integer :: i
  slope = 0
  total = 0
  do i = 1, calls
    call f(n, dble(i), y, slope)
    total = total + slope(n)
  end do
end subroutine integrate

subroutine minimize(f, n, calls, y, total)
  double precision, external :: f
  integer, intent(in) :: n, calls
  double precision, intent(inout) :: y(n)
  double precision, intent(out) :: total
  integer :: i
  total = 0
  do i = 1, calls
    total = total + f(n, y)
  end do
end subroutine minimize

subroutine relax(f, n, calls, y)
  external :: f
  integer, intent(in) :: n, calls
  double precision, intent(inout) :: y(n)
  integer :: i
  do i = 1, calls
    call f(n, y)
  end do
end subroutine relax

subroutine announce(f, calls, total)
  external :: f
  integer, intent(in) :: calls
  integer, intent(out) :: total
  character(len=6) :: text
  integer :: i, answer
  text = 'abc'
  total = 0
  do i = 1, calls
    answer = 0
    call f(text, answer)
    total = total + answer
  end do
end subroutine announce

double precision function half(x)
  double precision, intent(in) :: x
  half = x/2
end function half
