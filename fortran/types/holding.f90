! Derived types that hold memory: allocatable components, pointers, characters of deferred length, FINAL.
module holding
  implicit none
  integer :: finalized = 0, living = 0

  type :: holder
    integer :: count = 3
    real(8), allocatable :: row(:)
    integer, allocatable :: table(:, :)
    real, allocatable :: lone
    logical, allocatable :: flag
    character(len=:), allocatable :: text
    character(len=4), allocatable :: words(:)
    real(8), pointer :: target(:) => null()
    integer, pointer :: single => null()
    character(len=:), allocatable :: last
  end type

  type, extends(holder) :: child
    type(holder) :: inner
    real(8), allocatable, private :: secret(:)
  end type

  type :: node
    integer :: value = 0
    type(node), pointer :: next => null()
    type(node), allocatable :: left, right
  end type

  type :: counted
    integer :: number = 0
    real(8), allocatable :: data(:)
  contains
    final :: note
  end type

  type :: pair
    type(counted) :: one, two
  end type

  ! what points to a type that extends what it is part of
  type :: link
    type(tree), pointer :: to => null()
    integer :: k = 1
  end type

  type :: trunk
    type(link) :: inside
    integer :: v = 9
  end type

  type, extends(trunk) :: tree
    integer :: j = 2
  end type

  type(holder) :: kept
  type(child) :: family
  type(node), protected :: root
  type(child), protected :: guarded
contains
  subroutine fill(h, n)
    type(holder), intent(inout) :: h
    integer, intent(in) :: n
    integer :: i
    h%count = n
    h%row = [(i + 0.5d0, i = 1, n)]
    if (allocated(h%table)) deallocate(h%table)
    allocate(h%table(2, n))
    h%table = reshape([(i, i = 1, 2*n)], [2, n])
    h%lone = 2.5
    h%flag = .true.
    h%text = repeat('ab', n)
    h%words = ['one ', 'two ']
    h%last = 'end '
  end subroutine

  real(8) function weight(h)
    type(holder), intent(in) :: h
    weight = h%count
    if (allocated(h%row)) weight = weight + sum(h%row)
    if (allocated(h%table)) weight = weight + sum(h%table)
    if (allocated(h%lone)) weight = weight + h%lone
    if (allocated(h%flag)) weight = weight + merge(1000, 500, h%flag)
    if (allocated(h%text)) weight = weight + 10000*len(h%text)
    if (allocated(h%words)) weight = weight + 1d6*size(h%words)
    if (associated(h%target)) weight = weight + 1d7*sum(h%target)
    if (associated(h%single)) weight = weight + 1d8*h%single
  end function

  subroutine point(h)
    type(holder), intent(inout) :: h
    h%target(1) = -1
    h%single = h%single + 1
  end subroutine

  function made(n) result(h)
    integer, intent(in) :: n
    type(holder) :: h
    call fill(h, n)
  end function

  subroutine make_child(c)
    type(child), intent(out) :: c
    call fill(c%inner, 2)
    allocate(c%secret(5))
    c%secret = 7
  end subroutine

  real(8) function secrets(c)
    type(child), intent(in) :: c
    secrets = 0
    if (allocated(c%secret)) secrets = sum(c%secret)
  end function

  subroutine hide(c)
    type(child), intent(inout) :: c
    c%secret = [1d0, 2d0]
  end subroutine

  integer recursive function total(n) result(sum_of)
    type(node), intent(in) :: n
    sum_of = n%value
    if (allocated(n%left)) sum_of = sum_of + total(n%left)
    if (allocated(n%right)) sum_of = sum_of + total(n%right)
    if (associated(n%next)) sum_of = sum_of + 100*n%next%value
  end function

  subroutine grow(n)
    type(node), intent(inout) :: n
    allocate(n%left)
    n%left%value = 5
    allocate(n%left%right)
    n%left%right%value = 6
  end subroutine

  subroutine note(c)
    type(counted), intent(inout) :: c
    finalized = finalized + 1
    c%number = -1
  end subroutine

  subroutine set_data(c, n)
    type(counted), intent(inout) :: c
    integer, intent(in) :: n
    c%number = n
    if (allocated(c%data)) deallocate(c%data)
    allocate(c%data(n))
    c%data = n
  end subroutine

  subroutine fill_guarded()
    real(8), target, save :: far(2) = [1d0, 2d0]
    call make_child(guarded)
    guarded%inner%target => far
    if (.not. allocated(root%left)) call grow(root)
  end subroutine

  subroutine fill_kept(n)
    integer, intent(in) :: n
    call fill(kept, n)
  end subroutine
end module
