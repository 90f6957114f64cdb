! PRIVATE, PUBLIC, USE, generic names and operators.
module things
  implicit none
  private
  integer, public :: shown = 1
  integer :: hidden = 2
  integer, parameter :: hidden_p = 3
  integer, parameter, public :: shown_p = 4
  real :: listed(2) = 5.0
  real, public :: guarded = 6.0
  public :: listed, visible, general, of_integer, of_real
  public :: asgn
  public :: scalar_product
  interface general
    module procedure of_integer, of_real
  end interface
  interface operator(.dot.)
    module procedure scalar_product
  end interface
  interface assignment(=)
    module procedure asgn
  end interface
contains
  subroutine visible(x)
    integer, intent(out) :: x
    x = hidden
    guarded = guarded + 1
  end subroutine
  subroutine invisible()
  end subroutine
  integer function of_integer(i)
    integer, intent(in) :: i
    of_integer = i + 1
  end function
  real function of_real(r)
    real, intent(in) :: r
    of_real = r + 0.5
  end function
  real function scalar_product(a, b)
    real, intent(in) :: a(3), b(3)
    scalar_product = sum(a*b)
  end function
  subroutine asgn(a, b)
    integer, intent(out) :: a
    logical, intent(in) :: b
    a = 0
    if (b) a = 1
  end subroutine
end module

module user_of_things
  use things, only: renamed => shown, visible
  use things, only: shown_p
  implicit none
  public
  integer, private :: secret = 1
  integer :: own = shown_p * 2
  private :: secret_sub
contains
  subroutine pub(k)
    integer, intent(out) :: k
    k = own + renamed
  end subroutine
  subroutine secret_sub()
  end subroutine
end module

module user_of_user
  use user_of_things
  integer :: other = 1
end module

module nothing_of_its_own
  use things
end module
