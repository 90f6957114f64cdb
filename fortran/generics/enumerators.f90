! Enumerations: with values and without, with and without words in common, partly private.
module enumerators_of
  use, intrinsic :: iso_c_binding, only: c_int
  implicit none
  enum, bind(c)
    enumerator :: color_red = 1, color_green
    enumerator :: color_blue = 2*color_green + 6
  end enum
  enum, bind(c)
    enumerator :: north, south = -5, east
  end enum
  enum, bind(c)
    enumerator :: single_one = 7
  end enum
  enum, bind(c)
    enumerator :: level_low, level_high, level_secret = 99
  end enum
  enum, bind(c)
    enumerator :: mode_a, mode_b
  end enum
  integer :: mode = 3
  private :: level_secret
  integer(kind(color_red)) :: current = color_green
contains
  integer(c_int) function next(color) bind(c)
    integer(kind(color_red)), value :: color
    next = color + 1
  end function
  integer function weight(level)
    integer(kind(level_low)), intent(in) :: level
    weight = 10*level
    if (level == level_secret) weight = -1
  end function
end module enumerators_of
