"""Which names of the runtime and of ``math`` a plan needs, so that the module imports or embeds those alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast, get_args

from f2pypy import plan
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Convert,
    Expression,
    Stored,
    Subscript,
)
from f2pypy.expressions.walk import walk
from f2pypy.printing.python import print_python
from f2pypy.printing.vectors import print_elementwise

EXPRESSIONS: tuple[type, ...] = get_args(Expression)
SHORT_CONVERTERS = frozenset({"vector", "matrix"})

# What printing each node takes, whatever it holds.
STEP_NAMES: dict[type, tuple[str, ...]] = {
    plan.Flag: ("flag",),
    plan.ArrayHidden: ("allocate",),
    plan.ArrayOptional: ("allocate",),
    plan.ArrayWriteBack: ("write_back",),
    plan.ScalarTake: ("taken",),
    plan.Check: ("refused",),
    plan.Address: ("address",),
    plan.Deferred: ("Deferred",),
    plan.PassText: ("characters",),
    plan.PassNothing: ("NULL",),
    plan.PassNull: ("NULL",),
    plan.ElementAssign: ("store",),
    plan.ElementsAssign: ("span",),
    plan.TriangleFill: ("fill_triangle",),
    plan.MakeWritable: ("writable",),
    plan.PassLength: ("length",),
    plan.StringInput: ("string",),
    plan.CallbackSignature: ("CallbackSignature",),
    plan.ExportedCallback: ("ExportedCallback",),
    plan.ExtraArguments: ("not_a_tuple",),
    plan.StringWriteBack: ("write_string",),
}
# What it takes besides, from what the node holds.
NAMES_HELD: dict[type, Callable[[Any], Iterable[str | None]]] = {
    plan.ScalarComputed: lambda step: helpers_of(step.default, step.facts),
    plan.Assign: lambda step: helpers_of(step.value, step.facts),
    plan.ElementsAssign: lambda step: print_elementwise(step.value).uses,
    plan.FillByIndex: lambda step: print_elementwise(step.value).uses,
    plan.ScalarInput: lambda step: (step.converter,),
    plan.ScalarInOut: lambda step: (step.converter,),
    plan.ArrayInput: lambda step: names_of_array(step),
    plan.ArrayHidden: lambda step: (step.dtype,),
    plan.Deferred: lambda step: (step.dtype,),
    plan.Binding: lambda binding: (
        binding.result,
        *(code for _, code in binding.slots),
    ),
    plan.CallbackSignature: lambda callback: (
        callback.result if isinstance(callback.result, str) else None,
        callback.converter,
    ),
    plan.CallbackScalar: lambda slot: (
        "CallbackScalar",
        slot.code,
        *slot.flags,
        slot.converter,
    ),
    plan.CallbackArray: lambda slot: ("CallbackArray", slot.dtype, *slot.flags),
    plan.CallbackView: lambda slot: ("CallbackView", slot.dtype, *slot.flags),
    plan.CallbackString: lambda slot: ("CallbackString", *slot.flags),
    plan.StringHidden: lambda step: (
        "allocate_string" if step.initial is None else "string",
    ),
    plan.PassValue: lambda argument: (
        argument.code,
        "passed" if argument.whole else None,
    ),
    plan.ScalarPlace: lambda step: (step.dtype,),
    plan.ScalarWriteBack: lambda step: (step.writer,),
    plan.Raise: lambda step: ("string_result",) if step.argument else (),
    plan.Address: lambda argument: ("offset",) if argument.offset is not None else (),
    plan.Returned: lambda value: (
        "unfold" if value.unfold else None,
        "string_result" if value.text else None,
    ),
}
# Operators that may need a function of the runtime.
HELPED_OPERATORS = frozenset({"idiv", "imod", "ipow", "**"})
# Steps whose value is printed for all elements at once.
ELEMENTWISE_STEPS: tuple[object, ...] = (plan.ElementsAssign, plan.FillByIndex)


def names_used(procedures: Iterable[plan.Procedure]) -> set[str]:
    """Return the names that the printed procedures use: the runtime's and ``math``."""
    found = {"Library"}
    for procedure in procedures:
        found.add("wrapper")
        if procedure.bindings:
            found |= {"Routine", "attach_pointers"}
        if procedure.renamed:
            found.add("renamed")
        for node in nodes_of(
            (
                procedure.steps,
                procedure.bindings,
                procedure.callbacks,
                procedure.exports,
            )
        ):
            found |= names_of(node)
    return found


def nodes_of(value: object) -> Iterator[object]:
    """Yield every plan node and every whole expression inside `value`."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes_of(item)
    elif isinstance(value, EXPRESSIONS):
        yield value
    elif is_dataclass(value):
        yield value
        for name in children_of(cast("Hashable", type(value))):
            yield from nodes_of(getattr(value, name))


@cache
def children_of(node_type: Any) -> tuple[str, ...]:
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


def helpers_of(expression: Expression, facts: tuple[Expression, ...]) -> frozenset[str]:
    """Return the names of ``math`` and the runtime that printing an expression takes."""
    for node in walk(expression):
        if isinstance(node, (Call, Convert, Stored, Subscript)) or (
            isinstance(node, Binary) and node.operator in HELPED_OPERATORS
        ):
            return print_python(expression, facts=facts).uses
    return frozenset()


def names_of_array(step: plan.ArrayInput) -> Iterable[str]:
    """Return the names that converting an array takes; the short converters know their intent."""
    flags = (*step.intent, *step.copying)
    return (
        step.converter,
        step.dtype,
        *(() if step.converter in SHORT_CONVERTERS else flags),
    )


def names_of(node: object) -> set[str]:
    """Return the names that printing one node takes."""
    if isinstance(node, EXPRESSIONS):
        return set(helpers_of(cast("Expression", node), ()))
    found = set(STEP_NAMES.get(type(node), ()))
    held = NAMES_HELD.get(type(node))
    if held is not None:
        found |= {name for name in held(node) if name}
    return found
