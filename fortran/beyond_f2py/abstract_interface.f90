module curves
  abstract interface
    real(8) function curve(x)
      real(8), intent(in) :: x
    end function curve
  end interface
contains
  real(8) function at_two(f)
    procedure(curve) :: f
    at_two = f(2d0)
  end function at_two
end module curves
