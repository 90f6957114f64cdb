! Procedures of every sort, as f2py wraps them.
module procs
  implicit none
  interface gen
    module procedure gen_i, gen_r
  end interface
  interface operator(.plus.)
    module procedure plus
  end interface
contains
  integer function gen_i(i)
    integer, intent(in) :: i
    gen_i = i + 1
  end function
  real function gen_r(r)
    real, intent(in) :: r
    gen_r = r + 0.5
  end function
  real function plus(a, b)
    real, intent(in) :: a, b
    plus = a + b
  end function
  recursive integer function fact(n) result(r)
    integer, intent(in) :: n
    if (n < 2) then
      r = 1
    else
      r = n*fact(n - 1)
    end if
  end function
  pure subroutine pure_sub(x, y)
    real(8), intent(in) :: x
    real(8), intent(out) :: y
    y = 2*x
  end subroutine
  real(8) function elem(x)
    real(8), intent(in) :: x
    elem = x*x
  end function
  subroutine elem_sub(x, y)
    real(8), intent(in) :: x
    real(8), intent(inout) :: y
    y = y + x
  end subroutine
  subroutine with_internal(x)
    real(8), intent(inout) :: x
    call inner
  contains
    subroutine inner
      x = x + 1
    end subroutine
    real function inner2(q)
      real :: q
      inner2 = q
    end function
  end subroutine
  function resulting(n) result(vec)
    integer, intent(in) :: n
    real(8) :: vec(n)
    vec = n
  end function
  function chr(n)
    integer, intent(in) :: n
    character(len=n) :: chr
    chr = repeat('x', n)
  end function
  subroutine opt(a, b, c, d)
    integer, intent(in) :: a
    integer, intent(in), optional :: b
    real(8), intent(out) :: c
    logical, intent(in), optional :: d
    c = a
    if (present(b)) c = c + 10*b
    if (present(d)) then
      if (d) c = -c
    end if
  end subroutine
  subroutine optout(a, b)
    integer, intent(in) :: a
    integer, intent(out), optional :: b
    if (present(b)) b = a + 1
  end subroutine
  logical function isneg(x)
    real(8), intent(in) :: x
    isneg = x < 0
  end function
  complex function rot(z)
    complex, intent(in) :: z
    rot = z*(0.0, 1.0)
  end function
end module

real function stmtf(x)
  real x, f
  f(t) = t*t + 1
  stmtf = f(x)
end function
subroutine chars(a, b, c)
  character*(*) a, b
  character*5 c
  intent(in) a
  intent(inout) b
  intent(out) c
  b = a
  c = a
end subroutine
character*7 function cf7(s)
  character*(*) s
  cf7 = s
end function
subroutine seven(a, s)
  real a(2,1,2,1,2,1,2), s
  intent(in) a
  intent(out) s
  s = sum(a)
end subroutine
subroutine lowb(n, a, b, s)
  integer n
  real a(0:n), b(-n:n, 2:3), s
  intent(in) a, b
  intent(out) s
  s = sum(a) + 10*sum(b)
end subroutine
subroutine assize(n, a, b, s)
  integer n
  real(8) a(*), b(n, *), s
  intent(in) n, a, b
  intent(out) s
  s = sum(a(1:n)) + sum(b(:,1:2))
end subroutine
subroutine exprs(n, m, a, b, c)
  integer n, m
  real(8) a(n), b(m), c(n+m), w(2*n)
  intent(in) a, b
  intent(out) c
  c(1:n) = a
  c(n+1:) = b
end subroutine
subroutine zero(n, a)
  integer n
  real(8) a(n)
  intent(in) n
  intent(out) a
  a = 1
end subroutine
subroutine entries(x)
  real x
  x = 1
  return
  entry entry_two(x, k)
  x = k
end subroutine
subroutine directives(a, b, c, d, n)
  integer n
  double precision a(n), b(n), c(n), d(n)
!f2py intent(in,out) a
!f2py intent(in,out,copy) b
!f2py intent(in,overwrite) c
!f2py intent(inout) d
!f2py check(n>1) n
!f2py threadsafe
  a = a + 1
  b = b + 1
  c = c + 1
  d = d + 1
end subroutine
subroutine work(n, x, s, w)
  integer n
  double precision x(n), s, w(2*n)
!f2py integer intent(hide), depend(x) :: n = len(x)
!f2py intent(in) x
!f2py intent(out) s
!f2py double precision intent(cache, hide), depend(n) :: w
  w(1:n) = x
  w(n+1:) = x
  s = sum(w)
end subroutine
subroutine inout_array(a)
  integer a(3)
  intent(inout) a
  a = a*2
end subroutine
subroutine noint(a, x)
  integer a(3)
  real x
  a = a*2
  x = x + 1
end subroutine
subroutine logi(l, m, r)
  logical l, m(2)
  integer r
  intent(in) l, m
  intent(out) r
  r = 0
  if (l) r = 1
  r = r + count(m)*10
end subroutine
block data
  common /cb/ x, i
  real x
  integer i
  data x, i /1.5, 3/
end
subroutine usecb(r)
  real r, x
  integer i
  common /cb/ x, i
  intent(out) r
  r = x + i
end subroutine
subroutine noargs
end subroutine
program main
  print *, 1
end program main
