! Ways in which Fortran ends a process, and procedures to call before and after it.
module stops
  use iso_c_binding, only: c_char, c_int, c_null_char
  implicit none
  integer :: visits = 0
  ! Calls of `work` that are on, and how often others have seen one.
  integer :: inside = 0, overlaps = 0
  real(8), allocatable :: kept(:)
  integer, private :: at
  real(8) :: steps(300) = [(real(at, 8), at=1, 300)]

  interface
    subroutine c_exit(code) bind(c, name="exit")
      import :: c_int
      integer(c_int), value :: code
    end subroutine
    subroutine c_abort() bind(c, name="abort")
    end subroutine
    subroutine c_exit_at_once(code) bind(c, name="_Exit")
      import :: c_int
      integer(c_int), value :: code
    end subroutine
    subroutine c_exit_quickly(code) bind(c, name="quick_exit")
      import :: c_int
      integer(c_int), value :: code
    end subroutine
    subroutine c_assert_fail(condition, file, line, function) bind(c, name="__assert_fail")
      import :: c_int, c_char
      character(kind=c_char) :: condition(*), file(*), function(*)
      integer(c_int), value :: line
    end subroutine
  end interface

contains

  subroutine end_by(way)
    character(*), intent(in) :: way
    integer, allocatable :: numbers(:)
    integer, pointer :: target
    character(8) :: text
    integer :: number, unit

    visits = visits + 1
    number = len(way)
    select case (way)
    case ("stop")
      stop
    case ("stop 3")
      stop 3
    case ("stop text")
      stop "enough"
    case ("stop quiet")
      stop 5, quiet=.true.
    case ("stop variable")
      stop number
    case ("stop computed")
      stop 3*number + 260
    case ("stop negative")
      stop -number
    case ("stop empty")
      stop ""
    case ("stop joined")
      stop trim(way) // "!"
    case ("error stop quiet")
      error stop "hidden", quiet=number > 0
    case ("error stop")
      error stop
    case ("error stop 7")
      error stop 7
    case ("error stop text")
      error stop "no convergence"
    case ("error stop variable")
      text = "  " // way(1:5)
      error stop text
    case ("pure")
      number = positive(-number)
    case ("inner")
      call inner
    case ("allocated twice")
      allocate (numbers(3))
      allocate (numbers(4))
    case ("too large")
      allocate (numbers(2_8**60 - number))
      numbers(1) = 1
    case ("deallocated twice")
      allocate (numbers(1))
      deallocate (numbers)
      deallocate (numbers)
    case ("no file")
      write (text, "(i0)") visits
      open (newunit=unit, file="/no/such/folder/" // text, status="old")
    case ("no number")
      text = "three"
      read (text, *) number
    case ("end of file")
      open (newunit=unit, status="scratch")
      read (unit, *) number
    case ("wrong format")
      write (text, "(i3)") 1.5
    case ("no record")
      open (newunit=unit, status="scratch")
      read (unit, rec=1) number
    case ("exit")
      call exit(4)
    case ("abort")
      call abort
    case ("c exit")
      call c_exit(6_c_int)
    case ("c abort")
      call c_abort
    case ("c _Exit")
      call c_exit_at_once(8_c_int)
    case ("c quick_exit")
      call c_exit_quickly(300_c_int)
    case ("c assert")
      call c_assert_fail("x > 0" // c_null_char, "solve.c" // c_null_char, 12_c_int, "root" // c_null_char)
    case ("bounds")
      allocate (numbers(2))
      numbers = number
      numbers(number + 2) = 1
      number = numbers(number)
    case ("null pointer")
      nullify (target)
      number = positive(target)
    end select
    visits = visits + min(number, 0)

  contains

    subroutine inner
      error stop "inner"
    end subroutine

  end subroutine

  pure integer function positive(n)
    integer, intent(in) :: n
    if (n <= 0) error stop "not positive"
    positive = n
  end function

  ! The number in a file. The unit may be open since a call that failed, which flang takes amiss.
  integer function number_in(file)
    character(*), intent(in) :: file
    close (11)
    open (11, file=file, status="old")
    read (11, *) number_in
    close (11)
  end function

  ! Print a number, which can't be done with this format unless it is an integer.
  subroutine print_real(x, is_whole)
    real(8), intent(in) :: x
    logical, intent(in) :: is_whole
    if (is_whole) then
      print "(i3)", nint(x)
    else
      print "(i3)", x
    end if
  end subroutine

  subroutine stop_with(code)
    integer, intent(in) :: code
    error stop code
  end subroutine

  ! 1/f(1), which may not be zero.
  function invert(f)
    interface
      real(8) function f(x)
        real(8), intent(in) :: x
      end function
    end interface
    real(8) :: invert
    invert = f(1.0_8)
    if (invert == 0) error stop "no inverse"
    invert = 1/invert
  end function

  ! a/f(1), which may not be zero.
  function inverse_times(f, a) result(y)
    interface
      real(8) function f(x)
        real(8), intent(in) :: x
      end function
    end interface
    real(8), intent(in) :: a
    real(8) :: y
    y = a*invert(f)
  end function

  ! Stop while other threads of Python run.
  subroutine stop_alone(code)
    !f2py threadsafe
    integer, intent(in) :: code
    if (code > 0) error stop code
  end subroutine

  ! Stop while reals are rounded upwards.
  subroutine stop_upwards
    use ieee_arithmetic, only: ieee_set_rounding_mode, ieee_up
    call ieee_set_rounding_mode(ieee_up)
    error stop "upwards"
  end subroutine

  ! Double the elements, and stop where one is negative; give back as many.
  subroutine double(x, y)
    real(8), intent(inout) :: x(:)
    real(8), allocatable, intent(out) :: y(:)
    integer :: i
    allocate (y(size(x)))
    do i = 1, size(x)
      if (x(i) < 0) error stop "negative"
      x(i) = 2*x(i)
      y(i) = x(i)
    end do
  end subroutine

  ! The sum of f(i) for i from 1 to n.
  function total(f, n)
    interface
      real(8) function f(x)
        real(8), intent(in) :: x
      end function
    end interface
    integer, intent(in) :: n
    real(8) :: total
    integer :: i
    total = 0
    do i = 1, n
      total = total + f(real(i, 8))
      overlaps = overlaps + inside
    end do
  end function

  ! Count for so many seconds.
  subroutine work(seconds, rounds)
    real(8), intent(in) :: seconds
    integer(8), intent(out) :: rounds
    integer(8) :: start, now, rate
    rounds = 0
    inside = inside + 1
    call system_clock(start, rate)
    do
      call system_clock(now)
      rounds = rounds + 1
      if (now - start > seconds*rate) exit
    end do
    inside = inside - 1
  end subroutine

  ! Count in code that calls nothing.
  subroutine spin(rounds, x)
    integer, intent(in) :: rounds
    real(8), intent(out) :: x
    integer(8) :: i
    x = 0
    do i = 1, rounds*1000_8
      x = x + 1d0/i
    end do
  end subroutine

  subroutine spin_alone(rounds, x)
    !f2py threadsafe
    integer, intent(in) :: rounds
    real(8), intent(out) :: x
    call spin(rounds, x)
  end subroutine

  ! Allocate and free most of the time.
  subroutine allocate_much(rounds)
    integer, intent(in) :: rounds
    integer :: i
    real(8), allocatable :: more(:)
    do i = 1, rounds
      if (allocated(kept)) deallocate (kept)
      allocate (kept(mod(i, 100) + 1))
      kept = i
      allocate (more(mod(i, 7) + 1))
      more = 2
      kept = [kept, more]
      deallocate (more)
    end do
  end subroutine

  ! Store the bounds of an array, then move it: nothing else allocates.
  subroutine take_steps(n)
    integer, intent(in) :: n
    kept = steps(1:n)
  end subroutine

  ! Free an array, then store other bounds and allocate it again.
  subroutine renew(n)
    integer, intent(in) :: n
    if (allocated(kept)) deallocate (kept)
    kept = ones(n)
  end subroutine

  function ones(n) result(x)
    integer, intent(in) :: n
    real(8) :: x(n)
    x = 1
  end function

  ! Be in a loop that lies next to what allocates and frees.
  subroutine spin_near(rounds)
    integer, intent(in) :: rounds
    real(8), allocatable :: more(:)
    integer(8) :: i
    allocate (more(mod(rounds, 7) + 1))
    more = 0
    do i = 1, rounds*1000_8
      more(1) = more(1) + 1d0/i
    end do
    kept = more
    deallocate (more)
  end subroutine

  ! Be in the runtime library most of the time.
  subroutine write_much(rounds)
    integer, intent(in) :: rounds
    integer :: i
    character(40) :: text
    do i = 1, rounds
      write (text, "(i0, f8.3)") i, real(i)
    end do
  end subroutine

  ! Be in a function while a unit is locked.
  subroutine write_sum(rounds)
    integer, intent(in) :: rounds
    rewind (17)
    write (17, *) sum_of(rounds)
    flush (17)
  end subroutine

  real(8) function sum_of(rounds)
    integer, intent(in) :: rounds
    call spin(rounds, sum_of)
  end function

  subroutine open_17(file)
    character(*), intent(in) :: file
    open (17, file=file)
  end subroutine

end module
