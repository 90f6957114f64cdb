"""The command line: words, messages, exit status, and files that appear whole or not at all."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import f2pypy
from f2pypy.command import cli
from f2pypy.command.arguments import Command, parse, usage
from f2pypy.command.flags import FLAGS, WORD_LISTS, Action
from f2pypy.command.usage import UsageError
from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity, Span
from f2pypy.options import Options

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Generated:
    text: str
    module: str
    wrapped: tuple[str, ...]
    skipped: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return self.text[:5], self.text[5:]


@dataclass
class FakePipeline:
    """Stands for `f2pypy.pipeline`: remembers what it was given and answers what it was told."""

    answer: Generated | BaseException
    calls: list[tuple[str, str, Options]]

    def generate_module(self, text: str, path: str, options: Options) -> Generated:
        self.calls.append((text, path, options))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


WRITTEN = Generated("value = 1\n", "blas", ("ddot", "daxpy"))
MARKED = Diagnostic(
    Severity.ERROR, Span("blas.pyf", 31, 5), "unknown type 'rael'", "    rael x"
)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakePipeline:
    fake = FakePipeline(WRITTEN, [])
    module = ModuleType("f2pypy.pipeline")
    module.generate_module = fake.generate_module
    monkeypatch.setattr("f2pypy.session.texts.generate_module", fake.generate_module)
    monkeypatch.setitem(sys.modules, "f2pypy.pipeline", module)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blas.pyf").write_text("python module blas\nend\n")
    return fake


def names_here() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


# --- the words -----------------------------------------------------------------------------


def options_of(*argv: str) -> Options:
    return parse(["blas.pyf", *argv]).options


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["-m", "myblas"], Options(module="myblas")),
        (["-lopenblas"], Options(libraries=("openblas",))),
        (["-l", "openblas"], Options(libraries=("openblas",))),
        (
            ["-lblas", "-l", "lapack", "-lfoo.bar"],
            Options(libraries=("blas", "lapack", "foo.bar")),
        ),
        (["-L/opt/lib", "-L", "lib"], Options(directories=("/opt/lib", "lib"))),
        (["--library", "/x/libblas.so.3"], Options(library_path="/x/libblas.so.3")),
        (["--library=/x=y/libblas.so"], Options(library_path="/x=y/libblas.so")),
        (["--symbol", "scipy_{name}_64_"], Options(symbol="scipy_{name}_64_")),
        (["--int64"], Options(int64=True)),
        (["--abi", "hidden"], Options(abi="hidden")),
        (["--runtime", "import"], Options(runtime="import")),
        (["--strict"], Options(strict=True)),
        (["--no-native"], Options(native=False)),
        (
            ["-Iinc", "-I", "more", "--include-paths", "a:b"],
            Options(include_dirs=("inc", "more", "a", "b")),
        ),
        # as a makefile's variable without a value leaves them
        (["--include-paths=", "--include-paths", "", "--f90flags="], Options()),
        (["--f77flags", "", "--opt=", "--arch="], Options()),
        (["--include_paths=c"], Options(include_dirs=("c",))),
        (["only:", "DDOT", "daxpy", ":"], Options(only=("ddot", "daxpy"))),
        (["only:", "ddot", ":", "only:", "dscal"], Options(only=("ddot", "dscal"))),
        (["only:", ":"], Options()),
        (["skip:", "xerbla", ":", "-m", "b"], Options(skip=("xerbla",), module="b")),
        ([":"], Options()),
    ],
)
def test_words_become_options(argv: list[str], expected: Options) -> None:
    assert options_of(*argv) == expected


def test_a_source_may_follow_a_list_or_two_dashes() -> None:
    assert parse(["only:", "ddot", ":", "blas.pyf"]).source == "blas.pyf"
    assert parse(["-o", "x.py", "--", "-odd.pyf"]) == Command(
        Action.GENERATE, source="-odd.pyf", output="x.py"
    )
    assert parse(["-"]).source == "-"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["-m", "m"], "expected a source file"),
        (
            ["a.pyf", "b.pyf"],
            "Only one .pyf file per call, these were given: a.pyf b.pyf",
        ),
        (["a.pyf", "-o"], "-o needs FILE after it"),
        (["a.pyf", "--library="], "--library needs PATH after it"),
        (["a.pyf", "--library", ""], "--library needs PATH after it"),
        (["a.pyf", "--f90flags"], "--f90flags needs FLAGS after it"),
        (["a.pyf", "--strict=yes"], "--strict takes no value"),
        (["a.pyf", "--runtim", "import"], "did you mean --runtime?"),
        (["a.pyf", "--foo"], "unknown option --foo; did you mean --"),
        (["a.pyf", "--over"], "did you mean --overwrite-signature?"),
        (
            ["-c", "a.f90", "-fopenmp"],
            "unknown option -fopenmp; flags for compilers go",
        ),
        # none of these is a flag of ours with a value right after it
        (["-c", "a.f90", "-openmp"], "unknown option -openmp"),
        (["-c", "a.f90", "-march=native"], "unknown option -march=native"),
        (["-c", "a.f90", "-cpp"], "unknown option -cpp"),
        (["-c", "a.f90", "-hfile.pyf"], "unknown option -hfile.pyf"),
        (
            ["a.pyf", "--runtime", "both"],
            "runtime is one of embedded, import, or a file that ends in .py; 'both' was given",
        ),
        (["a.pyf", "--abi", "cdecl"], "abi is one of"),
        (["a.pyf", "--symbol", "dot_"], "a symbol pattern has {name} once"),
        (["a.pyf", "--symbol", "{name}{name}"], "a symbol pattern has {name} once"),
        (["a.pyf", "--symbol", "{name}'"], "a symbol pattern may have only letters"),
        (["a.pyf", "-m", "a-b"], "'a-b' can't be the name of a Python module"),
        (["a.pyf", "-m", "class"], "'class' can't be the name of a Python module"),
        (["a.pyf", "only:", "ddot:"], "end the list with a colon"),
        (["a.pyf", "skip:", "d-dot", ":"], "'d-dot' can't be the name of a routine"),
        (["a.pyf", "--quiet", "--verbose"], "exclude each other"),
        (["a.pyf", "-h"], "-h needs FILE after it"),
    ],
)
def test_bad_usage_is_explained(
    argv: list[str],
    message: str,
    pipeline: FakePipeline,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith("f2pypy: ")
    assert err.count("\n") == 1
    assert "usage:" not in err
    assert pipeline.calls == []


def test_every_flag_is_in_the_help_and_sets_something() -> None:
    for flag in FLAGS:
        assert f"  {flag.names[0]}" in usage()
        assert flag.help in usage()
    for each in WORD_LISTS:
        assert each.names[0] in usage()
    assert len({name for flag in FLAGS for name in flag.names}) == sum(
        len(flag.names) for flag in FLAGS
    )


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--help"], []):
        assert cli.run(argv) == 0
        assert capsys.readouterr().out == usage()
    for word in ("-v", "--version"):
        assert cli.run([word]) == 0
        assert capsys.readouterr().out == f"{f2pypy.__version__}\n"


def test_h_does_not_print_help() -> None:
    with pytest.raises(UsageError, match=r"-h needs FILE after it$"):
        parse(["-h"])


# --- a run ---------------------------------------------------------------------------------


def test_a_module_is_written_and_summed_up(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["blas.pyf", "-o", "out.py", "-lblas"]) == 0
    assert Path("out.py").read_text() == "value = 1\n"
    assert pipeline.calls == [
        ("python module blas\nend\n", "blas.pyf", Options(libraries=("blas",)))
    ]
    assert capsys.readouterr() == ("out.py: 2 routines wrapped, 0 skipped\n", "")


def test_the_output_is_named_after_the_module(pipeline: FakePipeline) -> None:
    assert cli.run(["blas.pyf"]) == 0
    assert names_here() == ["blas.py", "blas.pyf"]


def test_skipped_routines_and_warnings_are_listed(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    skip = Diagnostic(
        Severity.SKIPPED, Span("blas.pyf", 7, 3), "csrot: no type quad", "  quad x"
    )
    warning = Diagnostic(Severity.WARNING, Span("blas.pyf", 2), "odd")
    pipeline.answer = Generated("", "blas", ("ddot",), (skip,), (warning,))
    assert cli.run(["blas.pyf"]) == 0
    out, err = capsys.readouterr()
    assert out == "blas.py: 1 routine wrapped, 1 skipped\n"
    assert err == (
        "blas.pyf:2: warning: odd\nblas.pyf:7:3: skipped: csrot: no type quad\n      quad x\n      ^\n"
    )
    assert cli.run(["blas.pyf", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_verbose_lists_the_routines(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["blas.pyf", "--verbose"]) == 0
    assert (
        capsys.readouterr().out
        == "  ddot\n  daxpy\nblas.py: 2 routines wrapped, 0 skipped\n"
    )


def test_all_errors_are_shown_with_line_and_caret(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    second = Diagnostic(
        Severity.ERROR, Span("blas.pyf", 40, 2), "no such name", "\tn = \033[2Jm"
    )
    pipeline.answer = F2pypyError((MARKED, second))
    assert cli.run(["blas.pyf", "--quiet"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "blas.pyf:31:5: error: unknown type 'rael'\n        rael x\n        ^\n"
        "blas.pyf:40:2: error: no such name\n    \tn = ?[2Jm\n    \t^\n"
    )
    assert names_here() == ["blas.pyf"]


def test_a_fault_of_f2pypy_is_called_one(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.answer = RecursionError("too deep")
    assert cli.run(["blas.pyf"]) == 3
    err = capsys.readouterr().err
    assert err.startswith("f2pypy: internal error: RecursionError: too deep\n")
    assert "Traceback" not in err
    assert cli.run(["blas.pyf", "--verbose"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfend\n", "end\n"),
        ("! Größe\n".encode(), "! Größe\n"),
        ("! Größe\n".encode("latin-1"), "! Größe\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_texts_of_any_age_are_read(
    content: bytes, expected: str, pipeline: FakePipeline
) -> None:
    Path("blas.pyf").write_bytes(content)
    assert cli.run(["blas.pyf"]) == 0
    assert pipeline.calls[0][0] == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "it is a directory, not a file"),
        ("pipe.pyf", "it is a pipe (FIFO), not a file"),
        ("pipe.f90", "it is a pipe (FIFO), not a file"),
        ("socket.pyf", "it is a socket, not a file"),
        ("/dev/null", "it is a device, not a file"),
        ("binary.pyf", "not a text file"),
    ],
)
def test_unreadable_sources(
    name: str, reason: str, pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe.pyf")
    os.mkfifo("pipe.f90")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.pyf")
    Path("binary.pyf").write_bytes(b"\x7fELF\0\0")
    assert cli.run([name]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"f2pypy: {name} can't be read: ")
    assert reason in err


# --- whole or not at all -------------------------------------------------------------------


def folder_is_clean(before: str) -> bool:
    return (
        names_here() == ["blas.py", "blas.pyf"]
        and Path("blas.py").read_text() == before
    )


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("where", ["fsync", "rename"])
def test_a_failed_write_leaves_the_old_file(
    failure: BaseException,
    where: str,
    pipeline: FakePipeline,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("blas.py").write_text("old")

    def fail(*_: object) -> None:
        raise failure

    if where == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    status = cli.run(["blas.pyf"])
    assert folder_is_clean("old")
    err = capsys.readouterr().err
    if isinstance(failure, OSError):
        assert status == 1
        assert err == "f2pypy: blas.py can't be written: No space left on device\n"
    else:
        assert status == 130
        assert "interrupted" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_reported(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["blas.pyf", "-o", "/dev/full"]) == 1
    assert "/dev/full can't be written: No space left" in capsys.readouterr().err


def test_a_missing_or_wrong_folder_is_reported(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["blas.pyf", "-o", "no/such/blas.py"]) == 1
    assert (
        "no/such/blas.py can't be written: No such file or directory"
        in capsys.readouterr().err
    )
    Path("folder").mkdir()
    assert cli.run(["blas.pyf", "-o", "folder"]) == 1
    assert "folder can't be written: Is a directory" in capsys.readouterr().err


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere"
)
def test_an_unwritable_folder_is_reported(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder").mkdir(mode=0o500)
    assert cli.run(["blas.pyf", "-o", "folder/blas.py"]) == 1
    assert (
        "folder/blas.py can't be written: Permission denied" in capsys.readouterr().err
    )


def test_the_source_is_never_overwritten(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["blas.pyf", "-o", "./blas.pyf"]) == 2
    assert "is the source file" in capsys.readouterr().err
    assert Path("blas.pyf").read_text() == "python module blas\nend\n"


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_modes_and_links_are_kept(pipeline: FakePipeline) -> None:
    previous = os.umask(0o027)
    try:
        assert cli.run(["blas.pyf", "-o", "new.py"]) == 0
    finally:
        os.umask(previous)
    assert stat.S_IMODE(Path("new.py").stat().st_mode) == 0o640
    Path("new.py").chmod(0o600)
    Path("link.py").symlink_to("new.py")
    assert cli.run(["blas.pyf", "-o", "link.py"]) == 0
    assert Path("link.py").is_symlink()
    assert stat.S_IMODE(Path("new.py").stat().st_mode) == 0o600


# --- streams and terminals: a process of its own -------------------------------------------

FAKE_PROGRAM = textwrap.dedent(
    """
    import sys, types
    from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity, Span
    from tests.test_cli import Generated

    def generate_module(text, path, options):
        if "bad" in text:
            raise F2pypyError((Diagnostic(Severity.ERROR, Span(path, 1, 1), "bad", text.strip()),))
        return Generated("# Größe\\n" * (10000 if "long" in text else 1), "blas", ("ddot",))

    fake = types.ModuleType("f2pypy.pipeline")
    fake.generate_module = generate_module
    sys.modules["f2pypy.pipeline"] = fake
    from f2pypy.__main__ import main
    sys.exit(main())
    """
)


def fake_program(*argv: str, **keywords: object) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "ascii",
        **keywords.pop("env", {}),
    }
    return subprocess.run(
        [sys.executable, "-c", FAKE_PROGRAM, *argv],
        env=environment,
        timeout=60,
        check=False,
        **keywords,
    )


def test_a_dash_is_standard_input_and_output(tmp_path: Path) -> None:
    done = fake_program("-", input=b"good", capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "# Größe\n".encode())
    assert done.stderr == b"-: 1 routine wrapped, 0 skipped\n"
    done = fake_program(
        "-", "-o", "m.py", input=b"good", capture_output=True, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "m.py").read_bytes() == "# Größe\n".encode()
    done = fake_program("-", input=b"bad", capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"<stdin>:1:1: error: bad\n    bad\n    ^\n"


def test_a_reader_that_left_is_no_traceback(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = fake_program(
        "-", input=b"long", stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path
    )
    os.close(writer)
    assert done.returncode == 1
    assert done.stderr == b""


def stderr_on_a_terminal(**environment: str) -> str:
    # not at the top: the programs of these tests import this file, too
    from terminals import open_terminal

    terminal, tail = open_terminal()
    fake_program(
        "-", input=b"bad", stdout=subprocess.DEVNULL, stderr=tail, env=environment
    )
    os.close(tail)
    try:
        return os.read(terminal, 4096).decode()
    finally:
        os.close(terminal)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_colours_are_for_terminals() -> None:
    assert "\033[1;31merror\033[0m: bad" in stderr_on_a_terminal(
        TERM="xterm", NO_COLOR=""
    )
    assert "\033" not in stderr_on_a_terminal(TERM="xterm", NO_COLOR="1")
    assert "\033" not in stderr_on_a_terminal(TERM="dumb", NO_COLOR="")


# --- the public API ------------------------------------------------------------------------


def test_generate_takes_a_path_or_a_text(pipeline: FakePipeline) -> None:
    assert f2pypy.generate("blas.pyf") == "value = 1\n"
    assert (
        f2pypy.generate(Path("blas.pyf"), libraries=["blas"], only=["DDOT"])
        == "value = 1\n"
    )
    assert (
        f2pypy.generate(
            "python module m\nend\n", module="m", library_path=Path("/x.so")
        )
        == "value = 1\n"
    )
    text = "python module blas\nend\n"
    assert pipeline.calls == [
        (text, "blas.pyf", Options()),
        (text, "blas.pyf", Options(libraries=("blas",), only=("ddot",))),
        ("python module m\nend\n", "<text>", Options(module="m", library_path="/x.so")),
    ]


def test_generate_says_what_it_left_out(pipeline: FakePipeline) -> None:
    skip = Diagnostic(
        Severity.SKIPPED, Span("blas.pyf", 7, 3), "csrot: no type quad", "  quad x"
    )
    pipeline.answer = Generated("", "blas", (), (skip,))
    with pytest.warns(
        UserWarning, match="blas.pyf:7:3: skipped: csrot: no type quad"
    ) as caught:
        f2pypy.generate("blas.pyf")
    assert caught[0].filename == __file__


def test_generate_refuses_what_makes_no_sense(pipeline: FakePipeline) -> None:
    with pytest.raises(FileNotFoundError):
        f2pypy.generate("missing.pyf")
    with pytest.raises(ValueError, match="libraries is a list of names"):
        f2pypy.generate("blas.pyf", libraries="openblas")
    with pytest.raises(ValueError, match="abi is one of auto, registers, hidden"):
        f2pypy.generate("blas.pyf", abi="cdecl")
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        f2pypy.absent  # noqa: B018 - the look-up is the test
    assert {"Options", "F2pypyError", "generate"} <= set(dir(f2pypy))
    assert f2pypy.Options is Options
    assert f2pypy.F2pypyError is F2pypyError
    assert pipeline.calls == []


# --- what a start loads --------------------------------------------------------------------


def loaded_by(program: str) -> set[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys\n{program}\nsys.stdout.write(' '.join(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


HEAVY = {"fparser", "jinja2", "pycparser", "numpy", "llvmlite", "ctypes"}


def test_the_package_loads_no_parser_and_no_template() -> None:
    assert not loaded_by("import f2pypy; f2pypy.Options; f2pypy.F2pypyError") & HEAVY
    assert (
        not loaded_by(
            "import f2pypy.command.cli, f2pypy.command.arguments as c; c.parse(['a.pyf']); c.usage()"
        )
        & HEAVY
    )


def test_an_interrupt_ends_without_traceback(tmp_path: Path) -> None:
    program = FAKE_PROGRAM.replace(
        'if "bad" in text:',
        "import time; print('ready', flush=True); time.sleep(60)\n    if 'bad' in text:",
    )
    (tmp_path / "blas.pyf").write_text("good")
    running = subprocess.Popen(
        [sys.executable, "-c", program, "blas.pyf"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"ready\n"
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == b"f2pypy: interrupted, nothing was written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["blas.pyf"]
