"""From a command line to a file, messages and an exit status: the only module that prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import f2pypy
from f2pypy.arguments import Action, Command, UsageError, parse, usage
from f2pypy.diagnostics import Diagnostic, F2pypyError, Severity
from f2pypy.sources import STANDARD_STREAM, read_text, write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy.options import Options
    from f2pypy.pipeline import Generated

WRITTEN = 0
BAD_INPUT = 1
BAD_USAGE = 2
INTERNAL_ERROR = 3
INTERRUPTED = 130  # what a shell reports for SIGINT

COLOURS = {
    Severity.ERROR: "\033[1;31m",
    Severity.SKIPPED: "\033[1;33m",
    Severity.WARNING: "\033[1;35m",
    Severity.NOTE: "\033[1;36m",
}
PLAIN = "\033[0m"
# a source line may hold anything; a terminal would act on some of it
UNPRINTABLE = {
    code: "?" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"
}


def run(argv: Sequence[str]) -> int:
    """Do what `argv` (without the program's name) says and return the exit status."""
    try:
        command = parse(argv)
    except UsageError as error:
        _complain(f"{error}\ntry: f2pypy --help")
        return BAD_USAGE
    try:
        return _obey(command)
    except F2pypyError as error:
        _show(error.diagnostics)
        return BAD_INPUT
    except KeyboardInterrupt:
        _complain("interrupted, nothing was written")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has gone; Python would complain once more when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
    except Exception as error:
        _complain(
            f"internal error: {type(error).__name__}: {error}\nthis is a fault of f2pypy; --verbose shows where"
        )
        if command.verbose:
            sys.excepthook(*sys.exc_info())
        return INTERNAL_ERROR


def _obey(command: Command) -> int:
    match command.action:
        case Action.HELP:
            sys.stdout.write(usage())
        case Action.VERSION:
            print(f2pypy.__version__)
        case Action.GENERATE:
            return _generate(command)
        case Action.BUILD:
            return _build(command)
        case Action.SCAN:
            return _scan(command)
        case Action.SIGNATURE:
            return _write_signature(command)
    return WRITTEN


def _generate(command: Command) -> int:
    try:
        text, path = read_text(command.source)
    except (OSError, ValueError) as error:
        _complain(f"{command.source} can't be read: {_reason(error)}")
        return BAD_INPUT
    # loads the parsers and the templates, which --help and a wrong path have no need of
    from f2pypy.pipeline import generate_module

    generated = generate_module(text, path, command.options)
    output = command.output or _default_output(command, generated)
    if command.source != STANDARD_STREAM and _same_file(command.source, output):
        _complain(f"{output} is the source itself; choose another name with -o")
        return BAD_USAGE
    return _deliver(command, generated, output)


def _build(command: Command) -> int:
    from f2pypy.pipeline import build_module, with_kinds

    output = command.output or ""
    folder = Path(output).parent if output else Path()
    try:
        options = _report_kinds(command, with_kinds(command.options, command.f2cmap))
        signature = read_text(command.source) if command.source else None
        generated = build_module(
            signature, command.sources, command.extras, options, command.build, folder
        )
    except (OSError, ValueError) as error:
        _complain(_unreadable(command, error))
        return BAD_INPUT
    return _deliver(command, generated, output or f"{generated.module}.py")


def _scan(command: Command) -> int:
    from f2pypy.build import library_name
    from f2pypy.pipeline import scan_sources, with_kinds

    try:
        options = _report_kinds(command, with_kinds(command.options, command.f2cmap))
        generated = scan_sources(command.sources, options, command.build)
    except (OSError, ValueError) as error:
        _complain(_unreadable(command, error))
        return BAD_INPUT
    output = command.output or f"{generated.module}.py"
    status = _deliver(command, generated, output)
    if status == WRITTEN and not command.quiet:
        print(
            f"{output} looks for {library_name(generated.module)} beside it; -c compiles it"
        )
    return status


def _report_kinds(command: Command, options: Options) -> Options:
    """Say what a chosen f2cmap means, and return the options."""
    if command.f2cmap and not command.quiet:
        print(f"Reading f2cmap from {command.f2cmap!r} ...")
        for type_, kind, c_type in options.kinds:
            print(f'\tMapping "{type_}(kind={kind})" to "{c_type}"')
        print("Successfully applied user defined f2cmap changes")
    return options


def _write_signature(command: Command) -> int:
    from f2pypy.pipeline import describe, with_kinds

    target = command.signature
    shown = target in ("stdout", STANDARD_STREAM)
    if not shown and Path(target).exists() and not command.overwrite_signature:
        _complain(
            f"{target} exists and stays as it is. Use --overwrite-signature to replace it."
        )
        return BAD_USAGE
    try:
        options = with_kinds(command.options, command.f2cmap)
        signature = read_text(command.source) if command.source else None
        text, messages = describe(signature, command.sources, options, command.build)
    except (OSError, ValueError) as error:
        _complain(_unreadable(command, error))
        return BAD_INPUT
    try:
        write_whole(text, STANDARD_STREAM if shown else target)
    except OSError as error:
        _complain(f"{target} can't be written: {_reason(error)}")
        return BAD_INPUT
    if not command.quiet:
        _show(messages)
        # on standard output it is a comment of the signature file
        mark = "! " if shown else ""
        print(f'{mark}Saving signatures to file "{target}"')
    return WRITTEN


def _unreadable(command: Command, error: OSError | ValueError) -> str:
    """Return which file can't be read, and why."""
    named = error.filename if isinstance(error, OSError) else None
    return f"{named or command.source or 'a source'} can't be read: {_reason(error)}"


def _deliver(command: Command, generated: Generated, output: str) -> int:
    """Write the module and say what there is to say."""
    try:
        write_whole(generated.text, output)
    except BrokenPipeError:
        raise
    except OSError as error:
        _complain(f"{output} can't be written: {_reason(error)}")
        return BAD_INPUT
    _summarize(command, generated, output)
    return WRITTEN


def _default_output(command: Command, generated: Generated) -> str:
    return (
        STANDARD_STREAM
        if command.source == STANDARD_STREAM
        else f"{generated.module}.py"
    )


def _same_file(source: str, output: str) -> bool:
    with contextlib.suppress(OSError):
        return Path(source).samefile(output)
    return False


def _summarize(command: Command, generated: Generated, output: str) -> None:
    if command.quiet:
        return
    for remark in command.remarks:
        print(f"f2pypy: {remark}", file=sys.stderr)
    _show((*generated.warnings, *generated.skipped))
    wrapped, skipped = len(generated.wrapped), len(generated.skipped)
    lines = [f"  {name}" for name in generated.wrapped] if command.verbose else []
    lines.append(
        f"{output}: {wrapped} routine{'' if wrapped == 1 else 's'} wrapped, {skipped} skipped"
    )
    # a module on standard output leaves no room there for anything else
    print(
        "\n".join(lines), file=sys.stderr if output == STANDARD_STREAM else sys.stdout
    )


def _show(diagnostics: Iterable[Diagnostic]) -> None:
    coloured = _wants_colours()
    for each in diagnostics:
        label = (
            f"{COLOURS[each.severity]}{each.severity.value}{PLAIN}" if coloured else ""
        )
        print(_printable(each).format(label=label), file=sys.stderr)


def _printable(diagnostic: Diagnostic) -> Diagnostic:
    return replace(
        diagnostic,
        message=diagnostic.message.translate(UNPRINTABLE),
        source=diagnostic.source.translate(UNPRINTABLE),
    )


def _wants_colours() -> bool:
    return (
        sys.stderr.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def _complain(message: str) -> None:
    print(f"f2pypy: {message.translate(UNPRINTABLE)}", file=sys.stderr)


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
