"""Finding libraries and symbols, and refusing those that would give wrong numbers."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fortran_libraries import BLAS, BY_VALUE

from f2pypy.runtime import libraries
from f2pypy.runtime import packages as packages_of_blas
from f2pypy.runtime.compilers import Compiler
from f2pypy.runtime.interpreter import PROCESS
from f2pypy.runtime.libraries import Library, MissingSymbol, address_in
from f2pypy.runtime.links import Links
from f2pypy.runtime.made_calls import ARRAY
from f2pypy.runtime.packages import blas_packages
from f2pypy.runtime.routines import Routine
from f2pypy.runtime.scalar_types import (
    COMPLEX,
    DOUBLE,
    DOUBLE_COMPLEX,
    FLOAT,
    INT,
    LONG,
)

DOTS = {
    "zdotu": (DOUBLE_COMPLEX, "c16"),
    "cdotu": (COMPLEX, "c8"),
    "sdot": (FLOAT, "f4"),
    "ddot": (DOUBLE, "f8"),
}


def dot(library, name, kind=INT):
    result, dtype = DOTS[name]
    x, y = np.array([1.5, 2], dtype), np.array([3, 4], dtype)
    if name[0] in "zc":
        y[1] += 1j
    routine = Routine(library, name, result, (kind, ARRAY, kind, ARRAY, kind))
    return routine.call(2, x, 1, y, 1)


class TestConventions:
    @pytest.mark.parametrize("name", DOTS)
    @pytest.mark.parametrize(
        ("options", "wide"),
        [
            ((), False),
            (("-ff2c",), False),
            (("-fdefault-integer-8",), True),
            (("-fdefault-integer-8", "-ff2c"), True),
        ],
    )
    def test_results_are_right_under_each(self, compiled, options, wide, name):
        library = Library("m", path=str(compiled(BLAS, *options)), int64=wide)
        assert dot(library, name, LONG if wide else INT) == (
            12.5 + 2j if name[0] in "zc" else 12.5
        )

    def test_explicit_convention(self, compiled, monkeypatch):
        hidden, registers = str(compiled(BLAS, "-ff2c")), str(compiled(BLAS))
        assert dot(Library("m", path=hidden, abi="hidden"), "zdotu") == 12.5 + 2j
        assert dot(Library("m", path=registers, abi="registers"), "zdotu") == 12.5 + 2j
        monkeypatch.setenv("F2PYPY_M_ABI", "hidden")
        assert dot(Library("m", path=hidden, abi="registers"), "zdotu") == 12.5 + 2j

    def test_unknown_convention(self, compiled, monkeypatch):
        monkeypatch.setenv("F2PYPY_M_ABI", "stack")
        with pytest.raises(
            ImportError, match="abi is 'stack', expected one of auto, registers, hidden"
        ):
            Library("m", path=str(compiled(BLAS)))

    def test_integers_of_another_width_are_refused(self, compiled):
        with pytest.raises(
            MissingSymbol,
            match=r"is for 64-bit integers, and this module was generated for 32-bit ones: .* it with --int64$",
        ):
            dot(Library("m", path=str(compiled(BLAS, "-fdefault-integer-8"))), "ddot")
        with pytest.raises(
            MissingSymbol,
            match=r"is for 32-bit integers, and this module was generated for 64-bit ones: .* without --int64$",
        ):
            dot(Library("m", path=str(compiled(BLAS)), int64=True), "ddot", LONG)

    @pytest.mark.parametrize("wide", [False, True])
    def test_libraries_of_both_widths(self, compiled, tmp_path, wide):
        """Each library's own BLAS tells its width: what the first of them is says nothing of the others."""
        shutil.copy(compiled(BLAS), tmp_path / "libnarrow.so")
        shutil.copy(compiled(BLAS, "-fdefault-integer-8"), tmp_path / "libwide.so")
        shutil.copy(compiled(BY_VALUE), tmp_path / "libother.so")
        names, other = ("narrow", "wide")[:: -1 if wide else 1], "other"
        for order in (names, names[::-1]):
            links = Links((*order, other), (str(tmp_path),))
            library = Library("m", linked=links, int64=wide)
            assert dot(library, "ddot", LONG if wide else INT) == 12.5
            assert Path(library.find("ddot")[0]._name).name == f"lib{names[0]}.so"
            assert dot(library, "zdotu", LONG if wide else INT) == 12.5 + 2j
            assert Path(library.find("weighted")[0]._name).name == "libother.so"
        only = Library("m", linked=Links((names[1], other), (str(tmp_path),)), int64=wide)  # fmt: skip
        assert only.find("weighted")
        wrong = rf"m: \S*lib{names[1]}\.so is for {32 if wide else 64}-bit integers, and this module"
        with pytest.raises(MissingSymbol, match=wrong):
            only.find("ddot")

    def test_refusal_is_repeated(self, compiled):
        library = Library("m", path=str(compiled(BLAS, "-fdefault-integer-8")))
        for _ in range(2):
            with pytest.raises(MissingSymbol, match="64-bit"):
                library.find("ddot")


