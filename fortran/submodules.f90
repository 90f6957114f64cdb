! Procedures whose interfaces stand in a module and whose bodies in its submodule.
module prices
  implicit none
  integer, parameter :: dp = kind(1d0)
  interface
    module subroutine raise_all(p, by)
      real(dp), intent(inout) :: p(:)
      real(dp), intent(in), optional :: by
    end subroutine
    module function tax(p) result(t)
      real(dp), intent(in) :: p
      real(dp) :: t
    end function
  end interface
contains
  function total(p) result(t)
    real(dp), intent(in) :: p
    real(dp) :: t
    t = p + tax(p)
  end function
end module

submodule(prices) details
contains
  module procedure raise_all
    p = p + 1
    if (present(by)) p = p + by - 1
  end procedure
  module function tax(p) result(t)
    real(dp), intent(in) :: p
    real(dp) :: t
    t = share(p)
  end function
  function share(p) result(s)
    real(dp), intent(in) :: p
    real(dp) :: s
    s = p/4
  end function
end submodule
