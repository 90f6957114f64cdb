! Where a directive and the declaration say different things of an argument, the first of them counts.

subroutine length_behind(s)
  character*(*), intent(out) :: s
  !f2py character(f2py_len=12) s
  s = "123456789A12"
end subroutine

subroutine length_before(s)
  !f2py character(f2py_len=12) s
  character(len=*), intent(out) :: s
  s = "123456789A12"
end subroutine

subroutine length_of_argument(s, n)
  character(len=*), intent(out) :: s
  integer, intent(in) :: n
  !f2py character(f2py_len=n), depend(n) :: s
  s = "123456789A123456789B"(1:n)
end subroutine

subroutine extent_behind(x)
  double precision x(3)
  !f2py double precision, intent(out) :: x(2)
  x = 3
end subroutine

subroutine extent_before(x)
  !f2py double precision, intent(out) :: x(4)
  double precision x(3)
  x = 3
end subroutine

subroutine extent_of_assumed_size(n, x)
  integer n
  !f2py integer, intent(hide) :: n = 5
  !f2py double precision, intent(out) :: x(n)
  double precision x(*)
  x(:n) = 3
end subroutine

subroutine dimension_before(x)
  !f2py dimension x(4)
  !f2py intent(out) x
  double precision x(3)
  x = 3
end subroutine

subroutine type_behind(x, y)
  double precision x, y
  !f2py integer, intent(in) :: x
  !f2py intent(out) y
  y = x
end subroutine
