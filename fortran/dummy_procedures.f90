! Dummy procedures, each described in another way: by calls, interfaces of every sort, or by whom it is handed on to.
module shapes
  implicit none
  private
  integer, parameter :: dp = kind(1d0)
  public :: curve, field, square
  abstract interface
    function curve(x) result(y)
      import :: dp
      real(dp), intent(in) :: x
      real(dp) :: y
    end function curve
    subroutine field(n, t, y, dy)
      import dp
      integer, intent(in) :: n
      real(dp), intent(in) :: t, y(n)
      real(dp), intent(out) :: dy(n)
    end subroutine field
  end interface
contains
  real(dp) function square(x)
    real(dp), intent(in) :: x
    square = x*x
  end function square
end module shapes

module calling
  use shapes, only: curve, slope => field, square
  implicit none
  integer, parameter :: dp = kind(1d0)
  procedure(curve), pointer, private :: kept => null()
contains
  ! An abstract interface of another module.
  real(dp) function midpoint(f, a, b, n)
    procedure(curve) :: f
    real(dp), intent(in) :: a, b
    integer, intent(in), optional :: n
    integer :: i, m
    m = 100
    if (present(n)) m = n
    midpoint = 0
    do i = 1, m
      midpoint = midpoint + f(a + (i - 0.5d0)*(b - a)/m)*(b - a)/m
    end do
  end function midpoint

  ! The same under another name.
  subroutine euler(rhs, n, y, h, steps)
    procedure(slope) :: rhs
    integer, intent(in) :: n, steps
    real(dp), intent(inout) :: y(n)
    real(dp), intent(in) :: h
    real(dp) :: dy(n)
    integer :: i
    do i = 1, steps
      call rhs(n, (i - 1)*h, y, dy)
      y = y + h*dy
    end do
  end subroutine euler

  ! A procedure serves as an interface, too.
  real(dp) function at_three(f)
    procedure(square) :: f
    at_three = f(3d0)
  end function at_three

  integer function best(better, n, x)
    integer, intent(in) :: n
    real(dp), intent(in) :: x(n)
    interface
      logical function better(a, b)
        use, intrinsic :: iso_fortran_env, only: real64
        real(real64), intent(in) :: a, b
      end function better
    end interface
    integer :: i
    best = 1
    do i = 2, n
      if (better(x(i), x(best))) best = i
    end do
  end function best

  subroutine maybe(f, r)
    procedure(curve), optional :: f
    real(dp), intent(out) :: r
    r = -1
    if (present(f)) r = f(2d0)
  end subroutine maybe

  subroutine both(f, x, r, g)
    procedure(curve) :: f
    real(dp), intent(in) :: x
    real(dp), intent(out) :: r
    procedure(curve), optional :: g
    r = f(x)
    if (present(g)) r = r + g(x)
  end subroutine both

  ! Handed on, to a function and by keyword.
  real(dp) function handed_on(f)
    real(dp), external :: f
    handed_on = midpoint(b=1d0, a=0d0, f=f)
  end function handed_on

  ! Fortran may keep a procedure for later, when Python's is gone.
  subroutine keep(f)
    procedure(curve) :: f
    kept => f
  end subroutine keep

  real(dp) function call_kept(x)
    real(dp), intent(in) :: x
    call_kept = -1
    if (associated(kept)) call_kept = kept(x)
  end function call_kept

  subroutine call_pointer(f, r)
    procedure(curve), pointer, intent(in) :: f
    real(dp), intent(out) :: r
    r = f(1d0)
  end subroutine call_pointer

  subroutine texts(f, s)
    interface
      subroutine f(given, answer)
        character(len=*), intent(in) :: given
        character(len=5), intent(out) :: answer
      end subroutine f
    end interface
    character(len=5), intent(out) :: s
    call f('hello', s)
  end subroutine texts

  subroutine in_place(f, total)
    interface
      subroutine f(i, x)
        integer, intent(inout) :: i
        double precision, intent(inout) :: x(3)
      end subroutine f
    end interface
    real(dp), intent(out) :: total
    integer :: i
    double precision :: x(3)
    i = 5
    x = 1
    call f(i, x)
    total = i + sum(x)
  end subroutine in_place

  subroutine fill(f, n, a)
    interface
      subroutine f(n, a)
        integer, intent(in) :: n
        double precision, intent(out) :: a(n, n)
      end subroutine f
    end interface
    integer, intent(in) :: n
    real(dp), intent(out) :: a(n, n)
    call f(n, a)
  end subroutine fill

  recursive function counted(f, n) result(r)
    interface
      integer function f(n)
        integer, intent(in) :: n
      end function f
    end interface
    integer, intent(in) :: n
    integer :: r
    r = f(n)
  end function counted

  ! Assumed-shape arrays, here with gaps, and an array as result.
  subroutine step(rhs, y, h)
    interface
      subroutine rhs(t, y, dy)
        import dp
        real(dp), intent(in) :: t, y(:)
        real(dp), intent(out) :: dy(:)
      end subroutine rhs
    end interface
    real(dp), intent(inout) :: y(:)
    real(dp), intent(in) :: h
    real(dp) :: dy(2*size(y))
    dy = -1
    call rhs(0d0, y, dy(2::2))
    y = y + h*dy(2::2)
    if (any(dy(1::2) /= -1)) error stop 'beyond its array'
  end subroutine step

  real(dp) function vector_sum(f, n)
    interface
      function f(n) result(v)
        import dp
        integer, intent(in) :: n
        real(dp) :: v(n, 2)
      end function f
    end interface
    integer, intent(in) :: n
    vector_sum = sum(f(n))
  end function vector_sum

  subroutine sorted(f, names)
    interface
      subroutine f(names)
        character(len=*), intent(inout) :: names(:)
      end subroutine f
    end interface
    character(len=3), intent(inout) :: names(:)
    call f(names)
  end subroutine sorted

  subroutine interoperable(f, x)
    interface
      subroutine f(x) bind(c)
        use, intrinsic :: iso_c_binding, only: c_double
        real(c_double), intent(inout) :: x(:, :)
      end subroutine f
    end interface
    real(dp), intent(inout) :: x(:, :)
    call f(x(:, ::2))
  end subroutine interoperable

  ! Kinds of actual arguments that are expressions.
  subroutine expressions(f, i, x, z)
    external :: f
    integer, intent(in) :: i
    real(dp), intent(in) :: x
    complex(dp), intent(in) :: z
    call f(i + 1, 2*x, x + 1.0, real(i, dp), z*x, abs(z), sqrt(x), mod(x, 2d0), real(i), 1.5_dp*i, i > 3, 'ab')
  end subroutine expressions

  ! Called by an internal procedure.
  real(dp) function inside(f)
    real(dp), external :: f
    inside = twice(2d0)
  contains
    real(dp) function twice(x)
      real(dp) :: x
      twice = 2*f(x)
    end function twice
  end function inside
