! Arrays whose extents are components of objects: public and private, inherited, nested, and arrays' sizes
module curves
  implicit none
  private
  public :: grid, curve, closed_curve, stretched, weighed, summed

  type :: grid
    integer :: cells = 2
    integer(8), private :: borders = 3
  end type

  type, abstract :: shape_of_points
    private
    integer :: degree = 1
    integer, public :: class = 2
  end type

  type, extends(shape_of_points) :: curve
    integer :: n = 0
    type(grid) :: along
    type(grid), private :: across
    real(8), allocatable :: knots(:, :)
    real(8) :: ends(3) = [1, 2, 3]
  contains
    procedure :: start
    procedure :: shifted
    procedure :: between
    procedure :: spread
    procedure :: corners
    procedure :: traced
  end type

  type, extends(curve) :: closed_curve
    integer(2) :: turns = 1
  end type

  abstract interface
    subroutine drawing(me, x, y)
      import curve
      class(curve), intent(in) :: me
      real(8), intent(in) :: x(me%n)
      real(8), intent(out) :: y(me%degree + size(me%ends))
    end subroutine
  end interface

contains

  subroutine start(self, n, degree)
    class(curve), intent(inout) :: self
    integer, intent(in) :: n, degree
    self%n = n
    self%degree = degree
    self%across%cells = degree + 1
    allocate(self%knots(n, degree))
    self%knots = 2
  end subroutine

  function shifted(self, x) result(y)
    class(curve), intent(in) :: self
    real(8), intent(in) :: x(self%n)
    real(8) :: y(self%degree)
    y = sum(x)
  end function

  subroutine between(self, x, y)
    class(curve), intent(in) :: self
    real(8), intent(in) :: x(self%along%cells, self%across%cells)
    real(8), intent(out) :: y(self%across%borders * self%shape_of_points%degree)
    y = sum(x)
  end subroutine

  subroutine spread(self, x, y, z)
    class(curve), intent(in) :: self
    real(8), intent(in) :: x(size(self%knots, 2), size(self%knots, dim=1))
    real(8), intent(out) :: y(size(self%knots, kind=8)), z(size(dim=1, array=self%ends))
    y = sum(x)
    z = self%ends
  end subroutine

  function corners(self) result(text)
    class(curve), intent(in) :: self
    character(len=self%class + 1) :: text
    text = repeat('x', self%class + 1)
  end function

  real(8) function traced(self, draw)
    class(curve), intent(in) :: self
    procedure(drawing) :: draw
    real(8) :: y(self%degree + 3)
    integer :: i
    call draw(self, [(real(i, 8), i = 1, self%n)], y)
    traced = sum(y)
  end function

  subroutine stretched(c, x)
    type(closed_curve), intent(in) :: c
    real(8), intent(inout) :: x(c%turns + c%n)
    x = 2 * x
  end subroutine

  real(8) function weighed(g, x, h)
    type(grid), intent(in), optional :: g
    type(grid), intent(in) :: h
    real(8), intent(in) :: x(h%cells)
    weighed = sum(x)
    if (present(g)) weighed = weighed * g%cells
  end function

  real(8) function summed(c, x)
    type(curve), intent(in) :: c
    real(8), intent(in) :: x(max(c%n, 1), *)
    summed = sum(x(:, 1))
  end function
end module
