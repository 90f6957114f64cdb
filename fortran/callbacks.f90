! Routines that call dummy procedures, one feature each; callbacks.pyf describes them.

subroutine sum_up(f, n, total)
  external f
  double precision f, total
  integer n, i
  total = 0
  do i = 1, n
    total = total + f(dble(i))
  end do
end subroutine

subroutine euler(rhs, jac, n, y, steps, h)
  ! Two callbacks in one call; the matrix has more rows than its order.
  external rhs, jac
  integer n, steps, i
  double precision y(n), h, dy(n), pd(n + 1, n), t
  t = 0
  do i = 1, steps
    dy = 0
    pd = -1
    call rhs(n, t, y, dy)
    call jac(n, n + 1, t, y, pd)
    y = y + h * (dy + matmul(pd(1:n, :), y))
    t = t + h
  end do
end subroutine

subroutine kinds(f, out)
  ! Every kind of scalar goes to the callback and comes back one larger, or negated.
  external f
  double precision out(8)
  integer(2) i2
  integer(4) i4
  integer(8) i8
  real(4) r4
  real(8) r8
  complex(4) c4
  complex(8) c8
  logical l
  i2 = -2; i4 = -4; i8 = 2_8**40
  r4 = 0.5; r8 = 0.25d0; c4 = (1.0, 2.0); c8 = (3d0, -4d0); l = .true.
  call f(i2, i4, i8, r4, r8, c4, c8, l)
  out = [dble(i2), dble(i4), dble(i8), dble(r4), r8, dble(aimag(c4)), &
         dimag(c8), merge(1d0, 0d0, l)]
end subroutine

subroutine in_place(f, n, x, s)
  ! Arrays and scalars that the callback changes where they are.
  external f
  integer n
  double precision x(n, 2), s
  s = 7
  call f(s, x, n)
end subroutine

subroutine apply(op, transa, m, n, x, y)
  ! An operator whose vectors change their lengths with a flag.
  external op
  character transa
  integer m, n
  double precision x(*), y(*)
  call op(transa, m, n, x, y)
end subroutine

subroutine strings(f, text, out)
  external f
  character(len=*) text
  character(len=6) out
  character(len=3) short
  character letter
  short = 'ab'
  letter = 'q'
  out = '??????'
  call f(text, short, letter, out)
end subroutine

subroutine named(f, out)
  ! A function with a character result.
  external f
  character(len=5) f
  character(len=7) out
  out = '<' // f(3) // '>'
end subroutine

subroutine words(f, n, w, k)
  external f
  integer f, n, k
  character(len=4) w(n)
  k = f(w, n)
end subroutine

subroutine choose(select, n, x, flags)
  external select
  logical select
  integer n, flags(n), i
  double precision x(n)
  do i = 1, n
    flags(i) = merge(1, 0, select(x(i)))
  end do
end subroutine

subroutine count_down(f, n, left)
  integer, external :: f
  integer n, left
  left = f(n)
end subroutine

subroutine by_value(f, r) bind(c)
  use iso_c_binding
  interface
    function f(n, x) bind(c)
      use iso_c_binding
      integer(c_int), value :: n
      real(c_double), value :: x
      real(c_double) :: f
    end function
  end interface
  real(c_double) :: r
  r = f(3_c_int, 0.5_c_double)
end subroutine

subroutine until(f, limit, calls)
  ! Counts the calls until f is not positive.
  external f
  integer f, limit, calls
  calls = 0
  do while (calls < limit)
    calls = calls + 1
    if (f(calls) < 0) return
  end do
end subroutine

subroutine interrupted(f, calls)
  ! A signal arrives while Fortran runs, before it calls f.
  external f
  integer f, calls, i, k
  k = 0
  call kill(getpid(), 2)
  do i = 1, 5
    k = k + f(i)
  end do
  calls = k
end subroutine

double precision function square(x)
  double precision x
  square = x * x
end function

subroutine increment(n)
  integer n
  n = n + 1
end subroutine
