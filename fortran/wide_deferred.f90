! Reals of 80 bits where Fortran allocates, describes and leaves out.

subroutine allocate_both(n, a, b)
  integer, intent(in) :: n
  real(10), allocatable, intent(out) :: a(:)
  complex(10), allocatable, intent(inout) :: b(:)
  integer :: i
  allocate (a(n))
  a = [(1.0_10 / i, i=1, n)]
  b = b / 3
end subroutine

function thirds(n) result(r)
  integer, intent(in) :: n
  real(10) :: r(n)
  r = 1.0_10 / 3
end function

subroutine allocate_one(a)
  real(10), allocatable, intent(out) :: a
  a = 1.0_10 / 3
end subroutine

real(10) function given(x, z)
  real(10), optional, value :: x
  complex(8), optional, value :: z
  given = 0
  if (present(x)) given = given + x
  if (present(z)) given = given + real(z) + 10 * aimag(z)
end function

module storage
  implicit none
  real(10), allocatable :: work(:), one
  complex(10), pointer :: here(:)
  complex(10), target :: there(3)
contains
  subroutine point()
    here => there
    there = (0.1_10, 1)
  end subroutine
end module
