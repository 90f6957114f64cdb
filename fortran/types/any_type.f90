! Dummies of any type: CLASS(*) and TYPE(*), scalars and arrays of each form; what they hold is asked by SELECT TYPE.
module anything
  use, intrinsic :: iso_c_binding, only: c_loc, c_ptr, c_int, c_double, c_f_pointer, c_size_t
  implicit none
  private
  public :: point, circle, named, described, described_known, described_many, ranked, changed, doubled, kept, copied
  public :: texts_by_fortran
  public :: bytes_first, count_of, c_bytes, filled, given, told, tell, zeroed, sum_of_column

  type :: point
    real(8) :: x = 1
  end type

  type, extends(point) :: circle
    real(8) :: radius = 2
  end type

  class(*), allocatable :: stored
  class(*), allocatable :: row(:)

  interface tell
    procedure told, told_twice
  end interface

contains

  ! the type and the value
  character(60) function named(v)
    class(*), intent(in) :: v
    select type (v)
    type is (integer)
      write(named, '(a, i0)') 'integer(4) ', v
    type is (integer(1))
      write(named, '(a, i0)') 'integer(1) ', v
    type is (integer(2))
      write(named, '(a, i0)') 'integer(2) ', v
    type is (integer(8))
      write(named, '(a, i0)') 'integer(8) ', v
    type is (real(4))
      write(named, '(a, f0.2)') 'real(4) ', v
    type is (real(8))
      write(named, '(a, f0.2)') 'real(8) ', v
    type is (real(10))
      write(named, '(a, f0.2)') 'real(10) ', v
    type is (complex(4))
      write(named, '(a, 2f5.2)') 'complex(4) ', v
    type is (complex(8))
      write(named, '(a, 2f5.2)') 'complex(8) ', v
    type is (logical)
      write(named, '(a, l1)') 'logical(4) ', v
    type is (character(*))
      write(named, '(a, i0, 3a)') 'character(', len(v), ') [', v, ']'
    type is (circle)
      write(named, '(a, f0.2)') 'circle ', v%radius
    class is (point)
      write(named, '(a, f0.2)') 'point ', v%x
    class default
      named = 'something else'
    end select
  end function

  character(60) function described(v)
    class(*), intent(in) :: v(:)
    integer :: i
    select type (v)
    type is (integer)
      write(described, '(a, 9(1x, i0))') 'integers', (v(i), i=1, size(v))
    type is (integer(8))
      write(described, '(a, 9(1x, i0))') 'long integers', (v(i), i=1, size(v))
    type is (real(8))
      write(described, '(a, 9f7.2)') 'reals', (v(i), i=1, size(v))
    type is (logical)
      write(described, '(a, 9(1x, l1))') 'logicals', (v(i), i=1, size(v))
    type is (character(*))
      write(described, '(a, i0, 9(1x, 3a))') 'texts of ', len(v), ('[', v(i), ']', i=1, size(v))
    type is (circle)
      write(described, '(a, 9f7.2)') 'circles', (v(i)%radius, i=1, size(v))
    class is (point)
      write(described, '(a, 9f7.2)') 'points', (v(i)%x, i=1, size(v))
    class default
      described = 'something else'
    end select
  end function

  character(60) function described_known(v, n)
    integer, intent(in) :: n
    class(*), intent(in) :: v(n)
    described_known = described(v)
  end function

  character(60) function described_many(v, n)
    class(*), intent(in) :: v(*)
    integer, intent(in) :: n
    described_many = described(v(1:n))
  end function

  ! gfortran 12 takes the elements of such arrays for closer together than they are
  character(60) function texts_by_fortran()
    texts_by_fortran = described(['a  ', 'bcd'])
  end function

  integer function ranked(v)
    class(*), intent(in) :: v(:, :)
    ranked = -1
    select type (v)
    type is (real(8))
      ranked = nint(sum(v(1, :)))
    type is (integer)
      ranked = sum(v(1, :))
    end select
  end function

  subroutine changed(v)
    class(*), intent(inout) :: v
    select type (v)
    type is (integer)
      v = v + 1
    type is (real(8))
      v = v * 2
    type is (character(*))
      v = 'changed'
    class is (point)
      v%x = -v%x
    end select
  end subroutine

  subroutine doubled(v)
    class(*), intent(inout) :: v(:)
    select type (v)
    type is (integer)
      v = 2 * v
    type is (real(8))
      v = 2 * v
    type is (logical)
      v = .not. v
    type is (character(*))
      v = v(size(v):1:-1)
    class is (point)
      v%x = 2 * v%x
    end select
  end subroutine

  subroutine zeroed(v)
    class(*), intent(out) :: v
    select type (v)
    type is (real(8))
      v = 0
    class is (point)
      v%x = 0
    end select
  end subroutine

  subroutine kept(v)
    class(*), intent(in) :: v
    if (allocated(stored)) deallocate(stored)
    allocate(stored, source=v)
  end subroutine

  character(60) function copied()
    copied = 'nothing'
    if (allocated(stored)) copied = named(stored)
  end function

  integer function given(v)
    class(*), intent(in), optional :: v
    given = merge(1, 0, present(v))
  end function

  ! a generic name whose procedures differ in rank
  integer function told(v)
    class(*), intent(in) :: v
    told = 1
    select type (v)
    type is (integer)
      told = 10
    end select
  end function

  integer function told_twice(v, times)
    class(*), intent(in) :: v(:)
    integer, intent(in), optional :: times
    told_twice = 2 * size(v)
    if (present(times)) told_twice = times * size(v)
  end function

  ! no type: the first byte
  integer function bytes_first(v, at)
    type(*), intent(in), target :: v(*)
    integer, intent(in), optional :: at
    integer(1), pointer :: seen(:)
    integer :: place
    place = 1
    if (present(at)) place = at
    call c_f_pointer(c_loc(v), seen, [place])
    bytes_first = seen(place)
  end function

  integer function count_of(v)
    type(*), intent(in) :: v(:)
    count_of = size(v)
  end function

  integer function sum_of_column(v)
    type(*), intent(in) :: v(:, :)
    sum_of_column = 10 * size(v, 1) + size(v, 2)
  end function

  real(c_double) function c_bytes(v) bind(c)
    type(*), intent(in), target :: v
    real(c_double), pointer :: seen
    call c_f_pointer(c_loc(v), seen)
    c_bytes = seen
  end function

  subroutine filled(v, n) bind(c)
    type(*), target :: v(*)
    integer(c_int), value :: n
    integer(1), pointer :: seen(:)
    call c_f_pointer(c_loc(v), seen, [n])
    seen = 1
  end subroutine
end module
