! Ways in which Fortran ends a process, and procedures to call before and after it.
module stops
  use iso_c_binding, only: c_int
  implicit none
  integer :: visits = 0

  interface
    subroutine c_exit(code) bind(c, name="exit")
      import :: c_int
      integer(c_int), value :: code
    end subroutine
    subroutine c_abort() bind(c, name="abort")
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
      open (newunit=unit, file="/no/such/folder/file", status="old")
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
    end do
  end function

  ! Count for so many seconds.
  subroutine work(seconds, rounds)
    real(8), intent(in) :: seconds
    integer(8), intent(out) :: rounds
    integer(8) :: start, now, rate
    rounds = 0
    call system_clock(start, rate)
    do
      call system_clock(now)
      rounds = rounds + 1
      if (now - start > seconds*rate) exit
    end do
  end subroutine

end module
