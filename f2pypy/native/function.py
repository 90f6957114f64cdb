"""From the plan of a procedure to the LLVM IR of one vectorcall function: one printer for each class of step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Kind
from f2pypy.native.arguments import read_arguments
from f2pypy.native.arrays import allocate, read_array, read_or_allocate
from f2pypy.native.callback_pool import Pool
from f2pypy.native.callback_steps import (
    check_raised,
    read_callback,
    require_no_extra,
)
from f2pypy.native.code import (
    LONG,
    OBJECT,
    OBJECTS,
    Code,
    NotNative,
    Scalar,
    begin,
)
from f2pypy.native.conventions import Conventions
from f2pypy.native.conversion import read_flag, read_or_default, read_scalar
from f2pypy.native.deferred import read_deferred, release_deferred
from f2pypy.native.elements import assign_elements, fill_triangle, make_writable
from f2pypy.native.entry import entry_of
from f2pypy.native.expressions import array_named, evaluate, truth
from f2pypy.native.invocation import Symbol, invoke
from f2pypy.native.machine import Written
from f2pypy.native.results import return_none, return_values
from f2pypy.native.text_arrays import (
    allocate_text,
    read_or_allocate_text,
    read_text_array,
)
from f2pypy.native.texts import blank_text, read_text

VECTORCALL = ir.FunctionType(OBJECT, [OBJECT, OBJECTS, LONG, OBJECT])


def write_function(
    procedure: plan.Procedure,
    symbols: Mapping[str, Symbol],
    pools: Mapping[str, Pool],
    conventions: Conventions,
    python: FunctionType,
) -> Written:
    """Return the function that does what the procedure's Python does.

    `symbols` has the Fortran routine of each binding, by its variable, `pools` the thunks of each signature of
    callbacks, likewise; `python` is the Python function, which is called where native code gives up. Raises NotNative
    for what native code doesn't do.
    """
    module = ir.Module(procedure.function)
    function = ir.Function(module, VECTORCALL, procedure.function)
    defaults = {each.name: each.default for each in procedure.parameters}
    with begin(function, defaults, conventions) as code:
        with code.branch(code.slow):
            given = [code.constant_object(python), *function.args[1:]]
            code.builder.ret(code.call_address(entry_of(python), VECTORCALL, given))
        read_arguments(code, procedure.parameters, function)
        routines = _Routines(procedure.bindings, symbols, pools)
        write_steps(code, procedure.steps, routines)
    return Written(str(module), procedure.function, tuple(code.kept))


@dataclass(frozen=True)
class _Routines:
    bindings: Sequence[plan.Binding]
    symbols: Mapping[str, Symbol]
    pools: Mapping[str, Pool]

    def invoke(self, code: Code, step: plan.Invoke) -> None:
        (binding,) = [b for b in self.bindings if b.variable == step.routine]
        invoke(code, step, binding, self.symbols[step.routine])


def write_steps(code: Code, steps: Sequence[plan.Step], routines: _Routines) -> None:
    """Write the steps, then the return."""
    for step in steps:
        if isinstance(step, plan.Return):
            return_values(code, step)
            return
        if isinstance(step, plan.Invoke):
            routines.invoke(code, step)
        elif isinstance(step, plan.CallbackInput):
            read_callback(code, step, routines.pools)
        else:
            _write_step(code, step)
    return_none(code)


def _write_step(code: Code, step: Any) -> None:
    printer = PRINTERS.get(type(step))
    if printer is None:
        raise NotNative(f"the step {type(step).__name__}")
    printer(code, step)


def _assign(code: Code, step: plan.Assign) -> None:
    code.variables[step.target] = evaluate(code, step.value)


def _unpack(code: Code, step: plan.Unpack) -> None:
    extents = array_named(code, step.array).extents
    if len(extents) != len(step.targets):
        raise NotNative(f"as many extents as {step.array} does not have")
    for target, extent in zip(step.targets, extents):
        code.variables[target] = Scalar(Kind.INTEGER, extent)


def _check(code: Code, step: plan.Check) -> None:
    code.require(truth(code, step.condition))


def _choose(code: Code, step: plan.Choose) -> None:
    """Write step Choose, of steps that set no variable."""

    def write(steps: Sequence[plan.Step]) -> Sequence[Any]:
        for each in steps:
            _write_step(code, each)
        return ()

    arms = (step.then, step.otherwise)
    code.choose(truth(code, step.test), *(partial(write, arm) for arm in arms))


def _read_or_compute(code: Code, step: plan.ScalarComputed) -> None:
    read_or_default(code, step)
    for check in step.checks:  # which hold for the default, too
        _check(code, check)


def _read_array(code: Code, step: plan.ArrayInput) -> None:
    (read_array if step.length is None else read_text_array)(code, step)


def _read_or_allocate(code: Code, step: plan.ArrayOptional) -> None:
    is_text = step.input.length is not None
    (read_or_allocate_text if is_text else read_or_allocate)(code, step)


def _allocate(code: Code, step: plan.ArrayHidden) -> None:
    (allocate if step.length is None else allocate_text)(code, step)


def _write_back(code: Code, step: plan.ArrayWriteBack) -> None:
    """Write nothing: arrays that native code takes stand in for no others."""
    array_named(code, step.name)


PRINTERS: Mapping[type, Callable[[Code, Any], None]] = {
    plan.ApplyToArrays: lambda *_: None,
    plan.ScalarInput: read_scalar,
    plan.ScalarDefault: read_or_default,
    plan.ScalarComputed: _read_or_compute,
    plan.Flag: read_flag,
    plan.Declare: lambda *_: None,
    plan.Assign: _assign,
    plan.Unpack: _unpack,
    plan.ArrayInput: _read_array,
    plan.ArrayOptional: _read_or_allocate,
    plan.ArrayHidden: _allocate,
    plan.ArrayWriteBack: _write_back,
    plan.Deferred: read_deferred,
    plan.DeferredAfter: release_deferred,
    plan.StringInput: read_text,
    plan.StringHidden: blank_text,
    plan.ExtraArguments: require_no_extra,
    plan.CallbackRaise: check_raised,
    plan.Check: _check,
    plan.MakeWritable: make_writable,
    plan.AssignElements: assign_elements,
    plan.FillTriangle: fill_triangle,
    plan.Choose: _choose,
}
