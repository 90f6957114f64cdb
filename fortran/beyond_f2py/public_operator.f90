module adding
  implicit none
  private
  public :: operator(+), plus
  interface operator(+)
    module procedure plus
  end interface operator(+)
contains
  logical function plus(a, b)
    logical, intent(in) :: a, b
    plus = a .or. b
  end function plus
end module adding
