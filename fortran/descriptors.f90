! Arrays that Fortran sees through descriptors: every type, any strides, any lower bounds, in place.

subroutine next_integers(a, b, c, d)
  integer(1), intent(inout) :: a(:)
  integer(2), intent(inout) :: b(:)
  integer(4), intent(inout) :: c(:)
  integer(8), intent(inout) :: d(:)
  a = a + 1_1
  b = b + 1_2
  c = c + 1
  d = d + 1
end subroutine

subroutine next_reals(a, b)
  real(4), intent(inout) :: a(:, :)
  real(8), intent(inout) :: b(:, :)
  a = a + 1
  b = b + 1
end subroutine

subroutine turn(a, b)
  complex(4), intent(inout) :: a(:)
  complex(8), intent(inout) :: b(:)
  a = (0, 1)*a
  b = (0, 1)*b
end subroutine

subroutine invert(a, b, counts)
  logical(1), intent(inout) :: a(:)
  logical(4), intent(inout) :: b(:, :)
  integer, intent(out) :: counts(2)
  a = .not. a
  b = .not. b
  counts = [count(a), count(b)]
end subroutine

subroutine surround(words, n)
  character(len=*), intent(inout) :: words(:)
  integer, intent(out) :: n
  integer :: i
  n = len(words)
  do i = 1, size(words)
    words(i) = '<'//words(i)
  end do
end subroutine

subroutine surround_three(words)
  character(len=3), intent(inout) :: words(:, :)
  words = '('//words
end subroutine

subroutine by_index(x, y)
  ! Each element becomes what its subscripts say.
  real(8), intent(inout) :: x(0:), y(-1:, 5:)
  integer :: i, j
  do i = lbound(x, 1), ubound(x, 1)
    x(i) = i
  end do
  do j = lbound(y, 2), ubound(y, 2)
    do i = lbound(y, 1), ubound(y, 1)
      y(i, j) = 100*i + j
    end do
  end do
end subroutine

function reductions(x) result(r)
  ! What compilers leave to their libraries, which read descriptors.
  real(8), intent(in) :: x(:, :)
  real(8) :: r(6)
  r = [sum(x), maxval(x), real(maxloc(x, mask=x > 0), 8), sum(matmul(x, transpose(x))), real(size(pack(x, x > 0)), 8)]
end function

function drained(x) result(total)
  ! Changes an array that the caller keeps.
  real(8) :: x(:), total
  !f2py intent(in, copy) x
  total = sum(x)
  x = 0
end function

subroutine deep(x)
  integer, intent(inout) :: x(:, :, :, :, :, :, :)
  x = x*size(x, 7)
end subroutine

subroutine allocate_all(n, i, z, l, w, x)
  integer, intent(in) :: n
  integer(2), allocatable, intent(out) :: i(:)
  complex(4), allocatable, intent(out) :: z(:)
  logical, allocatable, intent(out) :: l(:)
  character(len=4), allocatable, intent(out) :: w(:)
  real(8), allocatable, intent(out) :: x(:, :)
  integer :: k
  i = [(int(k, 2), k = 1, n)]
  z = [(cmplx(k, -k), k = 1, n)]
  l = [(mod(k, 2) == 0, k = 1, n)]
  allocate (w(-1:n - 2), x(0:n - 1, -n:-1))
  w = 'w'
  do k = 0, n - 1
    x(k, :) = k
    x(k, -n) = -1
  end do
end subroutine

subroutine shift_bounds(x)
  ! Reallocated with other lower bounds, the extents stay.
  real(8), allocatable, intent(inout) :: x(:)
  real(8), allocatable :: y(:)
  allocate (y(-5:size(x) - 6))
  y = x + lbound(x, 1)
  call move_alloc(y, x)
  x(-5) = 0
end subroutine

subroutine is_there(shape, deferred, place, text, texts, scalar, found)
  real(8), intent(in), optional :: shape(:)
  real(8), allocatable, intent(in), optional :: deferred(:)
  real(8), pointer, intent(in), optional :: place(:)
  character(len=*), intent(in), optional :: text, texts(:)
  integer, allocatable, intent(in), optional :: scalar
  integer, intent(out) :: found(6)
  found = -1
  if (present(shape)) found(1) = size(shape)
  if (present(deferred)) found(2) = size(deferred)
  if (present(place)) found(3) = size(place)
  if (present(text)) found(4) = len(text)
  if (present(texts)) found(5) = 10*size(texts) + len(texts)
  if (present(scalar)) found(6) = scalar
end subroutine

function scalar_allocatable(n) result(r)
  integer, intent(in) :: n
  integer, allocatable :: r
  if (n > 0) r = n
end function

function scalar_pointer(n) result(r)
  integer, intent(in) :: n
  real(8), pointer :: r
  real(8), target, save :: values(2) = [1.5d0, 2.5d0]
  nullify (r)
  if (n > 0) r => values(n)
end function

function columns(n) result(r)
  integer, intent(in) :: n
  complex(8) :: r(2, n)
  integer :: i
  do i = 1, n
    r(:, i) = cmplx(i, [1, 2], 8)
  end do
end function

function masks(n) result(r)
  integer, intent(in) :: n
  logical :: r(0:n - 1)
  integer :: i
  r = [(mod(i, 3) == 0, i = 1, n)]
end function

function target_part(n) result(p)
  integer, intent(in) :: n
  real(8), pointer :: p(:, :)
  real(8), target, save :: t(4, 4)
  integer :: i
  t = reshape([(i, i = 1, 16)], [4, 4])
  p => t(4:1:-2, 1:n)
end function

subroutine negate_seen(p)
  real(8), pointer, intent(in) :: p(:, :)
  p = -p
end subroutine

module tables
  implicit none
  real(8), allocatable :: grid(:, :)
  logical, allocatable :: flags(:)
  integer, pointer :: window(:)
  integer, target :: store(10) = 0
  complex(8), allocatable :: number
contains
  subroutine make(n)
    integer, intent(in) :: n
    integer :: i
    if (allocated(grid)) deallocate (grid)
    if (allocated(flags)) deallocate (flags)
    allocate (grid(0:n, -1:1), flags(n))
    grid = 1
    grid(0, -1) = 7
    flags = [(i > 1, i = 1, n)]
    window => store(10:1:-3)
    store = [(i, i = 1, 10)]
    number = (1, 2)
  end subroutine

  function seen() result(r)
    real(8) :: r(5)
    r = 0
    if (allocated(grid)) r(1:3) = [size(grid, 1), size(grid, 2), lbound(grid, 1)]
    if (allocated(flags)) r(4) = count(flags)
    if (allocated(grid)) r(5) = sum(grid)
  end function
end module
