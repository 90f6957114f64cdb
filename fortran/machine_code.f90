! Procedures that call what they are passed, and procedures to pass.

module callers
  use iso_c_binding, only: c_double, c_int, c_long_long
  implicit none
contains

  subroutine advance(rhs, n, t, y, h, steps)
    interface
      subroutine rhs(n, t, y, dy)
        integer, intent(in) :: n
        double precision, intent(in) :: t, y(n)
        double precision, intent(out) :: dy(n)
      end subroutine
    end interface
    integer, intent(in) :: n, steps
    double precision, intent(in) :: t, h
    double precision, intent(inout) :: y(n)
    double precision :: dy(n)
    integer :: i
    do i = 1, steps
      call rhs(n, t + (i - 1) * h, y, dy)
      y = y + h * dy
    end do
  end subroutine

  double precision function sum_of(f, n)
    interface
      double precision function f(x)
        double precision, intent(in) :: x
      end function
    end interface
    integer, intent(in) :: n
    integer :: i
    sum_of = 0
    do i = 1, n
      sum_of = sum_of + f(dble(i))
    end do
  end function

  real function single_of(f, x)
    interface
      real function f(x)
        real, intent(in) :: x
      end function
    end interface
    real, intent(in) :: x
    single_of = f(x)
  end function

  integer function count_of(f, k)
    interface
      integer function f(i, j)
        integer, intent(in) :: i, j
      end function
    end interface
    integer, intent(in) :: k
    count_of = f(k, 10)
  end function

  logical function chosen(f, x)
    interface
      logical function f(x)
        double precision, intent(in) :: x
      end function
    end interface
    double precision, intent(in) :: x
    chosen = f(x)
  end function

  complex(kind(1d0)) function turned(f, z)
    interface
      subroutine f(z, w)
        complex(kind(1d0)), intent(in) :: z
        complex(kind(1d0)), intent(out) :: w
      end subroutine
    end interface
    complex(kind(1d0)), intent(in) :: z
    call f(z, turned)
  end function

  double precision function by_value(f, x)
    interface
      real(c_double) function f(x, k, l) bind(c)
        import
        real(c_double), value :: x
        integer(c_int), value :: k
        integer(c_long_long), value :: l
      end function
    end interface
    double precision, intent(in) :: x
    by_value = f(x, 3_c_int, 10000000000_c_long_long)
  end function

  integer function length_of(f, text)
    interface
      integer function f(text)
        character(*), intent(in) :: text
      end function
    end interface
    character(*), intent(in) :: text
    length_of = f(text)
  end function

  double precision function described(f, x)
    interface
      double precision function f(x)
        double precision, intent(in) :: x(:)
      end function
    end interface
    double precision, intent(in) :: x(:)
    described = f(x)
  end function

  double precision function maybe(f, x)
    interface
      double precision function f(x)
        double precision, intent(in), optional :: x
      end function
    end interface
    double precision, intent(in) :: x
    maybe = f(x) + f()
  end function

  double precision function of_two(f, x)
    interface
      double precision function f(x)
        double precision, intent(in) :: x(2)
      end function
    end interface
    double precision, intent(in) :: x
    of_two = f([x, 2 * x])
  end function

  double precision function both(f, g, x)
    interface
      double precision function f(x)
        double precision, intent(in) :: x
      end function
      double precision function g(x)
        double precision, intent(in) :: x
      end function
    end interface
    double precision, intent(in) :: x
    both = f(x) + 10 * g(x)
  end function

end module

module passed
  use iso_c_binding, only: c_double, c_int, c_long_long
  implicit none
  integer :: calls = 0
contains

  subroutine decay(n, t, y, dy)
    integer, intent(in) :: n
    double precision, intent(in) :: t, y(n)
    double precision, intent(out) :: dy(n)
    calls = calls + 1
    dy = -y * (1 + t)
  end subroutine

  ! The same types, but Python gives them and gets them in another way.
  subroutine grow(n, t, y, dy)
    integer, intent(in) :: n
    double precision, intent(in) :: t, y(n)
    double precision, intent(inout) :: dy(n)
    calls = calls + 1
    dy = y * (1 + t)
  end subroutine

  double precision function half(x)
    double precision, intent(in) :: x
    half = x / 2
  end function

  real function single_half(x)
    real, intent(in) :: x
    single_half = x / 2
  end function

  integer function subtract(i, j)
    integer, intent(in) :: i, j
    subtract = i - j
  end function

  logical function is_large(x)
    double precision, intent(in) :: x
    is_large = x > 10
  end function

  integer function rounded(x)
    double precision, intent(in) :: x
    rounded = 2 * nint(x)
  end function

  subroutine turn(z, w)
    complex(kind(1d0)), intent(in) :: z
    complex(kind(1d0)), intent(out) :: w
    w = z * (0, 1)
  end subroutine

  complex(kind(1d0)) function conjugate(z)
    complex(kind(1d0)), intent(in) :: z
    conjugate = conjg(z)
  end function

  real(c_double) function weighted(x, k, l) bind(c)
    real(c_double), value :: x
    integer(c_int), value :: k
    integer(c_long_long), value :: l
    weighted = x * k + l
  end function

  real(c_double) function square(x) bind(c)
    real(c_double), value :: x
    square = x * x
  end function

  real(c_double) function product_of(n, x) bind(c)
    integer(c_int), value :: n
    real(c_double), intent(in) :: x(n)
    product_of = product(x)
  end function

  integer function count_letters(text)
    character(5), intent(in) :: text
    count_letters = len_trim(text)
  end function

  double precision function total(x)
    double precision, intent(in) :: x(:)
    total = sum(x)
  end function

  ! Takes no argument that is left out.
  double precision function doubled(x)
    double precision, intent(in) :: x
    doubled = 2 * x
  end function

  double precision function sum_two(x)
    double precision, intent(in) :: x(2)
    sum_two = sum(x)
  end function

  double precision function sum_three(x)
    double precision, intent(in) :: x(3)
    sum_three = sum(x)
  end function

end module
