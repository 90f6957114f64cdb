"""Users' routines, objects and arguments that are called like what a generated module needs for itself."""

from __future__ import annotations

import builtins
import importlib.util
import keyword
import pickle
import symtable
import sys
from pathlib import Path

import numpy as np
import pytest

import f2pypy
from f2pypy.command.cli import run
from f2pypy.files.runtime_names import runtime_names
from f2pypy.lower.names import module_globals
from f2pypy.printing.global_names import give_way, rename_globals
from f2pypy.resolve.library.objects import KEPT_BY_F2PY

GOLDEN = Path(__file__).parent / "golden"


def global_names(text):
    """Return the names that a module's text binds or looks up globally."""
    found = set()

    def visit(table):
        top = table.get_type() == "module"
        found.update(
            symbol.get_name()
            for symbol in table.get_symbols()
            if top or symbol.is_global()
        )
        for inner in table.get_children():
            visit(inner)

    visit(symtable.symtable(text, "module", "exec"))
    return found


def every_name():
    """Return all names that any generated module has, and Python's built-in ones, apart from those like ``__all__``."""
    found = set(module_globals()) | set(runtime_names().bound) | set(dir(builtins))
    for file in GOLDEN.glob("*.pyf"):
        for runtime in ("embedded", "import"):
            found |= global_names(f2pypy.generate(file, runtime=runtime))
    # what goldens define for themselves is there too, as `_scale` and `scale`
    return sorted(n for n in found if not (n.startswith("__") and n.endswith("__")))


NAMES = every_name()
TRIED = [*NAMES, "zeros_", "zeros__", "f_library", "print_", "lambda_"]


def signature(names):
    routines = [
        f"""
  function {name}(x) result(r)
    fortranname answer{number}
    double precision :: x, r
  end function"""
        for number, name in enumerate(names)
    ]
    return (
        f"python module claimed\n interface{''.join(routines)}\n end interface\nend\n"
    )


def load(name, text, folder, monkeypatch, native):
    monkeypatch.setenv("F2PYPY_NATIVE", native)
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def generate_from_fortran(name, fortran, compiled, folder):
    source, written = folder / "source.f90", folder / f"{name}.py"
    source.write_text(fortran)
    library = str(compiled(fortran))
    given = [source, "-m", name, "-o", written, "--library", library, "--quiet"]
    assert run([*map(str, given), "--strict"]) == 0
    return written.read_text()


def answers_of(names):
    """Return the Fortran functions behind a signature's routines: each adds its number."""
    return "".join(
        f"double precision function answer{number}(x)\n"
        f"double precision x\nanswer{number} = x + {number}\nend\n"
        for number in range(len(names))
    )


@pytest.fixture(scope="session")
def answers(compiled):
    return str(compiled(answers_of(TRIED)))


@pytest.mark.parametrize("native", ["0", "1"])
@pytest.mark.parametrize("runtime", ["embedded", "import"])
def test_a_routine_for_every_global_name(
    answers, tmp_path, monkeypatch, runtime, native
):
    text = f2pypy.generate(
        signature(TRIED), runtime=runtime, library_path=answers, strict=True
    )
    module = load("claimed", text, tmp_path, monkeypatch, native)
    assert sorted(module.__all__) == sorted(TRIED)
    for _ in range(3):
        for number, name in enumerate(TRIED):
            routine = getattr(module, name)
            assert (routine.__name__, routine.__qualname__) == (name, name)
            assert routine(1) == routine(x=1.0) == number + 1, name
            assert pickle.loads(pickle.dumps(routine)) is routine
    if native == "1" and not module.__native__.reason:
        assert not module.__native__.refused
    assert type(module) is type(sys)
    namespace = {}
    exec("from claimed import *", namespace)
    assert all(namespace[name] is getattr(module, name) for name in TRIED)


def test_reserved_words_are_names_of_attributes(answers, tmp_path, monkeypatch):
    names = [*sorted(set(keyword.kwlist) - {"function", "end"}), "lambda_"]
    text = f2pypy.generate(signature(names), library_path=answers, strict=True)
    module = load("claimed", text, tmp_path, monkeypatch, "0")
    for _ in range(3):
        for number, name in enumerate(names):
            routine = getattr(module, name)
            assert routine.__name__ == name
            assert routine(0) == number
            assert pickle.loads(pickle.dumps(routine)) is routine


