! Components of objects as arguments of dummy procedures, whose prototypes only the calls show.
module passed_kinds
  implicit none
  integer, parameter :: wp = kind(1d0)
  integer, parameter :: axes = 3

  type parent
    integer(8) :: number = 7
  end type

  type inner
    complex(wp) :: z = (1d0, -2d0)
  end type

  type, extends(parent) :: state
    real(wp) :: time = 1.5d0
    real(wp) :: place(axes) = [1d0, 2d0, 4d0]
    logical :: done = .false.
    type(inner) :: held
    type(inner) :: several(2)
    real(wp), allocatable :: grown(:)
    integer :: bounded(0:1) = [5, 6]
    character(4) :: label = 'abcd', labels(2) = ['efgh', 'ijkl']
  end type
end module

module passed_components
  use passed_kinds, only: state, axes
  implicit none
  type(state), save :: now

contains

  subroutine of_a_variable(f)
    external :: f
    call f(now%time, now%place, now%number, now%held%z)
  end subroutine

  subroutine of_an_argument(f, me, y)
    real(8), external :: f
    class(state), intent(inout) :: me
    real(8), intent(out) :: y
    y = f(me%time + 1, me%done, me%several(2)%z)
  end subroutine

  ! Only an object knows how many elements there are.
  subroutine of_unknown_extents(f)
    external :: f
    call f(now%grown)
  end subroutine

  subroutine of_expressions(f, x, n)
    external :: f
    integer, intent(in) :: n
    real(8), intent(in) :: x(n)
    integer :: order(2)
    order = [2, 1]
    call f(2 * sqrt(x), n, -now%place, now%bounded, order(order), sum(x), x(n) + 1)
  end subroutine

  subroutine of_assumed_shape(f, x)
    external :: f
    real(8), intent(in) :: x(:)
    call f(x + 1)
  end subroutine

  subroutine of_rows(f, x)
    external :: f
    real(8), intent(in) :: x(2, 2)
    integer :: order(2)
    order = [2, 1]
    call f(x(order, 1))
  end subroutine

  ! Sections of arrays: of a component, of one with other bounds, of an argument, with strides, and of no element.
  subroutine of_sections(f, x, n, open)
    external :: f
    integer, intent(in) :: n
    real(8), intent(inout) :: x(n, 0:3), open(2, *)
    type(state) :: several(2)
    several%number = 9
    call f(now%place(2:), now%bounded(:0), x(:, 1), x(2, ::2), x(n:1, :), x(2:1, 3), several(2)%place(axes:), n, &
      open(1, 2:3))
  end subroutine

  ! Parts of texts, whose lengths Fortran passes, and of an array of them.
  subroutine of_letters(f, words, word)
    external :: f
    character(4), intent(in) :: words(3)
    character(*), intent(in) :: word
    integer :: first
    first = 2
    call f(word(first:3), words(2)(:first), words(2:), now%label(3:), now%labels(2)(1:1), word)
  end subroutine

  subroutine of_grown_sections(f)
    external :: f
    call f(now%grown(2:))
  end subroutine

  subroutine of_sections_in_terms(f, x)
    external :: f
    real(8), intent(in) :: x(2)
    call f(x(2:) + 1)
  end subroutine

  ! As many elements as the arrays have.
  subroutine of_all(f, several)
    external :: f
    type(state) :: several(2)
    call f(several%time)
  end subroutine

  subroutine of_all_inside(f)
    external :: f
    call f(now%several%z)
  end subroutine

  subroutine of_all_elements(f, several)
    external :: f
    type(state) :: several(2)
    call f(several%place(1))
  end subroutine

  subroutine of_chosen(f, several, these)
    external :: f
    type(state) :: several(2)
    integer :: these(2)
    call f(several(these)%time)
  end subroutine
end module

! A kind and an extent that this procedure gives other names.
subroutine of_elements(f, y)
  use passed_kinds, only: state, other => axes
  implicit none
  external :: f
  real(8), intent(out) :: y
  type(state) :: several(2)
  integer, parameter :: wp = 4, axes = 2
  several%time = real(wp + axes + other, 8)
  call f(several(2)%time, several(1)%place, several(1) % place(axes))
  y = several(2)%time + several(1)%place(3)
end subroutine
