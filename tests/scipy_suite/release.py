"""One SciPy twice: as its wheel has it, and with modules of f2pypy's in place of f2py's."""

from __future__ import annotations

import concurrent.futures
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import modules
from modules import Module

ROOT = Path(__file__).parents[2]
SCRATCH = ROOT / "build" / "scipy"
WHEEL, SWAPPED = "wheel", "f2pypy"
# What SciPy's Fortran wants of gfortran; it is code of four decades.
FORTRAN = ("gfortran", "-shared", "-fPIC", "-O2", "-std=legacy", "-w")
TEST_REQUIREMENTS = ("hypothesis", "pooch", "pytest-timeout", "threadpoolctl")
# pip asks the build backend for a source distribution's name before it lets go of the file; SciPy's would look for
# compilers and libraries that nothing here needs.
BACKEND = """\
import pathlib

def prepare_metadata_for_build_wheel(directory, settings=None):
    folder = pathlib.Path(directory, "scipy.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text(pathlib.Path("PKG-INFO").read_text(encoding="utf-8"), encoding="utf-8")
    return folder.name

def build_wheel(*_):
    raise NotImplementedError("this backend only names SciPy")
"""


@dataclass(frozen=True)
class Release:
    """One SciPy: its version, its folder in build/scipy, and the interpreter that runs its tests."""

    version: str
    folder: Path
    python: Path

    @property
    def sources(self) -> Path:
        return self.folder / f"scipy-{self.version}" / "scipy"

    @property
    def compiler(self) -> Path:
        """The folder with what native code needs: f2pypy and llvmlite."""
        return self.folder / "compiler"

    def installed(self, which: str) -> Path:
        """The folder `scipy` that is imported: the wheel's, or the one with modules of f2pypy's."""
        return self.folder / which / "scipy"


def prepare(wanted: str, python: str) -> Release:
    """Download a SciPy and make its environment, unless both are there."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    downloads = SCRATCH / "downloads"
    requirement = "scipy" if wanted == "newest" else f"scipy=={wanted}"
    pip = [python, "-m", "pip", "download", "--quiet", "--no-deps", "-d", downloads]
    if wanted == "newest" or not list(downloads.glob(f"scipy-{wanted}-*.whl")):
        run([*pip, "--only-binary", ":all:", requirement])
    wheel = newest_file(downloads, "scipy-*.whl" if wanted == "newest" else f"scipy-{wanted}-*.whl")  # fmt: skip
    version = wheel.name.split("-")[1]
    folder = SCRATCH / version
    release = Release(version, folder, folder / "environment" / "bin" / "python")
    if (folder / "complete").exists():
        return release

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    archive = downloads / f"scipy-{version}.tar.gz"
    if not archive.exists():
        backend = SCRATCH / "backend"
        backend.mkdir(exist_ok=True)
        (backend / "mesonpy.py").write_text(BACKEND, encoding="utf-8")
        source = ["--no-binary", ":all:", "--no-build-isolation", f"scipy=={version}"]
        run([*pip, *source], PYTHONPATH=str(backend))
    shutil.unpack_archive(archive, folder)
    for which in (WHEEL, SWAPPED):
        with zipfile.ZipFile(wheel) as opened_wheel:
            opened_wheel.extractall(folder / which)
        # the settings of the project around it are not for SciPy's tests
        (folder / which / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run([python, "-m", "venv", folder / "environment"])
    # pytest 8 finds other tests than the releases before it
    pytest = "pytest<8" if version < "1.12" else "pytest"
    install = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    run([release.python, *install, pytest, *TEST_REQUIREMENTS, *requirements_of(folder / WHEEL)])  # fmt: skip
    (folder / "complete").touch()
    return release


def offer_native_code(release: Release) -> None:
    """Install llvmlite where only those who ask for native code find it, and this f2pypy beside it."""
    folder = release.compiler
    if not (folder / "llvmlite").exists():
        install = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]  # fmt: skip
        run([release.python, *install, "--target", folder, "llvmlite"])
    link = folder / "f2pypy"
    link.unlink(missing_ok=True)
    link.symlink_to(ROOT / "f2pypy")


def newest_file(folder: Path, pattern: str) -> Path:
    """Return the file with the highest version of those that match."""

    def version(file: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", file.name.split("-")[1])]

    return max(folder.glob(pattern), key=version)


def requirements_of(unpacked: Path) -> list[str]:
    """Return what an unpacked wheel says it needs, extras left out."""
    (metadata,) = unpacked.glob("scipy-*.dist-info/METADATA")
    lines = metadata.read_text(encoding="utf-8").splitlines()
    found = [line.partition(":")[2] for line in lines if line.startswith("Requires-Dist:")]  # fmt: skip
    return [requirement.strip() for requirement in found if ";" not in requirement]


def replace_modules(release: Release, workers: int) -> list[Module]:
    """Make every module with `f2pypy -c` and put it where the wheel has f2py's."""
    made = modules.of(release.sources)
    wheel = release.installed(WHEEL)
    known = {wheel / module.name.replace(".", "/") for module in made}
    unknown = [
        str(file)
        for file in modules.made_by_f2py(wheel)
        if file.with_name(file.name.partition(".")[0]) not in known
    ]
    if unknown:
        raise SystemExit(f"modules.py lacks what f2py made: {', '.join(unknown)}")
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda module: make(release, module), made))
    # as pip does with what it installs
    for folder in (*map(release.installed, (WHEEL, SWAPPED)), ROOT / "f2pypy"):
        run([release.python, "-m", "compileall", "-q", folder])
    return made


