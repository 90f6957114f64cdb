"""From a plan to Python text: the Jinja environment, its filters, and the check that the result compiles."""

from __future__ import annotations
import __future__

import contextlib
import importlib.util
import os
import pickle
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from f2pypy import plan
from f2pypy.files.runtime_names import runtime_names
from f2pypy.printing.data import data, names_by_text, texts
from f2pypy.printing.embedding import (
    Closure,
    Import,
    everything,
    is_third_party,
    merge_imports,
    needed,
)
from f2pypy.printing.filling import WIDTH, fill
from f2pypy.printing.generics import (
    generic_call,
    generic_fit,
    generic_parameters,
    generic_refusal,
    packed_values,
    shortcuts,
)
from f2pypy.printing.global_names import FUTURE, give_way, global_names
from f2pypy.printing.methods import (
    assignments,
    method_call,
    operations,
    operator_parameters,
)
from f2pypy.printing.passing import invocation
from f2pypy.printing.records import components, initialization, initializer
from f2pypy.printing.spelling import (
    annotation,
    c_function,
    declared,
    elementwise,
    escape_docstring,
    identifier,
    indent_docstring,
    names_list,
    python,
    quote,
    refused,
    return_values,
    routine,
    slot_values,
    targets,
    truth,
)
from f2pypy.printing.steps import (
    applied,
    bound,
    checked_record,
    conversion,
    conversion_or_default,
    converted,
    deferred_record,
    exception,
    has_axes,
    held,
    hidden_text,
    holder,
    holding,
    in_memory,
    misfit,
    new_array,
    new_record_array,
    nothing_given,
    otherwise,
    pointer_cell,
    raising,
    record_array,
    record_left,
    refusal,
    shown_record,
    span,
    store,
    strange_record,
    target,
    triangle,
)

PACKAGE = Path(__file__).parent.parent
# The place between a definition and the next, or between the assignments to two of the module's own variables.
DEFINITION = re.compile(r"\n\n\n(?=@|def |_|#)|\n(?=_\w+ = \w+\()")
TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
EMPTY_LINES = re.compile(r"\n{4,}")
ATTRIBUTE = re.compile(r"\.([^\W\d]\w*)")
# Where the imports and the runtime will stand in the text: no other comment holds a NUL.
IMPORTS, RUNTIME = "# \0imports", "# \0runtime"
LICENCE = """\
# What follows is f2pypy's own code: Copyright (c) 2026, The f2pypy developers. BSD-3-Clause; as an exception, modules
# that carry it or import it may be distributed under any terms, without this notice.
"""
# The templates with a macro for each class of steps.
STEPS = ("steps.py.j2", "procedure_steps.py.j2", "record_steps.py.j2")
# Names in the text that come from elsewhere than the runtime.
STANDARD = {
    "np": Import("numpy as np", ()),
    "math": Import("math", ()),
    "IntEnum": Import("enum", ("IntEnum",)),
    "Callable": Import("collections.abc", ("Callable",)),
    "Any": Import("typing", ("Any",)),
    "overload": Import("typing", ("overload",)),
    "ArrayLike": Import("numpy.typing", ("ArrayLike",)),
    "NDArray": Import("numpy.typing", ("NDArray",)),
}


