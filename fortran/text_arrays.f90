! Arrays of strings, in, out and changed; what Fortran finds in them goes back as text.
subroutine seen_four(lines, n, seen)
  integer, intent(in) :: n
  character(len=4), intent(in) :: lines(n)
  character(len=80), intent(out) :: seen
  write (seen, '(i3, 8(":", a))') n, lines
end subroutine
subroutine seen_any(lines, n, seen)
  integer, intent(in) :: n
  character(len=*), intent(in) :: lines(n)
  character(len=80), intent(out) :: seen
  write (seen, '(2i3, 8(":", a))') n, len(lines), lines
end subroutine
subroutine seen_long(lines, n, k, seen)
  integer, intent(in) :: n, k
  character(len=k), intent(in) :: lines(n)
  character(len=80), intent(out) :: seen
  write (seen, '(i3, 8(":", a))') n, lines
end subroutine
subroutine seen_two(lines, n, m, seen)
  integer, intent(in) :: n, m
  character(len=3), intent(in) :: lines(n, m)
  character(len=80), intent(out) :: seen
  write (seen, '(2i3, 8(":", a))') n, m, lines
end subroutine
subroutine seen_three(lines, seen)
  character(len=2), intent(in) :: lines(3)
  character(len=80), intent(out) :: seen
  write (seen, '(8(":", a))') lines
end subroutine
subroutine seen_letters(lines, n, total)
  integer, intent(in) :: n
  character, intent(in) :: lines(n)
  integer, intent(out) :: total
  integer :: i
  total = n
  do i = 1, n
    total = 3 * total + ichar(lines(i))
  end do
end subroutine
subroutine change(lines, n)
  integer, intent(in) :: n
  character(len=4), intent(inout) :: lines(n)
  integer :: i
  do i = 1, n
    lines(i) = '<' // trim(lines(i)) // '>'
  end do
end subroutine
subroutine make(n, lines)
  integer, intent(in) :: n
  character(len=4), intent(out) :: lines(n)
  integer :: i
  do i = 1, n
    write (lines(i), '(a, i0)') 'l', i
  end do
end subroutine
subroutine word(text, fixed, seen)
  character(len=*), intent(in) :: text
  character(len=5), intent(in) :: fixed
  character(len=80), intent(out) :: seen
  write (seen, '(i5, 3a)') len(text), text(:min(len(text), 20)), ':', fixed
end subroutine
subroutine seen_shape(lines, seen)
  character(len=*), intent(in) :: lines(:)
  character(len=80), intent(out) :: seen
  write (seen, '(2i3, 8(":", a))') size(lines), len(lines), lines
end subroutine
subroutine seen_grid(lines, seen)
  character(len=3), intent(in) :: lines(:, :)
  character(len=80), intent(out) :: seen
  write (seen, '(2i3, 8(":", a))') shape(lines), lines
end subroutine
subroutine change_shape(lines)
  character(len=*), intent(inout) :: lines(:)
  integer :: i
  do i = 1, size(lines)
    lines(i) = '<' // trim(lines(i)) // '>'
  end do
end subroutine
function row(n, letter) result(lines)
  integer, intent(in) :: n
  character, intent(in) :: letter
  character(len=3) :: lines(n)
  lines = repeat(letter, 2)
end function
subroutine ask(f, n, lines)
  integer, intent(in) :: n
  character(len=4), intent(out) :: lines(n)
  interface
    subroutine f(n, words)
      integer, intent(in) :: n
      character(len=4), intent(out) :: words(n)
    end subroutine
  end interface
  integer :: i
  call f(n, lines)
  do i = 1, n
    lines(i) = trim(lines(i)) // '.'
  end do
end subroutine
