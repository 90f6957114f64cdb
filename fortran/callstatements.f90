! Small routines for signature files whose callstatements do something around the call.

subroutine scaled(mode, n, x)
  character, intent(in) :: mode
  integer, intent(in) :: n
  double precision, intent(inout) :: x(n)
  select case (mode)
  case ('D')
    x = 2*x
  case ('H')
    x = x/2
  case default
    x = 0
  end select
end subroutine

subroutine gathered(n, piv, x, y)
  integer, intent(in) :: n
  integer, intent(in) :: piv(n)
  double precision, intent(in) :: x(n)
  double precision, intent(out) :: y(n)
  integer :: i
  do i = 1, n
    y(i) = x(piv(i))
  end do
end subroutine

subroutine crossed(n, p, q, x)
  integer, intent(in) :: n
  integer, intent(in) :: p(n), q(n)
  double precision, intent(inout) :: x(n)
  double precision :: kept(n)
  integer :: i
  kept = x
  do i = 1, n
    x(p(i)) = kept(q(i))
  end do
end subroutine

subroutine dchol(uplo, n, a, lda, info)
  character, intent(in) :: uplo
  integer, intent(in) :: n, lda
  double precision, intent(inout) :: a(lda, n)
  integer, intent(out) :: info
  integer :: i, j
  info = 0
  do j = 1, n
    if (uplo == 'L') then
      a(j, j) = a(j, j) - sum(a(j, :j - 1)**2)
    else
      a(j, j) = a(j, j) - sum(a(:j - 1, j)**2)
    end if
    if (a(j, j) <= 0) then
      info = j
      return
    end if
    a(j, j) = sqrt(a(j, j))
    do i = j + 1, n
      if (uplo == 'L') then
        a(i, j) = (a(i, j) - sum(a(i, :j - 1)*a(j, :j - 1)))/a(j, j)
      else
        a(j, i) = (a(j, i) - sum(a(:j - 1, i)*a(:j - 1, j)))/a(j, j)
      end if
    end do
  end do
end subroutine

subroutine zchol(uplo, n, a, lda, info)
  character, intent(in) :: uplo
  integer, intent(in) :: n, lda
  complex(kind(1d0)), intent(inout) :: a(lda, n)
  integer, intent(out) :: info
  integer :: i, j
  info = 0
  do j = 1, n
    if (uplo == 'L') then
      a(j, j) = a(j, j) - sum(abs(a(j, :j - 1))**2)
    else
      a(j, j) = a(j, j) - sum(abs(a(:j - 1, j))**2)
    end if
    if (dble(a(j, j)) <= 0) then
      info = j
      return
    end if
    a(j, j) = sqrt(dble(a(j, j)))
    do i = j + 1, n
      if (uplo == 'L') then
        a(i, j) = (a(i, j) - sum(a(i, :j - 1)*conjg(a(j, :j - 1))))/a(j, j)
      else
        a(j, i) = (a(j, i) - sum(a(:j - 1, i)*conjg(a(:j - 1, j))))/a(j, j)
      end if
    end do
  end do
end subroutine

double precision function total(n, x, incx)
  integer, intent(in) :: n, incx
  double precision, intent(in) :: x(*)
  integer :: i
  total = 0
  do i = 0, n - 1
    total = total + x(1 + i*incx)
  end do
end function

integer function largest(n, x)
  integer, intent(in) :: n
  double precision, intent(in) :: x(n)
  largest = maxloc(x, 1)
end function

subroutine staged(n, x, w1, w2, w3)
  integer, intent(in) :: n
  double precision, intent(inout) :: x(n), w1(n), w2(n), w3(n)
  w1 = x
  w2 = x + 1
  w3 = w1*w2
  x = w3
end subroutine

subroutine ranged(lo, hi, n, x)
  integer, intent(inout) :: lo, hi
  integer, intent(in) :: n
  double precision, intent(inout) :: x(n)
  x(lo:hi) = -x(lo:hi)
  lo = lo + 1
end subroutine

subroutine turned(re, im)
  double precision, intent(inout) :: re, im
  double precision :: kept
  kept = re
  re = -im
  im = kept
end subroutine

subroutine worked(n, work, iwork)
  integer, intent(in) :: n
  double precision, intent(out) :: work(n)
  integer, intent(out) :: iwork(n)
  integer :: i
  do i = 1, n
    work(i) = i*1.5d0
    iwork(i) = -i
  end do
end subroutine

subroutine spelled(word, n)
  character(*), intent(in) :: word
  integer, intent(out) :: n
  integer :: i
  n = 0
  do i = 1, len(word)
    n = 100*n + ichar(word(i:i))
  end do
end subroutine

subroutine maybe(n, x, y, given)
  integer, intent(in) :: n
  double precision, intent(inout) :: x(n)
  double precision, intent(in), optional :: y(n)
  integer, intent(out) :: given
  given = 0
  if (present(y)) then
    given = 1
    x = x + y
  end if
end subroutine

subroutine counted(n, info)
  integer, intent(in) :: n
  integer, intent(out) :: info
  info = n/2
end subroutine

double precision function weighted(n, x, s) bind(c, name="weighted_sum")
  use, intrinsic :: iso_c_binding
  integer(c_int), value :: n
  real(c_double), value :: x
  integer(c_size_t), value :: s
  weighted = n*x + s
end function

subroutine shown(n, m, a)
  integer, intent(in) :: n, m
  double precision, intent(inout) :: a(n, m)
  a = a + 0.25d0
end subroutine
