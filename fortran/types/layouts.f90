! Types whose components lie wherever a compiler's rules may differ: small before large, nested, inherited, allocatable.
module layouts
  use iso_c_binding, only: c_double, c_funptr, c_int8_t, c_ptr, c_short
  implicit none
  type :: mixed
    integer(1) :: first
    real(8) :: second
    integer(2) :: third
    real(4) :: fourth
    integer(1) :: last
  end type
  type :: in_sequence
    sequence
    integer(2) :: a
    complex(8) :: b
    integer(1) :: c
  end type
  type, bind(c) :: shared
    integer(c_int8_t) :: a
    real(c_double) :: b
    integer(c_short) :: c
  end type
  type :: nothing
  end type
  type :: outer
    integer(1) :: a
    type(mixed) :: inside
    integer(1) :: b
    type(mixed) :: several(3)
    type(nothing) :: none
    integer(1) :: c
  end type
  type, extends(mixed) :: child
    integer(1) :: after
    integer(8) :: wide
  end type
  type, extends(child) :: grandchild
    integer(1) :: more
  end type
  type, extends(nothing) :: heir
    integer(1) :: only
  end type
  type :: arrays
    integer(1) :: a(3)
    real(8) :: b(2, 0:1)
    integer(4) :: c(0)
    integer(1) :: d(-1:1)
  end type
  type :: texts
    character(len=5) :: a
    integer :: b
    character :: c
    character(len=3) :: d(2)
    character(len=0) :: e
    integer(2) :: f
  end type
  type :: numbers
    logical :: a
    logical(1) :: b
    logical(8) :: c
    complex(4) :: d
    integer(1) :: e
    real(10) :: f
    integer(1) :: g
    type(c_ptr) :: h
    integer(1) :: i
    type(c_funptr) :: j(2)
    integer(1) :: k
  end type
  type :: allocatables
    integer(1) :: a
    integer, allocatable :: b
    integer(1) :: c
    real(8), allocatable :: d(:)
    integer(1) :: e
    character(len=4), allocatable :: f(:, :)
    integer(1) :: g
    type(mixed), allocatable :: h
    integer(1) :: i
    type(mixed), allocatable :: j(:)
    integer(1) :: k
    type(allocatables), allocatable :: l
    integer(1) :: m
  end type
  type :: pointers
    integer(1) :: a
    integer, pointer :: b
    integer(1) :: c
    real(8), pointer :: d(:, :, :)
    integer(1) :: e
    type(pointers), pointer :: f
    integer(1) :: g
    procedure(one), nopass, pointer :: h
    integer(1) :: i
    type(pointers), pointer :: j(:)
    integer(1) :: k
  end type
  type :: open_texts
    integer(1) :: a
    character(len=:), allocatable :: b
    integer(1) :: c
    character(len=:), allocatable :: d(:)
    integer(1) :: e
    character(len=:), pointer :: f
    integer(1) :: g
  end type
  type, extends(open_texts) :: more_texts
    character(len=:), allocatable :: h
    integer(1) :: i
  end type
  type :: classes
    integer(1) :: a
    class(mixed), allocatable :: b
    integer(1) :: c
    class(mixed), allocatable :: d(:)
    integer(1) :: e
    class(*), allocatable :: f
    integer(1) :: g
    class(mixed), pointer :: h
    integer(1) :: i
    class(*), pointer :: j(:, :)
    integer(1) :: k
  end type
contains
  integer function one()
    one = 1
  end function
end module
