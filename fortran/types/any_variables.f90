! Variables of modules, and components, that are allocatables and pointers of CLASS(*), of every rank.
module any_variables
  implicit none
  integer :: finalized = 0
  type :: pair
    real(8) :: x = 1, y = 2
  end type
  type, extends(pair) :: triple
    real(8), allocatable :: z(:)
  contains
    final :: note
  end type
  type :: box
    class(*), allocatable :: grid(:, :)
    class(*), pointer :: plane(:, :) => null()
    class(*), allocatable :: one
  end type
  type, extends(box) :: crate
    type(box) :: inner
    type(box), allocatable :: more(:)
  end type

  class(*), allocatable :: lone
  class(*), pointer :: seen => null()
  class(*), allocatable, target :: row(:)
  class(*), pointer :: some(:) => null()
  class(*), allocatable :: grid(:, :)
  class(*), pointer, protected :: fixed => null()
  class(*), allocatable, protected :: secret(:)
  class(*), allocatable, private :: unseen
  real(8), target :: number = 2.5d0
  type(pair), target :: other
contains
  impure elemental subroutine note(self)
    type(triple), intent(inout) :: self
    finalized = finalized + 1
  end subroutine

  integer function kind_of(x)
    class(*), intent(in) :: x
    kind_of = 0
    select type (x)
    type is (integer); kind_of = 100 + x
    type is (real(8)); kind_of = 200 + int(x)
    type is (character(*)); kind_of = 300 + len(x)
    type is (logical); kind_of = 400
    type is (pair); kind_of = 500 + int(x%x)
    type is (triple); kind_of = 600 + int(x%x) + 10 * size(x%z)
    end select
  end function

  integer function kind_of_lone()
    kind_of_lone = -1
    if (allocated(lone)) kind_of_lone = kind_of(lone)
  end function
  integer function kind_of_seen()
    kind_of_seen = -1
    if (associated(seen)) kind_of_seen = kind_of(seen)
  end function
  integer function kind_of_row()
    kind_of_row = -1
    if (allocated(row)) kind_of_row = 1000 * size(row) + kind_of(row(size(row)))
  end function
  integer function kind_of_some()
    kind_of_some = -1
    if (associated(some)) kind_of_some = 1000 * size(some) + kind_of(some(size(some)))
  end function
  integer function kind_of_grid()
    kind_of_grid = -1
    if (allocated(grid)) kind_of_grid = 10000 * size(grid, 1) + 1000 * size(grid, 2) + kind_of(grid(1, 2))
  end function
  integer function kind_of_box(b)
    class(box), intent(in) :: b
    kind_of_box = -1
    if (allocated(b%grid)) kind_of_box = 10000 * size(b%grid, 1) + 1000 * size(b%grid, 2) + kind_of(b%grid(1, 2))
  end function
  integer function kind_of_plane(b)
    type(box), intent(in) :: b
    kind_of_plane = -1
    if (associated(b%plane)) kind_of_plane = 10000 * size(b%plane, 1) + 1000 * size(b%plane, 2) + kind_of(b%plane(1, 2))
  end function

  ! Stores a value of some type in each variable, nothing for 0.
  subroutine fill(what)
    integer, intent(in) :: what
    type(triple) :: t
    if (allocated(lone)) deallocate (lone)
    if (allocated(row)) deallocate (row)
    if (allocated(secret)) deallocate (secret)
    if (allocated(grid)) deallocate (grid)
    nullify (seen, some, fixed)
    if (what == 1) then
      allocate (lone, source=7)
      allocate (row, source=[1, 2, 3])
      allocate (grid, source=reshape([1, 2, 3, 4], [2, 2]))
      seen => number
      allocate (secret, source=[1.5d0])
    else if (what == 2) then
      allocate (t%z(2))
      t%z = 4
      t%x = 9
      allocate (lone, source=t)
      allocate (triple :: row(2))
      allocate (pair :: grid(1, 2))
      seen => other
      fixed => other
      some => row(2:1:-1)
      allocate (pair :: secret(2))
    else if (what == 3) then
      allocate (lone, source='text ')
      allocate (row, source=[.true., .false.])
      seen => row(2)
    end if
  end subroutine
end module
