! What f2py's module does wrong when it runs; each routine is a row of the table in README.md.
complex(8) function turned(z)
  complex(8), intent(in) :: z
  turned = z*(0d0, 1d0)
end function turned

module kinds
  integer, parameter :: dp = kind(1d0)
end module kinds

real(kind(1d0)) function quarter(x)
  real(kind(1d0)), intent(in) :: x
  quarter = x/4
end function quarter

subroutine wide(x, y)
  real(10), intent(in) :: x
  real(10), intent(out) :: y
  y = x/2
end subroutine wide

subroutine halve(x, y)
  use kinds, only: wp => dp
  real(wp), intent(in) :: x
  real(wp), intent(out) :: y
  y = x/2
end subroutine halve

real(8) function scaled(x, factor)
  real(8), intent(in) :: x
  real(8), intent(in), optional :: factor
  scaled = x
  if (present(factor)) scaled = factor*x
end function scaled

subroutine classify(n, *)
  integer, intent(in) :: n
  if (n < 0) return 1
end subroutine classify

subroutine leaking(a)
  implicit double precision (a-h, o-z)
  intent(out) a
  a = 1
end subroutine leaking

subroutine default_types(a)
  intent(out) a
  a = 2
end subroutine default_types

module settings
  implicit none
  integer, parameter :: limit = 3
  integer :: count = 5
  character(len=3) :: names(2) = ['abc', 'def']
  integer, dimension(2, 2) :: square = 1, line(4)
  real(8), allocatable :: table(:, :)
  integer, protected :: guarded = 7
contains
  integer function sees_guarded()
    sees_guarded = guarded
  end function sees_guarded
  integer function plus(a, b)
    integer, intent(in) :: a
    integer, value, optional :: b
    plus = a
    if (present(b)) plus = 100 + a + b
  end function plus

  subroutine name_of(n, text)
    integer, intent(in) :: n
    character(len=:), allocatable, intent(out) :: text
    text = repeat('x', n)
  end subroutine name_of
end module settings

block data texts
  character(len=4) :: title
  character(len=8) :: behind
  common /lines/ title, behind
  data title, behind /'four', 'eight!!!'/
end block data texts

module first_names
  implicit none
  private
  public :: shown
contains
  integer function shown()
    shown = twin()
  end function shown
  integer function twin()
    twin = 1
  end function twin
end module first_names

module second_names
  implicit none
contains
  integer function twin()
    twin = 2
  end function twin
end module second_names

module of_generic_name
  implicit none
  private
  public :: halved, quarter
  interface halved
    module procedure half
  end interface halved
contains
  integer function half(n)
    integer, intent(in) :: n
    half = n/2
  end function half
  integer function quarter(n)
    integer, intent(in) :: n
    quarter = half(half(n))
  end function quarter
end module of_generic_name
