! Procedures that give allocatables and pointers to callbacks, and get them back; types whose bindings do so.
module receivers
  implicit none
  integer :: finalized = 0

  type :: item
    integer :: number = 7
    real(8), allocatable :: data(:)
  contains
    final :: note
  end type
  type, extends(item) :: wide
    real(8) :: x = 0.5d0
  end type

  type :: node
    integer :: value = 0
    type(node), pointer :: next => null()
  end type

  ! a list that has its items, by whatever means a class of Python's keeps them
  type, abstract :: store
    integer :: count = 0
  contains
    procedure(get_item), deferred :: get
    procedure(push_item), deferred :: push
    procedure(pop_item), deferred :: pop
    procedure(all_items), deferred :: all
    procedure(get_any), deferred :: any
    procedure(find_item), deferred :: find
  end type

  type :: walker
    integer :: steps = 0
  end type

  abstract interface
    subroutine get_item(self, key, ptr)
      import
      class(store), intent(inout) :: self
      integer, intent(in) :: key
      class(item), pointer, intent(out) :: ptr
    end subroutine
    subroutine push_item(self, val)
      import
      class(store), intent(inout) :: self
      class(item), allocatable, intent(inout) :: val
    end subroutine
    subroutine pop_item(self, key, val)
      import
      class(store), intent(inout) :: self
      integer, intent(in) :: key
      class(item), allocatable, intent(out) :: val
    end subroutine
    subroutine all_items(self, list)
      import
      class(store), intent(inout) :: self
      type(item), allocatable, intent(out) :: list(:)
    end subroutine
    subroutine get_any(self, key, val)
      import
      class(store), intent(inout) :: self
      integer, intent(in) :: key
      class(*), allocatable, intent(out) :: val
    end subroutine
    function find_item(self, key) result(ptr)
      import
      class(store), intent(inout) :: self
      integer, intent(in) :: key
      class(item), pointer :: ptr
    end function

    subroutine visit(w, p, finished)
      import
      class(walker), intent(inout) :: w
      type(node), pointer, intent(in) :: p
      logical, intent(out) :: finished
    end subroutine
    subroutine change_type(x)
      import
      type(item), allocatable, intent(inout) :: x
    end subroutine
    subroutine change_pointer(p, rows)
      import
      type(item), pointer :: p
      type(item), pointer :: rows(:)
    end subroutine
    subroutine change_classes(rows)
      import
      class(item), allocatable, intent(inout) :: rows(:)
    end subroutine
    subroutine change_any(x, rows)
      class(*), pointer :: x
      class(*), allocatable, intent(inout) :: rows(:)
    end subroutine
    function made(n) result(r)
      import
      integer, intent(in) :: n
      type(item), allocatable :: r
    end function
    function pointed(n) result(r)
      import
      integer, intent(in) :: n
      type(item), pointer :: r
    end function
    function made_class(n) result(r)
      import
      integer, intent(in) :: n
      class(item), allocatable :: r
    end function
    function made_row(n) result(r)
      import
      integer, intent(in) :: n
      type(item), allocatable :: r(:)
    end function
    function row(n) result(r)
      import
      integer, intent(in) :: n
      type(item) :: r(n)
    end function
    function matrix() result(r)
      import
      type(node) :: r(2, 3)
    end function
    function made_any(n) result(r)
      integer, intent(in) :: n
      class(*), allocatable :: r
    end function
    subroutine maybe(x, n)
      import
      type(item), allocatable, intent(out), optional :: x
      integer, intent(in), optional :: n
    end subroutine
  end interface