def test_names_with_a_meaning_in_modules_are_left_out(answers):
    with pytest.warns(UserWarning, match="has a meaning of its own"):
        text = f2pypy.generate(signature(["__all__", "__getattr__", "fine"]))
    assert "'__getattr__' is a name that has a meaning of its own in Python" in text
    assert '__all__ = ["fine"]' in text


@pytest.mark.parametrize("native", ["0", "1"])
def test_arguments_with_every_global_name(compiled, tmp_path, monkeypatch, native):
    """Ten arguments a routine, whose sum is weighted by their places."""
    names = [*(n for n in NAMES if n != "r"), "fill", "read", "layout", "results"]
    names += ["frame", "lambda"]
    groups = [names[place : place + 10] for place in range(0, len(names), 10)]
    routines = "".join(
        f"""
  function total{number}({", ".join(group)}) result(r)
    fortranname total{len(group)}
    double precision :: {", ".join(group)}
    double precision :: r
  end function
  subroutine back{number}({", ".join(group)})
    fortranname back{len(group)}
    double precision, intent(in, out) :: {", ".join(group)}
  end subroutine"""
        for number, group in enumerate(groups)
    )
    fortran = ""
    for count in {len(group) for group in groups}:
        dummies = [f"a{place}" for place in range(count)]
        weighted = "+".join(f"{k + 1}*{a}" for k, a in enumerate(dummies))
        doubled = "\n".join(f"{a} = {a} + {k}" for k, a in enumerate(dummies))
        listed = ",&\n".join(dummies)
        fortran += (
            f"double precision function total{count}({listed})\n"
            f"double precision {listed}\ntotal{count} = {weighted}\nend\n"
            f"subroutine back{count}({listed})\n"
            f"double precision {listed}\n{doubled}\nend\n"
        )
    text = f2pypy.generate(
        f"python module arguments\n interface{routines}\n end interface\nend\n",
        library_path=str(compiled(fortran)),
        strict=True,
    )
    module = load("arguments", text, tmp_path, monkeypatch, native)
    for _ in range(3):
        for number, group in enumerate(groups):
            total = getattr(module, f"total{number}")
            expected = sum((k + 1) * (k + 1) for k in range(len(group)))
            values = range(1, len(group) + 1)
            assert total(*values) == expected
            assert total(**dict(zip(group, values, strict=True))) == expected
            back = getattr(module, f"back{number}")
            result = back(*values)
            wanted = tuple(2 * k + 1 for k in range(len(group)))
            assert (result if len(group) > 1 else (result,)) == wanted


@pytest.mark.parametrize("native", ["0", "1"])
def test_arrays_with_names_of_the_runtime(compiled, tmp_path, monkeypatch, native):
    library = compiled(
        """
      subroutine shape(array, length, zeros, real)
        integer length
        double precision array(length), zeros(length), real
        zeros = array * real
      end
      function error(vector, np)
        integer np
        double precision error, vector(np)
        error = sum(vector)
      end
"""
    )
    text = f2pypy.generate(
        """
python module arrays
 interface
  subroutine shape(array, length, zeros, real)
   integer, intent(hide), depend(array) :: length = len(array)
   double precision :: array(length)
   double precision, intent(out), depend(length) :: zeros(length)
   double precision, optional, check(real > 0) :: real = 2
  end subroutine
  function error(vector, np)
   integer, optional, depend(vector), check(np <= len(vector)) :: np = len(vector)
   double precision :: error, vector(np)
  end function
 end interface
end
""",
        library_path=str(library),
        strict=True,
    )
    module = load("arrays", text, tmp_path, monkeypatch, native)
    for _ in range(3):
        assert module.shape([1, 2, 3]).tolist() == [2, 4, 6]
        assert module.shape(array=np.ones(2), real=3).tolist() == [3, 3]
        assert module.error(np.ones(4)) == 4
        assert module.error(vector=[1, 2, 3], np=2) == 3
        with pytest.raises(module._arrays_error, match="np <= len"):
            module.error([1.0], np=2)
    with pytest.raises(module._arrays_error) as caught:
        module.shape([1.0], -1)
    raised = pickle.loads(pickle.dumps(caught.value))
    assert type(raised) is module._arrays_error
    assert type(raised).__name__ == "error"