def make(release: Release, module: Module) -> None:
    """Make one module and its library, and take the wheel's module away."""
    target = release.installed(SWAPPED) / module.file
    for file in target.parent.glob(f"{target.stem}.*.so"):
        file.unlink()
    # beside the module, where a module looks for its library
    library = target.with_name(f"lib{target.stem}.so")
    if not library.exists():
        build_library(release, module, library)
    signature = release.sources / module.signature
    run([sys.executable, "-m", "f2pypy", "--quiet", "-o", target, signature])


def build_library(release: Release, module: Module, library: Path) -> None:
    """Compile the Fortran that a module calls; the release is what decides it, so once is enough."""
    files = [expanded(release, file) for file in modules.fortran_of(module, release.sources)]  # fmt: skip
    command = [*FORTRAN, *files]
    for folder in sorted({file.parent for file in files}):
        command += ["-I", folder]
    if module.calls_blas:
        command += blas_of(release)
    part = library.with_suffix(".part")
    run([*command, "-o", part])
    part.rename(library)


def expanded(release: Release, file: Path) -> Path:
    """Return a Fortran file; of a template, what SciPy's own tool makes of it."""
    if file.suffix != ".src":
        return file
    made = release.folder / "expanded"
    made.mkdir(exist_ok=True)
    tool = release.sources.parent / "tools" / "generate_f2pymod.py"
    run([sys.executable, tool, file, "-o", made])
    return made / file.stem


def blas_of(release: Release) -> list[str | Path]:
    """Return what links with the wheel's BLAS, and with the functions that SciPy puts before some of its own."""
    (library,) = (release.folder / SWAPPED / "scipy.libs").glob("*openblas*")
    wrappers = release.sources / "_build_utils" / "src" / "wrap_dummy_g77_abi.f"
    linked = [library, f"-Wl,-rpath,{library.parent}"]
    if wrappers.exists():
        return [wrappers, *linked]
    headers = subprocess.run(
        [release.python, "-c", "import numpy, sysconfig; print(numpy.get_include(), sysconfig.get_path('include'))"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )  # fmt: skip
    include = [word for folder in headers.stdout.split() for word in ("-I", folder)]
    prefix = "-DBLAS_SYMBOL_PREFIX=scipy_"
    return [wrappers.with_suffix(".c"), *include, prefix, *linked]


def run(command: Iterable[str | Path], **variables: str) -> None:
    words: Sequence[str] = [str(word) for word in command]
    done = subprocess.run(
        words,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{shlex.join(words)}\n{done.stdout}")
