! Every way in which an argument or a variable goes to Fortran and comes back, a routine for each.

module kept
  implicit none
  integer, parameter :: fixed = 7
  integer :: number = 0
  complex(8) :: pair = (1, 2)
  character(len=12) :: text = "abc"
  character(len=6) :: words(4) = "word"
  double precision :: table(100) = 0
  double precision, allocatable :: series(:)
  double precision, allocatable :: grid(:, :)
  integer, allocatable :: count
  character(len=:), allocatable :: lines(:)
  double precision, pointer :: target_of_all(:) => null()
  double precision, target :: storage(100) = 1
contains
  subroutine point()
    target_of_all => storage
  end subroutine

  subroutine strided(x, total)
    ! An assumed-shape array, read.
    double precision, intent(in) :: x(:)
    double precision, intent(out) :: total
    total = sum(x)
  end subroutine

  subroutine doubled(x)
    ! An assumed-shape array, changed in its place.
    double precision, intent(inout) :: x(:, :)
    x = 2 * x
  end subroutine

  subroutine doubled_copy(x)
    double precision, intent(inout) :: x(:)
    !f2py intent(in, out) x
    x = 2 * x
  end subroutine

  subroutine maybe(total, number, table, any_shape)
    ! Absent or present: a scalar, an array of given extent, an assumed-shape one.
    integer, intent(out) :: total
    integer, intent(in), optional :: number
    integer, intent(in), optional :: table(3)
    integer, intent(in), optional :: any_shape(:)
    total = 0
    if (present(number)) total = total + number
    if (present(table)) total = total + sum(table)
    if (present(any_shape)) total = total + sum(any_shape)
  end subroutine

  subroutine take(x, total)
    double precision, allocatable, intent(in) :: x(:)
    double precision, intent(out) :: total
    total = sum(x)
  end subroutine

  subroutine make(n, x)
    ! Less than one element: it is left unallocated.
    integer, intent(in) :: n
    double precision, allocatable, intent(out) :: x(:)
    if (n > 0) allocate(x(n), source=1d0)
  end subroutine

  subroutine increase(x)
    double precision, allocatable, intent(inout) :: x(:)
    x = x + 1
  end subroutine

  subroutine prolong(x)
    double precision, allocatable, intent(inout) :: x(:)
    !f2py intent(in, out) x
    x = [x, 1d0]
  end subroutine

  subroutine every_other(part)
    double precision, pointer, intent(out) :: part(:)
    part => storage(::2)
  end subroutine

  function squares(n) result(x)
    integer, intent(in) :: n
    double precision :: x(n)
    integer :: i
    x = [(dble(i)**2, i=1, n)]
  end function

  function some(n) result(x)
    integer, intent(in) :: n
    double precision, allocatable :: x(:)
    allocate(x(n), source=2d0)
  end function

  subroutine describe(n, text)
    ! Characters whose length Fortran decides.
    integer, intent(in) :: n
    character(len=:), allocatable, intent(out) :: text
    text = repeat("ab", n)
  end subroutine

  function described(n) result(text)
    integer, intent(in) :: n
    character(len=:), allocatable :: text
    text = repeat("ab", n)
  end function

  subroutine by_value(i, x, z, total)
    integer, value :: i
    double precision, value :: x
    complex(8), value :: z
    double precision, intent(out) :: total
    total = i + x + dble(z)
  end subroutine

  function repeated(text, n) result(longer)
    character(len=*), intent(in) :: text
    integer, intent(in) :: n
    character(len=n) :: longer
    longer = repeat(text, 3)
  end function
end module

subroutine every_scalar(i1, i2, i4, i8, r4, r8, c4, c8, l, letter, text, total)
  integer(1), intent(in) :: i1
  integer(2), intent(in) :: i2
  integer(4), intent(in) :: i4
  integer(8), intent(in) :: i8
  real(4), intent(in) :: r4
  real(8), intent(in) :: r8
  complex(4), intent(in) :: c4
  complex(8), intent(in) :: c8
  logical, intent(in) :: l
  character, intent(in) :: letter
  character(len=*), intent(in) :: text
  double precision, intent(out) :: total
  total = i1 + i2 + i4 + i8 + r4 + r8 + dble(c4) + dble(c8) + merge(1, 0, l) &
    + iachar(letter) + len(text)
end subroutine

subroutine every_answer(i1, i2, i4, i8, r4, r8, c4, c8, l, letter, text)
  integer(1), intent(out) :: i1
  integer(2), intent(out) :: i2
  integer(4), intent(out) :: i4
  integer(8), intent(out) :: i8
  real(4), intent(out) :: r4
  real(8), intent(out) :: r8
  complex(4), intent(out) :: c4
  complex(8), intent(out) :: c8
  logical, intent(out) :: l
  character, intent(out) :: letter
  character(len=9), intent(out) :: text
  i1 = 1; i2 = 2; i4 = 3; i8 = 4; r4 = 5; r8 = 6; c4 = 7; c8 = 8
  l = .true.; letter = "x"; text = "answer"
end subroutine

