! Dummies of any type and any rank, which flang 19 doesn't compile.
module any_ranks
  use, intrinsic :: iso_c_binding, only: c_int
  implicit none

  type :: point
    real(8) :: x = 1
  end type
  type, extends(point) :: marked
    integer :: n = 2
  end type
  type, bind(c) :: pair
    integer(c_int) :: i, j
  end type

  interface describe
    procedure describe_points, describe_number
  end interface

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

  ! objects of one type: 100 for each axis, and the sum of x, which is 10 more afterwards
  integer function type_axes(p)
    type(point), intent(inout) :: p(..)
    type_axes = 100 * rank(p)
    select rank (p)
    rank (0)
      type_axes = type_axes + nint(p%x)
      p%x = p%x + 10
    rank (1)
      type_axes = type_axes + nint(sum(p%x))
      p%x = p%x + 10
    rank (2)
      type_axes = type_axes + nint(sum(p%x)) + 1000 * size(p, 1)
      p%x = p%x + 10
    end select
  end function

  integer function object_axes(p)
    class(point), intent(in) :: p(..)
    object_axes = 100 * rank(p)
    select rank (p)
    rank (0)
      object_axes = object_axes + kind_of(p)
    rank (1)
      object_axes = object_axes + kind_of(p(size(p))) + nint(sum(p%x))
    end select
  end function

  integer function kind_of(p)
    class(point), intent(in) :: p
    kind_of = 1000
    select type (p)
    type is (marked)
      kind_of = 2000 + 10 * p%n
    end select
  end function

  integer function maybe_axes(p)
    type(point), intent(in), optional :: p(..)
    maybe_axes = -1
    if (present(p)) maybe_axes = rank(p)
  end function

  integer(c_int) function c_type_axes(p) bind(c)
    type(pair), intent(in) :: p(..)
    c_type_axes = 100 * rank(p)
    select rank (p)
    rank (0)
      c_type_axes = c_type_axes + p%i
    rank (1)
      c_type_axes = c_type_axes + sum(p%i)
    end select
  end function

  integer function describe_points(p)
    type(point), intent(in) :: p(..)
    describe_points = rank(p)
  end function

  integer function describe_number(n)
    integer, intent(in) :: n
    describe_number = -n
  end function
end module
