subroutine untouched(z, job)
  implicit none
  real(8) :: z(*)
  integer :: job
end subroutine