class TestProvidedLibraries:
    def test_by_name_of_the_module(self):
        pytest.importorskip("scipy_openblas32")
        assert dot(Library("fblas", packages=blas_packages), "zdotu") == 12.5 + 2j

    def test_wide_symbols(self):
        pytest.importorskip("scipy_openblas64")
        library = Library("fblas", int64=True, packages=blas_packages)
        assert library.find("ddot")[1] == "scipy_ddot_64_"
        assert dot(library, "cdotu", LONG) == 12.5 + 2j

    def test_wide_symbols_only(self):
        openblas = pytest.importorskip("scipy_openblas64")
        path = next(
            str(file)
            for file in Path(openblas.get_lib_dir()).iterdir()
            if ".so" in file.name
        )
        with pytest.raises(
            MissingSymbol, match=r"has ddot only as scipy_ddot_64_, for 64-bit integers"
        ):
            Library("m", path=path).find("ddot")
        with pytest.raises(MissingSymbol, match=r"is for 64-bit integers"):
            Library("m", path=path, symbol="scipy_{name}_64_").find("ddot")
        pattern = Library("m", path=path, symbol="scipy_{name}_64_", int64=True)
        assert dot(pattern, "ddot", LONG) == 12.5

    def test_without_patterns(self, monkeypatch):
        """PyPy 3.11's glob finds nothing for patterns that begin with a star."""
        pytest.importorskip("scipy_openblas32")
        monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
        assert dot(Library("fblas", packages=blas_packages), "ddot") == 12.5

    @pytest.mark.parametrize("folder", ["lib", "other/[lib]"])
    def test_mkl_as_pip_installs_it(self, compiled, tmp_path, monkeypatch, folder):
        """There is no module mkl: the record of the installation says where its files are."""
        packages = tmp_path / "python" / "packages"
        record = packages / "mkl-2026.0.dist-info"
        record.mkdir(parents=True)
        (record / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: mkl\nVersion: 2026.0\n"
        )
        (record / "RECORD").write_text(
            f"../../{folder}/libmkl_core.so.3,,\n../../{folder}/libmkl_rt.so.3,,\n"
        )
        place = tmp_path / folder
        place.mkdir(parents=True)
        (place / "libmkl_core.so.3").write_text("not to be loaded")
        shutil.copy(compiled(BLAS), place / "libmkl_rt.so.3")
        monkeypatch.syspath_prepend(str(packages))
        monkeypatch.setattr(packages_of_blas, "_PROVIDERS_32", ("mkl",))
        library = Library("fblas", packages=blas_packages)
        assert library.paths == str(place / "libmkl_rt.so.3")
        assert dot(library, "ddot") == 12.5

    def test_no_mkl(self, monkeypatch):
        if importlib.util.find_spec("mkl") is not None:
            pytest.skip("MKL is installed")
        monkeypatch.setattr(packages_of_blas, "_PROVIDERS_32", ("mkl",))
        monkeypatch.setattr(packages_of_blas, "_SYSTEM_32", ("no_such_blas.so.1",))
        with pytest.raises(
            ImportError,
            match=r"Python package mkl: not installed\n +.*libno_such_blas\.so\.1: ",
        ):
            Library("no_such_mkl", packages=blas_packages)

    @pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="Linux names libraries so"
    )
    def test_the_system_has_one(self, monkeypatch):
        names = [f"lib{name}" for name in packages_of_blas._SYSTEM_32]
        there = [name for name in names if name in of_the_loader()]
        if not there:
            pytest.skip("the system has no BLAS")
        monkeypatch.setattr(packages_of_blas, "_PROVIDERS_32", ("no_such_package",))
        library = Library("no_such_blas", packages=blas_packages)
        assert library.paths == there[0]
        assert dot(library, "ddot") == 12.5

    @pytest.mark.parametrize("platform", ["darwin", "win32"])
    @pytest.mark.parametrize("bits", [32, 64])
    def test_systems_that_look_in_the_current_folder(self, monkeypatch, platform, bits):
        monkeypatch.setattr(sys, "platform", platform)
        names = list(packages_of_blas._system_libraries(bits))
        assert all(name[0] == "/" for name in names)

    @pytest.mark.parametrize("int64", [False, True])
    def test_accelerate(self, tmp_path, monkeypatch, int64):
        """What macOS has, as far as another system can show it."""
        source = tmp_path / "accelerate.c"
        source.write_text(
            'double f(int *n, double *x, int *i, double *y, int *j) __asm__("ddot$NEWLAPACK");\n'
            "double f(int *n, double *x, int *i, double *y, int *j)\n"
            "{ return *n * x[0] * y[0]; }\n"
            'double g(long *n, double *x, long *i, double *y, long *j) __asm__("ddot$NEWLAPACK$ILP64");\n'
            "double g(long *n, double *x, long *i, double *y, long *j)\n"
            "{ return *n * x[0] * y[0]; }\n"
            "double ddot_(void) { return -1; }\n"
        )
        built = tmp_path / "libaccelerate.so"
        subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", built], check=True)
        monkeypatch.setattr(sys, "platform", "darwin")
        library = Library("m", path=str(built), int64=int64)
        name = "ddot$NEWLAPACK$ILP64" if int64 else "ddot$NEWLAPACK"
        assert library.find("ddot")[1] == name
        assert dot(library, "ddot", LONG if int64 else INT) == 9


