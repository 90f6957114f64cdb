"""How the methods of classes for derived types look as Python."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.printing.spelling import call, identifier, quote


def method_call(method: plan.Method) -> str:
    """Return the statement that calls the function of a method."""
    called = call(identifier(method.function), *map(identifier, method.arguments))
    return called if method.returns == "None" else f"return {called}"


def decorators(method: plan.Method) -> list[str]:
    """Return the decorators of a method: for one that gets no object, and for parameters that have other names."""
    found = ["@staticmethod"] if method.is_static else []
    names = {identifier(python): quote(name) for python, name in method.renamed}
    return [*found, f"@{call('method_renamed', **names)}"] if names else found


def operations(method: plan.OperatorMethod) -> str:
    """Return the statements that call the functions of an operator."""
    calls = [operands(each, method) for each in method.operations]
    if method.unary or method.named:
        return f"return {call(*calls[0])}"
    function = "compared" if method.comparison else "operated"
    first, *rest = (call(function, *each) for each in calls)
    if not rest:
        return f"return {first}"
    answer = f"{rest[0]} if answer is NotImplemented else answer"
    return f"answer = {first}\nreturn {answer}"


def operands(operation: plan.Operation, method: plan.OperatorMethod) -> list[str]:
    """Return a function and its operands in their order."""
    function = identifier(operation.function)
    if method.unary:
        return [function, "self"]
    return [
        function,
        *(("other", "self") if operation.reflected else ("self", "other")),
    ]


def operator_parameters(method: plan.OperatorMethod) -> str:
    """Return the parameters: Python compares anything with an object."""
    if method.unary:
        return "self"
    return f"self, other: {'object' if method.comparison else 'Any'}"


def assignments(method: plan.AssignMethod) -> str:
    """Return the statements of ``assign``: procedures that change the object come before those that make one."""
    if not method.making:
        return call(identifier(method.changing), "self", "value")
    record, made = identifier(method.record), call(identifier(method.making), "value")
    taken = f"{record}._at(self._address, self)._assign({made})"
    if not method.changing:
        return taken
    tried = call("operated", identifier(method.changing), "self", "value")
    return f"if {tried} is NotImplemented:\n    {taken}"
