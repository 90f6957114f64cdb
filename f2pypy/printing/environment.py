"""The templates: what prints a node, with the filters that spell its parts."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from f2pypy import plan
from f2pypy.files.kept import keep, kept_file
from f2pypy.printing import (
    data,
    generics,
    methods,
    module,
    record_steps,
    records,
    spelling,
    steps,
)
from f2pypy.printing.filling import fill
from f2pypy.printing.parameter_names import restored_names
from f2pypy.printing.passing import invocation

PACKAGE = Path(__file__).parent.parent
# A docstring is no statement: its lines are never broken.
DOCSTRING = re.compile(r'(^ *"""(?s:.*?)"""$)', re.MULTILINE)
EMPTY = re.compile(r"^\s*\n", re.MULTILINE)


class Spelled(str):
    """Python text that a filter made. What a template prints is either this, or a name."""

    __slots__ = ()


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
        return str(kept_file(Path(filename or name)))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code from the file, if there is one that was made from the same text."""
        try:
            with Path(bucket.key).open("rb") as file:
                bucket.load_bytecode(file)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the code to its file, unless Python was told to write none."""
        keep(Path(bucket.key), bucket.bytecode_to_string())


@cache
def environment() -> jinja2.Environment:
    """Return the environment with f2pypy's filters."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()),
        bytecode_cache=BytecodeFiles(),
        undefined=jinja2.StrictUndefined,
        finalize=checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # no filter's result in what is kept
        autoescape=False,  # the output is Python, quoted by the filters
    )
    found.filters.update({name: spelling_of(made) for name, made in FILTERS.items()})
    for function in (printed, printed_steps, filled):
        found.globals[function.__name__] = spelling_of(function)
    return found


def checked(value: Any) -> str:
    """Return what a template prints; ValueError for a text that no filter made and that isn't a name."""
    return (
        str(value) if isinstance(value, (Spelled, int)) else spelling.identifier(value)
    )


def spelling_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function with its texts marked as Python."""

    @wraps(function)
    def spelled_by(*arguments: Any) -> Any:
        return spelled(function(*arguments))

    return spelled_by


def spelled(value: Any) -> Any:
    """Return a value with its texts marked as Python: a text, or lists and tuples of them."""
    if isinstance(value, str):
        return Spelled(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(spelled, value))
    return value


@cache
def macros(template: str) -> dict[str, Any]:
    """Return the macros of a template by their names."""
    return vars(environment().get_template(template).module)


def printed(node: Any) -> str:
    """Return a function, a class or a method of the module, as the macro named after its class has it."""
    if isinstance(node, plan.GenericMethod):
        return printed(node.generic)
    text: str = macros("definitions.py.j2")[type(node).__name__](node)
    text = text.strip("\n")
    if isinstance(node, (plan.Procedure, plan.Generic)) and node.restored:
        return restored_names(text, node.restored)
    return text


def broken(text: str) -> str:
    """Return a definition with its long lines broken, but for those of docstrings."""
    parts = DOCSTRING.split(text)
    return "".join(
        part if place % 2 else fill(part) for place, part in enumerate(parts)
    )


def printed_steps(
    made: Iterable[plan.Step | plan.FillByIndex | plan.FillEach],
    procedure: plan.Procedure,
) -> str:
    """Return statements, as the macros named after the steps' classes have them."""
    return "\n".join(printed_step(step, procedure) for step in made)


def printed_step(step: plan.Step, procedure: plan.Procedure) -> str:
    """Return the statements of one step."""
    text: str = macros("steps.py.j2")[steps.macro_name(step)](step, procedure)
    return EMPTY.sub("", text).rstrip("\n")


def filled(
    step: plan.ArrayHidden | plan.ArrayOptional, procedure: plan.Procedure
) -> str:
    """Return the statements that fill a new array, "" where nothing does."""
    if step.filled is not None:
        return printed_step(step.filled, procedure)
    return steps.initial_value(step, procedure)


def indented(text: str) -> str:
    """Return lines of which the first stands behind the indentation of the template."""
    return text.replace("\n", "\n    ")


# Filters: how values of the plan look as Python.

FILTERS: dict[str, Callable[..., Any]] = {
    "annotation": spelling.annotation,
    "applied": steps.applied,
    "assignments": methods.assignments,
    "bound": steps.bound,
    "broken": broken,
    "c_function": spelling.c_function,
    "any_value": record_steps.any_value,
    "checked_record": record_steps.checked_record,
    "class_attributes": data.class_attributes,
    "closer_looks": generics.closer_looks,
    "constructors": records.constructors,
    "conversion": steps.conversion,
    "conversion_or_default": steps.conversion_or_default,
    "converted": steps.converted,
    "declared": spelling.declared,
    "decorators": methods.decorators,
    "deferred_record": record_steps.deferred_record,
    "directives": module.directives,
    "docstring": spelling.indent_docstring,
    "element_type": spelling.element_type,
    "elementwise": spelling.elementwise,
    "error_names": module.error_names,
    "exception": steps.exception,
    "foundations": module.foundations,
    "generic_end": generics.generic_end,
    "generic_locals": generics.generic_locals,
    "generic_parameters": generics.generic_parameters,
    "has_axes": steps.has_axes,
    "held": steps.held,
    "held_record": record_steps.held_record,
    "hidden_text": steps.hidden_text,
    "holder": steps.holder,
    "holding": steps.holding,
    "in_memory": steps.in_memory,
    "indented": indented,
    "initialization": records.initialization,
    "initializer": records.initializer,
    "invocation": invocation,
    "keeping": steps.keeping,
    "last_statements": module.last_statements,
    "left_in_place": steps.left_in_place,
    "levels": generics.levels,
    "method_call": methods.method_call,
    "module_docstring": spelling.escape_docstring,
    "natures": generics.natures,
    "misfit": steps.misfit,
    "new_array": steps.new_array,
    "new_record_array": record_steps.new_record_array,
    "nothing_given": steps.nothing_given,
    "operations": methods.operations,
    "operator": steps.operator,
    "operator_parameters": methods.operator_parameters,
    "otherwise": steps.otherwise,
    "overloaded": generics.overloaded,
    "pointer_cell": steps.pointer_cell,
    "public_names": module.public_names,
    "python": spelling.python,
    "quote": spelling.quote,
    "raising": steps.raising,
    "record_array": record_steps.record_array,
    "record_left": record_steps.record_left,
    "refusal": steps.refusal,
    "refused": spelling.refused,
    "return_values": spelling.return_values,
    "routines": module.routines,
    "shortcuts": generics.shortcuts,
    "span": steps.span,
    "store": steps.store,
    "strange_record": record_steps.strange_record,
    "target": steps.target,
    "targets": spelling.targets,
    "triangle": steps.triangle,
    "truth": spelling.truth,
    "where": steps.where,
}
