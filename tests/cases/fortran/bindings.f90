module shapes
  type, abstract :: shape
    procedure(area_of), pointer, nopass :: hook => null()
    private
    integer :: sides
  contains
    procedure(area_of), deferred, nopass :: area
    procedure, pass (self) , public :: a => shape_a, b
    procedure, non_overridable :: c
    procedure d
    generic, private :: g => a, b
    generic :: operator ( .cross. ) => a
    generic :: assignment(=) => b
    generic :: write(formatted) => c
    final :: clear, clear_all
  end type
  type :: hidden
  contains
    private
    procedure, nopass :: f
    generic :: operator(//) => f
  end type
  type :: wrong
  contains
    procedure, allocatable :: f
    procedure(x) :: f
    procedure :: f => g h
    generic :: g
    final
  end type
end module