def test_objects_with_every_global_name(compiled, tmp_path, monkeypatch):
    """A Fortran module, a common block, variables in both and routines of modules, all called alike."""
    names = [n for n in NAMES if n.islower() and n[0] != "_" and len(n) < 28]
    names = [n for n in names if n not in keyword.kwlist]
    fortran = "".join(
        f"module m_{n}\ninteger :: {n} = {k}\ncontains\n"
        f"integer function ask_{n}()\nask_{n} = {n}\nend function\n"
        f"integer function {n}_()\n{n}_ = {k}\nend function\nend module\n"
        for k, n in enumerate(names)
    )
    text = generate_from_fortran("objects", fortran, compiled, tmp_path)
    module = load("objects", text, tmp_path, monkeypatch, "0")
    for k, name in enumerate(names):
        found = getattr(module, f"m_{name}")
        assert getattr(found, name) == k
        setattr(found, name, k + 1)
        assert getattr(found, f"ask_{name}")() == k + 1
        assert getattr(found, f"{name}_")() == k
        assert getattr(found, f"{name}_")() == k


def test_modules_and_common_blocks_with_every_global_name(
    compiled, tmp_path, monkeypatch
):
    names = [n for n in NAMES if n.islower() and n[0] != "_" and len(n) < 28]
    names = [n for n in names if n not in keyword.kwlist]
    blocks, modules = names[::2], names[1::2]
    fortran = "".join(
        f"subroutine set_{n}()\ncommon /{n}/ {n}_1, {n}\ninteger :: {n}_1, {n}\n"
        f"{n}_1 = {k}\n{n} = {k + 1}\nend\n"
        for k, n in enumerate(blocks)
    )
    fortran += "".join(
        f"module {n}\ninteger :: inside = {k}\ncontains\n"
        f"subroutine double()\ninside = 2 * inside\nend subroutine\nend module\n"
        for k, n in enumerate(modules)
    )
    text = generate_from_fortran("blocks", fortran, compiled, tmp_path)
    module = load("blocks", text, tmp_path, monkeypatch, "0")
    for k, name in enumerate(blocks):
        getattr(module, f"set_{name}")()
        block = getattr(module, name)
        assert getattr(block, f"{name}_1") == k
        kept = f"{name}_bn" if name in KEPT_BY_F2PY else name
        assert getattr(block, kept) == k + 1
    for k, name in enumerate(modules):
        getattr(module, name).double()
        assert getattr(module, name).inside == 2 * k


@pytest.mark.parametrize("name", ["error", "array", "print", "fine"])
def test_attributes_that_fortran_looks_for(tmp_path, monkeypatch, compiled, name):
    """The user sets them, and the module's own code has other names for what it needs."""
    compiled("end\n")  # skips without a compiler
    signatures, source = tmp_path / "found.pyf", tmp_path / "found.f90"
    source.write_text(
        f"""subroutine total(values, n, r)
integer n
double precision values(n), r
double precision, external :: {name}
r = {name}(sum(values))
end subroutine
"""
    )
    signatures.write_text(
        f"""
python module found__user__routines
 interface
  function {name}(x) result(y)
   double precision :: x, y
  end function
 end interface
end python module
python module found
 interface
  subroutine total(values, n, r)
   use found__user__routines
   intent(callback, hide) {name}
   external {name}
   integer, intent(hide), depend(values) :: n = len(values)
   double precision :: values(n)
   double precision, intent(out) :: r
  end subroutine
 end interface
end
"""
    )
    monkeypatch.chdir(tmp_path)
    assert run(["-c", str(signatures), str(source), "--quiet"]) == 0
    text = Path("found.py").read_text()
    module = load("found", text, tmp_path, monkeypatch, "0")
    for factor in (2.0, 3.0, 4.0):
        setattr(module, name, factor.__mul__)
        assert module.total([1.0, 2.0]) == 3 * factor


TEXT = '''"""A module: zeros."""

from __future__ import annotations

import numpy as np
from numpy import zeros, ones as len_

SIZE = len("zeros")


class Holder:
    zeros = 1
    other: int = zeros

    def np(self, zeros=zeros):
        return zeros, np.zeros(1), self.zeros

    def inner(self):
        return zeros(1)


def zeros_(x, sum=sum):
    found = [zeros for zeros in x if zeros]
    def shadow():
        np = 1
        return np
    try:
        pass
    except ValueError as len:
        return len
    return found, zeros(2), lambda zeros: zeros, sum(x), dict(zeros=1)
'''


