! Procedures bound to types: renamed, with the object first or later, without it, private, generic, deferred, overridden.
module accounts
  implicit none
  private
  public :: account, savings, checking, twice_the_fee, fees_of, limit, post, count_at

  type, abstract :: account
    real(8) :: balance = 0
    integer :: changes = 0
  contains
    procedure(fee_of), deferred :: fee
    procedure :: deposit => put_in
    procedure, pass(to) :: move_from
    procedure, nopass :: limit
    procedure :: open => start
    procedure :: history
    procedure, private :: add_whole, add_real, add_both
    generic :: add => add_whole, add_real
    generic :: add => add_both
    procedure :: after_fees
    procedure :: post
    procedure, nopass :: count_at
    procedure, private :: send_whole, send_real
    generic :: send => send_whole, send_real
  end type

  type, extends(account) :: savings
    real(8) :: rate = 0.5d0
  contains
    procedure :: fee => savings_fee
    procedure :: interest
    procedure, private :: add_text
    generic :: add => add_text
  end type

  type, extends(savings) :: checking
    integer :: cheques = 3
  contains
    procedure :: fee => checking_fee
    procedure, private :: add_whole => add_whole_cheques
  end type

  abstract interface
    real(8) function fee_of(self)
      import :: account
      class(account), intent(in) :: self
    end function
  end interface

contains

  subroutine put_in(self, amount, times)
    class(account), intent(inout) :: self
    real(8), intent(in) :: amount
    integer, intent(in), optional :: times
    integer :: n
    n = 1
    if (present(times)) n = times
    self%balance = self%balance + n * amount
    self%changes = self%changes + n
  end subroutine

  ! the object comes second
  real(8) function move_from(other, to, part) result(moved)
    class(account), intent(inout) :: other
    class(account), intent(inout) :: to
    real(8), intent(in) :: part
    moved = part * other%balance
    other%balance = other%balance - moved
    to%balance = to%balance + moved
  end function

  integer function limit()
    limit = 1000
  end function

  ! the object is made anew in its place
  subroutine start(self, amount)
    class(account), intent(out) :: self
    real(8), intent(in) :: amount
    self%balance = self%balance + amount
  end subroutine

  subroutine history(self, n, values, last)
    class(account), intent(in) :: self
    integer, intent(in) :: n
    real(8), intent(out) :: values(n)
    real(8), intent(out) :: last
    integer :: i
    values = [(self%balance * i, i = 1, n)]
    last = self%balance * n
  end subroutine

  subroutine add_whole(self, amount)
    class(account), intent(inout) :: self
    integer, intent(in) :: amount
    self%balance = self%balance + amount
  end subroutine

  subroutine add_real(self, amount)
    class(account), intent(inout) :: self
    real(8), intent(in) :: amount
    self%balance = self%balance + 10 * amount
  end subroutine

  subroutine add_both(self, amount, factor)
    class(account), intent(inout) :: self
    real(8), intent(in) :: amount
    integer, intent(in) :: factor
    self%balance = self%balance + amount * factor
  end subroutine

  ! calls what the object's own type binds
  real(8) function after_fees(self)
    class(account), intent(in) :: self
    after_fees = self%balance - self%fee()
  end function

  ! dummies have names that the module or Python use themselves
  subroutine post(self, address, vector, integer, type, lambda, np)
    class(account), intent(inout) :: self
    real(8), intent(in) :: address, vector(2)
    integer, intent(in), optional :: integer, type, lambda, np
    self%balance = address + sum(vector)
    if (present(integer)) self%balance = self%balance + 10 * integer
    if (present(type)) self%balance = self%balance + 100 * type
    if (present(lambda)) self%balance = self%balance + 1000 * lambda
    if (present(np)) self%balance = self%balance + 10000 * np
  end subroutine

  integer function count_at(address, error, class)
    integer, intent(in) :: address
    integer, intent(in), optional :: error, class
    count_at = address
    if (present(error)) count_at = 10 * error
    if (present(class)) count_at = 100 * class
  end function

  subroutine send_whole(self, address, in)
    class(account), intent(inout) :: self
    integer, intent(in) :: address
    integer, intent(in), optional :: in
    self%balance = address
    if (present(in)) self%balance = 10 * in
  end subroutine

  subroutine send_real(self, address, in)
    class(account), intent(inout) :: self
    real(8), intent(in) :: address
    integer, intent(in), optional :: in
    self%balance = -address
    if (present(in)) self%balance = -10 * in
  end subroutine

  real(8) function savings_fee(self)
    class(savings), intent(in) :: self
    savings_fee = self%rate
  end function

  real(8) function interest(self, years)
    class(savings), intent(in) :: self
    integer, intent(in) :: years
    interest = self%balance * self%rate * years
  end function

  subroutine add_text(self, amount)
    class(savings), intent(inout) :: self
    character(len=*), intent(in) :: amount
    real(8) :: number
    read (amount, *) number
    self%balance = self%balance + 100 * number
  end subroutine

  real(8) function checking_fee(self)
    class(checking), intent(in) :: self
    checking_fee = self%savings%fee() + self%cheques
  end function

  subroutine add_whole_cheques(self, amount)
    class(checking), intent(inout) :: self
    integer, intent(in) :: amount
    self%cheques = self%cheques + amount
  end subroutine

  ! polymorphic dummies that no type binds
  real(8) function twice_the_fee(a)
    class(account), intent(in) :: a
    twice_the_fee = 2 * a%fee()
  end function

  subroutine fees_of(a, b, first, second)
    class(account), intent(in) :: a
    class(savings), intent(in), optional :: b
    real(8), intent(out) :: first, second
    first = a%fee()
    second = -1
    if (present(b)) second = b%fee()
  end subroutine
end module
