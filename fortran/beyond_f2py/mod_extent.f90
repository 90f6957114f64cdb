subroutine halves(n, a)
  integer, intent(in) :: n
  integer, intent(out) :: a(n/2 + mod(n, 2))
  a = n
end subroutine halves
