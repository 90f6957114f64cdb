! Variables that f2py can't reach: pointers, other allocatables, bind(c) names, polymorphic ones.
module module_data
  use iso_c_binding, only: c_double
  implicit none
  private
  procedure(), public, pointer :: corner => null()
  integer, public, target :: pool(12) = 0
  integer, public, pointer :: odd(:) => null()
  integer, public, pointer :: backward(:) => null()
  integer, public, pointer :: block(:, :) => null()
  integer, public, pointer :: first => null()
  logical, public, allocatable :: mask(:)
  character(len=3), public, allocatable :: words(:)
  real, public, allocatable :: ratio
  complex, public, allocatable :: cube(:, :, :)
  character(len=:), public, allocatable :: text
  real(c_double), public, bind(c, name="outer_limit") :: limit = 2.5d0
  integer, public :: long = 1
  integer, public, parameter :: square(2, 2) = reshape([1, 2, 3, 4], [2, 2])
  logical, public, parameter :: flags(3) = [.true., .false., .true.]
  complex, public, parameter :: unit = (0.0, 1.0)
  real(8), public, parameter :: tenth = 0.1
  integer :: hidden = 1
  public :: point_at, count_masked, total, set_words
contains
  subroutine point_at(start)
    integer, intent(in) :: start
    integer :: i
    pool = [(i, i=1, 12)]
    odd => pool(start::2)
    backward => pool(12:1:-1)
    block(1:3, 1:4) => pool
    first => pool(start)
  end subroutine
  function count_masked() result(n)
    integer :: n
    n = -1
    if (allocated(mask)) n = count(mask)
  end function
  function total() result(t)
    real :: t
    t = -1
    if (allocated(cube)) t = real(sum(cube)) + lbound(cube, 1) + ubound(cube, 3)
    if (allocated(ratio)) t = ratio
  end function
  subroutine set_words(n)
    integer, intent(in) :: n
    if (allocated(words)) deallocate(words)
    allocate(words(n))
    words = 'ab'
  end subroutine
  subroutine unseen()
    hidden = hidden + 1
  end subroutine
end module

subroutine set_named(value)
  use iso_c_binding, only: c_int
  integer, intent(in) :: value
  integer(c_int) :: a
  common /named/ a
  bind(c, name="Named_Block") :: /named/
  a = value
end subroutine
