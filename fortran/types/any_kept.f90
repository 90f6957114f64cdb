! Allocatables and pointers of CLASS(*): components, arguments and results.
module kept
  implicit none
  type :: pair
    real(8) :: x = 1, y = 2
  end type
  type :: body
    integer :: shape(2) = [3, 4]
  end type
  type :: cell
    integer :: n = 1
    class(*), allocatable :: v
    class(*), allocatable :: many(:)
    class(*), pointer :: p => null()
    class(*), pointer :: q(:) => null()
  end type
contains
  integer function kind_of(x)
    class(*), intent(in) :: x
    kind_of = 0
    select type (x)
    type is (integer); kind_of = 100 + x
    type is (real(8)); kind_of = 200 + int(x)
    type is (character(*)); kind_of = 300 + len(x)
    type is (logical); kind_of = 400
    type is (pair); kind_of = 500 + int(x%x)
    type is (body); kind_of = 600 + x%shape(2)
    end select
  end function
  integer function seen(c)
    type(cell), intent(in) :: c
    seen = -1
    if (allocated(c%v)) seen = kind_of(c%v)
  end function
  subroutine fill(c, what)
    type(cell), intent(inout) :: c
    integer, intent(in) :: what
    if (allocated(c%v)) deallocate(c%v)
    if (what == 1) allocate(c%v, source=7)
    if (what == 2) allocate(c%v, source=2.5d0)
    if (what == 3) allocate(c%v, source='hello ')
    if (what == 4) allocate(c%v, source=pair(8d0))
    if (what == 5) allocate(c%v, source=.true.)
  end subroutine
  subroutine give(x, what)
    class(*), allocatable, intent(out) :: x
    integer, intent(in) :: what
    if (what == 1) allocate(x, source=7)
    if (what == 4) allocate(x, source=pair(8d0))
  end subroutine
  function result_of(what) result(x)
    class(*), allocatable :: x
    integer, intent(in) :: what
    if (what == 1) allocate(x, source=7)
    if (what == 3) allocate(x, source='hello ')
    if (what == 4) allocate(x, source=pair(8d0))
  end function
  subroutine change(x)
    class(*), allocatable, intent(inout) :: x
    integer :: n
    n = -1
    if (allocated(x)) n = kind_of(x)
    if (allocated(x)) deallocate(x)
    allocate(x, source=n)
  end subroutine
  integer function look(x)
    class(*), allocatable, intent(in) :: x
    look = -1
    if (allocated(x)) look = kind_of(x)
  end function
  integer function look_many(x)
    class(*), allocatable, intent(in) :: x(:)
    look_many = -1
    if (allocated(x)) look_many = size(x) + 1000 * kind_of(x(size(x)))
  end function
  subroutine make_many(x, n)
    class(*), allocatable, intent(out) :: x(:)
    integer, intent(in) :: n
    if (n == 1) allocate(x, source=[1d0, 2d0])
    if (n == 2) allocate(pair :: x(3))
  end subroutine
  integer function point(p)
    class(*), pointer, intent(in) :: p
    point = -1
    if (associated(p)) point = kind_of(p)
    if (associated(p)) then
      select type (p)
      type is (pair); p%x = 99
      end select
    end if
  end function
  subroutine swap(p, q)
    class(*), pointer, intent(inout) :: p, q
    class(*), pointer :: r
    r => p
    p => q
    q => r
  end subroutine
  function pointer_to(p) result(q)
    type(pair), intent(in), target :: p
    class(*), pointer :: q
    q => p%y
  end function
end module
