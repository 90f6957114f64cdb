! Extents and lengths that only compiled code can compute. Each routine tells what Fortran made of them.
module lists
  implicit none
  integer :: idx(0:3) = [2, 3, 4, 5]
  character(len=8) :: label = 'abc'
  integer, allocatable :: work(:)
  integer, private :: hidden = 3
  integer(8), private :: steps(3) = [1, 5, 9]
  real, private, protected :: factor = 2.5
  private :: twice
contains
  pure integer function twice(n)
    integer(8), intent(in) :: n
    twice = int(2*n)
  end function
  pure integer function total(x) result(r)
    real(8), intent(in) :: x(:, 0:)
    r = int(sum(x)) + ubound(x, 2)
  end function
  pure integer function of_several(s, flag, k, z) result(r)
    character(len=*), intent(in) :: s
    logical, intent(in) :: flag
    integer(8), intent(in) :: k
    complex, intent(in) :: z
    r = merge(len_trim(s), 1, flag) + int(k) + int(aimag(z))
  end function
  subroutine setup(n)
    integer, intent(in) :: n
    if (allocated(work)) deallocate (work)
    allocate (work(n:2*n))
    hidden = n
    idx(1) = n
  end subroutine
  subroutine own(y, c)
    integer, intent(out) :: y(idx(2)), c
    c = size(y)
  end subroutine
  subroutine private_scalar(y, c)
    integer, intent(out) :: y(hidden + 1), c
    c = size(y)
  end subroutine
  subroutine private_all(y, c)
    integer, intent(out) :: y(twice(steps(2)) + hidden, int(2*factor)), c
    c = size(y)
  end subroutine
end module

module askers
  use lists, only: idx, name => label, total, of_several, work
  implicit none
  integer, parameter :: m = 2
  integer(8), parameter, private :: wide = 1
contains
  subroutine element(y, c)
    integer, intent(out) :: y(idx(m)), c
    c = size(y)
  end subroutine
  subroutine bounds(k, y, c)
    integer, intent(in) :: k
    integer, intent(out) :: y(idx(k):2*m + 7), c
    c = size(y)
  end subroutine
  subroutine renamed_text(y, c)
    integer, intent(out) :: y(len_trim(name)), c
    c = size(y)
  end subroutine
  subroutine of_matrix(x, y, c)
    real(8), intent(in) :: x(:, 2:)
    integer, intent(out) :: y(total(x)), c
    c = size(y)
  end subroutine
  subroutine several_types(s, f, k, z, y, c)
    character(len=*), intent(in) :: s
    logical, intent(in) :: f
    integer(8), intent(in) :: k
    complex, intent(in) :: z
    integer, intent(out) :: y(of_several(s, f, k + wide, z), 2), c
    c = size(y)
  end subroutine
  subroutine of_allocatable(y, c)
    integer, intent(out) :: y(lbound(work, 1):ubound(work, 1)), c
    c = size(y)
  end subroutine
  subroutine of_intrinsics(x, y, c)
    real, intent(in) :: x(:)
    integer, intent(out) :: y(maxloc(idx, 1) + floor(x(1)) + merge(0, 1, loc(idx) == 0)), c
    c = size(y)
  end subroutine
  subroutine given(n, x, c)
    integer, intent(in) :: n
    real, intent(in) :: x(n + idx(2))
    integer, intent(out) :: c
    c = size(x)
  end subroutine
  subroutine of_common(y, c)
    integer, dimension(2) :: shape_of
    logical flag
    common /asked_sizes/ flag, shape_of
    integer, intent(out) :: y(shape_of(1), 2*shape_of(2)), c
    c = size(y)
  end subroutine
  function text_of(n) result(s)
    integer, intent(in) :: n
    character(len=idx(n)) :: s
    s = 'abcdefgh'
  end function
  subroutine text_out(s, c)
    character(len=idx(2) + m), intent(out) :: s
    integer, intent(out) :: c
    s = 'abcdefgh'
    c = len(s)
  end subroutine
end module

module openers
  implicit none
  private
  interface breadth
    procedure of_text, of_number
  end interface
  interface operator(.times.)
    procedure product_of
  end interface
  public :: breadth, operator(.times.)
contains
  pure integer function of_text(s)
    character(len=*), intent(in) :: s
    of_text = len_trim(s)
  end function
  pure integer function of_number(n)
    integer, intent(in) :: n
    of_number = 2*n
  end function
  pure integer function product_of(a, b)
    integer, intent(in) :: a, b
    product_of = a*b
  end function
end module

subroutine set_sizes(w, h)
  integer, intent(in) :: w, h
  integer width, height
  logical flag
  common /asked_sizes/ flag, width, height
  flag = .true.
  width = w
  height = h
end subroutine

subroutine old_style(y, c)
  implicit real(8) (a-h, o-z)
  logical flag
  common /asked_sizes/ flag, nw, nh
  integer, intent(out) :: y(nw, 0:nh), c
  c = size(y)
end subroutine

function common_text() result(s)
  integer width, height
  logical flag
  common /asked_sizes/ flag, width, height
  character(len=width) :: s
  s = 'xyzxyz'
end function

subroutine set_blank(n)
  integer, intent(in) :: n
  integer k
  common k
  k = n
end subroutine

subroutine of_blank(y, c)
  integer k
  common k
  integer, intent(out) :: y(k), c
  c = size(y)
end subroutine

