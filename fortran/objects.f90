! Common blocks, block data and Fortran modules, as f2py can wrap them too.
block data initial
  integer :: i
  double precision :: x(2, 3)
  character :: c
  character(len=5) :: s
  complex(kind=8) :: z
  common /blk/ i, x, c, s, z
  data i /7/, x /1d0, 2d0, 3d0, 4d0, 5d0, 6d0/, c /'q'/, s /'abc'/, z /(1d0, -2d0)/
end block data

module kinds
  implicit none
  integer, parameter :: wide = 8
  integer, parameter :: rows = 2
end module

module counters
  use kinds, only: dp => wide, rows
  implicit none
  integer :: count = 3
  real :: weights(3) = (/1.0, 2.0, 3.0/)
  real(dp) :: grid(rows, 0:2) = 0d0
  complex(dp) :: phase = (1d0, 2d0)
  logical :: ready = .true.
  character :: letter = 'k'
  character(len=8) :: title = 'untitled'
  character(len=4) :: names(2) = (/'ab  ', 'cdef'/)
  integer(1) :: tiny_number = -3
  integer(2) :: short_number = 300
  integer(8) :: long_number = 2_8**40
  integer, parameter :: limit = 4*3
  real(dp), parameter :: half = 0.5d0
  integer, parameter :: primes(3) = (/2, 3, 5/)
  character(len=3), parameter :: unit_name = 'kg'
  real(dp), allocatable :: table(:, :)
  integer, allocatable :: list(:)
  real(dp), private :: hidden = 1d0
contains
  subroutine advance(step, total)
    integer, intent(in) :: step
    integer, intent(out) :: total
    count = count + step
    total = count
  end subroutine
  function table_sum() result(s)
    real(dp) :: s
    s = -1
    if (allocated(table)) s = sum(table)
  end function
  subroutine make_table(n, m)
    integer, intent(in) :: n, m
    integer :: i, j
    if (allocated(table)) deallocate(table)
    allocate(table(n, m))
    do j = 1, m
      do i = 1, n
        table(i, j) = 10*i + j
      end do
    end do
  end subroutine
  subroutine reset()
    count = 0
  end subroutine
  subroutine describe(text)
    character(len=8), intent(out) :: text
    text = title
  end subroutine
end module

module shared
  implicit none
  integer :: first = 3
  double precision :: second
  common /pair/ first, second
end module

subroutine show_block(n, total)
  integer, intent(out) :: n
  double precision, intent(out) :: total
  integer :: i
  double precision :: x(2, 3)
  character :: c
  character(len=5) :: s
  complex(kind=8) :: z
  common /blk/ i, x, c, s, z
  n = i
  total = sum(x)
end subroutine

subroutine set_blank(value)
  integer, intent(in) :: value
  integer :: k
  real :: r(4)
  common k, r
  k = value
  r = value
end subroutine

subroutine set_words(n)
  integer, intent(in) :: n
  integer :: long, size, ok
  common /words/ long, size
  common /words/ ok
  long = n
  size = n + 1
  ok = n + 2
end subroutine

subroutine scale(x, factor)
  double precision, intent(inout) :: x(3)
  double precision, intent(in) :: factor
  x = x*factor
  return
  entry shift(x, factor)
  x = x + factor
end subroutine