subroutine changed(i, z, text, kept)
  ! In and out: by value for Python, in a 0-d array, as a string and in the caller's characters.
  integer :: i
  complex(8) :: z
  character(len=5) :: text, kept
  !f2py intent(in, out) i, text
  !f2py intent(inout) z, kept
  i = i + 1
  z = 2 * z
  text(1:1) = "x"
  kept(1:1) = "y"
end subroutine

subroutine arrays(n, in, copied, in_out, overwritten, in_place, out, hidden_sum)
  integer, intent(in) :: n
  double precision, intent(in) :: in(n)
  double precision :: copied(n), in_out(n), overwritten(n), in_place(n)
  double precision, intent(out) :: out(n)
  double precision :: scratch(n), spare(n)
  double precision, intent(out) :: hidden_sum
  !f2py intent(in, copy) copied
  !f2py intent(in, out) in_out
  !f2py intent(in, out, overwrite) overwritten
  !f2py intent(inout) in_place
  copied = copied + 1
  in_out = in_out + 1
  overwritten = overwritten + copied
  in_place = in_place + 1
  scratch = in
  spare = scratch
  out = in
  hidden_sum = sum(spare)
end subroutine

subroutine work_arrays(n, scratch, spare, total)
  integer, intent(in) :: n
  double precision :: scratch(n), spare(n)
  double precision, intent(out) :: total
  !f2py intent(hide) scratch
  !f2py intent(cache, hide) spare
  spare = 1
  scratch = spare
  total = sum(scratch)
end subroutine

subroutine replaced(n, x)
  integer :: n
  real(4) :: x(n, 2)
  !f2py intent(inplace) x
  !f2py integer, intent(hide), depend(x) :: n = shape(x, 0)
  x = 2 * x
end subroutine

subroutine matrix(m, n, a, total)
  integer, intent(in) :: m, n
  complex(8), intent(in) :: a(m, n)
  double precision, intent(out) :: total
  total = sum(dble(a))
end subroutine

subroutine flags(n, l, inverse)
  integer, intent(in) :: n
  logical, intent(in) :: l(n)
  logical, intent(out) :: inverse(n)
  inverse = .not. l
end subroutine

subroutine words_in_and_out(n, given, changed, made)
  integer, intent(in) :: n
  character(len=4), intent(in) :: given(n)
  character(len=4), intent(inout) :: changed(n)
  character(len=4), intent(out) :: made(n)
  made = given
  changed = "new"
end subroutine

subroutine extended(x, y, z, total)
  ! Reals of 80 bits.
  real(10), intent(in) :: x(:)
  real(10), intent(in) :: y
  complex(10), intent(inout) :: z
  real(10), intent(out) :: total
  total = sum(x) + y
  z = z + y
end subroutine

real(10) function extended_result(x)
  real(10), intent(in) :: x
  extended_result = x / 3
end function

complex(10) function extended_complex(x)
  real(10), intent(in) :: x
  extended_complex = cmplx(x, x, 10)
end function

integer function integer_result(x)
  double precision, intent(in) :: x
  integer_result = int(x)
end function

real(4) function real_result(x)
  double precision, intent(in) :: x
  real_result = real(x)
end function

complex(8) function complex_result(x)
  double precision, intent(in) :: x
  complex_result = cmplx(x, x, 8)
end function

logical function logical_result(x)
  double precision, intent(in) :: x
  logical_result = x > 0
end function

character(len=7) function text_result(x)
  double precision, intent(in) :: x
  text_result = merge("more   ", "nothing", x > 0)
end function

subroutine sum_up(f, n, total)
  external f
  double precision f, total
  integer n, i
  !f2py intent(out) total
  total = 0
  do i = 1, n
    total = total + f(dble(i))
  end do
end subroutine

subroutine sum_extended(f, n, total)
  interface
    real(10) function f(x)
      real(10), intent(in) :: x
    end function
  end interface
  integer n, i
  real(10) total
  !f2py intent(out) total
  total = 0
  do i = 1, n
    total = total + f(real(i, 10))
  end do
end subroutine

subroutine view_it(f, x)
  ! The callback gets an assumed-shape array.
  interface
    subroutine f(x)
      double precision, intent(inout) :: x(:)
    end subroutine
  end interface
  double precision, intent(inout) :: x(:)
  call f(x(::2))
end subroutine

subroutine fill(f, n, x)
  ! The callback gets and gives an array.
  external f
  integer n
  double precision x(n)
  !f2py intent(in, out) x
  call f(x, n)
end subroutine

subroutine speak(f, text)
  ! The callback gets characters.
  external f
  character(len=8) text
  !f2py intent(in, out) text
  call f(text)
end subroutine

subroutine by_its_name(n, total)
  integer n, i
  double precision total, weight
  external weight
  !f2py intent(callback) weight
  !f2py intent(out) total
  !f2py external weight
  !f2py double precision x
  !f2py double precision w
  !f2py w = weight(x)
  total = 0
  do i = 1, n
    total = total + weight(dble(i))
  end do
end subroutine

subroutine in_common(n)
  integer n, counter
  double precision board(20)
  common /shared/ board, counter
  !f2py intent(out) n
  n = counter
end subroutine
