! What only goes out into memory of the caller's: assumed shape, assumed size, assumed length.

module given_memory
  use, intrinsic :: iso_c_binding
  implicit none
  integer :: counts(3) = 1, square(2, 2) = 1
  integer(1) :: small = 1
  real(8), allocatable :: grown(:)
  real(8), pointer :: seen(:) => null()
  logical(1) :: switches(2) = .false.
  character(len=4) :: names(2) = 'none'
  real(8), target :: aim(3) = 0
contains
  subroutine count_up(a)
    real(8), intent(out) :: a(:)
    integer :: i
    do i = 1, size(a)
      a(i) = i
    end do
  end subroutine

  subroutine prefix(n, a)
    integer, intent(in) :: n
    integer(8), intent(out) :: a(*)
    a(1:n) = n
  end subroutine

  subroutine leading(n, m, a)
    integer, intent(in) :: n, m
    complex(8), intent(out) :: a(n, *)
    a(:, 1:m) = (1, 2)
  end subroutine

  subroutine maybe(k, a, s)
    integer, intent(out) :: k
    real(4), intent(out), optional :: a(:, :)
    character(len=*), intent(out), optional :: s
    k = 0
    if (present(a)) then
      a = 3
      k = size(a)
    end if
    if (present(s)) s = 'here'
  end subroutine

  subroutine spelled(s, t)
    character(len=*), intent(out) :: s(:), t
    s = 'xy'
    t = 'filled'
  end subroutine

  subroutine named(s, k)
    character(len=*), intent(out) :: s(3)
    integer, intent(out) :: k
    s = 'abcdef'
    k = len(s)
  end subroutine

  subroutine cube(a)
    logical, intent(out) :: a(0:, :, :)
    a = .true.
  end subroutine

  integer function filled(a) result(k)
    integer(2), intent(out) :: a(:)
    a = 5
    k = size(a)
  end function

  subroutine fixed(n, a, b)
    integer, intent(in) :: n
    real(8), intent(out) :: a(n), b(3)
    a = 1
    b = 2
  end subroutine

  subroutine turn(a, b, k)
    logical(1), intent(inout) :: a(:)
    logical(c_bool), intent(inout) :: b(2, *)
    integer, intent(out) :: k
    k = count(a) + 10*count(b(:, 1))
    a = .not. a
    b(1, 1) = .true.
  end subroutine

  subroutine truths(a)
    logical(1), intent(out) :: a(:)
    a = .true.
  end subroutine

  subroutine point()
    seen => aim
  end subroutine

  function sum_at(p, n) result(s) bind(c)
    type(c_ptr), value :: p
    integer(c_int), value :: n
    real(c_double) :: s
    real(c_double), pointer :: x(:)
    s = -1
    if (.not. c_associated(p)) return
    call c_f_pointer(p, x, [n])
    s = sum(x)
  end function

  subroutine is_null(p, f, k)
    type(c_ptr), intent(in) :: p
    type(c_funptr), intent(in) :: f
    integer, intent(out) :: k
    k = 0
    if (c_associated(p)) k = 1
    if (c_associated(f)) k = k + 2
  end subroutine
end module

subroutine old_sum(n, x, s)
  integer n, i
  double precision x(1), s
!f2py intent(out) s
  s = 0
  do i = 1, n
    s = s + x(i)
  end do
end subroutine

subroutine old_matrix(lda, n, a, one)
  integer lda, n
  real a(lda, 1)
  integer one(1)
!f2py intent(inout) a
!f2py intent(out) one
  a(:, 1:n) = 4
  one(1) = 9
end subroutine

subroutine external_prefix(n, a)
  integer, intent(in) :: n
  real, intent(out) :: a(*)
  a(1:n) = n
end subroutine
