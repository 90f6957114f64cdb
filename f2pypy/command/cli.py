"""From a command line to a file, messages and an exit status: the only module that prints."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from f2pypy.command.arguments import Command, parse
from f2pypy.command.flags import Action
from f2pypy.command.inspection import F2CMAP, answer, inputs
from f2pypy.command.looks import (
    COLOURS,
    PLAIN,
    UNPRINTABLE,
    is_terminal,
    printable,
    reason,
    wants_colours,
)
from f2pypy.command.places import messages_of, name_clashes, output_path, same_file
from f2pypy.command.usage import UsageError
from f2pypy.diagnostics import Diagnostic, F2pypyError
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.files.access import (
    STANDARD_STREAM,
    Output,
    encoded,
    read_file,
    read_text,
    why_unreadable,
    write_together,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from f2pypy.building.library import Watchers
    from f2pypy.options import Options
    from f2pypy.pipeline import Generated

WRITTEN = 0
BAD_INPUT = 1
BAD_USAGE = 2
INTERNAL_ERROR = 3
INTERRUPTED = 130  # what a shell reports for SIGINT


def run(argv: Sequence[str]) -> int:
    """Do what `argv` (without the program's name) says and return the exit status."""
    try:
        command = parse(argv)
    except UsageError as error:
        _complain(f"{error} (f2pypy --help lists the options)")
        return BAD_USAGE
    try:
        return _obey(command)
    except F2pypyError as error:
        _show(error.diagnostics)
        return BAD_INPUT
    except _UnreadableError as error:
        _complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        _complain("interrupted, nothing was written")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has gone; Python would complain once more when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
    except OSError as error:
        # no folder for temporary files, too many open files, ...
        _complain(f"{error.filename}: {reason(error)}" if error.filename else reason(error))  # fmt: skip
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
        case Action.HELP | Action.VERSION | Action.TOOLS | Action.CMAKE_DIR | Action.COMPLETION:  # fmt: skip
            print(answer(command))
            return WRITTEN
        case Action.DOCTOR:
            return _make(command, _examine)
        case Action.GENERATE:
            return _make(command, _generate)
        case Action.BUILD:
            return _make(command, _build)
        case Action.SCAN:
            return _make(command, _scan)
        case Action.SIGNATURE:
            return _make(command, _write_signature)
        case Action.INPUTS:
            return _make(command, _print_inputs)
    return assert_never(command.action)


def _make(command: Command, work: Callable[[Command], int]) -> int:
    """Do the work if all files can be read."""
    unreadable = {path: why_unreadable(path) for path in command.files}
    reasons = {path: why for path, why in unreadable.items() if why}
    for path, why in reasons.items():
        _complain(f"{path} can't be read: {why}")
    if reasons:
        are_there = all(os.path.lexists(path) for path in reasons)
        return BAD_INPUT if are_there else BAD_USAGE
    return work(command)


class _UnreadableError(Exception):
    """A file that can't be read; its text says which, and why."""


def _read(source: str) -> tuple[str, str]:
    """Return the text of the signature file and its name."""
    try:
        return read_text(source)
    except (OSError, ValueError) as error:
        raise _UnreadableError(f"{source} can't be read: {reason(error)}") from None


def _generate(command: Command) -> int:
    text, path = _read(command.source)
    options = _read_kinds(command)
    # loads the parsers and the templates, which --help and a wrong path have no need of
    from f2pypy.pipeline import generate_module

    generated = generate_module(text, path, options)
    return _deliver(command, generated, output_path(command, generated))


def _build(command: Command) -> int:
    from f2pypy.building.library import library_name
    from f2pypy.compilation import build_module

    if command.output and not _can_be_written(command.output):
        return BAD_INPUT
    options = _read_kinds(command)
    signature = _read(command.source) if command.source else None
    with _watching(command) as watchers:
        built = build_module(
            signature,
            command.sources,
            command.extras,
            options,
            command.build,
            watchers,
        )
    output = command.output or f"{built.generated.module}.py"
    if built.library is None:
        return _deliver(command, built.generated, output)
    folder = Path() if output == STANDARD_STREAM else Path(output).parent
    target = folder / library_name(built.generated.module)
    library = Output(str(target), (built.library.content,), executable=True)
    return _deliver(command, built.generated, output, library, built.library.warnings)


def _can_be_written(output: str) -> bool:
    """Whether there is a folder for the output; compilers shall not run for nothing."""
    if output == STANDARD_STREAM or Path(output).parent.is_dir():
        return True
    _complain(f"{output} can't be written: No such file or directory")
    return False


def _scan(command: Command) -> int:
    from f2pypy.building.library import library_name
    from f2pypy.pipeline import scan_sources

    generated = scan_sources(command.sources, _read_kinds(command), command.build)
    output = output_path(command, generated)
    status = _deliver(command, generated, output)
    is_named = command.options.libraries or command.options.library_path
    if status == WRITTEN and not command.quiet and not is_named:
        print(
            f"{output} looks for {library_name(generated.module)} beside it, which -c would compile",
            file=messages_of(output),
        )
    return status


def _examine(command: Command) -> int:
    from f2pypy.command.doctor import report

    text, is_well = report(command.sources)
    print(text)
    return WRITTEN if is_well else BAD_INPUT


def _print_inputs(command: Command) -> int:
    print("\n".join(_inputs(command)))
    return WRITTEN


def _inputs(command: Command) -> list[str]:
    return inputs(command, _read(command.source) if command.source else None)


def _read_kinds(command: Command) -> Options:
    """Return the options with what an f2cmap says, and tell what that is."""
    if command.f2cmap is None and not Path(F2CMAP).is_file():
        return command.options
    from f2pypy.pipeline import with_kinds

    path = command.f2cmap or F2CMAP
    options, warnings = with_kinds(command.options, path)
    if not command.quiet:
        print(f"Reading f2cmap from {path!r} ...", file=messages_of(command.target))
        for type_, kind, c_type in options.kinds:
            print(
                f'\tMapping "{type_}(kind={kind})" to "{c_type}"',
                file=messages_of(command.target),
            )
        _show(warnings)
        print(
            "Successfully applied user defined f2cmap changes",
            file=messages_of(command.target),
        )
    return options


def _write_signature(command: Command) -> int:
    from f2pypy.pipeline import describe

    target = command.target
    shown = target == STANDARD_STREAM
    if not shown and Path(target).exists() and not command.overwrite_signature:
        _complain(
            f"{target} exists and stays as it is. Use --overwrite-signature to replace it."
        )
        return BAD_USAGE
    options = _read_kinds(command)
    signature = _read(command.source) if command.source else None
    text, messages = describe(signature, command.sources, options, command.build)
    outputs = [Output(target, (text.encode("utf-8"),))]
    outputs += _rule(command, outputs)
    if any(_is_a_source(command, each.path) for each in outputs):
        return BAD_USAGE
    if not _write(outputs, command):
        return BAD_INPUT
    if not command.quiet:
        _show_remarks(command)
        _show(messages)
        # on standard output it is a comment of the signature file
        mark = "! " if shown else ""
        name = "stdout" if shown else target
        print(f'{mark}Saving signatures to file "{name}"')
    return WRITTEN


def _deliver(
    command: Command,
    generated: Generated,
    output: str,
    library: Output | None = None,
    warnings: Sequence[Diagnostic] = (),
) -> int:
    """Write the module, with its library if there is one, and say what there is to say."""
    module = Output(output, encoded(generated.parts))
    outputs = [module] if library is None else [library, module]
    if command.options.runtime_module:
        runtime = _shared_runtime(command)
        if runtime is None:
            return BAD_USAGE
        outputs[:0] = runtime
    outputs += _rule(command, outputs)
    if any(_is_a_source(command, each.path) for each in outputs):
        return BAD_USAGE
    if not _write(outputs, command):
        return BAD_INPUT
    _summarize(command, generated, output, warnings)
    from f2pypy.command.library_check import library_warnings

    for warning in library_warnings(command, output):
        _complain(warning)
    return WRITTEN


def _rule(command: Command, outputs: Sequence[Output]) -> list[Output]:
    """Return the file for --dep-file, none where it isn't wanted."""
    if command.dep_file is None:
        return []
    from f2pypy.building.inputs import rule

    text = rule([each.path for each in outputs], _inputs(command))
    return [Output(command.dep_file, (text.encode("utf-8"),))]


def _shared_runtime(command: Command) -> list[Output] | None:
    """Return the file of the runtime that modules share, none where it is there; None where another is in its place."""
    from f2pypy.pipeline import RUNTIME_TITLE, shared_runtime

    path, content = command.runtime_file, shared_runtime().encode("utf-8")
    there = read_file(path) if Path(path).exists() else content
    if not there.startswith(RUNTIME_TITLE.encode()):
        _complain(
            f"{path} exists and isn't a runtime of f2pypy's, so it is not replaced"
        )
        return None
    is_there = Path(path).exists() and there == content
    return [] if is_there else [Output(path, (content,))]


def _write(outputs: Sequence[Output], command: Command) -> bool:
    folder = command.build.build_dir
    try:
        if folder is not None and command.action is not Action.BUILD:
            Path(folder).mkdir(parents=True, exist_ok=True)
        write_together(outputs)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = error.filename or outputs[-1].path
        _complain(f"{name} can't be written: {reason(error)}")
        return False
    return True


def _is_a_source(command: Command, output: str) -> bool:
    """Whether writing would destroy a file that the command line names."""
    for path in command.files:
        if same_file(path, output):
            _complain(f"{output} is the source file; choose another name with -o")
            return True
    return False


def _summarize(
    command: Command,
    generated: Generated,
    output: str,
    warnings: Sequence[Diagnostic],
) -> None:
    if command.quiet:
        return
    _show_remarks(command)
    for clash in name_clashes(output, generated.module):
        _complain(clash)
    _show((*generated.warnings, *warnings, *generated.skipped))
    # what is left out for several reasons is left out once
    left_out = {
        (each.message.partition(" is left out")[0], each.subjects)
        for each in generated.skipped
    }
    wrapped, skipped = len(generated.wrapped), len(left_out)
    lines = [f"  {name}" for name in generated.wrapped] if command.verbose else []
    lines.append(
        f"{output}: {wrapped} routine{'' if wrapped == 1 else 's'} wrapped, {skipped} skipped"
    )
    print("\n".join(lines), file=messages_of(output))


def _show_remarks(command: Command) -> None:
    for remark in command.remarks:
        print(f"f2pypy: {remark}", file=sys.stderr)


@contextlib.contextmanager
def _watching(command: Command) -> Iterator[Watchers]:
    """Yield those who show on standard error what a build does; the progress line is gone afterwards."""
    from f2pypy.building.library import Watchers

    if command.verbose:
        yield Watchers(command=_show_command)
    elif command.quiet or not is_terminal():
        yield Watchers()
    else:
        from f2pypy.command.progress import ProgressLine

        line = ProgressLine(sys.stderr)
        try:
            yield Watchers(progress=line.show)
        finally:
            line.clear()


def _show_command(command: Sequence[str], errors: str) -> None:
    print(shlex.join(command), file=sys.stderr)
    sys.stderr.write(errors)


def _show(diagnostics: Iterable[Diagnostic]) -> None:
    coloured = wants_colours()
    for each in diagnostics:
        label = (
            f"{COLOURS[each.severity]}{each.severity.value}{PLAIN}" if coloured else ""
        )
        print(printable(each).format(label=label), file=sys.stderr)


def _complain(message: str) -> None:
    print(f"f2pypy: {message.translate(UNPRINTABLE)}", file=sys.stderr)
