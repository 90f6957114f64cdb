! Common blocks with objects of derived type, which modules and routines share.
module block_types
  implicit none
  type :: point
    sequence
    real(8) :: x
    integer :: n
  end type
  type :: word
    sequence
    character(3) :: text
    integer(1) :: k
  end type
  type, bind(c) :: pair
    integer :: i
    real(4) :: r
  end type
  type :: line
    sequence
    type(point) :: ends(2)
    integer(2) :: width
  end type
end module

module blocks
  use block_types
  implicit none
  integer(1) :: first
  type(point) :: origin
  type(word) :: name
  type(line) :: lines(2)
  type(pair) :: last
  common /drawing/ first, origin, name, lines, last
contains
  real(8) function drawn()
    drawn = first + 10 * origin%x + 100 * origin%n + 1000 * name%k + 1d4 * lines(2)%ends(2)%x + 1d5 * lines(1)%width + 1d6 * last%i
  end function
end module

subroutine set_other(x)
  use block_types, only: dot => point, pair
  implicit none
  real(8), intent(in) :: x
  integer :: before
  type(dot) :: here(3)
  type(pair) :: there
  common /other/ before, here, there
  before = 1
  here%x = [x, 2 * x, 3 * x]
  here%n = [4, 5, 6]
  there%i = 7
  there%r = 0.5
end subroutine

real(8) function sum_other()
  use block_types, only: dot => point, pair
  implicit none
  integer :: before
  type(dot) :: here(3)
  type(pair) :: there
  common /other/ before, here, there
  sum_other = before + sum(here%x) + 100 * sum(here%n) + 10000 * there%i
end function
