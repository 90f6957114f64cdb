! Procedures that Fortran calls by name and Python provides.

subroutine call_given(a)
  integer, intent(out) :: a
  external given
!f2py intent(callback) given
  call given(a)
end subroutine

subroutine call_attribute(a, r)
  integer, intent(in) :: a
  integer, intent(out) :: r
  integer, external :: attribute
!f2py intent(callback, hide) attribute
  r = attribute(a)
end subroutine
