! What f2py can wrap, one kind of call a procedure. The procedures do next to nothing, so that the call is what takes time.
! complex(8), because f2py takes complex(kind(1d0)) for single precision and writes past the end of variables.
module plain
  implicit none
  integer :: number = 3
  double precision :: weight = 2d0
  double precision :: place(3) = 1.5d0
  complex(8) :: phase = (1d0, 2d0)
  logical :: ready = .true.
  character(len=8) :: label = 'fields'
  double precision, allocatable :: grid(:)
  integer, parameter :: limit = 7
contains
  subroutine nothing()
  end subroutine nothing

  double precision function same(x)
    double precision, intent(in) :: x
    same = x
  end function same

  ! f2py takes an elemental function with its type in front of it for single precision
  elemental function square(x)
    double precision, intent(in) :: x
    double precision :: square
    square = x*x
  end function square

  real function same_single(x)
    real, intent(in) :: x
    same_single = x
  end function same_single

  integer function same_integer(i)
    integer, intent(in) :: i
    same_integer = i
  end function same_integer

  integer(8) function same_long(i)
    integer(8), intent(in) :: i
    same_long = i
  end function same_long

  logical function same_logical(l)
    logical, intent(in) :: l
    same_logical = l
  end function same_logical

  subroutine twice(z, w)
    complex(8), intent(in) :: z
    complex(8), intent(out) :: w
    w = 2*z
  end subroutine twice

  subroutine exchange(a, b, i, j, c, d, k)
    double precision, intent(in) :: a, b
    integer, intent(in) :: i, j
    double precision, intent(out) :: c, d
    integer, intent(out) :: k
    c = b
    d = a
    k = i + j
  end subroutine exchange

  subroutine shifted(x, total, by)
    double precision, intent(in) :: x
    double precision, intent(out) :: total
    double precision, intent(in), optional :: by
    total = x
    if (present(by)) total = total + by
  end subroutine shifted

  ! arrays with their extents

  subroutine last(x, n, value)
    integer, intent(in) :: n
    double precision, intent(in) :: x(n)
    double precision, intent(out) :: value
    value = x(n)
  end subroutine last

  subroutine corner(a, n, m, value)
    integer, intent(in) :: n, m
    double precision, intent(in) :: a(n, m)
    double precision, intent(out) :: value
    value = a(n, 1)
  end subroutine corner

  subroutine bump(y, n)
    integer, intent(in) :: n
    double precision, intent(inout) :: y(n)
    y(1) = y(1) + 1
  end subroutine bump

  subroutine bumped(y, n)
    integer, intent(in) :: n
    double precision, intent(inout) :: y(n)
    !f2py intent(in, out, copy) y
    y(1) = y(1) + 1
  end subroutine bumped

  subroutine ramp(n, y)
    integer, intent(in) :: n
    double precision, intent(out) :: y(n)
    integer :: i
    do i = 1, n
      y(i) = i
    end do
  end subroutine ramp

  subroutine outline(x, n, low, high, y)
    integer, intent(in) :: n
    double precision, intent(in) :: x(n)
    double precision, intent(out) :: low, high, y(n)
    low = x(1)
    high = x(n)
    y = x
  end subroutine outline

  function doubled(n) result(r)
    integer, intent(in) :: n
    double precision :: r(n)
    r = 2*n
  end function doubled

  ! assumed shapes

  subroutine last_of(x, value)
    double precision, intent(in) :: x(:)
    double precision, intent(out) :: value
    value = x(size(x))
  end subroutine last_of

  subroutine corner_of(a, value)
    double precision, intent(in) :: a(:, :)
    double precision, intent(out) :: value
    value = a(size(a, 1), 1)
  end subroutine corner_of

  subroutine corner_of_cube(a, value)
    double precision, intent(in) :: a(:, :, :)
    double precision, intent(out) :: value
    value = a(size(a, 1), 1, 1)
  end subroutine corner_of_cube

  subroutine bump_of(y)
    double precision, intent(inout) :: y(:)
    y(1) = y(1) + 1
  end subroutine bump_of

  ! characters

  subroutine length_of(text, n)
    character(len=*), intent(in) :: text
    integer, intent(out) :: n
    n = len_trim(text)
  end subroutine length_of

  subroutine length_of_eight(text, n)
    character(len=8), intent(in) :: text
    integer, intent(out) :: n
    n = len_trim(text)
  end subroutine length_of_eight

  subroutine code_of(letter, n)
    character, intent(in) :: letter
    integer, intent(out) :: n
    n = ichar(letter)
  end subroutine code_of

  subroutine spell(n, text)
    integer, intent(in) :: n
    character(len=8), intent(out) :: text
    text = repeat('x', n)
  end subroutine spell

  subroutine length_of_last(lines, n, length)
    integer, intent(in) :: n
    character(len=4), intent(in) :: lines(n)
    integer, intent(out) :: length
    length = len_trim(lines(n))
  end subroutine length_of_last

  subroutine length_of_last_line(lines, length)
    character(len=*), intent(in) :: lines(:)
    integer, intent(out) :: length
    length = len_trim(lines(size(lines)))
  end subroutine length_of_last_line

  ! what Fortran finds in the variables that Python wrote

  subroutine seen_numbers(i, x, z, l)
    integer, intent(out) :: i
    double precision, intent(out) :: x
    complex(8), intent(out) :: z
    logical, intent(out) :: l
    i = number
    x = weight
    z = phase
    l = ready
  end subroutine seen_numbers

  double precision function seen_place()
    seen_place = sum(place)
  end function seen_place

  logical function seen_label()
    seen_label = label == 'abc'
  end function seen_label

  subroutine seen_grid(n, total)
    integer, intent(out) :: n
    double precision, intent(out) :: total
    n = 0
    total = 0
    if (.not. allocated(grid)) return
    n = size(grid)
    total = sum(grid)
  end subroutine seen_grid
end module plain

subroutine seen_common(i)
  integer, intent(out) :: i
  integer :: counter
  double precision :: held(3)
  common /store/ held, counter
  i = counter
end subroutine seen_common
