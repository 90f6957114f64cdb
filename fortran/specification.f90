! Extents of every sort that Fortran takes. Each routine tells how many elements Fortran gave its result.
module counts
  implicit none
  integer :: shared_size = 4
  real, allocatable :: hidden(:)
contains
  pure integer function twice(n)
    integer, intent(in) :: n
    twice = 2*n
  end function
  elemental function other(n, x) result(r)
    integer, intent(in) :: n
    real(8), intent(in) :: x
    integer :: r
    r = n + int(2*x)
  end function
end module
module specification
  use counts, only: twice, other, shared_size, renamed => twice
  implicit none
  integer :: table(6) = 0
contains
  subroutine s0(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(sum(k))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s1(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(sum(k, mask=k > 1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s2(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(product(k))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s3(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(count(k > 1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s4(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(maxval(k) - minval(k) + 1)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s5(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(maxval(k(2:)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s6(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(sum(k(1:3:2)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s7(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(minval([n, k(1), 9]))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s8(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(size([n, n, k]))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s9(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(sum(2*k + 1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s10(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(merge(5, 6, any(k == 3)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s11(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(merge(5, 6, all(k > 0 .and. k < 4)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s12(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(count(.not. (k > 1)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s13(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(sum(abs(-k)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s14(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(k(n) + k(1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s15(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(in) :: k(n)
    integer, intent(out) :: y(maxval(k, k < 3))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s16(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(product(shape(x)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s17(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(sum(ubound(x)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s18(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(maxval(lbound(x)) + 2)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s19(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(size(x(:, 1)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s20(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(count(x(:, 1) > 1.5))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s21(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(nint(sum(x)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s22(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(ceiling(maxval(x)/2))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s23(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(int(x(2, 1)) + 1)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s24(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(ubound(x, 2) - lbound(x, 1) + 1)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s25(n, w, x, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    real(8), intent(in) :: x(:, 0:)
    integer, intent(out) :: y(size(x, dim=2))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s26(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len_trim(s))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s27(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len(trim(s)) + 1)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s28(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(index(s, 'b'))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s29(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(index(s, 'a', back=.true.))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s30(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(scan(s, 'xyb'))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s31(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(verify(s, 'ab'))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s32(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len(s // 'xy'))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s33(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len(adjustl(s)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s34(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len_trim(adjustr(s)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s35(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len(repeat(trim(s), 2)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s36(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(len_trim(s(2:)))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s37(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(verify(s, ' ', .true.))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s38(n, w, s, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    character(len=*), intent(in) :: s
    integer, intent(out) :: y(scan(adjustl(s), 'c'))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s39(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(ishft(1, n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s40(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(ishft(1024, -n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s41(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(iand(n, 2) + ior(n, 8) + ieor(n, 1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s42(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(popcnt(n) + popcnt(-1))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s43(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(leadz(n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s44(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(trailz(8*n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s45(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(bit_size(n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s46(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(bit_size(w))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s47(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(leadz(w))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s48(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(popcnt(-w))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s49(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(not(-n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s50(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(ceiling(sqrt(real(n))))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s51(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(floor(n/2.0) + nint(2.5))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s52(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(dim(n, 1) + sign(n, 4))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s53(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(mod(7, n) + modulo(-7, n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s54(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(max(n, 2) + min(n, 2))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s55(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(abs(-n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s56(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(merge(n, 1, n > 2))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s57(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(selected_int_kind(9) + selected_real_kind(15))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s58(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(n/2 + n**2)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s59(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(int(2.9*n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s60(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(twice(n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s61(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(twice(twice(n)) + other(n, 1.5d0))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s62(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(renamed(n))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s63(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(sum([n, twice(n)]))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s64(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(shared_size + n)
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s65(n, w, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer, intent(out) :: y(size(table))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  subroutine s66(n, w, k, y, c)
    integer, intent(in) :: n
    integer(8), intent(in) :: w
    integer(8), intent(in) :: k(n)
    integer, intent(out) :: y(leadz(int(w)) + leadz(k(1)) + leadz(int(n, 8)) + leadz(popcnt(w)) + leadz(w))
    integer, intent(out) :: c
    y = n
    c = size(y)
  end subroutine
  function joined(s, n) result(r)
    character(len=*), intent(in) :: s
    integer, intent(in) :: n
    character(len=twice(len_trim(s)) + n) :: r
    r = trim(s) // trim(s) // repeat('.', n)
  end function
end module
