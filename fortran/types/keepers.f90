! Objects that keep the procedures that they are given, in themselves and in what they point to, and call them later
module problems
  implicit none
  private
  public :: problem, refined, family, chain, parts, scaled, problem_of

  type :: problem
    private
    integer, public :: calls = 0
    procedure(measure), pointer :: f => null()
    procedure(report), pointer, nopass :: observer => null()
  contains
    procedure :: start
    procedure :: restart
    procedure :: at
    procedure :: once
    procedure :: is_same
  end type

  type, extends(problem) :: refined
    integer :: steps = 2
  end type

  type :: parts
    type(problem) :: first
    integer :: between = 0
    type(problem) :: second
  end type

  type :: family
    type(problem), pointer, private :: member => null()
  contains
    procedure :: add
    procedure :: of_member
    final :: leave
  end type

  type :: chain
    type(chain), pointer, private :: next => null()
    procedure(report), pointer, nopass, private :: observer => null()
  contains
    procedure :: append
    procedure :: report_last
  end type

  abstract interface
    real(8) function measure(me, x)
      import problem
      class(problem), intent(inout) :: me
      real(8), intent(in) :: x
    end function
    subroutine report(n, x)
      integer, intent(in) :: n
      real(8), intent(in) :: x(n)
    end subroutine
  end interface

  interface problem_of
    procedure new_problem
  end interface

contains

  subroutine start(me, f, observer)
    class(problem), intent(inout) :: me
    procedure(measure) :: f
    procedure(report), optional :: observer
    me%f => f
    nullify(me%observer)
    if (present(observer)) me%observer => observer
  end subroutine

  subroutine restart(me, f)
    class(problem), intent(out) :: me
    procedure(measure) :: f
    me%f => f
  end subroutine

  real(8) function at(me, x)
    class(problem), intent(inout) :: me
    real(8), intent(in) :: x
    me%calls = me%calls + 1
    at = -1
    if (associated(me%f)) at = me%f(x)
    if (associated(me%observer)) call me%observer(2, [x, at])
  end function

  real(8) function once(me, f, x)
    class(problem), intent(inout) :: me
    procedure(measure) :: f
    real(8), intent(in) :: x
    once = f(me, x)
  end function

  logical function is_same(me, other)
    class(problem), intent(in) :: me, other
    is_same = associated(me%f, other%f)
  end function

  real(8) function scaled(factor, f, p)
    real(8), intent(in) :: factor
    procedure(measure) :: f
    type(parts), intent(inout) :: p
    p%second%f => f
    scaled = factor * p%second%at(2d0)
  end function

  type(problem) function new_problem(f)
    procedure(measure) :: f
    new_problem%f => f
    new_problem%calls = 10
  end function

  subroutine add(me, f)
    class(family), intent(inout) :: me
    procedure(measure) :: f
    if (.not. associated(me%member)) allocate(me%member)
    me%member%f => f
  end subroutine

  real(8) function of_member(me, x)
    class(family), intent(inout) :: me
    real(8), intent(in) :: x
    of_member = me%member%at(x)
  end function

  subroutine append(me, observer)
    class(chain), intent(inout), target :: me
    procedure(report) :: observer
    type(chain), pointer :: last
    last => me
    do while (associated(last%next))
      last => last%next
    end do
    allocate(last%next)
    last%next%observer => observer
  end subroutine

  subroutine report_last(me, x)
    class(chain), intent(in), target :: me
    real(8), intent(in) :: x
    type(chain), pointer :: last
    last => me
    do while (associated(last%next))
      last => last%next
    end do
    call last%observer(1, [x])
  end subroutine

  subroutine leave(me)
    type(family), intent(inout) :: me
    if (associated(me%member)) deallocate(me%member)
  end subroutine
end module
