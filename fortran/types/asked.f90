! Generic names whose procedures take the same arguments: what they return tells them apart.
module asked
  implicit none
  private
  public :: store, item, parts, split, whole_part, pick, of_number, missing, energy

  type :: item
    integer :: number = 0
  end type

  type, extends(item) :: parts
    real(8) :: part = 0.25d0
  end type

  type :: store
    real(8) :: number = 1.5d0
  contains
    procedure, private :: get_integer, get_real, get_single, get_logical, get_text, get_item, get_parts
    procedure, private :: get_integers, get_reals, get_table, get_named, get_all
    generic :: get => get_integer, get_real, get_single, get_logical, get_text, get_item, get_parts, &
                      get_integers, get_reals, get_table, get_named, get_all
  end type

  interface split
    module procedure whole_part, of_number, of_text, both_parts
  end interface

  ! `value` is given to one procedure and returned by others
  interface pick
    module procedure pick_given, pick_integer, pick_real
  end interface

  ! one returns nothing that the other one doesn't
  interface energy
    module procedure energy_checked, energy_plain
  end interface

  ! optional arguments tell them apart as well
  interface missing
    module procedure missing_integer, missing_real, missing_text, missing_complex
  end interface

contains

  subroutine get_integer(self, key, value, found, default)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    integer, intent(out) :: value
    logical, intent(out), optional :: found
    integer, intent(in), optional :: default
    value = len(key) + int(self%number)
    if (present(default)) value = default
    if (present(found)) found = .not. present(default)
  end subroutine

  subroutine get_real(self, key, value, found, default)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    real(8), intent(out) :: value
    logical, intent(out), optional :: found
    real(8), intent(in), optional :: default
    value = len(key) + self%number
    if (present(default)) value = default
    if (present(found)) found = .not. present(default)
  end subroutine

  subroutine get_single(self, key, value, found, default)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    real(4), intent(out) :: value
    logical, intent(out), optional :: found
    real(4), intent(in), optional :: default
    value = -real(self%number) - len(key)
    if (present(default)) value = -default
    if (present(found)) found = .not. present(default)
  end subroutine

  subroutine get_logical(self, key, value, found, default)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    logical, intent(out) :: value
    logical, intent(out), optional :: found
    logical, intent(in), optional :: default
    value = self%number > len(key)
    if (present(default)) value = default
    if (present(found)) found = .not. present(default)
  end subroutine

  subroutine get_text(self, key, value, found, default)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    character(len=:), allocatable, intent(out) :: value
    logical, intent(out), optional :: found
    character(len=*), intent(in), optional :: default
    value = key // '!'
    if (present(default)) value = default
    if (present(found)) found = self%number > 0
  end subroutine

  subroutine get_item(self, key, value, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    type(item), intent(out) :: value
    logical, intent(out), optional :: found
    value%number = len(key)
    if (present(found)) found = self%number > 0
  end subroutine

  subroutine get_parts(self, key, value, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    type(parts), intent(out) :: value
    logical, intent(out), optional :: found
    value%number = -len(key)
    if (present(found)) found = self%number > 0
  end subroutine

  subroutine get_integers(self, key, value, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    integer, intent(out) :: value(2)
    logical, intent(out), optional :: found
    value = [len(key), int(self%number)]
    if (present(found)) found = .true.
  end subroutine

  subroutine get_reals(self, key, value, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    real(8), allocatable, intent(out) :: value(:)
    logical, intent(out), optional :: found
    value = [self%number, 2*self%number, 3*self%number]
    if (present(found)) found = len(key) > 0
  end subroutine

  subroutine get_table(self, key, value, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    complex(8), intent(out) :: value(2, 3)
    logical, intent(out), optional :: found
    value = cmplx(self%number, len(key), 8)
    if (present(found)) found = .true.
  end subroutine

  ! the name of the result tells it apart
  subroutine get_named(self, key, name, found)
    class(store), intent(in) :: self
    character(len=*), intent(in) :: key
    integer(2), intent(out) :: name
    logical, intent(out), optional :: found
    name = int(100 + len(key) + int(self%number), 2)
    if (present(found)) found = .true.
  end subroutine

  subroutine get_all(self, values)
    class(store), intent(in) :: self
    real(8), intent(out) :: values(2)
    values = self%number
  end subroutine

  subroutine energy_checked(x, energy, fault)
    real(8), intent(in) :: x(:)
    real(8), intent(out) :: energy
    type(item), intent(out), allocatable :: fault
    energy = sum(x)
    if (energy < 0) fault = item(7)
  end subroutine

  subroutine energy_plain(x, energy)
    real(8), intent(in) :: x(:)
    real(8), intent(out) :: energy
    energy = 2 * sum(x)
  end subroutine

  subroutine whole_part(x, part)
    real(8), intent(in) :: x
    integer, intent(out) :: part
    part = int(x)
  end subroutine

  subroutine of_number(x, part)
    real(8), intent(in) :: x
    real(8), intent(out) :: part
    part = x - int(x)
  end subroutine

  ! comes after those that return less
  subroutine both_parts(x, part, rest)
    real(8), intent(in) :: x
    integer, intent(out) :: part
    real(8), intent(out) :: rest
    part = 10*int(x)
    rest = x - int(x)
  end subroutine

  subroutine of_text(x, part)
    character(len=*), intent(in) :: x
    integer, intent(out) :: part
    part = len(x)
  end subroutine

  subroutine pick_given(key, value)
    integer, intent(in) :: key
    real(8), intent(inout) :: value(:)
    value = key
  end subroutine

  subroutine pick_integer(key, value)
    integer, intent(in) :: key
    integer, intent(out) :: value
    value = key
  end subroutine

  subroutine pick_real(key, value)
    integer, intent(in) :: key
    real(8), intent(out) :: value
    value = key + 0.5d0
  end subroutine

  subroutine missing_integer(value, default, lambda)
    integer, intent(out) :: value
    integer, intent(in), optional :: default, lambda
    value = 1
    if (present(default)) value = default
    if (present(lambda)) value = value * lambda
  end subroutine

  subroutine missing_real(value, default, lambda)
    real(8), intent(out) :: value
    real(8), intent(in), optional :: default
    integer, intent(in), optional :: lambda
    value = 1.5d0
    if (present(default)) value = default
    if (present(lambda)) value = value * lambda
  end subroutine

  subroutine missing_text(value, text)
    character(len=4), intent(out) :: value
    character(len=*), intent(in), optional :: text
    value = 'none'
    if (present(text)) value = text
  end subroutine

  subroutine missing_complex(value)
    complex(8), intent(out) :: value
    value = (1, 2)
  end subroutine
end module
