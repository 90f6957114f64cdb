! FINAL procedures: of components, of parents, of elements, of what only the library sees; defaults that only it knows.
module finals
  implicit none
  private
  public :: small, base, child, holder, watched, several, forget, noted, notes, fill, renew, replaced, spare, peek, size_of
  integer :: count = 0
  integer :: order(200) = 0

  type :: small
    integer :: k = 1
    real(8) :: pair(2) = [1d0, 2d0]
  end type

  type :: base
    integer :: id = 0
    real(8), allocatable :: data(:)
  contains
    final :: end_base
  end type

  ! its own procedure comes first, then those of its components and of its parent
  type, extends(base) :: child
    type(base) :: inner
    class(base), allocatable :: any
    type(small) :: made = small(8, 3d0)
  contains
    final :: end_child
  end type

  type, private :: secret
    integer :: id = 7
  contains
    final :: end_secret
  end type

  ! what is to be finalized is private
  type :: holder
    integer :: public = 2 * 3
    type(secret), private :: hidden
    type(secret), allocatable, private :: more(:)
    class(base), allocatable, private :: last
  end type

  ! finalized by an elemental procedure
  type :: watched
    integer :: id = 3
  contains
    final :: end_watched
  end type

  type :: several
    type(watched) :: one, two
  end type
contains
  subroutine note(id)
    integer, intent(in) :: id
    count = count + 1
    if (count <= size(order)) order(count) = id
  end subroutine

  subroutine end_base(x)
    type(base), intent(inout) :: x
    call note(x%id)
  end subroutine

  subroutine end_child(x)
    type(child), intent(inout) :: x
    call note(1000 + x%id)
  end subroutine

  subroutine end_secret(x)
    type(secret), intent(inout) :: x
    call note(-x%id)
  end subroutine

  impure elemental subroutine end_watched(x)
    type(watched), intent(inout) :: x
    call note(100 + x%id)
  end subroutine

  subroutine forget()
    count = 0
  end subroutine

  integer function noted()
    noted = count
  end function

  subroutine notes(n, ids)
    integer, intent(in) :: n
    integer, intent(out) :: ids(n)
    ids = order(:n)
  end subroutine

  subroutine fill(c, id, nested)
    type(child), intent(inout) :: c
    integer, intent(in) :: id
    logical, intent(in) :: nested
    c%id = id
    c%data = [1d0, 2d0]
    c%inner%id = id + 1
    c%inner%data = [3d0]
    if (nested) then
      allocate(child :: c%any)
    else
      allocate(base :: c%any)
    end if
    c%any%id = id + 2
    c%any%data = [4d0, 5d0, 6d0]
  end subroutine

  subroutine renew(b)
    type(base), intent(out) :: b
    b%data = [9d0]
  end subroutine

  real(8) function replaced(c)
    type(child), intent(in) :: c
    replaced = sum(c%data) + sum(c%inner%data) + sum(c%any%data)
  end function

  subroutine spare(h)
    type(holder), intent(inout) :: h
    allocate(h%more(2))
    allocate(child :: h%last)
    h%last%id = 50
  end subroutine

  integer function peek(h)
    type(holder), intent(in) :: h
    peek = h%hidden%id
    if (allocated(h%more)) peek = peek + 10 * sum(h%more%id)
    if (allocated(h%last)) peek = peek + 1000 * h%last%id
  end function

  real(8) function size_of(s)
    type(small), intent(in) :: s
    size_of = s%k + sum(s%pair)
  end function
end module
