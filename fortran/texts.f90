! Text: arrays of strings as arguments, results, variables of modules and common blocks, and in callbacks.

subroutine find(n, names, what, k)
  integer, intent(in) :: n
  character(len=8), intent(in) :: names(n), what
  integer, intent(out) :: k
  integer :: i
  k = 0
  do i = 1, n
    if (names(i) == what) k = i
  end do
end subroutine

subroutine codes(n, s, k)
  integer, intent(in) :: n
  character(len=4), intent(in) :: s(n)
  integer, intent(out) :: k(4*n)
  integer :: i, j
  do i = 1, n
    do j = 1, 4
      k(4*(i - 1) + j) = ichar(s(i)(j:j))
    end do
  end do
end subroutine

subroutine letters(n, s, k)
  integer, intent(in) :: n
  character, intent(in) :: s(n)
  integer, intent(out) :: k(n)
  integer :: i
  do i = 1, n
    k(i) = ichar(s(i))
  end do
end subroutine

subroutine table(m, n, s, k)
  integer, intent(in) :: m, n
  character(len=*), intent(in) :: s(m, n)
  integer, intent(out) :: k(m, n)
  k = len_trim(s) + 100*len(s)
end subroutine

subroutine whole(s, k, w)
  character(len=*), intent(in) :: s
  integer, intent(out) :: k
  character(len=6), intent(out) :: w
  k = len(s)
  w = s
end subroutine

subroutine rename(n, s, k)
  integer, intent(in) :: n
  character(len=4), intent(inout) :: s(n)
  integer, intent(out) :: k
  integer :: i
  k = 0
  do i = 1, n
    if (s(i) == 'b') then
      k = i
      s(i) = 'zz'
    end if
  end do
end subroutine

subroutine in_and_out(n, a, b, c)
  integer, intent(in) :: n
  character(len=3) :: a(n), b(n), c(n)
!f2py intent(in,out) a
!f2py intent(inplace) b
!f2py intent(cache,in) c
  integer :: i
  do i = 1, n
    a(i) = adjustr(a(i))
    b(i) = adjustr(b(i))
    c(i) = 'xyz'
  end do
end subroutine

subroutine upper(s)
  character(len=*), intent(inout) :: s
  integer :: i
  do i = 1, len(s)
    if (s(i:i) >= 'a' .and. s(i:i) <= 'z') s(i:i) = char(ichar(s(i:i)) - 32)
  end do
end subroutine

subroutine scribble(s, fixed, k)
  character(len=*) :: s
  character(len=4) :: fixed
  integer, intent(out) :: k
  k = len(s)
  s = repeat('#', len(s))
  fixed = repeat('#', 4)
end subroutine

subroutine promised(s, k)
  character(len=*) :: s
  integer, intent(out) :: k
!f2py intent(in) s
  k = len(s)
  s = repeat('#', len(s))
end subroutine

subroutine returned(s)
  character(len=3) :: s
!f2py intent(in,out) s
  s(1:1) = '#'
end subroutine

function in_a_row(n, c) result(row)
  integer, intent(in) :: n
  character, intent(in) :: c
  character(len=n) :: row
  row = repeat(c, n)
end function

recursive subroutine nested(f, s, k)
  interface
    subroutine f(s, k)
      character(len=4), intent(in) :: s
      integer, intent(out) :: k
    end subroutine
  end interface
  character(len=4), intent(in) :: s
  character(len=4) :: own
  integer, intent(out) :: k
  own = s
  call f(s, k)
  if (own /= s) k = -1
end subroutine

subroutine asked(f, n, k)
  interface
    subroutine f(n, given, wanted, one)
      integer, intent(in) :: n
      character(len=4), intent(in) :: given(n)
      character(len=4), intent(out) :: wanted(n)
      character(len=5), intent(out) :: one
    end subroutine
  end interface
  integer, intent(in) :: n
  integer, intent(out) :: k(n + 1)
  character(len=4) :: given(n), wanted(n)
  character(len=5) :: one
  integer :: i
  given = 'ab'
  call f(n, given, wanted, one)
  do i = 1, n
    k(i) = len_trim(wanted(i))
  end do
  k(n + 1) = len_trim(one)
end subroutine

subroutine in_common(k)
  character(len=6) :: title, lines(2)
  common /page/ title, lines
  integer, intent(out) :: k(3)
  k = [len_trim(title), len_trim(lines(1)), len_trim(lines(2))]
end subroutine

module texts_of_modules
  implicit none
  character(len=6) :: title = 'none', lines(2) = 'none'
  character(len=5), allocatable :: kept(:)
contains
  subroutine measure(k)
    integer, intent(out) :: k(3)
    k = [len_trim(title), len_trim(lines(1)), len_trim(lines(2))]
  end subroutine

  subroutine lens(s, k)
    character(len=*), intent(in) :: s(:)
    integer, intent(out) :: k(size(s))
    k = len_trim(s) + 100*len(s)
  end subroutine

  subroutine mark(s, k)
    character(len=*), intent(inout) :: s(:, :)
    integer, intent(out) :: k
    integer :: i, j
    k = 0
    do j = 1, size(s, 2)
      do i = 1, size(s, 1)
        k = k + len_trim(s(i, j))
        if (s(i, j) == 'b') s(i, j) = 'zz'
      end do
    end do
  end subroutine

  subroutine doubled(s)
    character(len=:), allocatable, intent(inout) :: s
    if (allocated(s)) then
      s = s // s
    else
      s = 'new '
    end if
  end subroutine

  subroutine appended(a)
    integer, allocatable, intent(inout) :: a(:)
    if (allocated(a)) then
      a = a + 1
    else
      a = [7, 8]
    end if
  end subroutine

  subroutine pointed(s)
    character(len=:), pointer, intent(inout) :: s
    s(1:1) = 'X'
  end subroutine

  subroutine words(s)
    character(len=:), allocatable, intent(inout) :: s(:)
    if (allocated(s)) then
      if (s(1) == 'a') s(1) = 'q'
    else
      s = ['one  ', 'three']
    end if
  end subroutine
end module

subroutine filled(n, s, t, k)
  integer, intent(in) :: n
  character(len=n), intent(out) :: s
  character(len=n - 1), intent(out) :: t(2)
  integer, intent(out) :: k
  s = 'abcdefg'
  t = 'hijklmn'
  k = 10*len(s) + len(t)
end subroutine
