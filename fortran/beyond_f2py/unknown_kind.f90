subroutine halve(x, y)
  use elsewhere, only: wp
  real(wp), intent(in) :: x
  real(wp), intent(out) :: y
  y = x/2
end subroutine halve

integer function known()
  known = 1
end function known