class TestSearch:
    def test_folders_with_brackets(self, compiled, tmp_path):
        folder = tmp_path / "[1]"
        folder.mkdir()
        shutil.copy(compiled(BLAS), folder / "libmine.so.3")
        library = Library("m", linked=Links(("mine",), (str(folder),)))
        assert dot(library, "ddot") == 12.5

    def test_folders_of_windows(self, compiled, tmp_path, monkeypatch):
        """What a library needs may lie in the folders of -L, which Windows must be told."""
        told = []
        monkeypatch.setattr(os, "add_dll_directory", told.append, raising=False)
        shutil.copy(compiled(BLAS), tmp_path / "libmine.so")
        Library("m", linked=Links(("mine",), (str(tmp_path), "not there")))
        assert told == [str(tmp_path)]

    @pytest.mark.parametrize(
        "arguments",
        [
            '"blas"',
            '"blas", linked=Links(["blas"])',
            '"blas", linked=Links(["blas"], ["."])',
            '"blas", path="libblas.so"',
            '"blas", path="./libblas.so"',
        ],
    )
    def test_nothing_is_taken_from_the_current_folder(self, tmp_path, arguments):
        """A module that comes from no file has no folder beside it."""
        (tmp_path / "there").mkdir()
        for name in ("libblas.so", "libblas.so.3", "there/libblas.so"):
            (tmp_path / name).write_text("no library")
        program = (
            "import sys\n"
            "from f2pypy.runtime.libraries import Library\n"
            "from f2pypy.runtime.links import Links\n"
            "try:\n"
            f"    library = Library({arguments})\n"
            "except ImportError as failure:\n"
            "    print(failure)\n"
            "else:\n"
            "    print(library.paths, library.tried)\n"
        )
        kept = {k: v for k, v in os.environ.items() if k != "F2PYPY_BLAS_LIBRARY"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(Path(__file__).parents[1])},
            check=True,
            capture_output=True,
            text=True,
        )
        assert "invalid ELF header" not in done.stdout
        assert "file too short" not in done.stdout
        assert str(tmp_path) not in done.stdout
        assert "blas has no __file__" in done.stdout

    def test_environment(self, compiled, monkeypatch):
        monkeypatch.setenv("F2PYPY_MY_BLAS_LIBRARY", str(compiled(BLAS)))
        assert (
            dot(
                Library(
                    "package.my-blas",
                    linked=Links(("nosuchthing",)),
                    packages=blas_packages,
                ),
                "ddot",
            )
            == 12.5
        )

    def test_environment_names_what_is_no_library(self, monkeypatch, tmp_path):
        monkeypatch.setenv("F2PYPY_BLAS_LIBRARY", str(tmp_path / "nothing.so"))
        with pytest.raises(ImportError, match=r"nothing\.so"):
            Library("blas", linked=Links(("openblas",)), packages=blas_packages)

    @pytest.mark.parametrize("name", ["libblas.a", "blas.lib"])
    def test_static_library(self, monkeypatch, tmp_path, name):
        (tmp_path / name).write_bytes(b"!<arch>\n")
        monkeypatch.setenv("F2PYPY_BLAS_LIBRARY", str(tmp_path / name))
        with pytest.raises(
            ImportError,
            match=r"can't be loaded, .*; it is a static library: link it into a shared one, as f2pypy -c does",
        ):
            Library("blas")

    @pytest.mark.parametrize("content", [b"!<arch>\n", b"no library"])
    def test_no_other_library_in_place_of_one_that_is_there(
        self, monkeypatch, tmp_path, content
    ):
        """A module that is to call one BLAS doesn't call another without a word."""
        monkeypatch.delenv("F2PYPY_BLAS_LIBRARY", raising=False)
        name = "libmyblas.a" if content[:1] == b"!" else "libmyblas.so"
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImportError, match=rf"the loader says: .*{name}: ") as refused:  # fmt: skip
            Library("blas", linked=Links(("myblas",), (str(tmp_path),)), packages=blas_packages)  # fmt: skip
        is_static = "link it into a shared one, as f2pypy -c does" in str(refused.value)
        assert is_static == (name[-2:] == ".a")

    def test_directory(self, compiled, tmp_path):
        shutil.copy(compiled(BLAS), tmp_path / "libmine.so")
        assert (
            dot(Library("m", linked=Links(("mine",), (str(tmp_path),))), "ddot") == 12.5
        )

    def test_versioned_file(self, compiled, tmp_path):
        shutil.copy(compiled(BLAS), tmp_path / "libmine.so.3")
        assert (
            dot(Library("m", linked=Links(("mine",), (str(tmp_path),))), "ddot") == 12.5
        )

    def test_several_links(self, compiled, tmp_path):
        shutil.copy(compiled(BLAS), tmp_path / "libone.so")
        shutil.copy(compiled(BY_VALUE), tmp_path / "libtwo.so")
        library = Library("m", linked=Links(("one", "absent", "two"), (str(tmp_path),)))
        assert [
            Path(library.find(name)[0]._name).name for name in ("ddot", "weighted")
        ] == ["libone.so", "libtwo.so"]

    @pytest.mark.parametrize("name", ["libbeside.so", "beside.so"])
    def test_beside_the_module(self, compiled, tmp_path, name):
        shutil.copy(compiled(BLAS), tmp_path / name)
        assert load_beside(tmp_path).library.find("ddot")[1] == "ddot_"

    def test_extension_module_beside_is_no_library(self, compiled, tmp_path):
        extension = compiled(
            '\nsubroutine f() bind(c, name="PyInit_beside")\nend subroutine\n'
        )
        shutil.copy(extension, tmp_path / "beside.so")
        with pytest.raises(
            ImportError, match=r"beside\.so: is an extension module of Python"
        ):
            load_beside(tmp_path)

    @pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="Linux names libraries so"
    )
    def test_run_time_name_without_development_package(self):
        if "libgfortran.so.5" not in of_the_loader():
            pytest.skip("no libgfortran.so.5 here")
        assert Library("m", linked=Links(("gfortran",))).handles

    def test_nothing_found(self, tmp_path):
        with pytest.raises(ImportError) as refused:
            Library("m", linked=Links(("nosuchthing",), (str(tmp_path),)))
        text = str(refused.value)
        assert text.startswith(
            "m: no shared library with its Fortran procedures was found. Tried:\n"
        )
        for tried in (
            "F2PYPY_M_LIBRARY: not set",
            f"{tmp_path}: no libnosuchthing.so",
            "libnosuchthing.so.3",
        ):
            assert tried in text
        assert text.endswith(
            "Set the environment variable F2PYPY_M_LIBRARY to the path of the library."
        )

    @pytest.mark.parametrize("name", ["libother.so", "libbeside.so"])
    def test_beside_a_module_in_a_file_of_another_name(self, compiled, tmp_path, name):
        shutil.copy(compiled(BLAS), tmp_path / name)
        assert load_beside(tmp_path, "other").library.find("ddot")[1] == "ddot_"

    @pytest.mark.parametrize("name", ["BESIDE", "OTHER"])
    def test_environment_of_a_module_in_a_file_of_another_name(
        self, compiled, tmp_path, monkeypatch, name
    ):
        """``f2pypy beside.pyf -o other.py``: one signature file describes libraries of both widths."""
        monkeypatch.setenv(f"F2PYPY_{name}_LIBRARY", str(compiled(BLAS, "-ff2c")))
        monkeypatch.setenv(f"F2PYPY_{name}_ABI", "f2c")
        library = load_beside(tmp_path, "other").library
        assert library.find("ddot")[1] == "ddot_"
        assert library.abi == "f2c"

    def test_the_name_of_the_file_comes_first(self, compiled, tmp_path, monkeypatch):
        chosen = str(compiled(BLAS))
        monkeypatch.setenv("F2PYPY_BESIDE_LIBRARY", str(tmp_path / "nothing.so"))
        monkeypatch.setenv("F2PYPY_OTHER_LIBRARY", chosen)
        assert load_beside(tmp_path, "other").library.paths == chosen

    def test_nothing_found_for_a_file_of_another_name(self, tmp_path):
        with pytest.raises(ImportError) as refused:
            load_beside(tmp_path, "other")
        for tried in (
            "F2PYPY_OTHER_LIBRARY: not set",
            "F2PYPY_BESIDE_LIBRARY: not set",
        ):
            assert tried in str(refused.value)


