subroutine enlarge(x, y, n, weighed)
  implicit none
  integer :: n, width
  real(8) :: x(3), y(4*n), weighed, weight, heights(3)
  common /sizes/ width, weight, heights
  x = width * heights
  y = width
  weighed = weight
end subroutine

subroutine twofold(worker, value)
  implicit none
  external :: worker
  real(8) :: value
  integer :: calls
  common /counted/ calls
  call worker(value)
  call worker(value)
  calls = calls + 2
end subroutine
