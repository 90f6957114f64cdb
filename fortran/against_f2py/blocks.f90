! Common blocks, block data, and names that several units have.
module holder
  implicit none
  integer :: k
  real :: v(3)
  common /shared_blk/ k, v
end module
module same_name
  integer :: same_var = 1
contains
  subroutine proc(x)
    integer, intent(out) :: x
    x = 1
  end subroutine
end module
module other_name
  integer :: same_var = 2
contains
  subroutine proc(x)
    integer, intent(out) :: x
    x = 2
  end subroutine
  subroutine init(a)
    integer, intent(out) :: a
    a = 5
  end subroutine
end module
subroutine proc(x)
  integer, intent(out) :: x
  x = 3
end subroutine
subroutine first
  common /blk/ a, b(2), i
  a = 1; b = 2; i = 3
end subroutine
subroutine second(n)
  integer n
  intent(out) n
  common /blk/ x, y, z, j
  n = j
end subroutine
subroutine types
  integer(1) i1
  integer(8) i8
  real(8) d
  complex c
  complex(8) z
  logical l
  character(len=3) s
  character*4 t(2)
  common /mixed/ d, i8, z, c, l, s, t
  common // blank1, blank2(2)
  d = 1; i8 = 2; z = (3,4); c = (5,6); l = .true.; s = 'abc'; t = 'tt'
  blank1 = 7; blank2 = 8
end subroutine
subroutine params
  parameter (n = 3, m = n*2)
  real work(n, m), w0(0:n)
  common /sized/ work, w0
  work = 1; w0 = 2
end subroutine
block data bd
  common /inited/ u, v, names
  real u, v(2)
  character*3 names(2)
  data u /1.5/, v /2*2.5/, names /'abc', 'de'/
end block data
subroutine very_long_name_of_a_routine_that_has_sixty_three_characters_x(a_very_long_argument_name_indeed)
  integer, intent(inout) :: a_very_long_argument_name_indeed
  a_very_long_argument_name_indeed = a_very_long_argument_name_indeed + 1
end subroutine
SUBROUTINE UpperCase(ARG, Other)
  INTEGER, INTENT(IN) :: ARG
  INTEGER, INTENT(OUT) :: Other
  OTHER = arg
END SUBROUTINE
