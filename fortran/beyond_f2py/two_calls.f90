real(8) function both(f, g)
  real(8), external :: f, g
  both = f(1d0) + g(2d0)
end function both
