! Procedure pointers of modules and among arguments.
module curves
  implicit none
  abstract interface
    real(8) function curve(x)
      real(8), intent(in) :: x
    end function curve
    subroutine change(n, y, name)
      integer, intent(in) :: n
      real(8), intent(inout) :: y(n)
      character(len=*), intent(in) :: name
    end subroutine change
    complex(8) function turn(z)
      complex(8), intent(in) :: z
    end function turn
  end interface
  procedure(curve), pointer :: current => null()
  procedure(square), pointer :: shape_of => square
  procedure(change), pointer :: step => null()
  procedure(turn), pointer :: turned => null()
  procedure(curve), pointer, protected :: fixed => square
  procedure(curve), pointer, private :: last => null()
  procedure(), pointer :: unknown => null()
contains
  real(8) function square(x)
    real(8), intent(in) :: x
    square = x*x
  end function square
  real(8) function cube(x)
    real(8), intent(in) :: x
    cube = x**3
  end function cube
  complex(8) function quarter(z)
    complex(8), intent(in) :: z
    quarter = z*(0, 1)
  end function quarter
  subroutine choose(name)
    character(len=*), intent(in) :: name
    select case (name)
    case ('square'); current => square
    case ('inner'); current => negative
    case ('last'); current => last
    case default; current => null()
    end select
  end subroutine choose
  real(8) function negative(x)
    real(8), intent(in) :: x
    negative = -x
  end function negative
  ! Another pointer to the same, as long as Fortran likes.
  subroutine remember()
    last => current
  end subroutine remember
  real(8) function at(x)
    real(8), intent(in) :: x
    at = huge(x)
    if (associated(current)) at = current(x)
  end function at
  ! a signal arrives before the function is called
  real(8) function at_interrupted(x)
    use iso_c_binding, only: c_int
    real(8), intent(in) :: x
    interface
      integer(c_int) function send_itself(number) bind(c, name='raise')
        import c_int
        integer(c_int), value :: number
      end function
    end interface
    at_interrupted = send_itself(2)
    at_interrupted = current(x)
  end function at_interrupted
  real(8) function sum_to(n)
    integer, intent(in) :: n
    integer :: i
    sum_to = 0
    do i = 1, n
      sum_to = sum_to + current(real(i, 8))
    end do
  end function sum_to
  subroutine apply(y, name)
    real(8), intent(inout) :: y(:)
    character(len=*), intent(in) :: name
    if (associated(step)) call step(size(y), y, name)
  end subroutine apply
  complex(8) function turned_at(z)
    complex(8), intent(in) :: z
    turned_at = turned(z)
  end function turned_at

  subroutine find(name, p)
    character(len=*), intent(in) :: name
    procedure(curve), pointer, intent(out) :: p
    p => null()
    if (name == 'cube') p => cube
    if (name == 'last') p => last
  end subroutine find
  subroutine other(p)
    procedure(curve), pointer, intent(inout) :: p
    if (associated(p, square)) then
      p => cube
    else
      p => square
    end if
  end subroutine other
  real(8) function value_of(p, x)
    procedure(curve), pointer, intent(in) :: p
    real(8), intent(in) :: x
    value_of = huge(x)
    if (associated(p)) value_of = p(x)
  end function value_of
  integer function presence(p)
    procedure(curve), pointer, intent(in), optional :: p
    presence = 0
    if (present(p)) then
      presence = 1
      if (associated(p)) presence = 2
    end if
  end function presence
  ! Functions that return what to call.
  function chosen(name) result(f)
    character(len=*), intent(in) :: name
    procedure(curve), pointer :: f
    f => null()
    if (name == 'cube') f => cube
    if (name == 'inner') f => negative
    if (name == 'current') f => current
  end function chosen
  function stepper(n, m) result(f)
    integer, intent(in) :: n
    integer, intent(out) :: m
    procedure(change), pointer :: f
    f => scaled
    m = n + 1
  end function stepper
  subroutine scaled(n, y, name)
    integer, intent(in) :: n
    real(8), intent(inout) :: y(n)
    character(len=*), intent(in) :: name
    y = y*len(name)
  end subroutine scaled
  function like_square() result(f)
    procedure(square), pointer :: f
    f => cube
  end function like_square
  ! What a pointer argument points to is kept beyond the call.
  subroutine keep(p)
    procedure(curve), pointer, intent(in) :: p
    current => p
  end subroutine keep
end module curves

function handed_back(p) result(q)
  use curves, only: curve
  implicit none
  procedure(curve), pointer, intent(in) :: p
  procedure(curve), pointer :: q
  q => p
end function handed_back

subroutine handed_on(p, q)
  implicit none
  abstract interface
    integer function counting(n)
      integer, intent(in) :: n
    end function counting
  end interface
  procedure(counting), pointer, intent(in) :: p
  procedure(counting), pointer, intent(out) :: q
  q => p
end subroutine handed_on