contains

  impure elemental subroutine note(self)
    type(item), intent(inout) :: self
    finalized = finalized + 1
  end subroutine

  integer function weight(x)
    class(item), intent(in) :: x
    weight = x%number
    if (allocated(x%data)) weight = weight + 100 * size(x%data)
    select type (x)
    type is (wide)
      weight = weight + 10000
    end select
  end function

  ! What a store answers to one of each: the numbers of what it gives, -1 for nothing.
  subroutine use_store(s, answers)
    class(store), intent(inout) :: s
    integer, intent(out) :: answers(9)
    class(item), pointer :: p
    class(item), allocatable :: x
    type(item), allocatable :: list(:)
    class(*), allocatable :: a
    answers = -1
    allocate (x, source=wide(number=3, x=1d0))
    call s%push(x)
    answers(1) = merge(1, 0, allocated(x))
    call s%get(1, p)
    if (associated(p)) then
      answers(2) = weight(p)
      p%number = 50
    end if
    call s%get(99, p)
    answers(3) = merge(1, 0, associated(p))
    p => s%find(1)
    if (associated(p)) answers(4) = p%number
    call s%all(list)
    if (allocated(list)) answers(5) = size(list) * 1000 + sum(list%number)
    call s%pop(1, x)
    if (allocated(x)) answers(6) = weight(x)
    call s%pop(1, x)
    answers(7) = merge(1, 0, allocated(x))
    call s%any(1, a)
    select type (a)
    type is (integer)
      answers(8) = a
    end select
    call s%any(2, a)
    select type (a)
    class is (item)
      answers(9) = weight(a)
    end select
  end subroutine

  ! Calls f for the nodes of a list with `n` of them, until that says that it has finished.
  integer function traverse(w, n, f)
    class(walker), intent(inout) :: w
    integer, intent(in) :: n
    procedure(visit) :: f
    type(node), target :: nodes(n)
    type(node), pointer :: p
    logical :: finished
    integer :: i
    do i = 1, n
      nodes(i)%value = i
      if (i < n) nodes(i)%next => nodes(i + 1)
    end do
    p => nodes(1)
    finished = .false.
    do while (.not. finished)
      call f(w, p, finished)
      if (.not. associated(p)) exit
      p => p%next
    end do
    traverse = sum(nodes%value)
  end function

  integer function ask_type(f, there)
    procedure(change_type) :: f
    logical, intent(in) :: there
    type(item), allocatable :: x
    if (there) allocate (x)
    call f(x)
    ask_type = -1
    if (allocated(x)) ask_type = weight(x)
  end function

  subroutine ask_pointer(f, answers)
    procedure(change_pointer) :: f
    integer, intent(out) :: answers(3)
    type(item), target :: here, some(3)
    type(item), pointer :: p, rows(:)
    here%number = 4
    some%number = [1, 2, 3]
    p => here
    rows => some(3:1:-2)
    call f(p, rows)
    answers = -1
    if (associated(p)) answers(1) = p%number
    if (associated(rows)) answers(2) = sum(rows%number) + 100 * size(rows)
    answers(3) = here%number
  end subroutine

  integer function ask_classes(f)
    procedure(change_classes) :: f
    class(item), allocatable :: rows(:)
    integer :: i
    allocate (rows(2))
    call f(rows)
    ask_classes = -1
    if (allocated(rows)) then
      ask_classes = 0
      do i = 1, size(rows)
        ask_classes = ask_classes + weight(rows(i))
      end do
    end if
  end function

  subroutine ask_any(f, answers)
    procedure(change_any) :: f
    real(8), intent(out) :: answers(2)
    class(*), pointer :: x
    class(*), allocatable :: rows(:)
    real(8), target :: here
    here = 2.5d0
    x => here
    allocate (rows, source=[1, 2, 3])
    call f(x, rows)
    answers = -1
    if (associated(x)) then
      select type (x)
      type is (real(8))
        answers(1) = x
      class is (item)
        answers(1) = weight(x)
      end select
    end if
    if (allocated(rows)) then
      select type (rows)
      type is (integer)
        answers(2) = sum(rows)
      type is (real(8))
        answers(2) = sum(rows) + 1000
      end select
    end if
  end subroutine

  ! a signal arrives before the function is called
  logical function ask_interrupted(f)
    use iso_c_binding, only: c_int
    procedure(pointed) :: f
    type(item), pointer :: p
    interface
      integer(c_int) function send_itself(number) bind(c, name='raise')
        import c_int
        integer(c_int), value :: number
      end function
    end interface
    ask_interrupted = send_itself(2) == 0
    p => f(4)
    if (.not. associated(p)) return
    p%number = 5
  end function

  ! a signal arrives before a function that returns an allocatable: which one, `kind` tells
  integer function ask_made_interrupted(kind, f, h, k)
    use iso_c_binding, only: c_int
    integer, intent(in) :: kind
    procedure(made) :: f
    procedure(made_class) :: h
    procedure(made_row) :: k
    type(item), allocatable :: x
    class(item), allocatable :: c
    type(item), allocatable :: rows(:)
    interface
      integer(c_int) function send_itself(number) bind(c, name='raise')
        import c_int
        integer(c_int), value :: number
      end function
    end interface
    ask_made_interrupted = send_itself(2)
    select case (kind)
    case (1)
      x = f(3)
      ask_made_interrupted = weight(x)
    case (2)
      allocate (c, source=h(5))
      ask_made_interrupted = weight(c)
    case default
      rows = k(3)
      ask_made_interrupted = size(rows)
    end select
  end function

  subroutine ask_results(f, g, h, k, answers)
    procedure(made) :: f
    procedure(pointed) :: g
    procedure(made_class) :: h
    procedure(made_row) :: k
    integer, intent(out) :: answers(4)
    type(item), allocatable :: x
    type(item), pointer :: p
    class(item), allocatable :: c
    type(item), allocatable :: rows(:)
    x = f(3)
    answers(1) = weight(x)
    p => g(4)
    answers(2) = -1
    if (associated(p)) answers(2) = p%number
    allocate (c, source=h(5))
    answers(3) = weight(c)
    rows = k(3)
    answers(4) = sum(rows%number) + 1000 * size(rows)
  end subroutine

  integer function ask_row(f, n)
    procedure(row) :: f
    integer, intent(in) :: n
    type(item) :: x(n)
    integer :: i
    x = f(n)
    ask_row = 0
    do i = 1, n
      ask_row = ask_row + weight(x(i))
    end do
  end function

  integer function ask_matrix(f)
    procedure(matrix) :: f
    type(node) :: x(2, 3)
    x = f()
    ask_matrix = x(1, 1)%value + 10 * x(2, 1)%value + 100 * x(1, 2)%value
  end function

  integer function ask_made_any(f, n)
    procedure(made_any) :: f
    integer, intent(in) :: n
    class(*), allocatable :: x
    allocate (x, source=f(n))
    ask_made_any = -1
    select type (x)
    type is (integer)
      ask_made_any = x
    class is (item)
      ask_made_any = weight(x)
    end select
  end function

  integer function ask_maybe(f)
    procedure(maybe) :: f
    type(item), allocatable :: x
    call f()
    call f(x, 1)
    ask_maybe = -1
    if (allocated(x)) ask_maybe = x%number
  end function
end module
