! One name means several things here, and several names mean one thing: Fortran 2018, 14.2.2 and 19.5.1.
module precisions
  use, intrinsic :: iso_fortran_env, only: double => real64, single => real32
  implicit none
  private
  public :: wp, length ! before what gives them their values
  integer, parameter :: wide = double
  integer, parameter :: wp = wide
  integer, parameter :: half = 3
  integer, parameter :: length = half + half
  integer, parameter, public :: lower = single
  integer, parameter, public :: n = 7
end module

module narrow
  use precisions, only: n, wp => lower
  implicit none
  integer, parameter :: half = 2
  integer, parameter :: wide = 4
end module

! Everything that the module passes on keeps its meaning, under whatever name.
module passed_on
  use precisions, only: rk => wp, n
  use narrow, only: rs => wp, half
  implicit none
  private :: half
  public
end module

! Access by the name of a module that names are got from is Fortran 2018; the list says it of one name.
module chosen
  use precisions
  use narrow, only: half
  implicit none
  private
  public :: wp
end module

module one
  use precisions, only: wp
  implicit none
  abstract interface
    function fun(x) result(r)
      import :: wp
      real(wp), intent(in) :: x
      real(wp) :: r
    end function
  end interface
  interface combine
    module procedure :: combine_reals
  end interface
  real(wp) :: shared = 1
contains
  subroutine apply(f, x, r)
    procedure(fun) :: f
    real(wp), intent(in) :: x
    real(wp), intent(out) :: r
    r = f(x)
  end subroutine
  subroutine called(f, x)
    external :: f
    real(wp), intent(inout) :: x
    call f(x)
  end subroutine
  subroutine combine_reals(f, x)
    external :: f
    real(wp), intent(inout) :: x(2)
    call f(x)
  end subroutine
end module

module two
  use precisions, only: wp => lower
  implicit none
  abstract interface
    function fun(x) result(r)
      import
      real(wp), intent(in) :: x
      real(wp) :: r
    end function
  end interface
  interface combine
    module procedure :: combine_integers
  end interface
  integer(8) :: shared = 2
contains
  subroutine apply(f, x, r)
    procedure(fun) :: f
    real(wp), intent(in) :: x
    real(wp), intent(out) :: r
    r = f(x)
  end subroutine
  subroutine called(f, x)
    external :: f
    integer(8), intent(inout) :: x
    call f(x)
  end subroutine
  subroutine combine_integers(f, x)
    external :: f
    integer, intent(inout) :: x
    call f(x)
  end subroutine
end module

module users
  use passed_on, only: wp => rs, rk
  implicit none
  integer, parameter :: n = 2, m = 5
  integer, parameter :: counts(2) = [4, 6]
  real(wp) :: level = 0
contains
  ! The local name wins over the host's.
  subroutine renamed(x, y)
    use narrow, only: m => half
    real(wp), intent(in) :: x(m)
    real(rk), intent(out) :: y(m)
    y = x
  end subroutine
  ! So does a dummy argument, and what USE brings of any sort.
  subroutine argument(m, y)
    integer, intent(in) :: m
    integer, intent(out) :: y(m)
    y = m
  end subroutine
  subroutine own(y)
    integer, parameter :: n = 3
    integer, intent(out) :: y(n)
    y = n
  end subroutine
  subroutine hosts(y)
    integer, intent(out) :: y(n)
    y = n
  end subroutine
  ! Two statements for one module count together: all names, but length only by the name that it got.
  subroutine together(y)
    use precisions, extent => length
    use precisions, only: first => n, second => n
    integer, intent(out) :: y(extent)
    y = first + second
  end subroutine
  subroutine everything(x, y)
    use chosen
    real(wp), intent(in) :: x
    real(wp), intent(out) :: y
    y = x
  end subroutine
  ! The same entity from two modules is no conflict.
  subroutine both(y)
    use precisions, only: n
    use narrow, only: n
    integer, intent(out) :: y(n)
    y = n
  end subroutine
  ! A host's array of constants, and a function of that name.
  subroutine element(y)
    integer, intent(out) :: y(counts(2))
    y = counts(1)
  end subroutine
  subroutine interfaces(fun, x, r)
    interface
      function fun(x) result(r)
        use precisions, only: wp
        real(wp), intent(in) :: x
        real(wp) :: r
      end function
    end interface
    real(rk), intent(in) :: x
    real(rk), intent(out) :: r
    r = fun(x)
  end subroutine
  ! An interface body doesn't see its host: m is an integer by its first letter, its own dummy argument.
  subroutine bodies(g, x, r)
    interface
      function g(x, m) result(r)
        integer, parameter :: wp = 8
        integer, intent(in) :: m
        real(wp), intent(in) :: x(m)
        real(wp) :: r
      end function
    end interface
    real(rk), intent(in) :: x(3)
    real(rk), intent(out) :: r
    r = g(x, 3)
  end subroutine
  subroutine first_fun(g, x, r)
    use one, only: fun
    procedure(fun) :: g
    real(8), intent(in) :: x
    real(8), intent(out) :: r
    r = g(x)
  end subroutine
  subroutine second_fun(g, x, r)
    use two, only: other => fun
    procedure(other) :: g
    real(4), intent(in) :: x
    real(4), intent(out) :: r
    r = g(x)
  end subroutine
  ! The callback's arguments are known from what the routines of other modules say.
  subroutine handed_one(f, x)
    use one, only: called, call_it => combine
    external :: f
    real(8), intent(inout) :: x
    call called(f, x)
  end subroutine
  subroutine handed_two(f, x)
    use two
    external :: f
    integer(8), intent(inout) :: x
    call called(f, x)
  end subroutine
  ! Variables of other modules have the kinds that their own modules mean.
  subroutine variable_one(f, r)
    use one, only: it => shared
    external :: f
    real(8), intent(out) :: r
    call f(it)
    r = it
    it = 1
  end subroutine
  subroutine variable_two(f, r)
    use two, only: it => shared
    external :: f
    integer(8), intent(out) :: r
    call f(it)
    r = it
    it = 2
  end subroutine
  subroutine hosts_variable(f, r)
    use precisions, only: wp
    external :: f
    real(wp), intent(out) :: r
    level = 1.5
    call f(level)
    r = level
  end subroutine
  ! A BLOCK has names of its own, and so has an ASSOCIATE.
  subroutine in_block(f, n, r)
    external :: f
    integer, intent(in) :: n
    real(rk), intent(out) :: r
    block
      real(rk) :: n
      n = 2.5_rk
      call f(n)
      r = n
    end block
    r = r + n
  end subroutine
  subroutine in_nested(f, r)
    external :: f
    integer, intent(out) :: r
    real(rk) :: x
    x = 1
    outer: block
      use two, only: x => shared
      inner: block
        integer :: y(2)
        y = 7
        call f(y, x)
        r = sum(y) + int(x)
        x = 2
      end block inner
    end block outer
  end subroutine
  subroutine in_associate(f, x, r)
    external :: f
    real(rk), intent(in) :: x(3)
    real(rk), intent(out) :: r
    real(rk) :: copy(3)
    integer :: level
    copy = x
    level = 1
    associate (level => copy(2))
      call f(level)
    end associate
    r = copy(2) + level
  end subroutine
  ! The kind of a variable elsewhere.
  subroutine kind_of(x, y)
    use one, only: like => shared
    real(kind(like)), intent(in) :: x
    real(kind(level)), intent(out) :: y
    y = real(x, 4)
  end subroutine
end module
