"""From a library to the module that will be printed."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import cast, get_args

from f2pypy import model, plan
from f2pypy.diagnostics import Diagnostics
from f2pypy.embedding import runtime_parts
from f2pypy.expressions.nodes import Binary, Call, Convert, Expression, Subscript
from f2pypy.expressions.python import print_python
from f2pypy.expressions.vectors import print_elementwise
from f2pypy.expressions.walk import walk
from f2pypy.lower.names import RESERVED_WORDS, Names, free_name
from f2pypy.lower.procedure import plan_procedure
from f2pypy.lower.wrapper import Unsupported, Wrapper
from f2pypy.options import Options

EXPRESSIONS: tuple[type, ...] = get_args(Expression)

# What a generated module needs of the runtime for each step; the names that depend on the step's data come from it.
STEP_NAMES: dict[type, tuple[str, ...]] = {
    plan.ArrayHidden: ("allocate",),
    plan.ArrayOptional: ("allocate",),
    plan.ArrayWriteBack: ("write_back",),
    plan.ScalarWriteBack: ("write_scalar",),
    plan.Check: ("check_failed",),
    plan.Address: ("address",),
    plan.PassText: ("characters",),
    plan.PassNothing: ("NULL",),
    plan.ElementAssign: ("store",),
    plan.ElementsAssign: ("span",),
    plan.TriangleFill: ("fill_triangle",),
    plan.MakeWritable: ("writable",),
    plan.PassLength: ("length",),
    plan.StringInput: ("string",),
    plan.CallbackSignature: ("CallbackSignature",),
    plan.ExtraArguments: ("not_a_tuple",),
    plan.StringWriteBack: ("write_string",),
}
# Operators that may need a function of the runtime.
HELPED_OPERATORS = frozenset({"idiv", "imod", "ipow", "**"})
# Steps whose value is printed for all elements at once.
ELEMENTWISE_STEPS: tuple[object, ...] = (plan.ElementsAssign,)
# Where the names in annotations come from.
ANNOTATION_MODULES = (
    ("collections.abc", ("Callable",)),
    ("typing", ("Any",)),
    ("numpy.typing", ("ArrayLike", "NDArray")),
)
# Imports of every generated module, beside what the runtime's parts need.
MODULE_NAMES = frozenset(
    {
        "annotations",
        "np",
        "Any",
        "ArrayLike",
        "NDArray",
        "Callable",
        "math",
        "error",
        "index",
    }
)


def plan_module(
    library: model.Library, options: Options, version: str, diagnostics: Diagnostics
) -> plan.Module:
    """Return the plan of the module; routines that can't be printed are reported and left out."""
    own = module_globals()
    planned: list[plan.Procedure] = []
    functions: set[str] = set()
    for procedure in library.procedures:
        taken = own | functions
        function = free_name(
            procedure.name, taken | RESERVED_WORDS | frozenset(dir(builtins))
        )
        wrapper = Wrapper(procedure, library.name, function, Names(own))
        try:
            planned.append(plan_procedure(wrapper))
        except Unsupported as problem:
            diagnostics.skip(procedure.span, f"{procedure.name} is left out: {problem}")
            continue
        functions.add(function)
    planned = describe_callbacks_once(planned)
    known = {name for part in runtime_parts().values() for name in part.defines}
    used = names_used(planned)
    return plan.Module(
        library.name,
        module_docstring(library, planned),
        version,
        library.path,
        options.runtime,
        tuple(sorted(used & known)),
        standard_imports(planned, used),
        plan.LibrarySearch(
            library.name,
            options.libraries,
            options.directories,
            options.library_path,
            options.symbol,
            options.int64,
            options.abi,
        ),
        (),
        tuple(planned),
        tuple((p.name, p.function) for p in planned if p.name != p.function),
        tuple(p.name for p in planned),
    )


def describe_callbacks_once(
    procedures: Iterable[plan.Procedure],
) -> list[plan.Procedure]:
    """Return the procedures so that a callback which several share is described before the first."""
    described: set[str] = set()
    found = []
    for procedure in procedures:
        new = tuple(c for c in procedure.callbacks if c.variable not in described)
        described |= {c.variable for c in new}
        found.append(replace(procedure, callbacks=new))
    return found


def module_globals() -> frozenset[str]:
    """Return every module-level name that generated modules may hold beside the user's."""
    names = set(MODULE_NAMES)
    for part in runtime_parts().values():
        names |= part.defines
        for item in part.imports:
            names |= {n.rpartition(" ")[2] for n in item.names} or {
                item.module.partition(".")[0]
            }
    return frozenset(names)


def module_docstring(library: model.Library, planned: Iterable[plan.Procedure]) -> str:
    """Return f2py's text about the module: its functions with their signatures."""
    lines = [
        f"This module '{library.name}' is auto-generated with f2pypy.",
        "Functions:",
    ]
    lines += [f"    {p.docstring.partition(chr(10))[0]}" for p in planned]
    return "\n".join((*lines, "."))


