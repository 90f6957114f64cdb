! Objects that are allocatable or pointers: dummies, results and variables of modules.
module owned
  implicit none
  integer :: finalized = 0

  type :: item
    integer :: number = 7
    real(8), allocatable :: data(:)
    real(8), pointer :: target(:) => null()
  contains
    final :: note
  end type

  type :: plain
    integer :: k = 1
    real(8) :: x = 0.5d0
  end type

  type, extends(plain) :: wider
    real(8) :: y = 2
  end type

  type, private, extends(plain) :: unseen
    real(8), allocatable :: more(:)
  end type

  type(item), allocatable :: lone
  type(item), pointer :: pointed => null()
  type(item), allocatable :: row(:)
  type(item), pointer :: seen(:) => null()
  type(plain) :: fixed(2, 3)
  type(plain), protected :: guarded(2)
  type(plain), allocatable, protected :: secret
  type(plain), parameter :: constants(2) = [plain(3, 1d0), plain(4, 2d0)]
  ! as long as their values
  type(plain), parameter :: implied(*) = [plain(5), constants, plain(x=3d0, k=6)]
  type(wider), parameter :: from_zero(0:*) = [wider(plain(7), 1d0), wider(8, 1d0, 2d0)]
  class(plain), allocatable, target :: any_one
  class(plain), pointer :: any_seen => null()
  class(plain), allocatable :: any_row(:)
  type(item), allocatable, target, private :: kept(:)
