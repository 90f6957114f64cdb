function ramp(n)
  integer, intent(in) :: n
  integer :: ramp(n), i
  ramp = [(i, i=1, n)]
end function ramp
