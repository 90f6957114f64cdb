"""What the function returns: Python objects made of the variables."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Kind, Name
from f2pypy.native.code import BYTE, LONG, NULL, OBJECT, Array, Code, NotNative, Scalar
from f2pypy.native.expressions import evaluate
from f2pypy.native.layouts import ITEMS, POINTER
from f2pypy.native.texts import bytes_of, text_named


def return_values(code: Code, step: plan.Return) -> None:
    """Write step Return: nothing, one value, or a tuple."""
    if len(step.values) == 1:
        _finish(code, _made(code, step.values[0], []))
        return
    made: list[Any] = []
    for value in step.values:
        made.append(_made(code, value, made))
    size = ir.Constant(LONG, len(made))
    pair = _require(code, code.call("PyTuple_New", size), made)
    for place, each in enumerate(made):
        code.builder.store(each, code.at(pair, ITEMS + POINTER * place, OBJECT))
    _finish(code, pair)


def return_none(code: Code) -> None:
    """Return None."""
    none = code.constant_object(None)
    code.keep(none)
    _finish(code, none)


def _finish(code: Code, result: Any) -> None:
    for owned in code.owned:
        code.call("Py_DecRef", owned)
    code.builder.ret(result)


def _made(code: Code, returned: plan.Returned, before: list[Any]) -> Any:
    """Return a new reference to one value; `before` is given up where there is no memory for it."""
    if returned.form is plan.ReturnedForm.STRING:
        return _require(code, _bytes(code, returned.value), before)
    if returned.form not in (plan.ReturnedForm.PLAIN, plan.ReturnedForm.ARRAY):
        raise NotNative("a string")
    if isinstance(returned.value, Name):
        variable = code.variables.get(returned.value.name)
        if isinstance(variable, Array):
            if variable.object in code.owned:
                code.owned.remove(variable.object)
            else:
                code.keep(variable.object)
            return variable.object
    return _require(code, _boxed(code, evaluate(code, returned.value)), before)


def _bytes(code: Code, value: Expression) -> Any:
    if not isinstance(value, Name):
        raise NotNative("a string that is computed")
    return bytes_of(code, text_named(code, value.name))


def _boxed(code: Code, value: Scalar) -> Any:
    if any(value is truth for truth in code.truths):
        raise NotNative("a logical as it was given")
    if value.kind is Kind.INTEGER:
        return code.call("PyLong_FromLongLong", value.value)
    if value.kind is Kind.REAL:
        return code.call("PyFloat_FromDouble", value.value)
    if value.kind is Kind.COMPLEX:
        return code.call("PyComplex_FromDoubles", value.value, value.imaginary)
    if value.kind is Kind.CHARACTER:
        room = code.stack(BYTE)
        code.builder.store(value.value, room)
        return code.call("PyBytes_FromStringAndSize", room, ir.Constant(LONG, 1))
    raise NotNative(f"a {value.kind.value} result")


def _require(code: Code, made: Any, before: list[Any]) -> Any:
    """Return NULL from the function where `made` is NULL; the exception is set."""
    failed = code.block("no_memory")
    code.go_on_if(code.is_given(made), failed)
    with code.branch(failed):
        for each in (*before, *code.owned):
            code.call("Py_DecRef", each)
        code.builder.ret(NULL)
    return made