def of_the_loader():
    """What glibc's loader finds without being told a folder."""
    return subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False
    ).stdout


def load_beside(directory, name="beside"):
    path = directory / f"{name}.py"
    path.write_text(
        "from f2pypy.runtime.libraries import Library\nlibrary = Library('beside')\n"
    )
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestSymbols:
    @pytest.mark.parametrize(
        ("text", "options", "name", "symbol"),
        [
            (BLAS, (), "ddot", "ddot_"),
            (BLAS, ("-fno-underscoring",), "ddot", "ddot"),
            (BY_VALUE, (), "plain_twice", "plain_twice"),
            (BY_VALUE, (), "inner.square", "__inner_MOD_square"),
            (
                "\n      subroutine my_own\n      end\n",
                ("-fsecond-underscore",),
                "my_own",
                "my_own__",
            ),
            (
                '\nsubroutine f() bind(c, name="DDOT")\nend subroutine\n',
                (),
                "ddot",
                "DDOT",
            ),
            (
                '\nsubroutine f() bind(c, name="scipy_ddot_")\nend subroutine\n',
                (),
                "ddot",
                "scipy_ddot_",
            ),
        ],
    )
    def test_mangling(self, compiled, text, options, name, symbol):
        module, _, procedure = name.rpartition(".")
        path = str(compiled(text, *options))
        inner = "__{module}_MOD_{name}"
        library = Library("m", path=path, compiler=Compiler("gfortran", inner, inner))
        assert library.find(procedure, module)[1] == symbol

    def test_a_library_that_was_replaced_is_loaded_anew(self, compiled, tmp_path):
        path = tmp_path / "libreplaced.so"
        loaded = []
        for name in ("first", "second", "third"):
            text = f"subroutine {name}()\nend subroutine\n"
            shutil.copy(compiled(text), tmp_path / "new.so")
            (tmp_path / "new.so").replace(path)
            loaded.append(Library("replaced", path=str(path)))
            loaded.append(Library("replaced", path=str(path)))
            assert [library.address_of(name) is None for library in loaded] == [
                *[True] * (len(loaded) - 2),
                *[False] * 2,
            ]

    @pytest.mark.parametrize("keeps", [True, False])
    def test_a_library_that_others_loaded_before_it_was_replaced(
        self, compiled, tmp_path, keeps
    ):
        path, before = tmp_path / "libothers.so", tmp_path / "before.so"
        shutil.copy(compiled("subroutine first()\nend subroutine\n"), path)
        ctypes.CDLL(str(path))
        if keeps:
            path.rename(before)
        shutil.copy(
            compiled("subroutine second()\nend subroutine\n"), tmp_path / "new.so"
        )
        (tmp_path / "new.so").replace(path)
        for _ in range(2):
            library = Library("others", path=str(path))
            assert library.address_of("first") is None
            assert library.address_of("second") is not None

    def test_symbol_as_it_stands(self, compiled):
        library = Library("m", path=str(compiled(BLAS)))
        assert library.find("ddot_", exact=True)[1] == "ddot_"
        with pytest.raises(MissingSymbol, match=r"tried the symbols ddot$"):
            library.find("ddot", exact=True)

    @pytest.mark.parametrize("by_loader", [False, True])
    def test_plain_names_of_a_library_that_all_see(self, compiled, by_loader):
        """LD_PRELOAD and RTLD_GLOBAL make them the interpreter's, too; the loader finds files by their names alone."""
        text = "subroutine seen_by_all()\nend subroutine\n"
        path = Path(compiled(text, "-fno-underscoring"))
        loaded = ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL)
        library = Library("m", path=str(path))
        if by_loader:
            library.handles[0]._name = path.name
        assert library.find("seen_by_all")[1] == "seen_by_all"
        assert library.address_of("seen_by_all") == address_in(loaded, "seen_by_all")
        for name in ("exit", "cos", "malloc"):
            assert library.address_of(name) is None

    @pytest.mark.parametrize("name", ["cos", "exit"])
    def test_the_c_library_has_no_fortran(self, name):
        library = Library("m", linked=Links(("m", "c")))
        assert library.handles
        assert library.address_of(name) is None
        assert library.address_of(name, exact=True) is not None

    def test_the_c_library_where_the_executable_has_addresses_of_its_own(
        self, compiled, monkeypatch
    ):
        """As Python 3.14 of Debian has for what the module math refers to."""
        library = Library("m", path=str(compiled(BLAS)))
        monkeypatch.setattr(
            libraries,
            "address_in",
            lambda handle, symbol: (
                1
                if (handle, symbol) == (PROCESS, "cos")
                else address_in(handle, symbol)
            ),
        )
        assert library.address_of("cos") is None

    def test_missing(self, compiled):
        path = str(compiled(BLAS))
        routine = Routine(Library("m", path=path), "nosuch", None, ())
        for _ in range(2):
            with pytest.raises(AttributeError) as refused:
                routine.call()
            assert str(refused.value) == (
                f"m: no nosuch in {path}; "
                "tried the symbols nosuch_, nosuch, nosuch__, NOSUCH, NOSUCH_, scipy_nosuch_"
            )

    def test_missing_after_pattern(self, compiled):
        with pytest.raises(MissingSymbol, match=r"tried the symbols my_ddot$"):
            Library("m", path=str(compiled(BLAS)), symbol="my_{name}").find("ddot")
