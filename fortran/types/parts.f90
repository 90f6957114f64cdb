! What extents and lengths ask objects for, and generic bindings of procedures that get no object.
module parts
  implicit none
  character(*), parameter :: newline = new_line("a")
  character(*), parameter :: blanks = " " // achar(9) // new_line("a")
  type :: text
    character(len=:), allocatable :: str
    character(len=:), allocatable, private :: secret
    character(5) :: tag = "abcde"
    integer :: n = 2
  contains
    procedure, nopass, private :: of_int, of_real
    generic :: describe => of_int, of_real
    procedure, private :: plus
    procedure, nopass, private :: rounded
    generic :: mixed => plus, rounded
    procedure :: letters, doubled, tags, hide, stars
  end type
  type :: line
    type(text) :: words(2), first
  end type
  type, abstract :: shape
  contains
    generic :: scale => scale_one, scale_all
    procedure(one), deferred :: scale_one
    procedure(all), deferred :: scale_all
  end type
  abstract interface
    subroutine one(self, x)
      import shape
      class(shape), intent(in) :: self
      real(8), intent(inout) :: x
    end subroutine
    subroutine all(self, x)
      import shape
      class(shape), intent(in) :: self
      real(8), intent(inout) :: x(:)
    end subroutine
  end interface
  type, extends(shape) :: square
  contains
    procedure :: scale_one
    procedure :: scale_all
  end type
contains
  subroutine scale_one(self, x)
    class(square), intent(in) :: self
    real(8), intent(inout) :: x
    x = 2 * x
  end subroutine
  subroutine scale_all(self, x)
    class(square), intent(in) :: self
    real(8), intent(inout) :: x(:)
    x = 3 * x
  end subroutine
  character(8) function of_int(i)
    integer, intent(in) :: i
    write(of_int, "(a,i0)") "int ", i
  end function
  character(8) function of_real(x)
    real(8), intent(in) :: x
    write(of_real, "(a,f3.1)") "real ", x
  end function
  integer function rounded(x)
    real(8), intent(in) :: x
    rounded = nint(x)
  end function
  integer function plus(self, i)
    class(text), intent(in) :: self
    integer, intent(in) :: i
    plus = self%n + i
  end function
  function letters(self)
    class(text), intent(in) :: self
    character(1) :: letters(len(self%str))
    integer :: i
    do i = 1, len(self%str)
      letters(i) = self%str(i:i)
    end do
  end function
  function doubled(self)
    class(text), intent(in) :: self
    character(2 * len(self%str)) :: doubled
    doubled = self%str // self%str
  end function
  function tags(self)
    class(text), intent(in) :: self
    integer :: tags(len(self%tag))
    tags = iachar(self%tag(1:1))
  end function
  subroutine hide(self, secret)
    class(text), intent(inout) :: self
    character(*), intent(in) :: secret
    self%secret = secret
  end subroutine
  function stars(self)
    class(text), intent(in) :: self
    character(len(self%secret)) :: stars
    stars = repeat("*", len(self%secret))
  end function
  function first_letters(all)
    type(line), intent(in) :: all
    integer :: first_letters(len(all%first%str))
    first_letters = iachar(all%first%str(1:1))
  end function
  ! calls bindings of the elements of an argument, which is no dummy procedure
  subroutine hide_all(list, secret)
    class(text), intent(inout) :: list(:)
    character(*), intent(in) :: secret
    integer :: i
    do i = 1, size(list)
      call list(i)%hide(secret)
    end do
  end subroutine
  subroutine made(n, list)
    integer, intent(in) :: n
    type(text), allocatable, intent(out) :: list(:)
    allocate (list(n))
    call list(1) % hide("abc")
  end subroutine
end module
