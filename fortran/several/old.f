c     Fixed form: what stands behind column 72 is no part of it.
      subroutine old(x, n)                                              sequence
      integer n
      double precision x(n)
cf2py intent(in,out) x
      x(1) = dble(n)
      end
