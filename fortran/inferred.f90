! What f2pypy has to conclude: values of constants, bounds of other arguments, callbacks that are handed on.
module table_of_constants
  implicit none
  integer, private :: i
  integer, parameter :: n = 7
  integer, parameter :: squares(4) = [(i*i, i = 1, 4)]
  real(8), parameter :: grid(3) = (/ (0.5d0*i, i = 0, 2) /)
contains
  subroutine hidden_constant(n, a)
    integer, intent(in) :: n
    real(8), intent(inout) :: a(n)
    a = a + n
  end
end
subroutine bounded(a, c, d)
  real(8), intent(in) :: a(0:, :)
  real(8), intent(out) :: c(ubound(a, 1)), d(lbound(a, 1):ubound(a, 1), size(a, 2))
  c = ubound(a, 1)
  d = a
end
subroutine drive(f, x, n)
  external f
  integer n
  real(8), intent(inout) :: x(n)
  call inner(f, n, x)
contains
  subroutine inner(g, m, y)
    external g
    integer m
    real(8) y(m)
    call g(m, y)
  end
end

module sizes
  implicit none
  integer :: n = 3
  real(8) :: table(2, 4)
contains
  subroutine fill(x, y)
    real(8), intent(in) :: x(n)
    real(8), intent(out) :: y(2*n)
    y = [x, x]
  end
end
subroutine from_module(z, w)
  use sizes, only: m => n, t => table
  real(8), intent(out) :: z(m), w(size(t, 2))
  z = m
  w = size(t, 2)
end

module class
  implicit none
  integer :: while = 2
contains
  subroutine keywords(x)
    real(8), intent(out) :: x(while)
    x = while
  end
end

module grown
  implicit none
  real(8), allocatable :: field(:, :)
  real(8) :: x(4) = 1, w(2, 3) = 2
contains
  function row(i) result(r)
    integer, intent(in) :: i
    real(8) :: r(size(field, 2))
    r = field(i, :)
  end
  subroutine flattened(flat)
    real(8), intent(out) :: flat(size(field))
    flat = reshape(field, [size(field)])
  end
  subroutine hides(x, y)
    ! its x hides the module's, and what is known of that
    real(8), intent(in) :: x(:)
    real(8), intent(out) :: y(size(x))
    y = x
  end
  subroutine hides_rank(w, y)
    real(8), intent(in) :: w(:, :)
    real(8), intent(out) :: y(size(w, 2), size(w))
    y = sum(w)
  end
end
subroutine column(j, c)
  use grown, only: renamed => field
  integer, intent(in) :: j
  real(8), intent(out) :: c(size(renamed, 1))
  c = renamed(:, j)
end