def test_renaming_follows_scopes():
    text = rename_globals(TEXT, {"zeros": "zeros__", "zeros_": "zeros", "np": "np_"})
    assert "import numpy as np_\nfrom numpy import zeros as zeros__, ones" in text
    assert 'SIZE = len("zeros")' in text
    assert "    zeros = 1\n    other: int = zeros\n" in text
    assert "    def np(self, zeros=zeros):\n        return zeros, np_.zeros(1)" in text
    assert "        return zeros__(1)" in text
    assert "def zeros(x, sum=sum):" in text
    assert "[zeros for zeros in x if zeros]" in text
    assert "        np = 1\n        return np\n" in text
    assert "found, zeros__(2), lambda zeros: zeros, sum(x), dict(zeros=1)" in text


def test_builtin_names_are_imported_under_another():
    text = give_way(TEXT, [("sum", ""), ("len", "zeros_"), ("print", "")])
    assert "from builtins import len as len__, sum as sum_\n" in text
    assert 'SIZE = len__("zeros")' in text
    assert "def len(x, sum=sum_):" in text
    assert "return len\n" in text
    assert give_way(TEXT, []) == TEXT


def test_super_without_arguments_gets_them():
    text = "class A(B):\n    def f(self):\n        return super().f()\n"
    renamed = give_way(text, [("super", "")])
    assert "return super_(__class__, self).f()" in renamed


def test_an_import_that_has_no_place_for_another_name():
    with pytest.raises(ValueError, match=r"import os\.path"):
        rename_globals("import os.path\n", {"os": "os_"})


# Names that wrappers look up among Python's own, and those of attributes that objects have anyway.
ARGUMENTS = sorted(
    {name for name in dir(builtins) if name.islower()}
    | {"frame", "results", "self", "__class__", "__dict__", "__init__", "__x", "_fields_"}
)  # fmt: skip


def arguments_signature():
    """Return signatures in which each name is once a callback and once a scalar by reference."""
    described = "".join(
        f"function {name}(y) result(answer)\nreal*8 y\nreal*8 answer\nend function\n"
        for name in ARGUMENTS
    )
    routines = "".join(
        f"""\
subroutine call{number}({name}, x_)
  fortranname callit
  use given__user__routines
  external {name}
  real*8, intent(in, out) :: x_
end subroutine
subroutine add{number}({name}, x_)
  fortranname addit
  integer, optional, check({name} > 0), depend(x_) :: {name} = shape(x_, 0)
  real*8, intent(in, out), dimension({name}) :: x_
end subroutine
"""
        for number, name in enumerate(ARGUMENTS)
    )
    return (
        f"python module given__user__routines\ninterface\n{described}end interface\nend\n"
        f"python module named\ninterface\n{routines}end interface\nend\n"
    )


@pytest.mark.parametrize("native", ["0", "1"])
def test_arguments_with_names_of_builtins_and_attributes(
    compiled, tmp_path, monkeypatch, native
):
    fortran = """
subroutine callit(f, x)
real(8) :: f, x
external f
x = f(x)
end subroutine
subroutine addit(n, x)
integer :: n
real(8) :: x(n)
x = x + 1
end subroutine
"""
    text = f2pypy.generate(
        arguments_signature(), library_path=str(compiled(fortran)), strict=True
    )
    module = load("named", text, tmp_path, monkeypatch, native)
    for number, name in enumerate(ARGUMENTS):
        call, add = getattr(module, f"call{number}"), getattr(module, f"add{number}")
        assert call(lambda y: y + 1, 1.0) == 2
        extra = {name: lambda y, more: y + more, f"{name}_extra_args": (5,)}
        assert call(x_=2.0, **extra) == 7
        assert list(add([1.0, 2.0])) == list(add(np.array([1.0, 2.0]), 2)) == [2, 3]
        assert list(add([1.0], **{name: 1})) == [2]
        with pytest.raises(module.error, match="failed for 1st keyword"):
            add([1.0], -1)
