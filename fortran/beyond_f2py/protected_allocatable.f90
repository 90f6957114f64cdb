module kept
  integer, allocatable, protected :: list(:)
contains
  subroutine fill(n)
    integer, intent(in) :: n
    if (allocated(list)) deallocate (list)
    allocate (list(n))
    list = n
  end subroutine fill
end module kept
