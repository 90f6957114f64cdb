! Variables and constants of a module, of every type and shape.
module variables
  implicit none
  integer :: i = 1
  integer(8) :: i8
  real :: r = 2.5
  double precision :: d = 1d0
  complex :: c = (1.0, 2.0)
  complex(8), dimension(2) :: z = (/ (1d0,0d0), (0d0,1d0) /)
  logical :: flag = .false.
  logical(1) :: lb = .true.
  logical(8) :: l8 = .true.
  logical :: mask(3) = (/ .true., .false., .true. /)
  character :: ch = 'x'
  character(len=10) :: text = 'text'
  character(len=4), dimension(3) :: words = (/ 'ab  ', 'cdef', 'g   ' /)
  character(len=1), dimension(5) :: letters = 'z'
  character*6 :: oldtext = 'old'
  character :: starred*4 = 'star', single
  integer :: lower(-1:1) = (/ -1, 0, 1 /)
  integer :: mat(2, 0:2) = 0
  integer, dimension(2,2) :: same = 7
  integer :: empty(0)
  integer :: seven(1,2,1,2,1,2,1) = 5
  integer, save :: saved = 9
  integer, target :: tgt = 10
  integer, volatile :: vol = 11
  real, parameter :: half = 0.5
  integer, parameter :: n = 4
  real :: sized(n, n+1, 2*n) = 1
contains
  subroutine show(s)
    real, intent(out) :: s
    s = i + r + d + sum(lower) + count(mask) + len_trim(text)
  end subroutine
  subroutine change()
    i = 100; text = 'changed'; lower = 5; words(2) = 'w'; flag = .true.; l8 = .false.; mat(2,0) = 3
  end subroutine
end module variables
