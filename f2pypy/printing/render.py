"""From a plan to Python text: the Jinja environment, its filters, and the check that the result compiles."""

from __future__ import annotations
import __future__

import contextlib
import importlib.util
import keyword
import os
import pickle
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from f2pypy import plan
from f2pypy.expressions.functions import typed_function
from f2pypy.expressions.nodes import Bounds, Expression, Name, Unary
from f2pypy.printing.embedding import (
    Excerpt,
    Import,
    is_third_party,
    merge_imports,
    needed,
)
from f2pypy.printing.filling import WIDTH, fill
from f2pypy.printing.functions import print_function
from f2pypy.printing.global_names import FUTURE, give_way, global_names
from f2pypy.printing.python import format_python
from f2pypy.printing.vectors import print_elementwise
from f2pypy.runtime_names import runtime_names

PACKAGE = Path(__file__).parent.parent
# The place between a definition and the next.
DEFINITION = re.compile(r"\n\n\n(?=@|def |_|#)")
# Where the imports and the runtime will stand in the text: no other comment holds a NUL.
IMPORTS, RUNTIME = "# \0imports", "# \0runtime"
LICENCE = """\
# What follows is f2pypy's own code: Copyright (c) 2026, The f2pypy developers. BSD-3-Clause; as an exception, modules
# that carry it or import it may be distributed under any terms, without this notice.
"""
# Names in the text that come from elsewhere than the runtime.
STANDARD = {
    "np": Import("numpy as np", ()),
    "math": Import("math", ()),
    "Callable": Import("collections.abc", ("Callable",)),
    "Any": Import("typing", ("Any",)),
    "ArrayLike": Import("numpy.typing", ("ArrayLike",)),
    "NDArray": Import("numpy.typing", ("NDArray",)),
}
ANNOTATION = re.compile(r"[\w.\[\], |]+")


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
    found.globals["printed_object"] = printed_object
    return found


@cache
def macros() -> Any:
    """Return the module of the step macros."""
    return environment().get_template("steps.py.j2").module


@cache
def object_macros() -> Any:
    """Return the module of the macros of common blocks and Fortran modules."""
    return environment().get_template("objects.py.j2").module


def printed_object(made: plan.CommonBlock | plan.FortranModule) -> str:
    """Return the statement that makes an object."""
    text: str = getattr(object_macros(), type(made).__name__)(made)
    return text


def printed(node: Any, *context: Any) -> str:
    """Return what the macro named after the node's class makes of it."""
    text: str = getattr(macros(), type(node).__name__)(node, *context)
    return fill(text)


def render(module: plan.Module) -> str:
    """Return the text of the generated module; it compiles and is formatted.

    The routines are printed first: the names in them say what is imported and embedded.
    """
    printed = environment().get_template("module.py.j2")
    parts = [RUNTIME] if embeds(module) else []
    text = printed.render(module=module, imports=[IMPORTS], parts=parts)
    used = names_in(text)
    imports, runtime = surroundings(module, used)
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


def surroundings(module: plan.Module, used: set[str]) -> tuple[str, str]:
    """Return the import statements that names in the text need, and the embedded definitions."""
    imports = [item for name, item in STANDARD.items() if name in used]
    definers = runtime_names().definers
    own = sorted(used & definers.keys())
    if embeds(module):
        closure = needed(own)
        imports += closure.imports()
        parts = map(banner, closure.excerpts())
        return import_lines(imports), "\n\n".join([LICENCE, *parts])
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
    lines: list[str] = []
    empty = 0
    for line in text.splitlines():
        empty = empty + 1 if not line.strip() else 0
        if empty <= 2:
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


def embeds(module: plan.Module) -> bool:
    """Whether the module carries the definitions that it runs on."""
    return module.runtime == "embedded" and not module.runtime_module


def render_runtime(docstring: str) -> str:
    """Return the text of a module that is the whole runtime, for others to import, below its `docstring`."""
    closure = needed(runtime_names().definers)
    parts = map(banner, closure.excerpts())
    imports = import_lines(closure.imports())
    head = f"{docstring}\n# fmt: off\n\n{FUTURE}{imports}\n\n{LICENCE}"
    return tidy_blank_lines("\n\n".join([head, *parts]))


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
    """Return the import statement."""
    if not item.names:
        return f"import {item.module}"
    names = ", ".join(item.names)
    line = f"from {item.module} import {names}"
    return line if len(line) <= WIDTH else f"from {item.module} import ({names})"


def banner(excerpt: Excerpt) -> str:
    """Return the definitions of a file below a line that says where they come from."""
    summary = excerpt.docstring.partition("\n")[0]
    return f"# f2pypy.runtime.{excerpt.name}: {summary}\n\n\n{excerpt.text}"


