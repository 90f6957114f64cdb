!> A pendulum that swings as far as you like.
module swing
  implicit none
  real(8) :: gravity = 9.81d0 !< m/s^2
  real(8), allocatable :: periods(:) !< what `period` has found since `forget`, s

  type :: pendulum
    real(8) :: length = 1  !< m
    real(8) :: damping = 0 !< 1/s
  end type
contains

  !> The time that a pendulum takes from the angle `start` back to rest on the same side.
  real(8) function period(p, start) result(t)
    type(pendulum), intent(in) :: p
    real(8), intent(in) :: start !< rad
    real(8) :: state(2), before, h
    integer :: turns
    h = 1d-3 * sqrt(p%length / gravity)
    state = [start, 0d0]
    t = 0
    turns = 0
    do while (turns < 2)
      before = state(2)
      call step(p, h, state)
      t = t + h
      if (before /= 0 .and. before * state(2) <= 0) turns = turns + 1
    end do
    t = t - h * state(2) / (state(2) - before)
    if (.not. allocated(periods)) allocate(periods(0))
    periods = [periods, t]
  end function

  subroutine forget()
    if (allocated(periods)) deallocate(periods)
  end subroutine

  ! A step of the classical Runge-Kutta method.
  subroutine step(p, h, y)
    type(pendulum), intent(in) :: p
    real(8), intent(in) :: h
    real(8), intent(inout) :: y(2)
    real(8), dimension(2) :: k1, k2, k3, k4
    k1 = slope(p, y)
    k2 = slope(p, y + h / 2 * k1)
    k3 = slope(p, y + h / 2 * k2)
    k4 = slope(p, y + h * k3)
    y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
  end subroutine

  pure function slope(p, y) result(dy)
    type(pendulum), intent(in) :: p
    real(8), intent(in) :: y(2)
    real(8) :: dy(2)
    dy = [y(2), -gravity / p%length * sin(y(1)) - p%damping * y(2)]
  end function
end module
