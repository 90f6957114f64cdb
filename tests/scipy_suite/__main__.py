"""Runs SciPy's own tests with modules of f2pypy's in place of the ones that f2py made, and compares.

    python tests/scipy_suite [--python PYTHON] [--workers N] [--only linalg optimize] VERSION...

A version is a release such as 1.11.4, or `newest`. Everything is in build/scipy: what pip downloads, and for each
version an environment with the wheel's requirements, the folder `wheel` with SciPy as it is shipped, and the folder
`f2pypy` with the same files but for the modules that f2py made: f2pypy makes those from SciPy's signature files, and
gfortran their libraries. Both are tested in the same environment. Libraries are kept, and what the tests of the wheel
gave; modules and the results with them are made anew.

The exit status is 0 if every test that passes with the wheel passes with the modules, or fails as SciPy expects it to.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import modules
from modules import Module

ROOT = Path(__file__).parents[2]
SCRATCH = ROOT / "build" / "scipy"
WHEEL, SWAPPED = "wheel", "f2pypy"
# What SciPy's Fortran wants of gfortran; it is code of four decades.
FORTRAN = ("gfortran", "-shared", "-fPIC", "-O2", "-std=legacy", "-w")
TEST_REQUIREMENTS = ("hypothesis", "pooch", "pytest-xdist", "threadpoolctl")
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

    def installed(self, which: str) -> Path:
        """The folder `scipy` that is imported: the wheel's, or the one with modules of f2pypy's."""
        return self.folder / which / "scipy"


@dataclass(frozen=True)
class Result:
    """What the tests of a subpackage gave: outcomes by name, and the CPU seconds of all processes."""

    outcomes: dict[str, str]
    seconds: float

    def count(self, outcome: str) -> int:
        return sum(each == outcome for each in self.outcomes.values())


def main() -> int:
    arguments = read_arguments()
    differing = [
        f"{version}: {name}"
        for version in arguments.versions
        for name in compare(version, arguments)
    ]
    return 1 if differing else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("versions", nargs="+")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="+", default=modules.SUBPACKAGES)
    return parser.parse_args()


def compare(wanted: str, arguments: argparse.Namespace) -> list[str]:
    """Test one SciPy, print what was found, and return the names of the tests that pass with the wheel alone."""
    release = prepare(wanted, arguments.python)
    made = replace_modules(release, arguments.workers)
    print(f"\nSciPy {release.version}: {len(made)} modules of f2pypy's", flush=True)
    results: dict[str, dict[str, Result]] = {}
    for subpackage in arguments.only:
        results[subpackage] = {
            which: run_tests(release, which, subpackage, arguments.workers)
            for which in (WHEEL, SWAPPED)
        }
        print_row(subpackage, results[subpackage])
    print_row("all", {which: merged(results, which) for which in (WHEEL, SWAPPED)})
    lost = [
        name
        for result in results.values()
        for name in passing_with_the_wheel_alone(result)
    ]
    for name in lost:
        print(f"    {name}")
    return lost


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


def run_tests(release: Release, which: str, subpackage: str, workers: int) -> Result:
    """Run the tests of a subpackage; those of the wheel only once, as nothing here changes them."""
    results = release.folder / "results"
    results.mkdir(exist_ok=True)
    report = results / f"{subpackage}-{which}.xml"
    cpu = report.with_suffix(".json")
    if which == SWAPPED or not cpu.exists():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [release.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-c", release.folder / which / "pytest.ini"]
        command += ["-n", str(workers), f"--junit-xml={report}", "--pyargs", f"scipy.{subpackage}"]  # fmt: skip
        with report.with_suffix(".log").open("w") as log:
            # a failing test is no reason to stop
            subprocess.run(
                list(map(str, command)),
                cwd=results,
                env={**os.environ, **environment(release, which)},
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        cpu.write_text(json.dumps(used), encoding="utf-8")
    return Result(read_outcomes(report), json.loads(cpu.read_text(encoding="utf-8")))


def environment(release: Release, which: str) -> dict[str, str]:
    """Return the variables under which one of the two SciPys is found, with one thread for its BLAS."""
    return {
        "PYTHONPATH": str(release.folder / which),
        "PYTHONDONTWRITEBYTECODE": "",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def read_outcomes(report: Path) -> dict[str, str]:
    """Return passed, failed, expected (to fail, and it did) or skipped for every test in a report of pytest's."""
    outcomes: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        kinds = {child.get("type") or child.tag for child in case}
        if {child.tag for child in case} & {"failure", "error"}:
            outcomes[name] = "failed"
        elif "pytest.xfail" in kinds:
            outcomes.setdefault(name, "expected")
        else:
            skipped = any(child.tag == "skipped" for child in case)
            outcomes.setdefault(name, "skipped" if skipped else "passed")
    return outcomes


def passing_with_the_wheel_alone(results: dict[str, Result]) -> Iterator[str]:
    """Yield the names of the tests that the modules lose."""
    with_modules = results[SWAPPED].outcomes
    for name, outcome in results[WHEEL].outcomes.items():
        if outcome == "passed" and with_modules.get(name) not in ("passed", "expected"):
            yield name


def merged(results: dict[str, dict[str, Result]], which: str) -> Result:
    every = [result[which] for result in results.values()]
    outcomes = {name: each for one in every for name, each in one.outcomes.items()}
    return Result(outcomes, sum(one.seconds for one in every))


def print_row(name: str, results: dict[str, Result]) -> None:
    wheel, swapped = results[WHEEL], results[SWAPPED]
    lost = len(list(passing_with_the_wheel_alone(results)))
    print(
        f"{name:14} wheel: {wheel.count('passed')} passed, {wheel.count('failed')} failed;"
        f" f2pypy: {swapped.count('passed')} passed, {swapped.count('failed')} failed; {lost} lost;"
        f" CPU {wheel.seconds:.0f} s and {swapped.seconds:.0f} s",
        flush=True,
    )


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


if __name__ == "__main__":
    raise SystemExit(main())
