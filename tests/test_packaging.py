"""The program works, with its templates and its runtime, however it was installed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import f2pypy

pytest.importorskip("hatchling", reason="the build backend; part of f2pypy[test]")

ROOT = Path(__file__).parent.parent
scipy_openblas32 = pytest.importorskip("scipy_openblas32")

LIBRARY = str(next(Path(scipy_openblas32.get_lib_dir()).glob("*openblas*")))
SOURCE = """\
python module tiny
  interface
    subroutine dscal(n,a,x,incx)
      integer intent(hide),depend(x) :: n = len(x)
      double precision intent(in) :: a
      double precision dimension(n),intent(in,out) :: x
      integer intent(hide) :: incx = 1
    end subroutine dscal
  end interface
end python module tiny
"""


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PIP_"))}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (
        f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    )
    return done.stdout


def build(target: str, project: Path, into: Path) -> Path:
    """Build a wheel or an sdist of `project` and return it."""
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        target,
        "-d",
        into,
        folder=project,
    )
    (built,) = into.iterdir()
    return built


@dataclass(frozen=True)
class Distributions:
    sdist: Path
    unpacked: Path
    wheel: Path
    wheel_of_sdist: Path


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    folder = tmp_path_factory.mktemp("dist")
    sdist = build("sdist", ROOT, folder / "sdist")
    shutil.unpack_archive(sdist, folder / "unpacked")
    (unpacked,) = (folder / "unpacked").iterdir()
    return Distributions(
        sdist,
        unpacked,
        build("wheel", ROOT, folder / "wheel"),
        build("wheel", unpacked, folder / "wheel2"),
    )


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".py", ".j2", ".typed", ".cmake") and path.is_file()
    }


def test_the_wheel_has_the_package_and_the_templates_and_nothing_else(
    distributions: Distributions,
) -> None:
    """Of what stands in those folders, formatters' settings and what tools leave stay out."""
    wanted = files_below(ROOT / "f2pypy") | {
        f"f2pypy/{name}" for name in files_below(ROOT / "templates")
    }
    wanted.add(f"f2pypy-{f2pypy.__version__}.data/data/share/man/man1/f2pypy.1")
    assert names_in(distributions.wheel) == wanted
    assert any(name.startswith("f2pypy/templates/") for name in wanted)
    assert any(name.startswith("f2pypy/runtime/") for name in wanted)


def test_a_wheel_of_the_sdist_is_the_same(distributions: Distributions) -> None:
    with (
        zipfile.ZipFile(distributions.wheel) as one,
        zipfile.ZipFile(distributions.wheel_of_sdist) as other,
    ):
        assert {n: one.read(n) for n in one.namelist()} == {
            n: other.read(n) for n in other.namelist()
        }


def test_the_sdist_has_what_a_packager_needs(distributions: Distributions) -> None:
    top = {path.name for path in distributions.unpacked.iterdir()}
    assert {
        "f2pypy",
        "templates",
        "tests",
        "examples",
        "Makefile",
        "LICENSE",
        "README.md",
        "pyproject.toml",
    } <= top
    assert not {".git", ".venv", "build", "dist"} & top


@dataclass(frozen=True)
class Environment:
    """A virtual environment that sees this one's packages behind its own."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    @property
    def program(self) -> Path:
        return self.python.with_name("f2pypy")

    def install(self, *what: str | Path) -> None:
        pip = (
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.python,
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
        )
        run(*pip, "--no-build-isolation", *what, folder=self.folder)


def new_environment(folder: Path) -> Environment:
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    environment = Environment(folder)
    own = run(
        environment.python,
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
        folder=folder,
    ).strip()
    # a path file adds the dependencies without adding what is installed here as a link
    paths = dict.fromkeys(sysconfig.get_path(each) for each in ("purelib", "platlib"))
    Path(own, "dependencies.pth").write_text("\n".join(paths) + "\n")
    return environment


def check_program(*program: str | Path, folder: Path, **environment: str) -> None:
    """Generate with this program, in both forms, and call what it wrote."""
    (folder / "tiny.pyf").write_text(SOURCE)
    generate = functools.partial(run, *program, folder=folder, **environment)
    assert generate("--version") == f"{f2pypy.__version__}\n"
    assert generate("tiny.pyf") == "tiny.py: 1 routine wrapped, 0 skipped\n"
    assert (folder / "tiny.py").read_text(encoding="utf-8") == f2pypy.generate(SOURCE)
    generate("tiny.pyf", "--runtime", "import", "-o", "thin.py")

    call = "print({0}.dscal(2.0, [1.0, 2.0]))"
    # the embedded form needs nothing of f2pypy
    alone = (
        f"import sys, tiny; {call.format('tiny')}; assert 'f2pypy' not in sys.modules"
    )
    environment["F2PYPY_TINY_LIBRARY"] = LIBRARY
    assert run(sys.executable, "-c", alone, folder=folder, **environment) == "[2. 4.]\n"
    python = program[0] if len(program) > 1 else Path(program[0]).with_name("python")
    together = f"import thin; {call.format('thin')}"
    assert run(python, "-c", together, folder=folder, **environment) == "[2. 4.]\n"


def test_from_the_wheel(distributions: Distributions, tmp_path: Path) -> None:
    environment = new_environment(tmp_path / "venv")
    environment.install(distributions.wheel)
    check_program(environment.program, folder=tmp_path)
    check_program(environment.python, "-m", "f2pypy", folder=tmp_path)
    where = run(
        environment.python,
        "-c",
        "import f2pypy; print(f2pypy.__file__)",
        folder=tmp_path,
    )
    assert Path(where).is_relative_to(environment.folder)


def test_editable(distributions: Distributions, tmp_path: Path) -> None:
    """Installed as a link to an unpacked source distribution, which no build writes into."""
    project = tmp_path / "project"
    shutil.copytree(distributions.unpacked, project)
    environment = new_environment(tmp_path / "venv")
    environment.install("--editable", project)
    work = tmp_path / "work"
    work.mkdir()
    check_program(environment.program, folder=work)
    where = run(
        environment.python, "-c", "import f2pypy; print(f2pypy.__file__)", folder=work
    )
    assert Path(where).is_relative_to(project)


def test_from_a_bare_checkout(distributions: Distributions, tmp_path: Path) -> None:
    environment = new_environment(tmp_path / "venv")
    check_program(
        environment.python,
        "-m",
        "f2pypy",
        folder=tmp_path,
        PYTHONPATH=str(distributions.unpacked),
    )


def test_the_version_is_written_once(distributions: Distributions) -> None:
    assert f2pypy.__version__ in distributions.wheel.name
    assert f2pypy.__version__ in distributions.sdist.name
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {f2pypy.__version__}" in changes
