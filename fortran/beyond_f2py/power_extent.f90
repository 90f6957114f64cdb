subroutine powers(n, a)
  integer, intent(in) :: n
  integer, intent(out) :: a(2**n)
  a = n
end subroutine powers
