! Procedure pointers as public components: with the object as an argument, at any place, or without it.
module rules
  implicit none
  private
  public :: rule, weighted, pair, shown, trusted, twice, scaled, far, cleared, of_rule, current, choose, kept_by_pair

  type :: rule
    real(8) :: factor = 2
    procedure(scaling), pointer :: f => null()
    procedure(plain), pointer, nopass :: g => twice
    procedure(shifting), pointer, pass(me) :: h => null()
    procedure(clearing), pointer :: reset => null()
    procedure(plain), pointer, nopass, private :: last => null()
    procedure(), pointer, nopass :: unknown => null()
  contains
    procedure :: at
    procedure :: plain_at
    procedure :: shifted
    procedure :: renewed
  end type

  type, extends(rule) :: weighted
    real(8) :: weight = 10
  end type

  type :: pair
    type(rule) :: first
    integer :: between = 1
    type(weighted) :: second
  end type

  abstract interface
    real(8) function scaling(me, x)
      import rule
      class(rule), intent(inout) :: me
      real(8), intent(in) :: x
    end function
    real(8) function plain(lambda)
      real(8), intent(in) :: lambda
    end function
    subroutine shifting(x, me, y, by)
      import rule
      real(8), intent(in) :: x
      class(rule), intent(in) :: me
      real(8), intent(out) :: y
      real(8), intent(in) :: by
    end subroutine
    subroutine clearing(me, n)
      import rule
      class(rule), intent(out) :: me
      integer, intent(in) :: n
    end subroutine
  end interface

  type(rule), target :: current

contains

  real(8) function twice(lambda)
    real(8), intent(in) :: lambda
    twice = 2 * lambda
  end function

  real(8) function scaled(me, x)
    class(rule), intent(inout) :: me
    real(8), intent(in) :: x
    scaled = me%factor * x
    select type (me)
    type is (weighted)
      scaled = scaled + me%weight
    end select
  end function

  real(8) function hidden(me, x)
    class(rule), intent(inout) :: me
    real(8), intent(in) :: x
    hidden = me%factor - x
  end function

  subroutine far(x, me, y, by)
    real(8), intent(in) :: x
    class(rule), intent(in) :: me
    real(8), intent(out) :: y
    real(8), intent(in) :: by
    y = 100 * x + 10 * me%factor + by
  end subroutine

  subroutine cleared(me, n)
    class(rule), intent(out) :: me
    integer, intent(in) :: n
    me%factor = n
  end subroutine

  real(8) function at(me, x)
    class(rule), intent(inout) :: me
    real(8), intent(in) :: x
    at = -1
    if (associated(me%f)) at = me%f(x)
  end function

  real(8) function plain_at(me, x)
    class(rule), intent(in) :: me
    real(8), intent(in) :: x
    plain_at = -1
    if (associated(me%g)) plain_at = me%g(x)
  end function

  real(8) function shifted(me, x, by)
    class(rule), intent(in) :: me
    real(8), intent(in) :: x, by
    call me%h(x, shifted, by)
  end function

  subroutine renewed(me, n)
    class(rule), intent(inout) :: me
    integer, intent(in) :: n
    procedure(clearing), pointer :: p
    p => me%reset
    call p(me, n)
  end subroutine

  ! Which procedure a rule has, as Fortran sees it.
  integer function shown(r)
    class(rule), intent(in) :: r
    shown = 0
    if (associated(r%f)) shown = 3
    if (associated(r%f, scaled)) shown = 1
    if (associated(r%f, hidden)) shown = 2
  end function

  subroutine choose(r, n)
    class(rule), intent(inout) :: r
    integer, intent(in) :: n
    nullify(r%f)
    if (n == 1) r%f => scaled
    if (n == 2) r%f => hidden
  end subroutine

  real(8) function trusted(r, x)
    class(rule), intent(inout) :: r
    real(8), intent(in) :: x
    trusted = r%f(x) + r%g(x)
  end function

  type(rule) function of_rule(r)
    class(rule), intent(in) :: r
    of_rule%factor = r%factor
    of_rule%f => r%f
  end function

  real(8) function kept_by_pair(p, x)
    type(pair), intent(inout) :: p
    real(8), intent(in) :: x
    kept_by_pair = p%first%f(x) + 1000 * p%second%f(x)
  end function
end module
