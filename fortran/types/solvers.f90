! Procedures that call back with objects: of a type, of whatever type extends it, and of none.
module solvers
  implicit none
  private
  public :: problem, harder, integrate, relax, ask_each, ask_unseen, half

  type :: problem
    real(8) :: a = 2
    integer :: calls = 0
  end type
  type, extends(problem) :: harder
    real(8) :: b = 3
  end type
  type, extends(harder) :: hardest
    real(8) :: c = 7
  end type

  abstract interface
    function rhs(me, x) result(y)
      import :: problem
      class(problem), intent(inout) :: me
      real(8), intent(in) :: x
      real(8) :: y
    end function
    subroutine watch(p, n, other)
      import :: problem, harder
      type(problem), intent(inout) :: p
      integer, intent(in) :: n
      type(harder), intent(in), optional :: other
    end subroutine
  end interface

contains

  real(8) function half(x)
    real(8), intent(in) :: x
    half = x / 2
  end function

  real(8) function integrate(p, f, lower, upper, n)
    class(problem), intent(inout) :: p
    procedure(rhs) :: f
    real(8), intent(in) :: lower, upper
    integer, intent(in) :: n
    integer :: i
    real(8) :: width
    width = (upper - lower) / n
    integrate = 0
    do i = 1, n
      integrate = integrate + f(p, lower + (i - 0.5d0) * width) * width
    end do
  end function

  subroutine relax(p, w, n)
    type(problem), intent(inout) :: p
    procedure(watch) :: w
    integer, intent(in) :: n
    integer :: i
    do i = 1, n
      p%a = p%a / 2
      if (mod(i, 2) == 0) then
        call w(p, i, harder(b=real(i, 8)))
      else
        call w(p, i)
      end if
    end do
  end subroutine

  ! the same dummy gets objects of two types
  subroutine ask_each(f, answers)
    procedure(rhs) :: f
    real(8), intent(out) :: answers(4)
    type(problem) :: p
    type(harder) :: h
    integer :: i
    do i = 1, 2
      answers(2 * i - 1) = f(p, 1d0)
      answers(2 * i) = f(h, 1d0)
    end do
  end subroutine

  ! a private type has no class: it is taken for the one that it extends
  real(8) function ask_unseen(f)
    procedure(rhs) :: f
    type(hardest) :: p
    ask_unseen = f(p, 1d0)
  end function
end module
