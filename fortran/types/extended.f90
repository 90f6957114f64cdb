! Types that Python classes extend: Fortran calls the methods of these.
module extended
  implicit none
  private
  public :: shape, square, cube, quiet, measured, total, kind_of, same, keep, kept_area, copied, forget_copy, asked, widest, &
            ended, restart, relation, holder, hold, held_area, visit, part_of

  integer :: ended = 0

  type, abstract :: shape
    real(8) :: scale = 1
    integer :: calls = 0
  contains
    procedure(area_of), deferred :: area
    procedure :: sides
    procedure :: describe
    procedure :: corners
    procedure, pass(me) :: compare => compared
    procedure, nopass :: version
    procedure :: update
    procedure :: spread => spread_out
    procedure, non_overridable :: fixed
    procedure :: reset
    procedure :: pass => passed_on
    procedure, private :: inner
    procedure :: linked
  end type

  type, extends(shape) :: square
    real(8) :: side = 3
    real(8), allocatable :: data(:)
  contains
    procedure :: area => square_area
    final :: end_square
  end type

  type, extends(square) :: cube
  contains
    procedure :: area => cube_area
    procedure :: volume
  end type

  ! nothing here implements its bindings
  type, abstract :: quiet
    integer :: id = 5
  contains
    procedure(measure), deferred :: first
    procedure(measure), deferred :: second
    procedure(measure), deferred :: third
    procedure :: whole
  end type

  ! without procedures
  type :: measured
    real(8) :: value = 0
  end type

  type :: holder
    class(shape), allocatable :: own
    class(shape), pointer :: other => null()
  end type

  abstract interface
    real(8) function area_of(self)
      import :: shape
      class(shape), intent(in) :: self
    end function
    real(8) function measure(self, x)
      import :: quiet
      class(quiet), intent(in) :: self
      real(8), intent(in) :: x
    end function
    subroutine watch(m)
      import :: measured
      class(measured), intent(inout) :: m
    end subroutine
  end interface

  class(shape), pointer :: known => null()
  class(shape), allocatable :: copy_of

  ! only this module can have procedures for one of its bindings
  type, abstract, public :: sealed
  contains
    procedure(work_of), deferred, private :: work
    procedure(work_of), deferred :: extra
  end type
  abstract interface
    integer function work_of(self)
      import
      class(sealed), intent(in) :: self
    end function
  end interface
contains

  integer function sides(self)
    class(shape), intent(in) :: self
    sides = 4
  end function

  subroutine describe(self, text, length)
    class(shape), intent(in) :: self
    character(len=*), intent(inout) :: text
    integer, intent(out) :: length
    text = 'plain'
    length = 5
  end subroutine

  subroutine corners(self, n, at, more)
    class(shape), intent(in) :: self
    integer, intent(in) :: n
    real(8), intent(out) :: at(n)
    real(8), intent(inout) :: more(:)
    at = 1
    more = more + 1
  end subroutine

  logical function compared(other, me)
    class(shape), intent(in) :: other, me
    compared = other%area() < me%area()
  end function

  integer function version()
    version = 1
  end function

  subroutine update(self, by, times)
    class(shape), intent(inout) :: self
    real(8), intent(in) :: by
    integer, intent(in), optional :: times
    self%scale = self%scale + by
    if (present(times)) self%calls = self%calls + times
  end subroutine

  real(8) function spread_out(self, values)
    class(shape), intent(in) :: self
    real(8), intent(in) :: values(:)
    spread_out = maxval(values) - minval(values)
  end function

  integer function fixed(self)
    class(shape), intent(in) :: self
    fixed = 77
  end function

  subroutine reset(self)
    class(shape), intent(out) :: self
    self%calls = -1
  end subroutine

  integer function passed_on(self, n)
    class(shape), intent(in) :: self
    integer, intent(in) :: n
    passed_on = n
  end function

  integer function inner(self)
    class(shape), intent(in) :: self
    inner = 3
  end function

  ! Python can't be called with an allocatable argument
  subroutine linked(self, values)
    class(shape), intent(in) :: self
    real(8), allocatable, intent(out) :: values(:)
    values = [1d0]
  end subroutine

  real(8) function square_area(self)
    class(square), intent(in) :: self
    square_area = self%scale * self%side**2
  end function

  subroutine end_square(self)
    type(square), intent(inout) :: self
    ended = ended + 1
  end subroutine

  real(8) function cube_area(self)
    class(cube), intent(in) :: self
    cube_area = 6 * self%square%area()
  end function

  real(8) function volume(self)
    class(cube), intent(in) :: self
    volume = self%area() * self%side
  end function

  real(8) function whole(self, x)
    class(quiet), intent(in) :: self
    real(8), intent(in) :: x
    whole = self%first(x) + 10 * self%second(x) + 100 * self%third(x) + self%id
  end function

  ! --- what Fortran asks of its objects

  real(8) function total(a)
    class(shape), intent(in) :: a
    total = a%area() + a%sides()
  end function

  subroutine asked(a, text, length, at, more, larger, release, width, number)
    class(shape), intent(inout) :: a
    character(len=12), intent(out) :: text
    integer, intent(out) :: length, release, number
    real(8), intent(out) :: at(3), more(2), width
    logical, intent(out) :: larger
    type(square) :: other
    text = 'unknown'
    call a%describe(text, length)
    more = 10
    call a%corners(3, at, more)
    larger = a%compare(other)
    release = a%version()
    call a%update(0.5d0)
    call a%update(0.5d0, 3)
    width = a%spread([1d0, 5d0, 2d0])
    number = a%pass(8)
  end subroutine

  integer function kind_of(a)
    class(shape), intent(in) :: a
    select type (a)
    type is (square)
      kind_of = 1
    type is (cube)
      kind_of = 2
    class is (cube)
      kind_of = 20
    class is (square)
      kind_of = 10
    class default
      kind_of = 0
    end select
  end function

  logical function same(a, b)
    class(shape), intent(in) :: a, b
    same = same_type_as(a, b)
  end function

  logical function relation(a, b)
    class(shape), intent(in) :: a, b
    relation = extends_type_of(a, b)
  end function

  subroutine keep(a)
    class(shape), intent(in), target :: a
    known => a
  end subroutine

  real(8) function kept_area()
    kept_area = known%area()
  end function

  real(8) function copied(a)
    class(shape), intent(in) :: a
    if (allocated(copy_of)) deallocate(copy_of)
    allocate(copy_of, source=a)
    copied = copy_of%area()
  end function

  subroutine forget_copy()
    if (allocated(copy_of)) deallocate(copy_of)
  end subroutine

  real(8) function widest(a, b)
    class(shape), intent(in) :: a, b
    widest = max(a%area(), b%area())
  end function

  subroutine restart(a)
    class(shape), intent(inout) :: a
    call a%reset()
  end subroutine

  subroutine hold(h, a)
    type(holder), intent(inout) :: h
    class(shape), intent(in), target :: a
    h%own = a
    h%other => a
  end subroutine

  real(8) function held_area(h)
    type(holder), intent(in) :: h
    held_area = h%own%area() + 1000 * h%other%area()
  end function

  subroutine visit(m, f)
    class(measured), intent(inout) :: m
    procedure(watch) :: f
    call f(m)
    m%value = m%value + 1
  end subroutine

  real(8) function part_of(s)
    type(square), intent(in) :: s
    part_of = s%area()
  end function
end module
