! What procedures that are passed return: complex numbers in registers, logicals, characters, arrays.
module responses
  implicit none
  integer, parameter :: dp = kind(1d0)
  abstract interface
    complex(dp) function response(w)
      import dp
      real(dp), intent(in) :: w
    end function
    complex function single_response(n, w)
      integer, intent(in) :: n
      complex, intent(in) :: w(n)
    end function
    logical function test(x)
      import dp
      real(dp), intent(in) :: x
    end function
    character(4) function label(i)
      integer, intent(in) :: i
    end function
    function spectrum(n, w)
      import dp
      integer, intent(in) :: n
      real(dp), intent(in) :: w
      complex(dp) :: spectrum(n)
    end function
    integer(8) function big(x)
      import dp
      real(dp), intent(in) :: x
    end function
    complex(dp) function many(a, b, c, d, e, p, q)
      import dp
      real(dp), intent(in) :: a, b, c, d, e, p, q
    end function
    complex(dp) function six(a, b, c, d, e, p)
      import dp
      real(dp), intent(in) :: a, b, c, d, e, p
    end function
    complex(dp) function mixed(i, a, j, k, z, l) bind(c)
      use iso_c_binding, only: c_int
      import dp
      integer(c_int), value :: i, j, k, l
      real(dp), value :: a
      complex(dp), value :: z
    end function
    complex(dp) function byvalue(a, z) bind(c)
      import dp
      real(dp), value :: a
      complex(dp), value :: z
    end function
    complex(dp) function wide(a, b, c, d, e) bind(c)
      import dp
      complex(dp), value :: a, b, c, d, e
    end function
    complex(dp) function full(a, b, c, d) bind(c)
      import dp
      complex(dp), value :: a, b, c, d
    end function
    complex(dp) function extended(a) bind(c)
      use iso_c_binding, only: c_long_double
      import dp
      real(c_long_double), value :: a
    end function
  end interface
  type :: filter
    procedure(response), pointer, nopass :: h => null()
  contains
    procedure :: gain
  end type
contains
  complex(dp) function twice(f, w)
    procedure(response) :: f
    real(dp), intent(in) :: w
    twice = f(w) + f(2 * w)
  end function
  complex function total(f, w)
    procedure(single_response) :: f
    complex, intent(in) :: w(:)
    total = f(size(w), w) * 2
  end function
  integer function count_true(f, n)
    procedure(test) :: f
    integer, intent(in) :: n
    integer :: i
    count_true = 0
    do i = 1, n
      if (f(real(i, dp))) count_true = count_true + 1
    end do
  end function
  subroutine labels(f, n, text)
    procedure(label) :: f
    integer, intent(in) :: n
    character(4), intent(out) :: text
    text = f(n)
  end subroutine
  subroutine spectra(f, n, s)
    procedure(spectrum) :: f
    integer, intent(in) :: n
    complex(dp), intent(out) :: s(n)
    s = f(n, 2.d0)
  end subroutine
  integer(8) function bigs(f)
    procedure(big) :: f
    bigs = f(1.d0)
  end function
  complex(dp) function manies(f)
    procedure(many) :: f
    manies = f(1.d0, 2.d0, 3.d0, 4.d0, 5.d0, 6.d0, 7.d0)
  end function
  complex(dp) function sixes(f)
    procedure(six) :: f
    sixes = f(1.d0, 2.d0, 3.d0, 4.d0, 5.d0, 6.d0)
  end function
  complex(dp) function mixtures(f)
    procedure(mixed) :: f
    mixtures = f(1, 2.d0, 3, 4, (5.d0, 6.d0), 7)
  end function
  complex(dp) function summed(f, n)
    procedure(response) :: f
    integer, intent(in) :: n
    integer :: i
    summed = 0
    do i = 1, n
      summed = summed + f(real(i, dp))
    end do
  end function
  complex(dp) function valued(f)
    procedure(byvalue) :: f
    valued = f(1.d0, (2.d0, 3.d0))
  end function
  complex(dp) function wides(f)
    procedure(wide) :: f
    wides = f((1.d0, 2.d0), (3.d0, 4.d0), (5.d0, 6.d0), (7.d0, 8.d0), (9.d0, 10.d0))
  end function
  complex(dp) function fulls(f)
    procedure(full) :: f
    fulls = f((1.d0, 2.d0), (3.d0, 4.d0), (5.d0, 6.d0), (7.d0, 8.d0))
  end function
  complex(dp) function extendeds(f)
    use iso_c_binding, only: c_long_double
    procedure(extended) :: f
    extendeds = f(2.5_c_long_double)
  end function
  real(dp) function gain(self, w)
    class(filter), intent(in) :: self
    real(dp), intent(in) :: w
    gain = abs(self%h(w))
  end function
  ! a signal arrives before the function is called
  complex(dp) function interrupted(f)
    use iso_c_binding, only: c_int
    procedure(response) :: f
    interface
      integer(c_int) function send_itself(number) bind(c, name='raise')
        import c_int
        integer(c_int), value :: number
      end function
    end interface
    interrupted = send_itself(2)
    interrupted = f(1.d0)
  end function
  ! an interface that f2pypy makes of the call
  complex(dp) function old(f, w)
    complex(dp), external :: f
    real(dp), intent(in) :: w
    old = f(w)
  end function
end module
