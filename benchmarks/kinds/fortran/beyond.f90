! What f2py cannot wrap: its columns stay empty.
module beyond
  implicit none
  character(len=:), allocatable :: text
contains
  subroutine last_of_allocatable(x, value)
    double precision, allocatable, intent(in) :: x(:)
    double precision, intent(out) :: value
    value = x(size(x))
  end subroutine last_of_allocatable

  subroutine made(n, x)
    integer, intent(in) :: n
    double precision, allocatable, intent(out) :: x(:)
    allocate (x(n))
    x = n
  end subroutine made

  subroutine bump_allocatable(x)
    double precision, allocatable, intent(inout) :: x(:)
    x(1) = x(1) + 1
  end subroutine bump_allocatable

  subroutine last_of_pointer(x, value)
    double precision, pointer, intent(in) :: x(:)
    double precision, intent(out) :: value
    value = x(size(x))
  end subroutine last_of_pointer

  function allocated_result(n) result(r)
    integer, intent(in) :: n
    double precision, allocatable :: r(:)
    allocate (r(n))
    r = 2*n
  end function allocated_result

  subroutine total_of(total, x)
    double precision, intent(out) :: total
    double precision, intent(in), optional :: x(:)
    total = -1
    if (present(x)) total = sum(x)
  end subroutine total_of

  function letters(n) result(c)
    integer, intent(in) :: n
    character(len=n) :: c
    c = repeat('x', n)
  end function letters

  subroutine greet(c)
    character(len=:), allocatable, intent(out) :: c
    c = 'hello'
  end subroutine greet

  integer function seen_text()
    seen_text = -1
    if (allocated(text)) seen_text = len(text)
  end function seen_text
end module beyond
