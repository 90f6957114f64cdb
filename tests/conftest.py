"""What several test files need."""

import gc
import shutil
import signal
import subprocess
import sys

import pytest

# A shell ignores interrupts in what it runs in the background, and children inherit that. The programs that the
# tests interrupt would never end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="module")
def collected():
    """Leave the objects of earlier test files alone in what collects garbage: a process has millions by and by."""
    gc.collect()
    if hasattr(gc, "freeze"):  # PyPy's has generations instead
        gc.freeze()


@pytest.fixture
def frequent_switches():
    """Let CPython change threads all the time."""
    if not hasattr(sys, "setswitchinterval"):
        yield
        return
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def nothing_promised(monkeypatch):
    """A compiler holds a source to its INTENT(IN), and nobody a signature file: strings are copied as for that."""
    from f2pypy.resolve.arguments import dummies

    monkeypatch.setattr(dummies, "is_read_only", lambda *_: False)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """A function from Fortran text and compiler options to the path of a shared library."""
    if shutil.which("gfortran") is None:
        pytest.skip("needs gfortran")
    directory = tmp_path_factory.mktemp("libraries")
    made = {}

    def compile_library(text, *options):
        if (text, options) not in made:
            free = not text.startswith("\n      ")
            source = directory / f"source{len(made)}.{'f90' if free else 'f'}"
            library = directory / f"library{len(made)}.so"
            source.write_text(text)
            command = [
                "gfortran",
                "-shared",
                "-fPIC",
                "-O1",
                *options,
                str(source),
                "-o",
                str(library),
            ]
            subprocess.run(command, check=True, capture_output=True, cwd=directory)
            made[text, options] = library
        return made[text, options]

    return compile_library
