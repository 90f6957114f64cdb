subroutine numbers(n, a)
  integer, intent(in) :: n
  integer, allocatable, intent(out) :: a(:)
  integer :: i
  a = [(i*i, i=1, n)]
end subroutine numbers