# Filters: how values of the plan look as Python.


@cache
def identifier(name: str) -> str:
    """Return a name that is printed as it stands; ValueError for what isn't one, whoever let it into the plan."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} can't stand for a name in the output")
    return name


def parameters(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(map(identifier, names))


def flags(names: Iterable[str]) -> str:
    """Return the union of the runtime's flags."""
    return " | ".join(map(identifier, names))


def annotation(text: str) -> str:
    """Return an annotation; ValueError for what none of f2pypy's looks like."""
    if ANNOTATION.fullmatch(text) is None:
        raise ValueError(f"{text!r} can't be an annotation")
    return text


def element_type(text: str) -> str:
    """Return the runtime's name of a type of elements, with its length in brackets for strings."""
    name, bracket, rest = text.partition("(")
    length = f"({int(rest.removesuffix(')'))})" if bracket else ""
    return identifier(name) + length


def quote(text: str) -> str:
    """Return a string literal in double quotes where that needs no escapes."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal


def escape_docstring(text: str) -> str:
    """Return text that stands in a docstring as it is, indented like the def's body."""
    safe = text.replace("\\", "\\\\")
    # three quotes end the docstring, and so does one beside those that end it anyway
    safe = re.sub(r'"{3,}|"+\Z', lambda found: '\\"' * len(found.group()), safe)
    return "".join(c if c == "\n" or c.isprintable() else repr(c)[1:-1] for c in safe)


def indent_docstring(text: str) -> str:
    """Return a function's docstring with its lines indented."""
    lines = escape_docstring(text).split("\n")
    return "\n".join([lines[0], *[f"    {line}" if line else "" for line in lines[1:]]])


def ranks_of(procedure: plan.Procedure) -> Mapping[str, int]:
    """Return the ranks of a procedure's arrays."""
    return dict(procedure.ranks)


def python(
    expression: Expression,
    procedure: plan.Procedure,
    facts: tuple[Expression, ...] = (),
) -> str:
    """Return an expression as Python text."""
    return format_python(expression, ranks=ranks_of(procedure), facts=facts)


def truth(expression: Expression, procedure: plan.Procedure) -> str:
    """Return an expression as a condition."""
    return format_python(expression, ranks=ranks_of(procedure), truth=True)


def refused(expression: Expression, procedure: plan.Procedure) -> str:
    """Return the condition that the expression does not hold."""
    return format_python(Unary("!", expression), ranks=ranks_of(procedure), truth=True)


def values_shown(check: plan.Check) -> str:
    """Return the value that ends a check's text, None for those without, and the other integers."""
    return ", ".join([check.shown or "None", *map(identifier, check.given)])


def elementwise(expression: Expression, procedure: plan.Procedure) -> str:
    """Return an expression as NumPy operations on all elements at once."""
    return print_elementwise(expression, ranks=ranks_of(procedure))


def c_function(function: plan.Function) -> str:
    """Return the Python function that stands for a C function."""
    names = dict(function.names)
    known = {definition.name: definition for definition in function.known}
    return print_function(typed_function(function.definition, known), names).rstrip(
        "\n"
    )


def places(bounds: Bounds, procedure: plan.Procedure) -> str:
    """Return the places in an array as the arguments of `span`."""
    parts = (bounds.lower, bounds.upper, bounds.stride)
    return ", ".join(python(part, procedure) for part in parts if part is not None)


def extents(values: tuple[Expression | None, ...], procedure: plan.Procedure) -> str:
    """Return a tuple of extents, -1 for those that are open."""
    texts = ["-1" if v is None else python(v, procedure) for v in values]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def slot_values(slots: tuple[plan.Slot, ...], procedure: plan.Procedure) -> str:
    """Return the values that a frame is packed with; a complex number is its two parts."""
    texts: list[str] = []
    for slot in slots:
        assert slot.value is not None
        if not slot.is_complex:
            texts.append(python(slot.value, procedure))
        elif isinstance(slot.value, Name):
            name = identifier(slot.value.name)
            texts += [f"{name}.real", f"{name}.imag"]
        else:
            texts += ["0.0", "0.0"]
    return ", ".join(texts)


def slot_types(slots: tuple[tuple[str, str], ...]) -> str:
    """Return the dictionary of a frame's layout."""
    texts = (f"{quote(name)}: {identifier(code)}" for name, code in slots)
    return "{" + ", ".join(texts) + "}"


def exports(names: tuple[tuple[str, str], ...]) -> str:
    """Return the dictionary of routines that are defined under another name."""
    texts = (f"{quote(name)}: {identifier(function)}" for name, function in names)
    return "{" + ", ".join(texts) + "}"