def names_used(procedures: Iterable[plan.Procedure]) -> set[str]:
    """Return the names that the printed procedures use: the runtime's and ``math``."""
    found = {"Library", "plain_docstrings"}
    for procedure in procedures:
        if procedure.bindings:
            found.add("Routine")
        if procedure.renamed:
            found.add("renamed")
        if procedure.name != procedure.function:
            found.add("export")
        for node in nodes_of(
            (procedure.steps, procedure.bindings, procedure.callbacks)
        ):
            found |= names_of(node)
    return found


def standard_imports(
    procedures: Iterable[plan.Procedure], used: set[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the imports of the printed functions themselves."""
    annotations = " ".join(
        text
        for p in procedures
        for text in (p.returns, *(a.annotation for a in p.parameters))
    )
    found: list[tuple[str, tuple[str, ...]]] = []
    if "math" in used:
        found.append(("math", ()))
    if "np." in annotations or "np" in used:
        found.append(("numpy as np", ()))
    for module, names in ANNOTATION_MODULES:
        mentioned = tuple(n for n in names if n in annotations)
        if mentioned:
            found.append((module, mentioned))
    return tuple(found)


def nodes_of(value: object) -> Iterator[object]:
    """Yield every plan node and every whole expression inside `value`."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes_of(item)
    elif isinstance(value, EXPRESSIONS):
        yield value
    elif is_dataclass(value):
        yield value
        for name in children_of(cast("type[plan.Step]", type(value))):
            yield from nodes_of(getattr(value, name))


@cache
def children_of(node_type: type[plan.Step]) -> tuple[str, ...]:
    """Return the fields of a plan node that may hold other nodes or printed expressions.

    Expressions that are printed under known facts are left to `names_of`, which sees both.
    """
    found = {f.name: f.type for f in fields(node_type)}
    if "facts" in found:
        found = {
            n: t for n, t in found.items() if n not in ("facts", "default", "value")
        }
    if node_type in ELEMENTWISE_STEPS:
        del found["value"]
    return tuple(
        n for n, t in found.items() if t not in ("str", "str | None", "bool", "int")
    )


def helpers_of_elements(value: Expression) -> frozenset[str]:
    """Return the names that printing operations on all elements at once takes."""
    return print_elementwise(value).uses


def helpers_of(expression: Expression, facts: tuple[Expression, ...]) -> frozenset[str]:
    """Return the names of ``math`` and the runtime that printing an expression takes."""
    for node in walk(expression):
        if isinstance(node, (Call, Convert, Subscript)) or (
            isinstance(node, Binary) and node.operator in HELPED_OPERATORS
        ):
            return print_python(expression, facts=facts).uses
    return frozenset()


def names_of(node: object) -> set[str]:
    """Return the runtime's names that printing one node takes."""
    found = set(STEP_NAMES.get(type(node), ()))
    match node:
        case expression if isinstance(expression, EXPRESSIONS):
            found |= helpers_of(cast("Expression", expression), ())
        case (
            plan.ScalarComputed(default=value, facts=facts)
            | plan.Assign(value=value, facts=facts)
        ):
            found |= helpers_of(value, facts)
        case plan.ElementsAssign(value=value):
            found |= helpers_of_elements(value)
        case plan.Flag():
            found.add("flag")
        case (
            plan.ScalarInput(converter=converter)
            | plan.ScalarInOut(converter=converter)
        ):
            found.add(converter)
        case plan.ArrayInput(converter="array"):
            found |= {"array", node.dtype, *node.intent, *node.copying}
        case plan.ArrayInput(converter=converter, dtype=dtype):
            found |= {converter, dtype}
        case plan.ArrayHidden(dtype=dtype):
            found.add(dtype)
        case plan.Binding(result=result, slots=slots):
            found |= {code for _, code in slots} | ({result} if result else set())
        case plan.CallbackSignature(result=str(result)):
            found.add(result)
        case plan.CallbackScalar(code=code, flags=flags):
            found |= {"CallbackScalar", code, *flags}
        case plan.CallbackArray(dtype=dtype, flags=flags):
            found |= {"CallbackArray", dtype, *flags}
        case plan.CallbackString(flags=flags):
            found |= {"CallbackString", *flags}
        case plan.StringHidden(initial=initial):
            found.add("allocate_string" if initial is None else "string")
        case plan.PassValue(code=code):
            found.add(code)
        case plan.Address(offset=offset) if offset is not None:
            found.add("offset")
        case plan.Returned(unfold=True):
            found.add("unfold")
        case plan.Returned(text=True):
            found.add("string_result")
        case _:
            pass
    return found
