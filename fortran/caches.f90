subroutine numbered(a, n)
  implicit none
  integer :: n, i
  real(8) :: a(n)
  a = [(real(i, 8), i=1, n)]
end subroutine
