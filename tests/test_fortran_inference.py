"""What is concluded from Fortran sources: which arguments a caller must give, defaults, checks, types, callbacks."""

from __future__ import annotations

import textwrap
from typing import Any

from f2pypy import model
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.expressions.nodes import Binary, Extent, Integer, Size, Stored
from f2pypy.options import Options
from f2pypy.reading.fortran import read_fortran
from f2pypy.resolve.library.fortran_sources import SourcesReader


def resolve(*texts: str, **options: Any) -> tuple[model.Library, Diagnostics]:
    """Return the library of free-form sources, and what was said about them."""
    diagnostics = Diagnostics()
    files = [
        read_fortran(textwrap.dedent(text).lstrip("\n"), f"s{number}.f90", diagnostics)
        for number, text in enumerate(texts, 1)
    ]
    library = SourcesReader(files, Options(module="m", **options), diagnostics).read()
    return library, diagnostics


def routine(*texts: str) -> model.Procedure:
    """Return the first routine of sources about which there is nothing to say."""
    library, diagnostics = resolve(*texts)
    assert [str(found.message) for found in diagnostics.found] == []
    routines = [
        *library.procedures,
        *(p for m in library.modules for p in m.procedures),
    ]
    return routines[0]


def skipped(*texts: str) -> list[tuple[int, str]]:
    """Return the line and the message of everything that was left out."""
    _, diagnostics = resolve(*texts)
    return [
        (found.span.line, found.message)
        for found in diagnostics.found
        if found.severity is Severity.SKIPPED
    ]


def told(procedure: model.Procedure, name: str) -> tuple[str, str, list[str]]:
    """Return whether an argument must be given, its default and its checks."""
    argument = procedure.argument(name)
    checks = [check.text for check in argument.checks]
    return argument.presence.value, argument.initial_text, checks


def test_what_two_variables_need_stays_required_though_another_array_tells_it() -> None:
    found = routine(
        """
        subroutine s(n, k, w, v)
          integer n, k
          real w(n + 2*k), v(n)
        end
        """
    )
    assert told(found, "n") == ("required", "shape(v, 0)", ["shape(v, 0) == n"])
    assert told(found, "k") == ("required", "", [])
    assert told(found, "w")[2] == ["shape(w, 0) == 2 * k + n"]


def test_arrays_that_tell_each_others_extents_are_checked_in_turn() -> None:
    found = routine(
        """
        subroutine s(m, l, a, b)
          integer m, l
          real a(m*m, l), b(m, l)
        end
        """
    )
    assert told(found, "m") == ("required", "", [])
    assert told(found, "l") == ("optional", "shape(a, 1)", ["shape(a, 1) == l"])
    assert told(found, "b")[2] == ["shape(b, 0) == m"]


def test_an_argument_may_be_called_shape() -> None:
    found = routine(
        """
        subroutine s(n, x, shape, size, len)
          integer n
          real x(n), shape(n), size, len
        end
        """
    )
    assert told(found, "n") == (
        "optional",
        "f2py_shape(x, 0)",
        ["f2py_shape(x, 0) == n"],
    )


def types(procedure: model.Procedure) -> dict[str, tuple[str, int]]:
    """Return kind and bytes of every argument."""
    return {a.name: (a.type.kind.value, a.type.size) for a in procedure.arguments}


def test_implicit_statements_add_up() -> None:
    found = routine(
        """
        subroutine s(a, c, y, i, x, k)
          implicit complex(8) (c, z)
          implicit real(8) (a, d-h, o-y)
          implicit integer(8) (k)
        end
        """
    )
    assert types(found) == {
        "a": ("real", 8),
        "c": ("complex", 16),
        "y": ("real", 8),
        "i": ("integer", 4),
        "x": ("real", 8),
        "k": ("integer", 8),
    }


def test_implicit_types_of_a_host_hold_where_a_procedure_says_nothing_else() -> None:
    found = routine(
        """
        module m1
          implicit real(8) (a-h)
        contains
          subroutine s(a, c, x)
            implicit complex (c)
          end
        end
        """
    )
    assert types(found) == {"a": ("real", 8), "c": ("complex", 8), "x": ("real", 4)}


def test_what_implicit_none_of_a_host_leaves_without_a_type() -> None:
    text = """
        module m1
          implicit none
        contains
          subroutine s(a, x)
            implicit real (a)
          end
        end
        """
    assert skipped(text) == [(4, "s is left out: 'x' has no type under implicit none")]


def test_implicit_none_of_externals_leaves_the_types() -> None:
    found = routine("subroutine s(a)\n implicit none (external)\nend\n")
    assert types(found) == {"a": ("real", 4)}


