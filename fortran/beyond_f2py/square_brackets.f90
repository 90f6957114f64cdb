module bracketed
  implicit none
  real :: weights(3) = [1.0, 2.0, 3.0]
end module bracketed
