! Constructors and operators: by interfaces and bound, unary and binary, with numbers first, named ones, assignment.
module vectors
  implicit none
  private
  public :: vector, line, operator(+), operator(-), operator(*), operator(==), operator(.cross.), operator(.flip.)
  public :: operator(//), operator(.tilt.), operator(.lambda.), assignment(=), length_of, sample, reading

  type :: vector
    real(8) :: x = 0, y = 0
  contains
    procedure, private :: over_real, over_whole
    generic :: operator(/) => over_real, over_whole
    procedure, pass(self), private :: from_real
    generic :: operator(**) => from_real
    procedure, private :: is_shorter
    generic :: operator(<) => is_shorter
    procedure, private :: dot
    generic :: operator(.dot.) => dot
    procedure, pass(self), private :: is_within, is_apart
    generic :: operator(.within.) => is_within
    generic :: operator(.reading.) => is_apart
    procedure, private :: opposite
    generic :: operator(.not.) => opposite
  end type

  type, extends(vector) :: line
    real(8) :: width = 1
  end type

  ! components with the names that methods for operators would have
  type :: sample
    real(8) :: tilt = 5
    integer :: assign = 4, lambda = 6
    integer, private :: concat = 0
  end type

  type, extends(sample) :: reading
    real(8) :: value = 1
  end type

  interface vector
    module procedure from_angle, from_name, at_origin
  end interface

  interface operator(+)
    module procedure add, add_lines
  end interface
  interface operator(-)
    module procedure subtract, negative
  end interface
  interface operator(*)
    module procedure scaled, scaled_by_whole, scaling
  end interface
  interface operator(==)
    module procedure same
  end interface
  interface operator(.cross.)
    module procedure cross
  end interface
  interface operator(.flip.)
    module procedure flip
  end interface
  interface operator(.tilt.)
    module procedure product_of
  end interface
  interface operator(.lambda.)
    module procedure product_of
  end interface
  interface operator(//)
    module procedure joined, joined_reading
  end interface
  interface assignment(=)
    module procedure set_both, set_text, set_reading
  end interface

contains

  type(vector) function from_angle(angle, length, unit)
    real(8), intent(in) :: angle, length
    character(len=*), intent(in) :: unit
    real(8) :: a
    a = angle
    if (unit == 'degrees') a = angle * acos(-1d0) / 180
    from_angle = vector(length * cos(a), length * sin(a))
  end function

  type(vector) function from_name(name)
    character(len=*), intent(in) :: name
    from_name%x = merge(1d0, 0d0, name == 'east')
    from_name%y = merge(1d0, 0d0, name == 'north')
  end function

  type(vector) function at_origin()
    at_origin%x = 100
    at_origin%y = 100
  end function

  type(vector) function add(a, b)
    type(vector), intent(in) :: a, b
    add%x = a%x + b%x
    add%y = a%y + b%y
  end function

  type(line) function add_lines(a, b)
    type(line), intent(in) :: a, b
    add_lines%x = a%x + b%x
    add_lines%y = a%y + b%y
    add_lines%width = a%width + b%width
  end function

  type(vector) function subtract(a, b)
    type(vector), intent(in) :: a, b
    subtract%x = a%x - b%x
    subtract%y = a%y - b%y
  end function

  type(vector) function negative(a)
    type(vector), intent(in) :: a
    negative%x = -a%x
    negative%y = -a%y
  end function

  type(vector) function scaled(a, factor)
    type(vector), intent(in) :: a
    real(8), intent(in) :: factor
    scaled%x = a%x * factor
    scaled%y = a%y * factor
  end function

  type(vector) function scaled_by_whole(a, factor)
    type(vector), intent(in) :: a
    integer, intent(in) :: factor
    scaled_by_whole%x = a%x * factor + 1000
    scaled_by_whole%y = a%y * factor
  end function

  type(vector) function scaling(factor, a)
    real(8), intent(in) :: factor
    type(vector), intent(in) :: a
    scaling%x = factor * a%x
    scaling%y = factor * a%y + 500
  end function

  logical function same(a, b)
    type(vector), intent(in) :: a, b
    same = abs(a%x - b%x) + abs(a%y - b%y) < 0.1d0
  end function

  real(8) function cross(a, b)
    type(vector), intent(in) :: a, b
    cross = a%x * b%y - a%y * b%x
  end function

  type(vector) function flip(a)
    type(vector), intent(in) :: a
    flip%x = a%y
    flip%y = a%x
  end function

  character(len=8) function joined(a, text)
    type(vector), intent(in) :: a
    character(len=*), intent(in) :: text
    write (joined, '(i0, a)') nint(a%x), text
  end function

  real(8) function product_of(a, b)
    type(reading), intent(in) :: a, b
    product_of = a%value * b%value
  end function

  real(8) function joined_reading(a, b)
    type(reading), intent(in) :: a, b
    joined_reading = 10 * a%value + b%value
  end function

  subroutine set_reading(a, value)
    type(reading), intent(inout) :: a
    real(8), intent(in) :: value
    a%value = value
  end subroutine

  subroutine set_both(a, value)
    type(vector), intent(out) :: a
    real(8), intent(in) :: value
    a%x = value
    a%y = value
  end subroutine

  subroutine set_text(a, text)
    type(vector), intent(inout) :: a
    character(len=*), intent(in) :: text
    a%x = a%x + len(text)
  end subroutine

  type(vector) function over_real(a, divisor)
    class(vector), intent(in) :: a
    real(8), intent(in) :: divisor
    over_real%x = a%x / divisor
    over_real%y = a%y / divisor
  end function

  type(vector) function over_whole(a, divisor)
    class(vector), intent(in) :: a
    integer, intent(in) :: divisor
    over_whole%x = a%x / divisor
    over_whole%y = 7
  end function

  ! the object is the second operand
  real(8) function from_real(base, self)
    real(8), intent(in) :: base
    class(vector), intent(in) :: self
    from_real = base ** self%x
  end function

  logical function is_shorter(a, b)
    class(vector), intent(in) :: a
    class(vector), intent(in) :: b
    is_shorter = length_of(a) < length_of(b)
  end function

  real(8) function dot(a, b)
    class(vector), intent(in) :: a
    type(vector), intent(in) :: b
    dot = a%x * b%x + a%y * b%y
  end function

  logical function is_within(limit, self)
    real(8), intent(in) :: limit
    class(vector), intent(in) :: self
    is_within = norm2([self%x, self%y]) < limit
  end function

  logical function is_apart(limit, self)
    real(8), intent(in) :: limit
    class(vector), intent(in) :: self
    is_apart = .not. is_within(limit, self)
  end function

  type(vector) function opposite(a)
    class(vector), intent(in) :: a
    opposite%x = a%y
    opposite%y = -a%x
  end function

  real(8) function length_of(a)
    class(vector), intent(in) :: a
    length_of = hypot(a%x, a%y)
  end function
end module