contains
  impure elemental subroutine note(self)
    type(item), intent(inout) :: self
    finalized = finalized + 1
    self%number = -1
  end subroutine

  ! allocatable objects

  integer function value_of(x)
    type(item), allocatable, intent(in) :: x
    value_of = -1
    if (allocated(x)) value_of = x%number
    if (allocated(x)) then
      if (allocated(x%data)) value_of = value_of + size(x%data)
    end if
  end function

  subroutine make(x, n)
    type(item), allocatable, intent(out) :: x
    integer, intent(in) :: n
    if (n < 0) return
    allocate(x)
    x%number = n
    allocate(x%data(n))
    x%data = n
  end subroutine

  subroutine change(x, way)
    type(item), allocatable, intent(inout) :: x
    integer, intent(in) :: way
    select case (way)
    case (0)
      if (allocated(x)) deallocate(x)
    case (1)
      x%number = x%number + 1
      x%data = [1d0, 2d0]
    case (2)
      if (allocated(x)) deallocate(x)
      allocate(x)
      x%number = 50
    end select
  end subroutine

  subroutine unsaid(x)
    type(item), allocatable :: x
    if (.not. allocated(x)) allocate(x)
    x%number = x%number + 100
  end subroutine

  integer function how(x)
    type(item), allocatable, intent(inout), optional :: x
    how = 0
    if (.not. present(x)) return
    how = 1
    if (.not. allocated(x)) return
    how = 2
    x%number = 0
  end function

  function built(n) result(x)
    integer, intent(in) :: n
    type(item), allocatable :: x
    if (n < 0) return
    allocate(x)
    x%number = n
    x%data = [real(8) :: n, n]
  end function

  ! pointers to objects

  subroutine aim(p, to_it)
    type(item), pointer, intent(inout) :: p
    logical, intent(in) :: to_it
    if (to_it) then
      if (.not. allocated(kept)) allocate(kept(4))
      p => kept(2)
      p%number = 22
    else if (associated(p)) then
      p%number = p%number + 1
    end if
  end subroutine

  subroutine find(p, n)
    type(item), pointer, intent(out) :: p
    integer, intent(in) :: n
    nullify(p)
    if (.not. allocated(kept)) allocate(kept(4))
    if (n > 0) p => kept(n)
  end subroutine

  integer function look(p)
    type(item), pointer, intent(in) :: p
    look = -1
    if (associated(p)) look = p%number
    if (associated(p)) p%number = p%number + 1
  end function

  function new_item(n) result(p)
    integer, intent(in) :: n
    type(item), pointer :: p
    nullify(p)
    if (n < 0) return
    allocate(p)
    p%number = n
  end function

  subroutine drop(p)
    type(item), pointer, intent(inout) :: p
    deallocate(p)
  end subroutine

  ! arrays

  integer function total(a)
    type(item), allocatable, intent(in) :: a(:)
    total = -1
    if (allocated(a)) total = sum(a%number)
  end function

  subroutine many(a, n)
    type(item), allocatable, intent(out) :: a(:)
    integer, intent(in) :: n
    integer :: i
    if (n < 0) return
    allocate(a(n))
    do i = 1, n
      a(i)%number = i
      a(i)%data = [real(8) :: i]
    end do
  end subroutine

  subroutine extend(a, n)
    type(item), allocatable, intent(inout) :: a(:)
    integer, intent(in) :: n
    type(item), allocatable :: longer(:)
    integer :: i
    if (n < 0) then
      if (allocated(a)) deallocate(a)
      return
    end if
    allocate(longer(n))
    if (allocated(a)) then
      do i = 1, min(n, size(a))
        longer(i)%number = a(i)%number
        call move_alloc(a(i)%data, longer(i)%data)
      end do
    end if
    call move_alloc(longer, a)
  end subroutine

  subroutine double(a)
    type(item), allocatable, intent(inout) :: a(:)
    a%number = 2 * a%number
  end subroutine

  function several(n, m) result(a)
    integer, intent(in) :: n, m
    type(plain), allocatable :: a(:, :)
    integer :: i, j
    if (n < 0) return
    allocate(a(n, m))
    do j = 1, m
      do i = 1, n
        a(i, j)%k = 10 * i + j
      end do
    end do
  end function

  function every_other() result(p)
    type(item), pointer :: p(:)
    if (.not. allocated(kept)) allocate(kept(4))
    kept%number = [1, 2, 3, 4]
    p => kept(::2)
  end function

  subroutine slice(p, a)
    type(plain), pointer, intent(inout) :: p(:)
    type(plain), target, intent(inout) :: a(:)
    if (associated(p)) then
      p%k = p%k + 1
    else
      p => a(2:)
    end if
  end subroutine

  integer function sum_of(p)
    type(plain), pointer, intent(in) :: p(:, :)
    sum_of = -1
    if (associated(p)) sum_of = sum(p%k)
  end function

  ! class

  subroutine create(x, what)
    class(plain), allocatable, intent(out) :: x
    integer, intent(in) :: what
    select case (what)
    case (1)
      allocate(plain :: x)
    case (2)
      allocate(wider :: x)
      x%x = 3
    case (3)
      allocate(unseen :: x)
      x%k = 30
      select type (x)
      type is (unseen)
        allocate(x%more(1000))
      end select
    end select
  end subroutine

  integer function kind_of(x)
    class(plain), allocatable, intent(in) :: x
    kind_of = 0
    if (.not. allocated(x)) return
    select type (x)
    type is (plain)
      kind_of = 1
    type is (wider)
      kind_of = 2
    class default
      kind_of = 3
    end select
  end function

  subroutine replace(x, what)
    class(plain), allocatable, intent(inout) :: x
    integer, intent(in) :: what
    class(plain), allocatable :: other
    if (what == 0 .and. allocated(x)) then
      x%k = x%k + 1
      return
    end if
    if (allocated(x)) deallocate(x)
    if (what < 0) return
    call create(other, what)
    call move_alloc(other, x)
  end subroutine

  function created(what) result(x)
    integer, intent(in) :: what
    class(plain), allocatable :: x
    call create(x, what)
  end function

  subroutine point_to(p, x)
    class(plain), pointer, intent(out) :: p
    class(plain), target, intent(inout) :: x
    p => x
    p%k = p%k + 10
  end subroutine

  function pointer_to(x) result(p)
    class(plain), target, intent(inout) :: x
    class(plain), pointer :: p
    p => x
  end function

  integer function kind_of_pointer(p)
    class(plain), pointer, intent(in) :: p
    kind_of_pointer = 0
    if (.not. associated(p)) return
    kind_of_pointer = 1
    select type (p)
    type is (wider)
      kind_of_pointer = 2
      p%y = p%y + 1
    end select
  end function

  subroutine create_row(a, n, wide)
    class(plain), allocatable, intent(out) :: a(:)
    integer, intent(in) :: n
    logical, intent(in) :: wide
    integer :: i
    if (n < 0) return
    if (wide) then
      allocate(wider :: a(n))
    else
      allocate(plain :: a(n))
    end if
    do i = 1, n
      a(i)%k = i
    end do
  end subroutine

  integer function sum_of_row(a)
    class(plain), allocatable, intent(in) :: a(:)
    integer :: i
    sum_of_row = -1
    if (.not. allocated(a)) return
    sum_of_row = 0
    do i = 1, size(a)
      sum_of_row = sum_of_row + a(i)%k
    end do
    select type (a)
    type is (wider)
      sum_of_row = sum_of_row + 1000 * nint(sum(a%y))
    end select
  end function

  subroutine widen_row(a)
    class(plain), allocatable, intent(inout) :: a(:)
    class(plain), allocatable :: other(:)
    integer :: n
    n = 2
    if (allocated(a)) n = size(a) + 1
    allocate(wider :: other(n))
    call move_alloc(other, a)
  end subroutine

  function row_of(n) result(a)
    integer, intent(in) :: n
    class(plain), allocatable :: a(:)
    call create_row(a, n, .true.)
  end function

  ! what variables have

  subroutine set_variables(n)
    integer, intent(in) :: n
    integer :: i
    if (allocated(lone)) deallocate(lone)
    if (allocated(row)) deallocate(row)
    if (allocated(secret)) deallocate(secret)
    if (allocated(any_one)) deallocate(any_one)
    if (allocated(any_row)) deallocate(any_row)
    nullify(pointed, seen, any_seen)
    if (n < 0) return
    allocate(lone, row(n), secret)
    lone%number = n
    do i = 1, n
      row(i)%number = 10 * i
      row(i)%data = [1d0, 2d0]
    end do
    if (.not. allocated(kept)) allocate(kept(4))
    kept%number = [1, 2, 3, 4]
    pointed => kept(3)
    seen => kept(4:1:-1)
    guarded%k = n
    allocate(wider :: any_one)
    allocate(wider :: any_row(n))
    any_row%x = 8
    any_seen => any_one
  end subroutine

  integer function variables()
    variables = 0
    if (allocated(lone)) variables = variables + lone%number
    if (associated(pointed)) variables = variables + 100 * pointed%number
    if (allocated(row)) variables = variables + 1000 * sum(row%number)
    if (associated(seen)) variables = variables + 100000 * seen(1)%number
    variables = variables + 1000000 * sum(fixed%k)
  end function

  integer function class_variables()
    class_variables = kind_of(any_one) + 10 * kind_of_pointer(any_seen)
    if (allocated(any_row)) class_variables = class_variables + 100 * sum_of_row(any_row)
  end function
end module
