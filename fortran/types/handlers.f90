! Procedures that call back with arrays of objects and values of any type, and that get objects back.
module handlers
  implicit none
  private
  public :: bound, pair, mixed, whole, large, single, held, child, total_of, ask_each, ask_two, ask_classes, tell, tell_array
  public :: sum_pairs, sum_mixed, sum_large, sum_single, sum_whole, sum_held, sum_bound, tell_changed, walk, owner

  type :: pair
    real(8) :: x = 1, y = 2
  end type
  type, extends(pair) :: child
    integer :: n = 7
  end type
  type :: mixed
    integer :: n = 3
    real(8) :: x = 4
  end type
  type :: whole
    integer :: i = 1, j = 2, k = 3
    logical :: l = .true.
  end type
  type :: single
    real(4) :: x = 0.5
  end type
  type :: large
    real(8) :: v(3) = [1, 2, 3]
    integer :: n = 9
  end type
  type :: held
    real(8), allocatable :: v(:)
    integer :: n = 2
  end type
  type, bind(c) :: bound
    integer :: i, j
  end type
  type :: owner
    integer :: n = 3
    procedure(maker), pointer :: make => null()
  end type

  abstract interface
    real(8) function summing(p)
      import pair
      type(pair), intent(inout) :: p(:)
    end function
    real(8) function summing_two(n, p)
      import pair
      integer, intent(in) :: n
      type(pair), intent(inout) :: p(n, 2)
    end function
    real(8) function summing_class(p)
      import pair
      class(pair), intent(inout) :: p(:)
    end function
    integer function told(x)
      class(*), intent(in) :: x
    end function
    integer function told_array(x)
      class(*), intent(in) :: x(:)
    end function
    subroutine changed(x)
      class(*), intent(inout) :: x
    end subroutine
    type(pair) function pair_of(x, n)
      import pair
      real(8), intent(in) :: x
      integer, intent(in) :: n
    end function
    type(mixed) function mixed_of(n)
      import mixed
      integer, intent(in) :: n
    end function
    type(whole) function whole_of(n)
      import whole
      integer, intent(in) :: n
    end function
    type(single) function single_of(n)
      import single
      integer, intent(in) :: n
    end function
    type(large) function large_of(p)
      import large, pair
      type(pair), intent(in) :: p
    end function
    type(held) function held_of(n)
      import held
      integer, intent(in) :: n
    end function
    type(pair) function maker(me, x)
      import pair, owner
      class(owner), intent(inout) :: me
      real(8), intent(in) :: x
    end function
  end interface

contains

  real(8) function total_of(f, n)
    procedure(summing) :: f
    integer, intent(in) :: n
    type(pair) :: p(2 * n)
    integer :: i
    do i = 1, 2 * n
      p(i)%x = i
    end do
    total_of = f(p)
    total_of = total_of + 100 * f(p(2 * n:1:-2))
    total_of = total_of + 10000 * sum(p%y)
  end function

  real(8) function ask_two(f, n)
    procedure(summing_two) :: f
    integer, intent(in) :: n
    type(pair) :: p(n, 2)
    p%x = 5
    p(n, 2)%x = 6
    ask_two = f(n, p)
    ask_two = ask_two + 1000 * p(1, 2)%y
  end function

  real(8) function ask_classes(f)
    procedure(summing_class) :: f
    type(pair) :: p(2)
    type(child) :: c(3)
    c%n = [1, 2, 3]
    ask_classes = f(p) + 100 * f(c(3:1:-2))
  end function

  ! The answers to one value of each type.
  subroutine tell(f, answers)
    procedure(told) :: f
    integer, intent(out) :: answers(12)
    answers = [f(1), f(2_8), f(3_1), f(1.5), f(2.5d0), f((1d0, 2d0)), f(.true.), f(.false._1), f('text '), f(pair(8d0)), &
               f(child(n=5)), f(4_2)]
  end subroutine

  subroutine tell_array(f, answers)
    procedure(told_array) :: f
    integer, intent(out) :: answers(6)
    integer :: n(6), i
    character(len=3) :: names(2)
    type(child) :: c(2)
    n = [(i, i=1, 6)]
    names = ['ab ', 'cde']
    answers = [f(n), f(n(5:1:-2)), f([1d0, 2d0]), f([.true., .false.]), f(c), f([2.5])]
  end subroutine

  subroutine tell_changed(f, n, x, p)
    procedure(changed) :: f
    integer, intent(out) :: n
    real(8), intent(out) :: x
    type(pair), intent(out) :: p
    n = 1
    x = 1
    call f(n)
    call f(x)
    call f(p)
  end subroutine

  subroutine ask_each(f, answers)
    procedure(told), optional :: f
    integer, intent(out) :: answers
    answers = -1
    if (present(f)) answers = f(0)
  end subroutine

  real(8) function sum_pairs(f, n)
    procedure(pair_of) :: f
    integer, intent(in) :: n
    type(pair) :: p
    integer :: i
    sum_pairs = 0
    do i = 1, n
      p = f(0.5d0, i)
      sum_pairs = sum_pairs + 10 * p%x + p%y
    end do
  end function

  real(8) function sum_mixed(f)
    procedure(mixed_of) :: f
    type(mixed) :: p
    p = f(4)
    sum_mixed = 100 * p%n + p%x
  end function

  integer function sum_whole(f)
    procedure(whole_of) :: f
    type(whole) :: p
    p = f(4)
    sum_whole = 100 * p%i + 10 * p%j + p%k
    if (p%l) sum_whole = -sum_whole
  end function

  real(4) function sum_single(f)
    procedure(single_of) :: f
    type(single) :: p
    p = f(4)
    sum_single = p%x
  end function

  real(8) function sum_large(f)
    procedure(large_of) :: f
    type(large) :: p
    p = f(pair(1d0, 5d0))
    sum_large = sum(p%v) + 1000 * p%n
  end function

  real(8) function sum_held(f)
    procedure(held_of) :: f
    type(held) :: p
    p = f(4)
    sum_held = p%n
    if (allocated(p%v)) sum_held = sum_held + 1000 * sum(p%v)
  end function

  real(8) function sum_bound(f)
    interface
      function f(n) bind(c)
        import bound
        integer, value :: n
        type(bound) :: f
      end function
    end interface
    type(bound) :: p
    p = f(3)
    sum_bound = 10 * p%i + p%j
  end function

  real(8) function walk(o, x)
    class(owner), intent(inout) :: o
    real(8), intent(in) :: x
    type(pair) :: p
    p = o%make(x)
    walk = 10 * p%x + p%y
  end function
end module
