! Procedures for calls that run in a process of their own: arrays in every way, module data, callbacks, and crashes.
module isolated
  implicit none
  integer :: counter = 3
  real(8) :: grid(2, 3) = 0
  real(8), allocatable :: field(:)
  character(5) :: label = "first"

  type point
    real(8) :: x = 1
    integer :: steps(2) = [3, 4]
  contains
    procedure :: moved
  end type

  interface
    subroutine c_raise(number) bind(c, name="raise")
      use iso_c_binding, only: c_int
      integer(c_int), value :: number
    end subroutine
  end interface

contains

  ! Add `shift` to every element; returns how many there are.
  integer function shift_all(x, shift) result(n)
    real(8), intent(inout) :: x(:)
    real(8), intent(in) :: shift
    x = x + shift
    n = size(x)
  end function

  subroutine doubled(n, x, y)
    integer, intent(in) :: n
    real(8), intent(in) :: x(n)
    real(8), intent(out) :: y(n)
    y = 2*x
  end subroutine

  subroutine transposed(a, b)
    real(8), intent(in) :: a(:, :)
    real(8), intent(out) :: b(size(a, 2), size(a, 1))
    b = transpose(a)
  end subroutine

  ! Copy x to y, which may lie in the same memory.
  subroutine copied(n, x, y)
    integer, intent(in) :: n
    real(8), intent(in) :: x(n)
    real(8), intent(inout) :: y(n)
    y = x
  end subroutine

  subroutine fill(n)
    integer, intent(in) :: n
    integer :: i
    if (allocated(field)) deallocate (field)
    allocate (field(n))
    field = [(i, i=1, n)]
  end subroutine

  character(8) function greeting(name)
    character(*), intent(in) :: name
    greeting = "to " // name
  end function

  complex(8) function turned(z)
    complex(8), intent(in) :: z
    turned = z*(0, 1)
  end function

  ! What `f` makes of an array: it may change it.
  subroutine through(f, n, x)
    interface
      subroutine f(n, x)
        integer, intent(in) :: n
        real(8), intent(inout) :: x(n)
      end subroutine
    end interface
    integer, intent(in) :: n
    real(8), intent(inout) :: x(n)
    call f(n, x)
  end subroutine

  real(8) function applied(f, x)
    interface
      real(8) function f(x)
        real(8), intent(in) :: x
      end function
    end interface
    real(8), intent(in) :: x
    applied = f(x)
  end function

  type(point) function moved(self, by)
    class(point), intent(in) :: self
    real(8), intent(in) :: by
    moved = self
    moved%x = self%x + by
  end function

  subroutine reset(p)
    type(point), intent(inout) :: p
    p = point(steps=[0, 0])
  end subroutine

  subroutine signalled(number)
    use iso_c_binding, only: c_int
    integer, intent(in) :: number
    call c_raise(int(number, c_int))
  end subroutine

  ! The keyword that starts a new process is the routine's own here.
  integer function kept(fresh)
    integer, intent(in) :: fresh
    kept = fresh + counter
  end function

  integer function visits()
    integer, save :: count = 0
    count = count + 1
    visits = count
  end function

  subroutine forever()
    integer, volatile :: n
    n = 0
    do
      n = mod(n + 1, 7)
    end do
  end subroutine

end module
