! Compiled after the file behind it, whose constants it uses under another name.
module solver
  use precision, only: working => dp, order
  implicit none
  private
  real(working), public :: state(order) = 0
  integer, parameter, public :: steps = 2*order
  public :: advance
contains
  subroutine advance(by)
    real(working), intent(in) :: by
    state = state + by + hidden()
  end subroutine

  real(working) function hidden()
    hidden = 1
  end function
end module
