! What Fortran can say of an argument, one procedure each.

complex(8) function doubled(z)
  complex(8) :: z
  doubled = 2*z
end function

function label(k)
  integer, intent(in) :: k
  character(len=5) :: label
  label = 'no'
  label(4:4) = char(48 + k)
end function

subroutine kinds(x, m, n)
  use iso_c_binding, only: c_size_t, wide => c_int64_t
  integer, parameter :: dp = selected_real_kind(15)
  real(dp), intent(inout) :: x(3)
  integer(c_size_t), intent(out) :: m
  integer(wide), intent(in) :: n
  x = x + 1
  m = n + 1
end subroutine

function plus(a, b) result(r)
  real(8), intent(in) :: a
  real(8), intent(in), optional :: b
  real(8) :: r
  r = a
  if (present(b)) r = r + b
end function

subroutine add_given(x, n, v, s, w, c)
  integer, intent(in) :: n
  real(8), intent(inout) :: x(n)
  real(8), intent(in), optional :: v(n), w(:)
  character(len=*), intent(in), optional :: s
  complex(8), intent(in), optional :: c
  if (present(v)) x = x + v
  if (present(w)) x = x + 10*sum(w)
  if (present(s)) x = x + 100*len(s)
  if (present(c)) x = x + 1000*aimag(c)
end subroutine

subroutine increment(x)
  real(8), intent(inout) :: x(:, :)
  x = x + 1
end subroutine

subroutine transposed(x, y)
  real, intent(in) :: x(:, :)
  real, intent(out) :: y(size(x, 2), size(x, 1))
  y = transpose(x)
end subroutine

subroutine powers(n, y)
  integer, intent(in) :: n
  integer, intent(out) :: y(2**n)
  integer :: i
  y = [(i, i = 1, 2**n)]
end subroutine

subroutine halves(n, y)
  integer, intent(in) :: n
  integer, intent(out) :: y(n/2 + mod(n, 2))
  y = n
end subroutine

subroutine chosen(n, job, y)
  integer, intent(in) :: n, job
  integer, intent(out) :: y(merge(n, 1, job > 0))
  y = job
end subroutine

subroutine between(first, last, x, total)
  integer, intent(in) :: first, last
  real(8), intent(in) :: x(first:last)
  real(8), intent(out) :: total
  total = sum(x)
end subroutine

subroutine twice_entered(a)
  integer, intent(inout) :: a(2)
  a = 1
  return
  entry entered(a)
  a = 2
end subroutine

function weighted(n, x) bind(c, name="weighted_sum") result(r)
  use iso_c_binding
  integer(c_int), value :: n
  real(c_double), value :: x
  real(c_double) :: r
  r = n*x
end function

subroutine directed(x, n)
  double precision x(n)
  integer n
!f2py intent(in, out) x
!f2py check(n < 5) n
  x = x + n
end subroutine

subroutine point_to(p)
  type point
    real :: x, y
  end type
  type(point) :: p
  p%x = 0
end subroutine

subroutine increment_c(x) bind(c)
  use iso_c_binding
  real(c_double), intent(inout) :: x(:)
  x = x + 1
end subroutine

subroutine without_gaps(x)
  real(8), contiguous, intent(inout) :: x(:)
  x = x + 1
end subroutine

subroutine change_given(given, i, r, z, l, c)
  integer, intent(out) :: given
  integer, intent(inout), optional :: i
  real, intent(inout), optional :: r
  complex(8), intent(inout), optional :: z
  logical, intent(inout), optional :: l
  character, intent(inout), optional :: c
  given = 0
  if (present(i)) then
    given = given + 1
    i = i + 1
  end if
  if (present(r)) then
    given = given + 2
    r = 2*r
  end if
  if (present(z)) then
    given = given + 4
    z = conjg(z)
  end if
  if (present(l)) then
    given = given + 8
    l = .not. l
  end if
  if (present(c)) then
    given = given + 16
    c = 'c'
  end if
end subroutine
