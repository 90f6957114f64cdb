! State that routines keep, and callbacks, for many threads at once.

module shared_state
  implicit none
  integer :: turns = 0
  integer :: chosen = 0
  double precision :: table(64) = 0
  double precision, allocatable :: series(:)
contains
  subroutine fill_and_add(value, total)
    ! 64 times the value, unless another thread fills the table meanwhile.
    double precision, intent(in) :: value
    double precision, intent(out) :: total
    integer :: again
    do again = 1, 50
      table = value
    end do
    total = sum(table)
    turns = turns + 1
  end subroutine

  subroutine mean_of_table(mean)
    double precision, intent(out) :: mean
    mean = sum(table) / 64
  end subroutine

  subroutine next_number(number)
    integer, intent(out) :: number
    integer, save :: last = 0
    number = last + 1
    last = number
  end subroutine

  subroutine make_series(n, value, total)
    ! The series is made anew, as long as this call wants it.
    integer, intent(in) :: n
    double precision, intent(in) :: value
    double precision, intent(out) :: total
    if (allocated(series)) deallocate(series)
    allocate(series(n))
    series = value
    total = sum(series)
  end subroutine

  subroutine add_series(total, n)
    ! What the last assignment left; all its elements are equal.
    double precision, intent(out) :: total
    integer, intent(out) :: n
    n = 0
    total = 0
    if (.not. allocated(series)) return
    n = size(series)
    total = sum(series)
  end subroutine

  subroutine ask_and_keep(ask, key, answer)
    ! What is kept in the module before a callback may be another thread's after it.
    interface
      function ask(key)
        integer, intent(in) :: key
        integer :: ask
      end function
    end interface
    integer, intent(in) :: key
    integer, intent(out) :: answer
    chosen = key
    answer = ask(key)
  end subroutine
end module

subroutine sum_of(f, n, total)
  ! Numbers go to a callback and come back.
  external f
  double precision f, total
  integer n, i
  !f2py intent(out) total
  total = 0
  do i = 1, n
    total = total + f(dble(i))
  end do
end subroutine

subroutine change(f, n, x, times)
  ! A callback that changes an array in its place.
  external f
  integer n, times, i
  double precision x(n)
  !f2py intent(in, out, copy) x
  do i = 1, times
    call f(x, n)
  end do
end subroutine

subroutine call_by_name(n, total)
  ! The procedure is the caller's, by its name.
  integer n, i
  double precision total, weight
  external weight
  !f2py intent(callback) weight
  !f2py intent(out) total
  !f2py external weight
  !f2py double precision x
  !f2py double precision w
  !f2py w = weight(x)
  total = 0
  do i = 1, n
    total = total + weight(dble(i))
  end do
end subroutine

subroutine run_for(seconds)
  ! It keeps the processor for so long.
  double precision, intent(in) :: seconds
  integer(8) :: begin, now, rate
  call system_clock(begin, rate)
  do
    call system_clock(now)
    if (now - begin > seconds * rate) exit
  end do
end subroutine
