"""Shell completion of f2pypy's options, made from their table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy.abi.compilers import names
from f2pypy.command.arguments import DOCTOR
from f2pypy.command.flags import FLAGS, SHELLS, Flag
from f2pypy.options import ABIS, RUNTIMES

# What follows a flag, by the word that usage has for it: a path, or nothing that a shell can know.
FILES = frozenset({"FILE", "PATH", "KIND"})
FOLDERS = frozenset({"DIR", "DIR:DIR"})


def words_after(flag: Flag) -> tuple[str, ...]:
    """Return the words that may follow a flag, none where they can't be listed."""
    match flag.sets:
        case "abi":
            return tuple(ABIS)
        case "compiler":
            return tuple(names())
        case "runtime":
            return tuple(RUNTIMES)
        case "completion":
            return SHELLS
        case _:
            return ()


def completion(shell: str) -> str:
    """Return the text that makes a shell, one of f2pypy.command.flags.SHELLS, complete f2pypy's options."""
    return WRITERS[shell]()


def bash() -> str:
    """Return the function for bash."""
    cases = []
    for flag in FLAGS:
        if flag.metavar:
            found = bash_list(words_after(flag))
            if flag.metavar in FILES:
                found += ' $(compgen -f -- "$word")'
            if flag.metavar in FOLDERS:
                found += ' $(compgen -d -- "$word")'
            cases.append(f"        {'|'.join(flag.names)}) COMPREPLY=({found});;")
    every = bash_list(name for flag in FLAGS for name in flag.names)
    return "\n".join(
        [
            "# bash completion of f2pypy",
            "_f2pypy() {",
            "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}",
            "    local IFS=$'\\n'",
            '    case "$before" in',
            *cases,
            "        *)",
            '            if [[ "$word" == -* ]]; then',
            f"                COMPREPLY=({every})",
            "            else",
            '                COMPREPLY=($(compgen -f -- "$word"))',
            f'                [ "$COMP_CWORD" -gt 1 ] || COMPREPLY+=($(compgen -W {DOCTOR} -- "$word"))',
            "            fi;;",
            "    esac",
            "}",
            "complete -o filenames -F _f2pypy f2pypy",
            "",
        ]
    )


def bash_list(words: Iterable[str]) -> str:
    """Return what gives bash those of some words that begin as the user's does; names of files may have blanks."""
    listed = "\\n".join(words)
    return f"$(compgen -W $'{listed}' -- \"$word\")" if listed else ""


def zsh() -> str:
    """Return the function for zsh, which `compinit` finds as the file ``_f2pypy``."""
    specifications = [
        f"    {quoted(specification)}"
        for flag in FLAGS
        for specification in zsh_specifications(flag)
    ]
    return "\n".join(
        [
            "#compdef f2pypy",
            "_arguments \\",
            *(f"{line} \\" for line in specifications),
            f'    \'1: : _alternative "files:file:_files" "commands:command:({DOCTOR})"\' \\',
            "    '*:file:_files'",
            "",
        ]
    )


def zsh_specifications(flag: Flag) -> Iterator[str]:
    """Yield what ``_arguments`` takes for each spelling of a flag."""
    text = "".join(f"\\{c}" if c in "[]:\\" else c for c in flag.help)
    words = words_after(flag)
    action = "_files" if flag.metavar in FILES else ""
    action = "_files -/" if flag.metavar in FOLDERS else action
    if words:
        action = f"({' '.join(words)})"
    value = f":{flag.metavar.replace(':', ' ')}:{action}" if flag.metavar else ""
    for name in flag.names:
        # a flag whose value may be glued to it, such as -lblas
        joined = "+" if flag.glued else ""
        yield f"*{name}{joined}[{text}]{value}"


def fish() -> str:
    """Return the commands for fish."""
    lines = ["# fish completion of f2pypy"]
    for flag in FLAGS:
        for name in flag.names:
            kind = "l" if name.startswith("--") else "s" if len(name) == 2 else "o"
            parts = [f"complete -c f2pypy -{kind} {name.lstrip('-')}"]
            if flag.metavar:
                parts.append("-r" if flag.metavar in FILES else "-x")
            words = " ".join(words_after(flag))
            if flag.metavar in FOLDERS:
                words = "(__fish_complete_directories)"
            if words:
                parts.append(f"-a {fish_quoted(words)}")
            lines.append(" ".join([*parts, f"-d {fish_quoted(flag.help)}"]))
    lines.append(f"complete -c f2pypy -n __fish_is_first_arg -a {DOCTOR}")
    return "\n".join([*lines, ""])


def quoted(text: str) -> str:
    """Return a text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def fish_quoted(text: str) -> str:
    """Return a text as one word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


WRITERS = {"bash": bash, "zsh": zsh, "fish": fish}
