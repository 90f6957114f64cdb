! Characters of any length in procedures with bind(c): Fortran 2018 has descriptors for them.

subroutine measure(text, texts, n) bind(c)
  use iso_c_binding
  character(kind=c_char, len=*), intent(in) :: text
  character(kind=c_char, len=*), intent(in) :: texts(:)
  integer(c_int), intent(out) :: n(3)
  n = [len(text), len(texts), size(texts)]
end subroutine

subroutine fill(text, mark) bind(c)
  use iso_c_binding
  character(kind=c_char, len=*), intent(inout) :: text
  character(kind=c_char), value :: mark
  text = repeat(mark, 3)
end subroutine

subroutine given(text, found) bind(c)
  use iso_c_binding
  character(kind=c_char, len=*), intent(in), optional :: text
  integer(c_int), intent(out) :: found
  found = -1
  if (present(text)) found = len(text)
end subroutine

subroutine spell(n, word) bind(c)
  use iso_c_binding
  integer(c_int), value :: n
  character(kind=c_char, len=:), allocatable, intent(out) :: word
  if (n >= 0) word = repeat('ab', n)
end subroutine

subroutine double_word(word) bind(c)
  use iso_c_binding
  character(kind=c_char, len=:), allocatable :: word
!f2py intent(in, out) word
  if (allocated(word)) word = word//word
end subroutine
