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

! The same, reached from routines that declare nothing of it.

subroutine reach_attribute(a, r)
  integer, intent(in) :: a
  integer, intent(out) :: r
  call call_attribute(a, r)
  r = 10 * r
end subroutine

subroutine reach_given(a)
  integer, intent(out) :: a
  call call_given(a)
end subroutine

subroutine invert_attribute(a, r)
  ! It stops where the callback, or what it returns after an exception, is zero.
  integer, intent(in) :: a
  integer, intent(out) :: r
  call call_attribute(a, r)
  if (r == 0) error stop "no inverse"
  r = 100 / r
end subroutine

subroutine call_note(k)
  integer, intent(in) :: k
  external note
!f2py intent(callback, hide) note
  call note(k)
end subroutine

subroutine interrupted_note(k)
  ! A signal arrives before the callback is called.
  use iso_c_binding, only: c_int
  integer, intent(in) :: k
  interface
    integer(c_int) function send_itself(number) bind(c, name='raise')
      import c_int
      integer(c_int), value :: number
    end function
  end interface
  external note
!f2py intent(callback, hide) note
  if (send_itself(2) == 0) call note(k)
end subroutine

subroutine reach_note(k)
  ! It goes on after an exception.
  integer, intent(in) :: k
  call call_note(k)
  call call_note(k + 1)
end subroutine

subroutine note_and_ask(k, ask, r)
  ! One callback by name, and one that is an argument.
  integer, intent(in) :: k
  integer, intent(out) :: r
  interface
    integer function ask(k)
      integer, intent(in) :: k
    end function
  end interface
  r = ask(k)
  call call_note(k)
  r = r + ask(k)
end subroutine

subroutine reach_label(text, number)
  character(len=3), intent(out) :: text
  integer, intent(out) :: number
  call call_label(text, number)
end subroutine

subroutine call_label(text, number)
  character(len=3), intent(out) :: text
  integer, intent(out) :: number
  character(len=3), external :: label
!f2py intent(callback, hide) label
  text = label(number)
  number = ichar(text(3:3))
end subroutine

module stops
contains
  subroutine checked(z, status)
    double precision, intent(in) :: z
    integer, intent(out) :: status
    external on_stop
!f2py intent(callback, hide) on_stop
    status = 0
    if (z > 1) then
      call on_stop(5)
      status = 1
    end if
  end subroutine
end module

subroutine reach_stop(z, status)
  use stops
  double precision, intent(in) :: z
  integer, intent(out) :: status
  call checked(z, status)
end subroutine

! A routine that can't be wrapped, as its callback returns an array of strings, and what reaches the procedure through it.

subroutine left_out(f, k)
  interface
    function f(k) result(texts)
      integer, intent(in) :: k
      character(2) :: texts(2)
    end function
  end interface
  character(2) :: texts(2)
  integer, intent(in) :: k
  external lonely
!f2py intent(callback, hide) lonely
  texts = f(k)
  if (texts(1) == "ab") call lonely(k)
end subroutine

subroutine reach_lonely(k)
  integer, intent(in) :: k
  interface
    function two_texts(k) result(texts)
      integer, intent(in) :: k
      character(2) :: texts(2)
    end function
  end interface
  call left_out(two_texts, k)
end subroutine

function two_texts(k) result(texts)
  integer, intent(in) :: k
  character(2) :: texts(2)
  texts = "ab"
end function

! Routines that Python never sees: with a kind that NumPy lacks, private, internal. What they call by name Python provides all the same.

module points
  implicit none
  private
  public :: far, reach_private, reach_internal
contains
  subroutine far(p)
    real(16), intent(in) :: p
    integer :: k
    external measured, undescribed
!f2py intent(callback, hide) measured
!f2py intent(callback, hide) undescribed
    k = int(p)
    if (k < 0) call undescribed(p)
    call measured(k)
  end subroutine
  integer function hidden_one(k)
    integer, intent(in) :: k
    integer, external :: asked_privately
!f2py intent(callback, hide) asked_privately
    hidden_one = asked_privately(k)
  end function
  subroutine reach_private(k, r)
    integer, intent(in) :: k
    integer, intent(out) :: r
    r = 10 * hidden_one(k)
  end subroutine
  subroutine reach_internal(k)
    integer, intent(in) :: k
    call inner(k)
  contains
    subroutine inner(i)
      integer, intent(in) :: i
      external asked_inside
!f2py intent(callback, hide) asked_inside
      call asked_inside(i)
    end subroutine
  end subroutine
end module

subroutine reach_far(k)
  use points
  integer, intent(in) :: k
  call far(real(k, 16))
end subroutine
