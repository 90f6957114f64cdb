! Threads of OpenMP that call Python.

subroutine parallel_sum(f, n, total)
  interface
    double precision function f(k)
      integer, intent(in) :: k
    end function
  end interface
  integer, intent(in) :: n
  double precision, intent(out) :: total
  integer :: k
  total = 0
  !$omp parallel do reduction(+:total) num_threads(4)
  do k = 1, n
    total = total + f(k)
  end do
end subroutine

subroutine report_all(n)
  integer, intent(in) :: n
  integer :: k
  !$omp parallel do num_threads(4)
  do k = 1, n
    call report_one(k)
  end do
end subroutine

subroutine report_one(k)
  integer, intent(in) :: k
  external report
!f2py intent(callback, hide) report
  call report(k)
end subroutine

subroutine twice(k, r)
  integer, intent(in) :: k
  integer, intent(out) :: r
  r = 2 * k
end subroutine
