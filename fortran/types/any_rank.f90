! Dummies of any type and any rank, which flang 19 doesn't compile.
module any_ranks
  use, intrinsic :: iso_c_binding, only: c_int
  implicit none

  type :: point
    real(8) :: x = 1
  end type

contains

  integer function class_axes(v)
    class(*), intent(in) :: v(..)
    class_axes = 10 * rank(v)
    select rank (v)
    rank (1)
      select type (v)
      type is (integer)
        class_axes = class_axes + sum(v)
      class is (point)
        class_axes = class_axes + nint(sum(v%x))
      end select
    end select
  end function

  integer function given_axes(v)
    class(*), intent(in), optional :: v(..)
    given_axes = -1
    if (present(v)) given_axes = rank(v)
  end function

  integer function axes(v)
    type(*), intent(in) :: v(..)
    axes = rank(v)
  end function

  integer(c_int) function c_axes(v) bind(c)
    type(*), intent(in) :: v(..)
    c_axes = 100 * rank(v) + size(v)
  end function
end module
