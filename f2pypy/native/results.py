"""What the function returns: Python objects made of the variables."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from f2pypy import plan
from f2pypy.expressions.nodes import Expression, Kind, Name
from f2pypy.native.code import BYTE, LONG, OBJECT, Array, Code, NotNative, Scalar
from f2pypy.native.deferred import give_back, take
from f2pypy.native.expressions import evaluate, truth
from f2pypy.native.floats import new_float
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
    pair = code.require_object(code.call("PyTuple_New", size), made)
    for place, each in enumerate(made):
        code.builder.store(each, code.at(pair, ITEMS + POINTER * place, OBJECT))
    _finish(code, pair)


def return_none(code: Code) -> None:
    """Emit the return of None, after everything that the function owns is let go."""
    _finish(code, code.new_none())


def _finish(code: Code, result: Any) -> None:
    code.give_up_owned()
    code.builder.ret(result)


def _made(code: Code, returned: plan.Returned, before: list[Any]) -> Any:
    """Return a new reference to one value; `before` is given up where there is no memory for it."""
    if returned.absent:
        return _made_or_none(code, returned, before)
    if returned.form is plan.ReturnedForm.TAKEN:
        return take(code, returned.holder, before)
    if returned.form is plan.ReturnedForm.GIVEN_BACK:
        return give_back(code, returned.holder, _name_of(returned.value), before)
    if returned.form is plan.ReturnedForm.STRING:
        return code.require_object(_bytes(code, returned.value), before)
    if returned.form not in (plan.ReturnedForm.PLAIN, plan.ReturnedForm.ARRAY):
        raise NotNative("a string")
    if isinstance(returned.value, Name):
        variable = code.variables.get(returned.value.name)
        if isinstance(variable, Array):
            if variable.strides is not None:
                raise NotNative(f"{returned.value.name}, which may be none")
            if variable.object in code.owned:
                code.owned.remove(variable.object)
            else:
                code.keep(variable.object)
            return variable.object
    return code.require_object(_boxed(code, evaluate(code, returned.value)), before)


def _made_or_none(code: Code, returned: plan.Returned, before: list[Any]) -> Any:
    """Return a new reference to None where an argument is absent, else to the value."""

    def present() -> list[Any]:
        found = code.variables.get(_name_of(returned.value))
        if isinstance(found, Array) and found.strides is None:
            # the function gives up its own reference either way
            code.keep(found.object)
            return [found.object]
        if not isinstance(found, Scalar):
            raise NotNative(f"{_name_of(returned.value)}, which may be absent")
        return [code.require_object(_boxed(code, found), before)]

    test = truth(code, Name(returned.absent))
    return code.choose(test, lambda: [code.new_none()], present)[0]


def _name_of(value: Expression) -> str:
    if not isinstance(value, Name):
        raise NotNative("a result that is computed")
    return value.name


def _bytes(code: Code, value: Expression) -> Any:
    return bytes_of(code, text_named(code, _name_of(value)))


def _boxed(code: Code, value: Scalar) -> Any:
    if any(value is truth for truth in code.truths):
        raise NotNative("a logical as it was given")
    if value.kind is Kind.INTEGER:
        return code.call("PyLong_FromLongLong", value.value)
    if value.kind is Kind.REAL:
        return new_float(code, value.value)
    if value.kind is Kind.COMPLEX:
        return code.call("PyComplex_FromDoubles", value.value, value.imaginary)
    if value.kind is Kind.CHARACTER:
        room = code.stack(BYTE)
        code.builder.store(value.value, room)
        return code.call("PyBytes_FromStringAndSize", room, ir.Constant(LONG, 1))
    raise NotNative(f"a {value.kind.value} result")
