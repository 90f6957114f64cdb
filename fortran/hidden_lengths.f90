! Characters of every sort in one argument list, each with its hidden length where the compiler has one.

subroutine measure(first, f, words, second, letter, fixed, lengths)
  character(len=*), intent(in) :: first
  interface
    function f(n) result(word)
      integer, intent(in) :: n
      character(len=4) :: word
    end function
  end interface
  character(len=*), intent(in) :: words(3), second
  character, intent(in) :: letter
  character(len=6), intent(in) :: fixed
  integer, intent(out) :: lengths(6)
  character(len=8) :: answer
  answer = f(7)//'|'
  lengths = [len(first), len_trim(answer), len(words), len(second), ichar(letter), len_trim(fixed)]
end subroutine

function framed(text, mark) result(r)
  character(len=*), intent(in) :: text, mark
  character(len=len(text) + 2*len(mark)) :: r
  r = mark//text//mark
end function

function lines(text, n) result(r)
  character(len=*), intent(in) :: text
  integer, intent(in) :: n
  character(len=5) :: r(n)
  integer :: i
  do i = 1, n
    r(i) = text(i:)
  end do
end function

function cut(words, n) result(r)
  ! As long as the elements of an array, at most n.
  integer, intent(in) :: n
  character(len=*), intent(in) :: words(:)
  character(len=min(len(words), n)) :: r(size(words))
  r = words
end function