pure integer function external_one(n, x)
  integer, intent(in) :: n
  real(8), intent(in) :: x(n)
  external_one = n + int(x(n))
end function

subroutine of_external(n, x, y, c)
  interface
    pure integer function external_one(n, x)
      integer, intent(in) :: n
      real(8), intent(in) :: x(n)
    end function
  end interface
  integer, intent(in) :: n
  real(8), intent(in) :: x(n)
  integer, intent(out) :: y(external_one(n, x)), c
  c = size(y)
end subroutine

! What a module keeps to itself: only its submodules see it.
module kept
  implicit none
  private
  public :: fill, texts, arrays, functions, generics, components, own_names, lower_bounds, text_length, operators
  public :: inquiries, long_one
  integer, parameter :: most = 3
  character(len=8) :: label = 'abc'
  character(len=4) :: names(most) = ['ab  ', 'c   ', 'defg']
  integer, allocatable :: work(:)
  integer, pointer :: view(:) => null()
  integer :: table(2:most, most - 1) = reshape([1, 2, 3, 4], [2, 2])
  real :: ratios(0:1) = [1.5, 2.5]
  type sizes
    integer :: n = 4
    integer :: list(2) = [5, 6]
  end type
  type(sizes) :: now
  interface width
    procedure of_text, of_number
  end interface
  interface operator(.plus.)
    procedure added
  end interface
contains
  pure integer function of_text(s)
    character(len=*), intent(in) :: s
    of_text = len_trim(s)
  end function
  pure integer function of_number(n)
    integer, intent(in) :: n
    of_number = 2*n
  end function
  pure integer function added(a, b)
    integer, intent(in) :: a, b
    added = a + b
  end function
  pure function doubled(s) result(r)
    character(len=*), intent(in) :: s
    character(len=2*len(s)) :: r
    r = s // s
  end function
  subroutine fill(n, text)
    integer, intent(in) :: n
    character(len=*), intent(in) :: text
    if (allocated(work)) deallocate (work)
    allocate (work(-1:n), source=n)
    if (associated(view)) deallocate (view)
    allocate (view(n + 2))
    label = text
    now%n = n
  end subroutine
  subroutine texts(s, y, c)
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len_trim(label) + index(label, 'b') + len(trim(names(most)) // s), len(doubled(s))), c
    c = size(y)
  end subroutine
  subroutine arrays(k, y, c)
    integer, intent(in) :: k
    integer, intent(out) :: y(size(work) + work(k) + ubound(view, 1) + table(k, 1) + int(2*ratios(1))), c
    c = size(y)
  end subroutine
  subroutine functions(x, s, y, c)
    real(8), intent(in) :: x(:)
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(of_text(s), total(x), of_text(label)), c
    c = size(y)
  end subroutine
  subroutine generics(s, n, y, c)
    character(len=*), intent(in) :: s
    integer, intent(in) :: n
    integer, intent(out) :: y(width(s), width(n)), c
    c = size(y)
  end subroutine
  subroutine components(k, y, c)
    integer, intent(in) :: k
    integer, intent(out) :: y(now%n, now%list(k)), c
    c = size(y)
  end subroutine
  subroutine own_names(k, s, y, c)
    integer, intent(in) :: k
    character(len=*), intent(in) :: s
    integer, parameter :: few = most - 1
    integer, parameter :: steps(0:few) = [7, 8, 9]
    character(len=*), parameter :: pattern = 'a,(b'
    character*3, parameter :: pair(2) = ['abc', 'd''e']
    real(kind(1d0)), parameter :: factor = 1.5_8
    integer i
    integer, intent(out) :: y(scan(label, pattern) + steps(k), len_trim(pair(k)) + int(factor*of_text(s))), c
    c = size(y)
  end subroutine
  subroutine lower_bounds(n, x, y, c)
    integer, intent(in) :: n
    real(8), intent(in) :: x(n:, most:)
    integer, intent(out) :: y(ubound(x, 1):ubound(x, 1) + ubound(x, 2) + work(0)), c
    c = size(y)
  end subroutine
  function text_length(n) result(s)
    integer, intent(in) :: n
    character(len=now%list(n) + len_trim(label)) :: s
    s = repeat('x', 20)
  end function
  subroutine operators(n, y, c)
    integer, intent(in) :: n
    integer, intent(out) :: y(n .plus. work(0)), c
    c = size(y)
  end subroutine
  subroutine inquiries(y, c)
    integer, parameter :: long = selected_int_kind(15)
    integer(long) :: big(0:4)
    character(len=most) :: text
    integer :: i
    integer, intent(out) :: y(bit_size(big) + size(big), len(text), sum([(i*work(0), i=1, 2)])), c
    c = size(y)
  end subroutine
  subroutine long_one(y, c)
    integer, intent(out) :: &
      y(len_trim(label) + len_trim(label) + len_trim(label) + len_trim(label) + len_trim(label) &
        + len_trim(label) + len_trim(label) + len_trim('it is ''quoted'' text') + len_trim(label) + len_trim(label)), c
    c = size(y)
  end subroutine
  ! after its use: gfortran 16 refuses extents by a function in front that gets an assumed-shape array
  pure integer function total(x) result(r)
    real(8), intent(in) :: x(:)
    r = nint(sum(x))
  end function
end module

subroutine generic_outside(s, y, c)
  use openers, only: extent => breadth, operator(.times.)
  character(len=*), intent(in) :: s
  integer, intent(out) :: y(extent(s) .times. extent(3)), c
  c = size(y)
end subroutine
