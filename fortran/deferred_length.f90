! Characters whose length Fortran decides while it runs.

subroutine spell(n, word)
  integer, intent(in) :: n
  character(len=:), allocatable, intent(out) :: word
  if (n >= 0) word = repeat('ab', n)//' '
end subroutine

subroutine spell_all(n, width, words)
  integer, intent(in) :: n, width
  character(len=:), allocatable, intent(out) :: words(:)
  integer :: i
  allocate (character(len=width) :: words(n))
  do i = 1, n
    words(i) = repeat(char(96 + i), width)
  end do
end subroutine

function joined(first, second) result(both)
  character(len=*), intent(in) :: first, second
  character(len=:), allocatable :: both
  both = first//second
end function

function repeated(word, n) result(words)
  character(len=*), intent(in) :: word
  integer, intent(in) :: n
  character(len=:), allocatable :: words(:)
  integer :: i
  allocate (character(len=len(word)) :: words(n))
  do i = 1, n
    words(i) = word
  end do
end function

function remembered() result(word)
  character(len=:), pointer :: word
  character(len=7), target, save :: memory = 'pointer'
  word => memory
end function

subroutine doubled(word)
  character(len=:), allocatable :: word
!f2py intent(in, out) word
  if (allocated(word)) then
    word = word//word
  else
    word = 'none'
  end if
end subroutine

subroutine shout(word)
  character(len=:), allocatable, intent(inout) :: word
  integer :: i
  do i = 1, len(word)
    if (word(i:i) >= 'a' .and. word(i:i) <= 'z') word(i:i) = char(ichar(word(i:i)) - 32)
  end do
end subroutine

subroutine widths(words, n)
  character(len=:), allocatable, intent(in), optional :: words(:)
  integer, intent(out) :: n
  n = -1
  if (.not. present(words)) return
  n = -2
  if (allocated(words)) n = 100*size(words) + len(words)
end subroutine

subroutine fixed(word, words)
  character(len=3), allocatable, intent(out) :: word, words(:)
  word = 'abcdef'
  words = ['x  ', 'yz ']
end subroutine

module phrases
  implicit none
  character(len=:), allocatable, target :: phrase
  character(len=:), allocatable :: verses(:)
  character(len=:), pointer :: current => null()
  character(len=4), allocatable :: short
contains
  subroutine compose(n)
    integer, intent(in) :: n
    integer :: i
    phrase = repeat('la', n)
    if (allocated(verses)) deallocate (verses)
    allocate (character(len=n) :: verses(2))
    do i = 1, 2
      verses(i) = repeat(char(64 + i), n)
    end do
    short = 'abcdefg'
    current => phrase
  end subroutine

  function measured() result(n)
    integer :: n(2)
    n = -1
    if (allocated(phrase)) n(1) = len(phrase)
    if (allocated(verses)) n(2) = 100*size(verses) + len(verses)
  end function

  function text() result(t)
    character(len=:), allocatable :: t
    t = '<'//phrase//'>'
  end function
end module

subroutine letters(s, codes)
  character(len=:), allocatable, intent(in) :: s
  integer, intent(out) :: codes(len(s))
  integer :: i
  codes = [(ichar(s(i:i)), i=1, len(s))]
end subroutine

subroutine counted(s, n, codes)
  character(len=:), allocatable, intent(in) :: s(:)
  integer, intent(in) :: n
  integer, intent(out) :: codes(len(s) + size(s) + n)
  codes = len(s)
end subroutine

subroutine spanned(s, t, n, codes)
  integer, intent(in) :: n
  character(len=*), intent(in) :: s(n)
  character(len=4), intent(in) :: t(n)
  integer, intent(out) :: codes(len(s) + 10*len(t))
  codes = len(s)
end subroutine
