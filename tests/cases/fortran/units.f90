module types_and_interfaces
  enum, bind(c)
    enumerator :: red = 1, blue
    enumerator green
  end enum
  type, extends(base), public :: t1
    sequence
    integer(8) :: i = 3, j(3)
    procedure(foo), pointer, nopass :: pp => null()
  contains
    private
    procedure, pass(self) :: doit => doit_impl
    generic :: assignment(=) => doit
    final :: cleanup
  end type t1
  type :: t2(k, n)
  end type
  interface operator(+)
    module procedure add1, add2
  end interface
  abstract interface
    function fi(x) result(r) bind(c, name='Fi')
      import dp
      real(dp), value :: x
      real(dp) :: r
    end function
  end interface
  interface gen
    subroutine spec(a, *)
      real, intent(in out), contiguous, optional :: a(:)
    end subroutine spec
    procedure :: q
  end interface gen
contains
  recursive subroutine foo(f, arr, any) bind(C, name="FOO_c")
    type(*), dimension(..), intent(in) :: arr
    real any(..)
    block
      interface
        subroutine inner(z)
        end subroutine
      end interface
      type hidden
      end type
      integer q
    end block
  contains
    pure elemental real(8) function internal(y)
      real(8), intent(in) :: y
    end function
  end subroutine
  impure integer(kind=8) function f2() bind(c)
    entry gg(x, *) result(r)
    f2 = 1
    entry second
  end function
end module
submodule (parent:sub) subsub
contains
  module procedure foo
     integer :: k
     k = 3
  end procedure
  module subroutine bar(x)
    real x
  end subroutine
end submodule
block data init
  common /c/ x
end block data
program main
  integer i
  end = 1
  real = 2
contains
  subroutine inprog(z)
  end subroutine
end program
function last(x)
endfunction last
