! Names that Python keeps for itself, or has for something else.
module kw
  implicit none
  integer :: def = 1, lambda = 2, None = 3, class = 4, print = 5, is = 8
  integer, parameter :: import = 11
contains
  subroutine in(lambda, def, list, none)
    real, intent(in) :: lambda
    real, intent(in) :: def(:)
    integer, intent(in) :: list
    real, intent(out) :: none
    none = lambda + sum(def) + list
  end subroutine
  real function print_(x)
    real, intent(in) :: x
    print_ = x
  end function
end module
subroutine class(from, self, np, m, ctypes, n, array, lib, error)
  integer, intent(in) :: from, self, np, m, n, ctypes
  real, intent(in) :: array(n)
  integer, intent(in) :: lib
  real, intent(out) :: error
  error = from + self + np + m + sum(array) + lib + ctypes
end subroutine
subroutine open(file, close)
  integer, intent(in) :: file
  integer, intent(out) :: close
  close = file + 1
end subroutine
integer function isinstance(n, tuple)
  integer n, tuple(n)
  isinstance = sum(tuple)
end function