def template_folder() -> Path:
    """Return the folder of the templates: inside the package when installed, beside it in a checkout."""
    for folder in (PACKAGE / "templates", PACKAGE.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates beside {PACKAGE}")


class BytecodeFiles(jinja2.BytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules, and under the same conditions.

    Compiling them takes as long as all the rest of a small file's run.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the path of the compiled template, as Python would name it."""
        return importlib.util.cache_from_source(filename or name)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code from the file, if there is one that was made from the same text."""
        try:
            with Path(bucket.key).open("rb") as file:
                bucket.load_bytecode(file)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the code to its file, unless Python was told to write none."""
        if sys.dont_write_bytecode:
            return
        path = Path(bucket.key)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        # a folder that can't be written to is usual for what an administrator has installed
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(bucket.bytecode_to_string())
            beside.replace(path)


@cache
def environment() -> jinja2.Environment:
    """Return the environment with f2pypy's filters."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()),
        bytecode_cache=BytecodeFiles(),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # no filter's result in what is kept
        autoescape=False,  # the output is Python, quoted by the filters
    )
    found.filters.update(FILTERS)
    found.globals["printed"] = printed
    found.globals["printed_method"] = printed_method
    return found


@cache
def macros() -> dict[str, Any]:
    """Return the macros of the templates of steps by their names, compiled once per process."""
    modules = [environment().get_template(name).module for name in STEPS]
    return {name: macro for each in modules for name, macro in vars(each).items()}


def printed(node: Any, *context: Any) -> str:
    """Return what the macro named after the node's class makes of it."""
    text: str = macros()[type(node).__name__](node, *context)
    return fill(text)


def printed_method(method: plan.AnyMethod) -> str:
    """Return what the macro named after a method's class makes of it."""
    made = environment().get_template("methods.py.j2").module
    text: str = getattr(made, type(method).__name__)(method)
    return text.strip("\n")


def render(module: plan.Module) -> str:
    """Return the text of the generated module; it compiles and is formatted.

    The routines are printed first: the names in them say what is imported and embedded.
    """
    printed = environment().get_template("module.py.j2")
    parts = [RUNTIME] if embeds(module) else []
    text = printed.render(module=module, imports=[IMPORTS], parts=parts)
    used = names_in(text)
    imports, runtime = surroundings(module, used, set(ATTRIBUTE.findall(text)))
    text = text.replace(IMPORTS, imports, 1).replace(RUNTIME, runtime, 1)
    text = give_way(tidy_blank_lines(text), module.claimed)
    check_syntax(text, f"<{module.name}>")
    return text


def names_in(text: str) -> set[str]:
    """Return the global names in a text, read definition by definition as `check_syntax` does."""
    text = text.replace(IMPORTS, "").replace(RUNTIME, "")
    try:
        return set().union(*map(global_names, DEFINITION.split(text)))
    except SyntaxError:
        return global_names(text)


def surroundings(
    module: plan.Module, used: set[str], asked: set[str]
) -> tuple[str, str]:
    """Return the import statements that the names `used` in the text need, and the embedded definitions.

    `asked` are the attributes that the text asks for.
    """
    imports = [item for name, item in STANDARD.items() if name in used]
    definers = runtime_names().definers
    own = sorted(used & definers.keys())
    if embeds(module):
        closure = needed(own, asked)
        imports += closure.imports()
        return import_lines(imports), embedded(closure)
    if module.runtime_module:
        line = f"from {module.runtime_module} import ({', '.join(own)})"
        line = line if len(line) > WIDTH else line.replace("(", "").rstrip(")")
        return f"{import_lines(imports)}\n\n{fill(line) if own else ''}", ""
    imports += [Import(f"f2pypy.runtime.{definers[n]}", (n,)) for n in own]
    return import_lines(imports), ""


def check_syntax(text: str, name: str) -> None:
    """Compile a module's text; SyntaxError where that isn't Python.

    Compiling takes twenty times the memory of the text: routines are compiled one after the other.
    """
    flags = __future__.annotations.compiler_flag
    try:
        for part in DEFINITION.split(text):
            compile(part, name, "exec", flags, dont_inherit=True)
    except SyntaxError:
        # a string may look like the place between two definitions
        compile(text, name, "exec", dont_inherit=True)


def tidy_blank_lines(text: str) -> str:
    """Return the text with at most two empty lines in a row and one newline at its end."""
    text = TRAILING_BLANKS.sub("", text)
    return EMPTY_LINES.sub("\n\n\n", text).strip("\n") + "\n"


def embeds(module: plan.Module) -> bool:
    """Whether the module carries the definitions that it runs on."""
    return module.runtime == "embedded" and not module.runtime_module


def render_runtime(docstring: str) -> str:
    """Return the text of a module that is the whole runtime, for others to import, below its `docstring`."""
    closure = everything()
    imports = import_lines(closure.imports())
    head = f"{docstring}\n# fmt: off\n\n{FUTURE}{imports}\n\n"
    return tidy_blank_lines(head + embedded(closure))


def import_lines(imports: Iterable[Import]) -> str:
    """Return import statements in isort's order, with a blank line between sections."""
    lines: list[str] = []
    third_party = False
    for item in merge_imports(imports):
        if is_third_party(item) and not third_party and lines:
            lines.append("")
        third_party = is_third_party(item)
        lines.append(fill(spell_import(item)))
    return "\n".join(lines)


def spell_import(item: Import) -> str:
    """Return the statement on one line, with parentheses where it will be broken."""
    if not item.names:
        return f"import {item.module}"
    names = ", ".join(item.names)
    line = f"from {item.module} import {names}"
    return line if len(line) <= WIDTH else f"from {item.module} import ({names})"


def embedded(closure: Closure) -> str:
    """Return the definitions below the licence."""
    parts = [excerpt.text for excerpt in closure.excerpts()]
    return "\n\n".join([LICENCE, *parts])


# Filters: how values of the plan look as Python.


FILTERS = {
    "annotation": annotation,
    "applied": applied,
    "assignments": assignments,
    "bound": bound,
    "c_function": c_function,
    "checked_record": checked_record,
    "deferred_record": deferred_record,
    "record_left": record_left,
    "shown_record": shown_record,
    "components": components,
    "conversion": conversion,
    "conversion_or_default": conversion_or_default,
    "converted": converted,
    "data": data,
    "declared": declared,
    "dictionary": names_by_text,
    "docstring": indent_docstring,
    "elementwise": elementwise,
    "exception": exception,
    "fill": fill,
    "generic_call": generic_call,
    "generic_fit": generic_fit,
    "generic_parameters": generic_parameters,
    "generic_refusal": generic_refusal,
    "has_axes": has_axes,
    "held": held,
    "hidden_text": hidden_text,
    "holder": holder,
    "holding": holding,
    "identifier": identifier,
    "in_memory": in_memory,
    "initialization": initialization,
    "initializer": initializer,
    "invocation": invocation,
    "method_call": method_call,
    "misfit": misfit,
    "module_docstring": escape_docstring,
    "names_list": names_list,
    "new_array": new_array,
    "new_record_array": new_record_array,
    "nothing_given": nothing_given,
    "operations": operations,
    "operator_parameters": operator_parameters,
    "otherwise": otherwise,
    "packed_values": packed_values,
    "pointer_cell": pointer_cell,
    "python": python,
    "quote": quote,
    "raising": raising,
    "record_array": record_array,
    "refusal": refusal,
    "refused": refused,
    "return_values": return_values,
    "routine": routine,
    "shortcuts": shortcuts,
    "slot_values": slot_values,
    "span": span,
    "store": store,
    "strange_record": strange_record,
    "target": target,
    "targets": targets,
    "texts": texts,
    "triangle": triangle,
    "truth": truth,
}
