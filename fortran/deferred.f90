! Arrays whose extents Fortran decides: allocatable and pointer dummies, array-valued functions.

subroutine count_up(n, a)
  integer, intent(in) :: n
  real(8), allocatable, intent(out) :: a(:)
  integer :: i
  if (n >= 0) a = [(real(i, 8), i = 1, n)]
end subroutine

subroutine grow(a)
  integer, allocatable :: a(:)
!f2py intent(in, out) a
  if (allocated(a)) then
    a = [a, 7]
  else
    a = [1]
  end if
end subroutine

subroutine add_one(a)
  integer, allocatable, intent(inout) :: a(:, :)
  a = a + 1
end subroutine

subroutine shrink(a)
  integer, allocatable, intent(inout) :: a(:)
  a = a(:1)
end subroutine

integer function total(a)
  integer, allocatable, intent(in) :: a(:)
  total = -1
  if (allocated(a)) total = sum(a)
end function

function table(n) result(r)
  integer, intent(in) :: n
  integer :: r(n, 2), i
  r(:, 1) = n
  r(:, 2) = [(i, i = 1, n)]
end function

function filled(n) result(r)
  integer, intent(in) :: n
  real(8), allocatable :: r(:)
  allocate (r(2*n))
  r = n
end function

function words(n) result(r)
  integer, intent(in) :: n
  character(len=3) :: r(n)
  r = 'ab'
end function

subroutine every_third(p)
  real(8), pointer, intent(out) :: p(:)
  real(8), target, save :: t(10) = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  p => t(1:10:3)
end subroutine

subroutine answer(x)
  integer, allocatable, intent(out) :: x
  x = 42
end subroutine
