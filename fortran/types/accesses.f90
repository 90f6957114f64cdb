! Components of every kind, in a type, in one that extends it, and in constants.
module accesses
  use, intrinsic :: iso_c_binding, only: c_ptr, c_null_ptr
  implicit none

  type :: inner
    real(8) :: low = -1, high = 1
    integer :: codes(2) = 0
  end type

  type :: part
    type(inner) :: core
    integer :: level = 1
  end type

  type :: every
    integer(1) :: i1 = 1
    integer(2) :: i2 = 2
    integer(4) :: i4 = 3
    integer(8) :: i8 = 4
    real(4) :: r4 = 0.5
    real(8) :: r8 = 1.5d0
    complex(4) :: c4 = (1, 2)
    complex(8) :: c8 = (3, 4)
    logical(1) :: l1 = .true.
    logical(2) :: l2 = .false.
    logical(4) :: l4 = .true.
    logical(8) :: l8 = .false.
    character :: one = 'x'
    character(5) :: text = 'ab'
    character(0) :: none = ''
    type(c_ptr) :: handle = c_null_ptr
    real(8) :: row(3) = 0
    real(4) :: table(2, 3) = 1
    type(part) :: inside
    type(inner) :: pair(2)
  end type

  type, extends(every) :: more
    real(8) :: extra = 9
  contains
    procedure :: total
  end type

  type :: closed
    type(inner), allocatable :: held
    type(inner) :: plain
    integer :: number = 0
  end type

  interface more
    procedure new_more
  end interface

  type(every), protected :: fixed
  type(every), parameter :: constant = every(i4=7, inside=part(inner()), pair=inner())

contains

  function new_more(scale, extra) result(made)
    real(8), intent(in) :: scale, extra
    type(more) :: made
    made%r8 = scale
    made%extra = extra
    made%row = scale
    made%inside%core%low = extra
  end function

  real(8) function total(self)
    class(more), intent(in) :: self
    total = self%i1 + self%i2 + self%i4 + self%i8 + self%r4 + self%r8 + self%extra &
      + sum(self%row) + self%inside%core%low + self%inside%level + self%pair(2)%high
    if (self%l1) total = total + 1000
    if (self%l8) total = total + 2000
  end function

  subroutine renew(x)
    type(more), intent(out) :: x
    x%r8 = 100
    x%inside%level = 5
  end subroutine
end module