def callback(procedure: model.Procedure, name: str) -> str:
    """Return the signature of a dummy procedure in a line."""
    described = procedure.argument(name).callback
    assert described is not None

    def shown(argument: model.Argument) -> str:
        extents = ",".join(bound.text for bound in argument.bounds or ())
        shape = f"({extents})" if argument.bounds is not None else ""
        return f"{argument.type.kind.value}{argument.type.size} {argument.name}{shape}"

    result = shown(described.result) + " = " if described.result else ""
    return f"{result}{described.name}({', '.join(map(shown, described.arguments))})"


def test_a_callback_that_is_passed_on_has_the_signature_of_its_last_taker() -> None:
    found = routine(
        """
        subroutine outer(f, jac, x)
          external f, jac
          real(8) x(3)
          call middle(3, x, f, derivative=jac)
        end
        """,
        """
        subroutine middle(n, x, g, derivative)
          external g, derivative
          real(8) x(n)
          call inner(g, x)
          call derivative(n, x(1), .true.)
        end
        subroutine inner(h, y)
          real(8) y(2), h
          external h
          y(1) = h(y, 1)
        end
        """,
    )
    assert callback(found, "f") == "real8 f = f(real8 y(2), integer4 e_1_e)"
    assert (
        callback(found, "jac") == "jac(integer4 n, real8 e_x_1_e, logical4 e__true_e)"
    )


def test_a_callback_used_in_an_internal_procedure() -> None:
    found = routine(
        """
        subroutine s(f, n, g, x)
          integer n
          external f, g
          real(8) x(n)
          call inner(g)
        contains
          subroutine inner(h)
            external h
            integer(8) k
            call f(n, k)
            call h(x, n)
          end
        end
        """
    )
    assert callback(found, "f") == "f(integer4 n, integer8 k)"
    assert callback(found, "g") == "g(real8 x(n), integer4 n)"


INTERFACES = """
    module kinds
      integer, parameter :: dp = selected_real_kind(15)
    end
    module shapes
      use kinds, only: wp => dp
      implicit none
      abstract interface
        function integrand(t, p) result(y)
          import wp
          real(wp), intent(in) :: t, p(2)
          real(wp) :: y
        end
        subroutine step(n, y)
          use kinds
          integer, value :: n
          real(dp), intent(inout) :: y(n)
        end
      end interface
      interface
        real function outside(i)
          integer i
        end
      end interface
    """


def test_abstract_interfaces_of_the_host() -> None:
    found = routine(
        INTERFACES
        + """
        contains
          subroutine s(f, g, h, k)
            procedure(integrand) :: f
            procedure(step) g
            procedure(outside) :: h
            procedure(like) :: k
          end
          integer(8) function like(a)
            character(len=*) a
          end
        end
        """
    )
    assert callback(found, "f") == "real8 y = f(real8 t, real8 p(2))"
    assert callback(found, "g") == "g(integer4 n, real8 y(n))"
    assert callback(found, "h") == "real4 h = h(integer4 i)"
    assert callback(found, "k") == "integer8 k = k(character1 a)"


def test_abstract_interfaces_of_a_used_module() -> None:
    text = """
        subroutine s(f, g)
          use shapes, only: rule => integrand, step
          procedure(rule) :: f
          procedure(step), optional :: g
        end
        """
    found = routine(text, INTERFACES + "\nend\n")
    assert callback(found, "f") == "real8 y = f(real8 t, real8 p(2))"
    assert callback(found, "g") == "g(integer4 n, real8 y(n))"


def test_a_callback_that_goes_to_a_specific_procedure_of_a_generic_name() -> None:
    found = routine(
        """
        module m1
          interface solve
            module procedure solve_one
          end interface
        contains
          subroutine s(f)
            external f
            call solve(1, f)
          end
          subroutine solve_one(n, f)
            external f
            call f(n)
          end
        end
        """
    )
    assert callback(found, "f") == "f(integer4 n)"


def test_a_dummy_procedure_that_is_not_called_takes_nothing() -> None:
    found = routine(
        """
        subroutine s(f, g, x)
          external f, g
          real(8) g
        end
        """
    )
    assert callback(found, "f") == "f()"
    assert callback(found, "g") == "real8 g = g()"


def test_a_dummy_procedure_that_goes_to_an_unknown_procedure() -> None:
    assert skipped("subroutine s(f)\n external f\n call elsewhere(2, f)\nend\n") == [
        (
            2,
            "s is left out: f2pypy can't find the arguments of the callback 'f': there is no '__user__' module, "
            "no interface and no call, and 'elsewhere', to which it is passed on, isn't among the files",
        )
    ]


