"""The directive ``{options}``: f2pypy's command line, from the table that the program itself reads."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from f2pypy.command.flags import FLAGS, UNUSED_FLAGS, UNUSED_MACROS, WORD_LISTS, Flag


def spelled(flag: Flag) -> str:
    """Return every spelling of a flag, each with what follows it."""
    return ", ".join(f"{name} {flag.metavar}".rstrip() for name in flag.names)


# The fields of the command that the options of a group set; "others" is for all that no group names.
GROUPS = {
    "outputs": {
        "output", "module", "build", "signature", "overwrite_signature", "build_dir", "runtime", "dep_file",
        "print_deps",
    },
    "names": {"only", "skip", "lower", "no_lower", "f2cmap"},
    "library": {"libraries", "directories", "library_path", "unchecked", "symbol", "int64", "compiler", "abi"},
    "compiling": {
        "f77flags", "f90flags", "optimization", "noopt", "arch", "noarch", "debug", "fortran", "definitions",
        "dependencies", "include_dirs", "include_paths", "static_runtime",
    },
    "calls": {"no_native", "stop_raises", "isolated"},
}  # fmt: skip


def in_group(flag: Flag, group: str) -> bool:
    """Whether a flag belongs to a group."""
    named = [name for name, fields in GROUPS.items() if flag.sets in fields]
    return group in (named or ["others"])


def used(group: str) -> Iterator[str]:
    """Yield the lines for the options of a group."""
    for flag in (*FLAGS, *WORD_LISTS):
        if in_group(flag, group):
            text = flag.help.replace("*", r"\*")
            text = f"{text[0].upper()}{text[1:]}."
            yield from (f":::{{option}} {spelled(flag)}", text, ":::", "")


def unused() -> Iterator[str]:
    """Yield a table of f2py's options that do nothing here."""
    yield from ("| option | why it does nothing |", "|---|---|")
    for flag in UNUSED_FLAGS:
        names = ", ".join(f"`{f'{name} {flag.metavar}'.rstrip()}`" for name in flag.names)  # fmt: skip
        yield f"| {names} | {flag.remark} |"
    for name, remark in UNUSED_MACROS.items():
        yield f"| `-D{name}` | {remark} |"


class Options(SphinxDirective):
    """Lists the options of a group, or those that are "unused"; the page's format is Markdown."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        (group,) = self.arguments
        listed = unused() if group == "unused" else used(group)
        lines = StringList([*listed], source=self.env.docname)
        parent = nodes.section(document=self.state.document)
        self.state.nested_parse(lines, self.content_offset, parent)
        return parent.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive to Sphinx."""
    app.add_directive("options", Options)
    return {"parallel_read_safe": True}
