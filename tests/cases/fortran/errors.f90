module m
  intger(8) :: n
  integer :: good
  real, bogus :: bad
  call nothing
contains
  subroutine lost(a, b)
    real, dimension(3 :: a
    real b
    b = a(1)
  end subroutine
  subroutine kept(a)
    real a
    reel local
    a = 1
  end subroutine
  subroutine header(a, 1)
    real a
  end subroutine
  stray = 1
end module
structure /old/
  integer i
  union
  end union
end structure
subroutine unended(a)
  real a
  a = 1
function next(x)
  record /old/ y
end function
end subroutine nothing
interface
  subroutine body(x)
  end subroutine
