"""The call of a Fortran procedure: the frame, the call itself, what is read back, and its binding."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from f2pypy import plan
from f2pypy.expressions.nodes import Complex, Expression, Member
from f2pypy.native.code import NotNative
from f2pypy.native.reading.callbacks import read_pointer
from f2pypy.native.reading.expressions import Expressions, unknown
from f2pypy.native.reading.names import MISSING
from f2pypy.native.reading.patterns import Pattern, match_expression
from f2pypy.native.reading.texts import read_string

# What is around a call; ROUTINE and FRAME are the same everywhere.
RESULTS = Pattern("OUTPUTS = FRAME.results()")
RELEASE = Pattern("ROUTINE.release(FRAME)")
HELD_LENGTHS = {
    plan.LengthOf.PLACE: "HOLDER.length_place",
    plan.LengthOf.HOLDER: "HOLDER.length",
}


@dataclass(frozen=True)
class Called:
    """A call as it stands: the local of the frame, "" without one, and the variables that it sets."""

    routine: str
    frame: str
    values: Sequence[ast.expr]
    arguments: Sequence[ast.expr]
    outputs: tuple[str, ...]
    result: str | None


def read_call(
    statements: Sequence[ast.stmt],
    reader: Expressions,
    bindings: dict[str, plan.Binding],
) -> Optional[tuple[plan.Step, int]]:
    """Return the call that the statements begin with, and how many of them it takes, and add its binding."""
    begun = _Statements(statements, reader)
    called = begun.read()
    if called is None:
        return None
    routine = reader.names.namespace[called.routine]
    binding = _binding(called.routine, routine, reader)
    bindings[called.routine] = binding
    if len(called.outputs) != len(binding.outputs):
        raise NotNative("outputs that are not the procedure's")
    if called.result is not None and binding.result is None:
        raise NotNative("the result of a subroutine")
    invoke = plan.Invoke(
        called.routine,
        _slots(called, routine, binding, reader),
        tuple(_arguments(called, binding, reader)),
        called.outputs,
        called.result,
        called.frame,
    )
    return invoke, begun.place


@dataclass
class _Statements:
    """Statements of which the first ones, to `place`, were read."""

    statements: Sequence[ast.stmt]
    reader: Expressions
    place: int = 0

    def read(self) -> Called | None:
        """Return the call, None where the statements begin with something else."""
        routine, frame, values = self._frame()
        if self.place == len(self.statements):
            return None
        target, value = _parts(self.statements[self.place])
        name, arguments = self._method(value, "call")
        if not name or routine not in ("", name):
            return None
        self.place += 1
        outputs = self._outputs(frame)
        self._release(name, frame)
        result = None if target is None else self.reader.local(target)
        return Called(name, frame, values, arguments, outputs, result)

    def _frame(self) -> tuple[str, str, Sequence[ast.expr]]:
        target, value = _parts(self.statements[0])
        routine, values = self._method(value, "frame")
        if not routine or target is None:
            return "", "", ()
        self.place += 1
        return routine, self.reader.local(target), values

    def _method(
        self, node: ast.expr | None, method: str
    ) -> tuple[str, Sequence[ast.expr]]:
        """Return the routine whose method is called and what with; "" where it is no such call."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return "", ()
        if node.func.attr != method or node.keywords:
            return "", ()
        routine = self.reader.names.value(node.func.value)
        is_bound = routine is not MISSING and hasattr(routine, "fortran_module")
        if not is_bound or not isinstance(node.func.value, ast.Name):
            return "", ()
        return node.func.value.id, node.args

    def _outputs(self, frame: str) -> tuple[str, ...]:
        rest = self.statements[self.place :]
        holes = RESULTS.match(rest, self.reader.names)
        if holes is None or not frame or self.reader.local(holes["FRAME"]) != frame:
            return ()
        self.place += len(RESULTS)
        targets = holes["OUTPUTS"]
        if not isinstance(targets, ast.Tuple):
            raise NotNative("outputs in one variable")
        return tuple(map(self.reader.local, targets.elts))

    def _release(self, routine: str, frame: str) -> None:
        if not frame:
            return
        rest = self.statements[self.place :]
        holes = RELEASE.match(rest, self.reader.names)
        released = "" if holes is None else ast.unparse(holes["FRAME"])
        if (
            holes is None
            or released != frame
            or ast.unparse(holes["ROUTINE"]) != routine
        ):
            raise NotNative("a frame that is not released after the call")
        self.place += len(RELEASE)


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
        tuple((name, code(kind)) for name, kind in routine.scalars.items()),
        tuple(routine.outputs),
        bool(routine.threadsafe),
        bool(routine.exact),
        routine.fortran_module,
        tuple((place, code(kind)) for place, kind in routine.by_value.items()),
    )


def _slots(
    called: Called, routine: Any, binding: plan.Binding, reader: Expressions
) -> tuple[plan.Slot, ...]:
    """Return the frame's scalars with their values; a complex number is given by its two parts."""
    values = list(called.values)
    widths = [2 if kind.is_complex else 1 for kind in routine.scalars.values()]
    if sum(widths) != len(values) or bool(values) != bool(called.frame):
        raise NotNative("scalars that are not the procedure's")
    slots = []
    for (name, code), width in zip(binding.slots, widths):
        parts = [reader.value(values.pop(0)) for _ in range(width)]
        value = parts[0] if width == 1 else _whole(*parts)
        slots.append(plan.Slot(name, code, value, width == 2))
    return tuple(slots)


def _whole(real: Expression, imaginary: Expression) -> Expression:
    """Return the complex number of two parts."""
    if (
        isinstance(real, Member)
        and isinstance(imaginary, Member)
        and (real.name, imaginary.name) == ("r", "i")
        and real.base == imaginary.base
    ):
        return real.base
    return Complex(real, imaginary)


def _arguments(
    called: Called, binding: plan.Binding, reader: Expressions
) -> Iterator[plan.CallArgument]:
    by_value = dict(binding.by_value)
    for place, node in enumerate(called.arguments):
        if place in by_value:
            yield plan.PassValue(reader.value(node), by_value[place])
        else:
            yield _reference(node, called.frame, dict(binding.slots), reader)


def _reference(
    node: ast.expr, frame: str, slots: Container[str], reader: Expressions
) -> plan.CallArgument:
    """Return what is passed by reference: a scalar of the frame, or an array; or the length of a character."""
    names = reader.names
    if isinstance(node, ast.IfExp):
        return _left_out(node, frame, slots, reader)
    holes = match_expression("HOLDER.pointer", node, names)
    if holes is not None and ast.unparse(holes["HOLDER"]) in reader.holders:
        return plan.PassDescriptor("", reader.local(holes["HOLDER"]))
    if (
        isinstance(node, ast.Attribute)
        and node.attr in slots
        and (ast.unparse(node.value) == frame)
    ):
        return plan.FrameReference(node.attr)
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


def _left_out(
    node: ast.IfExp, frame: str, slots: Container[str], reader: Expressions
) -> plan.PassNull:
    """Return an argument, or its hidden length, that may be left out."""
    actual = _reference(node.orelse, frame, slots, reader)
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
