module declarations
  use, intrinsic :: iso_c_binding, only: c_int, X => c_double
  use other, b=>a
  use ops, only: operator(+), assignment(=), operator(.y.)=>operator(.x.)
  use nothing, only:
  implicit none (type, external)
  private
  public :: Foo, operator(+)
  integer, parameter :: dp = kind(1.0D0), n = 3*2, arr(2) = [1, 2], old(2) = (/ 3, 4 /)
  real(kind=dp), allocatable, dimension(:,:), target :: a, b(:)
  real*8 r8, scalar, matrix ( n , 0 : n-1 )
  complex*16 z
  double   complex zz
  byte bb
  logical*1 l1
  logical(1)l2
  type (t)u
  class(*), pointer :: any => null()
  type(t(4)) :: parameterised
  character c, c8*8
  character*10 c10, c4*4, table(3)*(n+2)
  character*(*) assumed
  character(len=*), parameter :: s = 'It''s; A ! B', t = "x&
     &Y"
  character(kind=c_char, len=10) :: both(3)
  character(5, c_char) :: positional
  character(:), allocatable :: deferred
  integer, codimension[*] :: co
  integer :: co2[*], co3(3)[2,*] = 7
  integer, bind(c, name="CName") :: bc
  integer k/3/, ks(2)/1,2/
  dimension scalar(n, *), lower(-1:)
  real, external :: f
  procedure(real) :: g
  procedure(iface), pointer, save :: p => null()
  procedure() :: nothing_said
  parameter (pi = 3.14D0, name = "Pi", half=1.0/2)
  allocatable lower
  target :: a(:), q
  pointer :: pa(:)
  contiguous :: pa
  volatile q
  intent(in out) :: k
  value k
  save
  save /blk/, q
  bind(c) :: /blk/, q
  common /blk/ u(3), v // w, /third/ x
  data u /3*0.0/, v / 1 /
  equivalence (u(1), v)
  intrinsic sin, cos
  namelist /nml/ a, b
end module
subroutine implicit_rules
  implicit real*8 (a-h, o-z), character*(*) (c), integer(kind=8) (i)
  implicit type(t) (t)
end subroutine
