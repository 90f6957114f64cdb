! Elemental procedures of every kind of argument, for arrays as for scalars.
module kinds_of_elements
  use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
  implicit none
  integer, parameter :: extended = selected_real_kind(18)
contains
  elemental integer(int8) function next1(i)
    integer(int8), intent(in) :: i
    next1 = i + 1_int8
  end function next1
  elemental integer(int16) function next2(i)
    integer(int16), intent(in) :: i
    next2 = i + 1_int16
  end function next2
  elemental integer(int32) function next4(i)
    integer(int32), intent(in) :: i
    next4 = i + 1
  end function next4
  elemental integer(int64) function next8(i)
    integer(int64), intent(in) :: i
    next8 = i + 1
  end function next8
  elemental real(real32) function half4(x)
    real(real32), intent(in) :: x
    half4 = x/2
  end function half4
  elemental real(real64) function half8(x)
    real(real64), intent(in) :: x
    half8 = x/2
  end function half8
  elemental real(extended) function half_extended(x)
    real(extended), intent(in) :: x
    half_extended = x/2
  end function half_extended
  elemental complex(real32) function turned4(z)
    complex(real32), intent(in) :: z
    turned4 = z*(0, 1)
  end function turned4
  elemental complex(real64) function turned8(z)
    complex(real64), intent(in) :: z
    turned8 = z*(0, 1)
  end function turned8
  elemental logical(1) function not1(a)
    logical(1), intent(in) :: a
    not1 = .not. a
  end function not1
  elemental logical(2) function not2(a)
    logical(2), intent(in) :: a
    not2 = .not. a
  end function not2
  elemental logical(4) function not4(a)
    logical(4), intent(in) :: a
    not4 = .not. a
  end function not4
  elemental logical(8) function not8(a)
    logical(8), intent(in) :: a
    not8 = .not. a
  end function not8
  elemental subroutine flip(a)
    logical(1), intent(inout) :: a
    a = .not. a
  end subroutine flip
end module kinds_of_elements

module shapes_of_elements
  implicit none
  private
  public :: hypotenuse, exchange, divide, scaled, apply, sum_of
  interface apply
    module procedure behind
  end interface
contains
  elemental real(8) function hypotenuse(x, y)
    real(8), intent(in) :: x, y
    hypotenuse = sqrt(x*x + y*y)
  end function hypotenuse
  elemental subroutine exchange(a, b)
    real(8), intent(inout) :: a, b
    real(8) :: c
    c = a
    a = b
    b = c
  end subroutine exchange
  elemental subroutine divide(n, d, quotient, rest)
    integer, intent(in) :: n, d
    integer, intent(out) :: quotient, rest
    quotient = n/d
    rest = mod(n, d)
  end subroutine divide
  ! What callers may leave out, before and after what they must give.
  elemental real(8) function scaled(factor, x, offset)
    real(8), intent(in), optional :: factor
    real(8), intent(in) :: x
    integer, intent(in), optional :: offset
    scaled = x
    if (present(factor)) scaled = scaled*factor
    if (present(offset)) scaled = scaled + offset
  end function scaled
  ! A private procedure that a public name stands for.
  elemental integer function behind(i)
    integer, intent(in) :: i
    behind = -i
  end function behind
  elemental subroutine sum_of(x, total)
    real(8), intent(in) :: x
    real(8), intent(inout) :: total
    total = total + x
  end subroutine sum_of
end module shapes_of_elements

module values_of_elements
  implicit none
contains
  elemental real(8) function power(x, n, s)
    real(8), value :: x
    integer, value :: n
    real(4), intent(in) :: s
    x = x**n
    power = x + s
  end function power
  elemental complex(8) function conjugate(z, negative)
    complex(8), value :: z
    logical, value :: negative
    conjugate = conjg(z)
    if (negative) conjugate = -conjugate
  end function conjugate
end module values_of_elements

module texts_of_elements
  implicit none
contains
  elemental function capital(text) result(changed)
    character(len=*), intent(in) :: text
    character(len=len(text)) :: changed
    changed = text
    if (text(1:1) >= 'a' .and. text(1:1) <= 'z') changed(1:1) = achar(iachar(text(1:1)) - 32)
  end function capital
  elemental integer function length(text, mark)
    character(len=*), intent(in) :: text
    character, intent(in) :: mark
    length = len_trim(text)*100 + index(text, mark)
  end function length
  elemental character function initial(text)
    character(len=*), intent(in) :: text
    initial = text(1:1)
  end function initial
  elemental subroutine name_of(i, name, full)
    integer, intent(in) :: i
    character(len=4), intent(out) :: name
    logical, intent(out) :: full
    write (name, '(i0)') i
    full = name(4:4) /= ' '
  end subroutine name_of
  elemental function twice(text) result(both)
    character(len=*), intent(in) :: text
    character(len=2*len(text)) :: both
    both = trim(text)//text
  end function twice
  elemental subroutine stars(text, n)
    character(len=*), intent(inout) :: text
    integer, intent(in) :: n
    text = repeat('*', n)//text
  end subroutine stars
end module texts_of_elements

module impure_elements
  implicit none
  integer :: calls = 0
contains
  impure elemental integer function ticket(i)
    integer, intent(in) :: i
    calls = calls + 1
    ticket = 100*i + calls
  end function ticket
end module impure_elements

! Elemental procedures behind a generic name, beside one for whole arrays.
module generics_of_elements
  implicit none
  interface square
    module procedure square_integer, square_real, square_vector
  end interface
contains
  elemental integer function square_integer(i)
    integer, intent(in) :: i
    square_integer = i*i
  end function square_integer
  elemental real(8) function square_real(x)
    real(8), intent(in) :: x
    square_real = x*x
  end function square_real
  real(8) function square_vector(x)
    real(8), intent(in) :: x(:)
    square_vector = dot_product(x, x)
  end function square_vector
end module generics_of_elements

elemental function cube(x) result(y)
  real, intent(in) :: x
  real :: y
  y = x**3
end function cube

elemental subroutine count_down(n, left)
  integer, intent(in) :: n
  integer(8), intent(out) :: left
  left = 10 - n
end subroutine count_down