def test_a_callback_gets_variables_of_modules() -> None:
    found = routine(
        """
        subroutine s(f)
          use state, only: y
          external f
          call f(y)
        end
        """,
        """
        module state
          integer, parameter :: size = 4, dp = kind(1d0)
          real(dp) :: y(size)
        end
        """,
    )
    assert callback(found, "f") == "f(real8 y(4))"


def extents(procedure: model.Procedure, name: str) -> list[object]:
    """Return the extents of an argument: numbers, or texts where they depend on others."""
    return [
        bound.value.value if isinstance(bound.value, Integer) else bound.text
        for bound in procedure.argument(name).bounds or ()
    ]


def test_constants_have_the_type_that_they_are_declared_with() -> None:
    found = routine(
        """
        subroutine s(a, b, c, d)
          integer, parameter :: n = 3.7
          real(8), parameter :: one = 1
          integer, parameter :: wp = kind(one), i8 = selected_int_kind(r=12)
          character(5), parameter :: t = 'ab'
          complex, parameter :: z = 2
          real(wp) a(n)
          integer(i8) b(len(t))
          complex(kind(z)) c(size((/1, 2, 3/)))
          logical(kind(.true._1)) d
        end
        """
    )
    assert types(found) == {
        "a": ("real", 8),
        "b": ("integer", 8),
        "c": ("complex", 8),
        "d": ("logical", 1),
    }
    assert [extents(found, name) for name in "abc"] == [[3], [5], [3]]


def test_array_constants_in_extents() -> None:
    found = routine(
        """
        subroutine s(a, b)
          integer, parameter :: p(3) = [4, 5, 6], low(0:1) = (/ 7, 8 /), k = 2
          integer, parameter :: q(2, 2) = reshape([1, 2, 3, 4], [2, 2])
          integer, parameter :: twice(k) = [(2*i, i = 1, k)], table(4) = [((i + j, i = 1, 2), j = 0, 1)]
          real a(p(2), low(0), ubound(p, 1), lbound(low, 1) + 1, size(p))
          real b(q(2, 1), twice(2), table(4), sum(p), maxval(low))
        end
        """
    )
    assert extents(found, "a") == [5, 7, 3, 1, 3]
    assert extents(found, "b") == [2, 4, 3, 15, 8]


def test_the_kind_of_a_variable() -> None:
    found = routine(
        """
        subroutine s(x, y, z, n, i)
          real(8) x
          real(kind(x)) y
          complex(kind=kind(y)) z
          integer*2 n
          integer, parameter :: k = kind(n)
          integer(k) i
        end
        """
    )
    assert types(found)["y"] == ("real", 8)
    assert types(found)["z"] == ("complex", 16)
    assert types(found)["i"] == ("integer", 2)


def test_what_a_procedure_declares_hides_the_constants_of_its_host() -> None:
    found = routine(
        """
        module m1
          integer, parameter :: n = 7, k = 8
        contains
          subroutine s(n, a, b)
            integer n
            real a(n), b(k)
          end
        end
        """
    )
    assert extents(found, "a") == ["n"]
    assert told(found, "n") == ("optional", "shape(a, 0)", ["shape(a, 0) == n"])
    assert extents(found, "b") == [8]


def test_bounds_of_other_arguments_in_extents() -> None:
    found = routine(
        """
        subroutine s(a, b, c, d)
          real a(0:, :), b(3:7)
          real c(ubound(a, 1)), d(lbound(b, 1):ubound(b, 1), lbound(a, 2):size(a))
        end
        """
    )
    values = [bound.value for bound in found.argument("c").bounds or ()]
    assert values == [Binary("-", Extent("a", 0), Integer(1))]
    assert extents(found, "b") == [5]


def test_a_coarray_costs_its_procedure() -> None:
    text = """
        subroutine s(a)
          real a(10)[*]
        end
        subroutine t(b)
          real, codimension[*] :: b
        end
        subroutine u(c)
          real c
          real local[*]
        end
        """
    assert skipped(text) == [
        (2, "s is left out: 'a' is a coarray"),
        (5, "t is left out: 'b' is a coarray"),
    ]


def test_a_directive_that_is_no_statement_costs_nothing() -> None:
    library, diagnostics = resolve(
        """
        subroutine s(n)
          integer n
          !f2py is told nothing here
          !f2py intent(out) n
        end
        """
    )
    assert [(d.severity, d.span.line) for d in diagnostics.found] == [
        (Severity.WARNING, 3)
    ]
    assert library.procedures[0].argument("n").result_name == "n"


