"""Which modules and routines of a signature file make up the library."""

import f2pypy

NESTED = """
python module outer
interface
  python module fun__user__routines
    interface
      function fun(x)
        double precision :: x, fun
      end function fun
    end interface
  end python module fun__user__routines
  subroutine integrate(fun, result)
    use fun__user__routines
    external fun
    double precision, intent(out) :: result
  end subroutine integrate
end interface
end python module outer
"""


def test_callback_module_inside_the_main_module() -> None:
    """Templates include their callback modules where they stand, which is inside an interface."""
    text = f2pypy.generate(NESTED, runtime="import")
    assert "def integrate(" in text
    assert "fun: Callable[..., Any]" in text


EXTENT_FROM_LENGTH = """
python module lengths
interface
  subroutine one(n, u, m, v)
    integer intent(hide) :: n = len(u)
    double precision dimension(n) :: u
    integer intent(hide) :: m = len(v)
    double precision dimension(m), check(len(v)>1) :: v
  end subroutine one
end interface
end python module lengths
"""


def test_length_is_taken_after_its_array_is_converted() -> None:
    """Without an explicit dependence the default of `n` says that it follows from `u`."""
    text = f2pypy.generate(EXTENT_FROM_LENGTH, runtime="import")
    assert text.index("u = vector(u") < text.index("n = len(u)")
    assert text.index("v = vector(v") < text.index("m = len(v)")
