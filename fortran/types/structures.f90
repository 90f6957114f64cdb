! Constants of derived type, whose components are kinds, extents and lengths of others.
module structures
  implicit none
  private
  public :: sizes, filled
  integer, parameter :: wide = kind(1d0), count = 2
  type, private :: sizes_t
    integer :: dp = wide, n = 2 * count
    real(8) :: scale = 2.5d0
    logical :: on = .true.
    character(3) :: short = "abcdef", long = "a"
    integer :: pair(2) = [4, 5]
  end type
  type, private, extends(sizes_t) :: more_t
    integer :: extra = 1
  end type
  type, private :: outer_t
    type(sizes_t) :: inner
    integer :: k = 4
  end type
  type(sizes_t), parameter :: sizes = sizes_t(on=.false.)
  type(sizes_t), parameter :: second = sizes_t(4, 7)
  type(more_t), parameter :: more = more_t(extra=3)
  type(outer_t), parameter :: outer = outer_t(sizes_t(8), 5)
  integer, parameter, public :: four = sizes%n, seven = second%n, five = outer%k, three = more%extra
  logical, parameter, public :: off = sizes%on
  real(8), parameter, public :: scaled = 2 * sizes%scale
  character(*), parameter, public :: texts = sizes%short // sizes%long // "."
  real(sizes%dp), public :: values(sizes%n) = 1
contains
  subroutine filled(x)
    real(sizes%dp), intent(out) :: x(sizes%n)
    x = sizes%scale
  end subroutine
end module

module users_of_structures
  use structures, only: sz => sizes
  implicit none
contains
  real(sz%dp) function total(a, s)
    real(sz%dp), intent(in) :: a(sz%n)
    character(sz%n), intent(in) :: s
    total = sum(a) + len(s)
  end function
end module