def test_a_directive_gives_a_default() -> None:
    found = routine(
        """
        subroutine s(n, k, x)
          integer :: n, k
          !f2py intent(hide), depend(x) :: n = shape(x,0)
          !f2py optional :: k = 3
          character*(*), intent(in), dimension(n) :: x
        end
        """
    )
    assert told(found, "n")[:2] == ("hidden", "shape(x,0)")
    assert told(found, "k")[:2] == ("optional", "3")


SIZES = """
    module sizes
      integer :: n
      integer, private :: hidden
      real table(2, 4)
    contains
      subroutine inside(x, n)
        integer n
        real x(n)
      end
      subroutine private_extent(x)
        real x(hidden)
      end
      subroutine same_name(sizes, x)
        real sizes, x(n)
      end
    end
    """


def test_extents_that_are_variables_of_modules() -> None:
    library, diagnostics = resolve(
        """
        subroutine s(x, y)
          use sizes, only: m => n, t => table
          real x(m + 1), y(size(t, 2), size(t))
        end
        """,
        SIZES,
    )
    (found,) = library.procedures
    value = Binary("+", Stored("sizes", "n"), Integer(1))
    assert [bound.value for bound in found.argument("x").bounds or ()] == [value]
    assert extents(found, "y") == [4, 8]
    (inside,) = library.modules[0].procedures
    assert extents(inside, "x") == ["n"]
    assert [found.message for found in diagnostics.found] == [
        "private_extent is left out: unknown name hidden",
        "same_name is left out: 'n' is a variable of the module sizes, and an argument has that name",
    ]


def test_local_names_hide_what_is_known_of_a_modules_arrays() -> None:
    library, diagnostics = resolve(
        """
        module m
          real :: x(4), w(2, 3)
          real, allocatable :: a(:, :)
        contains
          subroutine s(x, n, y, v)
            integer n
            real x(:), w(n), y(size(x) + size(a, 2)), v(size(w))
          end
          subroutine t(x, y)
            real x(:), y(size(x) + size(a, 2))
          end
        end
        """
    )
    assert [str(found.message) for found in diagnostics.found] == [
        "s is left out: unknown name w"
    ]
    (found,) = library.modules[0].procedures
    value = Binary("+", Size("x"), Stored("m", "a", 1))
    assert [bound.value for bound in found.argument("y").bounds or ()] == [value]


def test_types_with_parameters_cost_what_uses_them() -> None:
    text = """
        module m1
          type matrix(k, n)
            integer, kind :: k = 8
            integer(4), len :: n
            real(k) :: a(n, n)
          end type
        contains
          subroutine s(x)
            type(matrix(8, 3)) :: x
          end
          subroutine t(y)
            real y
          end
        end
        """
    library, diagnostics = resolve(text)
    assert [found.message for found in diagnostics.found] == [
        "s is left out: 'x' is of derived type 'matrix'",
        "type matrix is left out: it has parameters (k, n): f2pypy can't lay it out",
    ]
    assert [p.name for p in library.modules[0].procedures] == ["t"]


def test_a_callback_that_goes_to_a_procedure_which_goes_along() -> None:
    library, diagnostics = resolve(
        """
        subroutine solve(f, jac, y)
          external f, jac, newton
          real(8) y(3)
          call step(y, f, jac, newton)
        end
        subroutine newton(y, f, jac)
          external f, jac
          real(8) y(3)
          integer(8) n
          call jac(n, y)
        end
        """,
        """
        subroutine step(y, f, jac, iterate)
          external f, jac, iterate
          real(8) y(3)
          call f(y)
          call iterate(y, f, jac)
        end
        """,
    )
    found = library.procedures[0]
    assert callback(found, "f") == "f(real8 y(3))"
    assert callback(found, "jac") == "jac(integer8 n, real8 y(3))"
    # `iterate` may get procedures, but nothing calls step's `jac`
    (message,) = diagnostics.found
    assert message.message.startswith("step is left out")
    assert "'jac'" in message.message


def test_modules_may_use_one_another_hundreds_deep_or_in_circles() -> None:
    chain = "module m0\n integer, parameter :: k = 8\nend\n" + "".join(
        f"module m{n}\n use m{n - 1}\nend\n" for n in range(1, 600)
    )
    user = "subroutine s(f, x)\n use m599\n external f\n real(k) x\n call f(x)\nend\n"
    assert types(routine(user, chain))["x"] == ("real", 8)
    circle = (
        "module a\n use b\n integer, parameter :: k = 8\nend\nmodule b\n use a\nend\n"
    )
    text = "subroutine s(x)\n use a\n real(k) x\nend\n"
    assert types(routine(text, circle)) == {"x": ("real", 8)}
