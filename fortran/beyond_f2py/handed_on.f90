subroutine outer(f, r)
  external :: f
  real(8), intent(out) :: r
  call inner(f, r)
end subroutine outer

subroutine inner(f, r)
  external :: f
  real(8), intent(out) :: r
  call f(r)
end subroutine inner
