module points
  type point
    real :: x, y
  end type point
contains
  subroutine move(p)
    type(point), intent(inout) :: p
    p%x = p%x + 1
  end subroutine move
  integer function dimensions()
    dimensions = 2
  end function dimensions
end module points
