! Objects that hold what Python can't have: numbers that NumPy lacks.
module unknown_parts
  implicit none
  integer, parameter :: wide = selected_real_kind(30)

  type inner
    real(wide), allocatable :: x(:)
  end type

  type outer
    integer :: n = 0
    real(wide), allocatable :: q(:)
    type(inner) :: held
    type(inner), allocatable :: more(:)
    real(wide), pointer :: shared => null()
  end type

contains

  subroutine fill(o)
    type(outer), intent(inout) :: o
    o%n = o%n + 1
    o%q = [real(wide) :: 1, 2, o%n]
    o%held%x = [real(wide) :: 4]
    allocate (o%more(2))
    o%more(2)%x = [real(wide) :: 8]
  end subroutine

  subroutine double_all(o)
    type(outer), intent(inout) :: o
    o%q = 2 * o%q
    o%held%x = 2 * o%held%x
    o%more(2)%x = 2 * o%more(2)%x
  end subroutine

  real function total(o)
    type(outer), intent(in) :: o
    total = real(sum(o%q) + sum(o%held%x) + sum(o%more(2)%x))
  end function
end module
