! Components that are allocatables and pointers of CLASS.
module members
  implicit none
  private
  public :: shape, square, disc, drawing, area_of, choose, sum_of, spoil, finalized

  integer :: finalized = 0

  type, abstract :: shape
    integer :: label = 1
  contains
    procedure(area_of_shape), deferred :: area
  end type

  type, extends(shape) :: square
    real(8) :: side = 2
  contains
    procedure :: area => area_of_square
  end type

  type, extends(shape) :: disc
    real(8), allocatable :: radius
  contains
    procedure :: area => area_of_disc
    final :: drop_disc
  end type

  type, extends(shape) :: unseen
    real(8) :: values(3) = [1d0, 2d0, 3d0]
  contains
    procedure :: area => area_of_unseen
  end type

  type :: drawing
    integer :: n = 0
    class(shape), allocatable :: main
    class(shape), pointer :: other => null()
    class(shape), allocatable :: all(:)
    class(shape), pointer :: some(:) => null()
    class(shape), allocatable, private :: secret
    type(square) :: frame
  end type

  abstract interface
    real(8) function area_of_shape(self)
      import :: shape
      class(shape), intent(in) :: self
    end function
  end interface
contains
  real(8) function area_of_square(self)
    class(square), intent(in) :: self
    area_of_square = self%side**2
  end function

  real(8) function area_of_disc(self)
    class(disc), intent(in) :: self
    area_of_disc = 0
    if (allocated(self%radius)) area_of_disc = 3 * self%radius**2
  end function

  real(8) function area_of_unseen(self)
    class(unseen), intent(in) :: self
    area_of_unseen = sum(self%values)
  end function

  impure elemental subroutine drop_disc(self)
    type(disc), intent(inout) :: self
    finalized = finalized + 1
  end subroutine

  real(8) function area_of(s)
    class(shape), intent(in) :: s
    area_of = s%area()
  end function

  subroutine choose(d, what)
    type(drawing), intent(inout) :: d
    character(*), intent(in) :: what
    if (allocated(d%main)) deallocate(d%main)
    if (allocated(d%all)) deallocate(d%all)
    select case (what)
    case ('square')
      allocate(square :: d%main)
      allocate(square :: d%all(2))
    case ('disc')
      allocate(disc :: d%main)
      allocate(disc :: d%all(3))
    case ('unseen')
      allocate(unseen :: d%main)
    end select
    if (.not. allocated(d%secret)) allocate(disc :: d%secret)
  end subroutine

  real(8) function sum_of(d)
    type(drawing), intent(in) :: d
    integer :: i
    sum_of = 0
    if (allocated(d%main)) sum_of = sum_of + d%main%area()
    if (associated(d%other)) sum_of = sum_of + 100 * d%other%area()
    if (allocated(d%all)) then
      do i = 1, size(d%all)
        sum_of = sum_of + 10000 * d%all(i)%area()
      end do
    end if
    if (associated(d%some)) sum_of = sum_of + 1d6 * d%some(1)%area()
  end function

  subroutine spoil(d)
    type(drawing), intent(out) :: d
    d%n = 1
  end subroutine
end module
