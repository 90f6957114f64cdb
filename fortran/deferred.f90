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

subroutine doubled(a, b)
  real(8), allocatable, intent(in) :: a(:)
  real(8), intent(out) :: b(1 + size(a))
  b = [2*a, 0d0]
end subroutine

subroutine side_by_side(a, p, b, s)
  real(8), allocatable, intent(in) :: a(:)
  integer, pointer, contiguous, intent(in) :: p(:)
  integer, allocatable, intent(in) :: b(:, :)
  real(8), intent(out) :: s(3)
  s = [a(1) + sum(a), real(p(1) + sum(p), 8), real(b(1, size(b, 2)) + sum(b), 8)]
end subroutine

subroutine bordered(a, b)
  integer, pointer, intent(in) :: a(:, :)
  integer, intent(out) :: b(size(a, 1), 1 + size(a, 2))
  b = 0
  b(:, 1:size(a, 2)) = a
end subroutine

subroutine advanced(a, before)
  real(8), allocatable, intent(inout) :: a(:)
  real(8), intent(out) :: before(size(a))
  before = a
  a = a + 1
end subroutine

subroutine replaced(a, w)
  real(8), allocatable, intent(in) :: a(:)
  real(8), intent(inout) :: w(size(a))
  w = a
end subroutine

! Nothing says which way these go: Fortran may change them, so that the new value is returned.
module unstated
  use iso_c_binding, only: c_int
  implicit none
contains
  subroutine grow(a)
    integer, allocatable :: a(:)
    if (.not. allocated(a)) a = [integer ::]
    a = [a, 7]
  end subroutine
  subroutine cut(a)
    real(8), allocatable :: a(:, :)
    deallocate (a)
  end subroutine
  subroutine doubled(p)
    complex(8), pointer :: p(:)
    p = 2*p
  end subroutine
  subroutine longer(s)
    character(len=:), allocatable :: s
    s = s // '!'
  end subroutine
  subroutine next(x)
    real(8), allocatable :: x
    x = x + 1
  end subroutine
  subroutine perhaps(a, r)
    logical, allocatable, optional :: a(:)
    integer, intent(out) :: r
    r = 0
    if (present(a)) then
      a = .not. a
      r = size(a)
    end if
  end subroutine
  subroutine of_c(a) bind(c)
    integer(c_int), allocatable :: a(:)
    a = a(2:)
  end subroutine
  ! What only goes in is said to.
  subroutine only_in(a, n)
    integer, allocatable, intent(in) :: a(:)
    integer, intent(out) :: n
    n = size(a)
  end subroutine
end module
