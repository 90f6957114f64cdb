integer(c_int) function next(n) bind(c, name="Next_Number")
  use, intrinsic :: iso_c_binding, only: c_int
  integer(c_int), intent(in) :: n
  next = n + 1
end function next