end module calling

! Handed on through two levels, without any interface, as in programs of 1980.
subroutine driver(fcn, n, x, fvec, info)
  integer n, info
  double precision x(n), fvec(n)
  external fcn
!f2py intent(in) x
!f2py intent(out) fvec, info
  call worker(fcn, n, x, fvec, info)
end subroutine driver

subroutine worker(user, m, z, r, iflag)
  integer m, iflag
  double precision z(m), r(m)
  external user
  call lowest(m, z, r, iflag, user)
end subroutine worker

subroutine lowest(m, z, r, iflag, fcn)
  integer m, iflag
  double precision z(m), r(m)
  external fcn
  iflag = 7
  call fcn(m, z, r)
end subroutine lowest

! The function gets another one, which an interface block in its own interface describes.
subroutine described(f, x, y)
  interface
    real function f(g, x)
      interface
        real function g(x)
          real, intent(in) :: x
        end function g
      end interface
      real, intent(in) :: x
    end function f
  end interface
  real, intent(in) :: x
  real, intent(out) :: y
  real, external :: halved
  y = f(halved, x)
end subroutine described

real function halved(x)
  real, intent(in) :: x
  halved = x / 2
end function halved

! The function is less precise than the variable that takes its value.
subroutine rounded(f, x, y)
  double precision, intent(in) :: x
  double precision, intent(out) :: y
  real, external :: f
  y = f(x)
end subroutine rounded
