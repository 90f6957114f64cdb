! What integers are for, besides being passed: flags, extents, and the code around a call.

subroutine choose(flag, x)
  character, intent(in) :: flag
  double precision, intent(inout) :: x
  if (flag == 'T') x = -x
end subroutine

subroutine first(x, y)
  double precision, intent(in) :: x(*)
  double precision, intent(out) :: y
  y = x(1)
end subroutine

subroutine pick(n, places, k, place)
  integer, intent(in) :: n, k
  integer, intent(in) :: places(n)
  integer, intent(out) :: place
  place = places(k)
end subroutine

subroutine count_on(i, r, c, was)
  integer, intent(inout) :: i
  double precision, intent(inout) :: r
  character, intent(inout) :: c
  double precision, intent(out) :: was(3)
  was = [dble(i), r, dble(ichar(c))]
  i = i + 1
  r = r + 1
  c = char(ichar(c) + 1)
end subroutine

subroutine raise_one(i)
  integer, intent(inout) :: i
  i = i + 1
end subroutine

subroutine raise_twice(n, m, again, k)
  integer, intent(inout), target :: n
  integer, intent(in), target :: again
  integer, intent(inout) :: m
  integer, intent(out) :: k
  external :: raise_one
  call raise_one(n)
  m = m - 1
  k = again
end subroutine

integer function twice(n) bind(c, name="twice")
  use iso_c_binding
  integer(c_int), value :: n
  twice = 2 * n
end function
