!f2py intent(in) nowhere
module m
  !f2py real, allocatable :: A(:)
contains
  subroutine s(A, b, c) !f2py threadsafe
    ! an ordinary comment about f2py
    !F2PY INTENT(IN,OUT) A, &
    !f2py&  B
    !f2py callprotoargument Char*, INT*
    real a(3), b; integer c !f2py intent(hide) c
    !f2py character*8, check(C=='A') :: c = 'X;Y'
    call nothing(a, &
    !f2py intent(out) b
      b)
    !f2py usercode '''
    !f2py /* C */
    !f2py '''
  end subroutine
end module
