! Fortran modules: what they show, hide, protect and compute, and where names get in each other's way.
module constants
  use, intrinsic :: iso_fortran_env, only: real64, int64
  implicit none
  private
  integer, parameter, public :: dp = kind(1d0), limit = 2**10 - 1
  integer(int64), parameter, public :: big = 2_int64**40
  real(dp), parameter, public :: pi = 3.14159265358979324_dp, two_pi = 2*pi
  real, parameter, public :: third = 1.0/3
  complex(dp), parameter, public :: i = (0, 1), turned = 2*i + 1
  logical, parameter, public :: yes = .true., no = .not. yes
  character(len=*), parameter, public :: greeting = 'hello'//' world'
  character(len=3), parameter, public :: words(2) = ['abc', 'de ']
  integer, parameter, public :: primes(3) = [2, 3, 5], squares(0:2) = primes*primes
  integer, parameter, public :: all_of_them(*) = [primes, squares], how_many = size(all_of_them)
  real(dp), parameter, public :: table(2, 2) = reshape([1d0, 2d0, 3d0, 4d0], [2, 2])
  integer, parameter :: hidden = 1
  integer :: k
  ! What takes a compiler.
  real(dp), parameter, public :: nodes(0:2) = [(cos(k*pi/2), k=0, 2)], gamma_of_5 = gamma(5._dp)
  integer, parameter, public :: turned_table(2, 3) = transpose(reshape([1, 2, 3, 4, 5, 6], [3, 2]))
  integer, parameter, public :: mask = int(z'FF')
  complex(dp), parameter, public :: powers(2) = [(i**k, k=1, 2)]
  logical, parameter, public :: even(3) = [(mod(k, 2) == 0, k=1, 3)]
  character(len=2), parameter, public :: pairs(2) = [(repeat(achar(64 + k), 2), k=1, 2)]
  real(real64), public :: sized(how_many, limit - 1022) = 1
end module constants

! Everything comes from elsewhere.
module only_others
  use constants
end module only_others

module nothing_inside
end module nothing_inside

module guarded
  implicit none
  private
  public :: operator(+), assignment(=), set_all, total, swap, renamed_later
  integer, protected, public :: count = 3
  real, protected, public :: values(2) = [1.0, 2.0]
  character(len=4), protected, public :: name = 'none'
  integer, allocatable, protected, public :: list(:)
  integer :: hidden = 1
  real :: shown = 1.5
  public shown
  interface operator(+)
    module procedure either
  end interface
  interface assignment(=)
    module procedure from_logical
  end interface
contains
  subroutine set_all(n)
    integer, intent(in) :: n
    integer :: k
    count = n
    values = n
    name = 'set'
    list = [(k, k=1, n)]
  end subroutine set_all
  integer function total()
    total = count + hidden
    if (allocated(list)) total = total + sum(list)
  end function total
  elemental subroutine swap(a, b)
    integer, intent(inout) :: a, b
    integer :: c
    c = a
    a = b
    b = c
  end subroutine swap
  subroutine renamed_later(lambda, in, def, None)
    integer, intent(in) :: lambda, in(:)
    integer, intent(in), optional :: def
    integer, intent(out) :: None
    None = lambda + sum(in)
    if (present(def)) None = None + def
  end subroutine renamed_later
  logical function either(a, b)
    logical, intent(in) :: a, b
    either = a .or. b
  end function either
  subroutine from_logical(a, b)
    integer, intent(out) :: a
    logical, intent(in) :: b
    a = merge(1, 0, b)
  end subroutine from_logical
end module guarded

module generic
  implicit none
  private
  public :: fill, operator(.plus.)
  integer, public :: filled = 0
  interface fill
    module procedure fill_one
    procedure :: fill_all
  end interface fill
  interface operator(.plus.)
    procedure plus
  end interface
  interface unseen
    module procedure hidden
  end interface unseen
contains
  subroutine fill_one(x)
    integer, intent(in) :: x
    filled = x
  end subroutine fill_one
  subroutine fill_all(x)
    integer, intent(in) :: x(:)
    filled = sum(x)
  end subroutine fill_all
  integer function plus(a, b)
    logical, intent(in) :: a
    integer, intent(in) :: b
    plus = merge(1, 0, a) + b
  end function plus
  subroutine hidden(x)
    integer, intent(in) :: x
    filled = -x
  end subroutine hidden
end module generic

module allocated_arrays
  implicit none
  real(8), allocatable :: vector(:), matrix(:, :)
  logical, allocatable :: mask(:)
  character(len=4), allocatable :: words(:)
  real, allocatable :: scalar
  integer, allocatable :: seven(:, :, :, :, :, :, :)
  integer, target :: pool(10) = 1
  integer, pointer :: part(:) => null(), one => null()
contains
  subroutine double_vector()
    vector = 2*vector
  end subroutine double_vector
  subroutine allocate_lowered()
    if (allocated(matrix)) deallocate (matrix)
    allocate (matrix(0:1, -1:1))
    matrix = 4
  end subroutine allocate_lowered
  subroutine deallocate_all()
    if (allocated(vector)) deallocate (vector)
    if (allocated(matrix)) deallocate (matrix)
    if (allocated(seven)) deallocate (seven)
  end subroutine deallocate_all
  real(8) function summary()
    summary = -1
    if (allocated(vector)) summary = sum(vector)
    if (allocated(matrix)) summary = summary + sum(matrix) + 100*lbound(matrix, 2)
    if (allocated(seven)) summary = summary + sum(seven)
    if (allocated(scalar)) summary = summary + scalar
    if (allocated(mask)) summary = summary + 1000*count(mask)
    if (allocated(words)) summary = summary + 10000*len_trim(words(1))
  end function summary
  subroutine point()
    part => pool(10:1:-3)
    one => pool(2)
  end subroutine point
end module allocated_arrays

! The same memory under several names.
module overlaid
  implicit none
  real(8) :: whole(4) = 1
  real(8) :: first_half(2), last
  complex(8) :: pair
  equivalence (whole(1), first_half(1), pair), (whole(4), last)
contains
  real(8) function whole_sum()
    whole_sum = sum(whole)
  end function whole_sum
end module overlaid

module one_name
  integer :: value = 1
contains
  integer function answer()
    answer = 1
  end function answer
end module one_name

module other_name
  use one_name, only: theirs => value
  integer :: value = 2
contains
  integer function answer()
    answer = 2 + theirs
  end function answer
end module other_name

integer function answer()
  answer = 3
end function answer

! 0 where it returns as usual, else which of its labels it returns to.
subroutine classify(n, *, half, *)
  integer n, half
  intent(in) n
  intent(out) half
  half = n/2
  if (n .lt. 0) return 1
  if (n .eq. 0) return 2
end subroutine classify

subroutine count_elements(len, shape, size)
  integer len, shape(len), size
  intent(in) shape
  intent(out) size
  size = sum(shape)
end subroutine count_elements
