! Generic names whose procedures differ in types, kinds, ranks, numbers and names of arguments. Each answers who it is.
module told_apart
  use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
  implicit none
  private
  public :: kind_of, rank_of, change, count_of, given, text_or_number, flag_or_number, apply, mixed, alone, same_name, &
            hidden_out, keywords

  interface kind_of
    module procedure of_int8, of_int16, of_int32, of_int64, of_real32, of_real64, of_complex32, of_complex64
  end interface
  interface rank_of
    module procedure scalar_rank, vector_rank
    procedure :: matrix_rank
  end interface
  interface change
    module procedure change_scalar, change_single, change_double, change_integer
  end interface
  interface count_of
    module procedure one_given, two_given, three_given
  end interface
  interface given
    module procedure given_integer, given_real
  end interface
  interface text_or_number
    module procedure a_text, a_number, texts
  end interface
  interface flag_or_number
    module procedure a_flag, a_count, flags
  end interface
  interface apply
    module procedure apply_function, apply_value
  end interface
  interface mixed
    module procedure mixed_single, mixed_double
  end interface
  interface alone
    module procedure the_only_one
  end interface
  interface same_name
    module procedure same_name, same_name_real
  end interface
  interface hidden_out
    module procedure out_integer, out_real, out_sized
  end interface
  interface keywords
    module procedure keyword_integer, keyword_real
  end interface
contains
  integer function of_int8(x)
    integer(int8), intent(in) :: x
    of_int8 = 1 + 0*x
  end function
  integer function of_int16(x)
    integer(int16), intent(in) :: x
    of_int16 = 2 + 0*x
  end function
  integer function of_int32(x)
    integer(int32), intent(in) :: x
    of_int32 = 4 + 0*x
  end function
  integer function of_int64(x)
    integer(int64), intent(in) :: x
    of_int64 = 8 + int(0*x)
  end function
  integer function of_real32(x)
    real(real32), intent(in) :: x
    of_real32 = 40 + int(0*x)
  end function
  integer function of_real64(x)
    real(real64), intent(in) :: x
    of_real64 = 80 + int(0*x)
  end function
  integer function of_complex32(x)
    complex(real32), intent(in) :: x
    of_complex32 = 400 + int(0*real(x))
  end function
  integer function of_complex64(x)
    complex(real64), intent(in) :: x
    of_complex64 = 800 + int(0*real(x))
  end function

  real(real64) function scalar_rank(x)
    real(real64), intent(in) :: x
    scalar_rank = x
  end function
  real(real64) function vector_rank(x)
    real(real64), intent(in) :: x(:)
    vector_rank = 100 + sum(x)
  end function
  real(real64) function matrix_rank(x)
    real(real64), intent(in) :: x(:, :)
    matrix_rank = 1000*size(x, 1) + sum(x)
  end function

  subroutine change_scalar(x)
    real(real64), intent(inout) :: x
    x = -x
  end subroutine
  subroutine change_single(x)
    real(real32), intent(inout) :: x(:)
    x = 2*x
  end subroutine
  subroutine change_double(x)
    real(real64), intent(inout) :: x(:)
    x = 3*x
  end subroutine
  subroutine change_integer(x)
    integer, intent(inout) :: x(:)
    x = 4*x
  end subroutine

  integer function one_given(a)
    integer, intent(in) :: a
    one_given = a
  end function
  integer function two_given(a, b)
    integer, intent(in) :: a, b
    two_given = 10*a + b
  end function
  integer function three_given(a, b, c, d)
    integer, intent(in) :: a, b, c
    integer, intent(in), optional :: d
    three_given = 100*a + 10*b + c
    if (present(d)) three_given = 10*three_given + d
  end function

  integer function given_integer(x, scale)
    integer, intent(in) :: x
    integer, intent(in), optional :: scale
    given_integer = x
    if (present(scale)) given_integer = scale*x
  end function
  real function given_real(x, scale)
    real, intent(in) :: x
    integer, intent(in), optional :: scale
    given_real = x + 0.5
    if (present(scale)) given_real = scale*given_real
  end function

  integer function a_text(x)
    character(len=*), intent(in) :: x
    a_text = len(x)
  end function
  integer function a_number(x)
    integer, intent(in) :: x
    a_number = 100 + x
  end function
  integer function texts(x)
    character(len=*), intent(in) :: x(:)
    texts = 1000*size(x) + len(x)
  end function

  integer function a_flag(x)
    logical, intent(in) :: x
    a_flag = merge(1, 0, x)
  end function
  integer function a_count(x)
    integer, intent(in) :: x
    a_count = 100 + x
  end function
  integer function flags(x)
    logical, intent(in) :: x(:)
    flags = 1000 + count(x)
  end function

  real(real64) function apply_function(f, x)
    interface
      real(real64) function f(x)
        import real64
        real(real64), intent(in) :: x
      end function
    end interface
    real(real64), intent(in) :: x
    apply_function = f(x)
  end function
  real(real64) function apply_value(f, x)
    real(real64), intent(in) :: f, x
    apply_value = f*x
  end function

  real(real32) function mixed_single(a, x, y)
    real(real32), intent(in) :: a, x(:)
    real(real32), intent(inout) :: y(:)
    y = y + a*x
    mixed_single = 4
  end function
  real(real64) function mixed_double(a, x, y)
    real(real64), intent(in) :: a, x(:)
    real(real64), intent(inout) :: y(:)
    y = y + a*x
    mixed_double = 8
  end function

  integer function the_only_one(x)
    integer, intent(in) :: x
    the_only_one = x + 1
  end function

  integer function same_name(x)
    integer, intent(in) :: x
    same_name = x
  end function
  real function same_name_real(x)
    real, intent(in) :: x
    same_name_real = x/2
  end function

  subroutine out_integer(key, value)
    integer, intent(in) :: key
    integer, intent(out) :: value
    value = key
  end subroutine
  subroutine out_real(key, value)
    integer, intent(in) :: key
    real, intent(out) :: value
    value = key + 0.5
  end subroutine
  subroutine out_sized(key, value)
    real, intent(in) :: key
    integer, intent(out) :: value
    value = -int(key)
  end subroutine

  integer function keyword_integer(lambda, in)
    integer, intent(in) :: lambda
    integer, intent(in), optional :: in
    keyword_integer = lambda
    if (present(in)) keyword_integer = lambda + in
  end function
  integer function keyword_real(lambda, in)
    real, intent(in) :: lambda
    integer, intent(in), optional :: in
    keyword_real = -int(lambda)
    if (present(in)) keyword_real = -int(lambda) - in
  end function
end module told_apart
