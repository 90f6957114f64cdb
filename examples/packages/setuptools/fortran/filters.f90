!> The mean of each point and its neighbours; the ends stay as they are.
subroutine smooth(n, x, y)
  use precision, only: dp
  integer, intent(in) :: n
  real(dp), intent(in) :: x(n)  !< the signal
  real(dp), intent(out) :: y(n) !< the smoothed signal
  y = x
  if (n > 2) y(2:n - 1) = (x(:n - 2) + x(2:n - 1) + x(3:)) / 3
end subroutine
