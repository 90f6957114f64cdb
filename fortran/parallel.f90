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

! a signal arrives before the function is called
subroutine interrupted_call(f, total)
  use iso_c_binding, only: c_int
  interface
    double precision function f(k)
      integer, intent(in) :: k
    end function
    integer(c_int) function send_itself(number) bind(c, name='raise')
      import c_int
      integer(c_int), value :: number
    end function
  end interface
  double precision, intent(out) :: total
  total = send_itself(2)
  total = f(1)
end subroutine

subroutine stop_in_team(thread, threads)
  ! How many threads there are, unless one of them stops.
  use omp_lib, only: omp_get_thread_num
  integer, intent(in) :: thread
  integer, intent(out) :: threads
  threads = 0
  !$omp parallel num_threads(4) reduction(+:threads)
  threads = threads + 1
  if (omp_get_thread_num() == thread) error stop "in a team"
  !$omp end parallel
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

subroutine conditional(n, doubled &
    !$ , threads &
    )
  integer, intent(in) :: n
  integer, intent(out) :: doubled
  !$ integer, intent(out) :: threads
  doubled = 2*n
  !$ threads = 0
  !$omp parallel num_threads(3) reduction(+:threads)
  !$ threads = threads + 1
  !$omp end parallel
end subroutine
