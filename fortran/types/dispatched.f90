! Generic bindings, of which Fortran calls what the object's own type binds.
module dispatched
  implicit none
  private
  public :: tally, twofold, ordered, number, add_by_fortran, plus_by_fortran, is_less, looked_up

  type :: tally
    integer :: n = 0
  contains
    procedure :: add_whole, add_real
    procedure, pass(self) :: add_text
    procedure, nopass :: word
    generic :: add => add_whole, add_real, add_text
    procedure, private :: twice_whole
    procedure :: twice_real
    generic :: twice => twice_whole, twice_real, word
    procedure :: plus, minus
    procedure, pass(self) :: taken_from
    generic :: operator(+) => plus
    generic :: operator(-) => minus, taken_from
  end type

  type, extends(tally) :: twofold
  contains
    procedure :: add_real => add_twofold
  end type

  type, abstract :: ordered
    integer :: key = 1
  contains
    procedure(find_whole), deferred :: of_whole
    procedure(find_real), deferred :: of_real
    generic :: find => of_whole, of_real
    procedure(compare), deferred :: before
    generic :: operator(<) => before
    procedure(compare), deferred :: beside
    generic :: operator(.near.) => beside
    procedure(take), deferred :: become
    generic :: assignment(=) => become
  end type

  abstract interface
    integer function find_whole(self, x)
      import :: ordered
      class(ordered), intent(in) :: self
      integer, intent(in) :: x
    end function
    integer function find_real(self, x, scale)
      import :: ordered
      class(ordered), intent(in) :: self
      real(8), intent(in) :: x
      integer, intent(in), optional :: scale
    end function
    logical function compare(a, b)
      import :: ordered
      class(ordered), intent(in) :: a, b
    end function
    subroutine take(a, b)
      import :: ordered
      class(ordered), intent(inout) :: a
      class(ordered), intent(in) :: b
    end subroutine
  end interface

  type, extends(ordered) :: number
  contains
    procedure :: of_whole => number_of_whole
    procedure :: of_real => number_of_real
    procedure :: before => number_before
    procedure :: beside => number_before
    procedure :: become => number_become
  end type

contains

  subroutine add_whole(self, x)
    class(tally), intent(inout) :: self
    integer, intent(in) :: x
    self%n = self%n + x
  end subroutine

  subroutine add_real(self, x)
    class(tally), intent(inout) :: self
    real(8), intent(in) :: x
    self%n = self%n + 10 * int(x)
  end subroutine

  subroutine add_text(x, self)
    character(*), intent(in) :: x
    class(tally), intent(inout) :: self
    self%n = self%n + 100 * len(x)
  end subroutine

  integer function word(x)
    character(*), intent(in) :: x
    word = len(x)
  end function

  integer function twice_whole(self, x)
    class(tally), intent(in) :: self
    integer, intent(in) :: x
    twice_whole = self%n + 2 * x
  end function

  integer function twice_real(self, x)
    class(tally), intent(in) :: self
    real(8), intent(in) :: x
    twice_real = self%n + 20 * int(x)
  end function

  integer function plus(self, x)
    class(tally), intent(in) :: self
    integer, intent(in) :: x
    plus = self%n + x
  end function

  integer function minus(self, x)
    class(tally), intent(in) :: self
    integer, intent(in) :: x
    minus = self%n - x
  end function

  integer function taken_from(x, self)
    integer, intent(in) :: x
    class(tally), intent(in) :: self
    taken_from = x - self%n
  end function

  subroutine add_twofold(self, x)
    class(twofold), intent(inout) :: self
    real(8), intent(in) :: x
    self%n = self%n + 1000 * int(x)
  end subroutine

  integer function number_of_whole(self, x)
    class(number), intent(in) :: self
    integer, intent(in) :: x
    number_of_whole = self%key + x
  end function

  integer function number_of_real(self, x, scale)
    class(number), intent(in) :: self
    real(8), intent(in) :: x
    integer, intent(in), optional :: scale
    number_of_real = -int(x)
    if (present(scale)) number_of_real = number_of_real * scale
  end function

  logical function number_before(a, b)
    class(number), intent(in) :: a
    class(ordered), intent(in) :: b
    number_before = a%key < b%key
  end function

  subroutine number_become(a, b)
    class(number), intent(inout) :: a
    class(ordered), intent(in) :: b
    a%key = 100 + b%key
  end subroutine

  subroutine add_by_fortran(t, kind)
    class(tally), intent(inout) :: t
    integer, intent(in) :: kind
    select case (kind)
    case (1)
      call t%add(1)
    case (2)
      call t%add(1d0)
    case (3)
      call t%add("a")
    end select
  end subroutine

  integer function plus_by_fortran(t, x)
    class(tally), intent(in) :: t
    integer, intent(in) :: x
    plus_by_fortran = t + x
  end function

  logical function is_less(a, b)
    class(ordered), intent(in) :: a, b
    is_less = a < b
  end function

  integer function looked_up(o)
    class(ordered), intent(in) :: o
    looked_up = o%find(3) + 100 * o%find(4d0, scale=2)
  end function
end module
