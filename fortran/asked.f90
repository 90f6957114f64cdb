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
