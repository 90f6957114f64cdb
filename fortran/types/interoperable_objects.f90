! Procedures with bind(c) that get arrays, allocatables and pointers of interoperable types: by the standard's descriptors.
module interoperable_objects
  use, intrinsic :: iso_c_binding, only: c_int, c_double
  implicit none

  type, bind(c) :: point
    integer(c_int) :: i
    real(c_double) :: x
  end type

  type(point), target :: here = point(4, 2.5d0)
  type(point), target :: many(6)

contains

  integer(c_int) function total(p) bind(c)
    type(point), intent(in) :: p(:)
    total = sum(p%i) + 100 * size(p)
  end function

  subroutine double(p) bind(c)
    type(point), intent(inout) :: p(:, :)
    p%i = 2 * p%i
    p(1, 2)%x = 10 * size(p, 1) + size(p, 2)
  end subroutine

  integer(c_int) function given(p) bind(c)
    type(point), intent(in), optional :: p(:)
    given = -1
    if (present(p)) given = size(p)
  end function

  ! allocatables

  integer(c_int) function seen(p) bind(c)
    type(point), allocatable, intent(in) :: p
    seen = -1
    if (allocated(p)) seen = p%i
  end function

  integer(c_int) function seen_row(p) bind(c)
    type(point), allocatable, intent(in) :: p(:)
    seen_row = -1
    if (allocated(p)) seen_row = sum(p%i) + 100 * size(p)
  end function

  subroutine make(p, n) bind(c)
    type(point), allocatable, intent(out) :: p
    integer(c_int), value :: n
    if (n == 0) return
    allocate (p)
    p = point(n, 0.5d0)
  end subroutine

  subroutine make_row(p, n) bind(c)
    type(point), allocatable, intent(out) :: p(:)
    integer(c_int), value :: n
    integer :: i
    if (n == 0) return
    allocate (p(n))
    p%i = [(i, i=1, n)]
    p%x = n
  end subroutine

  subroutine grow(p) bind(c)
    type(point), allocatable, intent(inout) :: p(:)
    type(point), allocatable :: q(:)
    integer :: n
    n = 0
    if (allocated(p)) n = size(p)
    allocate (q(n + 1))
    if (n > 0) q(:n) = p
    q(n + 1) = point(n + 1, 0d0)
    call move_alloc(q, p)
  end subroutine

  subroutine drop_or_change(p, drop) bind(c)
    type(point), allocatable, intent(inout) :: p
    integer(c_int), value :: drop
    if (allocated(p)) p%i = p%i + 1
    if (drop /= 0 .and. allocated(p)) deallocate (p)
  end subroutine

  ! pointers

  integer(c_int) function pointed(p) bind(c)
    type(point), pointer, intent(in) :: p
    pointed = -1
    if (associated(p)) pointed = p%i
    if (associated(p)) p%x = 99
  end function

  subroutine point_here(p, row) bind(c)
    type(point), pointer, intent(out) :: p
    type(point), pointer, intent(out) :: row(:)
    integer :: i
    many%i = [(i, i=1, 6)]
    many%x = many%i
    p => here
    row => many(6:1:-2)
  end subroutine

  subroutine swap(p, q) bind(c)
    type(point), pointer, intent(inout) :: p, q
    type(point), pointer :: r
    r => p
    p => q
    q => r
  end subroutine

  integer(c_int) function row_sum(p) bind(c)
    type(point), pointer, intent(in) :: p(:)
    row_sum = -1
    if (associated(p)) row_sum = sum(p%i) + 100 * size(p)
  end function

  ! callbacks

  integer(c_int) function ask(f) bind(c)
    interface
      subroutine f(p, q, r) bind(c)
        import point
        type(point), intent(inout) :: p(:)
        type(point), allocatable, intent(inout) :: q
        type(point), pointer, intent(out) :: r(:)
      end subroutine
    end interface
    type(point) :: p(2)
    type(point), allocatable :: q
    type(point), pointer :: r(:)
    p = point(1, 2d0)
    allocate (q)
    q = point(5, 0d0)
    call f(p, q, r)
    ask = sum(p%i)
    if (allocated(q)) ask = ask + 100 * q%i
    if (associated(r)) ask = ask + 10000 * sum(r%i)
  end function
end module
