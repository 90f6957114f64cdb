! Modules that show what other modules have: whole, chosen, renamed, and parts of a generic name that lie in several.
module shapes_kinds
  implicit none
  integer, parameter :: wp = kind(1.d0)
  integer, parameter :: sides(2) = [3, 4]
end module

module shapes_circle
  use shapes_kinds, only: wp
  implicit none
  private
  public :: circle, area, circles_made, last_radius, new, round, square_shape, kept
  type :: circle
    real(wp) :: radius = 1
  contains
    procedure :: grow
  end type
  enum, bind(c)
    enumerator :: round = 7, square_shape
  end enum
  interface new
    module procedure new_circle
  end interface
  integer :: circles_made = 0
  real(wp), allocatable :: last_radius(:)
  type(circle), target :: kept
contains
  subroutine new_circle(it, radius)
    type(circle), intent(out) :: it
    real(wp), intent(in) :: radius
    it%radius = radius
    circles_made = circles_made + 1
    last_radius = [radius]
  end subroutine
  real(wp) function area(it)
    type(circle), intent(in) :: it
    area = 3 * it%radius**2
  end function
  subroutine grow(self, by)
    class(circle), intent(inout) :: self
    real(wp), intent(in) :: by
    self%radius = self%radius + by
  end subroutine
end module

module shapes_box
  use shapes_kinds
  implicit none
  private
  public :: box, new
  type :: box
    real(wp) :: width = 1, height = 1
  end type
  interface new
    module procedure new_box
  end interface
  interface box
    module procedure square
  end interface
contains
  subroutine new_box(it, width, height)
    type(box), intent(out) :: it
    real(wp), intent(in) :: width, height
    it = box(width, height)
  end subroutine
  type(box) function square(width)
    real(wp), intent(in) :: width
    square%width = width
    square%height = width
  end function
end module

! chosen and renamed names, one of them Python's; a private one
module shapes_all
  use shapes_kinds, only: wp, lambda => sides
  use shapes_circle, only: disc => circle, area_of => area, new, count => circles_made, round, hidden => kept
  use shapes_box, only: box, new
  implicit none
  public
  private :: hidden
end module

! all that the modules have, once removed
module shapes
  use shapes_all
  use shapes_circle, only: last_radius, kept
end module

! one that has something to itself: what it uses is its own affair, but for what it names
module shapes_tools
  use, intrinsic :: iso_c_binding
  use shapes_kinds
  use shapes_circle, only: circle, area
  implicit none
  public :: area
contains
  real(wp) function twice(it)
    type(circle), intent(in) :: it
    twice = 2 * area(it)
  end function
end module

! Operators, which are functions of the modules that show them.
module ops_base
  implicit none
  private
  public :: v, operator(+), operator(.dot.), assignment(=)
  type :: v
    real(8) :: x = 1
  end type
  interface operator(+)
    module procedure add
  end interface
  interface operator(.dot.)
    module procedure dot
  end interface
  interface assignment(=)
    module procedure setv
  end interface
contains
  type(v) function add(a, b)
    type(v), intent(in) :: a, b
    add%x = a%x + b%x
  end function
  real(8) function dot(a, b)
    type(v), intent(in) :: a, b
    dot = a%x * b%x
  end function
  subroutine setv(a, b)
    type(v), intent(inout) :: a
    real(8), intent(in) :: b
    a%x = b
  end subroutine
end module
module ops_all
  use ops_base
end module
module ops_more
  use ops_base, only: v
  implicit none
  private
  public :: operator(.dot.), operator(.len.)
  interface operator(.dot.)
    module procedure dotr
  end interface
  interface operator(.len.)
    module procedure length
  end interface
contains
  real(8) function dotr(a, b)
    type(v), intent(in) :: a
    real(8), intent(in) :: b
    dotr = a%x * b
  end function
  real(8) function length(a)
    type(v), intent(in) :: a
    length = abs(a%x)
  end function
end module
module ops_both
  use ops_base
  use ops_more
end module
module ops_renamed
  use ops_base, operator(.times.) => operator(.dot.)
  use ops_more, only: operator(.len.)
end module
