module precision
  implicit none
  integer, parameter :: dp = kind(1d0)
  integer, parameter :: order = 3
end module
