! Names of what f2pypy's own code calls something else.
module clash
  integer :: clash_var = 1
  integer :: np = 2, numpy = 3
contains
  subroutine array(vector, address, Library, x)
    integer, intent(in) :: vector(:), address
    integer, intent(in) :: Library
    integer, intent(out) :: x
    x = sum(vector) + address + Library
  end subroutine
  integer function routine(length)
    integer, intent(in) :: length
    routine = length
  end function
end module
module list
  integer :: dict = 5
  integer, parameter :: set = 3
end module
module np
  integer :: ndarray = 6
end module
module ctypes
  real :: c_int = 1
contains
  real function zeros(n)
    integer, intent(in) :: n
    zeros = n
  end function
end module
subroutine error(n)
  integer, intent(out) :: n
  n = 1
end subroutine
subroutine vector(x, y)
  real, intent(in) :: x(3)
  real, intent(out) :: y
  y = sum(x)
end subroutine
integer function library(callback)
  integer, external :: callback
  library = callback(3)
end function
subroutine fill_block(self)
  common /exec/ a, b
  integer, intent(in) :: self
  a = self
end subroutine
subroutine globals(locals)
  integer, intent(out) :: locals
  locals = 3
end subroutine
subroutine numpy(float64)
  real(8), intent(inout) :: float64(:)
  float64 = 1
end subroutine
