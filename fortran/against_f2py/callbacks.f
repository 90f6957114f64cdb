c     Callbacks that FORTRAN 77 describes by calling them.
      subroutine t1(fun, a)
      integer a
cf2py intent(out) a
      external fun
      call fun(a)
      end
      subroutine t2(a)
cf2py intent(callback) fun
      integer a
cf2py intent(out) a
      external fun
      call fun(a)
      end
      subroutine t3(a)
cf2py intent(callback, hide) fun3
      integer a
cf2py intent(out) a
      external fun3
      call fun3(a)
      end
      double precision function quad(f, a, b, n)
      double precision f, a, b, h, s
      external f
      integer n, i
      h = (b-a)/n
      s = 0
      do 10 i = 1, n
        s = s + f(a + (i-0.5d0)*h)
 10   continue
      quad = s*h
      end
      subroutine arr(f, n, x, y)
      integer n
      double precision x(n), y(n)
      external f
cf2py intent(in) x
cf2py intent(in,out) y
      call f(n, x, y)
      end
      subroutine strcb(f, a)
      character*(*) a
      external f
      integer f, k
cf2py intent(in) a
      k = f(a)
      print *, k
      end
      subroutine two(f, g, x, r)
      double precision f, g, x, r, h
      external f, g
cf2py intent(out) r
      r = f(x)
      h = g(x, 2)
      r = r + h
      end
      subroutine manytp(f, i, c, z, l, r)
      external f
      integer i
      complex c
      double complex z
      logical l
      real r
cf2py intent(in,out) i, c, z, l, r
      call f(i, c, z, l, r)
      end
      subroutine arr2(f, a, n, m)
      integer n, m
      real a(n, m)
cf2py intent(in,out) a
      external f
      call f(a, n, m)
      end
      subroutine lgc(f, r)
      logical f, k
      external f
      integer r
cf2py intent(out) r
      r = 0
      k = f(3)
      if (k) r = 1
      end
