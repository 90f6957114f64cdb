! Arrays of derived type: explicit, assumed-size and assumed-shape dummies, results, components.
module arrays
  implicit none
  type :: point
    real(8) :: x = 1
    integer :: k(2) = [2, 3]
    character(len=3) :: name = 'abc'
  end type

  type :: polygon
    integer :: n = 4
    type(point) :: corners(4)
    type(point) :: grid(2, 3)
  end type

  type :: owner
    real(8), allocatable :: data(:)
  end type

  type :: crowd
    integer :: n = 0
    type(owner), allocatable :: members(:)
    type(point), allocatable :: grid(:, :)
    type(point), pointer :: seen(:) => null()
    type(crowd), allocatable :: inner(:)
  end type

  type, extends(point) :: colored
    integer :: color = 7
  end type
contains
  real(8) function total(p, n)
    integer, intent(in) :: n
    type(point), intent(in) :: p(n)
    total = sum(p%x)
  end function

  real(8) function first_two(p)
    type(point), intent(in) :: p(2)
    first_two = p(1)%x + 10*p(2)%x
  end function

  real(8) function assumed_size(p, n)
    type(point), intent(in) :: p(*)
    integer, intent(in) :: n
    assumed_size = sum(p(:n)%x)
  end function

  real(8) function weighted(p)
    type(point), intent(in) :: p(:)
    integer :: i
    weighted = sum([(i*p(i)%x, i = 1, size(p))])
  end function

  real(8) function corner(p)
    type(point), intent(in) :: p(:, :)
    corner = 100*size(p, 1) + 10*size(p, 2) + p(size(p, 1), 1)%x
  end function

  subroutine shift(p, by)
    type(point), intent(inout) :: p(:)
    real(8), intent(in) :: by
    p%x = p%x + by
    p(1)%name = 'new'
  end subroutine

  subroutine shift_all(p, n)
    integer, intent(in) :: n
    type(point), intent(inout) :: p(n)
    p%x = p%x + 1
  end subroutine

  subroutine make(p, n)
    integer, intent(in) :: n
    type(point), intent(out) :: p(n)
    integer :: i
    p%k(1) = [(i, i = 1, n)]
  end subroutine

  function line(n) result(p)
    integer, intent(in) :: n
    type(point) :: p(n)
    integer :: i
    p%x = [(0.5d0*i, i = 1, n)]
  end function

  integer function given(p)
    type(point), intent(in), optional :: p(:)
    given = -1
    if (present(p)) given = size(p)
  end function

  real(8) function area(p)
    type(polygon), intent(inout) :: p
    area = sum(p%corners%x) + 100*p%grid(2, 3)%x
    p%corners(4)%k(2) = -1
  end function

  subroutine gather(c, n)
    type(crowd), intent(inout) :: c
    integer, intent(in) :: n
    integer :: i
    if (allocated(c%members)) deallocate(c%members)
    allocate(c%members(n))
    do i = 1, n
      c%members(i)%data = [1d0*i, 2d0*i]
    end do
    if (.not. allocated(c%grid)) allocate(c%grid(2, n))
    c%grid(2, n)%x = 5
    if (.not. allocated(c%inner)) allocate(c%inner(1))
    c%inner(1)%n = n
  end subroutine

  real(8) function measure(c)
    type(crowd), intent(in) :: c
    integer :: i
    measure = 0
    if (allocated(c%members)) then
      do i = 1, size(c%members)
        if (allocated(c%members(i)%data)) measure = measure + sum(c%members(i)%data)
      end do
    end if
    if (allocated(c%grid)) measure = measure + 100*sum(c%grid%x)
    if (associated(c%seen)) measure = measure + 1d4*sum(c%seen%x)
  end function

  subroutine extend(o)
    type(owner), intent(inout) :: o(:)
    integer :: i
    do i = 1, size(o)
      if (.not. allocated(o(i)%data)) allocate(o(i)%data(0))
      o(i)%data = [o(i)%data, 1d0*i]
    end do
  end subroutine
end module
