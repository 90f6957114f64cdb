! What differs between machines: kinds of C's types, results, hidden lengths, descriptors, bytes of integers.
module machine
  use iso_c_binding
  use iso_fortran_env, only: real_kinds, int64
  implicit none
  integer, parameter :: bytes_of_long = c_long, bytes_of_size = c_size_t
  integer, parameter :: kinds_of_reals = size(real_kinds)
  integer(c_long) :: counter = 7
  real(8), allocatable :: table(:, :)
  character(len=:), allocatable :: title
contains
  subroutine fill(n)
    integer, intent(in) :: n
    integer :: i
    if (allocated(table)) deallocate (table)
    allocate (table(n, 2))
    table(:, 1) = [(i, i = 1, n)]
    table(:, 2) = -table(:, 1)
    title = repeat('ab', n)
  end subroutine
  real(8) function total(x)
    real(8), intent(in) :: x(:, :)
    total = sum(x)
  end function
end module

subroutine long_integers(a, n, s)
  use iso_c_binding
  integer(c_int), intent(in) :: n
  integer(c_long), intent(inout) :: a(n)
  integer(c_size_t), intent(out) :: s
  a = a + 1
  s = storage_size(a)/8
end subroutine

integer(8) function wide(n)
  integer(8), intent(in) :: n
  wide = n*2_8
end function
integer(2) function narrow(n)
  integer(2), intent(in) :: n
  narrow = n + 1_2
end function
logical function is_odd(n)
  integer, intent(in) :: n
  is_odd = mod(n, 2) == 1
end function
real(4) function single(x)
  real(4), intent(in) :: x
  single = x/4
end function
real(8) function double(x)
  real(8), intent(in) :: x
  double = x/4
end function
complex(4) function turned_single(z)
  complex(4), intent(in) :: z
  turned_single = (0, 1)*z
end function
complex(8) function turned_double(z)
  complex(8), intent(in) :: z
  turned_double = (0, 1)*z
end function
character(len=5) function greeting(name)
  character(len=*), intent(in) :: name
  greeting = 'hi '//name
end function
subroutine lengths(a, b, n)
  character(len=*), intent(in) :: a, b
  integer, intent(out) :: n
  n = 100*len(a) + len(b)
end subroutine
real(8) function by_value(n, x, s) bind(c)
  use iso_c_binding
  integer(c_int), value :: n
  real(c_double), value :: x
  real(c_float), value :: s
  by_value = n*x + s
end function
real(8) function applied(f, x)
  interface
    real(8) function f(x, n)
      real(8), intent(in) :: x
      integer, intent(in) :: n
    end function
  end interface
  real(8), intent(in) :: x
  applied = f(x, 3) + 1
end function
subroutine extended(x, y)
  use iso_c_binding
  real(c_long_double), intent(in) :: x
  real(c_long_double), intent(out) :: y
  y = x/3
end subroutine
subroutine common_block(n)
  integer, intent(in) :: n
  integer :: k
  real(8) :: x
  common /shared/ x, k
  k = n
  x = n/2d0
end subroutine
