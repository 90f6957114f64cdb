! A generic name for numbers, objects, those that extend others, and arrays of objects; operands with names of their own.
module weights
  implicit none
  private
  public :: stone, gem, weight, operator(*), operator(.lighter.)

  type :: stone
    real(8) :: mass = 1
  end type
  type, extends(stone) :: gem
    real(8) :: price = 10
  end type

  interface weight
    procedure of_number, of_stone, of_gem, of_row, of_table
  end interface
  interface operator(*)
    procedure several
  end interface
  interface operator(.lighter.)
    procedure is_lighter
  end interface

contains

  real(8) function of_number(number)
    real(8), intent(in) :: number
    of_number = number
  end function
  real(8) function of_stone(thing)
    type(stone), intent(in) :: thing
    of_stone = thing%mass
  end function
  real(8) function of_gem(thing)
    type(gem), intent(in) :: thing
    of_gem = thing%mass + 100 * thing%price
  end function
  real(8) function of_row(row)
    type(stone), intent(in) :: row(:)
    of_row = sum(row%mass)
  end function
  real(8) function of_table(table)
    type(stone), intent(in) :: table(:, :)
    of_table = -sum(table%mass)
  end function

  type(stone) function several(count, thing)
    integer, intent(in) :: count
    type(stone), intent(in) :: thing
    several%mass = count * thing%mass
  end function
  logical function is_lighter(this, row)
    class(stone), intent(in) :: this
    type(stone), intent(in) :: row(:)
    is_lighter = this%mass < sum(row%mass)
  end function
end module
