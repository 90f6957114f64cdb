! Dummies that are optional and passed by value, among characters with hidden lengths.

subroutine count_given(total, name, x, label, n, flag)
  integer, intent(out) :: total
  character(len=*), intent(in) :: name
  real(8), optional, value :: x
  character(len=*), intent(in), optional :: label
  integer, optional, value :: n
  logical, optional, value :: flag
  total = 100000*len(name)
  if (present(x)) total = total + int(x)
  if (present(label)) total = total + 10000*len(label)
  if (present(n)) total = total + 10*n
  if (present(flag)) total = total + merge(1000, 2000, flag)
end subroutine

module optional_values
contains
  function scaled(x, factor, offset) result(y)
    real(8), value :: x
    real(8), optional, value :: factor
    real(4), optional, value :: offset
    real(8) :: y
    y = x
    if (present(factor)) y = factor*y
    if (present(offset)) y = y + offset
  end function
end module

subroutine letters(first, second, text, code)
  character, value :: first
  character(len=1), value :: second
  character(len=*), intent(in) :: text
  integer, intent(out) :: code
  code = 100000*ichar(first) + 100*ichar(second) + len(text)
end subroutine
