"""The call of a Fortran procedure: what it passes, what it gives, and its binding."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from f2pypy import plan
from f2pypy.native.code import NotNative
from f2pypy.native.reading.callbacks import read_pointer
from f2pypy.native.reading.expressions import Expressions, unknown
from f2pypy.native.reading.names import MISSING
from f2pypy.native.reading.patterns import match_expression
from f2pypy.native.reading.texts import read_string

HELD_LENGTHS = {
    plan.LengthOf.PLACE: "HOLDER.length_place",
    plan.LengthOf.HOLDER: "HOLDER.length",
}


@dataclass(frozen=True)
class Called:
    """A call as it stands, and the variables that it sets."""

    routine: str
    arguments: Sequence[ast.expr]
    targets: tuple[str, ...]


def read_call(
    statements: Sequence[ast.stmt],
    reader: Expressions,
    bindings: dict[str, plan.Binding],
) -> Optional[tuple[plan.Step, int]]:
    """Return the call that the statements begin with, and how many of them it takes, and add its binding."""
    called = _called(statements[0], reader)
    if called is None:
        return None
    routine = reader.names.namespace[called.routine]
    binding = _binding(called.routine, routine, reader)
    bindings[called.routine] = binding
    has_result = binding.result is not None
    if len(called.targets) not in (0, has_result + len(binding.outputs)):
        raise NotNative("variables for what the procedure does not give")
    if binding.outputs and not called.targets:
        raise NotNative("outputs that no variables take")
    if len(called.arguments) != len(binding.kinds):
        raise NotNative("arguments that are not the procedure's")
    invoke = plan.Invoke(
        called.routine,
        _arguments(called.arguments, binding, reader),
        called.targets[has_result:],
        called.targets[0] if has_result and called.targets else None,
    )
    return invoke, 1


def _called(statement: ast.stmt, reader: Expressions) -> Called | None:
    """Return the call that a statement makes, None for anything else."""
    target, value = _parts(statement)
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return None
    if value.func.attr != "call" or value.keywords:
        return None
    routine = reader.names.value(value.func.value)
    is_bound = routine is not MISSING and hasattr(routine, "fortran_module")
    if not is_bound or not isinstance(value.func.value, ast.Name):
        return None
    targets = (
        target.elts if isinstance(target, ast.Tuple) else [target] if target else []
    )
    return Called(value.func.value.id, value.args, tuple(map(reader.local, targets)))


def _parts(statement: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the target and the value of an assignment to one name, or of an expression, which has no target."""
    if isinstance(statement, ast.Expr):
        return None, statement.value
    if isinstance(statement, ast.AnnAssign):
        return statement.target, statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return statement.targets[0], statement.value
    return None, None


def _binding(variable: str, routine: Any, reader: Expressions) -> plan.Binding:
    """Return what native code needs of a module's `Routine`."""

    def code(kind: Any) -> str:
        return reader.names.name_of(kind)

    return plan.Binding(
        variable,
        routine.name,
        None if routine.result is None else code(routine.result),
        tuple(kind if isinstance(kind, int) else code(kind) for kind in routine.kinds),
        tuple(routine.outputs),
        tuple(routine.left_out),
        bool(routine.threadsafe),
        bool(routine.exact),
        routine.fortran_module,
        tuple((place, code(kind)) for place, kind in routine.by_value.items()),
    )


def _arguments(
    nodes: Sequence[ast.expr], binding: plan.Binding, reader: Expressions
) -> tuple[plan.CallArgument, ...]:
    by_value = dict(binding.by_value)
    passed: list[plan.CallArgument] = []
    for place, (node, kind) in enumerate(zip(nodes, binding.kinds)):
        if isinstance(kind, int):
            passed.append(passed[kind])
        elif kind == "PASSED" and place in by_value:
            passed.append(plan.PassValue(reader.value(node), by_value[place]))
        elif kind == "PASSED":
            passed.append(_reference(node, reader))
        elif place in binding.left_out:
            passed.append(_left_out(node, kind, place, reader))
        else:
            passed.append(_number_or_array(node, kind, place, reader))
    return tuple(passed)


def _number_or_array(
    node: ast.expr, kind: str, place: int, reader: Expressions
) -> plan.PassScalar | plan.Address:
    """Return what the call gives Fortran the address of."""
    if kind == "ARRAY":
        return plan.Address(reader.local(node))
    return plan.PassScalar(f"a{place}", kind, reader.value(node))


def _left_out(
    node: ast.expr, kind: str, place: int, reader: Expressions
) -> plan.PassNull:
    """Return a number or an array that may be left out, for which None is given."""
    holes = match_expression("None if ABSENT else PRESENT", node, reader.names)
    if holes is None:
        raise unknown(node)
    actual = _number_or_array(holes["PRESENT"], kind, place, reader)
    return plan.PassNull(reader.local(holes["ABSENT"]), actual)


def _reference(node: ast.expr, reader: Expressions) -> plan.CallArgument:
    """Return what is passed as the foreign function takes it: an address, or a hidden length."""
    names = reader.names
    if isinstance(node, ast.IfExp):
        return _null(node, reader)
    holes = match_expression("HOLDER.pointer", node, names)
    if holes is not None and ast.unparse(holes["HOLDER"]) in reader.holders:
        return plan.PassDescriptor("", reader.local(holes["HOLDER"]))
    holes = match_expression("address(ARRAY)", node, names)
    if holes is not None:
        return plan.Address(reader.local(holes["ARRAY"]))
    holes = match_expression("offset(ARRAY, ELEMENTS)", node, names)
    if holes is not None:
        elements = reader.value(holes["ELEMENTS"])
        return plan.Address(reader.local(holes["ARRAY"]), elements)
    if match_expression("length(1)", node, names) is not None:
        return plan.PassLength("", plan.LengthOf.CHARACTER)
    for form, text in HELD_LENGTHS.items():
        holes = match_expression(text, node, names)
        if holes is not None and ast.unparse(holes["HOLDER"]) in reader.holders:
            return plan.PassLength(reader.local(holes["HOLDER"]), form)
    holes = match_expression("length(ARRAY.itemsize)", node, names)
    if holes is not None:
        array = reader.local(holes["ARRAY"])
        return plan.PassLength(array, plan.LengthOf.ELEMENT)
    for read in (read_string, read_pointer, _descriptor):
        found = read(node, reader)
        if found is not None:
            return found
    raise unknown(node)


def _null(node: ast.IfExp, reader: Expressions) -> plan.PassNull:
    """Return an address, or a hidden length, of what may be left out."""
    actual = _reference(node.orelse, reader)
    passed = plan.PassNull(reader.local(node.test), actual)
    if passed.is_length:
        is_nothing = match_expression("length(0)", node.body, reader.names) is not None
    else:
        is_nothing = reader.names.constant(node.body) == "NULL"
    if not is_nothing:
        raise unknown(node)
    return passed


def _descriptor(node: ast.expr, reader: Expressions) -> plan.PassDescriptor | None:
    """Return the descriptor that one of the module's describers makes, None for anything else."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if not hasattr(reader.names.value(node.func), "described"):
        return None
    assert isinstance(node.func, ast.Name)
    array, *ranks = node.args
    rank = 0
    for each in ranks:
        rank = _constant_integer(each)
    return plan.PassDescriptor(reader.local(array), describer=node.func.id, rank=rank)


def _constant_integer(node: ast.expr) -> int:
    if not isinstance(node, ast.Constant) or type(node.value) is not int:
        raise unknown(node)
    return node.value
