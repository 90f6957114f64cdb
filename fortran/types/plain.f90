! Plain derived types: components of every sort that lies in the object itself, objects as arguments and results.
module measures
  implicit none
  type :: span
    real :: low = -1, high = 1
  end type
end module

module plain
  use measures, only: interval => span
  use iso_c_binding, only: c_int, c_double, c_ptr, c_null_ptr
  implicit none
  private :: secret
  integer, parameter :: n = 3

  type :: every
    integer(1) :: i1 = 1
    integer(8) :: i8 = 2_8**40
    integer(2) :: i2 = -2
    integer :: i4 = n + 1
    real(4) :: r4 = 0.5
    real(8) :: r8 = 1d-3
    complex(4) :: c4 = (1.0, 2.0)
    complex(8) :: c8 = (3d0, -4d0)
    logical(1) :: l1 = .true.
    logical :: l4 = .false.
    character :: letter = 'x'
    character(len=2*n + 1) :: text = 'seven'
    real(8) :: row(n) = [1d0, 2d0, 3d0]
    integer(2) :: table(2, 0:2) = reshape([1, 2, 3, 4, 5, 6], [2, 3])
    character(len=4) :: words(2) = ['one ', 'two ']
    type(interval) :: inside
    integer :: nothing
  end type

  type :: small
    real(8) :: x = 1.5d0
    integer :: k = 7
  end type

  type :: large
    integer :: k(10) = 3
    type(small) :: parts
  end type

  type, bind(c) :: interoperable
    integer(c_int) :: i = 1
    real(c_double) :: x = 2
    type(c_ptr) :: p = c_null_ptr
  end type

  type :: ordered
    sequence
    integer(1) :: a
    real(8) :: b
  end type

  type :: secret
    integer :: k = 11
  end type

  type :: closed
    private
    integer :: hidden = 5
    integer, public :: shown = 6
    type(secret), public :: key
  end type

  type :: with_python_words
    integer :: in = 1, lambda = 2, self = 3
    type(small) :: from
    ! Python can't have the first by any name
    integer :: class = 4, class_ = 5, iff = 6
  end type

  type :: a_type_whose_name_is_as_long_as_sixty_three_characters_may_be__
    integer :: k = 12
  end type

  type(small) :: current
  type(small), protected :: kept
  type(large), protected :: kept_large
  type(small), parameter :: one = small(1d0, 1)
  type(large) :: several = large(4, small(2d0, 2))
contains
  ! what is wrong with an object made by Python: the number of the first component that isn't its default
  integer function differs(e)
    type(every), intent(in) :: e
    type(every) :: own
    differs = 0
    if (e%i1 /= own%i1) differs = 1
    if (e%i8 /= own%i8) differs = 2
    if (e%i2 /= own%i2) differs = 3
    if (e%i4 /= own%i4) differs = 4
    if (e%r4 /= own%r4) differs = 5
    if (e%r8 /= own%r8) differs = 6
    if (e%c4 /= own%c4) differs = 7
    if (e%c8 /= own%c8) differs = 8
    if (e%l1 .neqv. own%l1) differs = 9
    if (e%l4 .neqv. own%l4) differs = 10
    if (e%letter /= own%letter) differs = 11
    if (e%text /= own%text) differs = 12
    if (any(e%row /= own%row)) differs = 13
    if (any(e%table /= own%table)) differs = 14
    if (any(e%words /= own%words)) differs = 15
    if (e%inside%low /= own%inside%low) differs = 16
    if (e%inside%high /= own%inside%high) differs = 17
  end function

  subroutine fill(e)
    type(every), intent(inout) :: e
    e%i1 = 11; e%i8 = 12; e%i2 = 13; e%i4 = 14; e%r4 = 15; e%r8 = 16; e%c4 = (17, 18); e%c8 = (19, 20)
    e%l1 = .false.; e%l4 = .true.; e%letter = 'y'; e%text = 'filled'; e%row = 21; e%table(2, 0) = 22
    e%words(2) = 'four'; e%inside%high = 23; e%nothing = 24
  end subroutine

  real(8) function sum_of(e)
    type(every) :: e
    sum_of = real(e%i8 - 2_8**40, 8) + e%i1 + e%i2 + e%i4 + e%r4 + e%r8 + real(e%c4) + aimag(e%c8) + sum(e%row) + sum(e%table)
    if (e%l1) sum_of = sum_of + 1000
    if (e%l4) sum_of = sum_of + 2000
    sum_of = sum_of + len_trim(e%text) + e%inside%high
  end function

  subroutine make(s, x, l)
    type(small), intent(out) :: s
    real(8), intent(in) :: x
    type(large), intent(out) :: l
    s%x = x
    l%parts%k = 8
  end subroutine

  type(small) function new_small(k)
    integer, intent(in) :: k
    new_small%k = k
  end function

  function new_large(k) result(l)
    integer, intent(in) :: k
    type(large) :: l
    l%k(10) = k
  end function

  type(interval) function new_interval(low)
    real, intent(in) :: low
    new_interval%low = low
  end function

  function new_bound(i) bind(c)
    integer(c_int), value :: i
    type(interoperable) :: new_bound
    new_bound%i = i
  end function

  type(ordered) function new_ordered(a)
    integer(1), intent(in) :: a
    new_ordered%a = a
    new_ordered%b = a + 0.5d0
  end function

  real(8) function by_value(s, l, m)
    type(small), value :: s
    type(large), value :: l
    integer, value :: m
    by_value = s%x + s%k + sum(l%k) + l%parts%x + m
    s%k = 1000
    l%k = 1000
  end function

  real(c_double) function bound_value(p, scale) bind(c)
    type(interoperable), value :: p
    real(c_double), value :: scale
    bound_value = (p%i + p%x) * scale
    p%i = 1000
  end function

  integer function given(s, l)
    type(small), intent(in), optional :: s
    type(large), intent(inout), optional :: l
    given = 0
    if (present(s)) given = given + s%k
    if (present(l)) then
      given = given + l%k(1)
      l%k(1) = 0
    end if
  end function

  integer function opened(c)
    type(closed), intent(in) :: c
    opened = 100 * c%hidden + 10 * c%shown + c%key%k
  end function

  real(8) function current_sum()
    current_sum = current%x + current%k
    current%k = current%k + 1
    kept%k = 70
  end function

  integer function name_of(a)
    type(a_type_whose_name_is_as_long_as_sixty_three_characters_may_be__) :: a
    name_of = a%k
  end function
end module
