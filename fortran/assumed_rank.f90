! Dummies of any rank.

integer function axes(a)
  ! The rank of what is given.
  implicit none
  real(8), intent(in) :: a(..)
  axes = rank(a)
end function axes
