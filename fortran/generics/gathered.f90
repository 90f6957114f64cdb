! Generic names over several modules: renamed, extended, of procedures outside of modules and in submodules.
module first_part
  implicit none
  private
  public :: solve, solve_integer
  interface solve
    module procedure solve_integer, solve_hidden
  end interface
contains
  integer function solve_integer(n)
    integer, intent(in) :: n
    solve_integer = 10*n
  end function
  integer function solve_hidden(text)
    character(len=*), intent(in) :: text
    solve_hidden = len(text)
  end function
end module first_part

module second_part
  use first_part, only: solve, renamed => solve_integer
  implicit none
  private
  public :: solve, compute, of_submodule
  interface solve
    module procedure solve_real
  end interface
  interface compute
    procedure renamed, solve_real
    integer function outer_text(text)
      character(len=*), intent(in) :: text
    end function
  end interface
  interface of_submodule
    module integer function separate_integer(n)
      integer, intent(in) :: n
    end function
    module integer function separate_real(x)
      real, intent(in) :: x
    end function
  end interface
contains
  real(8) function solve_real(x)
    real(8), intent(in) :: x
    solve_real = x/2
  end function
end module second_part

submodule (second_part) bodies
contains
  module procedure separate_integer
    separate_integer = n + 1
  end procedure
  module integer function separate_real(x)
    real, intent(in) :: x
    separate_real = -int(x)
  end function
end submodule bodies

integer function outer_text(text)
  character(len=*), intent(in) :: text
  outer_text = 1000 + len(text)
end function
