! Arrays of CLASS(t): of each shape, read and changed, optional, of an abstract type.
module shapes
  implicit none
  private
  public :: measure, spot, disc, edges, total, total_known, total_many, spread_out, named_kind, moved, grid_total, started
  public :: corner, outline

  type :: spot
    integer :: weight = 1
  contains
    procedure :: size_of => spot_size
  end type

  type, extends(spot) :: disc
    real(8) :: radius = 2
  contains
    procedure :: size_of => disc_size
  end type

  type, abstract :: outline
    integer :: points = 0
  end type

  type, extends(outline) :: corner
    real(8) :: angle = 90
  end type

  interface measure
    procedure total, grid_total, edges
  end interface

contains

  real(8) function spot_size(self)
    class(spot), intent(in) :: self
    spot_size = self%weight
  end function

  real(8) function disc_size(self)
    class(disc), intent(in) :: self
    disc_size = self%weight * self%radius
  end function

  real(8) function total(p)
    class(spot), intent(in) :: p(:)
    integer :: i
    total = 0
    do i = 1, size(p)
      total = total + p(i)%size_of()
    end do
  end function

  real(8) function total_known(p, n)
    integer, intent(in) :: n
    class(spot), intent(in) :: p(n)
    integer :: i
    total_known = 0
    do i = 1, n
      total_known = total_known + p(i)%size_of()
    end do
  end function

  real(8) function total_many(p, n)
    integer, intent(in) :: n
    class(spot), intent(in) :: p(*)
    integer :: i
    total_many = 0
    do i = 1, n
      total_many = total_many + p(i)%size_of()
    end do
  end function

  real(8) function grid_total(p)
    class(spot), intent(in) :: p(:, :)
    integer :: i, j
    grid_total = 0
    do j = 1, size(p, 2)
      do i = 1, size(p, 1)
        grid_total = grid_total + i * p(i, j)%size_of()
      end do
    end do
  end function

  subroutine spread_out(p, by)
    class(spot), intent(inout) :: p(:)
    integer, intent(in), optional :: by
    integer :: i, step
    step = 10
    if (present(by)) step = by
    do i = 1, size(p)
      p(i)%weight = p(i)%weight + step * i
      select type (p)
      type is (disc)
        p(i)%radius = -i
      end select
    end do
  end subroutine

  subroutine started(p, n)
    integer, intent(in) :: n
    class(spot), intent(out) :: p(n)
    p%weight = p%weight + 4
  end subroutine

  integer function moved(p)
    class(spot), intent(in), optional :: p(:)
    moved = -1
    if (present(p)) moved = size(p)
  end function

  integer function named_kind(p)
    class(spot), intent(in) :: p(:)
    select type (p)
    type is (spot)
      named_kind = 1
    type is (disc)
      named_kind = 2
    class default
      named_kind = 3
    end select
  end function

  integer function edges(p)
    class(outline), intent(inout) :: p(:)
    p%points = p%points + 1
    edges = sum(p%points)
  end function
end module
