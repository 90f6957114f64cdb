! Procedures with bind(c): the standard's descriptors, characters by value, addresses.

subroutine count_up(n, a) bind(c)
  use iso_c_binding
  integer(c_int), value :: n
  real(c_double), allocatable, intent(out) :: a(:)
  integer :: i
  if (n < 0) return
  allocate (a(n))
  a = [(i, i = 1, n)]
end subroutine

subroutine extend(a) bind(c)
  use iso_c_binding
  real(c_double), allocatable :: a(:)
!f2py intent(in, out) a
  if (allocated(a)) then
    a = [a, 7d0]
  else
    a = [1d0]
  end if
end subroutine

subroutine negate(a) bind(c)
  use iso_c_binding
  integer(c_int), allocatable, intent(inout) :: a(:, :)
  a = -a
end subroutine

subroutine every_other(p) bind(c)
  use iso_c_binding
  real(c_double), pointer, intent(out) :: p(:)
  real(c_double), target, save :: t(6) = [1, 2, 3, 4, 5, 6]
  p => t(6:1:-2)
end subroutine

subroutine fill(p) bind(c)
  use iso_c_binding
  real(c_double), pointer, intent(inout) :: p(:, :)
  integer :: i, j
  do j = lbound(p, 2), ubound(p, 2)
    do i = lbound(p, 1), ubound(p, 1)
      p(i, j) = 10*i + j
    end do
  end do
end subroutine

subroutine answer(x, none) bind(c)
  use iso_c_binding
  integer(c_int), allocatable, intent(out) :: x, none
  x = 42
end subroutine

function letter(n) bind(c) result(c)
  use iso_c_binding
  integer(c_int), value :: n
  character(kind=c_char) :: c
  c = char(64 + n)
end function

function code(c) bind(c) result(n)
  use iso_c_binding
  character(kind=c_char), value :: c
  integer(c_int) :: n
  n = ichar(c)
end function

function c_length(text) bind(c) result(n)
  use iso_c_binding
  character(kind=c_char), intent(in) :: text(*)
  integer(c_int) :: n
  n = 0
  do while (text(n + 1) /= c_null_char)
    n = n + 1
  end do
end function

subroutine capitalize(text, n) bind(c)
  use iso_c_binding
  integer(c_int), value :: n
  character(kind=c_char), intent(inout) :: text(n)
  if (n > 0) text(1) = 'X'
end subroutine

function given(x) bind(c) result(n)
  use iso_c_binding
  real(c_double), intent(in), optional :: x(:)
  integer(c_int) :: n
  n = -1
  if (present(x)) n = size(x)
end function

function peek(p) bind(c) result(x)
  use iso_c_binding, only: c_double, c_f_pointer, place => c_ptr
  type(place), value :: p
  real(c_double) :: x
  real(c_double), pointer :: q
  call c_f_pointer(p, q)
  x = q
end function

function where_is(x) bind(c) result(p)
  use iso_c_binding
  real(c_double), target, intent(in) :: x(*)
  type(c_ptr) :: p
  p = c_loc(x)
end function

subroutine forward(p, steps)
  use iso_c_binding
  type(c_ptr), intent(inout) :: p
  integer, intent(in) :: steps
  integer(c_intptr_t) :: place
  place = transfer(p, place) + 8*steps
  p = transfer(place, p)
end subroutine

function applied(f, x) bind(c) result(y)
  use iso_c_binding
  type(c_funptr), value :: f
  real(c_double), value :: x
  real(c_double) :: y
  abstract interface
    function one(x) bind(c) result(y)
      import
      real(c_double), value :: x
      real(c_double) :: y
    end function
  end interface
  procedure(one), pointer :: g
  call c_f_procpointer(f, g)
  y = g(x)
end function