def texts(entries: tuple[tuple[str, str], ...]) -> str:
    """Return the dictionary of texts by name."""
    return (
        "{" + ", ".join(f"{quote(name)}: {quote(text)}" for name, text in entries) + "}"
    )


def value_types(values: tuple[tuple[int, str], ...]) -> str:
    """Return the dictionary of the types passed by value."""
    texts = (f"{place}: {identifier(code)}" for place, code in values)
    return "{" + ", ".join(texts) + "}"


def names_tuple(names: tuple[str, ...]) -> str:
    """Return a tuple of strings."""
    texts = [quote(name) for name in names]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def variables(names: tuple[str, ...]) -> str:
    """Return a tuple of variables."""
    return f"({parameters(names)},)" if len(names) == 1 else f"({parameters(names)})"


def names_list(names: tuple[str, ...]) -> str:
    """Return a list of strings."""
    return f"[{', '.join(quote(name) for name in names)}]"


def integers(values: tuple[int, ...]) -> str:
    """Return a tuple of integers."""
    return repr(values)


def entries(variables: tuple[plan.FortranVariable, ...]) -> str:
    """Return the tuple of an object's variables, one a line."""
    texts = [str(getattr(object_macros(), type(v).__name__)(v)) for v in variables]
    lines = "".join(f"\n    {text}," for text in texts)
    return f"({lines}\n)" if lines else "()"


def constant_value(constant: plan.Constant) -> str:
    """Return the value of a scalar constant, or those of an array."""
    texts = [format_python(value) for value in constant.values]
    if not constant.extents:
        return texts[0]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def targets(names: tuple[str, ...]) -> str:
    """Return the left side of an unpacking assignment."""
    return f"({parameters(names)},)" if len(names) == 1 else parameters(names)


def search(library: plan.LibrarySearch) -> str:
    """Return the arguments of Library that differ from its defaults, each behind a comma."""
    given = {
        "links": names_tuple(library.links) if library.links else None,
        "directories": names_tuple(library.directories)
        if library.directories
        else None,
        "path": quote(library.path) if library.path else None,
        "symbol": quote(library.symbol) if library.symbol else None,
        "int64": "True" if library.int64 else None,
        "abi": quote(library.abi) if library.abi != "auto" else None,
        "needed": None if library.needed else "False",
        "packages": "blas_packages" if library.packages else None,
    }
    return "".join(f", {key}={value}" for key, value in given.items() if value)


def conventions(compiler: plan.Compiler) -> str:
    """Return the object that stands for the library's compiler."""
    texts = [
        quote(compiler.name),
        f"procedure={quote(compiler.procedure)}",
        f"variable={quote(compiler.variable)}",
    ]
    if compiler.length is not None:
        texts.append(f"length={quote(compiler.length)}")
    if compiler.arrays is not None:
        texts.append(f"arrays={descriptor_layout(compiler.arrays)}")
    if compiler.c_arrays is not None:
        texts.append(f"c_arrays={descriptor_layout(compiler.c_arrays)}")
    if compiler.described_scalars:
        texts.append("described_scalars=True")
    return f"Compiler({', '.join(texts)})"


def descriptor_layout(layout: plan.DescriptorLayout) -> str:
    """Return the object that describes descriptors; what the runtime takes for granted is left out."""
    header = ", ".join(f"{quote(name)}: {quote(code)}" for name, code in layout.header)
    codes = ", ".join(f"{quote(kind)}: {code}" for kind, code in layout.codes)
    texts = [f"{{{header}}}", names_tuple(layout.dimension), f"{{{codes}}}"]
    if layout.version:
        texts.append(f"version={layout.version}")
    if any(layout.attributes):
        texts.append(f"attributes={integers(layout.attributes)}")
    if layout.lower != 1:
        texts.append(f"lower={layout.lower}")
    return f"DescriptorLayout({', '.join(texts)})"


FILTERS = {
    "identifier": identifier,
    "parameters": parameters,
    "flags": flags,
    "annotation": annotation,
    "element_type": element_type,
    "conventions": conventions,
    "fill": fill,
    "quote": quote,
    "docstring": indent_docstring,
    "module_docstring": escape_docstring,
    "python": python,
    "truth": truth,
    "refused": refused,
    "values_shown": values_shown,
    "elementwise": elementwise,
    "places": places,
    "c_function": c_function,
    "extents": extents,
    "slot_values": slot_values,
    "slot_types": slot_types,
    "exports": exports,
    "value_types": value_types,
    "names_tuple": names_tuple,
    "names_list": names_list,
    "variables": variables,
    "targets": targets,
    "integers": integers,
    "entries": entries,
    "constant_value": constant_value,
    "routines": exports,
    "texts": texts,
    "search": search,
}
