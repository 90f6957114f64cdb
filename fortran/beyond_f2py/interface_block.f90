real(8) function maybe(f)
  interface
    real(8) function f(x)
      real(8), intent(in) :: x
    end function f
  end interface
  optional :: f
  maybe = -1
  if (present(f)) maybe = f(2d0)
end function maybe
