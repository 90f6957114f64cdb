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
